package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func TestKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin, _ := h.person(t, "ada", store.Admin)
		member, _ := h.person(t, "bob", store.Member)
		expires := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
		made := get[api.NewKey](t, h, admin, "POST", "/v1/keys", fmt.Sprintf(`{"name":"CI","scope":"admin","expires_at":%q}`, expires.Format(time.RFC3339Nano)))
		if !strings.HasPrefix(made.Plain, made.Preview) || made.ExpiresAt == nil || !made.ExpiresAt.Equal(expires) {
			t.Errorf("%+v", made)
		}
		key := as(made.Plain)
		list := h.do(t, key, "GET", "/v1/keys", "")
		if list.Status != 200 || strings.Contains(string(list.Body), made.Plain) || !strings.Contains(string(list.Body), made.ID) {
			t.Errorf("%d %s", list.Status, list.Body)
		}
		second := get[api.NewKey](t, h, key, "POST", "/v1/keys", `{"name":"door","scope":"ingest"}`)
		if second.ExpiresAt != nil || second.LastUsedAt != nil {
			t.Errorf("%+v", second)
		}
		refused(t, h, as(second.Plain), "GET", "/v1/keys", "", 403, "forbidden", "")
		refused(t, h, member, "GET", "/v1/keys", "", 403, "forbidden", "")
		refused(t, h, member, "POST", "/v1/keys", `{"name":"CI","scope":"read"}`, 403, "forbidden", "")
		refused(t, h, admin, "POST", "/v1/keys", `{"name":" ","scope":"read"}`, 422, "invalid", "/name")
		refused(t, h, admin, "POST", "/v1/keys", `{"name":"CI","scope":"root"}`, 422, "invalid", "/scope")
		refused(t, h, admin, "POST", "/v1/keys", `{"name":"CI","scope":"read","expires_at":"2020-01-01T00:00:00Z"}`, 422, "invalid", "/expires_at")

		foreign := h.key(t, h.newWorkspace(t, "Other").ID, auth.ScopeAdmin)
		if got := get[api.KeyList](t, h, foreign, "GET", "/v1/keys", ""); len(got.Items) != 1 || got.Items[0].ID == made.ID {
			t.Errorf("another workspace's key sees %+v", got.Items)
		}
		refused(t, h, foreign, "DELETE", "/v1/keys/"+made.ID, "", 404, "not_found", "")

		typo := []byte(made.Plain)
		typo[15], typo[16] = typo[16], typo[15]+1
		refused(t, h, as(string(typo)), "GET", "/v1/keys", "", 401, "key_malformed", "")
		get[struct{}](t, h, admin, "DELETE", "/v1/keys/"+made.ID, "")
		refused(t, h, key, "GET", "/v1/session", "", 401, "key_unknown", "")
		refused(t, h, admin, "DELETE", "/v1/keys/"+made.ID, "", 404, "not_found", "")
	})
}

func TestUsers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		ada, adaUser := h.person(t, "ada", store.Admin)
		made := get[api.NewUser](t, h, ada, "POST", "/v1/users", `{"email":"Eve@example.com","name":"Eve","role":"viewer"}`)
		token, err := h.auth.SignIn(t.Context(), "eve@example.com", made.Password, "eve")
		must(t, err)
		eve := in(token)
		refused(t, h, ada, "POST", "/v1/users", `{"email":"eve@example.com","name":"Eve","role":"viewer"}`, 409, "email_taken", "/email")
		refused(t, h, ada, "POST", "/v1/users", `{"email":"x@example.com","name":"X","role":"king"}`, 422, "invalid", "/role")

		path := "/v1/users/" + made.ID
		refused(t, h, eve, "GET", "/v1/users", "", 403, "forbidden", "")
		refused(t, h, eve, "PATCH", path, `{"role":"admin"}`, 403, "forbidden", "")
		refused(t, h, eve, "PATCH", "/v1/users/"+adaUser.ID, `{"name":"X"}`, 403, "forbidden", "")
		refused(t, h, eve, "PATCH", path, `{"password":"another battery"}`, 422, "password_wrong", "/current_password")
		if got := get[store.User](t, h, eve, "PATCH", path, fmt.Sprintf(`{"name":"Eva","password":"another battery","current_password":%q}`, made.Password)); got.Name != "Eva" {
			t.Errorf("%+v", got)
		}
		get[api.SessionView](t, h, eve, "GET", "/v1/session", "") // her own session stays
		if _, err := h.auth.SignIn(t.Context(), "eve@example.com", made.Password, "eve"); err == nil {
			t.Error("the old password still works")
		}

		get[store.User](t, h, ada, "PATCH", path, `{"role":"member","password":"a third battery"}`)
		refused(t, h, eve, "GET", "/v1/session", "", 401, "session_expired", "")
		refused(t, h, ada, "PATCH", "/v1/users/"+adaUser.ID, `{"role":"member"}`, 409, "last_admin", "")
		refused(t, h, ada, "DELETE", "/v1/users/"+adaUser.ID, "", 409, "last_admin", "")
		if got := get[api.UserList](t, h, ada, "GET", "/v1/users", ""); len(got.Items) != 2 || got.Items[0].Role != store.Admin || got.Items[1].Role != store.Member {
			t.Errorf("%+v", got.Items)
		}
		get[struct{}](t, h, ada, "DELETE", path, "")
		refused(t, h, ada, "DELETE", path, "", 404, "not_found", "")
	})
}

