package scenario

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
)

// maxRun bounds a run: the longest conversation, and time for a slow machine.
const maxRun = 30 * time.Minute

// settleWithin bounds what is still done about a run when it is over.
const settleWithin = 10 * time.Second

// player plays a run.
type player struct {
	river.WorkerDefaults[jobs.PlayScenario]

	runner *Runner
}

// Timeout implements river.Worker.
func (w *player) Timeout(*river.Job[jobs.PlayScenario]) time.Duration { return maxRun }

// Work implements river.Worker. A run that was begun before is not played again:
// its process ended under it.
func (w *player) Work(ctx context.Context, job *river.Job[jobs.PlayScenario]) error {
	r, a := w.runner, job.Args
	p, err := r.load(ctx, a)
	if ringside.KindOf(err) == ringside.NotFound {
		return nil // it was deleted
	}
	if err != nil {
		return err
	}
	switch p.run.State {
	case ringside.RunQueued:
		return p.play(ctx)
	case ringside.RunRunning:
		return r.cutOff(ctx, a.WorkspaceID, p.run)
	}
	return nil
}

// part is a run with the scenario that it is of.
type part struct {
	*Runner

	args     jobs.PlayScenario
	scenario *ringside.Scenario
	run      *ringside.ScenarioRun
	as       *simulate.AgentName
}

func (r *Runner) load(ctx context.Context, a jobs.PlayScenario) (*part, error) {
	p := &part{Runner: r, args: a}
	return p, r.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		s, err := store.Scenario(ctx, tx, a.WorkspaceID, a.ScenarioID)
		if err != nil {
			return err
		}
		p.scenario = &s.Scenario
		p.run, err = store.ScenarioRun(ctx, tx, a.WorkspaceID, a.ScenarioID, a.RunID)
		return err
	})
}

// claim takes a queued run on, once.
func (p *part) claim(ctx context.Context) (mine bool, err error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	p.run.State, p.run.StartedAt = ringside.RunRunning, &now
	err = p.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if p.as, err = agentOf(ctx, tx, p.args.WorkspaceID, p.scenario.AgentID); err != nil {
			return err
		}
		mine, err = store.UpdateScenarioRun(ctx, tx, ringside.RunQueued, p.run, now)
		return err
	})
	return mine, err
}

// agentOf is how calls name an agent so that they are shown as its own; nil for
// none. One that no vendor names goes by an id of the simulation's.
func agentOf(ctx context.Context, tx store.Tx, workspace, id string) (*simulate.AgentName, error) {
	if id == "" {
		return nil, nil
	}
	a, err := store.Agent(ctx, tx, workspace, id)
	if err != nil {
		return nil, err
	}
	as := &simulate.AgentName{Provider: a.Provider, SourceID: a.SourceID, Name: a.Name}
	if as.SourceID == "" {
		as.SourceID = simulate.IDPrefix + a.ID
	}
	return as, store.LinkSource(ctx, tx, workspace, as.SourceID, a.ID)
}

func (p *part) play(ctx context.Context) error {
	mine, err := p.claim(ctx)
	if k := ringside.KindOf(err); k == ringside.NotFound || k == ringside.Conflict {
		p.run.StartedAt = nil
		return p.settle(ctx, p.run, ringside.RunQueued, ringside.RunSkipped, "It can't be shown as its agent's: "+err.Error())
	}
	if err != nil || !mine {
		return err
	}
	on, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(p.on, stop)()
	defer p.say(on, p.run.ID)()
	err = simulate.Play(on, p.config())
	// What has become of it is kept though the process is about to end.
	after, done := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer done()
	if named := p.nameCalls(after); named != nil {
		return named
	}
	switch {
	case on.Err() != nil && p.on.Err() != nil:
		return p.settle(after, p.run, ringside.RunRunning, ringside.RunCutOff, "Ringside was stopped while it was on. Its calls were ended.")
	case on.Err() != nil:
		return p.settle(after, p.run, ringside.RunRunning, ringside.RunCutOff, fmt.Sprintf("It was not over after %s. Its calls were ended.", maxRun))
	case err != nil:
		p.cfg.Log.Warn("a scenario could not be played", slog.String("run_id", p.run.ID), slog.Any("error", err))
		return p.settle(after, p.run, ringside.RunRunning, ringside.RunCutOff, "A call could not be told: "+err.Error())
	}
	p.run.State = ringside.RunJudging
	return p.cfg.Store.Write(after, func(ctx context.Context, tx store.Tx) error {
		if mine, err := store.UpdateScenarioRun(ctx, tx, ringside.RunRunning, p.run, time.Now()); err != nil || !mine {
			return err
		}
		return p.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.JudgeScenario(p.args)})
	})
}

func (p *part) config() simulate.PlayConfig {
	names := make([]string, len(p.run.Calls))
	for i := range p.run.Calls {
		names[i] = p.run.Calls[i].Name
	}
	return simulate.PlayConfig{
		Script: []byte(p.scenario.Script), Scenario: p.scenario.Name, Run: p.run.ID, Variant: simulate.Variant(p.scenario.Behaviour), As: p.as, Calls: names,
		Speed: p.cfg.Speed, Seed: uint64(p.run.CreatedAt.UnixNano()), Tell: p.teller(p.args.WorkspaceID), //nolint:gosec // any seed does
	}
}

func (r *Runner) teller(workspace string) func(context.Context, string, []byte) error {
	return func(ctx context.Context, name string, body []byte) error {
		return r.cfg.Tell(ctx, workspace, name, body)
	}
}

// say says again and again that the process is at a run, until the returned
// function is called.
func (r *Runner) say(ctx context.Context, run string) (end func()) {
	ctx, stop := context.WithCancel(ctx)
	var saying sync.WaitGroup
	saying.Go(func() {
		tick := time.NewTicker(r.cfg.Hear)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				err := r.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return store.HearScenarioRun(ctx, tx, run, now) })
				if err != nil && ctx.Err() == nil {
					r.cfg.Log.Warn("a scenario's run can't be noted as going on", slog.String("run_id", run), slog.Any("error", err))
				}
			}
		}
	})
	return func() {
		stop()
		saying.Wait()
	}
}

// nameCalls finds which calls a run has held.
func (p *part) nameCalls(ctx context.Context) error { return p.find(ctx, p.args.WorkspaceID, p.run) }

func (r *Runner) find(ctx context.Context, workspace string, run *ringside.ScenarioRun) error {
	return r.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		for i := range run.Calls {
			id, err := store.FindCall(ctx, tx, workspace, run.Calls[i].Name)
			if ringside.KindOf(err) == ringside.NotFound {
				continue // it never began
			}
			if err != nil {
				return err
			}
			run.Calls[i].CallID = &id
		}
		return nil
	})
}

// cutOff ends the calls of a run whose process ended, and says so of it.
func (r *Runner) cutOff(ctx context.Context, workspace string, run *ringside.ScenarioRun) error {
	if err := r.find(ctx, workspace, run); err != nil {
		return err
	}
	c := simulate.PlayConfig{Tell: r.teller(workspace)}
	var failed error
	for _, call := range run.Calls {
		if call.CallID != nil {
			failed = errors.Join(failed, c.HangUp(ctx, call.Name))
		}
	}
	if failed != nil {
		return fmt.Errorf("end the calls of scenario run %s: %w", run.ID, failed)
	}
	return r.settle(ctx, run, ringside.RunRunning, ringside.RunCutOff, "Ringside ended while it was on. Its calls were ended later.")
}
