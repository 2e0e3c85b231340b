package auth

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func withCookie(token string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: SessionCookie, Value: token})
	return r
}

func TestSetupWorksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, _ := newAuth(t, s)
		old, err := a.SetupToken(t.Context())
		must(t, err)
		token, err := a.SetupToken(t.Context())
		must(t, err)
		ada := Newcomer{Name: "Ada", Email: "ada@example.com", Password: password}
		if _, err := a.Setup(t.Context(), old, ada, "x"); code(err) != "setup_token_invalid" {
			t.Errorf("the link of an earlier start: %v", err)
		}
		weak := ada
		weak.Password = "password123"
		if _, err := a.Setup(t.Context(), token, weak, "x"); ringside.KindOf(err) != ringside.Invalid {
			t.Errorf("a weak password: %v", err)
		}
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() { _, errs[i] = a.Setup(t.Context(), token, ada, "x") })
		}
		wg.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else if code(err) != "setup_done" {
				t.Errorf("the link a second time: %v", err)
			}
		}
		if made != 1 {
			t.Errorf("%d of 4 set up", made)
		}
		if again, err := a.SetupToken(t.Context()); err != nil || again != "" {
			t.Errorf("a new link where there is a user: %q, %v", again, err)
		}
	})
}

func TestSignInOutAndExpiry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, w := newAuth(t, s)
		setup(t, a)
		token, err := a.SignIn(t.Context(), " ADA@example.com ", password, "x")
		must(t, err)
		p, err := a.Authenticate(withCookie(token))
		if err != nil || p.WorkspaceID != w.ID {
			t.Fatalf("%+v, %v", p, err)
		}
		start := time.Now()
		a.now = func() time.Time { return start.Add(20 * 24 * time.Hour) }
		_, err = a.Authenticate(withCookie(token)) // puts the end off
		must(t, err)
		a.flush(t.Context())
		a.now = func() time.Time { return start.Add(49 * 24 * time.Hour) }
		if _, err := a.Authenticate(withCookie(token)); err != nil {
			t.Errorf("a session in use ended: %v", err)
		}
		a.now = func() time.Time { return start.Add(51 * 24 * time.Hour) }
		if _, err := a.Authenticate(withCookie(token)); code(err) != "session_expired" {
			t.Errorf("a session that was left: %v", err)
		}
		a.now = time.Now
		must(t, a.SignOut(t.Context(), token))
		if _, err := a.Authenticate(withCookie(token)); code(err) != "session_expired" {
			t.Errorf("after signing out: %v", err)
		}
	})
}

func TestWrongPasswordsAreCounted(t *testing.T) {
	t.Parallel()
	a, _ := newAuth(t, storetest.SQLite(t))
	setup(t, a)
	start := time.Now()
	a.now = func() time.Time { return start }
	try := func(email, password, from string) string {
		_, err := a.SignIn(t.Context(), email, password, from)
		if err == nil {
			return ""
		}
		return code(err)
	}
	for range int(perPerson.burst) {
		if got := try("ada@example.com", "wrong password", "x"); got != "password_wrong" {
			t.Fatalf("got %q", got)
		}
	}
	if got := try("ada@example.com", password, "x"); got != "rate_limited" {
		t.Errorf("after too many: %q", got)
	}
	if got := try("nobody@example.com", password, "x"); got != "password_wrong" {
		t.Errorf("an unknown address: %q", got)
	}
	if got := try("ada@example.com", password, "y"); got != "" {
		t.Errorf("from elsewhere: %q", got)
	}
	a.now = func() time.Time { return start.Add(perPerson.every) }
	for range 10 { // a success costs nothing
		if got := try("ada@example.com", password, "x"); got != "" {
			t.Errorf("after a wait: %q", got)
		}
	}
}

// Whoever has one address of IPv6 has a network of them.
func TestANetworkGuessesAsOne(t *testing.T) {
	t.Parallel()
	a, _ := newAuth(t, storetest.SQLite(t))
	setup(t, a)
	start := time.Now()
	a.now = func() time.Time { return start }
	for i := range int(perPerson.burst) {
		if _, err := a.SignIn(t.Context(), "ada@example.com", "wrong password", fmt.Sprintf("[2001:db8:1:2::%x]", i)); code(err) != "password_wrong" {
			t.Fatal(err)
		}
	}
	if _, err := a.SignIn(t.Context(), "ada@example.com", "wrong password", "[2001:db8:1:2:ffff::1]"); code(err) != "rate_limited" {
		t.Errorf("from the same network: %v", err)
	}
	for _, from := range []string{"[2001:db8:1:3::1]", "192.0.2.1", "192.0.2.2"} {
		if _, err := a.SignIn(t.Context(), "ada@example.com", password, from); err != nil {
			t.Errorf("from %s: %v", from, err)
		}
	}
}

func TestLimiterIsBounded(t *testing.T) {
	t.Parallel()
	l, now := newLimiter(), time.Now()
	for i := range maxBuckets + 100 {
		must(t, l.take(string(rune(i)), perPerson, now))
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d buckets", len(l.buckets))
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	a := New(nil, quiet)
	one, err := a.HashPassword(t.Context(), password)
	must(t, err)
	two, err := a.HashPassword(t.Context(), password)
	must(t, err)
	if one == two || !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s, %s", one, two)
	}
	for pw, want := range map[string]bool{password: true, password + " ": false, "": false} {
		if ok, err := a.VerifyPassword(t.Context(), pw, one); err != nil || ok != want {
			t.Errorf("%q: %v, %v", pw, ok, err)
		}
	}
	if ok, err := a.VerifyPassword(t.Context(), password, nobody); err != nil || ok {
		t.Errorf("nobody's hash: %v, %v", ok, err)
	}
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=1,t=1,p=1$AAAA$AAAA", strings.Replace(one, "v=19", "v=16", 1), strings.Replace(one, "t=2", "t=0", 1), one[:len(one)-4], one + "!"} {
		if _, err := a.VerifyPassword(t.Context(), password, bad); err == nil {
			t.Errorf("%q was taken for a hash", bad)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	a.hashing <- struct{}{}
	a.hashing <- struct{}{}
	cancel()
	if _, err := a.HashPassword(ctx, password); ringside.KindOf(err) != ringside.Unavailable {
		t.Errorf("with every place taken: %v", err)
	}
}

func TestWeakPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	for _, pw := range []string{"", "short", "123456789", "Password123", "aaaaaaaaaaaa", "ada@example.com", strings.Repeat("ab", 200)} {
		if CheckPassword(pw, "ada@example.com") == nil {
			t.Errorf("%q was taken", pw)
		}
	}
	for _, pw := range []string{password, NewPassword(), "ünïcödé wörds"} {
		must(t, CheckPassword(pw, "ada@example.com"))
	}
}

func TestEmailAddresses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Ada@Example.COM ": "ada@example.com", "a.b+c@d.e": "a.b+c@d.e", "ada": "", "Ada <a@b.c>": "", "": "", "a@b\nc": "",
		strings.Repeat("a", 251) + "@b.c": "",
	} {
		if got, err := CheckEmail(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	c := Cookie("token", true)
	if got := c.String(); got != "ringside_session=token; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax" {
		t.Error(got)
	}
	c = Cookie("", false)
	if got := c.String(); got != "ringside_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" {
		t.Error(got)
	}
}
