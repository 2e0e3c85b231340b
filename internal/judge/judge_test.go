package judge_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
)

// appointment is a call with everything in it that a judge gets to see.
func appointment() *ringside.Call {
	c := ringside.NewCall("ws_test", "custom", "c1")
	c.Status, c.Direction, c.EndedReason, c.DurationMS = ringside.StatusCompleted, ringside.Inbound, "customer-hangup", new(int64(41000))
	c.Outcome.EndedBy = ringside.EndedByCustomer
	c.From, c.To, c.CustomerName = "+14155551234", "+18646190758", "Dana Whitfield"
	say := func(role ringside.Role, start int64, text string) {
		c.Turns = append(c.Turns, ringside.Turn{Index: len(c.Turns), Role: role, Text: text, StartMS: &start})
	}
	say(ringside.RoleAgent, 500, "Good morning, this is Riley from Northside Dental. How can I help you today?")
	say(ringside.RoleUser, 4200, "Hi, I'd like to move my cleaning to Tuesday, please.")
	say(ringside.RoleAgent, 7100, "Of course. I've moved it to Tuesday, June 9th at 10:30.")
	say(ringside.RoleUser, 12000, "Great. And do you take Delta insurance?")
	say(ringside.RoleAgent, 14500, "I'm not sure about that, I'm afraid. [KNOWLEDGE_GAP: insurance]")
	say(ringside.RoleUser, 19000, "Okay, thanks. Bye.")
	c.ToolCalls = []ringside.ToolCall{{
		ID: "t1", Name: "move_appointment", Arguments: map[string]any{"day": "2026-06-09"}, Result: map[string]any{"ok": true}, Turn: new(1),
	}}
	c.Analysis.Measured = &ringside.Measured{Method: "transcript", ResponseP50MS: new(2500.0), FirstAgentMS: new(int64(500))}
	return c
}

func everything() judge.Task {
	return judge.Task{
		Summary: true, SummaryPrompt: "Name the treatment.",
		Tags:     []string{"appointment", "billing", "complaint"},
		Criteria: judge.Named("greeting_quality", "Follow Instructions"),
		Extraction: []ringside.ExtractionField{
			{Name: "day", Type: "datetime", Description: "The new day", Required: true},
			{Name: "visits", Type: "number", Min: new(1.0), Max: new(9.0)},
		},
		Gaps: true,
	}
}

// whole is an answer to everything that holds.
const whole = `{
	"summary": {"overview": "The customer moved a cleaning to Tuesday.", "key_topics": ["cleaning", " "], "action_items": [], "outcome": "resolved"},
	"sentiment": {"label": "positive", "score": 0.6},
	"tags": ["Appointment", "weather"],
	"scores": {
		"greeting_quality": {"evidence": [{"turn": 0, "quote": "good morning this is riley"}], "reason": "Greets and names the practice.", "value": 5, "verdict": "scored"},
		"follow_instructions": {"evidence": [], "reason": "The instructions are not known.", "value": null, "verdict": "unknown"}
	},
	"extraction": {"day": "2026-06-09T10:30", "visits": null},
	"gaps": [{"detail": "Whether Delta insurance is taken.", "quote": "I'm not sure about that", "topic": "insurance", "turn": 4}]
}`

// prices is a table with one entry.
func prices(model string, prompt, completion int) *float64 {
	s := llm.Settings{Prices: map[string]llm.Price{llmtest.Model: {InputPerMillion: 1, OutputPerMillion: 2}}}
	return s.Cost(model, prompt, completion)
}

func models(name string) llm.Models {
	return (&llm.Settings{DefaultModel: name}).Features()
}

func asking(s *llmtest.Server) *judge.Judge {
	return &judge.Judge{Chat: s.Client().Chat, Models: models(llmtest.Model), Cost: prices}
}

// edited is a good answer with something changed.
func edited(t *testing.T, edit func(a map[string]any)) llmtest.Reply {
	t.Helper()
	var a map[string]any
	if err := json.Unmarshal([]byte(whole), &a); err != nil {
		t.Fatal(err)
	}
	edit(a)
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return llmtest.Good(string(b))
}

