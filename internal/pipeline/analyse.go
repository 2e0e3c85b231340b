package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/text"
)

// analyse is the first step: everything that needs no network, in one append.
// It says which of the later steps there are, and asks for them.
type analyse struct {
	river.WorkerDefaults[jobs.AnalyseCalls]

	cfg Config
}

// Work implements river.Worker. The calls are handed to the ledger side by
// side, so that they share its transactions. One that fails does not keep the
// others from being done; the job comes again for it, and does them anew.
func (w *analyse) Work(ctx context.Context, job *river.Job[jobs.AnalyseCalls]) error {
	return w.calls(ctx, job.Args.Calls, job.Attempt)
}

// Analyse does the first step of some calls at once, outside of the queue.
func (c *Config) Analyse(ctx context.Context, calls []jobs.CallRef) error {
	return (&analyse{cfg: *c}).calls(ctx, calls, 1)
}

func (w *analyse) calls(ctx context.Context, calls []jobs.CallRef, attempt int) error {
	d := newDesk(&w.cfg)
	failed := make([]error, len(calls))
	var all sync.WaitGroup
	for i, ref := range calls {
		all.Go(func() {
			if err := w.call(ctx, d, ref, attempt); err != nil {
				failed[i] = fmt.Errorf("analyse call %s: %w", ref.CallID, err)
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

func (w *analyse) call(ctx context.Context, d *desk, ref jobs.CallRef, attempt int) error {
	f, err := d.open(ctx, ref)
	if f == nil || err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	hidden, err := w.cfg.redact(ctx, f, attempt)
	if f.call == nil || err != nil {
		return err // nil: deleted meanwhile
	}
	next, err := d.next(ctx, f)
	if err != nil {
		return err
	}
	after, err := w.cfg.append(ctx, f, now, "analysed", ringside.Facts{
		Measured: measure.Transcript(f.call.Turns), Local: text.Analyse(f.call, &f.agent.Settings),
		Steps: slices.Concat(hidden, []ringside.Step{{Step: ringside.StepAnalysis, Status: ringside.StepDone, Attempts: attempt, At: &now}}, next.steps(now)),
	})
	if after == nil || err != nil {
		return err // nil: deleted meanwhile
	}
	f.call = after
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := w.cfg.ended(ctx, tx, f); err != nil {
			return err
		}
		if next.recording == "" {
			if err := w.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.FetchRecording{CallRef: ref, Past: f.call.Imported, Brief: brief(f.call, now)}}); err != nil {
				return err
			}
		}
		if next.judge == "" {
			return w.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.JudgeCall{CallRef: ref}})
		}
		return w.cfg.finish(ctx, tx, f)
	})
}
