package api_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Two changes of one person at a time: neither takes the other's back.
func TestAPersonIsChangedByTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		ada, _ := h.person(t, "ada", store.Admin)
		_, eve := h.person(t, "eve", store.Admin)
		path := "/v1/users/" + eve.ID
		for range 10 {
			get[store.User](t, h, ada, "PATCH", path, `{"name":"Eve","role":"admin"}`)
			var both sync.WaitGroup
			for _, body := range []string{`{"name":"Eva"}`, `{"role":"viewer"}`} {
				both.Go(func() {
					if a := h.do(t, ada, "PATCH", path, body); a.Status != http.StatusOK {
						t.Errorf("%s: %d %s", body, a.Status, a.Body)
					}
				})
			}
			both.Wait()
			for _, u := range get[api.UserList](t, h, ada, "GET", "/v1/users", "").Items {
				if u.ID == eve.ID && (u.Name != "Eva" || u.Role != store.Viewer) {
					t.Fatalf("they are %q, %s", u.Name, u.Role)
				}
			}
		}
	})
}

// Of two agents that are each made a part of the other at a time one is left.
func TestAgentsAreMergedIntoEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		for range 10 {
			var ids [2]string
			for i := range ids {
				ids[i] = get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Desk"}`).ID
			}
			var both sync.WaitGroup
			var status [2]int
			for i := range ids {
				both.Go(func() {
					status[i] = h.do(t, admin, "POST", "/v1/agents/"+ids[i]+"/merge", `{"into":"`+ids[1-i]+`"}`).Status
				})
			}
			both.Wait()
			left := 0
			for _, id := range ids {
				if h.do(t, admin, "GET", "/v1/agents/"+id, "").Status == http.StatusOK {
					left++
				}
			}
			if left != 1 || min(status[0], status[1]) != http.StatusOK || max(status[0], status[1]) != http.StatusNotFound {
				t.Fatalf("%d are left, after %v", left, status)
			}
		}
	})
}