func in(v any, path ...string) map[string]any {
	m, _ := v.(map[string]any)
	for _, p := range path {
		m, _ = m[p].(map[string]any)
	}
	return m
}

func TestOneQuestionAnswersEverything(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.Good(whole))
	task := everything()
	got, err := asking(s).Run(t.Context(), appointment(), task)
	if err != nil {
		t.Fatal(err)
	}
	if got.Usage.DurationMS < 0 {
		t.Errorf("took %d ms", got.Usage.DurationMS)
	}
	got.Usage.DurationMS = 0
	hash := judge.PromptHash(&task)
	want := &ringside.Judged{
		Summary: &ringside.Summary{
			Overview: "The customer moved a cleaning to Tuesday.", KeyTopics: []string{"cleaning"}, ActionItems: []string{},
			Outcome: "resolved", Method: ringside.MethodLLM,
		},
		Sentiment: &ringside.Sentiment{Label: "positive", Score: new(0.6), Turns: []ringside.TurnSentiment{}, Method: ringside.MethodLLM},
		Tags:      []string{"appointment"}, Tagged: true, GapsAsked: true,
		Scores: []ringside.Score{
			{
				Criterion: "greeting_quality", Name: "Greeting quality", Value: new(100.0), Verdict: ringside.VerdictPass, Answer: 5.0,
				Reason: "Greets and names the practice.", Evidence: []ringside.Evidence{{Turn: 0, Quote: "Good morning, this is Riley"}},
				Method: ringside.MethodLLM, Model: llmtest.Model, PromptHash: hash,
			},
			{
				Criterion: "follow_instructions", Name: "Follow Instructions", Verdict: ringside.VerdictUnknown,
				Reason: "The instructions are not known.", Evidence: []ringside.Evidence{}, Method: ringside.MethodLLM, Model: llmtest.Model, PromptHash: hash,
			},
		},
		Findings: []ringside.Finding{{
			Kind: ringside.FindingKnowledgeGap, Severity: ringside.SeverityWarning, Turn: new(4), AtMS: new(int64(14500)),
			Quote: "I'm not sure about that", Topic: "insurance", Detail: "Whether Delta insurance is taken.", Method: ringside.MethodLLM,
		}},
		Extracted: ringside.Values{"day": "2026-06-09T10:30"},
		Usage: ringside.Usage{
			Model: llmtest.Model, PromptHash: hash, Requests: 1, PromptTokens: llmtest.PromptTokens, CompletionTokens: llmtest.CompletionTokens,
			CostUSD: new((llmtest.PromptTokens + 2*llmtest.CompletionTokens) / 1e6),
		},
	}
	if !reflect.DeepEqual(got, want) {
		a, _ := json.MarshalIndent(got, "", " ")
		b, _ := json.MarshalIndent(want, "", " ")
		t.Errorf("got %s\nwant %s", a, b)
	}
	if q := s.Log()[0]; *q.Temperature != 0 || q.Format != "json_schema" || q.MaxTokens == 0 {
		t.Errorf("asked with %s", q.Body)
	}
}

func TestAFormThatTheServerDoesNotTakeIsSteppedDownFrom(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.RejectsJSONSchema(), llmtest.RejectsJSONObject(), llmtest.Fenced(whole), llmtest.Fenced(whole))
	j := asking(s)
	for _, requests := range []int{3, 1} {
		got, err := j.Run(t.Context(), appointment(), everything())
		if err != nil || got.Usage.Requests != requests || *got.Scores[0].Value != 100 {
			t.Fatalf("got %+v, %v; want %d requests", got, err, requests)
		}
	}
}

