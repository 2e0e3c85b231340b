package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// sweepChunk is how many rows one transaction removes: few enough that the
// ledger waits for less than 50 ms.
const sweepChunk = 500

// keepWebhooks is how long outgoing deliveries are kept.
const keepWebhooks = 30 * 24 * time.Hour

// sweep removes what nobody needs any more: outbox rows that every follower
// has passed, and bodies past retention, received and sent.
type sweep struct {
	river.WorkerDefaults[jobs.Sweep]

	cfg Config
}

// Work implements river.Worker.
func (w *sweep) Work(ctx context.Context, _ *river.Job[jobs.Sweep]) error {
	if err := w.chunks(ctx, func(ctx context.Context, tx store.Tx) (int64, error) { return store.TrimOutbox(ctx, tx, sweepChunk) }); err != nil {
		return fmt.Errorf("trim outbox: %w", err)
	}
	before := time.Now().Add(-w.cfg.KeepInbox).UnixMicro()
	if err := w.chunks(ctx, func(ctx context.Context, tx store.Tx) (int64, error) {
		return store.TrimInbox(ctx, tx, before, sweepChunk)
	}); err != nil {
		return fmt.Errorf("trim inbox: %w", err)
	}
	sent := time.Now().Add(-keepWebhooks)
	if err := w.chunks(ctx, func(ctx context.Context, tx store.Tx) (int64, error) {
		return store.TrimWebhooks(ctx, tx, sent, sweepChunk)
	}); err != nil {
		return fmt.Errorf("trim webhooks: %w", err)
	}
	return nil
}

// chunks runs one step after another until a step removes nothing.
func (w *sweep) chunks(ctx context.Context, step func(context.Context, store.Tx) (int64, error)) error {
	for {
		var n int64
		err := w.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			n, err = step(ctx, tx)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
