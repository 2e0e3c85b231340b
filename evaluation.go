package ringside

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// EvaluationStatus is how far an evaluation is.
type EvaluationStatus string

// The statuses. A running one whose process dies runs again.
const (
	EvaluationQueued  EvaluationStatus = "queued"
	EvaluationRunning EvaluationStatus = "running"
	EvaluationDone    EvaluationStatus = "done"
	EvaluationFailed  EvaluationStatus = "failed"
)

// Finished tells whether there is no more to come.
func (s EvaluationStatus) Finished() bool { return s == EvaluationDone || s == EvaluationFailed }

// EvaluationTrigger is why a call was evaluated.
type EvaluationTrigger string

// The triggers: somebody asked for one call, or for all that a filter means;
// the evaluator did it by itself, or the settings of the call's agent had it
// done; a program asked over the observability API.
const (
	TriggerManual    EvaluationTrigger = "manual"
	TriggerFilter    EvaluationTrigger = "filter"
	TriggerAutomatic EvaluationTrigger = "automatic"
	TriggerAPI       EvaluationTrigger = "api"
)

// Evaluation is one judgement of one call by one evaluator, or by the scorecard
// of the call's agent. Once done it stays
// as it is.
type Evaluation struct {
	ID               string            `json:"id"`
	CallID           CallID            `json:"call_id"`
	EvaluatorID      string            `json:"evaluator_id" doc:"Empty when the settings of the call's agent name the scorecard"`
	EvaluatorName    string            `json:"evaluator_name" doc:"As it was called then"`
	ScorecardID      string            `json:"scorecard_id" doc:"Empty when the evaluator goes by criteria"`
	ScorecardVersion int               `json:"scorecard_version" doc:"0 when the evaluator goes by criteria"`
	ScorecardName    string            `json:"scorecard_name" doc:"As it was called then"`
	RunID            string            `json:"run_id,omitempty" doc:"Names those that one request asked for together"`
	Trigger          EvaluationTrigger `json:"trigger" enum:"manual,filter,automatic,api"`
	Status           EvaluationStatus  `json:"status" enum:"queued,running,done,failed"`
	Reason           string            `json:"reason" doc:"Why it failed; why it waits to be tried again; what limits the result"`
	Attempts         int               `json:"attempts" doc:"How often it was begun"`
	Verdict          Verdict           `json:"verdict,omitempty" enum:"pass,fail,unknown" doc:"Left out until it is done"`
	Score            *float64          `json:"score" doc:"0 to 100; null until it is done, and when nothing could be judged"`
	Coverage         *float64          `json:"coverage" doc:"0 to 1: the weight of what could be judged; null until it is done"`
	Model            string            `json:"model,omitempty" doc:"The language model that was asked; left out when none was"`
	PromptHash       string            `json:"prompt_hash,omitempty"`
	CreatedAt        time.Time         `json:"created_at"`
	FinishedAt       *time.Time        `json:"finished_at"`

	Result *ScorecardResult `json:"result,omitempty" doc:"Left out in lists, and until it is done"`
	Scores []Score          `json:"scores,omitempty" doc:"With reasons and evidence; left out in lists"`
	Usage  *Usage           `json:"usage,omitempty" doc:"What the language model's reading took; left out in lists, and when none was asked"`
}

// EvaluationID names the evaluation that comes of something by itself: asked
// for twice, it is one.
func EvaluationID(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return evaluationPrefix + "_" + idEncoding.EncodeToString(h.Sum(nil)[:16])
}

const evaluationPrefix = "eval"

// NewEvaluationID makes an id for an evaluation that somebody asked for.
func NewEvaluationID(at time.Time) string { return NewID(evaluationPrefix, at) }