// TestWhatDoesNotHoldIsAskedOnceMore spoils one item of the first answer, and
// expects that the second question names it, asks for nothing else, and that
// its answer counts.
func TestWhatDoesNotHoldIsAskedOnceMore(t *testing.T) {
	t.Parallel()
	greeting := func(a map[string]any) map[string]any { return in(a, "scores", "greeting_quality") }
	for name, tc := range map[string]struct {
		edit   func(a map[string]any)
		says   string   // in the second question
		asks   []string // members of its schema
		second string
	}{
		"a quote that nobody said": {
			func(a map[string]any) { greeting(a)["evidence"] = cites(0, "welcome to the best clinic") },
			`scores.greeting_quality: the quote "welcome to the best clinic" does not stand in turn 0`,
			[]string{"scores"},
			whole,
		},
		"a quote from another turn": {
			func(a map[string]any) { greeting(a)["evidence"] = cites(2, "this is Riley") },
			`does not stand in turn 2`,
			[]string{"scores"},
			whole,
		},
		"a turn that there is not": {
			func(a map[string]any) { greeting(a)["evidence"] = cites(99, "this is Riley") },
			`scores.greeting_quality: a quote names no turn of the call`,
			[]string{"scores"},
			whole,
		},
		"no reason":                 {func(a map[string]any) { greeting(a)["reason"] = " " }, "greeting_quality: has no reason", []string{"scores"}, whole},
		"no evidence":               {func(a map[string]any) { greeting(a)["evidence"] = []any{} }, "greeting_quality: has no evidence", []string{"scores"}, whole},
		"a value above the scale":   {func(a map[string]any) { greeting(a)["value"] = 6 }, "value 6 is not verdict scored, with value 1, 2", []string{"scores"}, whole},
		"a value between the steps": {func(a map[string]any) { greeting(a)["value"] = 4.5 }, "value 4.5 is not", []string{"scores"}, whole},
		"a value of words":          {func(a map[string]any) { greeting(a)["value"] = "good" }, "value is not a number", []string{"scores"}, whole},
		"a verdict of its own":      {func(a map[string]any) { greeting(a)["verdict"] = "excellent" }, "verdict is not scored, na or unknown", []string{"scores"}, whole},
		"a score of another type":   {func(a map[string]any) { in(a, "scores")["greeting_quality"] = 5 }, "greeting_quality: it must not be a number", []string{"scores"}, whole},
		"a criterion left out":      {func(a map[string]any) { delete(in(a, "scores"), "greeting_quality") }, "greeting_quality: is missing", []string{"scores"}, whole},
		"no scores":                 {func(a map[string]any) { delete(a, "scores") }, "greeting_quality: is missing", []string{"scores"}, whole},
		"no summary":                {func(a map[string]any) { delete(a, "summary") }, "summary: is missing", []string{"sentiment", "summary"}, whole},
		"an empty summary":          {func(a map[string]any) { in(a, "summary")["overview"] = " " }, "summary.overview: is empty", []string{"sentiment", "summary"}, whole},
		"an outcome of its own":     {func(a map[string]any) { in(a, "summary")["outcome"] = "fine" }, "summary.outcome: is not one of", []string{"sentiment", "summary"}, whole},
		"a mood of its own":         {func(a map[string]any) { in(a, "sentiment")["label"] = "joyful" }, "sentiment.label: is not one of", []string{"sentiment", "summary"}, whole},
		"a mood out of bounds":      {func(a map[string]any) { in(a, "sentiment")["score"] = 7 }, "sentiment.score: 7 is not between", []string{"sentiment", "summary"}, whole},
		"tags that are no list":     {func(a map[string]any) { a["tags"] = "appointment" }, "tags: it must not be a string", []string{"tags"}, whole},
		"a required field missing":  {func(a map[string]any) { in(a, "extraction")["day"] = nil }, "extraction.day: is required", []string{"extraction"}, whole},
		"a field of another type":   {func(a map[string]any) { in(a, "extraction")["day"] = []any{1} }, "extraction.day: is not a datetime", []string{"extraction"}, whole},
		"a field out of bounds":     {func(a map[string]any) { in(a, "extraction")["visits"] = 99 }, "extraction.visits: is 99", []string{"extraction"}, whole},
		"no extraction":             {func(a map[string]any) { delete(a, "extraction") }, "extraction: is missing", []string{"extraction"}, whole},
		"a gap that nobody shows": {
			func(a map[string]any) { a["gaps"].([]any)[0].(map[string]any)["quote"] = "I have no idea" },
			"gaps[0]: the quote",
			[]string{"gaps"},
			whole,
		},
		"a gap without a topic": {func(a map[string]any) { a["gaps"].([]any)[0].(map[string]any)["topic"] = "" }, "gaps[0].topic: is empty", []string{"gaps"}, whole},
		"two things": {
			func(a map[string]any) { delete(a, "tags"); in(a, "extraction")["visits"] = "many" },
			`extraction.visits: "many" is not a number`,
			[]string{"extraction", "tags"},
			whole,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := llmtest.New(t, edited(t, tc.edit), llmtest.Good(tc.second))
			got, err := asking(s).Run(t.Context(), appointment(), everything())
			if err != nil {
				t.Fatal(err)
			}
			sound(t, appointment(), everything(), got)
			q := s.Log()[1]
			if !strings.Contains(q.User(), tc.says) {
				t.Errorf("the second question does not say %q:\n%s", tc.says, q.User())
			}
			var asked []string
			for _, name := range q.Schema["required"].([]any) {
				asked = append(asked, name.(string))
			}
			if !slices.Equal(asked, tc.asks) {
				t.Errorf("the second question asks for %q, want %q", asked, tc.asks)
			}
			if roles := rolesOf(q); !slices.Equal(roles, []string{"system", "user", "assistant", "user"}) {
				t.Errorf("roles %q", roles)
			}
			if got.Usage.Requests != 2 || got.Usage.PromptTokens != 2*llmtest.PromptTokens || got.Usage.CompletionTokens != 2*llmtest.CompletionTokens {
				t.Errorf("usage %+v", got.Usage)
			}
			if got.Summary == nil || got.Sentiment == nil || !got.Tagged || *got.Scores[0].Value != 100 || len(got.Findings) != 1 || got.Extracted["day"] != "2026-06-09T10:30" {
				t.Errorf("the second answer did not make it whole: %+v", got)
			}
		})
	}
}

