package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
)

// analyse works out what a transcript tells, once its call has ended.
type analyse struct {
	river.WorkerDefaults[jobs.AnalyseCalls]

	cfg Config
}

// Work implements river.Worker. The calls are handed to the ledger side by
// side, so that they share its transactions. One that fails does not keep the
// others from being done; the job comes again for it, and does them anew.
func (w *analyse) Work(ctx context.Context, job *river.Job[jobs.AnalyseCalls]) error {
	failed := make([]error, len(job.Args.Calls))
	var all sync.WaitGroup
	for i, ref := range job.Args.Calls {
		all.Go(func() {
			if err := w.call(ctx, ref); err != nil {
				failed[i] = fmt.Errorf("analyse call %s: %w", ref.CallID, err)
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

func (w *analyse) call(ctx context.Context, ref jobs.CallRef) error {
	var c *ringside.Call
	err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, ref.WorkspaceID, ref.CallID)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	m := measure.Transcript(c.Turns)
	if m == nil {
		return nil
	}
	return w.cfg.append(ctx, ref.WorkspaceID, ringside.Event{
		Provider: c.Provider, ProviderCallID: c.ProviderCallID, Name: "measured", Authority: ringside.Guess,
		At: c.LastHeard(), ReceivedAt: time.Now().UTC(), Facts: ringside.Facts{Measured: m},
	})
}
