package ingest_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

type signer func(key string, body []byte, at time.Time) []string

// hooks are real deliveries of each vendor, in the order they come.
var hooks = []struct {
	provider string
	sign     signer
	files    []string
	id       []string // where the call's id stands
}{
	{"vapi", signVapi, []string{"vapi/status-update.ringing.json", "vapi/status-update.in-progress.json", "vapi/end-of-call-report.json"}, []string{"message", "call", "id"}},
	{"retell", signRetell, []string{"retell/call_started.json", "retell/call_ended.json", "retell/call_analyzed.json"}, []string{"call", "call_id"}},
	{"bland", signBland, []string{"bland/live.call-connected.json", "bland/post-call.json"}, []string{"call_id"}},
	{"elevenlabs", signElevenLabs, []string{"elevenlabs/post_call_transcription.json"}, []string{"data", "conversation_id"}},
}

func TestSignedWebhooks(t *testing.T) {
	const key = "the vendor's secret"
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		for _, hook := range hooks {
			path := h.source(t, h.workspace, hook.provider, key, false, provider.HMAC{})
			last := payload(t, hook.files[len(hook.files)-1])
			for name, headers := range map[string][]string{
				"unsigned":           nil,
				"with another key":   hook.sign("another secret", last, time.Now()),
				"of another body":    hook.sign(key, append([]byte(" "), last...), time.Now()),
				"of an hour ago":     hook.sign(key, last, time.Now().Add(-time.Hour)),
				"of an hour to come": hook.sign(key, last, time.Now().Add(time.Hour)),
			} {
				if strings.Contains(name, "hour") && (hook.provider == "bland" || hook.provider == "vapi") {
					continue // sign no time
				}
				if strings.Contains(name, "body") && hook.provider == "vapi" {
					continue // sends its secret and signs nothing unless asked to
				}
				a := h.send(t, path, last, headers...)
				a.want(t, 401, "code", "signature_invalid")
			}
			h.wantCount(t, 0, `SELECT COUNT(*) FROM calls WHERE provider = $1`, hook.provider)
			seen := map[string]bool{}
			for _, f := range hook.files {
				body := payload(t, f)
				id := field(t, body, hook.id...)
				want := "created"
				if seen[id] {
					want = "updated"
				}
				seen[id] = true
				ours := ringside.NewCallID(h.workspace, hook.provider, id).String()
				h.send(t, path, body, hook.sign(key, body, time.Now())...).want(t, 200, "action", want, "id", ours)
				again := h.send(t, path, body, hook.sign(key, body, time.Now())...)
				again.want(t, 200, "action", "duplicate", "id", ours)
			}
		}
		h.wantCount(t, 0, `SELECT COUNT(*) FROM inbox WHERE state <> 'stored'`)
	})
}

// Vapi's other way: HMAC over the time and the body.
func TestVapiByHMAC(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	path := h.source(t, h.workspace, "vapi", "k", false, provider.HMAC{Enabled: true})
	body := payload(t, "vapi/end-of-call-report.json")
	at := time.Now().UTC().Format(time.RFC3339)
	h.send(t, path, body, "x-timestamp", at, "x-signature", sum("k", at+"."+string(body))).want(t, 200, "action", "created")
	h.send(t, path, body, "X-Vapi-Secret", "k").want(t, 401, "code", "signature_invalid")
	old := time.Now().UTC().Add(-6 * time.Minute).Format(time.RFC3339)
	h.send(t, path, body, "x-timestamp", old, "x-signature", sum("k", old+"."+string(body))).want(t, 401, "code", "signature_invalid")
}

