package jobs_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// vain finds every place taken, a few times.
type vain struct {
	river.WorkerDefaults[jobs.JudgeCall]

	pauses chan time.Duration
}

func (w *vain) Work(_ context.Context, job *river.Job[jobs.JudgeCall]) error {
	pause := jobs.Soon(job.JobRow)
	w.pauses <- pause
	if pause == time.Minute {
		return nil
	}
	return river.JobSnooze(time.Millisecond)
}

// A job that comes in vain comes ever later, as River counts it, up to a
// minute.
func TestSoon(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := &vain{pauses: make(chan time.Duration)}
		workers := river.NewWorkers()
		river.AddWorker(workers, w)
		q, err := jobs.New(t.Context(), s, jobs.Config{Workers: workers, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			if err := q.Stop(ctx); err != nil {
				t.Error(err)
			}
		})
		err = s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return q.Enqueue(ctx, tx, []river.JobArgs{jobs.JudgeCall{}})
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []time.Duration
		for len(got) == 0 || got[len(got)-1] < time.Minute {
			select {
			case pause := <-w.pauses:
				got = append(got, pause)
			case <-time.After(30 * time.Second):
				t.Fatalf("it comes no more, after %v", got)
			}
		}
		if want := []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute}; !slices.Equal(got, want) {
			t.Errorf("it comes again in %v, want %v", got, want)
		}
	})
}
