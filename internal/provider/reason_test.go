package provider_test

import (
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

func TestEndByWords(t *testing.T) {
	rows := []provider.Reason{
		{Words: []string{"no answer", "stt"}, End: ringside.End{Failure: ringside.FailureNoAnswer}},
		{Words: []string{"transfer*"}, End: ringside.End{By: ringside.EndedByAgent}},
		{Words: []string{"bot", "überlast"}, End: ringside.End{By: ringside.EndedByProvider}},
	}
	for reason, want := range map[string]ringside.End{
		"No answer": rows[0].End, "dial_no-answer.": rows[0].End, "noanswer": {}, "no_transfer, no answer": rows[0].End,
		"lastturn": {}, "the STT": rows[0].End,
		"transferred": rows[1].End, "call-transfer": rows[1].End, "untransferred": {},
		"both": {}, "bot": rows[2].End, "ended by bot:7": rows[2].End, "überlast": rows[2].End, "": {}, "...": {},
	} {
		got, found := provider.EndByWords(reason, rows)
		if got != want || found != (want != ringside.End{}) {
			t.Errorf("%q: %+v, want %+v", reason, got, want)
		}
	}
}
