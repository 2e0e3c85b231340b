package alert

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// askEvery is how often a model is asked where the rule does not say: every
	// so many turns.
	askEvery = 6
	// askWithin bounds one question.
	askWithin = 2 * time.Minute
)

// Model is a workspace's language model, taken for one question.
type Model struct {
	Judge *judge.Judge
	// Done gives the model back and counts what it was asked. It is called once.
	Done func(ctx context.Context, used ringside.Usage) error
}

// ask has the model asked about a call by the team's own rules, every so many
// turns. The call's owner calls it.
func (e *Engine) ask(n *live.Now) {
	for _, r := range e.questions(n) {
		e.keeper.question(&jobs.AskRule{CallRef: jobs.CallRef{WorkspaceID: n.Call.WorkspaceID, CallID: n.Call.ID}, RuleID: r.ID})
	}
}

// questions gives the rules that have come to their next question about a call,
// which counts as asked.
func (e *Engine) questions(n *live.Now) (due []*ringside.AlertRule) {
	for _, r := range e.of(n.Call.WorkspaceID) {
		if r.Condition.Type != ringside.CustomRule || !r.Active || !r.For(n.AgentID) {
			continue
		}
		every := askEvery
		if r.Condition.EveryTurns != nil {
			every = *r.Condition.EveryTurns
		}
		if e.due(key{r.ID, n.Call.ID.String()}, len(n.Call.Turns)/every) {
			due = append(due, r)
		}
	}
	return due
}

// due tells whether a call has come to its next question, of which each is asked
// once.
func (e *Engine) due(k key, nth int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if nth <= e.asked[k] {
		return false
	}
	e.asked[k] = nth
	return true
}

// forget lets go of a call that has ended.
func (e *Engine) forget(n *live.Now) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for k := range e.asked {
		if k.cause == n.Call.ID.String() {
			delete(e.asked, k)
		}
	}
}

// asker asks a language model. What it can't tell is no alert.
type asker struct {
	river.WorkerDefaults[jobs.AskRule]

	engine *Engine
}

// Timeout implements river.Worker.
func (*asker) Timeout(*river.Job[jobs.AskRule]) time.Duration { return askWithin }

// Work implements river.Worker.
func (w *asker) Work(ctx context.Context, job *river.Job[jobs.AskRule]) error {
	e, a := w.engine, job.Args
	rule, call, err := w.load(ctx, a)
	if rule == nil || err != nil {
		return err
	}
	model, err := e.cfg.Model(ctx, a.WorkspaceID)
	switch {
	case ringside.KindOf(err) == ringside.RateLimited && !call.Ended():
		return river.JobSnooze(soon) // every place at it is taken
	case err != nil || model == nil:
		return nil //nolint:nilerr // no model, or its budget is spent: nothing can be told
	}
	scores, used, err := model.Judge.Criteria(ctx, call, []judge.Criterion{criterion(rule)}, "")
	if counted := model.Done(context.WithoutCancel(ctx), used); counted != nil {
		e.cfg.Log.WarnContext(ctx, "what a model was asked can't be counted", slog.Any("error", counted))
	}
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		e.cfg.Log.WarnContext(ctx, "a model could not be asked for an alert rule", slog.String("rule_id", a.RuleID), slog.Any("error", err))
		return nil // it is asked again some turns later
	}
	if len(scores) == 0 || scores[0].Verdict != ringside.VerdictFail || len(scores[0].Evidence) == 0 {
		return nil
	}
	return e.raise(ctx, call, rule, &scores[0])
}

// load gives the rule and the call; no rule when there is nothing to ask any
// more.
func (w *asker) load(ctx context.Context, a jobs.AskRule) (rule *ringside.AlertRule, call *ringside.Call, err error) {
	err = w.engine.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		row, err := store.AlertRule(ctx, tx, a.WorkspaceID, a.RuleID)
		if err != nil {
			return err
		}
		if call, err = store.Call(ctx, tx, a.WorkspaceID, a.CallID); err != nil {
			return err
		}
		standing, err := store.StandingAlerts(ctx, tx, a.WorkspaceID, a.CallID)
		for _, have := range standing {
			if have.RuleID == a.RuleID {
				return err // it is triggered, or a person has settled it
			}
		}
		if row.Active {
			rule = &row.AlertRule
		}
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, nil, nil
	}
	return rule, call, err
}

// criterion is a rule as a question to the model.
func criterion(r *ringside.AlertRule) judge.Criterion {
	return judge.Criterion{
		Key: "alert", Name: r.Name, Type: judge.Enum, Options: []string{"no", "yes"}, Passing: []string{"no"},
		Description: "The call is still going on. Somebody is to be told at once when this is so: " + r.Condition.Prompt +
			"\nAnswer yes when what was said so far clearly shows it, and quote the words; otherwise no.",
	}
}

// raise opens an alert of what the model found. The call's owner closes it when
// the call ends, unless it has ended before it heard of the alert.
func (e *Engine) raise(ctx context.Context, c *ringside.Call, r *ringside.AlertRule, s *ringside.Score) error {
	now := moment(time.Now())
	a := &ringside.Alert{
		ID: ringside.NewID("alert", now), Call: c.ID, AgentID: agentOf(c), RuleID: r.ID, RuleName: r.Name, Type: ringside.AlertCustom,
		Severity: r.Severity, Status: ringside.AlertTriggered, Message: clean(s.Reason, maxWords), Turn: &s.Evidence[0].Turn,
		Quote: clean(s.Evidence[0].Quote, maxWords), AtMS: max(0, now.Sub(c.Sort()).Milliseconds()), TriggeredAt: now,
	}
	if c.Ended() {
		a = resolved(a, ringside.ByCallEnd, now)
	}
	if err := e.keepNow(ctx, c.WorkspaceID, a); err != nil {
		return err
	}
	return e.closeEnded(ctx, c.ID)
}

// keepNow stores an alert that came of a job, and shows it when it is new.
func (e *Engine) keepNow(ctx context.Context, workspace string, a *ringside.Alert) error {
	one := &entry{workspace: workspace, alert: a, opened: !a.Lifted(), tell: e.of(workspace).tells(a.RuleID)}
	err := e.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return e.keeper.keep(ctx, tx, []*entry{one}) })
	if err != nil {
		return fmt.Errorf("store alert: %w", err)
	}
	e.keeper.show(ctx, []*entry{one})
	if e.cfg.Raise != nil && one.kept && a.Open() {
		e.cfg.Raise(a)
	}
	return nil
}
