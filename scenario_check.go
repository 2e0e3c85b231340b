package ringside

import (
	"fmt"
	"slices"
	"strings"
)

// Check holds an analysed call, with the alerts of it, against what is expected.
// A scenario that expects nothing passes when its call has ended.
func (e *ScenarioExpect) Check(c *Call, alerts []AlertType) (ScenarioResult, []ScenarioCheck) {
	k := &checking{checks: []ScenarioCheck{}}
	if !c.Status.Ended() {
		k.add("ended", ScenarioUnknown, "The call has no end that Ringside knows of.")
		return k.result(), k.checks
	}
	k.ending(e, c)
	k.words(e, c)
	k.tools(e, c)
	for i, t := range e.Alerts {
		name := strings.ReplaceAll(string(t), "_", " ")
		k.hold(fmt.Sprintf("alerts/%d", i), slices.Contains(alerts, t), "An alert “"+name+"” was triggered.", "No alert “"+name+"” was triggered.")
	}
	for i, kind := range e.NoFindings {
		k.finding(fmt.Sprintf("no_findings/%d", i), kind, c)
	}
	k.figures(e, c)
	if len(k.checks) == 0 {
		return ScenarioPassed, k.checks
	}
	return k.result(), k.checks
}

type checking struct{ checks []ScenarioCheck }

func (k *checking) add(what string, r ScenarioResult, reason string) {
	k.checks = append(k.checks, ScenarioCheck{what, r, reason})
}

// hold adds a check that is settled, with the reason for either way.
func (k *checking) hold(what string, so bool, yes, no string) {
	if so {
		k.add(what, ScenarioPassed, yes)
		return
	}
	k.add(what, ScenarioFailed, no)
}

func (k *checking) result() ScenarioResult {
	var all []ScenarioResult
	for _, c := range k.checks {
		all = append(all, c.Result)
	}
	return Sum(all)
}

func (k *checking) ending(e *ScenarioExpect, c *Call) {
	switch by := c.Outcome.EndedBy; {
	case e.EndedBy == "":
	case by == EndedByUnknown || by == "":
		k.add("ended_by", ScenarioUnknown, "Nobody says who ended the call.")
	default:
		k.hold("ended_by", by == e.EndedBy, endedByWords[by], endedByWords[by])
	}
	switch read := c.Judge != nil; {
	case e.Success == nil:
	case !read || c.Outcome.Success == nil:
		k.add("success", ScenarioUnknown, "Only a language model can tell, and none has read the call.")
	default:
		k.hold("success", *c.Outcome.Success == *e.Success,
			"The call's outcome is as expected.", "The call's outcome is the other one.")
	}
}

// words looks for phrases among what the agent said, whatever their case and
// spacing.
func (k *checking) words(e *ScenarioExpect, c *Call) {
	said := -1
	find := func(phrase string) bool {
		said = slices.IndexFunc(c.Turns, func(t Turn) bool { return t.Role == RoleAgent && strings.Contains(plain(t.Text), plain(phrase)) })
		return said >= 0
	}
	for i, p := range e.MustSay {
		found := find(p)
		k.hold(fmt.Sprintf("must_say/%d", i), found, fmt.Sprintf("The agent said “%s” in turn %d.", p, said+1), "The agent never said “"+p+"”.")
	}
	for i, p := range e.MustNotSay {
		found := find(p)
		k.hold(fmt.Sprintf("must_not_say/%d", i), !found, "The agent never said “"+p+"”.", fmt.Sprintf("The agent said “%s” in turn %d.", p, said+1))
	}
}

func plain(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

func (k *checking) tools(e *ScenarioExpect, c *Call) {
	for i, name := range e.Tools {
		what, called, failed := fmt.Sprintf("tools/%d", i), false, ""
		done := slices.ContainsFunc(c.ToolCalls, func(t ToolCall) bool {
			if t.Name != name {
				return false
			}
			called = true
			if t.Error != "" {
				failed = t.Error
			}
			return t.Error == "" && t.Done()
		})
		no := "The tool " + name + " was not called."
		if called {
			no = "The tool " + name + " was called without success."
		}
		if failed != "" {
			no = "The tool " + name + " failed: " + failed
		}
		k.hold(what, done, "The tool "+name+" was called.", no)
	}
}

func (k *checking) finding(what string, kind FindingKind, c *Call) {
	i := slices.IndexFunc(c.Findings, func(f Finding) bool { return f.Kind == kind })
	name := strings.ReplaceAll(string(kind), "_", " ")
	if i < 0 {
		k.add(what, ScenarioPassed, "Nothing of the kind “"+name+"” was found.")
		return
	}
	k.add(what, ScenarioFailed, "Found: "+c.Findings[i].Detail)
}

func (k *checking) figures(e *ScenarioExpect, c *Call) {
	if least := e.MinQuality; least != nil {
		if c.Quality == nil || c.Quality.Score == nil {
			k.add("min_quality", ScenarioUnknown, "The call has no quality score.")
		} else {
			words := fmt.Sprintf("The quality score is %.0f; at least %.0f is expected.", *c.Quality.Score, *least)
			k.hold("min_quality", *c.Quality.Score >= *least, words, words)
		}
	}
	if most := e.MaxResponseP95MS; most != nil {
		m := c.Analysis.Measured
		if m == nil || m.ResponseP95MS == nil {
			k.add("max_response_p95_ms", ScenarioUnknown, "The call has under 10 responses to take a 95th percentile of.")
			return
		}
		words := fmt.Sprintf("The 95th percentile of the response times is %.0f ms; at most %.0f ms is expected.", *m.ResponseP95MS, *most)
		k.hold("max_response_p95_ms", *m.ResponseP95MS <= *most, words, words)
	}
}
