package scenario

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what a runner is made of.
type Config struct {
	Store *store.Store
	Queue func() *jobs.Queue
	// Tell takes a body of live events about a call of a workspace, as the live
	// API does.
	Tell  func(ctx context.Context, workspace, name string, body []byte) error
	Log   *slog.Logger
	Speed float64       // how many seconds of a call pass in one; 0: 1
	Hear  time.Duration // how often a process says that it is at a run; 0: 10 s
}

// silent is how many times a process may fail to say that it is at a run.
const silent = 5

// Runner plays scenarios.
type Runner struct {
	cfg  Config
	on   context.Context // ends when the process is about to
	stop context.CancelFunc
}

// New makes a runner. It runs nothing until its jobs do.
func New(c Config) *Runner {
	c.Speed, c.Hear = cmp.Or(c.Speed, 1), cmp.Or(c.Hear, 10*time.Second)
	r := &Runner{cfg: c}
	r.on, r.stop = context.WithCancel(context.Background())
	return r
}

// Stop ends the calls that are on, so that the queue can stop: their runs are
// cut off. It returns at once.
func (r *Runner) Stop() { r.stop() }

// AddWorkers adds what plays, judges and looks for what is due.
func (r *Runner) AddWorkers(w *river.Workers) {
	river.AddWorker(w, &player{runner: r})
	river.AddWorker(w, &assessor{runner: r})
	river.AddWorker(w, &looker{runner: r})
}

// Check says what is wrong with a scenario, its script included, pointing at the
// field; longest is how long a call of it may last.
func Check(s *ringside.Scenario) (longest time.Duration, err error) {
	if err := s.Validate(); err != nil {
		return 0, err
	}
	v := simulate.Variant(s.Behaviour)
	if !v.Known() {
		return 0, ringside.Invalidf("/behaviour", "%q is not a way in which a call can go", s.Behaviour)
	}
	if longest, err = simulate.ReadScript([]byte(s.Script), v); err != nil {
		return 0, ringside.Invalidf("/script", "can't be played: %s", err)
	}
	return longest, nil
}

// Start says who begins a run, and how many calls it holds.
type Start struct {
	By        string
	Scheduled bool
	Calls     int // 0: as many as the scenario says
	At        time.Time
}

// Begin begins a run in the caller's transaction. It fails with Conflict while
// the scenario is being played, or when the workspace's runs hold as many calls
// as they may.
func (r *Runner) Begin(ctx context.Context, tx store.Tx, workspace string, s *ringside.Scenario, by Start) (*ringside.ScenarioRun, error) {
	run := newRun(s, by)
	if err := store.LockWorkspace(ctx, tx, workspace); err != nil {
		return nil, err
	}
	held, playing, err := store.Simulated(ctx, tx, workspace, s.ID)
	switch {
	case err != nil:
		return nil, err
	case playing:
		return nil, ringside.Errorf(ringside.Conflict, "the scenario is being played already").WithCode("scenario_running")
	case held+run.Wanted > ringside.MaxSimulated:
		return nil, ringside.Errorf(ringside.Conflict, "the workspace's scenarios hold %d calls now, and at most %d at once; try again when some have ended",
			held, ringside.MaxSimulated).WithCode("too_many_calls")
	}
	if err := store.InsertScenarioRun(ctx, tx, workspace, run); err != nil {
		return nil, err
	}
	return run, r.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.PlayScenario{WorkspaceID: workspace, ScenarioID: s.ID, RunID: run.ID}})
}

func newRun(s *ringside.Scenario, by Start) *ringside.ScenarioRun {
	run := &ringside.ScenarioRun{
		ID: ringside.NewID("run", by.At), ScenarioID: s.ID, ScenarioName: s.Name, State: ringside.RunQueued, Result: ringside.ScenarioUnknown,
		Scheduled: by.Scheduled, By: by.By, Wanted: cmp.Or(by.Calls, s.Calls), Expect: s.Expect, CreatedAt: by.At.UTC().Truncate(time.Millisecond),
	}
	run.Calls = make([]ringside.ScenarioCall, run.Wanted)
	for i := range run.Calls {
		run.Calls[i] = ringside.ScenarioCall{
			Name: fmt.Sprintf("%s%s-%d", simulate.IDPrefix, run.ID, i), Result: ringside.ScenarioUnknown, Checks: []ringside.ScenarioCheck{},
		}
	}
	return run
}

// settle ends a run that was in a state, without a result.
func (r *Runner) settle(ctx context.Context, run *ringside.ScenarioRun, from, to ringside.ScenarioState, reason string) error {
	now := time.Now().UTC().Truncate(time.Millisecond)
	run.State, run.Reason, run.EndedAt = to, reason, &now
	return r.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := store.UpdateScenarioRun(ctx, tx, from, run, now)
		return err
	})
}