func cites(turn int, quote string) []any {
	return []any{map[string]any{"turn": turn, "quote": quote}}
}

func rolesOf(q llmtest.Request) (roles []string) {
	for _, m := range q.Messages {
		roles = append(roles, m.Role)
	}
	return roles
}

// TestWhatDoesNotHoldTwiceIsUnknown gives the same wrong answer again.
func TestWhatDoesNotHoldTwiceIsUnknown(t *testing.T) {
	t.Parallel()
	spoilt := edited(t, func(a map[string]any) {
		in(a, "scores", "greeting_quality")["evidence"] = cites(0, "the customer was delighted with everything")
		in(a, "extraction")["day"] = "soon"
		a["gaps"] = []any{map[string]any{"detail": "d", "quote": "never said", "topic": "t", "turn": 1}}
		delete(a, "summary")
	})
	s := llmtest.New(t, spoilt, spoilt)
	got, err := asking(s).Run(t.Context(), appointment(), everything())
	if err != nil {
		t.Fatal(err)
	}
	sound(t, appointment(), everything(), got)
	score := got.Scores[0]
	if score.Verdict != ringside.VerdictUnknown || score.Value != nil || score.Answer != nil || len(score.Evidence) > 0 {
		t.Errorf("a forged quote decided: %+v", score)
	}
	if score.Reason != "The model's quotes do not stand in the turns that it names." || score.Model == "" || score.PromptHash == "" {
		t.Errorf("%+v does not say why", score)
	}
	if got.Summary != nil || len(got.Findings) > 0 || len(got.Extracted) > 0 {
		t.Errorf("kept what did not hold: %+v", got)
	}
	if got.Sentiment == nil || !got.Tagged {
		t.Errorf("dropped what did hold: %+v", got)
	}
}

