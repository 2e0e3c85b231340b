package jobs_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A job of which there may be one at a time is enqueued again without harm to
// those beside it.
func TestWhatWaitsAlreadyIsEnqueuedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		step := jobs.KeepInStep{WorkspaceID: "w", SourceID: "a"}
		for range 2 {
			err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				return q.Enqueue(ctx, tx, []river.JobArgs{jobs.Reconcile{}, step, jobs.KeepInStep{WorkspaceID: "w", SourceID: "b"}, step})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for kind, want := range map[string]int{"keep_in_step": 2, "reconcile": 2} {
			var n int
			err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
				return tx.QueryRow(ctx, `SELECT COUNT(*) FROM river_job WHERE kind = $1`, kind).Scan(&n)
			})
			if err != nil || n != want {
				t.Errorf("%d jobs %s, want %d, %v", n, kind, want, err)
			}
		}
	})
}
