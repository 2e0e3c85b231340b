package pipeline

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// start tells who wants to know it that calls are on. One that is over by now
// is told of as ended alone, with the time of its start: never the other way
// round.
type start struct {
	river.WorkerDefaults[jobs.StartCalls]

	cfg Config
}

// Work implements river.Worker.
func (w *start) Work(ctx context.Context, job *river.Job[jobs.StartCalls]) error {
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, ref := range job.Args.Calls {
			if err := w.cfg.begun(ctx, tx, ref); err != nil {
				return fmt.Errorf("tell of the start of call %s: %w", ref.CallID, err)
			}
		}
		return nil
	})
}

func (c *Config) begun(ctx context.Context, tx store.Tx, ref jobs.CallRef) error {
	call, err := store.Call(ctx, tx, ref.WorkspaceID, ref.CallID)
	if ringside.KindOf(err) == ringside.NotFound {
		return nil // deleted meanwhile
	}
	if err != nil || call.Ended() || old(call) {
		return err
	}
	at := call.LastHeard()
	if call.StartedAt != nil {
		at = *call.StartedAt
	}
	_, err = c.Webhooks.Plan(ctx, tx, deliver.Event{Name: "call_started", At: at, Call: call})
	return err
}
