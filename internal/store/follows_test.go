package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// One process follows a call: another gets it once the first gave it up, or has
// not said for long enough that it still does.
func TestFollows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		a, b := ringside.NewCallID("ws", "retell", "a"), ringside.NewCallID("ws", "retell", "b")
		write := func(do func(context.Context, store.Tx) error) {
			t.Helper()
			if err := s.Write(t.Context(), do); err != nil {
				t.Fatal(err)
			}
		}
		claim := func(what string, call ringside.CallID, holder string, after time.Duration, want bool) {
			t.Helper()
			write(func(ctx context.Context, tx store.Tx) error {
				at := now.Add(after)
				got, err := store.ClaimFollow(ctx, tx, call, holder, at, at.Add(time.Minute))
				if got != want {
					t.Errorf("%s: claimed %t, want %t", what, got, want)
				}
				return err
			})
		}
		claim("a free call", a, "one", 0, true)
		claim("another's call", a, "two", 59*time.Second, false)
		claim("one's own again", a, "one", 30*time.Second, true)
		claim("another call", b, "two", 0, true)
		write(func(ctx context.Context, tx store.Tx) error {
			return store.KeepFollows(ctx, tx, "one", now.Add(3*time.Minute))
		})
		claim("a call that is kept", a, "two", 2*time.Minute, false)
		claim("a call that nobody kept", b, "one", 2*time.Minute, true)
		write(func(ctx context.Context, tx store.Tx) error { return store.EndFollow(ctx, tx, a, "two", now) })
		claim("a call that another gave up", a, "two", 2*time.Minute, false)
		write(func(ctx context.Context, tx store.Tx) error { return store.EndFollow(ctx, tx, a, "one", now) })
		claim("a call that was given up", a, "two", 2*time.Minute, true)
		write(func(ctx context.Context, tx store.Tx) error {
			return store.EndFollow(ctx, tx, ringside.CallID{}, "three", now.Add(48*time.Hour))
		})
		claim("a call that was forgotten", b, "three", 0, true)
		write(func(ctx context.Context, tx store.Tx) error {
			on, err := store.IsOn(ctx, tx, a)
			if on {
				t.Error("a call that is not there is on")
			}
			return err
		})
	})
}
