package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Simulated calls come in by the public API, are seen while they are on, and
// none is left on when the simulation has ended.
func TestSimulatedCallsAreSeenLive(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		key, _, err := h.auth.CreateKey(t.Context(), h.workspace.ID, "callers", auth.ScopeIngest, time.Time{})
		must(t, err)
		watch := h.follow(t, admin, "includeTranscript=true", "")
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var result *simulate.CallsResult
		done := make(chan error, 1)
		go func() {
			var err error
			result, err = simulate.Calls(ctx, simulate.CallsConfig{URL: h.URL, Key: key, Concurrent: 3, Bad: 0.5, Speed: 60, Seed: 4, Client: h.Client()})
			done <- err
		}()
		began, said := map[string]bool{}, map[string]bool{}
		for ended := 0; ended < 4; {
			switch f := watch.next(); f.Type {
			case "call_started":
				began[f.Call] = true
			case "transcript":
				said[f.Call] = true
			case "call_ended":
				if !began[f.Call] || !said[f.Call] {
					t.Errorf("%s ends: began %v, said something %v", f.Call, began[f.Call], said[f.Call])
				}
				ended++
			}
		}
		stop()
		must(t, <-done)
		for on := len(began); on > 0; {
			on = get[api.LiveCalls](t, h, admin, http.MethodGet, "/v1/live-calls", "").TotalActive
		}
		all := get[struct{ Items []any }](t, h, admin, http.MethodGet, "/v1/calls?simulation=true&limit=100", "").Items
		if result.Errors > 0 || result.Calls < 4 || len(all) != result.Calls {
			t.Errorf("%+v, of which %d calls are listed", result, len(all))
		}
	})
}

// The load test's readers get all that its senders sent, whatever they follow.
func TestLiveLoadArrivesWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key, _, err := h.auth.CreateKey(t.Context(), h.workspace.ID, "load", auth.ScopeAdmin, time.Time{})
		must(t, err)
		for _, each := range []int{0, 4} {
			r, err := simulate.LiveLoad(t.Context(), simulate.LiveLoadConfig{
				URL: h.URL, Key: key, Calls: 12, Turns: 2, Rate: 100, Partials: 0.3, For: time.Second, Subscribers: 3, Each: each, Stalled: 1, Connections: 4,
			})
			must(t, err)
			if r.Errors > 0 || r.Events == 0 || r.Receipts == 0 || r.Lost+r.Doubled+r.Reordered != 0 || r.Turns.N != r.Receipts || r.Partials.N == 0 {
				t.Errorf("%d calls each: %+v", each, r)
			}
		}
	})
}
