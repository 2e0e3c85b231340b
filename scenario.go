package ringside

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Scenario is a conversation that is played as simulated calls, by hand or on a
// schedule, and what its calls must come to. A script plays both sides: it tries
// the rules, alerts and webhooks here, not the voice agent itself.
type Scenario struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Persona   string           `json:"persona" doc:"Who calls, in words; for people"`
	Goal      string           `json:"goal" doc:"What the caller wants, in words; for people"`
	Script    string           `json:"script" doc:"Conversations, written as the file that ringside simulate calls --scenario takes"`
	Behaviour string           `json:"behaviour" enum:"normal,frustrated,stuck,slow,failing_tool,silent,non_compliant" doc:"How every call of it goes"`
	Expect    ScenarioExpect   `json:"expect"`
	AgentID   string           `json:"agent_id" doc:"The agent whose calls they are shown as, so that its rules are tried; empty: an agent of the simulation's own. The agent itself is not called"`
	Calls     int              `json:"calls" doc:"How many calls a run holds at once"`
	Schedule  ScenarioSchedule `json:"schedule"`
	Active    bool             `json:"active" doc:"Whether the schedule holds"`
	CreatedAt time.Time        `json:"created_at"`
	UpdatedAt time.Time        `json:"updated_at"`
}

// ScenarioExpect is what makes a run pass: every call of it must meet all that
// is set.
type ScenarioExpect struct {
	EndedBy          EndedBy       `json:"ended_by,omitempty" enum:"agent,customer,operator,provider,system" doc:"Who must end the call"`
	MustSay          []string      `json:"must_say,omitempty" doc:"Phrases that the agent must say"`
	MustNotSay       []string      `json:"must_not_say,omitempty" doc:"Phrases that the agent must not say"`
	Tools            []string      `json:"tools,omitempty" doc:"Tools that must be called without an error"`
	Alerts           []AlertType   `json:"alerts,omitempty" doc:"Types of alerts that must be triggered"`
	NoFindings       []FindingKind `json:"no_findings,omitempty" doc:"Kinds of findings that there must not be"`
	MinQuality       *float64      `json:"min_quality,omitempty" doc:"Least quality score, 0 to 100"`
	MaxResponseP95MS *float64      `json:"max_response_p95_ms,omitempty" doc:"Longest 95th percentile of the agent's response times, in ms; unknown under 10 responses"`
	Success          *bool         `json:"success,omitempty" doc:"Whether the call must do what it was for, as a language model reads it; unknown where none has"`
}

// What a scenario may hold at most.
const (
	maxScenarioName = 200
	maxScenarioText = 2000
	// MaxScenarioScript is how long a script may be, in bytes.
	MaxScenarioScript = 64 << 10
	// MaxScenarioCalls is how many calls one run may hold.
	MaxScenarioCalls = 50
	// MaxSimulated is how many calls the runs of a workspace may hold at once.
	MaxSimulated = 50
	// MaxScenarios is how many scenarios a workspace may have.
	MaxScenarios      = 200
	maxExpected       = 20
	maxExpectedPhrase = 200
)

// Validate says what is wrong with a scenario, pointing at the field. Its script
// is read by who plays it.
func (s *Scenario) Validate() error {
	switch {
	case !named(s.Name, maxScenarioName):
		return Invalidf("/name", "is a name of 1 to %d characters", maxScenarioName)
	case utf8.RuneCountInString(s.Persona) > maxScenarioText:
		return Invalidf("/persona", "has more than %d characters", maxScenarioText)
	case utf8.RuneCountInString(s.Goal) > maxScenarioText:
		return Invalidf("/goal", "has more than %d characters", maxScenarioText)
	case len(s.Script) > MaxScenarioScript:
		return Invalidf("/script", "has more than %d bytes", MaxScenarioScript)
	case s.Calls < 1 || s.Calls > MaxScenarioCalls:
		return Invalidf("/calls", "is a number from 1 to %d", MaxScenarioCalls)
	}
	if err := s.Expect.validate(); err != nil {
		return err
	}
	return s.Schedule.validate()
}

func (e *ScenarioExpect) validate() error {
	for field, list := range map[string][]string{"must_say": e.MustSay, "must_not_say": e.MustNotSay, "tools": e.Tools} {
		if len(list) > maxExpected {
			return Invalidf("/expect/"+field, "holds more than %d", maxExpected)
		}
		for i, v := range list {
			if strings.TrimSpace(v) == "" || utf8.RuneCountInString(v) > maxExpectedPhrase {
				return Invalidf("/expect/"+field+"/"+strconv.Itoa(i), "is a text of 1 to %d characters", maxExpectedPhrase)
			}
		}
	}
	for i, t := range e.Alerts {
		if !slices.Contains(AlertTypes, t) {
			return Invalidf("/expect/alerts/"+strconv.Itoa(i), "%q is not a type of alert", t)
		}
	}
	for i, k := range e.NoFindings {
		if !slices.Contains(FindingKinds, k) {
			return Invalidf("/expect/no_findings/"+strconv.Itoa(i), "%q is not a kind of finding", k)
		}
	}
	if e.EndedBy != "" && (endedByWords[e.EndedBy] == "" || e.EndedBy == EndedByUnknown) {
		return Invalidf("/expect/ended_by", "%q is not agent, customer, operator, provider or system", e.EndedBy)
	}
	if e.MinQuality != nil && !within(*e.MinQuality, 0, 100) {
		return Invalidf("/expect/min_quality", "is a score from 0 to 100")
	}
	if e.MaxResponseP95MS != nil && !within(*e.MaxResponseP95MS, 1, 600_000) {
		return Invalidf("/expect/max_response_p95_ms", "is a number of milliseconds from 1 to 600000")
	}
	return nil
}
