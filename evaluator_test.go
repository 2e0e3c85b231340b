package ringside_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
)

func TestEvaluatorRefusesAndPoints(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		at    string
		spoil func(e *ringside.Evaluator)
	}{
		{"", func(*ringside.Evaluator) {}},
		{"/name", func(e *ringside.Evaluator) { e.Name = "\n" }},
		{"/scorecard_id", func(e *ringside.Evaluator) { e.ScorecardID = "scorecard_x" }},
		{"/scorecard_id", func(e *ringside.Evaluator) { e.Criteria = nil }},
		{"/criteria", func(e *ringside.Evaluator) { e.Criteria = make([]string, 51) }},
		{"/criteria/1", func(e *ringside.Evaluator) { e.Criteria[1] = "!" }},
		{"/criteria/1", func(e *ringside.Evaluator) { e.Criteria[1] = "follow  INSTRUCTIONS" }},
		{"/model", func(e *ringside.Evaluator) { e.Model = " qwen3" }},
		{"/model", func(e *ringside.Evaluator) { e.Model = "qwen3\x00" }},
		{"/sampling_rate", func(e *ringside.Evaluator) { e.SamplingRate = 1.01 }},
		{"/agent_ids", func(e *ringside.Evaluator) { e.AgentIDs = make([]string, 1001) }},
	} {
		e := &ringside.Evaluator{Name: "Weekly", Criteria: []string{"Follow Instructions", "Professionalism"}, SamplingRate: 0.5}
		tc.spoil(e)
		err := e.Validate()
		if tc.at == "" && err != nil || tc.at != "" && (err == nil || !strings.HasPrefix(err.Error(), tc.at+": ")) {
			t.Errorf("%s: %v", tc.at, err)
		}
	}
}

func TestSamplingPicksItsShareAndStaysWithIt(t *testing.T) {
	t.Parallel()
	e := &ringside.Evaluator{ID: "evaluator_a", AgentIDs: []string{"agent_a"}, SamplingRate: 0.2, Enabled: true}
	other := *e
	other.ID = "evaluator_b"
	picked, both := 0, 0
	const calls = 20_000
	for i := range calls {
		id := ringside.NewCallID("ws", "acme", fmt.Sprint(i))
		one := e.Picks("agent_a", id)
		if one != e.Picks("agent_a", id) {
			t.Fatalf("call %d is picked and is not", i)
		}
		if one {
			picked++
			if other.Picks("agent_a", id) {
				both++
			}
		}
	}
	// Within five standard deviations; two evaluators pick for themselves.
	if picked < 3717 || picked > 4283 || both < 660 || both > 940 {
		t.Errorf("of %d calls %d are picked, %d of them by both", calls, picked, both)
	}
}

func TestWhoseCallsAreEvaluated(t *testing.T) {
	t.Parallel()
	id := ringside.NewCallID("ws", "acme", "1")
	for _, tc := range []struct {
		agents  []string
		rate    float64
		enabled bool
		agent   string
		want    bool
	}{
		{[]string{"agent_a"}, 1, true, "agent_a", true},
		{[]string{"agent_a"}, 1, true, "agent_b", false},
		{[]string{"agent_a"}, 1, true, "", false},
		{[]string{"agent_a"}, 1, false, "agent_a", false},
		{[]string{"agent_a"}, 0, true, "agent_a", false},
		{[]string{"all"}, 1, true, "agent_b", true},
		{[]string{"all"}, 1, true, "", true},
		{nil, 1, true, "", false},
	} {
		e := &ringside.Evaluator{ID: "evaluator_a", AgentIDs: tc.agents, SamplingRate: tc.rate, Enabled: tc.enabled}
		if got := e.Picks(tc.agent, id); got != tc.want {
			t.Errorf("%+v: %t", tc, got)
		}
	}
}

func TestIDsAsUUIDs(t *testing.T) {
	t.Parallel()
	made, derived := ringside.NewEvaluationID(time.Now()), ringside.EvaluationID("a", "b")
	for _, id := range []string{made, derived} {
		uuid := ringside.IDAsUUID(id)
		if len(uuid) != 36 || strings.Count(uuid, "-") != 4 || ringside.IDFromUUID("eval", uuid) != id || ringside.IDFromUUID("eval", id) != id {
			t.Errorf("%s is %s", id, uuid)
		}
	}
	if derived != ringside.EvaluationID("a", "b") || derived == ringside.EvaluationID("ab", "") || ringside.IDAsUUID("eval_short") != "eval_short" {
		t.Error("an id is not what it is made of")
	}
}
