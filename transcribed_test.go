package ringside_test

import (
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
)

// Turns that were made from a recording stand for as long as no vendor sends any,
// in whichever order both come; a newer transcription replaces an older.
func TestTranscribedTurnsGiveWay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	event := func(id string, a ringside.Authority, after time.Duration, x ringside.Facts) ringside.Event {
		return ringside.Event{ID: id, Authority: a, ReceivedAt: at.Add(after), Facts: x}
	}
	made := func(id string, after time.Duration, text string) ringside.Event {
		return event(id, ringside.Guess, after, ringside.Facts{Ours: true, Transcribed: &ringside.Transcribed{
			From: ringside.TurnsFrom{Method: "stt", Model: text}, Turns: []ringside.Turn{{Role: ringside.RoleUnknown, Text: text}},
		}, Steps: []ringside.Step{{Step: ringside.StepTranscription, Status: ringside.StepDone}}})
	}
	ended := event("ended", ringside.Report, 0, ringside.Facts{Phase: ringside.PhaseEnded})
	older, newer := made("older", time.Second, "older"), made("newer", time.Minute, "newer")
	live := event("live", ringside.Live, 0, ringside.Facts{Turn: &ringside.Turn{Role: ringside.RoleUser, Text: "live"}})
	whole := event("whole", ringside.Report, 0, ringside.Facts{Turns: []ringside.Turn{{Role: ringside.RoleUser, Text: "whole"}}})
	for _, tc := range []struct {
		want  string
		ours  bool
		steps int
		all   []ringside.Event
	}{
		{"older", true, 6, []ringside.Event{ended, older}},
		{"newer", true, 6, []ringside.Event{ended, newer, older}},
		{"live", false, 5, []ringside.Event{ended, older, live}},
		{"live", false, 5, []ringside.Event{live, ended, older}},
		{"whole", false, 5, []ringside.Event{older, whole, ended}},
	} {
		c := ringside.NewCall("w", "acme", "1")
		c.Apply(tc.all...)
		if len(c.Turns) != 1 || c.Turns[0].Text != tc.want || (c.TurnsFrom != nil) != tc.ours || len(c.Pipeline) != tc.steps {
			t.Errorf("want %s: %+v from %+v with %d steps", tc.want, c.Turns, c.TurnsFrom, len(c.Pipeline))
		}
	}
}

// A recording that is kept no more is not shown as kept, whichever is told first.
func TestWhatIsKeptNoMore(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	told := func(id string, after time.Duration, k ringside.Kept) ringside.Event {
		return ringside.Event{ID: id, Authority: ringside.Guess, ReceivedAt: at.Add(after), Facts: ringside.Facts{Ours: true, Kept: &k}}
	}
	kept, gone := told("kept", 0, ringside.Kept{SHA256: "ab"}), told("gone", time.Minute, ringside.Kept{})
	for _, all := range [][]ringside.Event{{kept, gone}, {gone, kept}} {
		c := ringside.NewCall("w", "acme", "1")
		if c.Apply(all...); c.Kept != nil || c.HasRecording() {
			t.Errorf("kept: %+v", c.Kept)
		}
	}
}
