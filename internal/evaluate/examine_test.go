package evaluate

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Without a model, rules and our own analysis judge what they can; the rest is
// unknown, says so, and does not count.
func TestWithoutAModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		id := b.talk("a")
		b.analysed("a", ringside.Score{
			Criterion: "Greeting Quality", Value: new(80.0), Verdict: ringside.VerdictPass, Method: ringside.MethodLocal, Reason: "Greets.",
			Evidence: []ringside.Evidence{{Turn: 0, Quote: "Hello"}},
		})
		e := b.done(b.one(b.evaluator(b.card(disclosure, greeting, empathy), nil), id).ID)
		b.wants(e.Scores, "recording_disclosure pass 100 rule", "greeting_quality pass 80 local", "empathy unknown - local")
		if r := e.Result; *r.Score != 90 || r.Coverage < 0.66 || r.Coverage > 0.67 || r.Verdict != ringside.VerdictPass {
			t.Errorf("%+v", r)
		}
		if *e.Score != 90 || e.Verdict != ringside.VerdictPass || *e.Coverage != e.Result.Coverage || e.Reason != noModel || e.Usage != nil || e.Model != "" {
			t.Errorf("%+v", e.Evaluation)
		}
		if s := e.Scores[2]; s.Reason != needsModel || s.Name != "Empathy" {
			t.Errorf("%+v", s)
		}
		if s := e.Scores[1]; len(s.Evidence) != 1 || s.Reason != "Greets." {
			t.Errorf("%+v", s)
		}
	})
}

func TestACallWithoutATranscript(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	b.asks(llmtest.New(t)) // is not asked
	short := ringside.ScorecardCriterion{Name: "Short", Rule: &ringside.CriterionRule{Kind: ringside.RuleMaxDuration, Seconds: new(60)}}
	e := b.done(b.one(b.evaluator(b.card(short, disclosure, empathy), nil), b.call("a")).ID)
	b.wants(e.Scores, "short pass 100 rule", "recording_disclosure na - rule", "empathy unknown - local")
	if e.Reason != noTranscript || e.Verdict != ringside.VerdictPass || e.Scores[2].Reason != noTranscript {
		t.Errorf("%+v", e.Evaluation)
	}
}

const kind = `{"scores": {
	"greeting_quality": {"evidence": [{"turn": 0, "quote": "hello this is harbour dental"}], "reason": "Greets and names the practice.", "value": 4, "verdict": "scored"},
	"empathy": {"evidence": [{"turn": 3, "quote": "Great, thanks"}], "reason": "The customer is content.", "value": 2, "verdict": "scored"}
}}`

// With a model, it is asked about what no rule settles, and nothing else.
func TestWithAModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		server := llmtest.New(t, llmtest.Good(kind))
		b.asks(server)
		id := b.talk("a")
		by := b.evaluator(b.card(disclosure, greeting, empathy), func(e *ringside.Evaluator) { e.Model = "qwen3:32b" })
		e := b.done(b.one(by, id).ID)
		b.wants(e.Scores, "recording_disclosure pass 100 rule", "greeting_quality pass 75 llm", "empathy fail 25 llm")
		if q := e.Scores[1].Evidence; len(q) != 1 || q[0].Quote != "Hello, this is Harbour Dental" {
			t.Errorf("evidence %+v", q)
		}
		ask := server.Log()[0]
		if ask.Model != "qwen3:32b" || strings.Contains(ask.System(), "Recording disclosure") || !strings.Contains(ask.System(), "Empathy") {
			t.Errorf("asked %s: %s", ask.Model, ask.System())
		}
		if e.Usage == nil || e.Usage.Requests != 1 || e.Model != "qwen3:32b" || e.PromptHash == "" || e.PromptHash != e.Usage.PromptHash || e.Reason != "" {
			t.Errorf("%+v, usage %+v", e.Evaluation, e.Usage)
		}
		if len(b.used) != 1 || b.used[0].PromptTokens != llmtest.PromptTokens {
			t.Errorf("counted %+v", b.used)
		}
		if near := e.Result.Coverage; near != 1 || *e.Score < 66.6 || *e.Score > 66.7 {
			t.Errorf("score %v, coverage %v", *e.Score, near)
		}
	})
}

