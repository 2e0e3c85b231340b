package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// Replayed is what became of a delivery that was decoded again.
type Replayed struct {
	Action  string // the ledger's
	CallID  ringside.CallID
	Reason  string
	Pointer string
}

// ReplaySummary counts what a replay did.
type ReplaySummary struct {
	Seen, Folded, Ignored, Failed int
}

// ReplayOne decodes one kept delivery again and folds what it says.
func (d *Door) ReplayOne(ctx context.Context, workspace, id string) (Replayed, error) {
	var row store.ReplayRow
	err := d.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		row.Workspace = workspace
		row.DeliveryItem, row.Body, err = store.DeliveryBody(ctx, tx, workspace, id)
		return err
	})
	if err != nil {
		return Replayed{}, err
	}
	return d.replay(ctx, row)
}

// Replay decodes the deliveries that a query means again, in the order in
// which they came. progress is called after each; nil for nobody.
func (d *Door) Replay(ctx context.Context, q store.ReplayQuery, progress func(ReplaySummary)) (ReplaySummary, error) {
	var sum ReplaySummary
	after := int64(0)
	for {
		var rows []store.ReplayRow
		err := d.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			var last int64
			rows, last, err = store.Replayable(ctx, tx, q, after, 100)
			after = max(after, last)
			return err
		})
		if err != nil || len(rows) == 0 {
			return sum, err
		}
		for _, row := range rows {
			r, err := d.replay(ctx, row)
			if e, ok := errors.AsType[*ringside.Error](err); ok && e.Kind == ringside.Conflict {
				r, err = Replayed{Action: string(ledger.Quarantined), Reason: e.Message}, nil // this one can't be; others may
			}
			if err != nil {
				return sum, fmt.Errorf("replay delivery %s: %w", row.ID, err)
			}
			sum.count(r)
			if progress != nil {
				progress(sum)
			}
		}
	}
}

func (s *ReplaySummary) count(r Replayed) {
	s.Seen++
	switch ledger.Action(r.Action) {
	case ledger.Quarantined:
		s.Failed++
	case ledger.Ignored:
		s.Ignored++
	default:
		s.Folded++
	}
}

// replay decodes a row and hands it to the ledger under its own id and its
// first time of receipt.
func (d *Door) replay(ctx context.Context, row store.ReplayRow) (Replayed, error) {
	p, ok := d.cfg.Providers[row.Provider]
	if !ok {
		return Replayed{}, ringside.Errorf(ringside.Conflict, "no adapter for the provider %q is part of this program", row.Provider)
	}
	in := delivery{workspace: row.Workspace, provider: p, body: row.Body, received: row.ReceivedAt, context: row.Context}
	events, err := d.decode(&in)
	if err != nil {
		out := Replayed{Action: string(ledger.Quarantined), Reason: err.Error()}
		state := store.Quarantined
		if reason, ok := provider.IsIgnored(err); ok {
			out, state = Replayed{Action: string(ledger.Ignored), Reason: reason}, store.Ignored
		} else if e, ok := errors.AsType[*ringside.Error](err); ok {
			out.Reason, out.Pointer = e.Message, e.Field
		}
		if row.State == store.Stored { // a decoder that reads less than it did changes nothing
			return out, nil
		}
		err := d.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			return store.SettleDelivery(ctx, tx, row.ID, state, out.Reason, out.Pointer, ringside.CallID{})
		})
		return out, err
	}
	r, err := d.cfg.Ledger.Refold(ctx, row.Workspace, row.ID, events)
	return Replayed{Action: string(r.Action), CallID: r.CallID}, err
}
