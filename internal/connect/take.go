package connect

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// takenAtOnce is how many calls are handed on side by side, so that they share
// a transaction, and how many are read before.
const takenAtOnce = 20

// reading is a source that is read, with the vendor's way of doing it.
type reading struct {
	c      *Connector
	source *store.Source
	on     provider.Line
	pull   *provider.Pull
	now    time.Time
}

// words say what went wrong at a vendor. What is not found there is a list, and
// not a call that is on.
func words(e *provider.ControlError) string {
	if e.Kind == ringside.NotFound {
		plain := *e
		plain.Kind = ringside.Invalid
		return plain.Error()
	}
	return e.Error()
}

// calls lists a page of the vendor's calls. A vendor that sends back to where
// the page began would be asked without end.
func (r *reading) calls(ctx context.Context, span provider.Span) (provider.CallPage, error) {
	page, err := r.pull.Calls(ctx, r.on, span)
	if err == nil && page.Next != "" && page.Next == span.Cursor {
		err = provider.Unset(r.c.cfg.Providers[r.source.Provider].Name, "its list of calls goes round in a circle: the page behind this one is this one again")
	}
	return page, err
}

// held tells what is here of some calls.
func (r *reading) held(ctx context.Context, calls []provider.Listed) (held map[ringside.CallID]store.Held, err error) {
	ids := make([]ringside.CallID, len(calls))
	for i := range calls {
		ids[i] = r.id(&calls[i])
	}
	err = r.c.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		held, err = store.HeldOf(ctx, tx, ids)
		return err
	})
	return held, err
}

func (r *reading) id(l *provider.Listed) ringside.CallID {
	return ringside.NewCallID(r.source.Workspace, r.source.Provider, l.ID)
}

// bring reads calls and hands them on, and gives how many there were: one that
// the vendor does not show any more is passed over. What was read before an
// error is handed on all the same.
func (r *reading) bring(ctx context.Context, calls []provider.Listed, imported func(*provider.Listed) bool) (int, error) {
	brought := 0
	for some := range slices.Chunk(calls, takenAtOnce) {
		var unread error
		taken := make(chan error, len(some))
		n := 0
		for i := range some {
			body, err := r.read(ctx, &some[i])
			if err != nil {
				unread = err
				break
			}
			if body != nil {
				n++
				go func() { taken <- r.take(ctx, body, imported(&some[i])) }()
			}
		}
		errs := []error{}
		for range n {
			err := <-taken
			if err == nil {
				brought++
			}
			errs = append(errs, err)
		}
		if err := errors.Join(append(errs, unread)...); err != nil {
			return brought, err
		}
	}
	return brought, nil
}

// read gives a listed call whole; nil when the vendor does not show it any more.
func (r *reading) read(ctx context.Context, l *provider.Listed) ([]byte, error) {
	if l.Body != nil {
		return l.Body, nil
	}
	if err := r.c.pace(ctx, r.pull); err != nil {
		return nil, err
	}
	body, err := r.pull.Call(ctx, r.on, l.ID)
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, nil
	}
	return body, err
}

func (r *reading) take(ctx context.Context, body []byte, imported bool) error {
	result, err := r.c.cfg.Take(ctx, Delivery{
		Workspace: r.source.Workspace, Source: r.source.ID, Provider: r.source.Provider, Body: body, ReceivedAt: time.Now().UTC(), Imported: imported,
	})
	if kind := ringside.KindOf(err); kind == ringside.Invalid || kind == ringside.TooLarge {
		return nil // no JSON, or too much of it: reading it again changes nothing
	}
	if err == nil && result.Action == ledger.Quarantined {
		r.c.cfg.Log.Info("a call that was read at its vendor can't be decoded", "source_id", r.source.ID, "delivery_id", result.DeliveryID)
	}
	return err
}
