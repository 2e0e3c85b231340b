package ingest_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

var anyRate = ingest.Rate{PerSecond: 1e6, Burst: 1e6}

// Each body of the call-log API makes a call, and is a duplicate the second
// time.
func TestCallLogs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		for _, tc := range []struct{ file, provider, id string }{
			{"hamming/call-logs.custom.minimal.request.json", "custom", ""},
			{"hamming/call-logs.custom.request.json", "custom", ""},
			{"hamming/call-logs.vapi.request.json", "vapi", "message.call.id"},
			{"hamming/call-logs.retell.request.json", "retell", "call.call_id"},
		} {
			body := payload(t, tc.file)
			path := []string{"payload", "call_id"}
			if tc.id != "" {
				path = append([]string{"payload"}, strings.Split(tc.id, ".")...)
			}
			id := field(t, body, path...)
			a := h.post(t, callLogs, body)
			a.want(t, 201, "success", true, "callId", id, "action", "created")
			ours := ringside.NewCallID(h.workspace, tc.provider, id).String()
			a.want(t, 201, "id", ours)
			if _, ok := a.Fields["agentId"]; !ok {
				t.Errorf("%s: the answer says nothing of the agent: %s", tc.file, a.Body)
			}
			h.post(t, callLogs, body).want(t, 201, "success", true, "id", ours, "callId", id, "action", "duplicate")
		}
		h.post(t, callLogs, payload(t, "hamming/call-logs.retell.call_analyzed.request.json")).want(t, 201, "action", "updated")
		h.wantCount(t, 4, `SELECT COUNT(*) FROM calls`)
		h.wantCount(t, 5, `SELECT COUNT(*) FROM inbox`)
	})
}

// The answer has these fields and no others: programs of the API's users read
// them.
func TestCallLogAnswerWithoutAnAgent(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	a := h.post(t, callLogs, []byte(`{"provider":"custom","payload":{"call_id":"c1","status":"ended"}}`))
	a.want(t, 201, "success", true, "callId", "c1", "agentId", nil, "action", "created")
	if got := slices.Sorted(maps.Keys(a.Fields)); !slices.Equal(got, []string{"action", "agentId", "callId", "id", "success"}) {
		t.Errorf("fields %v", got)
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func TestObserveFlatBody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		first := h.post(t, observe, []byte(`{"id":"x1","startedAt":"2026-10-15T09:22:21.787Z","agent_id":2,"provider_platform":"LiveKit","metadata":{"a":1}}`))
		first.want(t, 201, "status", "processed", "message", "Call ingested successfully", "action", "created",
			"provider_call_id", "x1", "provider_platform", "livekit", "call_event", "call_started", "source", "webhook")
		if !uuid.MatchString(first.text(t, "id")) || len(first.text(t, "call_short_id")) < ringside.ShortIDLen || first.Fields["agent_id"] == nil {
			t.Errorf("ids: %s", first.Body)
		}
		second := []byte(`{"id":"x1","endedAt":"2026-10-15T09:24:30.229Z","endedReason":"customer-hungup","provider_platform":"livekit","metadata":{"b":2}}`)
		h.post(t, observe, second).want(t, 201, "action", "updated", "id", first.Fields["id"], "call_short_id", first.Fields["call_short_id"], "call_event", "call_ended")
		h.post(t, observe, second).want(t, 201, "action", "duplicate", "id", first.Fields["id"], "call_short_id", first.Fields["call_short_id"], "status", "processed")
		c := h.call(t, h.workspace, "livekit", "x1")
		if c.Metadata["a"] != 1.0 || c.Metadata["b"] != 2.0 || c.StartedAt == nil || c.EndedAt == nil || c.Agent.SourceID != "2" {
			t.Errorf("what the deliveries say is not merged: %+v", c)
		}
	})
}

