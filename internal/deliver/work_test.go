package deliver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func TestADeliveryArrives(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		r := receive(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "thanks\x00\xff") })
		b.endpoint(r.URL+"/hook?token=hush", nil)
		b.plan(b.ended(b.call("a")))
		d := b.only()
		job := &river.Job[jobs.SendWebhook]{Args: jobs.SendWebhook{DeliveryID: d.ID}}
		b.must((&worker{sender: b.sender}).Work(t.Context(), job))
		b.must((&worker{sender: b.sender}).Work(t.Context(), job)) // a second time there is nothing to do
		came := r.arrivals()
		if len(came) != 1 {
			t.Fatalf("%d requests came", len(came))
		}
		h := came[0].header
		if h.Get("Content-Type") != "application/json" || h.Get("X-Event-Type") != "call_ended" || h.Get("webhook-id") != d.ID || !strings.HasPrefix(h.Get("X-Webhook-Signature"), "sha256=") {
			t.Errorf("%v", h)
		}
		w, err := standard.NewWebhook(testSecret)
		b.must(err)
		if err := w.VerifyIgnoringTimestamp(came[0].body, h); err != nil {
			t.Error(err)
		}
		d = b.want(d.ID, store.WebhookDelivered, 1)
		if d.NextAttemptAt != nil || d.Last.Status != 200 || d.Last.Response != "thanks\uFFFD" || d.Last.Error != "" || !d.Last.At.Equal(b.clock()) || d.Last.Host != strings.TrimPrefix(r.URL, "http://") {
			t.Errorf("%+v", d.Last)
		}
	})
}

// What receivers do wrong, and what becomes of the delivery.
func TestReceiversThatFail(t *testing.T) {
	cases := []struct {
		name    string
		answer  http.HandlerFunc
		status  store.WebhookStatus
		code    int
		says    string
		atLeast time.Duration
	}{
		{"500", status(500), store.WebhookFailed, 500, "answered 500", 5 * time.Second},
		{"404", status(404), store.WebhookFailed, 404, "answered 404", 5 * time.Second},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, store.WebhookFailed, 0, "no answer in time", 5 * time.Second},
		{"resets the connection", func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				c.Close()
			}
		}, store.WebhookFailed, 0, "the connection was closed before an answer came", 5 * time.Second},
		{"redirects to a private address", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		}, store.WebhookFailed, 302, "redirects are not followed", 5 * time.Second},
		{"asks to slow down", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		}, store.WebhookFailed, 429, "answered 429", time.Hour},
		{"is away until a time", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "Fri, 20 Nov 2026 11:00:00 GMT")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, store.WebhookFailed, 503, "answered 503", 2 * time.Hour},
		{"asks for a year", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "31536000")
			w.WriteHeader(http.StatusTooManyRequests)
		}, store.WebhookFailed, 429, "answered 429", maxPause},
		{"is gone", status(http.StatusGone), store.WebhookDead, 410, "wants nothing more", 0},
	}
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		c := b.call("a")
		for _, tc := range cases {
			r := receive(t, tc.answer)
			e := b.endpoint(r.URL, func(e *store.WebhookEndpoint) { e.Timeout, e.Events = 500*time.Millisecond, []string{"call_ended"} })
			b.plan(b.ended(c))
			d := b.list(store.WebhookFilter{Target: store.EndpointTarget(e.ID)})[0]
			wait := b.work(d.ID)
			d = b.want(d.ID, tc.status, 1)
			if d.Last.Status != tc.code || !strings.Contains(d.Last.Error, tc.says) {
				t.Errorf("%s: %+v", tc.name, d.Last)
			}
			if wait < tc.atLeast || wait > tc.atLeast*6/5 || tc.atLeast > 0 && !d.NextAttemptAt.Equal(b.clock().Add(wait).Truncate(time.Millisecond)) {
				t.Errorf("%s: comes back after %s, at %v", tc.name, wait, d.NextAttemptAt)
			}
			if tc.atLeast > time.Second {
				if again := b.work(d.ID); again <= 0 || again > wait || len(r.arrivals()) != 1 {
					t.Errorf("%s: a job that comes early sends %d times and waits %s", tc.name, len(r.arrivals()), again)
				}
			}
		}
	})
}

