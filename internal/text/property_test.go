package text_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// masks stand in a quote for what must not be repeated.
var masks = regexp.MustCompile(`\[(card number|social security number|IBAN)\]`)

// occurs tells whether a quote stands in a text, apart from what is masked.
func occurs(quote, in string) bool {
	for _, piece := range masks.Split(quote, -1) {
		at := strings.Index(in, piece)
		if at < 0 {
			return false
		}
		in = in[at+len(piece):]
	}
	return true
}

// holds checks what must hold of every analysis: evidence stands where it
// says, numbers are within their bounds, and it can be written.
func holds(t interface{ Fatalf(string, ...any) }, c *ringside.Call, l *ringside.Local) {
	in := func(what string, turn int, quote string) {
		if turn < 0 || turn >= len(c.Turns) || !occurs(quote, c.Turns[turn].Text) {
			t.Fatalf("%s: %q does not stand in turn %d", what, quote, turn)
		}
	}
	for _, f := range l.Findings {
		if f.Detail == "" || f.Method == "" || f.Severity == "" {
			t.Fatalf("an empty finding: %+v", f)
		}
		if f.Turn != nil && f.Kind != ringside.FindingToolError && f.Kind != ringside.FindingRepeatedTool {
			in(string(f.Kind), *f.Turn, f.Quote)
		}
	}
	for _, s := range l.Scores {
		if (s.Value == nil) != (s.Verdict == ringside.VerdictUnknown || s.Verdict == ringside.VerdictNA) || s.Value != nil && (*s.Value < 0 || *s.Value > 100) || s.Reason == "" {
			t.Fatalf("score %+v", s)
		}
		for _, e := range s.Evidence {
			in(s.Criterion, e.Turn, e.Quote)
		}
	}
	for _, m := range l.Sentiment.Turns {
		if m.Score < -1 || m.Score > 1 || m.Frustration < 0 || c.Turns[m.Turn].Role != ringside.RoleUser {
			t.Fatalf("sentiment of a turn: %+v", m)
		}
	}
	if q := l.Quality; q.Score != nil && (*q.Score < 0 || *q.Score > 100) || q.Coverage < 0 || q.Coverage > 1 {
		t.Fatalf("quality %v, coverage %v", q.Score, q.Coverage)
	}
	if _, err := json.Marshal(l); err != nil {
		t.Fatalf("write the analysis: %v", err)
	}
}

// pieces are what generated turns are made of: what the rules look for, and
// what breaks them.
var pieces = []string{
	"I already told you", "no", "No!", "great", "this is ridiculous", "talk to a person", "I have booked it", "you're all set", "I don't know",
	"is there parking?", "[KNOWLEDGE_GAP: x]", "[KNOWLEDGE_GAP:", "4111 1111 1111 1111", "four one one one", "DE89370400440532013000", "123-45-6789",
	"Sorry,", "please tell me your full address", "one moment", "’", "'", ".", "?", "!!", "\n", "  ", "\xff", "é", "你好", "🙂", ":)", "", "a", "double",
	"I", "the", "you", "is", "it", "can", "hello", "thanks", "anyway", "THIS IS LOUD", strings.Repeat("word ", 500), strings.Repeat("x", 3000),
}

func drawCall(t *rapid.T) *ringside.Call {
	c := ringside.NewCall("ws", "test", "1")
	ms := rapid.Ptr(rapid.Int64Range(-1000, 600_000), true)
	words := rapid.OneOf(rapid.Map(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12), func(p []string) string { return strings.Join(p, " ") }), rapid.String())
	for range rapid.IntRange(0, 12).Draw(t, "turns") {
		c.Turns = append(c.Turns, ringside.Turn{
			Index: rapid.IntRange(-2, 20).Draw(t, "index"), Role: rapid.SampledFrom([]ringside.Role{ringside.RoleAgent, ringside.RoleUser, ""}).Draw(t, "role"),
			Text: words.Draw(t, "text"), StartMS: ms.Draw(t, "start"), EndMS: ms.Draw(t, "end"), Interrupted: rapid.Bool().Draw(t, "cut"),
			Latency: rapid.SampledFrom([]*ringside.Latency{nil, {}, {Source: ringside.Claimed, TotalMS: new(900.0)}}).Draw(t, "latency"),
		})
	}
	for range rapid.IntRange(0, 4).Draw(t, "tools") {
		c.ToolCalls = append(c.ToolCalls, ringside.ToolCall{
			Name: rapid.SampledFrom([]string{"", "book_table", "getSlots", "transfer_call", "x"}).Draw(t, "name"), Arguments: rapid.SampledFrom([]any{nil, "a", 1.5, map[string]any{"a": "b"}}).Draw(t, "args"),
			Error: rapid.SampledFrom([]string{"", "down", "card 4111111111111111"}).Draw(t, "error"), StartMS: ms.Draw(t, "tool start"), Turn: rapid.Ptr(rapid.IntRange(-3, 20), true).Draw(t, "at"),
		})
	}
	c.Outcome.FailureClass = rapid.SampledFrom(append([]ringside.FailureClass{"", "", "", "odd"}, ringside.FailureClasses...)).Draw(t, "failure")
	c.Outcome.Success = rapid.Ptr(rapid.Bool(), true).Draw(t, "success")
	c.DurationMS = ms.Draw(t, "duration")
	return c
}

func drawSettings(t *rapid.T) *ringside.AgentSettings {
	if rapid.Bool().Draw(t, "no settings") {
		return nil
	}
	return &ringside.AgentSettings{
		CallTaggingCategories: rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom([]string{"billing", "inquiry", "", "_"}), rapid.String()), 0, 4).Draw(t, "categories"),
		ScoringCriteria:       rapid.SliceOfN(rapid.SampledFrom([]string{"greeting_quality", "professionalism", "x", ""}), 0, 4).Draw(t, "criteria"),
		CompliancePhrases: []ringside.PhraseRule{
			{Name: "a", Kind: "required", Phrases: []string{rapid.SampledFrom(pieces).Draw(t, "required")}, WithinSeconds: rapid.Ptr(rapid.IntRange(-5, 100), true).Draw(t, "within")},
			{Name: "b", Kind: "forbidden", Phrases: []string{rapid.SampledFrom(pieces).Draw(t, "forbidden")}},
			{},
		},
	}
}

func TestEveryAnalysisHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCall(t)
		holds(t, c, text.Analyse(c, drawSettings(t)))
	})
}

func FuzzAnalyse(f *testing.F) {
	for _, p := range pieces {
		f.Add(p, "Hello, how can I help you?", "Thanks, "+p)
	}
	for _, d := range dialogues(f, "tune.txt") {
		if len(d.call.Turns) > 2 {
			f.Add(d.call.Turns[1].Text, d.call.Turns[0].Text, d.call.Turns[2].Text)
		}
	}
	settings := goldenSettings()
	f.Fuzz(func(t *testing.T, customer, agent, more string) {
		c := ringside.NewCall("ws", "test", "1")
		for i, said := range []string{agent, customer, more, customer, agent, more, agent, customer} {
			role := ringside.RoleAgent
			if i%2 == 1 {
				role = ringside.RoleUser
			}
			c.Turns = append(c.Turns, ringside.Turn{Index: i, Role: role, Text: said})
		}
		c.ToolCalls = []ringside.ToolCall{{Name: more, Arguments: customer, Error: agent}}
		settings.CallTaggingCategories = []string{more}
		holds(t, c, text.Analyse(c, settings))
	})
}
