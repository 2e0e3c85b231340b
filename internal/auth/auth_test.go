package auth

import (
	"context"
	"log/slog"
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

var quiet = slog.New(slog.DiscardHandler)

const password = "a stapled battery"

// newAuth opens an Auth on a store with one workspace.
func newAuth(t testing.TB, s *store.Store) (*Auth, *ringside.Workspace) {
	t.Helper()
	w := &ringside.Workspace{ID: ringside.NewID("ws", time.Now()), Name: "Default", CreatedAt: time.Now()}
	must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.InsertWorkspace(ctx, tx, w) }))
	return New(s, quiet), w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newKey(t testing.TB, a *Auth, w *ringside.Workspace, scope Scope, expires time.Time) (string, *store.Key) {
	t.Helper()
	plain, k, err := a.CreateKey(t.Context(), w.ID, "CI", scope, expires)
	must(t, err)
	return plain, k
}

func setup(t testing.TB, a *Auth) (session string) {
	t.Helper()
	token, err := a.SetupToken(t.Context())
	must(t, err)
	session, err = a.Setup(t.Context(), token, Newcomer{Name: "Ada", Email: "Ada@example.com", Password: password}, "192.0.2.1")
	must(t, err)
	return session
}

// code gives an error's code, for comparison.
func code(err error) string {
	if e, ok := err.(*ringside.Error); ok {
		return e.Code
	}
	return "no ringside error"
}

func TestKeyInEachHeaderWinsOverTheCookie(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, w := newAuth(t, s)
		session := setup(t, a)
		plain, k := newKey(t, a, w, ScopeRead, time.Time{})
		for header, value := range map[string]string{
			"Authorization": "Bearer " + plain, "X-API-Key": plain, "X-EFFICIENTAI-API-KEY": plain, "X-Workspace-Key": plain,
		} {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set(header, value)
			r.AddCookie(&http.Cookie{Name: SessionCookie, Value: session})
			p, err := a.Authenticate(r)
			if err != nil || p.KeyID != k.ID || p.Scope != ScopeRead || p.WorkspaceID != w.ID || p.Owner {
				t.Errorf("%s: %+v, %v", header, p, err)
			}
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if _, err := a.Authenticate(r); ringside.KindOf(err) != ringside.Unauthorized {
			t.Errorf("nobody: %v", err)
		}
		r.AddCookie(&http.Cookie{Name: SessionCookie, Value: session})
		if p, err := a.Authenticate(r); err != nil || p.Name != "Ada" || !p.Owner || p.Scope != ScopeAdmin || p.WorkspaceID != w.ID {
			t.Errorf("session: %+v, %v", p, err)
		}
		r.Header.Set("X-API-Key", "rs_live_wrong")
		if _, err := a.Authenticate(r); code(err) != "key_malformed" {
			t.Errorf("a wrong key beside a good cookie: %v", err)
		}
	})
}

func TestKeysThatAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, w := newAuth(t, s)
		plain, k := newKey(t, a, w, ScopeAdmin, time.Time{})
		unknown, _, err := NewKey(w.ID, "never stored", ScopeAdmin, time.Time{})
		must(t, err)
		brief, _ := newKey(t, a, w, ScopeAdmin, time.Now().Add(time.Hour))
		must(t, refused(t, a, brief, ""))
		a.now = func() time.Time { return time.Now().Add(time.Hour) }
		typo := []byte(plain)
		typo[20] ^= 1
		for key, want := range map[string]string{
			"": "key_malformed", "sk_live_x": "key_malformed", plain[:40]: "key_malformed", string(typo): "key_malformed",
			unknown: "key_unknown", brief: "key_expired", plain: "",
		} {
			must(t, refused(t, a, key, want))
		}
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := store.DeleteKey(ctx, tx, w.ID, k.ID)
			return err
		}))
		must(t, refused(t, a, plain, "")) // remembered for a moment
		a.Forget()
		must(t, refused(t, a, plain, "key_unknown"))
	})
}

// refused fails unless a key is refused with a code; empty: taken.
func refused(t *testing.T, a *Auth, key, want string) error {
	t.Helper()
	_, err := a.ByKey(t.Context(), key)
	if err == nil && want == "" {
		return nil
	}
	if code(err) == want && ringside.KindOf(err) == ringside.Unauthorized {
		return nil
	}
	return ringside.Errorf(ringside.Internal, "key %q: got %v, want %q", key, err, want)
}

func TestRevokedElsewhereEndsWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	a, w := newAuth(t, s)
	plain, k := newKey(t, a, w, ScopeRead, time.Time{})
	must(t, refused(t, a, plain, ""))
	must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := store.DeleteKey(ctx, tx, w.ID, k.ID)
		return err
	}))
	start := time.Now()
	a.now = func() time.Time { return start.Add(keyLife) }
	must(t, refused(t, a, plain, "key_unknown"))
}

