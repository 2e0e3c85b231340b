package auth

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func TestWhoMayGoOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, w := newAuth(t, s)
		plain, k := newKey(t, a, w, ScopeRead, time.Time{})
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+plain)
		p, err := a.Authenticate(r)
		must(t, err)
		must(t, a.Still(r, p, ScopeRead))
		if err := a.Still(r, p, ScopeAdmin); ringside.KindOf(err) != ringside.Forbidden {
			t.Errorf("without the scope: %v", err)
		}
		elsewhere := *p
		elsewhere.WorkspaceID = "ws_other"
		if err := a.Still(r, &elsewhere, ScopeRead); ringside.KindOf(err) != ringside.Forbidden {
			t.Errorf("in another workspace: %v", err)
		}
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := store.DeleteKey(ctx, tx, w.ID, k.ID)
			return err
		}))
		a.Forget()
		if err := a.Still(r, p, ScopeRead); code(err) != "key_unknown" {
			t.Errorf("with a revoked key: %v", err)
		}
	})
}

// What can't be found out now ends nothing; what is certain does.
func TestWatch(t *testing.T) {
	gone := ringside.Errorf(ringside.NotFound, "gone")
	for _, tc := range []struct {
		name    string
		answers []error
		want    error
		after   time.Duration
	}{
		{"revoked", []error{nil, errSession}, errSession, 2 * time.Second},
		{"a database that is away for a while", []error{errors.New("no connection"), ringside.Errorf(ringside.Unavailable, "busy"), gone}, gone, 3 * time.Second},
		{"the caller goes", []error{nil, nil, nil, nil, nil}, nil, 4500 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 4500*time.Millisecond)
			defer cancel()
			begun, asked := time.Now(), 0
			got := Watch(ctx, time.Second, func() error {
				asked++
				return tc.answers[asked-1]
			})
			if !errors.Is(got, tc.want) || time.Since(begun) != tc.after {
				t.Errorf("%s: %v after %s", tc.name, got, time.Since(begun))
			}
		})
	}
}
