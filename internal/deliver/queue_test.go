package deliver

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// run starts the real queue on the bench's store, with the real time.
func (b *bench) run() {
	b.Helper()
	var q *jobs.Queue
	b.sender.cfg.Jobs = func() *jobs.Queue { return q }
	b.pass(time.Until(b.clock()))
	b.sender.cfg.Now = time.Now
	b.sender.hosts = newHosts(time.Now)
	w := river.NewWorkers()
	river.AddWorker(w, &idle[jobs.AnalyseCalls]{})
	river.AddWorker(w, &idle[jobs.Reap]{})
	river.AddWorker(w, &idle[jobs.Sweep]{})
	b.sender.AddWorkers(w)
	q, err := jobs.New(b.Context(), b.store, jobs.Config{Workers: w, Log: slog.New(slog.DiscardHandler)})
	b.must(err)
	b.must(q.Start(context.WithoutCancel(b.Context())))
	b.Cleanup(func() {
		if err := q.Stop(context.WithoutCancel(b.Context())); err != nil {
			b.Error(err)
		}
	})
}

// idle does nothing: those jobs are others'.
type idle[T river.JobArgs] struct{ river.WorkerDefaults[T] }

func (*idle[T]) Work(context.Context, *river.Job[T]) error { return nil }

// One receiver hangs for as long as the other has not had everything: nothing
// of the other's waits for it.
func TestAHangingReceiverDelaysNobodyElse(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		const calls = jobs.WebhookWorkers + 4 // more than the queue has places
		release := make(chan struct{})
		var busy, most atomic.Int32
		stuck := receive(t, func(_ http.ResponseWriter, r *http.Request) {
			now := busy.Add(1)
			defer busy.Add(-1)
			for was := most.Load(); now > was && !most.CompareAndSwap(was, now); was = most.Load() {
			}
			select {
			case <-release:
			case <-r.Context().Done():
			}
		})
		arrived := make(chan struct{}, calls)
		good := receive(t, func(http.ResponseWriter, *http.Request) { arrived <- struct{}{} })
		b.endpoint(stuck.URL, func(e *store.WebhookEndpoint) { e.Timeout = MaxTimeout })
		e := b.endpoint(good.URL, nil)
		for i := range calls {
			b.plan(b.ended(b.call(fmt.Sprint("call", i))))
		}
		b.run()
		for range calls {
			<-arrived
		}
		// On a slow machine some are given up meanwhile, and the receiver notices
		// that only after the next have come.
		if n := most.Load(); n == 0 || n > 2*perHost {
			t.Errorf("%d requests were at the receiver that hangs", n)
		}
		close(release)
		for _, d := range b.list(store.WebhookFilter{Target: store.EndpointTarget(e.ID)}) {
			if d.Attempts > 1 {
				t.Errorf("%s was sent %d times", d.ID, d.Attempts)
			}
		}
	})
}

// Whoever plans and whoever settles at the same time: no delivery is left
// without a job, and each call's arrive in the order in which they were
// planned.
func TestNoDeliveryIsStranded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		const messages, workers = 40, 4
		r := receive(t, nil)
		b.endpoint(r.URL, nil)
		c := b.call("a")
		var planning, working sync.WaitGroup
		planned := make(chan struct{})
		planning.Go(func() {
			for i := range messages {
				b.plan(Event{Name: "call_analyzed", At: b.clock(), Call: c, Key: fmt.Sprint(i)})
			}
		})
		for range workers {
			working.Go(func() { b.drain(planned) })
		}
		planning.Wait()
		close(planned)
		working.Wait()
		if left := b.jobs(); len(left) > 0 {
			t.Errorf("%d jobs are left", len(left))
		}
		var want, got []string
		for _, d := range slices.Backward(b.list(store.WebhookFilter{})) {
			want = append(want, d.ID)
			if d.Status != store.WebhookDelivered || d.Attempts != 1 {
				t.Errorf("%s is %s after %d attempts", d.ID, d.Status, d.Attempts)
			}
		}
		for _, a := range r.arrivals() {
			got = append(got, a.header.Get("webhook-id"))
		}
		if len(want) != messages || !slices.Equal(got, want) {
			t.Errorf("%d arrived of %d, in another order", len(got), len(want))
		}
	})
}

// drain works on jobs as the queue does, taking each once, until all is
// planned and none is left.
func (b *bench) drain(planned <-chan struct{}) {
	for deadline := time.Now().Add(20 * time.Second); ; {
		if time.Now().After(deadline) {
			b.Error("deliveries wait and no job is there for them")
			return
		}
		last := false
		select {
		case <-planned:
			last = true
		default:
		}
		id := b.take()
		if id == "" && last && len(b.list(store.WebhookFilter{Status: store.WebhookWaiting})) == 0 {
			return
		}
		if id != "" {
			for wait := b.work(id); wait > 0; wait = b.work(id) {
				time.Sleep(time.Millisecond) // it is on its way by another job
			}
		}
	}
}

// take takes a job out of the queue; empty when there is none.
func (b *bench) take() (id string) {
	for _, id := range b.jobs() {
		taken := int64(0)
		b.write(func(ctx context.Context, tx store.Tx) (err error) {
			args := `json_extract(args, '$.delivery_id')`
			if b.store.Engine == store.Postgres {
				args = `args->>'delivery_id'`
			}
			taken, err = tx.Exec(ctx, `DELETE FROM river_job WHERE id = (SELECT MIN(id) FROM river_job WHERE kind = 'send_webhook' AND `+args+` = $1)`, id)
			return err
		})
		if taken == 1 {
			return id
		}
	}
	return ""
}

// With several planners at once the order is whichever was first; still none
// is stranded and none arrives twice.
func TestPlannersAtTheSameTime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		const planners, messages = 4, 10
		r := receive(t, nil)
		b.endpoint(r.URL, nil)
		c := b.call("a")
		var planning, working sync.WaitGroup
		planned := make(chan struct{})
		for p := range planners {
			planning.Go(func() {
				for i := range messages {
					e := Event{Name: "call_analyzed", At: b.clock(), Call: c, Key: fmt.Sprint(p%2, i)} // each by two planners
					if _, err := b.tryPlan(e); err != nil {
						t.Error(err)
					}
				}
			})
		}
		working.Go(func() { b.drain(planned) })
		planning.Wait()
		close(planned)
		working.Wait()
		ids := map[string]bool{}
		for _, a := range r.arrivals() {
			ids[a.header.Get("webhook-id")] = true
		}
		if len(ids) != planners/2*messages || len(r.arrivals()) != len(ids) {
			t.Errorf("%d requests with %d ids, want %d", len(r.arrivals()), len(ids), planners/2*messages)
		}
	})
}

// tryPlan plans, again when another transaction was in the way.
func (b *bench) tryPlan(e Event) (n int, err error) {
	for range 5 {
		err = b.store.Write(b.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			n, err = b.sender.Plan(ctx, tx, e)
			return err
		})
		if !store.Contended(err) {
			return n, err
		}
	}
	return n, err
}
