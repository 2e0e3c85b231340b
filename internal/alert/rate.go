package alert

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// rateCalls is how many ended calls a rate is taken of at least: of fewer it
	// tells nothing.
	rateCalls = 10
	// rateSlack is how far the rate must come back, as a share of the threshold.
	rateSlack = 0.2
)

// rates looks, once a minute, at how many of the calls of a time failed. It is
// the one condition that is about many calls: its alert points at the newest that
// failed, and is over when the rate is, or when there is no such rule any more.
type rates struct {
	river.WorkerDefaults[jobs.WatchRates]

	engine *Engine
}

// Work implements river.Worker.
func (w *rates) Work(ctx context.Context, _ *river.Job[jobs.WatchRates]) error {
	if err := w.lift(ctx); err != nil {
		return err
	}
	w.engine.mu.RLock()
	all := w.engine.rules
	w.engine.mu.RUnlock()
	for workspace, rules := range all {
		for _, r := range rules {
			if r.Condition.Type != ringside.ErrorRate || !r.Active {
				continue
			}
			if err := w.look(ctx, workspace, r); err != nil {
				w.engine.cfg.Log.WarnContext(ctx, "an error rate can't be taken", slog.String("rule_id", r.ID), slog.Any("error", err))
			}
		}
	}
	return nil
}

// lift resolves the alerts whose rule is gone, switched off, or not about the
// agent of their call any more. Those of calls that are on are Look's.
func (w *rates) lift(ctx context.Context) error {
	var open map[string][]*store.AlertRow
	err := w.engine.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		open, err = store.OpenRates(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for workspace, all := range open {
		rules := w.engine.of(workspace)
		for _, a := range all {
			agent := ""
			if a.Of.Agent != nil {
				agent = a.Of.Agent.ID
			}
			stands := slices.ContainsFunc(rules, func(r *ringside.AlertRule) bool {
				return r.ID == a.RuleID && r.Condition.Type == ringside.ErrorRate && r.Active && r.For(agent)
			})
			if stands {
				continue
			}
			if err := w.engine.keepNow(ctx, workspace, resolved(&a.Alert, ringside.ByRule, time.Now())); err != nil {
				return err
			}
		}
	}
	return nil
}

// look compares a rule's rate with its threshold.
func (w *rates) look(ctx context.Context, workspace string, r *ringside.AlertRule) error {
	now := moment(time.Now())
	var rate store.CallRate
	var last *store.AlertRow
	err := w.engine.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if rate, err = store.ErrorRate(ctx, tx, workspace, agentsOf(r), now.Add(-r.Condition.Window())); err != nil {
			return err
		}
		page, err := store.Alerts(ctx, tx, store.AlertFilter{Workspace: workspace, Rules: []string{r.ID}}, "", 1)
		if err == nil && len(page.Items) > 0 {
			last = page.Items[0]
		}
		return err
	})
	if err != nil {
		return err
	}
	a := judgeRate(r, rate, last, now)
	if a == nil {
		return nil
	}
	return w.engine.keepNow(ctx, workspace, a)
}

func agentsOf(r *ringside.AlertRule) []string {
	if r.For("") { // empty, or all
		return nil
	}
	return r.Agents
}

// judgeRate gives the alert that a rate opens or resolves; nil when nothing
// changes. What a person has resolved does not come again while the window of
// that time lasts.
func judgeRate(r *ringside.AlertRule, rate store.CallRate, last *store.AlertRow, now time.Time) *ringside.Alert {
	share := 0.0
	if rate.Ended > 0 {
		share = float64(rate.Failed) / float64(rate.Ended)
	}
	open := last != nil && last.Open()
	switch {
	case open && !r.Condition.Meets(share, *r.Condition.Threshold*rateSlack):
		return resolved(&last.Alert, ringside.ByRecovery, now)
	case open || rate.Ended < rateCalls || rate.Failed == 0 || !r.Condition.Meets(share, 0):
		return nil
	case last != nil && !last.Lifted() && now.Before(last.ResolvedAt.Add(r.Condition.Window())):
		return nil
	}
	return &ringside.Alert{
		ID: ringside.NewID("alert", now), Call: rate.Newest, AgentID: rate.Agent, RuleID: r.ID, RuleName: r.Name, Type: ringside.AlertCallError,
		Cause: store.RateCause, Severity: r.Severity, Status: ringside.AlertTriggered, TriggeredAt: now,
		Message: fmt.Sprintf("%d of %d calls failed within %s: %.0f %%. This is the newest of them.", rate.Failed, rate.Ended, r.Condition.TimeWindow, 100*share),
	}
}
