package alert

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/store"
)

// Bounds of a backtest: the newest calls of the period, as many as there is time
// for.
const (
	maxTested   = 2000
	testedPage  = 100
	testWithin  = 40 * time.Second
	maxTestRows = 100
	// badQuality is the score below which a call counts as bad.
	badQuality = 60
)

// Draft is a rule to be tried on the calls of a period.
type Draft struct {
	Rule     *ringside.AlertRule
	From, To time.Time
	Agents   []string // ids; those of the rule when empty
}

// Backtest is what a rule would have done.
type Backtest struct {
	From    time.Time      `json:"from"`
	To      time.Time      `json:"to"`
	Calls   int            `json:"calls" doc:"Looked at"`
	LeftOut int            `json:"left_out" doc:"Older calls of the period that were not looked at"`
	Reason  string         `json:"left_out_reason,omitempty"`
	Fired   int            `json:"fired" doc:"Calls with an alert"`
	Alerts  int            `json:"alerts"`
	Marked  BacktestMarked `json:"marked" doc:"How that meets the calls that are marked bad: the success is false, a person's score is fail, or the quality is below 60"`
	Items   []BacktestCall `json:"items" doc:"Calls with an alert, newest first, 100 at most"`
	Missed  []BacktestCall `json:"missed" doc:"Calls that are marked bad without an alert, newest first, 100 at most"`
}

// BacktestMarked counts calls by whether they are marked bad and had an alert.
type BacktestMarked struct {
	Bad       int      `json:"bad"`
	BadFired  int      `json:"bad_fired"`
	Fine      int      `json:"fine" doc:"Calls that something is known of and that are not bad"`
	FineFired int      `json:"fine_fired"`
	Unknown   int      `json:"unknown" doc:"Calls of which nothing is known"`
	Precision *float64 `json:"precision" doc:"Of the marked calls with an alert, how many are bad, 0 to 1; null without any"`
	Recall    *float64 `json:"recall" doc:"Of the bad calls, how many had an alert, 0 to 1; null without any"`
}

// BacktestCall is a call of a backtest.
type BacktestCall struct {
	Call    BacktestRef     `json:"call"`
	Bad     []string        `json:"bad" doc:"Why it is marked bad: success_false, human_fail, quality_below_60; empty when it is not"`
	Alerts  []BacktestAlert `json:"alerts"`
	Guessed bool            `json:"times_guessed" doc:"Its turns have no times: the seconds are guessed"`
}

// BacktestRef names a call.
type BacktestRef struct {
	ID        ringside.CallID    `json:"id"`
	ShortID   string             `json:"short_id"`
	StartedAt time.Time          `json:"started_at"`
	Agent     *ringside.AgentRef `json:"agent"`
}

// BacktestAlert is when an alert would have come, and when it would have been
// over.
type BacktestAlert struct {
	Cause        string                 `json:"cause,omitempty"`
	Severity     ringside.AlertSeverity `json:"severity"`
	Message      string                 `json:"message"`
	Turn         *int                   `json:"turn"`
	Quote        string                 `json:"quote,omitempty"`
	AtMS         int64                  `json:"at_ms"`
	ResolvedAtMS int64                  `json:"resolved_at_ms"`
	ResolvedBy   string                 `json:"resolved_by"`
}

// test is a backtest under way.
type test struct {
	store     *store.Store
	workspace string
	draft     *Draft
	settings  map[string]*ringside.AgentSettings
	out       *Backtest
}

// Backtest has a rule look at stored calls again, as it would have while they
// were on.
func (e *Engine) Backtest(ctx context.Context, workspace string, d Draft) (*Backtest, error) {
	if conditions[d.Rule.Condition.Type].find == nil {
		return nil, ringside.Invalidf("/rule/condition/type", "%s is not told from one call by rule: it can't be tried on calls that were", d.Rule.Condition.Type)
	}
	if len(d.Agents) == 0 {
		d.Agents = d.Rule.Agents
	}
	if slices.Contains(d.Agents, ringside.AllAgents) {
		d.Agents = nil
	}
	rule := *d.Rule
	rule.Active, rule.Agents = true, nil // which calls it is about, the filter says
	d.Rule = &rule
	t := &test{e.cfg.Store, workspace, &d, map[string]*ringside.AgentSettings{}, &Backtest{
		From: d.From, To: d.To, Items: []BacktestCall{}, Missed: []BacktestCall{},
	}}
	end := time.Now().Add(testWithin)
	q := store.CallQuery{
		CallFilter: store.CallFilter{Workspace: workspace, StartedAfter: d.From, StartedBefore: d.To, Agents: d.Agents}, Sort: store.SortNewest, Limit: testedPage,
	}
	for t.out.Calls < maxTested {
		page, err := t.page(ctx, q)
		if err != nil {
			return nil, err
		}
		for i, it := range page.Items {
			if time.Now().After(end) {
				return t.done(page.Total-t.out.Calls, fmt.Sprintf("The time was up: %s for one test.", testWithin)), nil
			}
			if err := t.look(ctx, it.ID); err != nil {
				return nil, fmt.Errorf("test on call %d: %w", i, err)
			}
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return t.done(0, ""), nil
		}
		if t.out.Calls >= maxTested {
			return t.done(page.Total-t.out.Calls, fmt.Sprintf("A test is over the newest %d calls of the period.", maxTested)), nil
		}
	}
	return t.done(0, ""), nil
}

