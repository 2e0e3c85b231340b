package deliver

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	workspace = "ws_test"
	publicURL = "https://ringside.example.com"
)

// testSecret signs what the tests deliver.
const testSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// bench is a sender on a real store, with the jobs by hand and a clock that
// stands until it is moved.
type bench struct {
	*testing.T
	store  *store.Store
	sender *Sender
	ledger *ledger.Ledger
	log    *logBuffer

	mu  sync.Mutex
	now time.Time // guarded by mu
}

// logBuffer keeps what is logged.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer // guarded by mu
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newBench(t *testing.T, s *store.Store) *bench {
	t.Helper()
	b := &bench{T: t, store: s, log: &logBuffer{}, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	log := slog.New(slog.NewJSONHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: slog.New(slog.DiscardHandler)})
	b.must(err)
	box, err := secret.Open(t.TempDir(), "")
	b.must(err)
	gate := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(gate.Close)
	b.sender = New(Config{
		Store: s, Jobs: func() *jobs.Queue { return q }, Secrets: box, Egress: gate, PublicURL: func() string { return publicURL }, Log: log, Now: b.clock,
	})
	b.ledger = ledger.New(ledger.Config{Store: s, Jobs: q, Log: log})
	b.ledger.Start()
	t.Cleanup(b.ledger.Stop)
	return b
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *bench) write(fn func(context.Context, store.Tx) error) {
	b.Helper()
	b.must(b.store.Write(b.Context(), fn))
}

// call takes a call in and gives it as the store has it.
func (b *bench) call(id string) (c *ringside.Call) {
	b.Helper()
	body := `{"id":"` + id + `","agent_id":"their-agent","startedAt":"2026-11-20T08:58:00Z","endedAt":"2026-11-20T08:59:00Z","messages":[{"role":"user","content":"hello"}]}`
	events, err := flat.Decode(provider.Payload{Body: []byte(body), ReceivedAt: b.clock()})
	b.must(err)
	r, err := b.ledger.Append(b.Context(), ledger.Envelope{
		Workspace: workspace, Provider: events[0].Provider, Event: "call", ReceivedAt: b.clock(), Body: []byte(body), Events: events,
	})
	b.must(err)
	b.must(b.store.Read(b.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, workspace, r.CallID)
		return err
	}))
	return c
}

// endpoint makes an endpoint; change is applied before it is kept.
func (b *bench) endpoint(url string, change func(*store.WebhookEndpoint)) *store.WebhookEndpoint {
	b.Helper()
	e := &store.WebhookEndpoint{
		ID: ringside.NewID("whe", b.clock()), Workspace: workspace, URL: url, MaxRetries: DefaultRetries, Timeout: DefaultTimeout,
		CreatedAt: b.clock(), UpdatedAt: b.clock(),
	}
	e.Secret = b.sender.cfg.Secrets.Seal(SecretPurpose(e.ID), []byte(testSecret))
	if change != nil {
		change(e)
	}
	b.write(func(ctx context.Context, tx store.Tx) error { return store.InsertWebhookEndpoint(ctx, tx, e) })
	return e
}

// settings sets an agent's settings and secrets.
func (b *bench) settings(agent string, set ringside.AgentSettings, sec ringside.AgentSecrets) {
	b.Helper()
	b.write(func(ctx context.Context, tx store.Tx) error {
		a, err := store.Agent(ctx, tx, workspace, agent)
		if err != nil {
			return err
		}
		a.Settings = set
		if err := a.SealSecrets(b.sender.cfg.Secrets, sec); err != nil {
			return err
		}
		return store.UpdateAgent(ctx, tx, workspace, a)
	})
}

func (b *bench) plan(e Event) (n int) {
	b.Helper()
	b.write(func(ctx context.Context, tx store.Tx) (err error) {
		n, err = b.sender.Plan(ctx, tx, e)
		return err
	})
	return n
}

// ended is the event of a call's end.
func (b *bench) ended(c *ringside.Call) Event {
	return Event{Name: "call_ended", At: *c.EndedAt, Call: c}
}

// jobs lists the deliveries that have a job, in the order of the jobs.
func (b *bench) jobs() (ids []string) {
	b.Helper()
	args := `json(args)` // SQLite keeps it in a binary form
	if b.store.Engine == store.Postgres {
		args = `args::text`
	}
	b.must(b.store.Read(b.Context(), func(ctx context.Context, tx store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+args+` FROM river_job WHERE kind = 'send_webhook' ORDER BY id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var raw string
			var args jobs.SendWebhook
			if err := rows.Scan(&raw); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(raw), &args); err != nil {
				return err
			}
			ids = append(ids, args.DeliveryID)
		}
		return rows.Err()
	}))
	return ids
}

func (b *bench) work(id string) time.Duration {
	b.Helper()
	wait, err := b.sender.work(b.Context(), id)
	b.must(err)
	return wait
}

func (b *bench) delivery(id string) (d *store.WebhookDelivery) {
	b.Helper()
	b.must(b.store.Read(b.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		d, err = store.WebhookDeliveryByID(ctx, tx, workspace, id)
		return err
	}))
	return d
}

// only gives the one delivery that is there.
func (b *bench) only() *store.WebhookDelivery {
	b.Helper()
	all := b.list(store.WebhookFilter{})
	if len(all) != 1 {
		b.Fatalf("%d deliveries are there, want one", len(all))
	}
	return all[0]
}

func (b *bench) list(f store.WebhookFilter) (all []*store.WebhookDelivery) {
	b.Helper()
	f.Workspace, f.Limit = workspace, 1000
	b.must(b.store.Read(b.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		all, err = store.WebhookDeliveries(ctx, tx, f)
		return err
	}))
	return all
}

// want checks what has become of a delivery.
func (b *bench) want(id string, status store.WebhookStatus, attempts int) *store.WebhookDelivery {
	b.Helper()
	d := b.delivery(id)
	if d.Status != status || d.Attempts != attempts {
		b.Fatalf("%s is %s after %d attempts (%+v), want %s after %d", d.Event, d.Status, d.Attempts, d.Last, status, attempts)
	}
	return d
}

// receiver is a user's system. It answers as it is told and keeps what came.
type testReceiver struct {
	*httptest.Server

	mu   sync.Mutex
	came []arrival // guarded by mu
}

type arrival struct {
	header http.Header
	body   []byte
}

func receive(t *testing.T, answer http.HandlerFunc) *testReceiver {
	t.Helper()
	r := &testReceiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		r.came = append(r.came, arrival{req.Header.Clone(), body})
		r.mu.Unlock()
		if answer != nil {
			answer(w, req)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *testReceiver) arrivals() []arrival {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]arrival{}, r.came...)
}

// status answers with a status.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}
