package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// Refold replaces what a kept delivery once said with what it is decoded to
// now, and folds its call again from all its events. The events keep the time
// of receipt that they carry. A deleted call stays deleted.
func (l *Ledger) Refold(ctx context.Context, workspace, deliveryID string, events []ringside.Event) (Result, error) {
	if store.InWrite(ctx) {
		panic("ledger: Refold inside of a write transaction would wait for itself")
	}
	first := &events[0]
	k := store.AppendKey{
		Workspace: workspace, Provider: first.Provider, ProviderCallID: first.ProviderCallID,
		Call: ringside.NewCallID(workspace, first.Provider, first.ProviderCallID), Dedupe: []byte{},
	}
	for i := range events {
		events[i].ID = eventID(deliveryID, i, len(events))
		if events[i].ProviderCallID != k.ProviderCallID || events[i].Provider != k.Provider {
			return Result{}, ringside.Errorf(ringside.Conflict, "the delivery tells of several calls; it can't be folded again by itself")
		}
	}
	e := Envelope{Workspace: workspace, Events: events}
	if err := l.redact(ctx, &e); err != nil {
		return Result{}, err
	}
	events = e.Events
	it := &item{ctx: ctx, key: k, done: make(chan struct{})}
	it.alone = func() { it.result, it.err = l.refold(ctx, k, deliveryID, events) }
	return l.await(ctx, it)
}

// refold is done by the call's writer, so that its commits are told in their
// order.
func (l *Ledger) refold(ctx context.Context, k store.AppendKey, deliveryID string, events []ringside.Event) (result Result, err error) {
	err = l.anew(ctx, func(ctx context.Context, tx store.Tx, b *run, attempt int) (err error) {
		result, err = b.refold(ctx, tx, k, deliveryID, events, attempt)
		return err
	})
	if err == nil {
		l.tell(&result)
	}
	return result, err
}

// anew writes a call anew in a transaction of its own, again with other unique
// values while those clash.
func (l *Ledger) anew(ctx context.Context, write func(context.Context, store.Tx, *run, int) error) error {
	b := &run{ledger: l}
	version := l.agents.version()
	for attempt := 0; ; attempt++ {
		err := l.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			b.found = map[agentKey]agentRef{}
			return write(ctx, tx, b, attempt)
		})
		if err == nil {
			break
		}
		if !store.Conflict(err) && !store.Contended(err) || attempt >= maxAttempts {
			return err
		}
	}
	l.agents.learn(b.found, version)
	return nil
}

// tell tells of a call that was written anew, where there is one.
func (l *Ledger) tell(r *Result) {
	if l.cfg.Committed != nil && r.Call != nil {
		l.cfg.Committed([]Commit{{Call: r.Call, AgentID: r.AgentID}})
	}
}

func (b *run) refold(ctx context.Context, tx store.Tx, k store.AppendKey, deliveryID string, events []ringside.Event, attempt int) (Result, error) {
	priors, err := store.LoadPriors(ctx, tx, []store.AppendKey{k})
	if err != nil {
		return Result{}, err
	}
	b.ledger.open.forget(k.Call) // in the transaction: whoever holds the call next finds it gone
	prior := priors[0]
	result := Result{Action: Duplicate, DeliveryID: deliveryID, CallID: k.Call}
	if prior.Deleted && prior.Call == nil {
		result.Action = Ignored
		if prior.Erased {
			return result, store.EmptyDelivery(ctx, tx, deliveryID, erasedReason)
		}
		return result, store.SettleDelivery(ctx, tx, deliveryID, store.Ignored, "its call was deleted", "", ringside.CallID{})
	}
	c := ringside.NewCall(k.Workspace, k.Provider, k.ProviderCallID)
	c.ShortID = shortID(c.ID, prior.Clash)
	w := newWorking(&prior)
	was := w.seq
	w.seq = store.NewSeq(time.Now()) // whoever holds the call sees that it is another
	ch := store.Change{Was: prior.Ord}
	wasOn := false
	result.Action = Created
	if prior.Call != nil {
		result.Action, c.ShortID, ch.Before = Updated, prior.Call.ShortID, store.Entries(prior.Call)
		wasOn = prior.Call.Status == ringside.StatusActive
	}
	if err := b.foldAgain(ctx, tx, c, deliveryID, events); err != nil {
		return Result{}, err
	}
	ch.Whole = !c.Ended()
	stmts := []store.Stmt{
		store.AddProvider(k.Workspace, k.Provider),
		// A slash comes before a 0: these are the ids that begin with the delivery's.
		{SQL: `DELETE FROM events WHERE id > $1 AND id < $2`, Args: []any{deliveryID + "/", deliveryID + "0"}},
		{SQL: `UPDATE events SET call_seq = $1 WHERE call_seq = $2`, Args: []any{w.seq, was}},
		{SQL: `DELETE FROM call_states WHERE seq = $1`, Args: []any{was}},
	}
	for i := range events {
		facts, err := store.PackJSON(&events[i].Facts)
		if err != nil {
			return Result{}, err
		}
		stmts = append(stmts, store.InsertEvent(k.Workspace, w.seq, &events[i], facts))
	}
	rows, err := b.rows(ctx, tx, c, w, attempt, &ch)
	if err != nil {
		return Result{}, err
	}
	for _, s := range append(stmts, rows...) {
		if _, err := tx.Exec(ctx, s.SQL, s.Args...); err != nil {
			return Result{}, fmt.Errorf("write call %s: %w", k.Call, err)
		}
	}
	if err := store.SettleDelivery(ctx, tx, deliveryID, store.Stored, "", "", k.Call); err != nil {
		return Result{}, err
	}
	result.ShortID, result.AgentID, result.Call = c.ShortID, ch.AgentID, c
	var work []river.JobArgs
	ref := []jobs.CallRef{{WorkspaceID: k.Workspace, CallID: k.Call}}
	switch {
	case c.Ended():
		work = jobs.Analyse(ref)
	case !wasOn && c.Status == ringside.StatusActive:
		work = jobs.Start(ref)
	}
	return result, b.ledger.cfg.Jobs.Enqueue(ctx, tx, work)
}

