package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/stt"
)

// judgeCall has the workspace's language model read a call. Whatever becomes
// of it, in the last attempt at the latest, the steps behind it follow.
type judgeCall struct {
	river.WorkerDefaults[jobs.JudgeCall]

	cfg Config
}

// judgeTimeout bounds one attempt: a model may take its time over several
// questions.
const judgeTimeout = 30 * time.Minute

// Timeout implements river.Worker.
func (w *judgeCall) Timeout(*river.Job[jobs.JudgeCall]) time.Duration { return judgeTimeout }

// Work implements river.Worker.
func (w *judgeCall) Work(ctx context.Context, job *river.Job[jobs.JudgeCall]) error {
	if !w.cfg.Models.hold(job.Args.CallID) { // before the call is loaded: what is answered by then is in it
		return river.JobSnooze(jobs.Soon(job.JobRow))
	}
	defer w.cfg.Models.letGo(job.Args.CallID)
	f, err := newDesk(&w.cfg).open(ctx, job.Args.CallRef)
	if f == nil || err != nil {
		return err
	}
	err = w.read(ctx, f, job)
	if _, snoozed := errors.AsType[*rivertype.JobSnoozeError](err); snoozed || err == nil {
		return err
	}
	return w.failed(ctx, f, job, err)
}

// read has the call read, where there is a reason to and a place at the model.
func (w *judgeCall) read(ctx context.Context, f *file, job *river.Job[jobs.JudgeCall]) error {
	m, err := w.cfg.Models.Of(ctx, f.workspace)
	lack, err := lacking(m, err)
	if err != nil {
		return err
	}
	if why := withoutJudge(f, lack); why != "" {
		return w.settle(ctx, f, ringside.StepSkipped, why, job.Attempt)
	}
	task := taskOf(f)
	input, err := inputOf(f.call, &task, modelsOf(f, m))
	if err != nil {
		return err
	}
	if !job.Args.Again && f.call.JudgedFrom() == input {
		return w.settle(ctx, f, ringside.StepDone, "Nothing has changed since the model read it.", job.Attempt)
	}
	over := ""
	err = w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		over, err = m.overBudget(ctx, tx, f.workspace, time.Now())
		return err
	})
	if err != nil {
		return err
	}
	if over != "" {
		return w.settle(ctx, f, ringside.StepSkipped, over, job.Attempt)
	}
	if !m.acquire() {
		return river.JobSnooze(jobs.Soon(job.JobRow))
	}
	defer m.release()
	return w.ask(ctx, f, m, task, input, job)
}

// ask judges the call and writes down what came of it. What was answered before
// a model failed is kept, and the rest alone is asked when the job comes again.
func (w *judgeCall) ask(ctx context.Context, f *file, m *Model, task judge.Task, input string, job *river.Job[jobs.JudgeCall]) error {
	j := m.Judge()
	j.Models = modelsOf(f, m)
	var before *ringside.Judged
	if r := f.call.Reading(); r != nil && r.Partial && r.Input == input {
		before, task = r, task.Rest(r)
	}
	judged, err := j.Run(ctx, f.call, task)
	ctx = context.WithoutCancel(ctx) // what was paid for is kept, however late
	if judged.Usage.Requests > 0 {   // spent, whether it was of use or not
		spent := w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
			return store.AddUsage(ctx, tx, f.workspace, time.Now(), &judged.Usage)
		})
		if spent != nil {
			return spent
		}
	}
	rest := task.Rest(judged)
	answered := len(rest.Parts())+len(rest.Criteria) < len(task.Parts())+len(task.Criteria)
	judged = judge.Merge(before, judged)
	judged.Input, judged.TranscriptHash = input, f.call.TranscriptHash()
	if err == nil {
		return w.done(ctx, f, judged, job.Attempt)
	}
	if answered {
		after, kept := w.cfg.append(ctx, f, time.Now().UTC().Truncate(time.Millisecond), "judged", ringside.Facts{Judged: judged})
		if after != nil {
			f.call = after
		}
		return errors.Join(err, kept)
	}
	return err
}

// failed says in the step what went wrong, and whether the job comes again: not
// for what would only happen again.
func (w *judgeCall) failed(ctx context.Context, f *file, job *river.Job[jobs.JudgeCall], err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return err // the process ends, and River does not count the attempt
	}
	late := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx)
	e, theirs := errors.AsType[*llm.Error](err)
	final, reason := theirs && !e.Later(), reasonOf(err)
	switch kind := ringside.KindOf(err); {
	case late:
		theirs, final, reason = true, false, fmt.Sprintf("The language model took longer than %.0f minutes.", judgeTimeout.Minutes())
	case theirs:
	case kind == ringside.Invalid || kind == ringside.Conflict:
		theirs, final = true, true
	default:
		reason = "Ringside could not do it; its log says why."
	}
	reason += missing(f)
	switch again := !final && job.Attempt < job.MaxAttempts; {
	case again && theirs:
		if e != nil && e.RetryAfter > 0 {
			job.ScheduledAt = time.Now().Add(e.RetryAfter)
		}
		return errors.Join(err, w.cfg.step(ctx, f, ringside.StepJudge, ringside.StepWaiting, reason+" It is asked again.", job.Attempt))
	case again:
		return err
	case theirs:
		return w.settle(ctx, f, ringside.StepFailed, reason, job.Attempt)
	}
	return errors.Join(err, w.settle(ctx, f, ringside.StepFailed, reason, job.Attempt))
}

