package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/search"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const workspace = "ws_test"

var quiet = slog.New(slog.DiscardHandler)

// bench is a store and a ledger, and the jobs by hand.
type bench struct {
	t      *testing.T
	store  *store.Store
	ledger *ledger.Ledger
	cfg    Config
}

func newBench(t *testing.T, s *store.Store) *bench {
	t.Helper()
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet})
	must(t, err)
	l := ledger.New(ledger.Config{Store: s, Jobs: q, Log: quiet})
	l.Start()
	t.Cleanup(l.Stop)
	cfg := Config{Store: s, Ledger: func() *ledger.Ledger { return l }, Log: quiet, KeepInbox: 90 * 24 * time.Hour}
	return &bench{t, s, l, cfg}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// receive takes a flat body in as if it had come some time ago.
func (b *bench) receive(ago time.Duration, body string) ringside.CallID {
	b.t.Helper()
	at := time.Now().UTC().Add(-ago)
	events, err := flat.Decode(provider.Payload{Body: []byte(body), ReceivedAt: at})
	must(b.t, err)
	r, err := b.ledger.Append(b.t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: events[0].Provider, Event: events[0].Name, ReceivedAt: at, Body: []byte(body), Events: events,
	})
	must(b.t, err)
	return r.CallID
}

func (b *bench) reap() { must(b.t, (&reap{cfg: b.cfg}).Work(b.t.Context(), &river.Job[jobs.Reap]{})) }

func (b *bench) sweep() {
	must(b.t, (&sweep{cfg: b.cfg}).Work(b.t.Context(), &river.Job[jobs.Sweep]{}))
}

func (b *bench) analyse(id ringside.CallID) {
	job := &river.Job[jobs.AnalyseCall]{Args: jobs.AnalyseCall{WorkspaceID: workspace, CallID: id}}
	must(b.t, (&analyse{cfg: b.cfg}).Work(b.t.Context(), job))
}

func (b *bench) call(id ringside.CallID) (c *ringside.Call) {
	b.t.Helper()
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, workspace, id)
		return err
	}))
	return c
}

func (b *bench) count(query string) (n int) {
	b.t.Helper()
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) }))
	return n
}

func (b *bench) wantStatus(id ringside.CallID, want ringside.Status) {
	b.t.Helper()
	if c := b.call(id); c.Status != want {
		b.t.Errorf("call %s is %s, want %s", c.ProviderCallID, c.Status, want)
	}
}

const limit = ringside.DefaultMaxDuration + ringside.ReapGrace

func TestReap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		stale := b.receive(limit+time.Minute, `{"id":"stale","startedAt":"2026-11-01T10:00:00Z"}`)
		fresh := b.receive(limit-time.Minute, `{"id":"fresh","startedAt":"2026-11-01T10:00:00Z"}`)
		over := b.receive(limit+time.Hour, `{"id":"over","endedAt":"2026-11-01T10:00:00Z"}`)
		long := b.receive(limit+time.Minute, `{"id":"long","startedAt":"2026-11-01T10:00:00Z","agent_id":"patient"}`)
		short := b.receive(20*time.Minute, `{"id":"short","startedAt":"2026-11-01T10:00:00Z","agent_id":"brief"}`)
		b.allow("patient", 300)
		b.allow("brief", 5)
		b.reap()
		b.wantStatus(stale, ringside.StatusUnknown)
		b.wantStatus(fresh, ringside.StatusActive)
		b.wantStatus(over, ringside.StatusCompleted)
		b.wantStatus(long, ringside.StatusActive)
		b.wantStatus(short, ringside.StatusUnknown)
		c := b.call(stale)
		if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "No end came") || c.LastEvent != "call_started" {
			t.Errorf("the evidence: %q, last event %s", c.Warnings, c.LastEvent)
		}
		if n := b.count(`SELECT COUNT(*) FROM events WHERE name = 'reaped'`); n != 2 {
			t.Errorf("%d calls were given up on, want 2", n)
		}
		before := b.count(`SELECT COUNT(*) FROM outbox`)
		b.reap() // once is enough
		if n := b.count(`SELECT COUNT(*) FROM outbox`); n != before {
			t.Errorf("a second run changed %d calls", n-before)
		}

		// A late end corrects it; so does any news of the call.
		b.receive(0, `{"id":"stale","endedAt":"2026-11-01T10:30:00Z","endedReason":"customer-hungup"}`)
		b.wantStatus(stale, ringside.StatusCompleted)
		b.receive(0, `{"id":"short","metadata":{"still":"here"}}`)
		b.wantStatus(short, ringside.StatusActive)
		b.reap()
		b.wantStatus(stale, ringside.StatusCompleted)
		b.wantStatus(short, ringside.StatusActive)
	})
}