func TestASecondAnswerThatIsNoneChangesNothing(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]llmtest.Reply{
		"prose": llmtest.Good("I stand by my answer."), "a refusal": llmtest.Refused(), "cut off": llmtest.Truncated(`{"sc`),
		"garbage": llmtest.Garbage(), "too long for the model": llmtest.Body(400, `{"error":{"message":"context length exceeded"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := llmtest.New(t, edited(t, func(a map[string]any) { in(a, "scores", "greeting_quality")["evidence"] = []any{} }), second)
			got, err := asking(s).Run(t.Context(), appointment(), everything())
			if err != nil {
				t.Fatal(err)
			}
			if got.Scores[0].Verdict != ringside.VerdictUnknown || got.Scores[0].Reason != "The model decided without quoting the call." || got.Summary == nil || got.Usage.Requests != 2 {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestGapsAreListedOnce(t *testing.T) {
	t.Parallel()
	gap := func(turn int, quote, topic string) map[string]any {
		return map[string]any{"detail": "d", "quote": quote, "topic": topic, "turn": turn}
	}
	s := llmtest.New(t,
		edited(t, func(a map[string]any) {
			a["gaps"] = []any{gap(4, "not sure", "insurance"), gap(4, "I'm afraid", "Insurance"), gap(4, "I'm afraid", "parking"), gap(2, "no idea", "prices")}
		}),
		edited(t, func(a map[string]any) {
			a["gaps"] = []any{gap(4, "not sure about that", "insurers"), gap(2, "Of course", "prices")}
		}),
	)
	got, err := asking(s).Run(t.Context(), appointment(), everything())
	if err != nil {
		t.Fatal(err)
	}
	var topics []string
	for _, f := range got.Findings {
		topics = append(topics, f.Topic)
	}
	if want := []string{"insurance", "parking", "prices"}; !slices.Equal(topics, want) {
		t.Errorf("gaps %q, want %q", topics, want)
	}
}

func TestSomeQuotesMayFall(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, edited(t, func(a map[string]any) {
		in(a, "scores", "greeting_quality")["evidence"] = slices.Concat(cites(0, "nobody said this"), cites(0, "How can I help you"), cites(0, "how can i help YOU?"))
	}))
	got, err := asking(s).Run(t.Context(), appointment(), everything())
	if err != nil || !reflect.DeepEqual(got.Scores[0].Evidence, []ringside.Evidence{{Turn: 0, Quote: "How can I help you"}}) {
		t.Errorf("got %+v, %v", got.Scores, err)
	}
}

func TestAnAnswerThatIsNoJSONIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		first llmtest.Reply
		roles []string
		says  string
	}{
		"prose":     {llmtest.Good("The call went well."), []string{"system", "user", "assistant", "user"}, "no JSON object"},
		"half":      {llmtest.Good(`{"summary": {"overview": "The`), []string{"system", "user", "assistant", "user"}, "no JSON object"},
		"nothing":   {llmtest.Good(""), []string{"system", "user"}, "no JSON object"},
		"garbage":   {llmtest.Garbage(), []string{"system", "user"}, "no JSON object"},
		"truncated": {llmtest.Truncated(`{"summary": {"overview": "The`), []string{"system", "user"}, "cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := llmtest.New(t, tc.first, llmtest.Fenced(whole))
			got, err := asking(s).Run(t.Context(), appointment(), everything())
			if err != nil || got.Usage.Requests != 2 || *got.Scores[0].Value != 100 {
				t.Fatalf("got %+v, %v", got, err)
			}
			log := s.Log()
			if roles := rolesOf(log[1]); !slices.Equal(roles, tc.roles) || !strings.Contains(log[1].User(), tc.says) {
				t.Errorf("asked again as %q: %s", roles, log[1].User())
			}
			if more := log[1].MaxTokens > log[0].MaxTokens; more != (name == "truncated") {
				t.Errorf("tokens %d, then %d", log[0].MaxTokens, log[1].MaxTokens)
			}
		})
	}
}

func TestFailuresArePassedOnWithWhatWasSpent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		script []llmtest.Reply
		kind   llm.Kind
		tokens int
	}{
		"a refusal":       {[]llmtest.Reply{llmtest.Refused()}, llm.Refused, llmtest.PromptTokens},
		"no JSON, twice":  {[]llmtest.Reply{llmtest.Good("Well."), llmtest.Good("No.")}, llm.Malformed, 2 * llmtest.PromptTokens},
		"cut off, twice":  {[]llmtest.Reply{llmtest.Truncated("{"), llmtest.Truncated("{")}, llm.Truncated, 2 * llmtest.PromptTokens},
		"garbage, twice":  {[]llmtest.Reply{llmtest.Garbage(), llmtest.Garbage()}, llm.Malformed, 0},
		"429":             {[]llmtest.Reply{llmtest.Busy("3")}, llm.RateLimited, 0},
		"500":             {[]llmtest.Reply{llmtest.Status(http.StatusInternalServerError)}, llm.Unavailable, 0},
		"401":             {[]llmtest.Reply{llmtest.Status(http.StatusUnauthorized)}, llm.Unauthorized, 0},
		"404":             {[]llmtest.Reply{llmtest.Status(http.StatusNotFound)}, llm.BadRequest, 0},
		"429 for the 2nd": {[]llmtest.Reply{llmtest.Good("{}"), llmtest.Busy("3")}, llm.RateLimited, llmtest.PromptTokens},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := asking(llmtest.New(t, tc.script...)).Run(t.Context(), appointment(), everything())
			if llm.KindOf(err) != tc.kind {
				t.Fatalf("got %v, want %s", err, tc.kind)
			}
			if got.Usage.Requests != len(tc.script) || got.Usage.PromptTokens != tc.tokens || got.Usage.CostUSD == nil {
				t.Errorf("usage %+v", got.Usage)
			}
			if e, _ := errors.AsType[*llm.Error](err); tc.kind == llm.RateLimited && e.RetryAfter != 3*time.Second {
				t.Errorf("retry after %s", e.RetryAfter)
			}
		})
	}
}

