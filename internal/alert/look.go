package alert

import (
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/live"
)

// settle is how long an alert stays open at least, and how long after it was
// over one of the same cause can't be triggered: alerts do not flap.
const settle = 15 * time.Second

// Rules are the rules of a workspace, looking at one call at a time.
type Rules []*ringside.AlertRule

// key tells apart what there is one alert of in a call.
type key struct{ rule, cause string }

// looking is one look at a call.
type looking struct {
	n     *live.Now
	out   []*ringside.Alert // one for each key: those that were, as they came, then the new ones
	at    map[key]int       // in out
	again time.Time
}

// Look gives the alerts of a call as they stand now, from those that were, and
// when to look again by itself. It changes nothing that it is given, and the
// same call looked at twice gives the same.
func (rs Rules) Look(n *live.Now) ([]*ringside.Alert, time.Time) {
	k := &looking{n: n, out: slices.Clone(n.Alerts), at: map[key]int{}}
	for i, a := range k.out {
		k.at[key{a.RuleID, a.Cause}] = i
	}
	held, stands := map[key]bool{}, map[string]bool{}
	for _, r := range rs {
		if r.Active && r.For(n.AgentID) {
			stands[r.ID] = true
			k.apply(r, held)
		}
	}
	for i, a := range k.out {
		switch {
		case !a.Open():
		case n.Ended:
			k.out[i] = resolved(a, ringside.ByCallEnd, n.At)
		case !stands[a.RuleID]:
			k.out[i] = resolved(a, ringside.ByRule, n.At)
		case !held[key{a.RuleID, a.Cause}]:
			k.over(i)
		}
	}
	if n.Ended {
		k.again = time.Time{}
	}
	return k.out, k.again
}

// apply has a rule look, and notes which alerts hold.
func (k *looking) apply(r *ringside.AlertRule, held map[key]bool) {
	find := conditions[r.Condition.Type].find
	if find == nil { // its alerts come and go elsewhere
		for _, a := range k.out {
			held[key{a.RuleID, a.Cause}] = held[key{a.RuleID, a.Cause}] || a.RuleID == r.ID
		}
		return
	}
	l := &look{Now: k.n, rule: r}
	for _, h := range find(l) {
		h.cause = clean(h.cause, maxCause)
		k.trigger(r, &h)
		held[key{r.ID, h.cause}] = true
	}
	k.again = sooner(k.again, l.again)
	if slices.ContainsFunc(k.out, func(a *ringside.Alert) bool { return a.RuleID == r.ID && a.Open() && !held[key{a.RuleID, a.Cause}] }) {
		for _, h := range find(&look{Now: k.n, rule: r, open: true}) {
			held[key{r.ID, clean(h.cause, maxCause)}] = true
		}
	}
}

// trigger opens an alert, unless there is one, or a person has said that it is
// settled.
func (k *looking) trigger(r *ringside.AlertRule, h *hit) {
	i, had := k.at[key{r.ID, h.cause}]
	if had {
		a := k.out[i]
		if !a.Lifted() {
			return
		}
		if wait := a.ResolvedAt.Add(settle); k.n.At.Before(wait) {
			k.again = sooner(k.again, wait)
			return
		}
	}
	a := &ringside.Alert{
		ID: ringside.NewID("alert", k.n.At), Call: k.n.Call.ID, AgentID: k.n.AgentID, RuleID: r.ID, RuleName: r.Name,
		Type: conditions[r.Condition.Type].alert, Cause: h.cause, Severity: h.severity, Status: ringside.AlertTriggered,
		Message: clean(h.message, maxWords), Turn: h.turn, Quote: clean(h.quote, maxWords), AtMS: max(0, k.n.Elapsed.Milliseconds()), TriggeredAt: moment(k.n.At),
	}
	if had {
		k.out[i] = a
		return
	}
	k.at[key{r.ID, h.cause}] = len(k.out)
	k.out = append(k.out, a)
}

// over resolves an alert of which nothing holds any more, or asks to come back
// when it has been open for long enough.
func (k *looking) over(i int) {
	a := k.out[i]
	if until := a.TriggeredAt.Add(settle); k.n.At.Before(until) {
		k.again = sooner(k.again, until)
		return
	}
	k.out[i] = resolved(a, ringside.ByRecovery, k.n.At)
}

// resolved is an alert that is over.
func resolved(a *ringside.Alert, by string, at time.Time) *ringside.Alert {
	b := *a
	b.Status, b.ResolvedAt, b.ResolvedBy = ringside.AlertResolved, new(moment(at)), by
	return &b
}

// moment is a time as it is stored.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
