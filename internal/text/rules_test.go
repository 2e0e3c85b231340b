package text_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// timed gives a call's turns times: pairs of start and end in ms, -1 for none.
func timed(c *ringside.Call, times ...int64) *ringside.Call {
	for i := range c.Turns {
		if s := times[2*i]; s >= 0 {
			c.Turns[i].StartMS = &s
		}
		if e := times[2*i+1]; e >= 0 {
			c.Turns[i].EndMS = &e
		}
	}
	return c
}

// brief writes findings as kind severity@turn.
func brief(findings []ringside.Finding) string {
	var out []string
	for _, f := range findings {
		at := "-"
		if f.Turn != nil {
			at = fmt.Sprint(*f.Turn)
		}
		out = append(out, fmt.Sprintf("%s %s@%s", f.Kind, f.Severity, at))
	}
	return strings.Join(out, "; ")
}

const hello = "A Hello, this is Ada of the clinic. How can I help you today?"

func TestClaims(t *testing.T) {
	t.Parallel()
	const ask = "U Could you do that for me, please?"
	for _, tc := range []struct {
		name string
		rows []string
		want string
	}{
		{"done", []string{ask, `T book_visit {} -> {"ok":true}`, "A I have booked your visit for Monday."}, ""},
		{"failed", []string{ask, `T! book_visit {} -> down`, "A I have booked your visit for Monday."}, "said_not_done critical@2"},
		{"failed, then done", []string{ask, `T! book_visit {} -> down`, `T book_visit {} -> {"ok":true}`, "A I've booked your visit."}, ""},
		{"only looked up", []string{ask, `T get_slots {"visit":1} -> {}`, "A I've just booked your visit."}, "said_not_done warning@2"},
		{"done later", []string{ask, `T get_slots {} -> {}`, "A I've booked your visit.", "U Thanks.", "A One moment.", `T book_visit {} -> {}`}, "said_not_done info@2"},
		{"done while speaking", []string{ask, `T get_slots {} -> {}`, "A I've booked your visit.", `T book_visit {} -> {}`}, ""},
		{"another tool did something else", []string{ask, `T send_email {} -> {}`, "A I've cancelled your visit."}, "said_not_done warning@2"},
		{"named by the arguments", []string{ask, `T run_action {"action":"cancel"} -> {}`, "A I've cancelled your visit."}, ""},
		{"a tool that tells nothing of itself", []string{ask, `T webhook_7 {} -> {}`, "A I've cancelled your visit."}, ""},
		{"no tools, outright", []string{ask, "A I have sent you the papers."}, "said_not_done info@2"},
		{"no tools, once for the call", []string{ask, "A I have sent you the papers.", "U Yes?", "A I've cancelled it as well."}, "said_not_done info@2"},
		{"no tools, a report", []string{ask, "A Your order has been shipped."}, ""},
		{"a report of what was looked up", []string{ask, `T get_order {} -> {}`, "A Your order has been shipped."}, ""},
		{"a condition", []string{ask, `T get_slots {} -> {}`, "A Once I have booked it you get a text."}, ""},
		{"a question", []string{ask, `T get_slots {} -> {}`, "A You want me to say that I have booked it?"}, ""},
		{"not done, as it says", []string{ask, `T! book_visit {} -> down`, "A I have not booked it yet, the system is down."}, ""},
		{"all set", []string{ask, `T book_visit {} -> {}`, "A You're all set."}, ""},
		{"all set, though it failed", []string{ask, `T! book_visit {} -> down`, "A You are all set!"}, "said_not_done critical@2"},
		{"all set, with no tools", []string{ask, "A You're all set."}, ""},
		{"after a comma", []string{ask, `T! cancel_visit {} -> down`, "A No problem, I've cancelled it."}, "said_not_done critical@2"},
		{"the customer's claim", []string{"U I have cancelled it myself, I think.", `T get_slots {} -> {}`, "A I see, then what can I do?"}, ""},
	} {
		l := text.Analyse(spoken(t, append([]string{hello}, tc.rows...)...), nil)
		if got := brief(of(l, ringside.FindingSaidNotDone)); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestTools(t *testing.T) {
	t.Parallel()
	again := func(n int, row string) []string {
		return strings.Split(strings.Repeat(row+"\n", n)[:n*(len(row)+1)-1], "\n")
	}
	for _, tc := range []struct {
		name   string
		rows   []string
		want   string
		detail string
	}{
		{"one of each", []string{`T a {"x":1} -> {}`, `T a {"x":2} -> {}`, `T b {"x":1} -> {}`}, "", ""},
		{"twice the same", again(2, `T a {"x":1,"y":2} -> {}`), "repeated_tool_call warning@0", "a was called 2 times with the same arguments."},
		{"the same in another order", []string{`T a {"x":1,"y":2} -> {}`, `T a {"y":2,"x":1} -> {}`}, "repeated_tool_call warning@0", ""},
		{"five times", again(5, `T a {} -> {}`), "repeated_tool_call critical@0", ""},
		{"one more try", []string{`T! a {} -> down`, `T a {} -> {}`}, "tool_error info@0; repeated_tool_call info@0", ""},
		{"failed twice", again(2, `T! a {} -> down`), "tool_error warning@0; repeated_tool_call info@0", ""},
		{"worked and then failed", []string{`T a {"x":1} -> {}`, `T! a {"x":2} -> down`}, "tool_error warning@0", "a failed: down."},
		{"two tools fail", []string{`T! a {} -> down`, `T! b {} -> out`}, "tool_error warning@0; tool_error warning@0", ""},
	} {
		l := text.Analyse(spoken(t, append([]string{hello}, tc.rows...)...), nil)
		if got := brief(l.Findings); got != tc.want || tc.detail != "" && l.Findings[0].Detail != tc.detail {
			t.Errorf("%s: %q %+v, want %q %q", tc.name, got, l.Findings, tc.want, tc.detail)
		}
	}
}

func TestToolFindingsPointIntoTheCall(t *testing.T) {
	t.Parallel()
	c := spoken(t, hello)
	c.ToolCalls = []ringside.ToolCall{
		{Error: "x", Turn: new(-1)},
		{Name: "b", Error: strings.Repeat("long ", 1000), Turn: new(7), Arguments: func() {}, StartMS: new(int64(5))},
	}
	for _, f := range text.Analyse(c, nil).Findings {
		if f.Turn != nil || len(f.Detail) > 300 {
			t.Errorf("finding %+v", f)
		}
	}
}

func TestPhraseRules(t *testing.T) {
	t.Parallel()
	rule := func(kind string, within int, phrases ...string) ringside.PhraseRule {
		r := ringside.PhraseRule{Name: "the rule", Kind: kind, Phrases: phrases}
		if within > 0 {
			r.WithinSeconds = &within
		}
		return r
	}
	const disclosure = "A This call is being recorded for quality."
	for _, tc := range []struct {
		name  string
		rule  ringside.PhraseRule
		call  *ringside.Call
		want  string
		quote string
	}{
		{"said", rule("required", 0, "call is recorded"), spoken(t, "U Hello?", disclosure), "", ""},
		{"in other marks and case", rule("required", 0, "THIS CALL, is recorded!"), spoken(t, "U Hello?", disclosure), "", ""},
		{"either will do", rule("required", 0, "we record", "is recorded"), spoken(t, "U Hello?", disclosure), "", ""},
		{"the words too far apart", rule("required", 0, "this quality"), spoken(t, "U Hello?", disclosure), "compliance_missed critical@-", ""},
		{"the other way round", rule("required", 0, "recorded call"), spoken(t, "U Hello?", disclosure), "compliance_missed critical@-", ""},
		{"never said", rule("required", 0, "your rights"), spoken(t, "U Hello?", disclosure), "compliance_missed critical@-", ""},
		{"said by the customer", rule("required", 0, "is recorded"), spoken(t, "A Hello?", "U Is recorded?"), "compliance_missed critical@-", ""},
		{"in time", rule("required", 10, "recorded"), timed(spoken(t, "U Hello?", disclosure), 0, 900, 4000, 9000), "", ""},
		{"the turn begins in time, the word does not", rule("required", 5, "recorded"), timed(spoken(t, "U Hello?", disclosure), 0, 900, 4000, 9000), "compliance_missed warning@1", "recorded"},
		{"too late", rule("required", 3, "recorded"), timed(spoken(t, "U Hello?", disclosure), 0, 900, 4000, -1), "compliance_missed warning@1", "recorded"},
		{"no times, first turn", rule("required", 10, "recorded"), spoken(t, "U Hello?", disclosure), "", ""},
		{"no times, second turn", rule("required", 10, "recorded"), spoken(t, hello, "U Hello?", disclosure), "compliance_missed warning@2", "recorded"},
		{"no times, a longer window", rule("required", 20, "recorded"), spoken(t, hello, "U Hello?", disclosure), "", ""},
		{"forbidden and not said", rule("forbidden", 0, "guaranteed returns"), spoken(t, "U Hello?", disclosure), "", ""},
		{"forbidden and said, twice", rule("forbidden", 0, "it's guaranteed"), spoken(t, "A It’s fully guaranteed, sir.", "U Is it?", "A its guaranteed"), "forbidden_phrase critical@0; forbidden_phrase critical@2", "It’s fully guaranteed"},
		{"forbidden and said by the customer", rule("forbidden", 0, "guaranteed"), spoken(t, "U Guaranteed?", "A No."), "", ""},
		{"no words in the phrase", rule("required", 0, "?!"), spoken(t, "U Hello?", disclosure), "", ""},
		{"in Chinese", rule("required", 0, "通话录音"), spoken(t, "U 喂？", "A 本次通话将被录音。"), "", ""},
	} {
		l := text.Analyse(tc.call, &ringside.AgentSettings{CompliancePhrases: []ringside.PhraseRule{tc.rule}})
		if got := brief(l.Findings); got != tc.want || tc.quote != "" && l.Findings[0].Quote != tc.quote {
			t.Errorf("%s: %q %+v, want %q %q", tc.name, got, l.Findings, tc.want, tc.quote)
		}
		for _, f := range l.Findings {
			if f.Method != ringside.MethodLocal || f.Topic != "the rule" {
				t.Errorf("%s: %+v", tc.name, f)
			}
		}
	}
}

func TestAWindowThatTheCallDidNotReach(t *testing.T) {
	t.Parallel()
	c := spoken(t, "A Hello?", "U Wrong number.")
	c.DurationMS = new(int64(8000))
	l := text.Analyse(c, &ringside.AgentSettings{CompliancePhrases: []ringside.PhraseRule{
		{Name: "recording", Kind: "required", Phrases: []string{"recorded"}, WithinSeconds: new(30)},
	}})
	if got := brief(l.Findings); got != "compliance_missed info@-" {
		t.Errorf("findings %q", got)
	}
}

func TestDeadAir(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		rows  []string
		times []int64
		want  string
		says  string
		at    int64
	}{
		{"short", []string{"U Yes.", "A Good."}, []int64{0, 1000, 10_900, 12_000}, "", "", 0},
		{"the agent's", []string{"U Yes.", "A Good."}, []int64{0, 1000, 11_000, 12_000}, "dead_air info@0", "Nobody spoke for 10 s. The customer had spoken, so the agent was to answer.", 1000},
		{"the agent's, longer", []string{"U Yes.", "A Good."}, []int64{0, 1000, 17_000, 18_000}, "dead_air warning@0", "", 1000},
		{"the agent's, very long", []string{"U Yes.", "A Good."}, []int64{0, 1000, 41_000, 42_000}, "dead_air critical@0", "", 1000},
		{"after asking to wait", []string{"A One moment, please.", "A Here it is."}, []int64{0, 1000, 41_000, 42_000}, "dead_air critical@0", "Nobody spoke for 40 s. The agent had asked the customer to wait and was to go on.", 1000},
		{"the customer's", []string{"A Which day?", "U Monday."}, []int64{0, 1000, 41_000, 42_000}, "dead_air info@0", "Nobody spoke for 40 s. The agent had asked something, so the customer was to answer.", 1000},
		{"while handing over", []string{"A I am transferring you now.", "U Hello?"}, []int64{0, 1000, 41_000, 42_000}, "dead_air info@0", "Nobody spoke for 40 s. The agent was handing the call over.", 1000},
		{"no end", []string{"U Yes.", "A Good."}, []int64{0, -1, 41_000, 42_000}, "", "", 0},
		{"no start", []string{"U Yes.", "A Good."}, []int64{0, 1000, -1, 42_000}, "", "", 0},
		{"somebody had spoken longer", []string{"A A long one.", "U Mhm.", "A Next."}, []int64{0, 30_000, 2000, 2500, 31_000, 32_000}, "", "", 0},
	} {
		l := text.Analyse(timed(spoken(t, tc.rows...), tc.times...), nil)
		got := of(l, ringside.FindingDeadAir)
		if brief(got) != tc.want || tc.says != "" && got[0].Detail != tc.says || len(got) > 0 && *got[0].AtMS != tc.at {
			t.Errorf("%s: %q %+v, want %q %q", tc.name, brief(got), got, tc.want, tc.says)
		}
	}
}

func TestDeadAirNamesTheToolThatRan(t *testing.T) {
	t.Parallel()
	c := timed(spoken(t, "U Yes.", `T slow {} -> {}`, "A Good."), 0, 1000, 21_000, 22_000)
	c.ToolCalls[0].StartMS = new(int64(1200))
	got := of(text.Analyse(c, nil), ringside.FindingDeadAir)
	if len(got) != 1 || !strings.HasSuffix(got[0].Detail, "slow ran meanwhile.") {
		t.Errorf("findings %+v", got)
	}
}