func TestASlowModelIsGivenUp(t *testing.T) {
	t.Parallel()
	c := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Slow(time.Hour, llmtest.Good(whole)) }).Client()
	c.Timeout = 20 * time.Millisecond
	_, err := (&judge.Judge{Chat: c.Chat, Models: models("m")}).Run(t.Context(), appointment(), everything())
	if llm.KindOf(err) != llm.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestEachModelIsAskedOnce(t *testing.T) {
	t.Parallel()
	s := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Good(whole) })
	j := asking(s)
	j.Models.Scores, j.Models.Gaps = "strong", "strong"
	task := everything()
	task.Instructions = "Always confirm the date."
	got, err := j.Run(t.Context(), appointment(), task)
	if err != nil {
		t.Fatal(err)
	}
	log := s.Log()
	if len(log) != 2 || log[0].Model != llmtest.Model || log[1].Model != "strong" {
		t.Fatalf("%d requests", len(log))
	}
	for i, want := range []string{"extraction sentiment summary tags", "gaps scores"} {
		var asked []string
		for name := range in(log[i].Schema, "properties") {
			asked = append(asked, name)
		}
		slices.Sort(asked)
		if strings.Join(asked, " ") != want || !strings.Contains(log[i].User(), "| Always confirm the date.") {
			t.Errorf("model %d was asked for %q", i, asked)
		}
	}
	u := got.Usage
	if u.Model != llmtest.Model+", strong" || u.Requests != 2 || u.PromptTokens != 2*llmtest.PromptTokens || len(u.PromptHash) != 16 {
		t.Errorf("usage %+v", u)
	}
	if one := prices(llmtest.Model, llmtest.PromptTokens, llmtest.CompletionTokens); u.CostUSD == nil || *u.CostUSD != *one {
		t.Errorf("cost %v, want the %v that are known: the other model has no price", u.CostUSD, *one)
	}
	if got.Scores[0].Model != "strong" || got.Summary == nil || len(got.Findings) != 1 || len(got.Extracted) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestWhatOneModelAnsweredSurvivesAnothersFailure(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.Good(whole), llmtest.Refused())
	j := asking(s)
	j.Models.Gaps = "shy"
	j.Cost = func(string, int, int) *float64 { return new(0.25) }
	got, err := j.Run(t.Context(), appointment(), everything())
	if llm.KindOf(err) != llm.Refused || !strings.Contains(err.Error(), "shy") {
		t.Fatal(err)
	}
	if got.Summary == nil || len(got.Scores) != 2 || *got.Usage.CostUSD != 0.5 || got.Usage.Requests != 2 || got.Usage.PromptTokens != 2*llmtest.PromptTokens {
		t.Errorf("got %+v", got)
	}
}