func TestUnsignedWebhooks(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	body := payload(t, "bland/post-call.json")
	h.send(t, h.source(t, h.workspace, "bland", "", false, provider.HMAC{}), body).want(t, 401, "code", "unsigned")
	allowed := h.source(t, h.workspace, "bland", "", true, provider.HMAC{})
	h.send(t, allowed, body).want(t, 200, "action", "created")
	// A source that has a secret asks for it, whatever else was allowed.
	both := h.source(t, h.workspace, "bland", "k", true, provider.HMAC{})
	h.send(t, both, body).want(t, 401, "code", "signature_invalid")
	// A source is good for its own vendor only, and for nothing when it is none.
	h.send(t, strings.Replace(allowed, "bland", "retell", 1), body).want(t, 404, "code", "not_found")
	h.send(t, "/webhooks/bland/nobody", body).want(t, 404, "code", "not_found")
	h.wantCount(t, 1, `SELECT COUNT(*) FROM calls`)
}

// Retell's hook without a key or a source finds the workspace by the
// signature, whoever else has Retell connected.
func TestRetellHookFindsItsWorkspace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		body := payload(t, "retell/call_ended.json")
		h.send(t, retellHook, body, signRetell("key-2", body, time.Now())...).want(t, 401, "code", "signature_invalid",
			"detail", "the signature matches no Retell source; add one in Settings, Sources, with the API key that Retell signs with, or use the URL that is shown there")
		h.source(t, h.workspace, "retell", "", true, provider.HMAC{}) // says nothing about who signs
		h.source(t, h.workspace, "retell", "key-1", false, provider.HMAC{})
		second, third := h.newWorkspace(t, "Second"), h.newWorkspace(t, "Third")
		h.source(t, second, "retell", "key-2", false, provider.HMAC{})
		h.source(t, third, "retell", "key-3", true, provider.HMAC{})

		a := h.send(t, retellHook, body, signRetell("key-2", body, time.Now())...)
		id := field(t, body, "call", "call_id")
		a.want(t, 200, "action", "created", "id", ringside.NewCallID(second, "retell", id).String())
		h.send(t, retellHook, body, signRetell("key-2", body, time.Now())...).want(t, 200, "action", "duplicate")
		h.send(t, retellHook, body).want(t, 401, "code", "signature_invalid")
		h.send(t, retellHook, body, signRetell("key-9", body, time.Now())...).want(t, 401, "code", "signature_invalid")
		h.send(t, retellHook, body, signRetell("key-1", body, time.Now().Add(-5*time.Minute-time.Second))...).want(t, 401, "code", "signature_invalid")
		h.wantCount(t, 1, `SELECT COUNT(*) FROM calls`)
	})
}

// With more Retell sources than are tried, the agent that the body names says
// which come first.
func TestRetellHookTriesTheAgentsWorkspaceFirst(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	for range 25 {
		h.source(t, h.workspace, "retell", "somebody else's", false, provider.HMAC{})
	}
	late := h.newWorkspace(t, "Late")
	h.source(t, late, "retell", "late", false, provider.HMAC{})
	body := payload(t, "retell/call_ended.json")
	h.send(t, retellHook, body, signRetell("late", body, time.Now())...).want(t, 401)
	// A call that names the agent comes by a key; from then on it is known.
	h.send(t, observe, payload(t, "retell/call_started.json"), "X-API-Key", h.newKey(t, late, auth.ScopeIngest)).want(t, 201)
	h.send(t, retellHook, body, signRetell("late", body, time.Now())...).want(t, 200, "action", "updated")
}

