package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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

// deadlines notes until when a request may be read.
type deadlines struct {
	*httptest.ResponseRecorder
	set []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.set = append(d.set, t)
	return nil
}

// A body is read before its operation begins. A deadline for reading would end
// the operation from then on: the server takes it for a caller who went away.
func TestAnOperationWithABodyMayTakeLong(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/session", strings.NewReader(`{"email":"a@example.com","password":"x"}`))
	r.Header.Set("Content-Type", "application/json")
	h.Config.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, at := range w.set {
		if time.Until(at) < 30*time.Second {
			t.Errorf("the operation ends %s after it began", time.Until(at).Round(time.Second))
		}
	}
}