func TestCriteriaAlone(t *testing.T) {
	t.Parallel()
	s := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Fitting() })
	scores, usage, err := asking(s).Criteria(t.Context(), appointment(), judge.Named("professionalism", "Problem Resolution"), "")
	if err != nil || len(scores) != 2 || usage.Requests != 1 {
		t.Fatalf("got %+v, %+v, %v", scores, usage, err)
	}
	for i, key := range []string{"professionalism", "problem_resolution"} {
		if s := scores[i]; s.Criterion != key || *s.Value != 75 || s.Verdict != ringside.VerdictPass || s.Evidence[0].Turn != 0 {
			t.Errorf("got %+v", s)
		}
	}
	if members := in(s.Log()[0].Schema, "properties"); len(members) != 1 {
		t.Errorf("asked for %v", members)
	}
}

// TestTypes answers a criterion of each type.
func TestTypes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		c              judge.Criterion
		verdict, value string // as JSON
		want           ringside.Verdict
		mark           float64 // -1 for none
		answer         any
	}{
		"passed":                     {judge.Criterion{Type: judge.PassFail}, `"pass"`, ``, "pass", 100, nil},
		"failed":                     {judge.Criterion{Type: judge.PassFail}, `"FAIL "`, ``, "fail", 0, nil},
		"not applicable":             {judge.Criterion{Type: judge.PassFail}, `"na"`, ``, "na", -1, nil},
		"of 100, passed":             {judge.Criterion{Type: judge.Score100}, `"scored"`, `60`, "pass", 60, nil},
		"of 100, failed":             {judge.Criterion{Type: judge.Score100}, `"scored"`, `59.5`, "fail", 59.5, nil},
		"of 100, as text":            {judge.Criterion{Type: judge.Score100}, `"scored"`, `"80"`, "pass", 80, nil},
		"of 100, by its own measure": {judge.Criterion{Type: judge.Score100, PassAt: new(90.0)}, `"scored"`, `80`, "fail", 80, nil},
		"of 100, below it":           {judge.Criterion{Type: judge.Score100}, `"scored"`, `-1`, "unknown", -1, nil},
		"of 100, above it":           {judge.Criterion{Type: judge.Score100}, `"scored"`, `100.1`, "unknown", -1, nil},
		"of 100, NaN":                {judge.Criterion{Type: judge.Score100}, `"scored"`, `"NaN"`, "unknown", -1, nil},
		"of 100, unknown":            {judge.Criterion{Type: judge.Score100}, `"unknown"`, `50`, "unknown", -1, nil},
		"of 5, the least":            {judge.Criterion{Type: judge.Score5}, `"scored"`, `1`, "fail", 0, 1.0},
		"of 5, the middle":           {judge.Criterion{Type: judge.Score5}, `"scored"`, `3`, "fail", 50, 3.0},
		"of 5, good":                 {judge.Criterion{Type: judge.Score5}, `"scored"`, `4`, "pass", 75, 4.0},
		"of 5, none":                 {judge.Criterion{Type: judge.Score5}, `"scored"`, `0`, "unknown", -1, nil},
		"a choice":                   {judge.Criterion{Type: judge.Enum, Options: []string{"Annual", "Monthly"}}, `"scored"`, `"annual"`, "na", -1, "Annual"},
		"a choice that passes":       {judge.Criterion{Type: judge.Enum, Options: []string{"yes", "no"}, Passing: []string{"yes"}}, `"scored"`, `"yes"`, "pass", 100, "yes"},
		"a choice that does not":     {judge.Criterion{Type: judge.Enum, Options: []string{"yes", "no"}, Passing: []string{"yes"}}, `"scored"`, `"no"`, "fail", 0, "no"},
		"no choice of ours":          {judge.Criterion{Type: judge.Enum, Options: []string{"yes", "no"}}, `"scored"`, `"perhaps"`, "unknown", -1, nil},
		"a number":                   {judge.Criterion{Type: judge.Number}, `"scored"`, `12.5`, "na", -1, 12.5},
		"a number that passes":       {judge.Criterion{Type: judge.Number, PassAt: new(10.0)}, `"scored"`, `10`, "pass", 100, 10.0},
		"a number that does not":     {judge.Criterion{Type: judge.Number, PassAt: new(10.0)}, `"scored"`, `9`, "fail", 0, 9.0},
		"a text":                     {judge.Criterion{Type: judge.Text}, `"scored"`, `" wants\u0000 a refund "`, "na", -1, "wants a refund"},
		"no text":                    {judge.Criterion{Type: judge.Text}, `"scored"`, `""`, "unknown", -1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.c.Key, tc.c.Name = "k", "K"
			value := ""
			if tc.value != "" {
				value = `"value":` + tc.value + `,`
			}
			reply := llmtest.Good(`{"scores":{"k":{"evidence":[{"turn":1,"quote":"move my cleaning"}],"reason":"So it is.",` + value + `"verdict":` + tc.verdict + `}}}`)
			s := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return reply })
			task := judge.Task{Criteria: []judge.Criterion{tc.c}}
			got, err := asking(s).Run(t.Context(), appointment(), task)
			if err != nil {
				t.Fatal(err)
			}
			sound(t, appointment(), task, got)
			score := got.Scores[0]
			if score.Verdict != tc.want || score.Answer != tc.answer || (score.Value == nil) != (tc.mark < 0) || score.Value != nil && math.Abs(*score.Value-tc.mark) > 1e-9 {
				t.Errorf("got %+v (%v), want %s, %v, %v", score, score.Value, tc.want, tc.mark, tc.answer)
			}
		})
	}
}

