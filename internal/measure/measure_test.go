package measure_test

import (
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/measure"
)

func turn(role ringside.Role, text string, start, end int64) ringside.Turn {
	return ringside.Turn{Role: role, Text: text, StartMS: &start, EndMS: &end}
}

func TestTranscript(t *testing.T) {
	m := measure.Transcript([]ringside.Turn{
		turn(ringside.RoleAgent, "Hello, how can I help?", 500, 2500),
		turn(ringside.RoleUser, "Move my visit", 3000, 4000),
		turn(ringside.RoleAgent, "Sure", 5200, 6200),
		turn(ringside.RoleUser, "Thanks", 9200, 10200),
		turn(ringside.RoleAgent, "Bye", 10000, 11000), // 200 ms before the customer was done
	})
	if m.AgentWords != 7 || m.CustomerWords != 4 {
		t.Errorf("words %d and %d, want 7 and 4", m.AgentWords, m.CustomerWords)
	}
	if *m.FirstAgentMS != 500 || m.Responses != 2 || *m.ResponseP50MS != -200 || m.ResponseP95MS != nil {
		t.Errorf("first word %d, %d responses, median %v, p95 %v", *m.FirstAgentMS, m.Responses, *m.ResponseP50MS, m.ResponseP95MS)
	}
	if got := *m.TalkRatio; got < 0.666 || got > 0.667 {
		t.Errorf("talk ratio %v, want 2/3", got)
	}
	if *m.LongestGapMS != 3000 || *m.LongestGapAtMS != 6200 {
		t.Errorf("longest gap %d at %d, want 3000 at 6200", *m.LongestGapMS, *m.LongestGapAtMS)
	}
}

func TestTranscriptSaysNothingItCannotTell(t *testing.T) {
	if measure.Transcript(nil) != nil {
		t.Error("figures of a call without a transcript")
	}
	start := int64(900)
	m := measure.Transcript([]ringside.Turn{{Role: ringside.RoleAgent, Text: "Hi", StartMS: &start}, {Role: ringside.RoleUser, Text: "Hi"}})
	if m.TalkRatio != nil || m.LongestGapMS != nil || m.ResponseP50MS != nil || m.Responses != 0 {
		t.Errorf("times out of thin air: %+v", m)
	}
}

func TestTranscriptPercentileNeedsTen(t *testing.T) {
	var turns []ringside.Turn
	for i := range int64(10) {
		turns = append(turns, turn(ringside.RoleUser, "a", i*1000, i*1000+100), turn(ringside.RoleAgent, "b", i*1000+200+i, i*1000+300))
	}
	m := measure.Transcript(turns)
	if m.Responses != 10 || m.ResponseP95MS == nil || *m.ResponseP95MS != 109 {
		t.Errorf("%d responses, p95 %v, want 10 and 109", m.Responses, m.ResponseP95MS)
	}
}
