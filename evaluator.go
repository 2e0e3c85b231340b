package ringside

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Evaluator judges calls: by a scorecard, or by criteria that have a name and
// no more. It does so when somebody asks, and by itself for the calls of some
// agents.
type Evaluator struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	ScorecardID  string    `json:"scorecard_id" doc:"Empty when it goes by criteria"`
	Criteria     []string  `json:"criteria" doc:"In place of a scorecard: Follow Instructions, Problem Resolution, Professionalism; each weighs the same"`
	Model        string    `json:"model" doc:"Which language model is asked; the workspace's for scores when empty"`
	AgentIDs     []string  `json:"agent_ids" doc:"Whose calls are evaluated by themselves after they end; all: every agent's"`
	SamplingRate float64   `json:"sampling_rate" doc:"0 to 1: how many of those calls"`
	Enabled      bool      `json:"enabled" doc:"Whether it evaluates calls by itself"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// AllAgents in an evaluator's agents stands for every agent.
const AllAgents = "all"

// What an evaluator may hold at most.
const (
	maxEvaluatorAgents = 1000
	maxModelName       = 200
)

// Validate says what is wrong with an evaluator, pointing at the field.
func (e *Evaluator) Validate() error {
	switch {
	case !named(e.Name, maxScorecardName):
		return Invalidf("/name", "is a name of 1 to %d characters", maxScorecardName)
	case (e.ScorecardID == "") == (len(e.Criteria) == 0):
		return Invalidf("/scorecard_id", "or criteria: an evaluator goes by one of the two")
	case len(e.Criteria) > maxCriteria:
		return Invalidf("/criteria", "holds more than %d", maxCriteria)
	case e.Model != "" && (strings.TrimSpace(e.Model) != e.Model || !named(e.Model, maxModelName)):
		return Invalidf("/model", "is not the name of a model: %d characters at most, without blanks around", maxModelName)
	case !within(e.SamplingRate, 0, 1):
		return Invalidf("/sampling_rate", "%v is not between 0 and 1", e.SamplingRate)
	case len(e.AgentIDs) > maxEvaluatorAgents:
		return Invalidf("/agent_ids", "holds more than %d", maxEvaluatorAgents)
	}
	seen := map[string]bool{}
	for i, name := range e.Criteria {
		at, key := "/criteria/"+strconv.Itoa(i), CriterionKey(name)
		switch {
		case key == "" || !named(name, maxCriterionName):
			return Invalidf(at, "is a name of 1 to %d characters with a letter in it", maxCriterionName)
		case seen[key]:
			return Invalidf(at, "%q stands twice", name)
		}
		seen[key] = true
	}
	return nil
}

// Picks tells whether an ended call of an agent is one that the evaluator
// evaluates by itself. Of the same call it always says the same.
func (e *Evaluator) Picks(agent string, call CallID) bool {
	if !e.Enabled || !slices.Contains(e.AgentIDs, AllAgents) && (agent == "" || !slices.Contains(e.AgentIDs, agent)) {
		return false
	}
	h := sha256.New()
	h.Write(call[:])
	h.Write([]byte(e.ID))
	return float64(binary.BigEndian.Uint64(h.Sum(nil)))/math.MaxUint64 < e.SamplingRate || e.SamplingRate >= 1
}
