package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Two who change different fields of one thing at the same time both have their
// way: neither writes back what the other has replaced.
func TestChangesAtTheSameTimeAreBothKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		x := furnish(t, h, admin)
		for at, fields := range map[string][2]string{
			"/v1/agents/":            {"name", "callSummaryPrompt"},
			"/v1/evaluators/":        {"name", "model"},
			"/v1/gaps/":              {"answer", "status"},
			"/v1/scorecards/":        {"name", "description"},
			"/v1/webhook-endpoints/": {"description", "url"},
		} {
			var both sync.WaitGroup
			for _, field := range fields {
				both.Go(func() {
					for i := range 15 {
						value := fmt.Sprintf("%s %d", field, i)
						switch field {
						case "status":
							value = store.GapStatuses[i%len(store.GapStatuses)]
						case "url":
							value = fmt.Sprintf("https://hooks.example.com/%d", i)
						}
						h.do(t, admin, http.MethodPatch, at+x.names[at], fmt.Sprintf(`{%q:%q}`, field, value))
						if now := get[map[string]any](t, h, admin, http.MethodGet, at+x.names[at], ""); now[field] != value {
							t.Errorf("%s: %s is %v, want %s", at, field, now[field], value)
						}
					}
				})
			}
			both.Wait()
		}
	})
}
