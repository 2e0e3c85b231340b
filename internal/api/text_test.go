package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// What no database can hold is refused before anything is done.
func TestTextsThatCannotBeKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h, a := newServer(t, s), newAgent(t)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		h.begin(t, admin, "mine", `{"id":"1","type":"started","agent":"desk","controlUrl":"`+a.URL+`/control"}`)
		for _, q := range []struct{ method, path, body, said string }{
			{"POST", "/v1/live-calls/mine/say", `{"message":"a\u0000b"}`, `/message a string in the body has a NUL character (\u0000), at byte 13`},
			{"POST", "/v1/agents", `{"name":"\ud800"}`, "half of a surrogate pair"},
			{"POST", "/v1/agents", "{\"name\":\"\xff\"}", "not UTF-8"},
			{"GET", "/v1/calls/a%00b", "", "NUL character (%00)"},
			{"GET", "/v1/calls?agent=a%00b", "", "NUL character (%00)"},
			{"GET", "/v1/live-calls/a%00b/listen", "", "NUL character (%00)"},
		} {
			res := h.do(t, admin, q.method, q.path, q.body)
			if res.Status != http.StatusBadRequest && res.Status != http.StatusUnprocessableEntity || !strings.Contains(strings.ReplaceAll(string(res.Body), `\\`, `\`), q.said) {
				t.Errorf("%s %s %s: %d %s", q.method, q.path, q.body, res.Status, res.Body)
			}
		}
		if len(a.orders) > 0 {
			t.Errorf("the agent was told to %v", a.orders)
		}
	})
}
