package ingest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func setBody(id string, body []byte) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE inbox SET body = $2 WHERE id = $1`, id, store.Pack(body))
		return err
	}
}

// What no text can hold, or nobody would nest so deep, is refused with where
// it is.
func TestStrangeJSON(t *testing.T) {
	nest := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	// The body itself and metadata are two levels.
	deep := func(n int) string { return `{"id":"d","metadata":{"v":` + nest(n-2) + `}}` }
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		h.post(t, observe, []byte(deep(64))).want(t, 201)
		h.post(t, observe, []byte(`{"id":"e\u00e9 \ud83d\ude00 \\u0000 😀"}`)).want(t, 201, "provider_call_id", `eé 😀 \u0000 😀`)
		for name, tc := range map[string]struct {
			body   string
			status int
			code   string
		}{
			"depth 65":                {deep(65), 422, "too_deep"},
			"a NUL":                   {`{"id":"a\u0000b"}`, 422, "nul_character"},
			"a NUL in a name":         {`{"id":"a","metadata":{"\u0000":1}}`, 422, "nul_character"},
			"a lone high surrogate":   {`{"id":"a\ud83d"}`, 422, "lone_surrogate"},
			"a lone low surrogate":    {`{"id":"\ude00a"}`, 422, "lone_surrogate"},
			"a surrogate before text": {`{"id":"\ud83d\u0041"}`, 422, "lone_surrogate"},
			"invalid UTF-8":           {"{\"id\":\"\xff\"}", 400, "malformed"},
			"a raw NUL":               {"{\"id\":\"a\x00\"}", 400, "invalid"},
			"cut off":                 {`{"id":"a"`, 400, "invalid"},
			"two values":              {`{"id":"a"} {}`, 400, "invalid"},
			"nothing":                 {``, 400, "invalid"},
			"no object":               {`["a"]`, 400, "invalid"},
			"a byte order mark":       {"\ufeff{\"id\":\"a\"}", 400, "invalid"},
		} {
			for _, path := range []string{observe, callLogs} {
				body := tc.body
				if path == callLogs && strings.HasPrefix(body, "{") && strings.HasSuffix(body, "}") && name != "two values" && name != "depth 65" {
					body = `{"provider":"custom","payload":` + strings.Replace(body, `"id"`, `"call_id"`, 1) + `}`
				}
				a := h.post(t, path, []byte(body))
				if a.Status != tc.status || a.Fields["code"] != tc.code {
					t.Errorf("%s at %s: %d %s, want %d %s", name, path, a.Status, a.Body, tc.status, tc.code)
				}
			}
		}
		h.wantCount(t, 2, `SELECT COUNT(*) FROM inbox`)
	})
}

// Wrong types are told with a pointer to each.
func TestWrongTypes(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	for _, tc := range []struct{ path, body, pointer string }{
		{observe, `{"id":7}`, "/id"},
		{observe, `{}`, "/id"},
		{observe, `{"id":"a","startedAt":"yesterday"}`, "/startedAt"},
		{observe, `{"id":"a","messages":[{"role":"user","content":"x"},{"content":"y"}]}`, "/messages/1/role"},
		{observe, `{"id":"a","messages":{"role":"user"}}`, "/messages"},
		{observe, `{"id":"a","metadata":[1]}`, "/metadata"},
		{observe, `{"id":"a","agent_id":{"x":1}}`, "/agent_id"},
		{observe, `{"id":"a","provider_platform":"not a name!"}`, "/provider_platform"},
		{observe, `{"event":"call_ended","provider_platform":"retell"}`, "/call"},
		{observe, `{"message":{"type":"end-of-call-report"}}`, "/message/call/id"},
		{observe, `{"provider_platform":"pipecat","call":{"startedAt":"2026-10-15T09:22:21Z"}}`, "/provider_call_id"},
		{callLogs, `{"payload":{}}`, "/provider"},
		{callLogs, `{"provider":"acme","payload":{}}`, "/provider"},
		{callLogs, `{"provider":7,"payload":{}}`, "/provider"},
		{callLogs, `{"provider":"live","payload":{"id":"1","type":"started","agent":"desk"}}`, "/provider"},
		{callLogs, `{"provider":"custom"}`, "/payload"},
		{callLogs, `{"provider":"custom","payload":"text"}`, "/payload"},
		{callLogs, `{"provider":"custom","payload":{}}`, "/payload/call_id"},
		{callLogs, `{"provider":"custom","payload":{"call_id":"a","status":5}}`, "/payload/status"},
		{callLogs, `{"provider":"custom","metadata":"x","payload":{"call_id":"a"}}`, "/metadata"},
	} {
		a := h.post(t, tc.path, []byte(tc.body))
		if a.Status != 422 || a.pointer() != tc.pointer {
			t.Errorf("%s: %d %s, want 422 at %s", tc.body, a.Status, a.Body, tc.pointer)
		}
	}
	h.wantCount(t, 0, `SELECT COUNT(*) FROM inbox`)
}

// Ids and names longer than any vendor's are refused, or cut where they only
// describe, and disturb nobody.
func TestLongTexts(t *testing.T) {
	long := strings.Repeat("Zq9-", 2500)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		h.post(t, observe, []byte(`{"id":"`+long+`"}`)).want(t, 422, "code", "id_too_long")
		h.post(t, callLogs, []byte(`{"provider":"custom","payload":{"call_id":"`+long+`"}}`)).want(t, 422, "code", "id_too_long")
		h.post(t, observe, []byte(`{"id":"a","agent_id":"`+long+`","endedReason":"`+long+`","metadata":{"`+long+`":"`+long+`"}}`)).want(t, 201)
		if c := h.call(t, h.workspace, "external", "a"); c.EndedReason != long || c.Metadata[long] != long || c.Agent.ID == "" {
			t.Errorf("what only describes a call is not whole: %d bytes of reason", len(c.EndedReason))
		}
		h.post(t, observe, []byte(`{"id":"b","agent_id":"`+long+`"}`)).want(t, 201)
		h.wantCount(t, 1, `SELECT COUNT(*) FROM agents`)
	})
}

func TestRateOfAKey(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), ingest.Rate{PerSecond: 0.5, Burst: 3})
	for range 3 {
		h.post(t, observe, []byte(`{"id":"a"}`)).want(t, 201)
	}
	a := h.post(t, observe, []byte(`{"id":"a"}`))
	if a.want(t, 429, "code", "rate_limited", "success", false); a.Header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	// Each source has a bucket of its own.
	hook := h.source(t, h.workspace, "bland", "", true, provider.HMAC{})
	body := payload(t, "bland/post-call.json")
	for range 3 {
		h.send(t, hook, body).want(t, 200)
	}
	h.send(t, hook, body).want(t, 429, "code", "rate_limited")
}

// Somebody who guesses keys or addresses is slowed down, not those who have
// one.
func TestRateOfStrangers(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	refused := 0
	for range 2 * ingest.RefusedRate.Burst {
		if h.send(t, observe, nil).Status == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("guessing is never slowed down")
	}
	h.post(t, observe, []byte(`{"id":"a"}`)).want(t, 201)
}

// audioOf is a delivery with a recording of n bytes inside.
func audioOf(conversation string, n int) (body, audio []byte) {
	audio = bytes.Repeat([]byte("RIFFx"), n/5)
	copy(audio, "ID3\x04")
	return []byte(`{"type":"post_call_audio","event_timestamp":1794945643,"data":{"agent_id":"agent_1","conversation_id":"` +
		conversation + `","full_audio":"` + base64.StdEncoding.EncodeToString(audio) + `"}}`), audio
}

// A recording that is not what it says to be is kept aside like everything
// that can't be read: the vendor can do nothing about it.
func TestAudioThatIsNone(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	path := h.source(t, h.workspace, "elevenlabs", "", true, provider.HMAC{})
	body := []byte(`{"type":"post_call_audio","data":{"conversation_id":"conv_2","full_audio":"not base64!"}}`)
	h.send(t, path, body).want(t, 202, "action", "quarantined", "pointer", "/data/full_audio")
	if h.audio.Has(ringside.NewCallID(h.workspace, "elevenlabs", "conv_2")) {
		t.Error("something was kept")
	}
}

// The recording of a deleted call does not come back with a late delivery.
func TestAudioOfADeletedCall(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	path := h.source(t, h.workspace, "elevenlabs", "", true, provider.HMAC{})
	h.send(t, path, payload(t, "elevenlabs/post_call_transcription.json")).want(t, 200)
	conversation := field(t, payload(t, "elevenlabs/post_call_transcription.json"), "data", "conversation_id")
	id := ringside.NewCallID(h.workspace, "elevenlabs", conversation)
	h.write(t, func(ctx context.Context, tx store.Tx) error { return h.store.DeleteCall(ctx, tx, id) })
	body, _ := audioOf(conversation, 1000)
	h.send(t, path, body).want(t, 200, "action", "duplicate")
	if h.audio.Has(id) {
		t.Error("the recording of a deleted call was kept")
	}
	h.wantCount(t, 0, `SELECT COUNT(*) FROM calls`)
}