// Retries carry the same id and body and a new time, at longer and longer
// pauses, until they are spent.
func TestRetriesAreBoundedAndKeepTheirID(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		r := receive(t, status(500))
		e := b.endpoint(r.URL, func(e *store.WebhookEndpoint) { e.MaxRetries = 3 })
		b.plan(b.ended(b.call("a")))
		id := b.only().ID
		var waits []time.Duration
		for wait := b.work(id); wait > 0; wait = b.work(id) {
			waits = append(waits, wait)
			b.pass(wait)
		}
		if len(waits) != 3 {
			t.Fatalf("%d retries after %v", len(waits), waits)
		}
		for i, least := range []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute} {
			if waits[i] < least || waits[i] > least*6/5 {
				t.Errorf("pause %d is %s, want about %s", i+1, waits[i], least)
			}
		}
		d := b.want(id, store.WebhookDead, 4)
		if d.NextAttemptAt != nil {
			t.Errorf("a dead one is to be tried at %v", d.NextAttemptAt)
		}
		came := r.arrivals()
		times := map[string]bool{}
		for _, a := range came {
			times[a.header.Get("webhook-timestamp")] = true
			if a.header.Get("webhook-id") != id || string(a.body) != string(came[0].body) {
				t.Errorf("another id or body: %v", a.header)
			}
		}
		if len(came) != 4 || len(times) != 4 {
			t.Errorf("%d requests at %d times", len(came), len(times))
		}
		var tries []*store.WebhookAttempt
		b.must(b.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			tries, err = store.WebhookAttempts(ctx, tx, d)
			return err
		}))
		if len(tries) != 4 || tries[0].Number != 1 || tries[3].Number != 4 || !tries[3].At.After(tries[2].At) {
			t.Errorf("%d attempts are kept: %+v", len(tries), tries)
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			traffic, err := store.WebhookTrafficOf(ctx, tx, store.EndpointTarget(e.ID))
			if traffic.Dead != 1 || traffic.Delivered != 0 || traffic.Open != 0 || traffic.LastDeliveryAt == nil {
				t.Errorf("%+v", traffic)
			}
			return err
		})
	})
}

func TestPauses(t *testing.T) {
	t.Parallel()
	for n, least := range []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour, 24 * time.Hour} {
		if got := pause(n+1, 0); got < least || got > least*6/5 {
			t.Errorf("after %d failures %s, want about %s", n+1, got, least)
		}
	}
}

// 410 switches an endpoint off with its reason. What waits for it is given up,
// nothing new is planned, and with another URL it is on again.
func TestGoneSwitchesTheTargetOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		r := receive(t, status(http.StatusGone))
		e := b.endpoint(r.URL, nil)
		c := b.call("a")
		b.settings(c.Agent.ID, ringside.AgentSettings{WebhookURL: r.URL + "/own"}, ringside.AgentSecrets{})
		other := b.call("b")
		for _, call := range []*ringside.Call{c, other} {
			b.plan(b.ended(call))
		}
		for _, id := range b.jobs() {
			b.work(id)
		}
		if n := len(r.arrivals()); n != 2 {
			t.Errorf("%d requests went to the two targets that said no", n)
		}
		for _, d := range b.list(store.WebhookFilter{Call: other.ID}) {
			if d.Status != store.WebhookDead || d.Attempts != 0 || d.Reason != "switched off: the receiver answered 410 Gone" {
				t.Errorf("%+v", d)
			}
		}
		if n := b.plan(b.ended(b.call("c"))); n != 0 {
			t.Errorf("%d deliveries are planned for targets that are off", n)
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			row, err := store.WebhookEndpointByID(ctx, tx, workspace, e.ID)
			if row.Stop == nil || row.Stop.Reason != "the receiver answered 410 Gone" {
				t.Errorf("%+v", row.Stop)
			}
			row.URL += "/new"
			if err == nil {
				err = store.UpdateWebhookEndpoint(ctx, tx, row)
			}
			return err
		})
		if n := b.plan(b.ended(b.call("c"))); n != 1 {
			t.Errorf("%d deliveries are planned for the new URL", n)
		}
	})
}