// Words that nobody said are no evidence: the model is asked once more, and
// then the criterion is unknown.
func TestAModelThatMakesQuotesUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	made := strings.ReplaceAll(kind, "Great, thanks", "I am delighted with you")
	server := llmtest.New(t, llmtest.Good(made), llmtest.Good(made))
	b.asks(server)
	e := b.done(b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a")).ID)
	b.wants(e.Scores, "greeting_quality pass 75 llm", "empathy unknown - llm")
	if e.Result.Coverage != 0.5 || *e.Score != 75 || e.Usage.Requests != 2 {
		t.Errorf("%+v, %+v", e.Result, e.Usage)
	}
}

// What the agent was told to do stands in the question.
func TestAnEvaluatorByCriteria(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	server := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Fitting() })
	b.asks(server)
	id := b.talk("a")
	b.agent(func(a *store.AgentRow) { a.Settings.Instructions = "Never promise a discount." })
	by := b.evaluator(nil, func(e *ringside.Evaluator) {
		e.Criteria = []string{"Follow Instructions", "Professionalism", "greeting_quality"}
	})
	e := b.done(b.one(by, id).ID)
	b.wants(e.Scores, "follow_instructions pass 75 llm", "professionalism pass 75 llm", "greeting_quality pass 75 llm")
	if e.ScorecardID != "" || e.ScorecardVersion != 0 || len(e.Result.Categories) != 1 || e.Result.PassMark != ringside.DefaultPassMark {
		t.Errorf("%+v, %+v", e.Evaluation, e.Result)
	}
	ask := server.Log()[0]
	if !strings.Contains(ask.Prompt(), "Never promise a discount.") || !strings.Contains(ask.System(), "Greets, names the company and leads to the matter") {
		t.Errorf("asked %s", ask.Prompt())
	}
}

// A number beyond min and max is an answer like any other: worth 0 or 100.
func TestANumberBeyondItsScale(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	server := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply {
		return llmtest.Good(`{"scores": {"interruptions": {"evidence": [{"turn": 0, "quote": "hello this is harbour dental"}], "reason": "Counted.", "value": 7, "verdict": "scored"}}}`)
	})
	b.asks(server)
	card := b.card(ringside.ScorecardCriterion{Name: "Interruptions", Type: ringside.CriterionNumber, Min: new(0.0), Max: new(5.0), Fewer: true, Critical: true})
	e := b.done(b.one(b.evaluator(card, nil), b.talk("a")).ID)
	b.wants(e.Scores, "interruptions fail 0 llm")
	if e.Verdict != "fail" || len(server.Log()) != 1 {
		t.Errorf("the call %ss, after %d questions", e.Verdict, len(server.Log()))
	}
}

// Every scorecard that is valid can be asked about.
func TestEveryScorecardMakesAQuestion(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 300) // 1,500 characters
	full := []ringside.ScorecardCriterion{
		{Name: "A", Description: long, Levels: []string{long[:500], long[:500], long[:500], long[:500], long[:500]}, Type: ringside.CriterionScore5, Examples: ringside.CriterionExamples{Good: []string{long}}},
		{Name: "B", Type: ringside.CriterionNumber, Min: new(-1.0), Max: new(1.0), Description: strings.Repeat("x", 6000)},
		{Name: "C", Type: ringside.CriterionEnum, Options: []ringside.CriterionOption{{Value: "yes", Score: new(100.0)}, {Value: "no", Score: new(0.0)}}},
		{Name: "D", Type: ringside.CriterionText},
		{Name: "E", Type: ringside.CriterionScore100},
		{Name: "Ζεστασιά"},
	}
	for len(full) < 50 {
		full = append(full, ringside.ScorecardCriterion{Name: strings.Repeat("F", 90), Description: strings.Repeat("日", 5990), Type: ringside.CriterionScore100})
	}
	card := &ringside.Scorecard{Name: "Full", Categories: []ringside.ScorecardCategory{{Name: "All", Weight: 100, Criteria: full}}}
	card.Complete()
	must(t, card.Validate())
	var task judge.Task
	for _, c := range card.Criteria() {
		task.Criteria = append(task.Criteria, asked(c, card.PassMark))
	}
	must(t, task.Validate())
	for i, c := range task.Criteria {
		if c.Description == "" {
			t.Errorf("criterion %d has no rubric", i)
		}
	}
	free := Free([]string{"Follow Instructions", "issue_resolution", "Follow instructions!"})
	if got := free.Criteria(); len(got) != 2 || got[1].Name != "Issue resolution" || len(got[1].Levels) != 5 || *got[0].Weight != 1 {
		t.Errorf("%+v", free)
	}
}