// A key that is read while it is revoked must not be remembered afterwards.
func TestCacheForgetsWhatWasReadBeforeARevocation(t *testing.T) {
	t.Parallel()
	c, now := newKeyCache(), time.Now()
	h := hash("key")
	_, generation := c.get(h, now)
	c.forget()
	c.put(h, &knownKey{loaded: now}, generation)
	if k, _ := c.get(h, now); k != nil {
		t.Error("the cache holds a key read before the revocation")
	}
}

func TestCacheIsBoundedAndOneCallerRefreshes(t *testing.T) {
	t.Parallel()
	c, now := newKeyCache(), time.Now()
	for i := range maxCachedKeys + 10 {
		c.put(hash(string(rune(i))), &knownKey{loaded: now}, 0)
	}
	if len(c.known) > maxCachedKeys {
		t.Errorf("%d keys remembered", len(c.known))
	}
	h := hash("key")
	c.put(h, &knownKey{loaded: now}, 0)
	later := now.Add(refreshAfter)
	if k, _ := c.get(h, later); k != nil {
		t.Error("nobody refreshes")
	}
	if k, _ := c.get(h, later); k == nil {
		t.Error("two refresh at once")
	}
	if k, _ := c.get(h, now.Add(keyLife)); k != nil {
		t.Error("believed for too long")
	}
}

func TestLastUseIsWrittenOnceAMinute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, w := newAuth(t, s)
		plain, _ := newKey(t, a, w, ScopeRead, time.Time{})
		start := time.Now().UTC().Truncate(time.Millisecond)
		for offset, want := range []time.Duration{0, 0, time.Minute} {
			a.now = func() time.Time { return start.Add(time.Duration(offset) * 30 * time.Second) }
			must(t, refused(t, a, plain, ""))
			a.flush(t.Context())
			var keys []*store.Key
			must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				keys, err = store.Keys(ctx, tx, w.ID)
				return err
			}))
			if used := keys[0].LastUsedAt; used == nil || !used.Equal(start.Add(want)) {
				t.Errorf("after %d half minutes: %v, want %v", offset, used, start.Add(want))
			}
		}
	})
}

func TestStopWritesWhatIsLeft(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	a, w := newAuth(t, s)
	a.Stop() // before Start: nothing to do
	a.Start()
	a.Start()
	plain, _ := newKey(t, a, w, ScopeRead, time.Time{})
	must(t, refused(t, a, plain, ""))
	a.Stop()
	a.Stop()
	must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		keys, err := store.Keys(ctx, tx, w.ID)
		if err == nil && keys[0].LastUsedAt == nil {
			t.Error("the last use was not written")
		}
		return err
	}))
}

func TestKeyFormat(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 200 {
		plain, k, err := NewKey("ws_a", " CI ", ScopeIngest, time.Time{})
		must(t, err)
		if len(plain) != 44 || !strings.HasPrefix(plain, "rs_live_") || k.Preview != plain[:12] || k.Name != "CI" || seen[plain] {
			t.Fatalf("%q %+v", plain, k)
		}
		seen[plain] = true
		must(t, checkKey(plain))
		for i := len(keyPrefix); i < len(plain); i++ { // one wrong character anywhere is noticed
			b := []byte(plain)
			b[i] = base62[(strings.IndexByte(base62, b[i])+1)%62]
			if checkKey(string(b)) == nil {
				t.Fatalf("%s passes for %s", b, plain)
			}
		}
	}
	for field, err := range map[string]error{
		"/name":       third(NewKey("ws_a", " ", ScopeRead, time.Time{})),
		"/scope":      third(NewKey("ws_a", "CI", "root", time.Time{})),
		"/expires_at": third(NewKey("ws_a", "CI", ScopeRead, time.Now().Add(-time.Second))),
	} {
		if e, ok := err.(*ringside.Error); !ok || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func third[A, B any](_ A, _ B, err error) error { return err }

func TestByKeyFromManyAtOnce(t *testing.T) {
	t.Parallel()
	a, w := newAuth(t, storetest.SQLite(t))
	plain, k := newKey(t, a, w, ScopeIngest, time.Time{})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 50 {
				if p, err := a.ByKey(t.Context(), plain); err != nil || p.KeyID != k.ID {
					t.Errorf("%+v, %v", p, err)
				}
				a.Forget()
			}
		})
	}
	wg.Wait()
}

func BenchmarkByKey(b *testing.B) {
	a, w := newAuth(b, storetest.SQLite(b))
	plain, _ := newKey(b, a, w, ScopeIngest, time.Time{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.ByKey(b.Context(), plain); err != nil {
			b.Fatal(err)
		}
	}
}

// A time that no answer can hold would make every list with it fail.
func TestAKeyThatExpiresBeyondTheCalendar(t *testing.T) {
	t.Parallel()
	far, err := time.Parse(time.RFC3339, "9999-12-31T23:59:59-14:00")
	must(t, err)
	_, k, err := NewKey("ws_1", "k", ScopeRead, far)
	if e, is := err.(*ringside.Error); !is || e.Field != "/expires_at" {
		t.Errorf("%v, %v", k, err)
	}
}