// Of two events of a call, the later waits until the earlier is settled, one
// way or the other; other calls and other targets go on.
func TestOrderWithinACall(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		code := 500
		r := receive(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
		b.endpoint(r.URL, func(e *store.WebhookEndpoint) { e.MaxRetries = 1 })
		c, other := b.call("a"), b.call("b")
		b.plan(Event{Name: "call_started", At: *c.StartedAt, Call: c})
		b.plan(b.ended(c))
		b.plan(b.ended(other))
		id := func(event string, c *ringside.Call) string {
			return b.list(store.WebhookFilter{Event: event, Call: c.ID})[0].ID
		}
		started, ended := id("call_started", c), id("call_ended", c)
		if got := b.jobs(); len(got) != 2 || got[0] != started {
			t.Fatalf("jobs %q", got)
		}
		wait := b.work(started)
		if b.work(ended) != 0 || len(r.arrivals()) != 1 {
			t.Error("the second event of a call overtakes the first")
		}
		code = 200
		b.work(id("call_ended", other))
		b.want(id("call_ended", other), store.WebhookDelivered, 1)
		b.plan(Event{Name: "call_analyzed", At: b.clock(), Call: c})
		analyzed := id("call_analyzed", c)
		if got := b.jobs(); len(got) != 2 {
			t.Errorf("jobs %q", got)
		}
		code = 500
		b.pass(wait)
		b.work(started) // dead now: the next one's turn
		b.want(started, store.WebhookDead, 2)
		if got := b.jobs(); len(got) != 3 || got[2] != ended {
			t.Fatalf("jobs %q, want one more for %s", got, ended)
		}
		code = 200
		b.work(ended)
		if got := b.jobs(); len(got) != 4 || got[3] != analyzed {
			t.Fatalf("jobs %q, want one more for %s", got, analyzed)
		}
		b.work(analyzed)
		b.want(analyzed, store.WebhookDelivered, 1)
		if len(b.jobs()) != 4 {
			t.Errorf("jobs %q after the last", b.jobs())
		}
	})
}

// A process that dies after the answer and before its record sends again, and
// the receiver knows by the id that it has had it.
func TestACrashBeforeTheRecordSendsAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		r := receive(t, nil)
		b.endpoint(r.URL, nil)
		b.plan(b.ended(b.call("a")))
		d, to, err := b.sender.load(t.Context(), b.only().ID)
		b.must(err)
		if a, _ := b.sender.post(t.Context(), to, letter{d.ID, d.Event, d.Payload}); a.Error != "" {
			t.Fatal(a.Error)
		}
		b.want(d.ID, store.WebhookWaiting, 0)
		b.work(d.ID)
		b.want(d.ID, store.WebhookDelivered, 1)
		came := r.arrivals()
		if len(came) != 2 || came[0].header.Get("webhook-id") != came[1].header.Get("webhook-id") || string(came[0].body) != string(came[1].body) {
			t.Errorf("%d requests: %v", len(came), came)
		}
	})
}

// Two jobs for one delivery record one attempt.
func TestARecordThatComesLateChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.endpoint(receive(t, nil).URL, nil)
		b.plan(b.ended(b.call("a")))
		late, to, err := b.sender.load(t.Context(), b.only().ID)
		b.must(err)
		b.work(late.ID)
		if _, err := b.sender.conclude(t.Context(), late, to, &store.WebhookAttempt{At: b.clock(), Error: "x"}, 0); err != nil {
			t.Error(err)
		}
		b.want(late.ID, store.WebhookDelivered, 1)
		if n := b.count(`SELECT COUNT(*) FROM webhook_attempts`); n != 1 {
			t.Errorf("%d attempts are kept", n)
		}
	})
}

// A request that is cut off because the program stops is no attempt.
func TestAStopIsNoAttempt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		ctx, stop := context.WithCancel(t.Context())
		b.endpoint(receive(t, func(_ http.ResponseWriter, r *http.Request) { stop(); <-r.Context().Done() }).URL, nil)
		b.plan(b.ended(b.call("a")))
		id := b.only().ID
		if _, err := b.sender.work(ctx, id); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		b.want(id, store.WebhookWaiting, 0)
	})
}

