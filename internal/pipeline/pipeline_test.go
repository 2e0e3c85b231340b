package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/crm/custom"
	"github.com/ringsidehq/ringside/internal/crm/hubspot"
	"github.com/ringsidehq/ringside/internal/crm/salesforce"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/search"
	"github.com/ringsidehq/ringside/internal/secret"
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
	queue  *jobs.Queue
	cfg    Config
}

// newBench makes a bench on which jobs are kept and worked on by hand. What
// goes out may reach loopback.
func newBench(t *testing.T, s *store.Store) *bench {
	t.Helper()
	b := &bench{t: t, store: s}
	box, err := secret.Open(t.TempDir(), "")
	must(t, err)
	gate := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(gate.Close)
	queue := func() *jobs.Queue { return b.queue }
	public := func() string { return "https://ringside.example" }
	b.cfg = Config{
		Store: s, Ledger: func() *ledger.Ledger { return b.ledger }, Queue: queue, Secrets: box, Log: quiet, KeepInbox: 90 * 24 * time.Hour,
		Models:       &Models{Store: s, Secrets: box, HTTP: func(d time.Duration) *http.Client { return gate.Client(egress.Limits{Timeout: d, Body: 4 << 20}) }},
		Transcribers: &Transcribers{Store: s, Secrets: box, HTTP: gate.Client(egress.Limits{Timeout: time.Minute, Body: 4 << 20})},
		CRMs: &CRMs{
			Adapters: map[string]crm.Adapter{"hubspot": hubspot.New(), "salesforce": salesforce.New(), "custom": custom.New()},
			Store:    s, Secrets: box, HTTP: gate.Client(egress.Limits{Timeout: time.Minute, Body: 4 << 20}),
		},
		Webhooks:  deliver.New(deliver.Config{Store: s, Jobs: queue, Secrets: box, Egress: gate, PublicURL: public, Log: quiet}),
		PublicURL: public,
		Evaluate:  func(context.Context, store.Tx, *ringside.Call, *ringside.AgentSettings) error { return nil },
	}
	b.queue, err = jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet})
	must(t, err)
	b.ledger = ledger.New(ledger.Config{Store: s, Jobs: queueOf(b), Stamp: box.Stamp, Log: quiet})
	b.ledger.Start()
	t.Cleanup(b.ledger.Stop)
	return b
}

// queueOf gives the ledger whichever queue the bench has by then.
func queueOf(b *bench) ledger.Enqueuer { return enqueuer{b} }

type enqueuer struct{ *bench }

// Enqueue implements ledger.Enqueuer.
func (e enqueuer) Enqueue(ctx context.Context, tx store.Tx, args []river.JobArgs) error {
	return e.queue.Enqueue(ctx, tx, args)
}

// run lets the real queue work on what is enqueued from now on, and on what
// waits.
func (b *bench) run() {
	b.t.Helper()
	w := Workers(b.cfg)
	b.cfg.Webhooks.AddWorkers(w)
	var err error
	b.queue, err = jobs.New(b.t.Context(), b.store, jobs.Config{Workers: w, Log: quiet})
	must(b.t, err)
	must(b.t, b.queue.Start(context.WithoutCancel(b.t.Context())))
	b.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		must(b.t, b.queue.Stop(ctx))
	})
}

// until waits for a call to be as it should.
func (b *bench) until(id ringside.CallID, what string, ok func(*ringside.Call) bool) *ringside.Call {
	b.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c := b.call(id)
		if ok(c) {
			return c
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s: never; the steps are %+v", what, c.Pipeline)
		}
	}
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
	job := &river.Job[jobs.AnalyseCalls]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: jobs.AnalyseCalls{Calls: []jobs.CallRef{{WorkspaceID: workspace, CallID: id}}}}
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
		again := b.call(id)
		one, err := json.Marshal(first)
		must(t, err)
		two, err := json.Marshal(again.Analysis.Measured)
		must(t, err)
		if string(one) != string(two) || len(again.Findings) != 0 || b.count(`SELECT COUNT(*) FROM events`) != 2 || b.count(`SELECT COUNT(*) FROM inbox`) != 1 {
			t.Errorf("measured %s, and then %s", one, two)
		}
		if n := b.count(`SELECT COUNT(*) FROM river_job`); n != 1 {
			t.Errorf("%d jobs: an analysis asks for another", n)
		}

		mute := b.receive(0, `{"id":"mute","endedReason":"x"}`)
		b.analyse(mute)
		if c := b.call(mute); c.Analysis.Measured != nil || c.Quality.Score != nil || c.Summary.Outcome != "no_conversation" {
			t.Errorf("a call without a transcript: %+v, %+v, %+v", c.Analysis.Measured, c.Quality, c.Summary)
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
		b := newBench(t, s)
		b.run()
		id := b.receive(0, spoken)
		c := b.until(id, "analysed", func(c *ringside.Call) bool { return c.Summary != nil })
		if c.Analysis.Measured == nil || c.Sentiment == nil || c.Quality == nil || len(c.Scores) != 4 {
			t.Errorf("analysed as %+v", c)
		}
	})
}
