package audio

import (
	"math"
	"reflect"
	"testing"

	"github.com/ringsidehq/ringside"
)

// talkOf makes sides of what each says, in tenths of seconds: from, to, from, to.
func talkOf(customerSays, agentSays []int, turns ...ringside.Turn) *sides {
	units := func(v []int) (out []run) {
		for i := 0; i < len(v); i += 2 {
			out = append(out, run{10 * v[i], 10 * v[i+1]})
		}
		return out
	}
	return newSides([2][]run{units(customerSays), units(agentSays)}, byWords(turns))
}

func TestTurnTaking(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		customer, agent []int
		latencies       []Latency
		interruptions   []Interruption
		backchannels    []Backchannel
	}{
		"question and answer": {
			customer: []int{30, 50}, agent: []int{5, 25, 63, 90},
			latencies: []Latency{{6.3, 1300}},
		},
		"own pauses do not end a turn": {
			customer: []int{30, 50, 55, 70}, agent: []int{5, 25, 80, 90, 94, 120},
			latencies: []Latency{{8, 1000}},
		},
		"an agent that goes on has answered already": {
			customer: []int{30, 50}, agent: []int{60, 80, 100, 120},
			latencies: []Latency{{6, 1000}},
		},
		"an answer a little early is an overlap": {
			customer: []int{30, 50}, agent: []int{48, 80},
			latencies: []Latency{{4.8, -200}},
		},
		"the customer cuts in and the agent yields": {
			customer: []int{30, 60}, agent: []int{5, 38, 72, 90},
			latencies:     []Latency{{7.2, 1200}},
			interruptions: []Interruption{{"customer", 3, 800, true}},
		},
		"the customer cuts in and the agent goes on": {
			customer: []int{30, 45}, agent: []int{5, 70},
			interruptions: []Interruption{{"customer", 3, 4000, false}},
		},
		"the agent cuts in: no answer": {
			customer: []int{30, 60}, agent: []int{45, 90},
			interruptions: []Interruption{{"agent", 4.5, 1500, true}},
		},
		"a word of listening": {
			customer: []int{30, 34}, agent: []int{5, 70},
			backchannels: []Backchannel{{"customer", 3}},
		},
		"a word in a pause of the other's": {
			customer: []int{31, 34}, agent: []int{5, 30, 35, 70},
			latencies: []Latency{{3.5, 100}},
		},
		"nobody is interrupted by who goes on after a word of listening": {
			customer: []int{30, 34}, agent: []int{5, 37, 50, 70},
			backchannels: []Backchannel{{"customer", 3}},
		},
		"both begin at once": {
			customer: []int{30, 60}, agent: []int{30, 50},
		},
		"both begin nearly at once": {
			customer: []int{29, 60}, agent: []int{30, 50},
		},
		"and answer what was said before": {
			customer: []int{5, 10, 29, 60}, agent: []int{30, 50},
			latencies: []Latency{{3, 2000}},
		},
	} {
		s := talkOf(c.customer, c.agent)
		check(t, name, s.latencies(), c.latencies)
		check(t, name, s.interruptions(), c.interruptions)
		check(t, name, s.backchannels(), c.backchannels)
	}
}

// check compares lists, of which none is as good as an empty one but nil is not.
func check[E any](t *testing.T, name string, got, want []E) {
	t.Helper()
	if got == nil {
		t.Errorf("%s: a nil list", name)
	}
	if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, want %+v", name, got, want)
	}
}