func (t *test) page(ctx context.Context, q store.CallQuery) (page *store.CallPage, err error) {
	err = t.store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		page, err = t.store.ListCalls(ctx, tx, q)
		return err
	})
	return page, err
}

// look tries the rule on one call.
func (t *test) look(ctx context.Context, id ringside.CallID) error {
	var c *ringside.Call
	err := t.store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if c, err = store.Call(ctx, tx, t.workspace, id); err != nil {
			return err
		}
		return t.know(ctx, tx, c)
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	agent := agentOf(c)
	replay := live.NewReplay(Trial{t.draft.Rule}, t.settings[agent])
	replay.Assess = Assessed(t.draft.Rule)
	t.count(c, replay.Past(c, agent))
	return nil
}

func agentOf(c *ringside.Call) string {
	if c.Agent == nil {
		return ""
	}
	return c.Agent.ID
}

// know loads the settings of a call's agent, once.
func (t *test) know(ctx context.Context, tx store.Tx, c *ringside.Call) error {
	agent := agentOf(c)
	if t.settings[agent] != nil || agent == "" {
		return nil
	}
	a, err := store.Agent(ctx, tx, t.workspace, agent)
	switch {
	case ringside.KindOf(err) == ringside.NotFound:
		t.settings[agent] = &ringside.AgentSettings{}
	case err != nil:
		return err
	default:
		t.settings[agent] = &a.Settings
	}
	return nil
}

// count adds what a call came to.
func (t *test) count(c *ringside.Call, alerts []*ringside.Alert) {
	o, m := t.out, &t.out.Marked
	bad, known := marked(c)
	fired := len(alerts) > 0
	o.Calls++
	o.Alerts += len(alerts)
	one := map[bool]int{true: 1}[fired]
	o.Fired += one
	switch {
	case len(bad) > 0:
		m.Bad, m.BadFired = m.Bad+1, m.BadFired+one
	case known:
		m.Fine, m.FineFired = m.Fine+1, m.FineFired+one
	default:
		m.Unknown++
	}
	row := BacktestCall{Call: BacktestRef{c.ID, c.ShortID, c.Sort(), c.Agent}, Bad: bad, Alerts: []BacktestAlert{}, Guessed: !live.Told(c)}
	for _, a := range alerts {
		row.Alerts = append(row.Alerts, BacktestAlert{
			a.Cause, a.Severity, a.Message, a.Turn, a.Quote, a.AtMS, a.AtMS + a.ResolvedAt.Sub(a.TriggeredAt).Milliseconds(), a.ResolvedBy,
		})
	}
	switch {
	case fired && len(o.Items) < maxTestRows:
		o.Items = append(o.Items, row)
	case !fired && len(bad) > 0 && len(o.Missed) < maxTestRows:
		o.Missed = append(o.Missed, row)
	}
}

// marked tells why a call is marked bad, and whether anything is known of it.
func marked(c *ringside.Call) (bad []string, known bool) {
	bad = []string{}
	if s := c.Outcome.Success; s != nil {
		if known = true; !*s {
			bad = append(bad, "success_false")
		}
	}
	failed := func(s ringside.Score) bool {
		return s.Method == ringside.MethodHuman && s.Verdict == ringside.VerdictFail
	}
	if slices.ContainsFunc(c.Scores, failed) {
		bad = append(bad, "human_fail")
	}
	if q := c.Quality; q != nil && q.Score != nil {
		if known = true; *q.Score < badQuality {
			bad = append(bad, "quality_below_60")
		}
	}
	return bad, known || len(bad) > 0
}

// done works out the shares.
func (t *test) done(leftOut int, reason string) *Backtest {
	o, m := t.out, &t.out.Marked
	if o.LeftOut = max(0, leftOut); o.LeftOut > 0 {
		o.Reason = reason
	}
	m.Precision, m.Recall = share(m.BadFired, m.BadFired+m.FineFired), share(m.BadFired, m.Bad)
	return o
}

func share(n, of int) *float64 {
	if of == 0 {
		return nil
	}
	return new(float64(n) / float64(of))
}
