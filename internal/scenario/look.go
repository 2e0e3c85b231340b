package scenario

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// late is how long after it was due a run is still begun.
const late = 5 * time.Minute

// looker looks for what is due.
type looker struct {
	river.WorkerDefaults[jobs.LookAtScenarios]

	runner *Runner
}

// Work implements river.Worker.
func (w *looker) Work(ctx context.Context, _ *river.Job[jobs.LookAtScenarios]) error {
	return w.runner.Look(ctx, time.Now())
}

// Look begins the runs that are due at a moment, and cuts off those that no
// process is at. One that fails does not hold up the others.
func (r *Runner) Look(ctx context.Context, now time.Time) error {
	var due []*store.ScenarioRow
	var running []*store.OpenRun
	err := r.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if due, err = store.DueScenarios(ctx, tx, now); err != nil {
			return err
		}
		running, err = store.RunsIn(ctx, tx, ringside.RunRunning)
		return err
	})
	for _, s := range due {
		if failed := r.begin(ctx, s, now); failed != nil {
			err = errors.Join(err, fmt.Errorf("begin scenario %s: %w", s.ID, failed))
		}
	}
	for _, o := range running {
		if now.Sub(o.HeardAt) >= silent*r.cfg.Hear {
			err = errors.Join(err, r.cutOff(ctx, o.Workspace, o.Run))
		}
	}
	return err
}

// begin begins what is due, unless another process has.
func (r *Runner) begin(ctx context.Context, s *store.ScenarioRow, now time.Time) error {
	var next *time.Time
	if t := s.Schedule.Next(*s.NextAt, now); !t.IsZero() {
		next = &t
	}
	return r.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if mine, err := store.TakeDueScenario(ctx, tx, s.ID, *s.NextAt, next); err != nil || !mine {
			return err
		}
		by := Start{Scheduled: true, At: now}
		reason := fmt.Sprintf("It was due at %s, when Ringside was not running. It is not caught up.", s.NextAt.Format(time.RFC3339))
		if now.Sub(*s.NextAt) <= late {
			_, err := r.Begin(ctx, tx, s.Workspace, &s.Scenario, by)
			if ringside.KindOf(err) != ringside.Conflict {
				return err
			}
			reason = "It was due, but " + err.Error() + "."
		}
		run := newRun(&s.Scenario, by)
		run.State, run.Reason, run.EndedAt, run.Calls = ringside.RunSkipped, reason, &run.CreatedAt, []ringside.ScenarioCall{}
		return store.InsertScenarioRun(ctx, tx, s.Workspace, run)
	})
}
