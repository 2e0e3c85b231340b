package alert

import (
	"slices"

	"github.com/ringsidehq/ringside"
)

// condition is how a rule looks at a call.
type condition struct {
	alert    ringside.AlertType // what its alerts are
	assessed bool               // it goes by the assessment
	find     func(*look) []hit  // nil: it is not told from one call at a moment
}

// conditions is every condition. To add one: a file with its function, a row
// here, a script in testdata.
var conditions = map[ringside.AlertConditionType]condition{
	ringside.ScoreThreshold: {ringside.AlertQualityDrop, true, quality},
	ringside.SentimentIs:    {ringside.AlertFrustration, true, sentiment},
	ringside.DurationIs:     {ringside.AlertLongCall, false, long},
	ringside.RequiredPhrase: {ringside.AlertCompliance, false, phrase},
	ringside.SensitiveData:  {ringside.AlertCompliance, true, sensitive},
	ringside.ToolError:      {ringside.AlertToolFailing, true, failing},
	ringside.ResponseTime:   {ringside.AlertSlowResponse, false, slow},
	ringside.Compliance:     {ringside.AlertCompliance, true, compliance},
	ringside.Frustration:    {ringside.AlertFrustration, true, frustration},
	ringside.Stuck:          {ringside.AlertStuck, true, stuck},
	ringside.DeadAir:        {ringside.AlertDeadAir, false, deadAir},
	ringside.CallError:      {ringside.AlertCallError, false, fault},
}

// builtIn is the rules that are on for every agent, with their defaults.
var builtIn = []ringside.AlertRule{
	of(ringside.AlertQualityDrop, "Quality drop", ringside.AlertHigh, ringside.AlertCondition{Type: ringside.ScoreThreshold, Operator: ringside.LessThan, Threshold: new(70.0)}),
	of(ringside.AlertCompliance, "Compliance issue", ringside.AlertCritical, ringside.AlertCondition{Type: ringside.Compliance}),
	of(ringside.AlertFrustration, "Customer frustration", ringside.AlertMedium, ringside.AlertCondition{Type: ringside.Frustration}),
	of(ringside.AlertStuck, "Agent stuck", ringside.AlertMedium, ringside.AlertCondition{Type: ringside.Stuck}),
	of(ringside.AlertDeadAir, "Dead air", ringside.AlertMedium, ringside.AlertCondition{Type: ringside.DeadAir, Threshold: new(10.0)}),
	of(ringside.AlertLongCall, "Long call", ringside.AlertLow, ringside.AlertCondition{Type: ringside.DurationIs, Operator: ringside.GreaterThan, Threshold: new(1800.0)}),
	of(ringside.AlertSlowResponse, "Slow responses", ringside.AlertMedium, ringside.AlertCondition{Type: ringside.ResponseTime, Operator: ringside.GreaterThan, Threshold: new(3.5), Consecutive: new(3)}),
	of(ringside.AlertToolFailing, "Tool failing", ringside.AlertHigh, ringside.AlertCondition{Type: ringside.ToolError, ConsecutiveFailures: new(3)}),
	of(ringside.AlertCallError, "Call error", ringside.AlertCritical, ringside.AlertCondition{Type: ringside.CallError}),
}

func of(t ringside.AlertType, name string, s ringside.AlertSeverity, c ringside.AlertCondition) ringside.AlertRule {
	return ringside.AlertRule{ID: string(t), Name: name, Severity: s, Condition: c, Agents: []string{}, Active: true, BuiltIn: true, Notifications: map[string]ringside.Values{}}
}

// BuiltIn gives a built-in rule as it came; nil when the id is none's.
func BuiltIn(id string) *ringside.AlertRule {
	i := slices.IndexFunc(builtIn, func(r ringside.AlertRule) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	r := builtIn[i]
	r.Agents, r.Notifications = []string{}, map[string]ringside.Values{}
	return &r
}

// All puts a workspace's stored rules together with the built-in ones that
// nobody has changed: first the built-in ones, in their order, then the team's.
func All(stored []*ringside.AlertRule) []*ringside.AlertRule {
	out := make([]*ringside.AlertRule, 0, len(builtIn)+len(stored))
	for i := range builtIn {
		r := BuiltIn(builtIn[i].ID)
		if j := slices.IndexFunc(stored, func(s *ringside.AlertRule) bool { return s.ID == r.ID }); j >= 0 {
			r = stored[j]
		}
		out = append(out, r)
	}
	for _, r := range stored {
		if !r.BuiltIn {
			out = append(out, r)
		}
	}
	return out
}

// Assessed tells whether a rule goes by the assessment of a call.
func Assessed(r *ringside.AlertRule) bool { return conditions[r.Condition.Type].assessed }