// replace writes the events that were changed, and the call that all of them
// make.
func (b *run) replace(ctx context.Context, tx store.Tx, prior *store.Prior, events []ringside.Event, changed map[int][]byte, attempt int) (Result, error) {
	was := prior.Call
	b.ledger.open.forget(was.ID) // in the transaction: whoever holds the call next finds it gone
	c := ringside.NewCall(was.WorkspaceID, was.Provider, was.ProviderCallID)
	c.ShortID = was.ShortID
	c.Apply(events...)
	w := newWorking(prior)
	old := w.seq
	w.seq = store.NewSeq(time.Now())
	stmts := []store.Stmt{
		{SQL: `UPDATE events SET call_seq = $1 WHERE call_seq = $2`, Args: []any{w.seq, old}},
		{SQL: `DELETE FROM call_states WHERE seq = $1`, Args: []any{old}},
	}
	for i, facts := range changed {
		stmts = append(stmts, store.InsertEvent(c.WorkspaceID, w.seq, &events[i], facts))
	}
	rows, err := b.rows(ctx, tx, c, w, attempt, &store.Change{Was: prior.Ord, Before: store.Entries(was), Whole: !c.Ended()})
	if err != nil {
		return Result{}, err
	}
	for _, s := range append(stmts, rows...) {
		if _, err := tx.Exec(ctx, s.SQL, s.Args...); err != nil {
			return Result{}, fmt.Errorf("write call %s: %w", c.ID, err)
		}
	}
	return Result{Action: Updated, CallID: c.ID, ShortID: c.ShortID, AgentID: w.agentID, Call: c}, nil
}

// foldAgain applies every stored event of a call but those of one delivery,
// and then that delivery's as they are now.
func (b *run) foldAgain(ctx context.Context, tx store.Tx, c *ringside.Call, deliveryID string, events []ringside.Event) error {
	all, err := storedEvents(ctx, tx, c)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(e ringside.Event) bool { return strings.HasPrefix(e.ID, deliveryID+"/") })
	c.Apply(append(all, events...)...)
	return nil
}

// storedEvents are all events of a call.
func storedEvents(ctx context.Context, tx store.Tx, c *ringside.Call) ([]ringside.Event, error) {
	rows, err := store.CallEvents(ctx, tx, c.WorkspaceID, c.ID)
	if err != nil {
		return nil, err
	}
	all := make([]ringside.Event, 0, len(rows))
	for _, row := range rows {
		e := ringside.Event{
			ID: row.ID, Provider: c.Provider, ProviderCallID: c.ProviderCallID, Name: row.Name,
			Authority: row.Authority, ReceivedAt: row.ReceivedAt, Facts: row.Facts,
		}
		if row.At != nil {
			e.At = *row.At
		}
		all = append(all, e)
	}
	return all, nil
}