// Where nothing can be sent to, the delivery is dead and says why.
func TestTargetsThatAreGone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		c := b.call("a")
		e := b.endpoint("https://10.0.0.1/", nil)
		b.settings(c.Agent.ID, ringside.AgentSettings{WebhookURL: "https://10.0.0.1/own"}, ringside.AgentSecrets{})
		b.plan(b.ended(c))
		b.settings(c.Agent.ID, ringside.AgentSettings{}, ringside.AgentSecrets{})
		b.write(func(ctx context.Context, tx store.Tx) error {
			_, err := store.DeleteWebhookEndpoint(ctx, tx, workspace, e.ID)
			return err
		})
		for _, id := range b.jobs() {
			b.work(id)
		}
		reasons := map[string]bool{}
		for _, d := range b.list(store.WebhookFilter{Status: store.WebhookDead}) {
			reasons[d.Reason] = true
		}
		if !reasons["the endpoint was deleted"] || !reasons["the agent has no such webhook any more"] {
			t.Errorf("%v", reasons)
		}
	})
}

// A body that should be signed is not sent unsigned because the sealing key
// was lost.
func TestNothingGoesUnsignedForWantOfTheKey(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		r := receive(t, nil)
		b.endpoint(r.URL, nil)
		b.plan(b.ended(b.call("a")))
		box, err := secret.Open(t.TempDir(), "")
		b.must(err)
		b.sender.cfg.Secrets = box
		id := b.only().ID
		b.work(id)
		if d := b.want(id, store.WebhookFailed, 1); len(r.arrivals()) > 0 || !strings.Contains(d.Last.Error, "secret") {
			t.Errorf("%d requests, %+v", len(r.arrivals()), d.Last)
		}
	})
}

// The agent's secret goes with webhookUrl. Another address on the same host is
// signed for, one elsewhere is not.
func TestAgentsSecretsStayWithTheirHost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		own, elsewhere := receive(t, status(500)), receive(t, nil)
		c := b.call("a")
		b.settings(c.Agent.ID, ringside.AgentSettings{
			WebhookURL: own.URL + "/hook", SpeedToLeadWebhookURL: own.URL + "/speed", KnowledgeGapWebhookURL: elsewhere.URL, WebhookRetryCount: new(0),
		}, ringside.AgentSecrets{WebhookSecret: testSecret, CRMAPIKey: "crm-key"})
		b.plan(b.ended(c))
		b.write(func(ctx context.Context, tx store.Tx) error {
			for _, which := range []string{store.WebhookSpeedToLead, store.WebhookKnowledgeGap} {
				if _, err := b.sender.PlanTarget(ctx, tx, which, Event{Name: which, At: b.clock(), Call: c}, nil); err != nil {
					return err
				}
			}
			return nil
		})
		for _, id := range b.jobs() {
			b.work(id)
		}
		w, err := standard.NewWebhook(testSecret)
		b.must(err)
		for _, a := range own.arrivals() {
			if err := w.VerifyIgnoringTimestamp(a.body, a.header); err != nil {
				t.Error(err)
			}
		}
		came := elsewhere.arrivals()
		if len(own.arrivals()) != 2 || len(came) != 1 || came[0].header.Get("webhook-signature") != "" || came[0].header.Get("X-Webhook-Signature") != "" {
			t.Errorf("%d requests to the host of webhookUrl, elsewhere %+v", len(own.arrivals()), came)
		}
		if n := len(b.list(store.WebhookFilter{Status: store.WebhookDead})); n != 2 {
			t.Errorf("%d are dead; with no retries one attempt is all", n)
		}
	})
}

// Whoever sends again while the last attempt is on its way gets all the retries.
func TestResendDuringAnAttempt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		var id string
		again := true
		r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
			if again {
				b.write(func(ctx context.Context, tx store.Tx) error {
					_, err := b.sender.Resend(ctx, tx, workspace, id)
					return err
				})
			}
			w.WriteHeader(http.StatusInternalServerError)
		})
		b.endpoint(r.URL, func(e *store.WebhookEndpoint) { e.MaxRetries = 0 })
		b.plan(b.ended(b.call("a")))
		id = b.only().ID
		b.work(id)
		if d := b.delivery(id); d.Status != store.WebhookWaiting || d.Attempts != 1 || d.Base != 1 {
			t.Errorf("after the attempt it is %s, %d attempts from %d", d.Status, d.Attempts, d.Base)
		}
		again = false
		b.work(id)
		if d := b.delivery(id); d.Status != store.WebhookDead || d.Attempts != 2 {
			t.Errorf("after the next it is %s, %d attempts", d.Status, d.Attempts)
		}
	})
}