func TestAFieldThatAnotherDecidesOn(t *testing.T) {
	t.Parallel()
	task := judge.Task{Extraction: []ringside.ExtractionField{
		{Name: "plan", Type: "enum", Options: []string{"annual", "monthly"}},
		{Name: "discount", Type: "number", When: &ringside.Condition{Field: "plan", Values: []string{"annual"}}},
	}}
	s := llmtest.New(t, llmtest.Good(`{"extraction":{"plan":"yearly","discount":20}}`), llmtest.Good(`{"extraction":{"plan":"annual"}}`))
	got, err := asking(s).Run(t.Context(), appointment(), task)
	if err != nil || !reflect.DeepEqual(got.Extracted, ringside.Values{"plan": "annual", "discount": 20.0}) {
		t.Errorf("got %+v, %v: the field of the first answer belongs to that of the second", got.Extracted, err)
	}
	if fields := in(s.Log()[1].Schema, "properties", "extraction", "properties"); len(fields) != 1 {
		t.Errorf("asked again for %v", fields)
	}
}

func TestNothingToJudge(t *testing.T) {
	t.Parallel()
	j := asking(llmtest.New(t))
	silent := ringside.NewCall("ws_test", "custom", "c2")
	for name, err := range map[string]error{
		"no transcript": last(j.Run(t.Context(), silent, everything())),
		"no question":   last(j.Run(t.Context(), appointment(), judge.Task{})),
		"no model":      last((&judge.Judge{Chat: j.Chat}).Run(t.Context(), appointment(), everything())),
	} {
		if ringside.KindOf(err) != ringside.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func last(_ *ringside.Judged, err error) error { return err }
