package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Every list refuses a cursor that it did not give: an empty page would say
// that there is nothing more.
func TestListsRefuseACursorOfNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		type parameter struct{ Name string }
		doc := get[struct {
			Paths map[string]map[string]struct{ Parameters []parameter }
		}](t, h, nobody, http.MethodGet, "/openapi.json", "")
		lists := 0
		for path, methods := range doc.Paths {
			if slices.Contains(methods["get"].Parameters, parameter{"cursor"}) {
				lists++
				for _, cursor := range []string{"nope", "1", ".", ".x", "n-o.x"} {
					refused(t, h, admin, http.MethodGet, path+"?cursor="+cursor, "", http.StatusUnprocessableEntity, "invalid", "cursor")
				}
			}
		}
		if lists < 5 {
			t.Errorf("only %d lists have a cursor", lists)
		}
	})
}

// A page goes on where the one before ended, also when what stood there has
// been deleted since.
func TestTheInboxGoesOnBehindWhatIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		for i := range 3 {
			_, err := h.ledger.Append(t.Context(), ledger.Envelope{
				Workspace: h.workspace.ID, Provider: "acme", Event: "x", ReceivedAt: time.Now(), Body: fmt.Appendf(nil, "%d", i), State: store.Ignored, Reason: "none",
			})
			must(t, err)
		}
		const list = "/v1/inbox?state=ignored&limit=1"
		first := get[api.InboxPage](t, h, admin, http.MethodGet, list, "")
		get[struct{}](t, h, admin, http.MethodDelete, "/v1/inbox/"+first.Items[0].ID, "")
		second := get[api.InboxPage](t, h, admin, http.MethodGet, list+"&cursor="+first.NextCursor, "")
		third := get[api.InboxPage](t, h, admin, http.MethodGet, list+"&cursor="+second.NextCursor, "")
		if len(second.Items) != 1 || len(third.Items) != 1 || third.Items[0].ID == second.Items[0].ID || third.NextCursor != "" {
			t.Errorf("second %+v, third %+v", second, third)
		}
	})
}