func TestTheTranscriptCanTellAWordOfListening(t *testing.T) {
	t.Parallel()
	user := func(text string) ringside.Turn {
		return ringside.Turn{Role: ringside.RoleUser, Text: text, StartMS: new(int64(2900)), EndMS: new(int64(3800))}
	}
	for text, want := range map[string]bool{"Mm-hmm.": true, "Okay, right!": true, "Stop.": false, "Yes, on Monday": false, "yes yes yes yes": false} {
		s := talkOf([]int{30, 37}, []int{5, 70}, user(text))
		if got := len(s.backchannels()) == 1; got != want {
			t.Errorf("%q is a backchannel: %v, want %v", text, got, want)
		}
		if got := len(s.interruptions()) == 1; got == want {
			t.Errorf("%q is an interruption: %v, want %v", text, got, !want)
		}
	}
	if s := talkOf([]int{30, 37}, []int{5, 70}, ringside.Turn{Role: ringside.RoleUser, Text: "Stop."}); len(s.backchannels()) != 1 {
		t.Error("a turn without times has something against it")
	}
}

func TestSilences(t *testing.T) {
	t.Parallel()
	s := talkOf([]int{60, 80, 160, 162}, []int{25, 40, 110, 130})
	got, whose := s.silences(2000, []run{{1650, 1700}})
	check(t, "where", got, []Span{{0, 2.5}, {4, 6}, {8, 11}, {13, 16}, {17, 20}})
	check(t, "whose", whose, []string{"agent", "customer", "agent", "customer", "agent"})
}

func TestTalkAndOverlap(t *testing.T) {
	t.Parallel()
	s := talkOf([]int{0, 10, 20, 40}, []int{5, 25, 30, 60})
	if got := *s.talkRatio(); math.Abs(got-50.0/80) > 1e-9 {
		t.Errorf("talk ratio %v", got)
	}
	if got := s.overlap(); got != 50+50+100 {
		t.Errorf("overlap of %d frames", got)
	}
	silent := talkOf(nil, nil)
	if silent.talkRatio() != nil || silent.overlap() != 0 || silent.firstWord(agent) != nil {
		t.Error("figures out of silence")
	}
}

func TestWordsAMinute(t *testing.T) {
	t.Parallel()
	say := func(role ringside.Role, text string) ringside.Turn { return ringside.Turn{Role: role, Text: text} }
	s := talkOf([]int{0, 20, 24, 40}, []int{50, 60})
	w := s.wordsAMinute([]ringside.Turn{say(ringside.RoleUser, "one two three four five six seven eight"), say(ringside.RoleAgent, "one two")})
	if *w.Customer != 120 {
		t.Errorf("%v words a minute, want 8 in 4 s", *w.Customer)
	}
	if w.Agent != nil {
		t.Errorf("%v words a minute of one second", *w.Agent)
	}
	if s.wordsAMinute(nil) != nil {
		t.Error("a rate without a transcript")
	}
}

func TestAgentChannel(t *testing.T) {
	t.Parallel()
	at := func(role ringside.Role, from, to int64) ringside.Turn {
		return ringside.Turn{Role: role, StartMS: &from, EndMS: &to}
	}
	voices := [2]voice{{units: []run{{100, 400}, {900, 1200}}}, {units: []run{{500, 800}, {1300, 1500}}}}
	agentFirst := []ringside.Turn{at(ringside.RoleAgent, 900, 4100), at(ringside.RoleUser, 5100, 8000)}
	for name, c := range map[string]struct {
		told   *int
		turns  []ringside.Turn
		want   int
		method string
	}{
		"told":                       {new(0), agentFirst, 0, "told"},
		"told against the words":     {new(1), agentFirst, 1, "told"},
		"by the transcript":          {nil, agentFirst, 0, "transcript"},
		"by the transcript, crossed": {nil, []ringside.Turn{at(ringside.RoleUser, 900, 4100), at(ringside.RoleAgent, 5100, 8000)}, 1, "transcript"},
		"by nothing":                 {nil, nil, 1, "assumed"},
		"by times that fit neither":  {nil, []ringside.Turn{at(ringside.RoleAgent, 0, 15000)}, 1, "assumed"},
	} {
		got := agentChannel(c.told, c.turns, voices)
		if got.Channel != c.want || got.Method != c.method || got.Reason == "" {
			t.Errorf("%s: %+v, want channel %d, %s", name, got, c.want, c.method)
		}
	}
}