// NextRetry implements river.Worker: when the server asks to be asked again,
// where that is later than River would.
func (w *judgeCall) NextRetry(job *river.Job[jobs.JudgeCall]) time.Time {
	usual := (&river.DefaultClientRetryPolicy{}).NextRetry(job.JobRow)
	if job.ScheduledAt.After(usual) {
		return job.ScheduledAt
	}
	return usual
}

// missing says what a partial reading has no answer to; "" for any other.
func missing(f *file) string {
	r, task := f.call.Reading(), taskOf(f)
	if r == nil || !r.Partial {
		return ""
	}
	rest := task.Rest(r)
	return " What was answered is kept; missing: " + strings.Join(rest.Parts(), ", ") + "."
}

// done keeps the model's answer.
func (w *judgeCall) done(ctx context.Context, f *file, judged *ringside.Judged, attempt int) error {
	now := time.Now().UTC().Truncate(time.Millisecond)
	s := ringside.Step{Step: ringside.StepJudge, Status: ringside.StepDone, Attempts: attempt, At: &now}
	return w.close(ctx, f, now, "judged", ringside.Facts{Judged: judged, Steps: []ringside.Step{s}})
}

// settle says what became of the step, without an answer.
func (w *judgeCall) settle(ctx context.Context, f *file, st ringside.StepStatus, why string, attempt int) error {
	now := time.Now().UTC().Truncate(time.Millisecond)
	s := ringside.Step{Step: ringside.StepJudge, Status: st, Reason: why, Attempts: attempt, At: &now}
	return w.close(ctx, f, now, "judging", ringside.Facts{Steps: []ringside.Step{s}})
}

// close hands in what came of the step and goes on with those behind it.
func (w *judgeCall) close(ctx context.Context, f *file, now time.Time, event string, x ringside.Facts) error {
	after, err := w.cfg.append(ctx, f, now, event, x)
	if after == nil || err != nil {
		return err
	}
	f.call = after
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error { return w.cfg.finish(ctx, tx, f) })
}

// reasonOf is an error in words for people.
func reasonOf(err error) string {
	if e, ok := errors.AsType[*llm.Error](err); ok {
		return sentence(strings.TrimSuffix(e.Message, "."))
	}
	if e, ok := errors.AsType[*stt.Error](err); ok {
		return sentence(strings.TrimSuffix(e.Message, "."))
	}
	if e, ok := errors.AsType[*ringside.Error](err); ok {
		return e.Message
	}
	return err.Error()
}

// withoutJudge says why no model reads a call; "" when one does. Lack is why
// its workspace has none.
func withoutJudge(f *file, lack string) string {
	task := taskOf(f)
	switch {
	case len(f.call.Turns) == 0:
		return "There is no transcript to read."
	case len(task.Parts()) == 0:
		return "Nothing in the agent's settings asks a language model."
	}
	if err := task.Validate(); err != nil {
		return "The agent's settings ask what no language model can be asked: " + err.Error() + "."
	}
	return lack
}

// withoutJudge asks once for each workspace whether it has a model.
func (d *desk) withoutJudge(ctx context.Context, f *file) (string, error) {
	d.mu.Lock()
	lack, known := d.lacks[f.workspace]
	d.mu.Unlock()
	if !known {
		m, err := d.cfg.Models.Of(ctx, f.workspace)
		if lack, err = lacking(m, err); err != nil {
			return "", err
		}
		d.mu.Lock()
		d.lacks[f.workspace] = lack
		d.mu.Unlock()
	}
	return withoutJudge(f, lack), nil
}

// taskOf is what an agent's settings ask of a model.
func taskOf(f *file) judge.Task {
	s := &f.agent.Settings
	t := judge.Task{Extraction: s.ExtractionFields, Instructions: s.Instructions}
	if on(s.CallSummaryEnabled) {
		t.Summary, t.SummaryPrompt = true, s.CallSummaryPrompt
	}
	if on(s.CallTaggingEnabled) {
		for _, c := range s.CallTaggingCategories {
			if strings.TrimSpace(c) != "" {
				t.Tags = append(t.Tags, c)
			}
		}
	}
	if on(s.CallScoringEnabled) {
		criteria := s.ScoringCriteria
		if len(criteria) == 0 {
			criteria = judge.BuiltInKeys()
		}
		t.Criteria = judge.Named(criteria...)
	}
	t.Gaps = on(s.KnowledgeGapDetectionEnabled)
	return t
}

func on(b *bool) bool { return b != nil && *b }

// modelsOf are the workspace's models, or the agent's own where it names them.
func modelsOf(f *file, m *Model) llm.Models {
	out, s := m.Settings.Features(), &f.agent.Settings
	out.Tags, out.Scores = cmp.Or(s.CallTaggingModel, out.Tags), cmp.Or(s.ScoringModel, out.Scores)
	return out
}

// inputOf tells one question about a call from another: by what was said and
// done, by what is asked, and of which models.
func inputOf(c *ringside.Call, t *judge.Task, m llm.Models) (string, error) {
	b, err := json.Marshal(struct {
		Turns  []ringside.Turn
		Tools  []ringside.ToolCall
		Models llm.Models
	}{c.Turns, c.ToolCalls, m})
	if err != nil {
		return "", fmt.Errorf("encode what a model is asked: %w", err)
	}
	sum := sha256.Sum256(append(b, judge.PromptHash(t)...))
	return hex.EncodeToString(sum[:8]), nil
}
