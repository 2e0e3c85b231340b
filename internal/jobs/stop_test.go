package jobs_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// long works until it is cancelled.
type long struct {
	river.WorkerDefaults[jobs.JudgeCall]

	began chan struct{}
	ended atomic.Bool
}

func (w *long) Work(ctx context.Context, _ *river.Job[jobs.JudgeCall]) error {
	close(w.began)
	<-ctx.Done()
	w.ended.Store(true)
	return nil
}

// A queue that has no time to stop in cancels its jobs, and is not done before
// they are: what they work with goes next.
func TestAQueueThatMustStop(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := &long{began: make(chan struct{})}
		workers := river.NewWorkers()
		river.AddWorker(workers, w)
		q, err := jobs.New(t.Context(), s, jobs.Config{Workers: workers, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		err = s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return q.Enqueue(ctx, tx, []river.JobArgs{jobs.JudgeCall{}})
		})
		if err != nil {
			t.Fatal(err)
		}
		<-w.began
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if err := q.Stop(over); err == nil {
			t.Error("jobs were cut off, and nobody is told")
		}
		if !w.ended.Load() {
			t.Error("a job goes on though the queue has stopped")
		}
	})
}
