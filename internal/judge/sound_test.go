package judge_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm"
)

// sound fails when a result breaks what is promised of it whatever the model
// answers. See doc.go.
func sound(t interface {
	Helper()
	Errorf(format string, args ...any)
}, call *ringside.Call, task judge.Task, got *ringside.Judged,
) {
	t.Helper()
	stands := func(turn int, quote string) bool {
		return turn >= 0 && turn < len(call.Turns) && quote != "" && strings.Contains(call.Turns[turn].Text, quote)
	}
	for _, s := range got.Scores {
		for _, e := range s.Evidence {
			if !stands(e.Turn, e.Quote) {
				t.Errorf("%s: evidence %q does not stand in turn %d", s.Criterion, e.Quote, e.Turn)
			}
		}
		decided := s.Verdict == ringside.VerdictPass || s.Verdict == ringside.VerdictFail
		switch {
		case (decided || s.Answer != nil) && len(s.Evidence) == 0:
			t.Errorf("%s: decided without evidence", s.Criterion)
		case decided != (s.Value != nil) || s.Value != nil && (*s.Value < 0 || *s.Value > 100):
			t.Errorf("%s: verdict %s with value %v", s.Criterion, s.Verdict, s.Value)
		case !decided && s.Verdict != ringside.VerdictNA && s.Verdict != ringside.VerdictUnknown:
			t.Errorf("%s: verdict %q", s.Criterion, s.Verdict)
		case s.Evidence == nil || s.Method != ringside.MethodLLM || len(s.PromptHash) != 16:
			t.Errorf("incomplete: %+v", s)
		}
	}
	for _, f := range got.Findings {
		if f.Kind != ringside.FindingKnowledgeGap || f.Turn == nil || !stands(*f.Turn, f.Quote) || f.Topic == "" {
			t.Errorf("finding %+v", f)
		}
	}
	for _, tag := range got.Tags {
		if !slices.Contains(task.Tags, tag) {
			t.Errorf("tag %q is no category", tag)
		}
	}
	held, _ := ringside.CheckExtracted(task.Extraction, got.Extracted)
	if len(held) != len(got.Extracted) {
		t.Errorf("extracted %v, of which %v holds", got.Extracted, held)
	}
	if s := got.Sentiment; s != nil && s.Score != nil && (*s.Score < -1 || *s.Score > 1) {
		t.Errorf("sentiment %v", *s.Score)
	}
	b, err := json.Marshal(got)
	said, _ := json.Marshal(call.Turns) // what stands in a turn may stand in a quote
	if err != nil || len(b) > 1<<20 || strings.Contains(string(b), `\u0000`) && !strings.Contains(string(said), `\u0000`) {
		t.Errorf("can't be stored: %d bytes, %v", len(b), err)
	}
}

// saying is a model that gives these answers, and the last for ever.
func saying(answers ...string) *judge.Judge {
	return &judge.Judge{Models: models("m"), Chat: func(context.Context, llm.Request) (llm.Response, error) {
		said := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		return llm.Response{Text: said, Model: "m", Requests: 1}, nil
	}}
}

// bigTask asks for everything, in every type.
func bigTask() judge.Task {
	t := everything()
	t.Criteria = append(t.Criteria,
		judge.Criterion{Key: "disclosed", Name: "Disclosed", Type: judge.PassFail},
		judge.Criterion{Key: "effort", Name: "Effort", Type: judge.Score100},
		judge.Criterion{Key: "plan", Name: "Plan", Type: judge.Enum, Options: []string{"annual", "monthly"}},
		judge.Criterion{Key: "offers", Name: "Offers", Type: judge.Number, PassAt: new(2.0)},
		judge.Criterion{Key: "wish", Name: "Wish", Type: judge.Text},
	)
	t.Extraction = append(t.Extraction,
		ringside.ExtractionField{Name: "note", Type: "text", Max: new(20.0)},
		ringside.ExtractionField{Name: "sure", Type: "boolean"},
		ringside.ExtractionField{Name: "plan", Type: "enum", Options: []string{"annual"}, When: &ringside.Condition{Field: "sure", Values: []string{"true"}}},
	)
	return t
}

// value draws any JSON value, and often one that an answer could hold.
func value(t *rapid.T, depth int) any {
	leaves := []any{
		nil, true, false, 0.0, 1.0, 4.0, 5.0, 99.0, -3.0, 1e300, 2.5, "", "pass", "fail", "na", "unknown", "scored", "4", "NaN", "Infinity", "annual",
		"appointment", "resolved", "positive", "2026-06-09", "Good morning", "I'd like to move", "nobody ever said this", "\x00", "\u202e", "\u200b", "a", "'", "…",
	}
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	switch {
	case depth > 4 || kind < 6:
		if kind == 0 {
			return rapid.String().Draw(t, "string")
		}
		return rapid.SampledFrom(leaves).Draw(t, "leaf")
	case kind < 8:
		out := make([]any, rapid.IntRange(0, 4).Draw(t, "length"))
		for i := range out {
			out[i] = value(t, depth+1)
		}
		return out
	}
	out := map[string]any{}
	for range rapid.IntRange(0, 6).Draw(t, "members") {
		out[rapid.SampledFrom([]string{"evidence", "turn", "quote", "verdict", "value", "reason", "overview", "label", "topic", "day", "x"}).Draw(t, "name")] = value(t, depth+1)
	}
	return out
}

