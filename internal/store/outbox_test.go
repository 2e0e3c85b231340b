package store_test

import (
	"context"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/pgtest"
)

// A database that was loaded into another server, which has counted fewer
// transactions, goes on: its followers see what they had not, and what comes.
func TestTheOutboxOfARestoredDatabase(t *testing.T) {
	t.Parallel()
	const follower, far = "test", int64(1) << 50
	url := pgtest.URL(t)
	open := func() *store.Store {
		s, err := store.Open(t.Context(), store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
	write := func(s *store.Store, do func(context.Context, store.Tx) error) {
		t.Helper()
		if err := s.Write(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	change := func(call string, sql string, more ...any) func(context.Context, store.Tx) error {
		id := ringside.NewCallID("w", "p", call)
		return func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, sql, append([]any{id[:]}, more...)...)
			return err
		}
	}
	seen := func(s *store.Store) (calls []ringside.CallID, last store.Position) {
		t.Helper()
		err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			p, err := store.FollowerPosition(ctx, tx, follower)
			if err != nil {
				return err
			}
			rows, err := s.OutboxAfter(ctx, tx, p, 100)
			for _, r := range rows {
				calls, last = append(calls, r.Call), r.Position
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return calls, last
	}
	before := open()
	// As they were written where many more transactions had been.
	const old = `INSERT INTO outbox (workspace_id, call_id, was, tx) VALUES ('w', $1, 0, $2)`
	write(before, change("seen", old, far-1))
	advance := func(to store.Position) func(context.Context, store.Tx) error {
		return func(ctx context.Context, tx store.Tx) error {
			from, err := store.FollowerPosition(ctx, tx, follower)
			if err == nil {
				_, err = store.AdvanceFollower(ctx, tx, follower, from, to)
			}
			return err
		}
	}
	write(before, advance(store.Position{Tx: far, Seq: 1}))
	write(before, change("unseen", old, far+1))

	s := open()
	write(s, change("new", `INSERT INTO outbox (workspace_id, call_id, was) VALUES ('w', $1, 0)`))
	got, last := seen(s)
	if len(got) != 3 || got[1] != ringside.NewCallID("w", "p", "unseen") || got[2] != ringside.NewCallID("w", "p", "new") {
		t.Fatalf("the follower sees %v", got)
	}
	write(s, advance(last))
	if got, _ := seen(open()); len(got) != 0 {
		t.Errorf("a start like any other has it see %v again", got)
	}
}
