package scenario

import (
	"context"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// analysedWithin is how long the analysis of a run's calls is waited for.
const analysedWithin = 15 * time.Minute

// maxCallAlerts is how many alerts of a call are looked at.
const maxCallAlerts = 500

// assessor holds the calls of a run against what was expected.
type assessor struct {
	river.WorkerDefaults[jobs.JudgeScenario]

	runner *Runner
}

// Work implements river.Worker. It comes again until every call has been
// analysed.
func (w *assessor) Work(ctx context.Context, job *river.Job[jobs.JudgeScenario]) error {
	r := w.runner
	p, err := r.load(ctx, jobs.PlayScenario(job.Args))
	if ringside.KindOf(err) == ringside.NotFound {
		return nil // it was deleted
	}
	if err != nil || p.run.State != ringside.RunJudging {
		return err
	}
	ready := true
	err = r.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		for i := range p.run.Calls {
			analysed, err := p.judge(ctx, tx, &p.run.Calls[i])
			if err != nil {
				return err
			}
			ready = ready && analysed
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !ready && time.Since(job.CreatedAt) < analysedWithin {
		return river.JobSnooze(jobs.Soon(job.JobRow))
	}
	results := make([]ringside.ScenarioResult, len(p.run.Calls))
	for i, c := range p.run.Calls {
		results[i] = c.Result
	}
	p.run.Result = ringside.Sum(results)
	return r.settle(ctx, p.run, ringside.RunJudging, ringside.RunDone, "")
}

// judge judges one call, and tells whether its analysis is over.
func (p *part) judge(ctx context.Context, tx store.Tx, c *ringside.ScenarioCall) (analysed bool, err error) {
	unknown := func(reason string) {
		c.Result = ringside.ScenarioUnknown
		c.Checks = []ringside.ScenarioCheck{{Expected: "analysis", Result: ringside.ScenarioUnknown, Reason: reason}}
	}
	if c.CallID == nil {
		unknown("The call never began.")
		return true, nil
	}
	call, err := store.Call(ctx, tx, p.args.WorkspaceID, *c.CallID)
	if ringside.KindOf(err) == ringside.NotFound {
		unknown("The call was deleted.")
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if !over(call) {
		unknown("The call's analysis did not come to an end.")
		return false, nil
	}
	page, err := store.Alerts(ctx, tx, store.AlertFilter{Workspace: p.args.WorkspaceID, Call: call.ID}, "", maxCallAlerts)
	if err != nil {
		return false, err
	}
	var alerts []ringside.AlertType
	for _, a := range page.Items {
		alerts = append(alerts, a.Type)
	}
	c.Result, c.Checks = p.run.Expect.Check(call, alerts)
	return true, nil
}

// over tells whether nothing more is worked out about a call by words: by rule,
// or by a language model that was asked.
func over(c *ringside.Call) bool {
	looked := func(s ringside.Step) bool { return s.Step == "analysis" || s.Step == "judge" }
	goesOn := func(s ringside.Step) bool {
		return looked(s) && (s.Status == ringside.StepWaiting || s.Status == ringside.StepRunning)
	}
	return slices.ContainsFunc(c.Pipeline, looked) && !slices.ContainsFunc(c.Pipeline, goesOn)
}
