package evaluate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// maxAttempts is how often a model is asked that is busy or away.
	maxAttempts = 8
	// firstPause is how long after the first time it is asked again; the pauses
	// double, up to longestPause. All together that is a good half hour.
	firstPause, longestPause = 15 * time.Second, 15 * time.Minute
	// timeout bounds one evaluation: a model may take its time over several
	// questions. What a killed process was at runs again this long after.
	timeout = 15 * time.Minute
)

// evaluation works on one evaluation.
type evaluation struct {
	river.WorkerDefaults[jobs.Evaluate]

	x *Examiner
}

// Timeout implements river.Worker.
func (*evaluation) Timeout(*river.Job[jobs.Evaluate]) time.Duration { return timeout }

// Work implements river.Worker.
func (w *evaluation) Work(ctx context.Context, job *river.Job[jobs.Evaluate]) error {
	ws := job.Args.WorkspaceID
	var e *ringside.Evaluation
	err := w.x.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		e, err = store.BeginEvaluation(ctx, tx, ws, job.Args.EvaluationID)
		return err
	})
	switch {
	case ringside.KindOf(err) == ringside.NotFound:
		return nil // the call was deleted, and the evaluation with it
	case err != nil:
		return err
	case e.Status.Finished():
		return nil
	}
	f, err := w.x.evaluate(ctx, ws, e)
	if f != nil && f.Usage != nil {
		e.Usage, e.Model, e.PromptHash = f.Usage, modelName(f.Usage.Model), f.Usage.PromptHash
	}
	if err != nil {
		return w.failed(ctx, job, e, err)
	}
	e.Status, e.Reason, e.Result, e.Scores = ringside.EvaluationDone, f.Note, &f.Result, f.Scores
	e.Verdict, e.Score, e.Coverage = f.Result.Verdict, f.Result.Score, &f.Result.Coverage
	return w.finish(ctx, ws, e)
}

// maxModelName is how much is kept of what a server calls its model, in
// characters.
const maxModelName = 200

// modelName makes what a server calls its model fit to be stored.
func modelName(s string) string {
	name := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s))
	return string(name[:min(len(name), maxModelName)])
}

// evaluate judges what an evaluation is about.
func (x *Examiner) evaluate(ctx context.Context, workspace string, e *ringside.Evaluation) (*Judgement, error) {
	m := matter{workspace: workspace}
	err := x.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		call, s, err := file(ctx, tx, workspace, e.CallID)
		if err != nil {
			return err
		}
		by, err := evaluatorOf(ctx, tx, workspace, e, s)
		if err != nil {
			return err
		}
		m.call, m.instructions, m.model = call, s.Instructions, by.Model
		switch {
		case e.ScorecardID != "":
			m.card, err = store.ScorecardAt(ctx, tx, workspace, e.ScorecardID, e.ScorecardVersion)
		case by.ScorecardID != "":
			return ringside.Errorf(ringside.Conflict, "The evaluator went by criteria when it was asked, and goes by a scorecard now; evaluate the call again.")
		default:
			m.card = Free(by.Criteria)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return x.examine(ctx, m)
}

// file loads a call and the settings of its agent, which are empty when the
// agent is unknown.
func file(ctx context.Context, tx store.Tx, workspace string, id ringside.CallID) (*ringside.Call, *ringside.AgentSettings, error) {
	none := &ringside.AgentSettings{}
	c, err := store.Call(ctx, tx, workspace, id)
	if err != nil || c.Agent == nil || c.Agent.ID == "" {
		return c, none, err
	}
	a, err := store.Agent(ctx, tx, workspace, c.Agent.ID)
	if ringside.KindOf(err) == ringside.NotFound {
		return c, none, nil
	}
	if err != nil {
		return nil, none, err
	}
	return c, &a.Settings, nil
}

// failed decides what an error means for an evaluation: that it is tried
// again, or that it has failed.
func (w *evaluation) failed(ctx context.Context, job *river.Job[jobs.Evaluate], e *ringside.Evaluation, err error) error {
	late := errors.Is(ctx.Err(), context.DeadlineExceeded)
	if ctx.Err() != nil && !late && job.Attempt < job.MaxAttempts {
		return err // the process ends: the job comes again
	}
	ctx = context.WithoutCancel(ctx)
	reason, pause := diagnose(err, e.Attempts)
	switch {
	case late:
		reason = fmt.Sprintf("The language model took longer than %s.", timeout)
	case ringside.KindOf(err) == ringside.RateLimited:
		e.Attempts--
		return w.again(ctx, job, e, reason, jobs.Soon(job.JobRow))
	case pause > 0 && e.Attempts < maxAttempts:
		return w.again(ctx, job, e, reason, pause)
	case reason == "" && job.Attempt < job.MaxAttempts:
		return err // ours: River tries again, and tells the log
	case reason == "":
		w.x.cfg.Log.ErrorContext(ctx, "evaluation failed", slog.String("evaluation_id", e.ID), slog.Any("error", err))
		reason = "Ringside failed to do this; its log says why."
	}
	e.Status, e.Reason = ringside.EvaluationFailed, reason
	return w.finish(ctx, job.Args.WorkspaceID, e)
}

// diagnose gives an error in words for people, empty when it is ours, and how
// long to wait before it is tried again, 0 when that would not help.
func diagnose(err error, attempts int) (reason string, pause time.Duration) {
	pause = min(firstPause<<max(0, min(attempts-1, 10)), longestPause)
	if e, ok := errors.AsType[*llm.Error](err); ok {
		if !e.Later() {
			return e.Message, 0
		}
		return e.Message, min(max(pause, e.RetryAfter), time.Hour)
	}
	e, ok := errors.AsType[*ringside.Error](err)
	switch {
	case !ok || e.Kind == ringside.Internal:
		return "", 0
	case e.Kind == ringside.Unavailable:
		return e.Message, pause
	}
	return e.Message, 0
}

// again has an evaluation wait to be tried again.
func (w *evaluation) again(ctx context.Context, job *river.Job[jobs.Evaluate], e *ringside.Evaluation, reason string, pause time.Duration) error {
	e.Status, e.Reason = ringside.EvaluationQueued, reason+fmt.Sprintf(" It is tried again in %s.", pause.Round(time.Second))
	err := w.x.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.UpdateEvaluation(ctx, tx, job.Args.WorkspaceID, e)
	})
	if err != nil {
		return err
	}
	return river.JobSnooze(pause)
}

// finish keeps what became of an evaluation.
func (w *evaluation) finish(ctx context.Context, workspace string, e *ringside.Evaluation) error {
	e.FinishedAt = new(time.Now().UTC().Truncate(time.Millisecond))
	return w.x.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.UpdateEvaluation(ctx, tx, workspace, e)
	})
}
