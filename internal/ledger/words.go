package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// DropWords removes what was said from every event of a call, folds the call
// again from what is left and removes the deliveries that it came in, so that
// nothing can bring it back. In the same transaction also is done. A call that
// is not there is left alone.
func (l *Ledger) DropWords(ctx context.Context, k store.AppendKey, also func(context.Context, store.Tx) error) error {
	if store.InWrite(ctx) {
		panic("ledger: DropWords inside of a write transaction would wait for itself")
	}
	k.Dedupe = []byte{}
	it := &item{ctx: ctx, key: k, done: make(chan struct{})}
	it.alone = func() { it.err = l.dropWords(ctx, k, also) }
	_, err := l.await(ctx, it)
	return err
}

// dropWords is done by the call's writer, as a refold is.
func (l *Ledger) dropWords(ctx context.Context, k store.AppendKey, also func(context.Context, store.Tx) error) error {
	b := &run{ledger: l}
	version := l.agents.version()
	var done *Commit
	for attempt := 0; ; attempt++ {
		err := l.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			b.found = map[agentKey]agentRef{}
			if done, err = b.dropWords(ctx, tx, k, attempt); err != nil || done == nil {
				return err
			}
			return also(ctx, tx)
		})
		if err == nil {
			break
		}
		if !store.Conflict(err) && !store.Contended(err) || attempt >= maxAttempts {
			return err
		}
	}
	l.agents.learn(b.found, version)
	if l.cfg.Committed != nil && done != nil {
		l.cfg.Committed([]Commit{*done})
	}
	return nil
}

func (b *run) dropWords(ctx context.Context, tx store.Tx, k store.AppendKey, attempt int) (*Commit, error) {
	priors, err := store.LoadPriors(ctx, tx, []store.AppendKey{k})
	if err != nil {
		return nil, err
	}
	b.ledger.open.forget(k.Call)
	prior := priors[0]
	if prior.Call == nil {
		return nil, nil
	}
	events, err := bare(ctx, tx, &k)
	if err != nil {
		return nil, err
	}
	c := ringside.NewCall(k.Workspace, k.Provider, k.ProviderCallID)
	c.ShortID = prior.Call.ShortID
	c.Apply(events...)
	w := newWorking(&prior)
	was := w.seq
	w.seq = store.NewSeq(time.Now())
	ch := store.Change{Was: prior.Ord, Before: store.Entries(prior.Call)}
	stmts := []store.Stmt{
		{SQL: `UPDATE events SET call_seq = $1 WHERE call_seq = $2`, Args: []any{w.seq, was}},
		{SQL: `DELETE FROM call_states WHERE seq = $1`, Args: []any{was}},
	}
	for i := range events {
		facts, err := store.PackJSON(&events[i].Facts)
		if err != nil {
			return nil, err
		}
		stmts = append(stmts, store.InsertEvent(k.Workspace, w.seq, &events[i], facts))
	}
	rows, err := b.rows(ctx, tx, c, w, attempt, &ch)
	if err != nil {
		return nil, err
	}
	for _, s := range append(stmts, rows...) {
		if _, err := tx.Exec(ctx, s.SQL, s.Args...); err != nil {
			return nil, fmt.Errorf("write call %s: %w", k.Call, err)
		}
	}
	return &Commit{Call: c, AgentID: ch.AgentID}, nil
}

// bare gives the events of a call without what was said.
func bare(ctx context.Context, tx store.Tx, k *store.AppendKey) ([]ringside.Event, error) {
	rows, err := store.CallEvents(ctx, tx, k.Workspace, k.Call)
	if err != nil {
		return nil, err
	}
	out := make([]ringside.Event, len(rows))
	for i, row := range rows {
		row.Facts.DropWords()
		out[i] = ringside.Event{
			ID: row.ID, Provider: k.Provider, ProviderCallID: k.ProviderCallID, Name: row.Name,
			Authority: row.Authority, ReceivedAt: row.ReceivedAt, Facts: row.Facts,
		}
		if row.At != nil {
			out[i].At = *row.At
		}
	}
	return out, nil
}
