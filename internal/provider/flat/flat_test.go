package flat_test

import (
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

var suite = providertest.Suite{
	Provider:  flat.Provider,
	Dir:       "../../../testdata/payloads/flat",
	Sequences: [][]string{{"call-started.json", "call-ended.json"}},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func FuzzDecode(f *testing.F) { providertest.Fuzz(f, suite) }

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ name, body, field string }{
		{"no id", `{"startedAt":"2026-01-01T00:00:00Z"}`, "/id"},
		{"empty id", `{"id":" "}`, "/id"},
		{"id of another type", `{"id":7}`, "/id"},
		{"a start that is no time", `{"id":"a","startedAt":"yesterday"}`, "/startedAt"},
		{"messages that are no list", `{"id":"a","messages":{}}`, "/messages"},
		{"a message without a role", `{"id":"a","messages":[{"content":"hi"}]}`, "/messages/0/role"},
		{"a list", `[]`, ""},
		{"no JSON", `{"id":`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := flat.Decode(provider.Payload{Body: []byte(tc.body), ReceivedAt: time.Now()})
			if ringside.KindOf(err) != ringside.Invalid {
				t.Fatalf("got %v, want an invalid error", err)
			}
			if got := err.(*ringside.Error).Field; got != tc.field {
				t.Errorf("field %q, want %q", got, tc.field)
			}
		})
	}
}
