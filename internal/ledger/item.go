package ledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// item is an envelope on its way through a batch.
type item struct {
	ctx      context.Context //nolint:containedctx // it is the caller's, looked at until the transaction starts
	env      *Envelope
	key      store.AppendKey
	delivery store.Delivery
	facts    [][]byte // packed facts of each event
	attempt  int      // grows when unique values clashed
	alone    func()   // in place of all that: what the writer does between two batches

	result Result
	err    error
	done   chan struct{}
}

// prepare does what needs no transaction, in the caller's goroutine.
func prepare(ctx context.Context, e *Envelope) (*item, error) {
	it := &item{ctx: ctx, env: e, done: make(chan struct{})}
	e.ReceivedAt = e.ReceivedAt.UTC().Truncate(store.Tick)
	it.key = store.AppendKey{Workspace: e.Workspace}
	for i := range e.Events {
		ev := &e.Events[i]
		if i == 0 {
			it.key.Provider, it.key.ProviderCallID = ev.Provider, ev.ProviderCallID
			it.key.Call = ringside.NewCallID(e.Workspace, ev.Provider, ev.ProviderCallID)
		} else if ev.Provider != it.key.Provider || ev.ProviderCallID != it.key.ProviderCallID {
			return nil, fmt.Errorf("append: events about two calls, %q and %q", it.key.ProviderCallID, ev.ProviderCallID)
		}
	}
	if it.key.Dedupe = e.stamped; it.key.Dedupe == nil {
		it.key.Dedupe = dedupe(e, it.key.Call)
	}
	if e.Body == nil {
		it.key.Dedupe = []byte{} // the same finding again is no duplicate: it replaces
	}
	d := &it.delivery
	*d = store.Delivery{
		ID: cmp.Or(e.ID, ringside.NewID("dlv", e.ReceivedAt)), Workspace: e.Workspace, Call: it.key.Call, Provider: e.Provider,
		SourceID: e.SourceID, Dedupe: it.key.Dedupe, ReceivedAt: e.ReceivedAt, Event: e.Event,
		State: e.State, Reason: e.Reason, Pointer: e.Pointer, Context: e.Context, Size: len(e.Body),
	}
	if len(e.Events) > 0 {
		d.State = store.Stored
	}
	if e.Body != nil {
		d.Packed = store.Pack(e.Body)
	}
	for i := range e.Events {
		ev := &e.Events[i]
		ev.ID = eventID(d.ID, i, len(e.Events))
		ev.ReceivedAt = ev.ReceivedAt.UTC().Truncate(store.Tick)
		if e.Body == nil {
			ev.ID = it.key.Call.String() + "/" + ev.Name
		}
		packed, err := store.PackJSON(&ev.Facts)
		if err != nil {
			return nil, fmt.Errorf("append: %w", err)
		}
		it.facts = append(it.facts, packed)
	}
	return it, nil
}

// eventID names an event by its delivery and its place there. The names of one
// delivery's events sort as they stand.
func eventID(delivery string, i, of int) string {
	return fmt.Sprintf("%s/%0*d", delivery, len(strconv.Itoa(of-1)), i)
}

// dedupe is what two deliveries of the same thing have in common: provider,
// call and body. The context counts: the same payload sent for another agent
// says something new.
func dedupe(e *Envelope, call ringside.CallID) []byte {
	h := sha256.New()
	h.Write([]byte(e.Workspace))
	h.Write([]byte{0})
	h.Write([]byte(e.Provider))
	h.Write([]byte{0})
	h.Write(call[:])
	h.Write([]byte(e.Context.LinkedAgent))
	h.Write([]byte{0})
	if e.Identity != nil {
		h.Write(e.Identity)
	} else {
		h.Write(e.Body)
	}
	return h.Sum(nil)[:16]
}

func (it *item) fail(err error) {
	it.err = err
	close(it.done)
}
