package ingest_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// What a customer says who should not, and what of it must be nowhere.
const told = "Sure, my card is 4111 1111 1111 1111, my social is 123-45-6789 and it's jane.doe@example.com, born on 03/04/1985"

var private = []string{"4111 1111 1111 1111", "4111111111111111", "123-45-6789", "jane.doe@example.com", "03/04/1985"}

// redacting makes an agent in whose calls everything is hidden.
func (h *harness) redacting(t testing.TB, source, mode string) {
	t.Helper()
	now := time.Now().UTC()
	a := &ringside.Agent{ID: ringside.NewID("agent", now), Name: source, SourceID: source, CreatedAt: now, UpdatedAt: now}
	a.Settings.RedactionMode = mode
	h.write(t, func(ctx context.Context, tx store.Tx) error { return store.InsertAgent(ctx, tx, h.workspace, a, nil) })
	h.ledger.AgentsChanged()
}

// longest is the longest thing that the customer says in a body.
func longest(t testing.TB, p provider.Provider, body []byte) (text, source string) {
	t.Helper()
	events, err := p.Decode(provider.Payload{Body: body, ReceivedAt: time.Now()})
	must(t, err)
	for i := range events {
		x := &events[i].Facts
		if x.Agent != nil && x.Agent.SourceID != "" {
			source = x.Agent.SourceID
		}
		for _, turn := range x.Turns {
			if turn.Role == ringside.RoleUser && len(turn.Text) > len(text) {
				text = turn.Text
			}
		}
	}
	return text, source
}

// Of a strict agent's calls nothing personal is stored, whoever tells of them, and
// what is stored can be decoded again to the same.
func TestStrictRedactionStoresNothingPersonal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		for _, tc := range []struct{ provider, file string }{
			{"vapi", "vapi/end-of-call-report.json"},
			{"retell", "retell/call_ended.json"},
			{"bland", "bland/post-call.json"},
			{"elevenlabs", "elevenlabs/post_call_transcription.json"},
			{"external", "flat/call-ended.json"},
		} {
			p := h.providers[tc.provider]
			body := payload(t, tc.file)
			said, source := longest(t, p, body)
			if said == "" {
				t.Fatalf("%s: nobody says anything", tc.file)
			}
			if source != "" && h.count(t, `SELECT COUNT(*) FROM agents WHERE source_id = $1`, source) == 0 {
				h.redacting(t, source, ringside.RedactionStrict)
			}
			quoted, err := json.Marshal(said)
			must(t, err)
			body = []byte(strings.ReplaceAll(string(body), strings.Trim(string(quoted), `"`), told))
			path := h.source(t, h.workspace, tc.provider, "", true, provider.HMAC{})
			first := h.send(t, path, body)
			first.want(t, 200, "action", "created")
			h.send(t, path, body).want(t, 200, "action", "duplicate", "inbox_id", first.text(t, "inbox_id"))
			before := h.redacted(t, first.text(t, "id"))
			if _, err := h.door.ReplayOne(t.Context(), h.workspace, first.text(t, "inbox_id")); err != nil {
				t.Errorf("%s can't be decoded again: %v", tc.file, err)
			}
			if after := h.redacted(t, first.text(t, "id")); after != before {
				t.Errorf("%s: decoded again the turn is %q, and was %q", tc.file, after, before)
			}
		}
		if found := storetest.Holds(t, s, private...); len(found) > 0 {
			t.Errorf("stored in the clear: %v", found)
		}
	})
}

// redacted gives the turn of a call in which something was hidden.
func (h *harness) redacted(t testing.TB, id string) string {
	t.Helper()
	var c *ringside.Call
	must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		at, err := store.ResolveCall(ctx, tx, h.workspace, id)
		if err == nil {
			c, err = store.Call(ctx, tx, h.workspace, at)
		}
		return err
	}))
	for i := range c.Turns {
		if len(c.Turns[i].Redacted) > 0 {
			return c.Turns[i].Text
		}
	}
	t.Fatalf("in %s nothing is hidden: %+v", id, c.Turns)
	return ""
}

// The same value has the same token in the whole call, in tools and metadata as
// well; the parties keep their numbers.
func TestTokensAreStable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		h.redacting(t, "desk", ringside.RedactionStrict)
		call := func(said string) []byte {
			return []byte(`{"provider":"custom","externalAgentId":"desk","metadata":{"card":"4111111111111111","card_number":5555555555554444},
"payload":{"call_id":"c1","status":"ended","from_number":"+14155550100","to_number":"+14155550199","transcript":{"kind":"openai","messages":[{"role":"assistant","content":"Your card?"},{"role":"user","content":"` + said + `"}]}}}`)
		}
		h.post(t, callLogs, call("5555 5555 5555 4444, no, 4111-1111-1111-1111")).want(t, 201, "action", "created")
		h.post(t, callLogs, call("four one one one, double one double one, double one double one, one one one one")).want(t, 201, "action", "updated")
		c := h.call(t, h.workspace, "custom", "c1")
		if got := c.Turns[1].Text; got != "[card 2]" {
			t.Errorf("the number that was spoken is %q", got)
		}
		if c.Metadata["card"] != "[card 2]" || c.Metadata["card_number"] != "[card 1]" {
			t.Errorf("metadata %v", c.Metadata)
		}
		if c.From != "+14155550100" || c.To != "+14155550199" {
			t.Errorf("the parties are %q and %q", c.From, c.To)
		}
		if found := storetest.Holds(t, s, "4111111111111111", "5555555555554444", "4111-1111-1111-1111", "one one one one"); len(found) > 0 {
			t.Errorf("stored in the clear: %v", found)
		}
	})
}

