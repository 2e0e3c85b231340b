package text_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

func part(t *testing.T, l *ringside.Local, name string) ringside.QualityPart {
	t.Helper()
	for _, p := range l.Quality.Parts {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("there is no part %s", name)
	return ringside.QualityPart{}
}

// The score is the mean of the measured parts by weight, and the coverage
// their weight; what is not measured says why.
func TestQualityIsTheMeanOfWhatIsMeasured(t *testing.T) {
	t.Parallel()
	for _, d := range append(dialogues(t, "tune.txt"), dialogues(t, "demo.txt")...) {
		l := text.Analyse(d.call, goldenSettings())
		var sum, weight float64
		for _, p := range l.Quality.Parts {
			if p.Reason == "" || !strings.HasSuffix(p.Reason, ".") {
				t.Errorf("%s: %s has the reason %q", d.name, p.Name, p.Reason)
			}
			if p.Score != nil {
				sum, weight = sum+p.Weight**p.Score, weight+p.Weight
			}
		}
		if math.Abs(l.Quality.Coverage-weight) > 0.005 || (l.Quality.Score == nil) != (weight == 0) || weight > 0 && math.Abs(*l.Quality.Score-sum/weight) > 0.06 {
			t.Errorf("%s: score %v and coverage %v of %s", d.name, l.Quality.Score, l.Quality.Coverage, toJSON(t, l.Quality))
		}
		if p := part(t, l, "audio"); p.Score != nil {
			t.Errorf("%s: sound is scored %v without a recording", d.name, *p.Score)
		}
	}
}

func TestTurnTakingTellsWhatItRestsOn(t *testing.T) {
	t.Parallel()
	rows := []string{hello, "U Monday.", "A Good.", "U At ten.", "A Fine."}
	claimed := func(ms ...float64) *ringside.Call {
		c := spoken(t, rows...)
		for i, v := range ms {
			c.Turns[2*i+2].Latency = &ringside.Latency{Source: ringside.Claimed, TotalMS: &v}
		}
		return c
	}
	summary := spoken(t, rows...)
	summary.Latency = []ringside.LatencyStats{{Component: "total", Source: ringside.Claimed, P50MS: new(2750.0)}}
	tool := timed(spoken(t, "U Monday.", "T get_slots {} -> {}", "A Ten?"), 0, 1000, 3750, 4000)
	for _, tc := range []struct {
		name   string
		call   *ringside.Call
		want   float64 // -1: none
		reason string
	}{
		{"times", timed(spoken(t, rows...), 0, 900, 1500, 2000, 3000, 3500, 4000, 5000, 7750, 8000), 75, "by the transcript's times, over 2 responses"},
		{"the vendor's word for each turn", claimed(1000, 2750), 75, "by the vendor's own figures, over 2 responses"},
		{"the vendor's median", summary, 50, "median response time of 2750 ms"},
		{"a tool call takes its time", tool, 100, "over 1 response."},
		{"nothing", spoken(t, rows...), -1, "no times"},
	} {
		p := part(t, text.Analyse(tc.call, nil), "turn_taking")
		got := -1.0
		if p.Score != nil {
			got = *p.Score
		}
		if got != tc.want || !strings.Contains(p.Reason, tc.reason) {
			t.Errorf("%s: %v, %q, want %v, %q", tc.name, got, p.Reason, tc.want, tc.reason)
		}
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	with := func(c *ringside.Call, f func(*ringside.Call)) *ringside.Call { f(c); return c }
	for _, tc := range []struct {
		name string
		call *ringside.Call
		want string
	}{
		{"content", spoken(t, hello, "U Are you open on Sunday?", "A Yes, from ten to four.", "U Great, thanks, bye."), "resolved"},
		{"content, with a tool that failed", spoken(t, hello, "U A table, please.", "T! book {} -> down", "A The system is down, sorry.", "U Okay, thanks."), "unknown"},
		{"content, with a question left", spoken(t, hello, "U Is there parking?", "A I don't have that information.", "U Okay, thanks."), "unknown"},
		{"not content", spoken(t, hello, "U Where is my parcel?", "A It is late.", "U Never mind, I'll call back."), "unresolved"},
		{"nothing tells", spoken(t, hello, "U Where is my parcel?", "A It is in the van.", "U And when does it come?"), "unknown"},
		{"said and not done", spoken(t, hello, "U A table, please.", "T! book_table {} -> down", "A I have booked your table.", "U Great, thanks."), "unresolved"},
		{"handed over", spoken(t, hello, "U It is about a mortgage.", "T transfer_call {} -> {}", "A One moment."), "transferred"},
		{"handed over, as asked", spoken(t, hello, "U Can I talk to a person?", "T transfer_call {} -> {}", "A One moment."), "escalated"},
		{"asked and not handed over", spoken(t, hello, "U Can I talk to a person?", "A I can help you with that.", "U Okay, thank you."), "unresolved"},
		{"the handover failed", with(spoken(t, hello, "U It is about a mortgage.", "T! transfer_call {} -> busy", "A Nobody is free, sorry."), func(c *ringside.Call) {
			c.Outcome = ringside.Outcome{FailureClass: ringside.FailureTransfer, Success: new(false), Explanation: "It failed."}
		}), "unresolved"},
		{"by the reason of the end", with(spoken(t, hello, "U Yes, please.", "A One moment."), func(c *ringside.Call) { c.EndedReason = "assistant-forwarded-call" }), "transferred"},
		{"by a step of the vendor's", with(spoken(t, hello, "U Yes, please.", "A One moment."), func(c *ringside.Call) {
			c.Spans = []ringside.Span{{Name: "transfer", Title: "transfer_bridged"}}
		}), "transferred"},
		{"a handover that was only begun", with(spoken(t, hello, "U Yes, please.", "A One moment."), func(c *ringside.Call) {
			c.Spans = []ringside.Span{{Name: "transfer", Title: "transfer_started"}}
		}), "unknown"},
		{"the vendor says yes", with(spoken(t, hello, "U Hm.", "A So."), func(c *ringside.Call) { c.Outcome.Success = new(true) }), "resolved"},
		{"the vendor says no", with(spoken(t, hello, "U Hm.", "A So.", "U Thanks."), func(c *ringside.Call) { c.Outcome.Success = new(false) }), "unresolved"},
	} {
		if got := text.Analyse(tc.call, nil).Summary.Outcome; got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func score(t *testing.T, c *ringside.Call, s *ringside.AgentSettings, criterion string) ringside.Score {
	t.Helper()
	for _, got := range text.Analyse(c, s).Scores {
		if got.Criterion == criterion {
			return got
		}
	}
	t.Fatalf("%s is not scored", criterion)
	return ringside.Score{}
}

func TestCriteria(t *testing.T) {
	t.Parallel()
	const greeting, solved, tone, efficient = "greeting_quality", "issue_resolution", "professionalism", "call_efficiency"
	repeated := []string{hello}
	for range 3 {
		repeated = append(repeated, "U Mill Lane in Oakham.", "A Please tell me your full address.")
	}
	for _, tc := range []struct {
		name, criterion string
		call            *ringside.Call
		verdict         ringside.Verdict
		value           float64
	}{
		{"a whole greeting", greeting, spoken(t, hello, "U Hi."), "pass", 100},
		{"no name", greeting, spoken(t, "A Hello there, how can I help you?", "U Hi."), "pass", 67},
		{"a name in front", greeting, spoken(t, "A Harborview, good evening. Which room are you in?", "U Hi."), "pass", 100},
		{"only a word", greeting, spoken(t, "A Yes? It is you again, I see that you are there.", "U Hi."), "fail", 0},
		{"whom it calls is not who it is", greeting, spoken(t, "A Hi Daniel, how are you doing on this fine day?", "U Hi."), "fail", 33},
		{"solved", solved, spoken(t, hello, "U Are you open?", "A We are.", "U Great, thanks."), "pass", 100},
		{"not solved", solved, spoken(t, hello, "U Are you open?", "A Maybe.", "U Forget it."), "fail", 0},
		{"handed over", solved, spoken(t, hello, "U A mortgage.", "T transfer_call {} -> {}", "A One moment."), "unknown", -1},
		{"nothing rude", tone, spoken(t, hello, "U Hi."), "unknown", -1},
		{"rude", tone, spoken(t, hello, "U It does not work.", "A That is your own fault, sir."), "fail", 0},
		{"solved without detours", efficient, spoken(t, hello, "U Are you open?", "A We are.", "U Great, thanks."), "pass", 100},
		{"nothing to say", efficient, spoken(t, hello, "U Are you open?", "A We are."), "unknown", -1},
		{"in circles", efficient, spoken(t, repeated...), "fail", 50},
		{"equal tool calls", efficient, spoken(t, hello, "U Hi.", "T a {} -> {}", "T a {} -> {}", "T a {} -> {}", "T a {} -> {}"), "fail", 55},
	} {
		got := score(t, tc.call, nil, tc.criterion)
		value := -1.0
		if got.Value != nil {
			value = *got.Value
		}
		if got.Verdict != tc.verdict || value != tc.value || got.Reason == "" || got.Method != ringside.MethodLocal {
			t.Errorf("%s: %s %v (%s), want %s %v", tc.name, got.Verdict, value, got.Reason, tc.verdict, tc.value)
		}
		for _, e := range got.Evidence {
			if !strings.Contains(tc.call.Turns[e.Turn].Text, e.Quote) || e.Quote == "" {
				t.Errorf("%s: %q does not stand in turn %d", tc.name, e.Quote, e.Turn)
			}
		}
	}
}

func TestCriteriaOfTheAgent(t *testing.T) {
	t.Parallel()
	c := spoken(t, hello, "U Hi.")
	l := text.Analyse(c, &ringside.AgentSettings{ScoringCriteria: []string{"Greeting Quality", "empathy", "empathy", " "}})
	if len(l.Scores) != 2 || l.Scores[0].Criterion != "greeting_quality" || l.Scores[0].Name != "Greeting Quality" || l.Scores[0].Verdict != ringside.VerdictPass {
		t.Errorf("scores %s", toJSON(t, l.Scores))
	}
	if s := l.Scores[1]; s.Verdict != ringside.VerdictUnknown || s.Value != nil || !strings.HasPrefix(s.Reason, "Needs a language model") {
		t.Errorf("empathy: %+v", s)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	call := spoken(t, hello, "U You charged me twice on my last invoice, I want my money back.", "A I'm sorry, let me look at the bill.", "U Where is the solar roof team?")
	for _, tc := range []struct {
		categories []string
		want       string
	}{
		{nil, "billing, refund"},
		{[]string{"sales", "Billing", "refunds", "complaint"}, "Billing, refunds"},
		{[]string{"inquiry", "inquiry"}, "inquiry"},
		{[]string{"solar_roof", "solar-panel", ""}, "solar_roof"},
		{[]string{"appointments"}, ""},
	} {
		got := text.Analyse(call, &ringside.AgentSettings{CallTaggingCategories: tc.categories}).Tags
		if strings.Join(got, ", ") != tc.want {
			t.Errorf("%q: %q, want %q", tc.categories, got, tc.want)
		}
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	c := spoken(t, "A Hi, this is Sol with Northwind. I am calling about your last bill.",
		"U Yes, this is Daniel. What would a plan look like?",
		`T quote_plan {} -> {"parts":3}`,
		"A We can split it into three payments.",
		"U Okay. I'll call you back on Monday.",
		"T! send_letter {} -> printer",
		"A I'm afraid I can't send the letter now. I'll send you an email instead. Is that okay?",
		"U Sure, thanks.",
	)
	c.Direction, c.DurationMS, c.Agent = ringside.Outbound, new(int64(135_400)), &ringside.AgentRef{Name: "Sol"}
	c.Outcome.Explanation = "The customer hung up."
	s := text.Analyse(c, nil).Summary
	want := "Outbound call of 2 min 15 s with Sol. The agent called about this: “I am calling about your last bill.” " +
		"The customer said: “Yes, this is Daniel. What would a plan look like?” " +
		"The agent said: “I'm afraid I can't send the letter now. I'll send you an email instead. Is that okay?” " +
		"Tools used: quote_plan. Tools that failed: send_letter. The customer left content, but a tool had failed. The customer hung up."
	if s.Overview != want {
		t.Errorf("overview\n%s\nwant\n%s", s.Overview, want)
	}
	if got := strings.Join(s.ActionItems, " / "); got != "Customer: I'll call you back on Monday. / Agent: I'll send you an email instead." {
		t.Errorf("action items %q", got)
	}
	if s.Method != ringside.MethodLocal || s.Outcome != "unknown" {
		t.Errorf("outcome %s by %s", s.Outcome, s.Method)
	}
}

// What is heard counts before what is told, unless noise spoils its times, and
// the line is as good as the worst that is heard of it.
func TestWhatIsHeardCounts(t *testing.T) {
	c := spoken(t, "A Hello, how can I help?", "U I want to book a table.", "A Sure, for when?")
	if p := part(t, text.Analyse(c, &ringside.AgentSettings{}), "audio"); p.Score != nil || p.Reason != "No recording has been analysed." {
		t.Errorf("without a recording: %+v", p)
	}
	c.Analysis.Audio = &ringside.Acoustics{Confidence: "low"}
	if p := part(t, text.Analyse(c, &ringside.AgentSettings{}), "audio"); p.Score != nil || p.Reason != "Nothing of the line could be measured." {
		t.Errorf("of a recording without speech: %+v", p)
	}
	for _, tc := range []struct {
		heard        ringside.Acoustics
		score        float64
		reason, turn string
	}{
		{ringside.Acoustics{Confidence: "high", SNRAgent: new(40.0), SNRCustomer: new(22.0), Clipped: new(0.0), TurnTaking: new(0.5), Responses: 4}, 100, "The line is clear.", "as heard in the recording, over 4 responses"},
		{ringside.Acoustics{Confidence: "low", SNRAgent: new(40.0), SNRCustomer: new(13.0), TurnTaking: new(0.5)}, 50, "The customer's speech is 13 dB above the noise.", ""},
		{ringside.Acoustics{Confidence: "high", SNRAgent: new(2.0)}, 0, "The agent's speech is 2 dB above the noise.", ""},
		{ringside.Acoustics{Confidence: "high", SNRAgent: new(40.0), Clipped: new(0.0025)}, 75, "0.2 % of one side's samples are clipped.", ""},
		{ringside.Acoustics{Confidence: "high", Clipped: new(0.0), Dropouts: new(0.0)}, 100, "Nothing is clipped, and the line does not drop out; how noisy it is, is not known.", ""},
		{ringside.Acoustics{Confidence: "high", Dropouts: new(4.5)}, 25, "The line drops out 4.5 times in a minute of speech.", ""},
	} {
		c.Analysis.Audio = &tc.heard
		l := text.Analyse(c, &ringside.AgentSettings{})
		if p := part(t, l, "audio"); p.Score == nil || *p.Score != tc.score || p.Reason != tc.reason {
			t.Errorf("%+v: %+v, %s", tc.heard, p.Score, p.Reason)
		}
		if p := part(t, l, "turn_taking"); strings.Contains(p.Reason, "as heard") != (tc.turn != "") || !strings.Contains(p.Reason, tc.turn) {
			t.Errorf("%+v: %s", tc.heard, p.Reason)
		}
	}
}
