package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// heardCall makes a call of an agent's that started some time ago, and says what
// was heard in it.
func heardCall(t *testing.T, h *harness, admin asker, agent, id string, ago time.Duration, m measure.Heard) {
	t.Helper()
	start := time.Now().Add(-ago).UTC()
	get[any](t, h, admin, http.MethodPost, "/api/v1/observability/calls", fmt.Sprintf(
		`{"id":%q,"agent_id":%q,"startedAt":%q,"endedReason":"hangup","messages":[{"role":"bot","content":"Hello"}]}`, id, agent, start.Format(time.RFC3339)))
	err := h.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		call, err := store.FindCall(ctx, tx, h.workspace.ID, id)
		if err != nil {
			return err
		}
		return store.SaveSound(ctx, tx, call, &audio.Report{}, m)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func counts(all []measure.Range) string {
	var out []int
	for _, b := range all {
		out = append(out, b.N)
	}
	return fmt.Sprint(out)
}

// What was heard in an agent's calls is summed up over a time, and of nobody
// else's calls.
func TestWhatWasHeardOfAnAgent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		agent := get[api.AgentView](t, h, admin, http.MethodPost, "/v1/agents", `{"name":"Desk","source_id":"desk"}`)
		get[api.AgentView](t, h, admin, http.MethodPost, "/v1/agents", `{"name":"Other","source_id":"other"}`)
		at := "/v1/agents/" + agent.ID + "/sound"
		none := get[api.AgentSound](t, h, admin, http.MethodGet, at, "")
		if none.Calls != 0 || none.Response.P50MS != nil || len(none.Response.Buckets) != 6 || none.AgainstClaim.N != 0 {
			t.Errorf("without calls: %+v", none)
		}
		for i := range 9 {
			heardCall(t, h, admin, "desk", fmt.Sprint("c", i), time.Hour, measure.Heard{MS: []float64{-100, 1200}, Pairs: [][2]float64{{1200, 900}}, ByAgent: i % 3})
		}
		got := get[api.AgentSound](t, h, admin, http.MethodGet, at, "")
		if got.Calls != 9 || got.Apart != 9 || got.Response.Turns != 18 || *got.Response.P50MS != -100 || *got.Response.P95MS != 1200 || counts(got.Response.Buckets) != "[9 0 9 0 0 0]" {
			t.Errorf("response %+v", got.Response)
		}
		if c := got.ByAgent; c.Total != 9 || c.Share != nil || counts(c.Buckets) != "[3 3 3 0 0]" {
			t.Errorf("a share of 9 calls, or %+v", c)
		}
		if c := got.AgainstClaim; c.N != 9 || c.Calls != 9 || *c.MoreP50MS != 300 || *c.ClaimedP50MS != 900 || c.HeardP95MS != nil {
			t.Errorf("%+v", c)
		}
		heardCall(t, h, admin, "desk", "mono", time.Hour, measure.Heard{OneChannel: true, Silences: 4})
		heardCall(t, h, admin, "desk", "long ago", 40*24*time.Hour, measure.Heard{Silences: 9})
		heardCall(t, h, admin, "other", "of another", time.Hour, measure.Heard{Silences: 9})
		got = get[api.AgentSound](t, h, admin, http.MethodGet, at, "")
		if got.Calls != 10 || got.Apart != 9 || got.ByAgent.Calls != 9 || got.Silences.Total != 4 || *got.Silences.Share != 0.1 || counts(got.Silences.Buckets) != "[9 0 0 1 0]" {
			t.Errorf("%+v", got)
		}
		old := get[api.AgentSound](t, h, admin, http.MethodGet, at+"?started_before="+fmt.Sprint(time.Now().Add(-35*24*time.Hour).Unix()), "")
		if old.Calls != 1 || old.Silences.Total != 9 {
			t.Errorf("%+v", old)
		}
		refused(t, h, admin, http.MethodGet, at+"?started_after=2026-01-02T00:00:00Z&started_before=2026-01-01T00:00:00Z", "", 422, "invalid", "started_before")
	})
}

// The vendor's medians count as claims where it says nothing of turns, and the
// figures go with their call.
func TestMediansAgainstClaims(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	agent := get[api.AgentView](t, h, admin, http.MethodPost, "/v1/agents", `{"name":"Desk","source_id":"desk"}`)
	heardCall(t, h, admin, "desk", "c", time.Hour, measure.Heard{MS: []float64{1500}})
	sum := func() *api.AgentSound {
		return new(get[api.AgentSound](t, h, admin, http.MethodGet, "/v1/agents/"+agent.ID+"/sound", ""))
	}
	if got := sum(); got.AgainstMedian.N != 0 || got.Response.Calls != 1 {
		t.Errorf("%+v", got)
	}
	id := get[struct{ Items []struct{ ID string } }](t, h, admin, http.MethodGet, "/v1/calls", "").Items[0].ID
	get[struct{}](t, h, admin, http.MethodDelete, "/v1/calls/"+id, "")
	if got := sum(); got.Calls != 0 {
		t.Errorf("after its call was deleted: %+v", got)
	}
	var left int
	err := h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM sound_figures`).Scan(&left)
	})
	if err != nil || left != 0 {
		t.Errorf("%d figures are left, %v", left, err)
	}
}

// The limits are those of the table until an agent's settings say others.
func TestSoundLimits(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	type limits struct{ Items []api.SoundLimit }
	agent := get[api.AgentView](t, h, admin, http.MethodPost, "/v1/agents", `{"name":"Desk"}`)
	usual := get[limits](t, h, admin, http.MethodGet, "/v1/sound-limits", "").Items
	if len(usual) != len(ringside.SoundFigures) || usual[0].Figure != "response_p50_ms" || *usual[0].Limits.GoodTo != 1500 || usual[0].Own {
		t.Fatalf("%+v", usual)
	}
	get[api.AgentView](t, h, admin, http.MethodPatch, "/v1/agents/"+agent.ID, `{"soundLimits":{"response_p50_ms":{"good_from":null,"good_to":800,"watch_from":null,"watch_to":1200}}}`)
	own := get[limits](t, h, admin, http.MethodGet, "/v1/sound-limits?agent="+agent.ID, "").Items
	if l := own[0]; !l.Own || *l.Limits.GoodTo != 800 || *l.Limits.WatchTo != 1200 || l.Limits.GoodFrom != nil || *l.Usual.GoodTo != 1500 || own[1].Own {
		t.Errorf("%+v", own[:2])
	}
	refused(t, h, admin, http.MethodPatch, "/v1/agents/"+agent.ID, `{"soundLimits":{"response_p50_ms":{"good_from":null,"good_to":800,"watch_from":null,"watch_to":500}}}`, 422, "invalid", "/soundLimits/response_p50_ms/watch_to")
	get[api.AgentView](t, h, admin, http.MethodPatch, "/v1/agents/"+agent.ID, `{"soundLimits":{}}`)
	if l := get[limits](t, h, admin, http.MethodGet, "/v1/sound-limits?agent="+agent.ID, "").Items[0]; l.Own || *l.Limits.GoodTo != 1500 {
		t.Errorf("%+v", l)
	}
	refused(t, h, admin, http.MethodGet, "/v1/sound-limits?agent=agent_none", "", 404, "not_found", "")
}
