package jobs

import "github.com/riverqueue/river"

// PlayScenario asks for a run of a scenario to be played.
type PlayScenario struct {
	WorkspaceID string `json:"workspace_id"`
	ScenarioID  string `json:"scenario_id"`
	RunID       string `json:"run_id"`
}

// Kind implements river.JobArgs.
func (PlayScenario) Kind() string { return "play_scenario" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (PlayScenario) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 8, Queue: QueueScenarios}
}

// JudgeScenario asks whether the calls of a run came to what was expected, once
// they have been analysed.
type JudgeScenario PlayScenario

// Kind implements river.JobArgs.
func (JudgeScenario) Kind() string { return "judge_scenario" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (JudgeScenario) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 8} }

// LookAtScenarios asks for the scenarios that are due to be played, and for runs
// whose process ended to be settled.
type LookAtScenarios struct{}

// Kind implements river.JobArgs.
func (LookAtScenarios) Kind() string { return "look_at_scenarios" }
