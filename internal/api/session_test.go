package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func cookieOf(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	cookies := (&http.Response{Header: a.Header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies: %v", a.Header["Set-Cookie"])
	}
	return cookies[0]
}

func TestSetupThenSignOutAndIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		if !get[api.SetupState](t, h, nobody, "GET", "/v1/setup", "").Needed {
			t.Fatal("no set-up needed where nobody is")
		}
		token, err := h.auth.SetupToken(t.Context())
		must(t, err)
		const path, person = "/v1/setup", `"name":"Ada","email":"Ada@example.com","password":"` + password + `"}`
		refused(t, h, nobody, "POST", path, `{"token":"guess",`+person, 403, "setup_token_invalid", "")
		refused(t, h, nobody, "POST", path, `{"token":"`+token+`","name":"Ada","email":"ada","password":"`+password+`"}`, 422, "invalid", "/email")
		refused(t, h, nobody, "POST", path, `{"token":"`+token+`","name":"Ada","email":"a@b.c","password":"short"}`, 422, "invalid", "/password")

		a := h.do(t, nobody, "POST", path, `{"token":"`+token+`",`+person)
		c := cookieOf(t, a)
		if a.Status != 201 || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge < 1 {
			t.Fatalf("%d %s %+v", a.Status, a.Body, c)
		}
		refused(t, h, nobody, "POST", path, `{"token":"`+token+`",`+person, 409, "setup_done", "")
		if get[api.SetupState](t, h, nobody, "GET", path, "").Needed {
			t.Error("set-up needed again")
		}
		v := get[api.SessionView](t, h, in(c.Value), "GET", "/v1/session", "")
		if v.User.Email != "ada@example.com" || v.User.Role != store.Admin || v.Workspace.ID != h.workspace.ID || len(v.Workspaces) != 1 || v.PublicURL != publicURL {
			t.Errorf("%+v", v)
		}
		if strings.Contains(string(a.Body), "argon2id") {
			t.Error("the answer holds the password's hash")
		}

		out := h.do(t, in(c.Value), "DELETE", "/v1/session", "")
		if out.Status != 204 || cookieOf(t, out).MaxAge >= 0 {
			t.Errorf("sign out: %d %v", out.Status, out.Header)
		}
		refused(t, h, in(c.Value), "GET", "/v1/session", "", 401, "session_expired", "")
		refused(t, h, nobody, "POST", "/v1/session", `{"email":"ada@example.com","password":"wrong password"}`, 401, "password_wrong", "")
		refused(t, h, nobody, "POST", "/v1/session", `{"email":"eve@example.com","password":"wrong password"}`, 401, "password_wrong", "")
		back := h.do(t, nobody, "POST", "/v1/session", `{"email":"ada@example.com","password":"`+password+`"}`)
		if back.Status != 200 || cookieOf(t, back).Value == c.Value {
			t.Errorf("sign in: %d %s", back.Status, back.Body)
		}
	})
}

func TestSignInIsLimited(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	for range 5 {
		refused(t, h, nobody, "POST", "/v1/session", `{"email":"ada@example.com","password":"wrong password"}`, 401, "password_wrong", "")
	}
	refused(t, h, nobody, "POST", "/v1/session", `{"email":"ada@example.com","password":"wrong password"}`, 429, "rate_limited", "")
}

func TestSwitchWorkspace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		ada, _ := h.person(t, "ada", store.Viewer)
		other := h.newWorkspace(t, "Other")
		body := fmt.Sprintf(`{"workspace_id":%q}`, other.ID)
		if v := get[api.SessionView](t, h, ada, "PATCH", "/v1/session", body); v.Workspace.ID != other.ID || len(v.Workspaces) != 2 {
			t.Errorf("%+v", v)
		}
		if v := get[api.SessionView](t, h, ada, "GET", "/v1/session", ""); v.Workspace.ID != other.ID {
			t.Errorf("%+v", v.Workspace)
		}
		again, err := h.auth.SignIn(t.Context(), "ada@example.com", password, "x")
		must(t, err)
		if v := get[api.SessionView](t, h, in(again), "GET", "/v1/session", ""); v.Workspace.ID != other.ID {
			t.Errorf("the next session begins in %+v", v.Workspace)
		}
		refused(t, h, ada, "PATCH", "/v1/session", `{"workspace_id":"ws_none"}`, 404, "not_found", "")
		refused(t, h, h.key(t, h.workspace.ID, auth.ScopeAdmin), "PATCH", "/v1/session", body, 403, "forbidden", "")
	})
}

func TestSessionOfAKey(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	h.newWorkspace(t, "Other")
	key := h.key(t, h.workspace.ID, auth.ScopeRead)
	if a := h.do(t, key, "GET", "/v1/session", ""); a.Header["Set-Cookie"] != nil {
		t.Errorf("a key gets a cookie: %v", a.Header)
	}
	v := get[api.SessionView](t, h, key, "GET", "/v1/session", "")
	if v.User != nil || v.Workspace.ID != h.workspace.ID || len(v.Workspaces) != 1 {
		t.Errorf("%+v", v)
	}
}

func TestEndedSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		ada, u := h.person(t, "ada", store.Admin)
		h.write(t, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE sessions SET expires_ms = 1 WHERE user_id = $1`, u.ID)
			return err
		})
		refused(t, h, ada, "GET", "/v1/session", "", 401, "session_expired", "")
		refused(t, h, nobody, "GET", "/v1/session", "", 401, "unauthorized", "")
	})
}

// A page of another origin can make a browser send the cookie, and must get
// nothing done by it.
func TestOtherOriginsChangeNothing(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	ada, _ := h.person(t, "ada", store.Admin)
	cross := func(r *http.Request) { ada(r); r.Header.Set("Sec-Fetch-Site", "cross-site") }
	for _, call := range [][2]string{{"DELETE", "/v1/session"}, {"POST", "/v1/workspaces"}} {
		if a := h.do(t, cross, call[0], call[1], ""); a.Status != 403 {
			t.Errorf("%v: %d", call, a.Status)
		}
	}
	get[api.SessionView](t, h, ada, "GET", "/v1/session", "")
}