// allow sets how long the calls of a discovered agent may last.
func (b *bench) allow(source string, minutes int) {
	b.t.Helper()
	settings, err := json.Marshal(ringside.AgentSettings{MaxDurationMinutes: &minutes})
	must(b.t, err)
	must(b.t, b.store.Write(b.t.Context(), func(ctx context.Context, tx store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE agents SET settings = $1 WHERE source_id = $2`, string(settings), source)
		if n != 1 {
			b.t.Errorf("%d agents are %s", n, source)
		}
		return err
	}))
}

// What nobody needs any more goes; what a follower has not seen, and what is
// younger than the retention, stays.
func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		old := b.receive(91*24*time.Hour, `{"id":"old","endedReason":"x"}`)
		for i := range 20 {
			b.receive(0, fmt.Sprintf(`{"id":"new%d"}`, i))
		}
		b.sweep()
		if n := b.count(`SELECT COUNT(*) FROM outbox`); n != 21 {
			t.Errorf("%d changes are left that nobody has seen, want 21", n)
		}
		if n := b.count(`SELECT COUNT(*) FROM inbox`); n != 20 {
			t.Errorf("%d bodies are left, want the 20 new ones", n)
		}
		if b.call(old).EndedReason != "x" || b.count(`SELECT COUNT(*) FROM events`) != 21 {
			t.Error("the call went with the body")
		}
		f := search.New(s, quiet)
		for deadline := time.Now().Add(20 * time.Second); b.lag() > 0; time.Sleep(5 * time.Millisecond) {
			if _, err := f.Step(t.Context()); err != nil || time.Now().After(deadline) {
				t.Fatalf("the index does not follow: %v", err)
			}
		}
		b.receive(0, `{"id":"later"}`)
		b.sweep()
		if n := b.count(`SELECT COUNT(*) FROM outbox`); n != 1 {
			t.Errorf("%d changes are left, want the one that was not seen", n)
		}
	})
}

// lag is how far the search index is behind.
func (b *bench) lag() (n int64) {
	b.t.Helper()
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		n, err = store.OutboxLag(ctx, tx, search.Name)
		return err
	}))
	return n
}

const spoken = `{"id":"a","startedAt":"2026-10-15T09:22:21.787Z","endedAt":"2026-10-15T09:24:30.229Z","messages":[
{"role":"bot","content":"Hello there","start_time":1792056142852,"end_time":1792056147842},
{"role":"user","content":"Good morning to you","start_time":1792056149392,"end_time":1792056153012},
{"role":"bot","content":"How can I help","start_time":1792056153512,"end_time":1792056156012}]}`

// The analysis of a call says the same however often it runs, and runs into
// nothing when the call has gone.
func TestAnalyse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		id := b.receive(0, spoken)
		b.analyse(id)
		first := b.call(id).Analysis.Measured
		if first == nil || first.AgentWords != 6 || first.CustomerWords != 4 || first.Responses != 1 || *first.ResponseP50MS != 500 {
			t.Fatalf("measured %+v", first)
		}
		b.analyse(id)
		one, err := json.Marshal(first)
		must(t, err)
		two, err := json.Marshal(b.call(id).Analysis.Measured)
		must(t, err)
		if string(one) != string(two) || b.count(`SELECT COUNT(*) FROM events`) != 2 || b.count(`SELECT COUNT(*) FROM inbox`) != 1 {
			t.Errorf("measured %s, and then %s", one, two)
		}
		if n := b.count(`SELECT COUNT(*) FROM river_job`); n != 1 {
			t.Errorf("%d jobs: an analysis asks for another", n)
		}

		mute := b.receive(0, `{"id":"mute","endedReason":"x"}`)
		b.analyse(mute)
		if b.call(mute).Analysis.Measured != nil {
			t.Error("a call without a transcript was measured")
		}
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, id) }))
		b.analyse(id)
		if n := b.count(`SELECT COUNT(*) FROM calls`); n != 1 {
			t.Errorf("%d calls: the analysis of a deleted one brought it back", n)
		}
	})
}

// The queue works on the job that the end of a call enqueues.
func TestTheQueueAnalysesWhatHasEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var l *ledger.Ledger
		cfg := Config{Store: s, Ledger: func() *ledger.Ledger { return l }, Log: quiet, KeepInbox: time.Hour}
		q, err := jobs.New(t.Context(), s, jobs.Config{Workers: Workers(cfg), Log: quiet})
		must(t, err)
		l = ledger.New(ledger.Config{Store: s, Jobs: q, Log: quiet})
		l.Start()
		t.Cleanup(l.Stop)
		must(t, q.Start(context.WithoutCancel(t.Context())))
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			must(t, q.Stop(ctx))
		})
		b := &bench{t, s, l, cfg}
		id := b.receive(0, spoken)
		for deadline := time.Now().Add(30 * time.Second); b.call(id).Analysis.Measured == nil; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the call was not analysed")
			}
		}
	})
}

// Outgoing deliveries go with their attempts after 30 days.
func TestSweepRemovesOldWebhooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		call := b.receive(0, `{"id":"a"}`)
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			for i, age := range []time.Duration{31 * 24 * time.Hour, 30*24*time.Hour + time.Minute, 29 * 24 * time.Hour, 0} {
				at := time.Now().Add(-age)
				d := &store.WebhookDelivery{ID: fmt.Sprint("msg", i), Workspace: workspace, Target: "endpoint:x", CallID: call, Event: "call_ended", CreatedAt: at, Due: at}
				if _, _, err := store.InsertWebhookDelivery(ctx, tx, d); err != nil {
					return err
				}
				d, err := store.WebhookDeliveryByID(ctx, tx, workspace, d.ID)
				if err != nil {
					return err
				}
				d.Status = store.WebhookDelivered
				if _, err := store.SettleWebhook(ctx, tx, d, &store.WebhookAttempt{At: at, Status: 200}); err != nil {
					return err
				}
			}
			return nil
		}))
		b.sweep()
		if deliveries, attempts := b.count(`SELECT COUNT(*) FROM webhook_deliveries`), b.count(`SELECT COUNT(*) FROM webhook_attempts`); deliveries != 2 || attempts != 2 {
			t.Errorf("%d deliveries and %d attempts are left, want the 2 young ones", deliveries, attempts)
		}
	})
}
