package ingest_test

import (
	"context"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// makeAgent makes an agent by hand.
func (h *harness) makeAgent(t testing.TB, source, providerID string) string {
	t.Helper()
	now := time.Now().UTC()
	a := &ringside.Agent{ID: ringside.NewID("agent", now), Name: source, SourceID: source, Provider: providerID, CreatedAt: now, UpdatedAt: now}
	h.write(t, func(ctx context.Context, tx store.Tx) error { return store.InsertAgent(ctx, tx, h.workspace, a, nil) })
	return a.ID
}

func removeNewestKey(workspace string) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM keys WHERE workspace_id = $1 AND id = (SELECT MAX(id) FROM keys)`, workspace)
		return err
	}
}

// A made agent's source id links calls of whichever provider, as text or as a
// number, and externalAgentId beats what the payload says.
func TestAgentsAreLinked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		made := h.makeAgent(t, "42", "vapi")
		named := h.makeAgent(t, "front-desk", "")

		flat := h.post(t, observe, []byte(`{"id":"f1","agent_id":42}`))
		flat.want(t, 201, "agent_id", made)
		h.post(t, observe, []byte(`{"id":"f2","agent_id":"42","provider_platform":"pipecat"}`)).want(t, 201, "agent_id", made)
		h.post(t, observe, []byte(`{"event":"call_ended","call":{"call_id":"r1","agent_id":"front-desk","call_status":"ended"}}`)).want(t, 201, "agent_id", named)
		h.post(t, callLogs, []byte(`{"provider":"custom","externalAgentId":42,"payload":{"call_id":"c1","status":"ended","agent_id":"front-desk"}}`)).
			want(t, 201, "agentId", made)
		h.post(t, callLogs, []byte(`{"provider":"vapi","externalAgentId":"front-desk","payload":`+string(payload(t, "vapi/end-of-call-report.json"))+`}`)).
			want(t, 201, "agentId", named)

		found := h.post(t, callLogs, []byte(`{"provider":"custom","metadata":{"agent_name":"Night desk"},"payload":{"call_id":"c2","status":"ended","agent_id":"nobody-yet"}}`))
		id := found.text(t, "agentId")
		h.post(t, observe, []byte(`{"id":"f3","agent_id":"nobody-yet"}`)).want(t, 201, "agent_id", id)
		h.wantCount(t, 1, `SELECT COUNT(*) FROM agents WHERE discovered AND source_id = 'nobody-yet' AND name = 'Night desk'`)
		h.wantCount(t, 3, `SELECT COUNT(*) FROM agents`)
	})
}

// The same body sent for another agent says something new.
func TestTheSamePayloadForAnotherAgentMovesTheCall(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	a, b := h.makeAgent(t, "a", ""), h.makeAgent(t, "b", "")
	body := func(agent string) []byte {
		return []byte(`{"provider":"custom","externalAgentId":"` + agent + `","payload":{"call_id":"c1","status":"ended"}}`)
	}
	h.post(t, callLogs, body("a")).want(t, 201, "agentId", a, "action", "created")
	h.post(t, callLogs, body("b")).want(t, 201, "agentId", b, "action", "updated")
	h.post(t, callLogs, body("b")).want(t, 201, "agentId", b, "action", "duplicate")
}