func TestKeysCannotManageUsers(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	_, ada := h.person(t, "ada", store.Admin)
	key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	refused(t, h, key, "GET", "/v1/users", "", 403, "key_not_allowed", "")
	refused(t, h, key, "POST", "/v1/users", `{"email":"x@example.com","name":"X","role":"admin"}`, 403, "key_not_allowed", "")
	refused(t, h, key, "PATCH", "/v1/users/"+ada.ID, `{"password":"another battery"}`, 403, "key_not_allowed", "")
	refused(t, h, key, "DELETE", "/v1/users/"+ada.ID, "", 403, "key_not_allowed", "")
}

func TestViewersOnlyLook(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	viewer, u := h.person(t, "vic", store.Viewer)
	for _, path := range []string{"/v1/session", "/v1/workspaces", "/v1/sources", "/v1/providers", "/v1/views"} {
		get[struct{}](t, h, viewer, "GET", path, "")
	}
	for _, call := range [][3]string{
		{"POST", "/v1/views", `{"name":"v","query":""}`},
		{"DELETE", "/v1/views/x", ""},
		{"POST", "/v1/keys", `{"name":"k","scope":"read"}`},
		{"POST", "/v1/sources", `{"provider":"acme","secret":"s"}`},
		{"PATCH", "/v1/sources/x", `{"name":"n"}`},
		{"DELETE", "/v1/sources/x", ""},
		{"POST", "/v1/workspaces", `{"name":"w"}`},
		{"PATCH", "/v1/workspaces/" + h.workspace.ID, `{"name":"w"}`},
		{"DELETE", "/v1/workspaces/" + h.workspace.ID, ""},
		{"GET", "/v1/audit", ""},
		{"GET", "/v1/users", ""},
		{"DELETE", "/v1/users/" + u.ID, ""},
		{"POST", "/api/rest/v2/call-logs", `{"provider":"custom","payload":{"call_id":"a"}}`},
		{"POST", "/api/v1/observability/calls", `{"id":"a"}`},
		{"POST", "/v1/live-calls/a/events", `{"id":"1","type":"started","agent":"desk"}`},
	} {
		refused(t, h, viewer, call[0], call[1], call[2], 403, "forbidden", "")
	}
	member, _ := h.person(t, "mia", store.Member)
	get[struct{}](t, h, member, "POST", "/api/v1/observability/calls", `{"id":"a"}`)
}

