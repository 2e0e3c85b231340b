package evaluate

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
)

func TestRules(t *testing.T) {
	t.Parallel()
	call := &ringside.Call{
		DurationMS: new(int64(95_500)),
		Turns: []ringside.Turn{
			{Index: 0, Role: ringside.RoleUser, Text: "Is this call recorded? I want a full refund."},
			{Index: 1, Role: ringside.RoleAgent, Text: "Hi! Just so you know: this call may be RECORDED for quality.", StartMS: new(int64(31_200))},
			{Index: 2, Role: ringside.RoleAgent, Text: "I guarantee it, one hundred percent."},
		},
		ToolCalls: []ringside.ToolCall{
			{Name: "lookup", Result: map[string]any{}},
			{Name: "book", Error: strings.Repeat("no free slot ", 40)},
			{Name: "refund", Error: "declined."},
			{Name: "refund", Result: "ok"},
			{Name: "email"},
		},
	}
	mute := &ringside.Call{Turns: call.Turns[:1]}
	long := &ringside.Call{Turns: []ringside.Turn{{Role: ringside.RoleAgent, Text: strings.Repeat("and so on ", 400) + "goodbye"}}}
	hidden := &ringside.Call{Turns: []ringside.Turn{{Role: ringside.RoleAgent, Text: "So your mail is [email 1]?"}}}
	endless := &ringside.Call{Turns: []ringside.Turn{{Role: ringside.RoleAgent, Text: strings.Repeat("and so on ", 120_000)}}}
	says := func(within *int, phrases ...string) ringside.CriterionRule {
		return ringside.CriterionRule{Kind: ringside.RuleSays, Phrases: phrases, WithinSeconds: within}
	}
	never := func(phrases ...string) ringside.CriterionRule {
		return ringside.CriterionRule{Kind: ringside.RuleNeverSays, Phrases: phrases}
	}
	tool := func(name string) ringside.CriterionRule {
		return ringside.CriterionRule{Kind: ringside.RuleCallsTool, Tool: name}
	}
	for _, tc := range []struct {
		name     string
		rule     ringside.CriterionRule
		call     *ringside.Call
		want     ringside.Verdict
		reason   string // a part of it
		evidence string // turn 1's unless said otherwise
	}{
		{"said, other words between", says(nil, "monitored", "this call is", "call recorded"), call, "pass", "said it", "call may be RECORDED"},
		{"said in time", says(new(32), "call recorded"), call, "pass", "within 32 s", "call may be RECORDED"},
		{"said too late", says(new(31), "call recorded"), call, "fail", "31 s into the call, and had 31 s", "call may be RECORDED"},
		{"said, nobody knows when", says(new(31), "one hundred percent"), call, "unknown", "does not tell when", "one hundred percent"},
		{"never said", says(nil, "full refund"), call, "fail", "never said it", ""},
		{"said by a mute", says(nil, "refund"), mute, "na", "says nothing", ""},
		{"said at the end of a long turn", says(nil, "goodbye"), long, "pass", "said it", "goodbye"},
		{"said where something is hidden", says(nil, "your email"), hidden, "pass", "said it", "your mail is [email 1]"},
		{"forbidden at the end of a long turn", never("goodbye"), long, "fail", "said it", "goodbye"},
		{"said too long a way off", says(nil, "goodbye"), endless, "unknown", "too much", ""},
		{"forbidden and said", never("guarantee"), call, "fail", "said it", "guarantee"},
		{"forbidden, said by the customer", never("refund"), call, "pass", "did not say it", ""},
		{"forbidden to a mute", never("refund"), mute, "na", "says nothing", ""},
		{"forbidden in an endless turn", never("refund"), endless, "unknown", "too much", ""},
		{"short enough", ringside.CriterionRule{Kind: ringside.RuleMaxDuration, Seconds: new(96)}, call, "pass", "1m36s, no longer than 1m36s", ""},
		{"too long", ringside.CriterionRule{Kind: ringside.RuleMaxDuration, Seconds: new(95)}, call, "fail", "longer than 1m35s", ""},
		{"of unknown length", ringside.CriterionRule{Kind: ringside.RuleMaxDuration, Seconds: new(95)}, mute, "unknown", "not known", ""},
		{"a tool that answered", tool("Lookup"), call, "pass", "answered", ""},
		{"a tool that answered at last", tool("refund"), call, "pass", "answered", ""},
		{"a tool that failed", tool("book"), call, "fail", "failed: no free slot no", ""},
		{"a tool without an answer", tool("email"), call, "fail", "failed: no answer came.", ""},
		{"a tool that was not called", tool("transfer"), call, "fail", "was not called", ""},
	} {
		s := settle(&ringside.ScorecardCriterion{Key: "k", Name: "K", Rule: &tc.rule}, tc.call)
		if s.Verdict != tc.want || !strings.Contains(s.Reason, tc.reason) || s.Method != ringside.MethodRule || len(s.Reason) > 300 {
			t.Errorf("%s: %s, %s", tc.name, s.Verdict, s.Reason)
		}
		if (tc.evidence == "") != (len(s.Evidence) == 0) {
			t.Errorf("%s: evidence %+v", tc.name, s.Evidence)
		}
		for _, e := range s.Evidence {
			if e.Quote != tc.evidence || !strings.Contains(tc.call.Turns[e.Turn].Text, e.Quote) {
				t.Errorf("%s: evidence %+v", tc.name, e)
			}
		}
	}
}
