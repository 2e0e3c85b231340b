package ledger

import (
	"context"

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
	var result Result
	err := l.anew(ctx, func(ctx context.Context, tx store.Tx, b *run, attempt int) (err error) {
		if result, err = b.dropWords(ctx, tx, k, attempt); err != nil || result.Call == nil {
			return err
		}
		return also(ctx, tx)
	})
	if err == nil {
		l.tell(&result)
	}
	return err
}

func (b *run) dropWords(ctx context.Context, tx store.Tx, k store.AppendKey, attempt int) (Result, error) {
	priors, err := store.LoadPriors(ctx, tx, []store.AppendKey{k})
	if err != nil || priors[0].Call == nil {
		return Result{}, err
	}
	events, err := storedEvents(ctx, tx, priors[0].Call)
	if err != nil {
		return Result{}, err
	}
	bare := map[int][]byte{}
	for i := range events {
		events[i].Facts.DropWords()
		if bare[i], err = store.PackJSON(&events[i].Facts); err != nil {
			return Result{}, err
		}
	}
	return b.replace(ctx, tx, &priors[0], events, bare, attempt)
}
