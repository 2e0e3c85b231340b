package pipeline

import (
	"net/http"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// syncJob is the job of writing a call into its CRM, at one of its attempts.
func syncJob(id ringside.CallID, attempt int) *river.Job[jobs.SyncCRM] {
	return &river.Job[jobs.SyncCRM]{
		JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: jobs.SyncCRM{}.InsertOpts().MaxAttempts, ScheduledAt: time.Now()},
		Args:   jobs.SyncCRM{CallRef: jobs.CallRef{WorkspaceID: workspace, CallID: id}},
	}
}

// refusing is the way out to servers that refuse every key. It notes which key
// each host was shown.
type refusing map[string]string

// RoundTrip implements http.RoundTripper.
func (r refusing) RoundTrip(q *http.Request) (*http.Response, error) {
	r[q.URL.Host] = q.Header.Get("Authorization")
	return &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: http.NoBody, Request: q}, nil
}

// An agent's own key goes to HubSpot and not to the address in the workspace's
// settings, which gets the workspace's key.
func TestAKeyGoesToTheHostItIsFor(t *testing.T) {
	for name, tc := range map[string]struct{ own, host, want string }{
		"the agent's own": {"agents-own-key", "api.hubapi.com", "Bearer agents-own-key"},
		"the workspace's": {"", "proxy.example", "Bearer workspace-key"},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				b := newBench(t, s)
				shown := refusing{}
				b.cfg.CRMs.HTTP = &http.Client{Transport: shown}
				b.connect("hubspot", CRMServer{BaseURL: "https://proxy.example"}, "workspace-key")
				b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "hubspot"}, ringside.AgentSecrets{CRMAPIKey: tc.own})
				id := b.receive(0, call("a"))
				b.analyse(id)
				must(t, (&syncCRM{cfg: b.cfg}).Work(t.Context(), syncJob(id, 1)))
				if len(shown) != 1 || shown[tc.host] != tc.want {
					t.Errorf("shown: %v, want %q at %s", shown, tc.want, tc.host)
				}
			})
		})
	}
}