// answer draws an answer that has the shape of one to bigTask, but for what is
// replaced by anything.
func answer(t *rapid.T, call *ringside.Call) string {
	or := func(v any) any {
		if rapid.IntRange(0, 6).Draw(t, "spoil") == 0 {
			return value(t, 2)
		}
		return v
	}
	cite := func() map[string]any {
		text := call.Turns[rapid.IntRange(0, len(call.Turns)-1).Draw(t, "said in")].Text
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		to := rapid.IntRange(from, len(text)).Draw(t, "to")
		return map[string]any{"turn": or(float64(rapid.IntRange(-1, len(call.Turns)).Draw(t, "turn"))), "quote": or(text[from:to])}
	}
	scores := map[string]any{}
	for _, c := range bigTask().Criteria {
		evidence := make([]any, rapid.IntRange(0, 3).Draw(t, "quotes"))
		for i := range evidence {
			evidence[i] = or(cite())
		}
		scores[c.Key] = or(map[string]any{
			"evidence": or(evidence), "reason": or("because"), "value": or(rapid.SampledFrom([]any{4.0, "annual", nil}).Draw(t, "value")),
			"verdict": or(rapid.SampledFrom([]any{"pass", "scored"}).Draw(t, "verdict")),
		})
	}
	gap := cite()
	gap["topic"], gap["detail"] = or("insurance"), or("a question")
	b, err := json.Marshal(or(map[string]any{
		"summary":   or(map[string]any{"overview": or("x"), "key_topics": or([]any{or("y")}), "action_items": or([]any{}), "outcome": or("resolved")}),
		"sentiment": or(map[string]any{"label": or("positive"), "score": or(0.5)}),
		"tags":      or([]any{or("billing")}), "scores": or(scores), "gaps": or([]any{or(gap)}),
		"extraction": or(map[string]any{"day": or("2026-06-09"), "visits": or(2.0), "note": or("short"), "sure": or(true), "plan": or("annual")}),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhateverTheModelAnswersTheResultIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		call, task := appointment(), bigTask()
		call.Turns[3].Text = rapid.StringN(1, 60, -1).Draw(t, "a turn")
		got, err := saying(answer(t, call), answer(t, call)).Run(context.Background(), call, task)
		if err != nil {
			return // no JSON, twice
		}
		sound(t, call, task, got)
		if len(got.Scores) != len(task.Criteria) {
			t.Errorf("%d scores for %d criteria", len(got.Scores), len(task.Criteria))
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		whole, "", "{}", "null", `{"scores":null}`, `{"scores":[]}`, "```json\n" + whole + "\n```", `{"gaps":[{}]}`, `{"gaps":[{"turn":1e9,"quote":"a"}]}`,
		`{"scores":{"greeting_quality":{"evidence":[{"turn":0,"quote":"GOOD  morning—this"}],"verdict":"scored","value":3,"reason":"r"}}}`,
		`{"extraction":{"day":"2026-06-09","visits":"NaN","note":{"a":[1]},"sure":"TRUE","plan":"annual"}}`,
		`{"summary":{"overview":"\u0000"},"sentiment":{"label":"mixed","score":1e400}}`, `{"tags":["BILLING",""]}`, "<think>{</think>{}",
	} {
		f.Add(s, s)
	}
	call, task := appointment(), bigTask()
	f.Fuzz(func(t *testing.T, first, second string) {
		got, err := saying(first, second).Run(t.Context(), call, task)
		if err == nil {
			sound(t, call, task, got)
		}
	})
}

// FuzzTranscript makes anything a caller's words: whatever they are, they stay
// within their line and the marks stay ours, and they can be quoted.
func FuzzTranscript(f *testing.F) {
	for _, s := range injections {
		f.Add(s)
	}
	f.Add("İstanbul ﬁne ½ don’t a\u0301 \xff\xfe 한국어 ไทย")
	f.Fuzz(func(t *testing.T, words string) {
		call, task := appointment(), judge.Task{Criteria: judge.Named("professionalism")}
		call.Turns[1].Text = words
		delimited(t, call, task)
		b, err := json.Marshal(words)
		if err != nil {
			t.Skip()
		}
		got, err := saying(`{"scores":{"professionalism":{"evidence":[{"turn":1,"quote":`+string(b)+`}],"verdict":"scored","value":3,"reason":"r"}}}`).
			Run(t.Context(), call, task)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, call, task, got)
	})
}