func TestViewsAndAudit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		member, _ := h.person(t, "bob", store.Member)
		admin, ada := h.person(t, "ada", store.Admin)
		v := get[store.View](t, h, member, "POST", "/v1/views", `{"name":"Failed","query":"status=failed"}`)
		get[store.View](t, h, member, "POST", "/v1/views", `{"name":"active ones","query":"status=active"}`)
		if got := get[api.ViewList](t, h, member, "GET", "/v1/views", ""); len(got.Items) != 2 || *got.Items[1] != v {
			t.Errorf("%+v", got.Items)
		}
		foreign := h.key(t, h.newWorkspace(t, "Other").ID, auth.ScopeAdmin)
		if got := get[api.ViewList](t, h, foreign, "GET", "/v1/views", ""); len(got.Items) != 0 {
			t.Errorf("another workspace's key sees %+v", got.Items)
		}
		refused(t, h, foreign, "DELETE", "/v1/views/"+v.ID, "", 404, "not_found", "")
		get[struct{}](t, h, member, "DELETE", "/v1/views/"+v.ID, "")
		refused(t, h, member, "DELETE", "/v1/views/"+v.ID, "", 404, "not_found", "")

		k := get[api.NewKey](t, h, admin, "POST", "/v1/keys", `{"name":"CI","scope":"read"}`)
		time.Sleep(2 * time.Millisecond) // entries are in order to the millisecond
		get[struct{}](t, h, admin, "DELETE", "/v1/keys/"+k.ID, "")
		page := get[api.AuditPage](t, h, member, "GET", "/v1/audit?limit=1", "")
		if len(page.Items) != 1 || page.Items[0].Action != "key.revoke" || page.Items[0].Actor != "ada" || page.Items[0].ActorID != ada.ID || page.Items[0].Subject != "CI ("+k.ID+")" {
			t.Errorf("%+v", page.Items[0])
		}
		page = get[api.AuditPage](t, h, member, "GET", "/v1/audit?limit=1&cursor="+page.NextCursor, "")
		if len(page.Items) != 1 || page.Items[0].Action != "key.create" || page.NextCursor != "" {
			t.Errorf("%+v", page)
		}
		got := get[api.AuditPage](t, h, foreign, "GET", "/v1/audit", "").Items
		if len(got) != 1 || got[0].Actor != "command line" || got[0].Action != "key.create" {
			t.Errorf("another workspace's key sees %+v", got)
		}
	})
}

func TestWorkspaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin, ada := h.person(t, "ada", store.Admin)
		member, _ := h.person(t, "bob", store.Member)
		refused(t, h, admin, "DELETE", "/v1/workspaces/"+h.workspace.ID, "", 409, "last_workspace", "")
		refused(t, h, member, "POST", "/v1/workspaces", `{"name":"w"}`, 403, "forbidden", "")
		refused(t, h, admin, "POST", "/v1/workspaces", `{"name":"\n"}`, 422, "invalid", "/name")
		other := get[store.View](t, h, admin, "POST", "/v1/workspaces", `{"name":"Other"}`)
		path := "/v1/workspaces/" + other.ID
		if got := get[store.View](t, h, admin, "PATCH", path, `{"name":"Shop"}`); got.Name != "Shop" || got.ID != other.ID {
			t.Errorf("%+v", got)
		}
		ours := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		if got := get[api.WorkspaceList](t, h, ours, "GET", "/v1/workspaces", ""); len(got.Items) != 1 || got.Items[0].ID != h.workspace.ID {
			t.Errorf("a key sees %+v", got.Items)
		}
		refused(t, h, ours, "PATCH", path, `{"name":"Mine"}`, 404, "not_found", "")
		refused(t, h, ours, "DELETE", path, "", 404, "not_found", "")

		get[api.SessionView](t, h, admin, "PATCH", "/v1/session", fmt.Sprintf(`{"workspace_id":%q}`, other.ID))
		theirs := h.key(t, other.ID, auth.ScopeIngest)
		for i := range 3 {
			a := h.do(t, theirs, "POST", "/api/v1/observability/calls", fmt.Sprintf(`{"id":"c%d","startedAt":"2026-11-01T10:00:00Z"}`, i))
			if a.Status != 201 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
		}
		get[struct{}](t, h, h.key(t, other.ID, auth.ScopeAdmin), "POST", "/v1/webhook-endpoints", `{"url":"https://example.com"}`)
		h.told(t, other.ID, ringside.NewCallID(other.ID, "external", "c0").String())
		get[struct{}](t, h, admin, "DELETE", path, "")
		refused(t, h, theirs, "GET", "/v1/session", "", 401, "key_unknown", "")
		if v := get[api.SessionView](t, h, admin, "GET", "/v1/session", ""); v.Workspace.ID != h.workspace.ID || len(v.Workspaces) != 1 || v.User.ID != ada.ID {
			t.Errorf("after the removal: %+v", v)
		}
		for _, table := range []string{"calls", "events", "inbox", "call_states", "webhook_endpoints", "webhook_deliveries"} {
			if n := h.count(t, table); n != 0 {
				t.Errorf("%d rows of %s left", n, table)
			}
		}
		entries := get[api.AuditPage](t, h, admin, "GET", "/v1/audit", "").Items
		if !slices.ContainsFunc(entries, func(e *store.AuditEntry) bool { return e.Action == "workspace.delete" && e.ActorID == ada.ID }) {
			t.Errorf("%+v", entries)
		}
	})
}

func (h *harness) count(t *testing.T, table string) (n int) {
	t.Helper()
	must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n)
	}))
	return n
}