// What tells of no agent may be a strict one's: then it is redacted as such. What
// no agent's settings are about stays as it is.
func TestWhatNobodyKnowsIsRedactedAsStrict(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		h.redacting(t, "desk", ringside.RedactionStrict)
		path := h.source(t, h.workspace, "vapi", "", true, provider.HMAC{})
		h.send(t, path, []byte(`{"message":{"type":"end-of-call-report","note":"4111 1111 1111 1111"}}`)).want(t, 202, "action", "quarantined")
		if found := storetest.Holds(t, s, private...); len(found) > 0 {
			t.Errorf("stored in the clear: %v", found)
		}
		h.post(t, callLogs, []byte(`{"provider":"custom","externalAgentId":"other","payload":{"call_id":"c2","status":"ended","transcript":{"kind":"openai","messages":[{"role":"user","content":"123-45-6789"}]}}}`)).
			want(t, 201, "action", "created")
		if got := h.call(t, h.workspace, "custom", "c2").Turns[0].Text; got != "123-45-6789" {
			t.Errorf("another agent's turn is %q", got)
		}
	})
}

// A call stays the strict agent's that it was linked to, whoever else a delivery
// names.
func TestAnotherAgentsNameDoesNotUnveilACall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		h.redacting(t, "desk", ringside.RedactionStrict)
		body := payload(t, "vapi/end-of-call-report.json")
		said, source := longest(t, h.providers["vapi"], body)
		if source == "" {
			t.Fatal("the report names no agent")
		}
		h.post(t, callLogs, []byte(`{"provider":"vapi","externalAgentId":"desk","payload":`+string(body)+`}`)).want(t, 201, "action", "created")
		path := h.source(t, h.workspace, "vapi", "", true, provider.HMAC{})
		h.send(t, path, []byte(strings.ReplaceAll(string(body), said, told))).want(t, 200, "action", "updated")
		if found := storetest.Holds(t, s, private...); len(found) > 0 {
			t.Errorf("stored in the clear: %v", found)
		}
	})
}

// Told turn by turn, an answer is known by what was asked before it, in what is
// stored and in the words that are still being said; and what is stored can be
// decoded again.
func TestAnAnswerThatComesByItselfIsHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		h.redacting(t, "desk", ringside.RedactionStrict)
		door := ingest.New(ingest.Config{Store: h.store, Ledger: h.ledger, Auth: h.auth, Providers: h.providers, Split: stream.Split, Log: slog.New(slog.DiscardHandler)})
		tell := func(body string) {
			t.Helper()
			_, err := door.Live(t.Context(), &auth.Principal{WorkspaceID: h.workspace}, "mine", []byte(body), time.Now().UTC())
			must(t, err)
		}
		tell(`{"id":"1","type":"started","agent":"desk","metadata":{"tier":12345}}` + "\n" + `{"id":"2","type":"turn","role":"agent","text":"R&D. Your date of birth?","start_ms":12345}`)
		tell(`{"id":"3","type":"turn","role":"user","text":"March 5th, eighty-five"}`)
		tell(`{"id":"4","type":"turn","role":"agent","text":"And the CVV?"}`)
		call := ringside.NewCallID(h.workspace, "custom", "mine")
		got, err := h.ledger.Partials(t.Context(), h.workspace, call, []ringside.Partial{{Role: ringside.RoleUser, Text: "It's 789"}, {Role: ringside.RoleUser, Text: "write to jane dot doe at"}})
		must(t, err)
		if got[0].Text != "It's […]" || got[1].Text != "write to […]" {
			t.Errorf("being said: %+v", got)
		}
		tell(`{"id":"5","type":"turn","role":"user","text":"It's 789"}`)
		c := h.call(t, h.workspace, "custom", "mine")
		if c.Turns[1].Text != "[birthdate 1]" || c.Turns[3].Text != "It's [card 1]" {
			t.Errorf("turns %+v", c.Turns)
		}
		if found := storetest.Holds(t, s, "March 5th", "It's 789"); len(found) > 0 {
			t.Errorf("stored in the clear: %v", found)
		}
		if sum, err := h.door.Replay(t.Context(), store.ReplayQuery{Workspace: h.workspace}, nil); err != nil || sum.Failed > 0 {
			t.Errorf("decoded again: %+v, %v", sum, err)
		}
		if again := h.call(t, h.workspace, "custom", "mine"); again.Metadata["tier"] != float64(12345) || *again.Turns[0].StartMS != *c.Turns[0].StartMS {
			t.Errorf("decoded again it is %+v", again)
		}
	})
}
