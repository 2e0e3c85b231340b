package api_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// How soon an agent answers is told of its own inbound calls.
func TestSpeedToLead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		agent := get[api.AgentView](t, h, admin, http.MethodPost, "/v1/agents", `{"name":"Desk","source_id":"desk"}`)
		at := "/v1/agents/" + agent.ID + "/speed-to-lead"
		if none := get[api.SpeedToLead](t, h, admin, http.MethodGet, at, ""); none.Calls != 0 || none.P50MS != nil || len(none.Buckets) != 6 {
			t.Errorf("without calls: %+v", none)
		}
		start := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
		for i, seconds := range []int{1, 3, 3, 40} {
			word := start.Add(time.Duration(seconds) * time.Second).UnixMilli()
			get[any](t, h, admin, http.MethodPost, "/api/v1/observability/calls", fmt.Sprintf(
				`{"id":"c%d","agent_id":"desk","direction":"inbound","startedAt":%q,"endedReason":"hangup","messages":[{"role":"bot","content":"Hello","start_time":%d,"end_time":%d}]}`,
				i, start.Format(time.RFC3339), word, word+1000))
		}
		got := get[api.SpeedToLead](t, h, admin, http.MethodGet, at, "")
		if got.Calls != 4 || got.Looked != 4 || *got.P50MS != 3000 || *got.MaxMS != 40_000 || got.P90MS != nil {
			t.Errorf("%+v", got)
		}
		var counts []int
		for _, b := range got.Buckets {
			counts = append(counts, b.Calls)
		}
		if fmt.Sprint(counts) != "[0 1 2 0 0 1]" || got.Buckets[5].ToMS != nil {
			t.Errorf("%v", counts)
		}
	})
}