// Vendors' own bodies, and those wrapped as older clients do, are recognised.
func TestObserveRecognisesBodies(t *testing.T) {
	retellCall := `{"call_id":"r%d","agent_id":"ra","call_status":"ended","start_timestamp":1790008212480,"end_timestamp":1790008312480}`
	call := func(n int) string { return fmt.Sprintf(retellCall, n) }
	for _, tc := range []struct {
		name, path, body, platform, id, event string
	}{
		{"vapi", observe, string(payload(t, "vapi/end-of-call-report.json")), "vapi", "", "end-of-call-report"},
		{"retell", observe, string(payload(t, "retell/call_ended.json")), "retell", "", "call_ended"},
		{"retell by its URL", retellByKey, `{"event":"call_ended","call":` + call(1) + `}`, "retell", "r1", "call_ended"},
		{"retell in call_data by its URL", retellByKey, `{"event":"call_ended","call_data":` + call(2) + `}`, "retell", "r2", "call_ended"},
		{"retell named beside", observe, `{"event":"call_ended","provider_platform":"retell","call":` + call(3) + `}`, "retell", "r3", "call_ended"},
		{"wrapped in call", observe, `{"provider_platform":"pipecat","provider_call_id":"p1","call":{"startedAt":"2026-10-15T09:22:21Z"}}`, "pipecat", "p1", "call_started"},
		{"wrapped in call_data", observe, `{"provider_platform":"pipecat","agent_id":7,"call_data":{"call_id":"p2","endedReason":"x"}}`, "pipecat", "p2", "call_ended"},
		{"wrapped with an id", observe, `{"call":{"id":"p3"}}`, "external", "p3", "call_updated"},
		{"flat, of another platform", hookByKey, string(payload(t, "flat/call-ended.json")), "vapi", "0199e72d-795e-7ffe-b9b9-d3b08a3a11ae", "call_ended"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := newHarness(t, storetest.SQLite(t), anyRate)
			path := tc.path
			if strings.HasSuffix(path, "/") {
				path += h.key
			}
			var a answer
			if path == observe {
				a = h.post(t, path, []byte(tc.body))
			} else {
				a = h.send(t, path, []byte(tc.body))
			}
			a.want(t, 201, "action", "created", "provider_platform", tc.platform, "call_event", tc.event, "status", "processed")
			if tc.id != "" {
				a.want(t, 201, "provider_call_id", tc.id)
			}
			h.wantCount(t, 1, `SELECT COUNT(*) FROM calls`)
		})
	}
}

func TestKeys(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	admin := h.newKey(t, h.workspace, auth.ScopeAdmin)
	n := 0
	body := func() []byte { n++; return fmt.Appendf(nil, `{"id":"k%d"}`, n) }
	for _, header := range []string{"X-EFFICIENTAI-API-KEY", "X-API-Key", "X-Workspace-Key"} {
		h.send(t, observe, body(), header, h.key).want(t, 201, "action", "created")
	}
	h.send(t, observe, body(), "Authorization", "bearer "+admin).want(t, 201, "action", "created")
	h.send(t, hookByKey+h.key, body()).want(t, 201, "action", "created")

	typo := h.key[:len(h.key)-1] + "!"
	other := h.newKey(t, h.workspace, auth.ScopeIngest)
	h.write(t, removeNewestKey(h.workspace))
	for name, a := range map[string]answer{
		"no key":                  h.send(t, observe, body()),
		"no key for call logs":    h.send(t, callLogs, body()),
		"no Ringside key":         h.send(t, observe, body(), "X-API-Key", "sk_live_1"),
		"a typo":                  h.send(t, observe, body(), "X-API-Key", typo),
		"a key that is gone":      h.send(t, observe, body(), "X-API-Key", other),
		"a typo in the URL":       h.send(t, hookByKey+typo, body()),
		"Retell, typo in the URL": h.send(t, retellByKey+typo, body()),
	} {
		if a.Status != 401 || a.Fields["success"] != false || a.Fields["httpStatus"] != 401.0 || a.text(t, "message") == "" {
			t.Errorf("%s: %d %s, want 401", name, a.Status, a.Body)
		}
	}
	h.wantCount(t, 5, `SELECT COUNT(*) FROM calls`)
}

// Keys of one workspace never write to another, whatever the call.
func TestKeysKeepWorkspacesApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		second := h.newWorkspace(t, "Second")
		body := []byte(`{"id":"same","agent_id":"a"}`)
		a := h.post(t, observe, body)
		b := h.send(t, observe, body, "X-API-Key", h.newKey(t, second, auth.ScopeIngest))
		a.want(t, 201, "action", "created")
		b.want(t, 201, "action", "created")
		if a.Fields["id"] == b.Fields["id"] || a.Fields["agent_id"] == b.Fields["agent_id"] {
			t.Errorf("two workspaces share a call or an agent: %s %s", a.Body, b.Body)
		}
		h.wantCount(t, 1, `SELECT COUNT(*) FROM calls WHERE workspace_id = $1`, second)
	})
}