// A target that is gone keeps the others of a call from nothing.
func TestResendCall(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		c := b.call("a")
		r := receive(t, status(http.StatusInternalServerError))
		gone := b.endpoint(r.URL+"/gone", func(e *store.WebhookEndpoint) { e.MaxRetries = 0 })
		there := b.endpoint(r.URL, func(e *store.WebhookEndpoint) { e.MaxRetries = 0 })
		b.plan(b.ended(c))
		for _, id := range b.jobs() {
			b.work(id)
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			_, err := store.DeleteWebhookEndpoint(ctx, tx, workspace, gone.ID)
			return err
		})
		resend := func() error {
			return s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return b.sender.ResendCall(ctx, tx, workspace, c.ID) })
		}
		if err := resend(); err != nil {
			t.Fatal(err)
		}
		for _, d := range b.list(store.WebhookFilter{}) {
			want := store.WebhookDead
			if d.EndpointID == there.ID {
				want = store.WebhookWaiting
			}
			if d.Status != want {
				t.Errorf("what goes to %s is %s, want %s", d.Target, d.Status, want)
			}
		}
		if err := resend(); ringside.KindOf(err) != ringside.Conflict {
			t.Errorf("with nowhere left to send to: %v", err)
		}
	})
}

func TestResend(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		code := 500
		r := receive(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
		e := b.endpoint(r.URL, func(e *store.WebhookEndpoint) { e.MaxRetries = 1 })
		b.plan(b.ended(b.call("a")))
		id := b.only().ID
		resend := func() (d *store.WebhookDelivery, err error) {
			err = b.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				d, err = b.sender.Resend(ctx, tx, workspace, id)
				return err
			})
			return d, err
		}
		b.pass(b.work(id))
		b.work(id)
		b.want(id, store.WebhookDead, 2)
		d, err := resend()
		if err != nil || d.Status != store.WebhookWaiting || d.NextAttemptAt == nil || len(b.jobs()) != 2 {
			t.Fatalf("%+v, %v", d, err)
		}
		b.pass(b.work(id)) // fails: it has its retries again
		b.want(id, store.WebhookFailed, 3)
		code = 200
		b.work(id)
		b.want(id, store.WebhookDelivered, 4)
		_, err = resend() // again, though it arrived
		b.must(err)
		b.work(id)
		b.want(id, store.WebhookDelivered, 5)
		ids := map[string]bool{}
		for _, a := range r.arrivals() {
			ids[a.header.Get("webhook-id")] = true
		}
		if len(ids) != 1 || len(r.arrivals()) != 5 {
			t.Errorf("%d requests under %d ids", len(r.arrivals()), len(ids))
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			return store.StopWebhook(ctx, tx, workspace, store.EndpointTarget(e.ID), store.WebhookStop{URL: e.URL, Reason: "x", At: b.clock()})
		})
		if _, err := resend(); ringside.KindOf(err) != ringside.Conflict {
			t.Errorf("to a target that is off: %v", err)
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			_, err := store.DeleteWebhookEndpoint(ctx, tx, workspace, e.ID)
			return err
		})
		if _, err := resend(); ringside.KindOf(err) != ringside.Conflict {
			t.Errorf("to a target that is gone: %v", err)
		}
	})
}

// Neither secrets nor URLs are logged, nor what is sent.
func TestNothingSecretIsLoggedOrKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		r := receive(t, status(http.StatusGone))
		b.endpoint(r.URL+"/path-token?query=hush", nil)
		b.plan(b.ended(b.call("a")))
		b.work(b.only().ID)
		for _, word := range []string{testSecret, "hush", "path-token", "MfKQ9r8"} {
			if strings.Contains(b.log.String(), word) {
				t.Errorf("%q is in the log: %s", word, b.log)
			}
			if d := fmt.Sprintf("%+v %+v", b.delivery(b.only().ID), b.only().Last); strings.Contains(d, word) {
				t.Errorf("%q is kept with the delivery: %s", word, d)
			}
		}
		if !strings.Contains(b.log.String(), "webhook delivery given up") {
			t.Errorf("the log says nothing of it: %s", b.log)
		}
	})
}
