package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// race runs transactions at once and counts those that were refused with
// Conflict.
func race(t *testing.T, s *store.Store, fns ...func(context.Context, store.Tx) error) (conflicts int) {
	t.Helper()
	errs := make([]error, len(fns))
	var wg sync.WaitGroup
	for i, fn := range fns {
		wg.Go(func() { errs[i] = s.Write(t.Context(), fn) })
	}
	wg.Wait()
	for _, err := range errs {
		switch {
		case err == nil:
		case ringside.KindOf(err) == ringside.Conflict:
			conflicts++
		default:
			t.Error(err)
		}
	}
	return conflicts
}

func TestTwoAdminsCannotRemoveEachOtherAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for range 10 {
			now := time.Now()
			ada := &store.User{ID: ringside.NewID("user", now), Email: ringside.NewID("a", now), Role: store.Admin, CreatedAt: now}
			bob := &store.User{ID: ringside.NewID("user", now), Email: ringside.NewID("b", now), Role: store.Admin, CreatedAt: now}
			write(t, s, func(ctx context.Context, tx store.Tx) error {
				if _, err := tx.Exec(ctx, `DELETE FROM users`); err != nil {
					return err
				}
				if err := store.InsertUser(ctx, tx, ada); err != nil {
					return err
				}
				return store.InsertUser(ctx, tx, bob)
			})
			demoted := *bob
			demoted.Role = store.Member
			n := race(t, s,
				func(ctx context.Context, tx store.Tx) error { return store.DeleteUser(ctx, tx, ada.ID) },
				func(ctx context.Context, tx store.Tx) error { return store.UpdateUser(ctx, tx, &demoted) })
			if n != 1 {
				t.Fatalf("%d of 2 refused", n)
			}
		}
	})
}

func TestTwoWorkspacesCannotBothGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := [2]string{"ws_a", "ws_b"}
		for range 10 {
			write(t, s, func(ctx context.Context, tx store.Tx) error {
				if _, err := tx.Exec(ctx, `DELETE FROM workspaces`); err != nil {
					return err
				}
				for _, id := range ids {
					if err := store.InsertWorkspace(ctx, tx, &ringside.Workspace{ID: id, CreatedAt: time.Now()}); err != nil {
						return err
					}
				}
				return nil
			})
			leave := func(id string) func(context.Context, store.Tx) error {
				return func(ctx context.Context, tx store.Tx) error {
					if _, err := store.LeaveWorkspace(ctx, tx, id); err != nil {
						return err
					}
					return store.DeleteWorkspace(ctx, tx, id)
				}
			}
			if n := race(t, s, leave(ids[0]), leave(ids[1])); n != 1 {
				t.Fatalf("%d of 2 refused", n)
			}
		}
	})
}

func write(t *testing.T, s *store.Store, fn func(context.Context, store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}
