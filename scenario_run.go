package ringside

import "time"

// ScenarioRun is one time that a scenario was played, with what came of it.
type ScenarioRun struct {
	ID           string         `json:"id"`
	ScenarioID   string         `json:"scenario_id"`
	ScenarioName string         `json:"scenario_name" doc:"As it was called then"`
	State        ScenarioState  `json:"state" enum:"queued,running,judging,done,cut_off,skipped"`
	Result       ScenarioResult `json:"result" enum:"passed,failed,unknown" doc:"failed when any call failed, passed when every call passed, else unknown; unknown until it is done"`
	Reason       string         `json:"reason,omitempty" doc:"Why it was cut off or skipped"`
	Scheduled    bool           `json:"scheduled" doc:"The schedule began it, and no person"`
	By           string         `json:"by,omitempty" doc:"Who began it"`
	Wanted       int            `json:"wanted" doc:"How many calls it was to hold"`
	Calls        []ScenarioCall `json:"calls" doc:"The calls that it held"`
	Expect       ScenarioExpect `json:"expect" doc:"As the scenario said then"`
	CreatedAt    time.Time      `json:"created_at"`
	StartedAt    *time.Time     `json:"started_at"`
	EndedAt      *time.Time     `json:"ended_at" doc:"When its result was known, or it was cut off"`
}

// ScenarioCall is one call of a run.
type ScenarioCall struct {
	Name   string          `json:"name" doc:"The call's id in the live API"`
	CallID *CallID         `json:"call_id" doc:"null when the call never began"`
	Result ScenarioResult  `json:"result" enum:"passed,failed,unknown"`
	Checks []ScenarioCheck `json:"checks" doc:"One for each thing that was expected; empty until it is judged"`
}

// ScenarioCheck is whether a call came to one thing that was expected.
type ScenarioCheck struct {
	Expected string         `json:"expected" doc:"The field of expect, and which of several: must_say/0"`
	Result   ScenarioResult `json:"result" enum:"passed,failed,unknown"`
	Reason   string         `json:"reason" doc:"In a sentence"`
}

// ScenarioState is how far a run is.
type ScenarioState string

// The states. Judging waits for the analysis of the calls. Cut off is a run
// whose process ended under it; skipped one that was due and not begun.
const (
	RunQueued  ScenarioState = "queued"
	RunRunning ScenarioState = "running"
	RunJudging ScenarioState = "judging"
	RunDone    ScenarioState = "done"
	RunCutOff  ScenarioState = "cut_off"
	RunSkipped ScenarioState = "skipped"
)

// ScenarioResult is what a run, a call or a check came to.
type ScenarioResult string

// The results.
const (
	ScenarioPassed  ScenarioResult = "passed"
	ScenarioFailed  ScenarioResult = "failed"
	ScenarioUnknown ScenarioResult = "unknown"
)

// Sum puts results together: one that failed fails all, all must have passed.
func Sum(all []ScenarioResult) ScenarioResult {
	out := ScenarioPassed
	for _, r := range all {
		switch r {
		case ScenarioFailed:
			return ScenarioFailed
		case ScenarioUnknown:
			out = ScenarioUnknown
		}
	}
	if len(all) == 0 {
		return ScenarioUnknown
	}
	return out
}