// What a vendor sends and nobody can read is kept and answered with 202; the
// same on the APIs is the sender's error, and nothing is stored.
func TestWhatCannotBeDecoded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		path := h.source(t, h.workspace, "retell", "k", false, provider.HMAC{})
		for _, tc := range []struct{ name, body, pointer string }{
			{"no call id", `{"event":"call_ended","call":{"agent_id":"a"}}`, "/call/call_id"},
			{"a wrong type", `{"event":"call_ended","call":{"call_id":{"no":1}}}`, "/call/call_id"},
			{"no call", `{"event":"call_ended"}`, "/call"},
		} {
			a := h.send(t, path, []byte(tc.body), signRetell("k", []byte(tc.body), time.Now())...)
			a.want(t, 202, "action", "quarantined", "pointer", tc.pointer, "id", nil)
			h.wantCount(t, 1, `SELECT COUNT(*) FROM inbox WHERE id = $1 AND state = 'quarantined' AND reason <> '' AND pointer = $2`, a.text(t, "inbox_id"), tc.pointer)
			if a.text(t, "reason") == "" {
				t.Errorf("%s: no reason", tc.name)
			}
			again := h.send(t, path, []byte(tc.body), signRetell("k", []byte(tc.body), time.Now())...)
			again.want(t, 200, "action", "duplicate", "inbox_id", a.Fields["inbox_id"])

			log := h.post(t, callLogs, []byte(`{"provider":"retell","payload":`+tc.body+`}`))
			if log.want(t, 422, "success", false); log.pointer() != "/payload"+tc.pointer {
				t.Errorf("%s: pointer %q, want /payload%s", tc.name, log.pointer(), tc.pointer)
			}
			seen := h.send(t, retellByKey+h.key, []byte(tc.body))
			if seen.want(t, 422); seen.pointer() != tc.pointer {
				t.Errorf("%s: pointer %q, want %s", tc.name, seen.pointer(), tc.pointer)
			}
		}
		// What is no JSON at all is refused by everybody: a vendor never sends it.
		bad := []byte(`{"event":`)
		h.send(t, path, bad, signRetell("k", bad, time.Now())...).want(t, 400)
		h.wantCount(t, 3, `SELECT COUNT(*) FROM inbox`)
		h.wantCount(t, 0, `SELECT COUNT(*) FROM calls`)
	})
}

func TestIgnoredDeliveries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		path := h.source(t, h.workspace, "bland", "", true, provider.HMAC{})
		var batch []json.RawMessage
		must(t, json.Unmarshal(payload(t, "bland/batch-status.sequence.json"), &batch))
		a := h.send(t, path, batch[0])
		a.want(t, 200, "action", "ignored", "id", nil)
		if !strings.Contains(a.text(t, "reason"), "batch") {
			t.Errorf("reason %q", a.Fields["reason"])
		}
		h.send(t, path, batch[0]).want(t, 200, "action", "duplicate")
		chat := []byte(`{"event":"chat_ended","chat":{"chat_id":"x"}}`)
		h.post(t, callLogs, append(append([]byte(`{"provider":"retell","payload":`), chat...), '}')).
			want(t, 200, "success", true, "action", "ignored", "id", nil, "callId", nil)
		h.wantCount(t, 2, `SELECT COUNT(*) FROM inbox WHERE state = 'ignored' AND reason <> ''`)
		h.wantCount(t, 0, `SELECT COUNT(*) FROM calls`)
	})
}

// Once a decoder has been mended, what was quarantined folds as if it had been
// readable at once; here the sender's mistake is mended in its place.
func TestReplayOfAQuarantinedDelivery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		path := h.source(t, h.workspace, "retell", "k", false, provider.HMAC{})
		bad := []byte(`{"event":"call_ended","call":{"agent_id":"a"}}`)
		id := h.send(t, path, bad, signRetell("k", bad, time.Now())...).text(t, "inbox_id")
		r, err := h.door.ReplayOne(t.Context(), h.workspace, id)
		if must(t, err); r.Action != "quarantined" || r.Pointer != "/call/call_id" {
			t.Errorf("replay of what still can't be read: %+v", r)
		}
		good := bytes.Replace(bad, []byte(`"agent_id"`), []byte(`"call_id":"r1","agent_id"`), 1)
		h.write(t, setBody(id, good))
		got, err := h.door.Replay(t.Context(), store.ReplayQuery{Workspace: h.workspace, State: store.Quarantined}, nil)
		if must(t, err); got.Seen != 1 || got.Folded != 1 || got.Failed != 0 {
			t.Errorf("replay: %+v", got)
		}
		if c := h.call(t, h.workspace, "retell", "r1"); c.Agent == nil || c.Agent.SourceID != "a" {
			t.Errorf("call after the replay: %+v", c)
		}
		h.wantCount(t, 1, `SELECT COUNT(*) FROM inbox WHERE state = 'stored' AND reason = '' AND call_id IS NOT NULL`)
	})
}
