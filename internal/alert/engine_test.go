package alert_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/notify/slack"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const home = "ws_home"

// house is alerts on a real store, with a queue that works and somebody who is
// told.
type house struct {
	t      *testing.T
	store  *store.Store
	box    *secret.Box
	ledger *ledger.Ledger
	live   *live.Engine
	cfg    alert.Config
	alerts *alert.Engine
	queue  *jobs.Queue
	url    string

	mu    sync.Mutex
	told  []string     // the texts; guarded by mu
	down  bool         // the receiver is away; guarded by mu
	model *judge.Judge // guarded by mu; nil: there is none
	meant func()       // called before an alert is shown that came of a job; guarded by mu
}

func newHouse(t *testing.T, s *store.Store) *house {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	h := &house{t: t, store: s}
	receiver := httptest.NewServer(http.HandlerFunc(h.receive))
	t.Cleanup(receiver.Close)
	h.url = receiver.URL + "/services/fixture"
	gate := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(gate.Close)
	var err error
	if h.box, err = secret.Open(t.TempDir(), ""); err != nil {
		t.Fatal(err)
	}
	var queue *jobs.Queue
	h.cfg = alert.Config{Store: s, Queue: func() *jobs.Queue { return queue }, Log: log, Tell: alert.Telling{
		Channels: alert.Channels{slack.ID: slack.New()}, Secrets: h.box, Client: gate.Client(egress.Limits{Timeout: 5 * time.Second, Body: 1 << 20}),
		PublicURL: func() string { return "https://ringside.example.com" },
	}, Model: h.take, Raise: h.raise}
	h.alerts = alert.New(h.cfg)
	workers := river.NewWorkers()
	h.alerts.AddWorkers(workers)
	if queue, err = jobs.New(t.Context(), s, jobs.Config{Workers: workers, Log: log}); err != nil {
		t.Fatal(err)
	}
	h.queue = queue
	h.live = live.New(live.Config{Store: s, Watch: h.alerts, Log: log})
	h.ledger = ledger.New(ledger.Config{Store: s, Jobs: simulate.NoJobs{}, Log: log, Committed: h.live.Observe})
	h.write(func(ctx context.Context, tx store.Tx) error {
		return store.InsertWorkspace(ctx, tx, &ringside.Workspace{ID: home, Name: "Home", CreatedAt: time.Now()})
	})
	for _, start := range []func(context.Context) error{h.alerts.Start, h.live.Start, queue.Start} {
		if err := start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	h.ledger.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		_ = queue.Stop(ctx)
		h.ledger.Stop()
		h.live.Stop()
		h.alerts.Stop()
	})
	return h
}

// take takes the language model.
func (h *house) take(context.Context, string) (*alert.Model, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.model == nil {
		return nil, nil
	}
	return &alert.Model{Judge: h.model, Done: func(context.Context, ringside.Usage) error { return nil }}, nil
}

// raise shows an alert that came of a job.
func (h *house) raise(a *ringside.Alert) {
	h.mu.Lock()
	meant := h.meant
	h.mu.Unlock()
	if meant != nil {
		meant()
	}
	h.live.Revise(a)
}

// receive is a Slack webhook.
func (h *house) receive(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	h.told = append(h.told, string(b))
	_, _ = w.Write([]byte("ok"))
}

func (h *house) write(fn func(context.Context, store.Tx) error) {
	h.t.Helper()
	if err := h.store.Write(context.WithoutCancel(h.t.Context()), fn); err != nil {
		h.t.Fatal(err)
	}
}

// tell has something told of a call that is on, and gives its id.
func (h *house) tell(call, id string, x ringside.Facts) ringside.CallID {
	h.t.Helper()
	return tell(h.t, h.ledger, call, id, x)
}

func tell(t *testing.T, l *ledger.Ledger, call, id string, x ringside.Facts) ringside.CallID {
	t.Helper()
	now := time.Now().UTC()
	if x.Phase == 0 {
		x.Phase = ringside.PhaseActive
	}
	x.Key = id
	_, err := l.Append(t.Context(), ledger.Envelope{
		Workspace: home, Provider: "custom", Event: id, ReceivedAt: now, Body: []byte(call + id), State: store.Stored,
		Events: []ringside.Event{{Provider: "custom", ProviderCallID: call, Name: id, Authority: ringside.Live, At: now, ReceivedAt: now, Facts: x}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return ringside.NewCallID(home, "custom", call)
}

func fault(component string) ringside.Facts {
	return ringside.Facts{Span: &ringside.Span{Name: ringside.SpanError, Title: component, Error: "overloaded"}}
}

// await waits until a call has n alerts that are as wanted.
func (h *house) await(call ringside.CallID, n int, ok func(*store.AlertRow) bool) (out []*store.AlertRow) {
	h.t.Helper()
	return await(h.t, h.store, call, n, ok)
}

func await(t *testing.T, s *store.Store, call ringside.CallID, n int, ok func(*store.AlertRow) bool) (out []*store.AlertRow) {
	t.Helper()
	for until := time.Now().Add(60 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var page *store.AlertPage
		err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			page, err = store.Alerts(ctx, tx, store.AlertFilter{Workspace: home, Call: call}, "", 100)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		out = nil
		for _, a := range page.Items {
			if ok(a) {
				out = append(out, a)
			}
		}
		if len(out) == n {
			return out
		}
		if time.Now().After(until) {
			t.Fatalf("%d alerts as wanted, not %d: %+v", len(out), n, page.Items)
		}
	}
}

// awaitTold waits until n messages were received.
func (h *house) awaitTold(n int) []string {
	h.t.Helper()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		h.mu.Lock()
		told := h.told
		h.mu.Unlock()
		if len(told) == n {
			return told
		}
		if len(told) > n || time.Now().After(until) {
			h.t.Fatalf("%d messages, want %d: %q", len(told), n, told)
		}
	}
}

// rule changes a built-in rule and has it tell.
func (h *house) rule(id string, change func(*ringside.AlertRule)) {
	h.t.Helper()
	shown, secrets, err := h.alerts.Part(alert.Settings{slack.ID: {"webhook": h.url}}, nil, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	row := &store.AlertRuleRow{AlertRule: *alert.BuiltIn(id)}
	row.Notifications = shown
	row.CreatedAt, row.UpdatedAt = new(time.Now()), new(time.Now())
	change(&row.AlertRule)
	if err := row.SealSecrets(h.box, home, secrets); err != nil {
		h.t.Fatal(err)
	}
	h.put(row)
}

// put keeps a rule as its next version.
func (h *house) put(row *store.AlertRuleRow) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error {
		if had, err := store.AlertRule(ctx, tx, home, row.ID); err == nil {
			row.Version = had.Version
		}
		return store.PutAlertRule(ctx, tx, home, row, "a test")
	})
	h.alerts.Reload(h.t.Context())
}

func open(a *store.AlertRow) bool   { return a.Open() }
func closed(a *store.AlertRow) bool { return !a.Open() }

// An alert is stored, told once, and told again when the call is over.
func TestPeopleAreTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		h.rule("call_error", func(*ringside.AlertRule) {})
		h.tell("a", "1", ringside.Facts{StartedAt: time.Now()})
		call := h.tell("a", "2", fault("model"))
		h.await(call, 1, open)
		first := h.awaitTold(1)[0]
		for _, want := range []string{"Call error", "overloaded", "https://ringside.example.com/live/" + call.String()} {
			if !strings.Contains(first, want) {
				t.Errorf("the message has no %q: %s", want, first)
			}
		}
		h.tell("a", "3", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
		a := h.await(call, 1, closed)[0]
		h.awaitTold(2)
		if a.ResolvedBy != ringside.ByCallEnd {
			t.Errorf("resolved by %s", a.ResolvedBy)
		}
		h.sent(a.ID, "triggered sent", "resolved sent")
	})
}

// sent compares what was told about an incident.
func (h *house) sent(incident string, want ...string) {
	h.t.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var got []string
		err := h.store.Read(h.t.Context(), func(ctx context.Context, tx store.Tx) error {
			all, err := store.AlertMessages(ctx, tx, home, incident)
			for _, m := range all {
				got = append(got, m.Event+" "+string(m.Status))
			}
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
		if fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
		if time.Now().After(until) {
			h.t.Fatalf("messages %q, want %q", got, want)
		}
	}
}

// What a rule tells too often, or while it is to be quiet, is shown and not told.
func TestNobodyIsTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		h.rule("call_error", func(r *ringside.AlertRule) {
			r.Throttling = ringside.AlertThrottling{Enabled: true, CooldownMinutes: 15}
		})
		one := h.tell("a", "1", fault("model"))
		h.await(one, 1, func(a *store.AlertRow) bool { return a.Told == store.ToldSent })
		two := h.tell("b", "1", fault("model"))
		h.await(two, 1, func(a *store.AlertRow) bool { return a.Told == store.ToldThrottled })
		h.rule("tool_failing", func(r *ringside.AlertRule) {
			r.Condition.ConsecutiveFailures = new(1)
			r.SilenceSchedule = ringside.AlertSilence{Enabled: true, Windows: []ringside.SilenceWindow{{StartTime: "00:00", EndTime: "00:00"}}}
		})
		three := h.tell("c", "1", ringside.Facts{ToolCalls: []ringside.ToolCall{{ID: "t", Name: "get_order", Error: "timeout"}}})
		h.await(three, 1, func(a *store.AlertRow) bool { return a.Told == store.ToldSilenced })
		for _, call := range []string{"a", "b", "c"} {
			h.tell(call, "9", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
		}
		h.await(three, 1, closed)
		h.awaitTold(2) // of the first its beginning and its end
	})
}

// The first alert is told at once, the others of the window in one message, and
// that they are over when all are.
func TestAlertsAreToldTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		h.rule("call_error", func(r *ringside.AlertRule) {
			r.Grouping = ringside.AlertGrouping{Enabled: true, TimeWindow: "24h", MaxGroupSize: 2}
		})
		h.await(h.tell("a", "1", fault("model")), 1, func(a *store.AlertRow) bool { return a.Told == store.ToldSent })
		two := h.tell("b", "1", fault("model"))
		h.await(two, 1, func(a *store.AlertRow) bool { return a.Told == store.ToldWaiting })
		three := h.tell("c", "1", fault("model"))
		incident := h.await(three, 1, func(a *store.AlertRow) bool { return a.Told == store.ToldSent })[0].Incident
		h.await(two, 1, func(a *store.AlertRow) bool { return a.Incident == incident })
		h.awaitTold(2)
		h.tell("b", "9", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
		h.await(two, 1, closed)
		h.tell("c", "9", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
		h.sent(incident, "triggered sent", "resolved sent")
		h.awaitTold(3)
	})
}

// A receiver that is away is tried again.
func TestWhatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.SQLite(t))
	h.rule("call_error", func(*ringside.AlertRule) {})
	h.mu.Lock()
	h.down = true
	h.mu.Unlock()
	call := h.tell("a", "1", fault("model"))
	a := h.await(call, 1, func(a *store.AlertRow) bool { return a.Told == store.ToldSent })[0]
	h.sent(a.ID, "triggered queued")
	time.Sleep(100 * time.Millisecond)
	h.mu.Lock()
	h.down = false
	h.mu.Unlock()
	h.sent(a.ID, "triggered sent")
	h.awaitTold(1)
}

// Nobody waits for what can't be told any more: it ends, and the alert says that
// there is nobody to tell.
func TestNobodyIsLeftToTell(t *testing.T) {
	t.Parallel()
	together := func(r *ringside.AlertRule) { r.Grouping = ringside.AlertGrouping{Enabled: true, TimeWindow: "24h"} }
	mute := func(r *ringside.AlertRule) { r.Notifications = nil }
	for name, c := range map[string]struct {
		before func(*ringside.AlertRule)
		told   string                    // then
		after  func(*ringside.AlertRule) // nil: the rule is deleted
	}{
		"channels are added while it is open":  {mute, "", together},
		"channels are removed while it waits":  {together, store.ToldWaiting, mute},
		"the rule is deleted while it waits":   {together, store.ToldWaiting, nil},
		"there are none, and the rule is gone": {mute, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				h := newHouse(t, s)
				h.rule("call_error", together)
				h.await(h.tell("a", "1", fault("model")), 1, func(a *store.AlertRow) bool { return a.Told == store.ToldSent })
				h.rule("call_error", c.before)
				call := h.tell("b", "1", fault("model"))
				a := h.await(call, 1, func(a *store.AlertRow) bool { return a.Told == c.told })[0]
				if c.after != nil {
					h.rule("call_error", c.after)
				} else {
					h.write(func(ctx context.Context, tx store.Tx) error {
						return store.DeleteAlertRule(ctx, tx, home, "call_error")
					})
				}
				h.tell("b", "9", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
				h.await(call, 1, closed)
				h.write(func(ctx context.Context, tx store.Tx) error {
					return h.queue.Enqueue(ctx, tx, []river.JobArgs{jobs.TellAlert{WorkspaceID: home, AlertID: a.ID, Event: "resolved"}})
				})
				h.worked("tell_alert", a.ID, "resolved")
				h.await(call, 1, func(a *store.AlertRow) bool { return a.Told == "" })
			})
		})
	}
}

// worked waits until jobs of a kind are done whose arguments hold some words.
func (h *house) worked(kind string, words ...string) {
	h.t.Helper()
	q, args := `SELECT COUNT(*) FROM river_job WHERE kind = $1 AND state <> 'completed'`, []any{kind}
	for _, w := range words {
		args = append(args, "%"+w+"%")
		q += fmt.Sprintf(` AND CAST(args AS TEXT) LIKE $%d`, len(args))
	}
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var left int
		err := h.store.Read(h.t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.QueryRow(ctx, q, args...).Scan(&left) })
		if err != nil {
			h.t.Fatal(err)
		}
		if left == 0 {
			return
		}
		if time.Now().After(until) {
			h.t.Fatalf("%d jobs %s wait with %q", left, kind, words)
		}
	}
}

// What is to be tried again after its rule is gone, or its channel, has failed.
func TestWhatCannotBeSentAnyMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.SQLite(t))
	for _, rule := range []string{"call_error", "tool_failing"} {
		h.rule(rule, func(r *ringside.AlertRule) {
			if rule == "tool_failing" {
				r.Condition.ConsecutiveFailures = new(1)
			}
		})
	}
	h.mu.Lock()
	h.down = true
	h.mu.Unlock()
	sent := func(a *store.AlertRow) bool { return a.Told == store.ToldSent }
	one := h.await(h.tell("a", "1", fault("model")), 1, sent)[0]
	two := h.await(h.tell("b", "1", ringside.Facts{ToolCalls: []ringside.ToolCall{{ID: "t", Name: "get_order", Error: "timeout"}}}), 1, sent)[0]
	h.tried(one.ID)
	h.tried(two.ID)
	h.rule("call_error", func(r *ringside.AlertRule) { r.Notifications = nil })
	h.write(func(ctx context.Context, tx store.Tx) error {
		return store.DeleteAlertRule(ctx, tx, home, "tool_failing")
	})
	h.sent(one.ID, "triggered failed")
	h.sent(two.ID, "triggered failed")
}

// tried waits until an incident's first message was tried.
func (h *house) tried(incident string) {
	h.t.Helper()
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var all []*store.AlertMessage
		err := h.store.Read(h.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			all, err = store.AlertMessages(ctx, tx, home, incident)
			return err
		})
		if err == nil && len(all) > 0 && all[0].Attempts > 0 {
			return
		}
		if err != nil || time.Now().After(until) {
			h.t.Fatal("the message is not tried", err)
		}
	}
}

// Alerts that the store does not take are kept until it does.
func TestAlertsWaitForTheStore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.SQLite(t))
	rename := func(from, to string) {
		h.write(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, "ALTER TABLE "+from+" RENAME TO "+to)
			return err
		})
	}
	rename("alerts", "gone")
	call := h.tell("a", "1", fault("model"))
	h.tell("a", "2", fault("voice"))
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if c := h.live.Get(home, call); c != nil && len(c.Alerts) == 2 {
			break
		}
		if time.Now().After(until) {
			t.Fatal("the alerts are not shown")
		}
	}
	h.tell("a", "3", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
	rename("gone", "alerts")
	h.await(call, 2, closed)
}

// own makes a rule of the team's own.
func (h *house) own(r ringside.AlertRule) {
	h.t.Helper()
	row := &store.AlertRuleRow{AlertRule: r}
	row.CreatedAt, row.UpdatedAt = new(time.Now()), new(time.Now())
	if err := r.Validate(); err != nil {
		h.t.Fatal(err)
	}
	h.put(row)
}

// In a call that is on, an alert whose rule is switched off is over with the next
// thing that happens.
func TestARuleIsSwitchedOffInACall(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		h.rule("call_error", func(*ringside.AlertRule) {})
		call := h.tell("a", "1", fault("model"))
		a := h.await(call, 1, open)[0]
		h.sent(a.ID, "triggered sent")
		h.rule("call_error", func(r *ringside.AlertRule) { r.Active = false })
		h.tell("a", "2", ringside.Facts{Turn: &ringside.Turn{Role: ringside.RoleAgent, Text: "Hello!"}})
		if a := h.await(call, 1, closed)[0]; a.ResolvedBy != ringside.ByRule {
			t.Errorf("resolved by %q", a.ResolvedBy)
		}
		h.sent(a.ID, "triggered sent", "resolved sent")
	})
}

// A call that ends while the process is down is over with the next start, and
// who was told of its alert is told so, too.
func TestACallEndsWhileNobodyLooks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		h.rule("call_error", func(*ringside.AlertRule) {})
		call := h.tell("a", "1", fault("model"))
		other := h.tell("b", "1", fault("model"))
		a := h.await(call, 1, func(a *store.AlertRow) bool { return a.Told == store.ToldSent })[0]
		h.await(other, 1, func(a *store.AlertRow) bool { return a.Told == store.ToldSent })
		h.live.Stop()
		h.tell("a", "2", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
		again := alert.New(h.cfg)
		if err := again.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer again.Stop()
		if a := h.await(call, 1, closed)[0]; a.ResolvedBy != ringside.ByCallEnd {
			t.Errorf("resolved by %q", a.ResolvedBy)
		}
		h.sent(a.ID, "triggered sent", "resolved sent")
		h.await(other, 1, open)
		h.awaitTold(3)
	})
}

// After a start the call goes on with the alerts that it had.
func TestAlertsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		call := h.tell("a", "1", fault("model"))
		other := h.tell("b", "1", fault("model"))
		a := h.await(call, 1, open)[0]
		b := h.await(other, 1, open)[0]
		h.write(func(ctx context.Context, tx store.Tx) error {
			_, err := h.alerts.Resolve(ctx, tx, home, a.ID, "Dana")
			return err
		})
		again := live.New(live.Config{Store: s, Watch: h.alerts, Log: slog.New(slog.DiscardHandler)})
		if err := again.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer again.Stop()
		if c := again.Get(home, call); c == nil || len(c.Alerts) != 0 {
			t.Errorf("what a person resolved: %+v", c)
		}
		if c := again.Get(home, other); c == nil || len(c.Alerts) != 1 || c.Alerts[0].ID != b.ID {
			t.Errorf("what was open: %+v", c)
		}
		h.write(func(ctx context.Context, tx store.Tx) error {
			if _, err := h.alerts.Acknowledge(ctx, tx, home, a.ID, "Dana"); ringside.KindOf(err) != ringside.Conflict {
				return errors.New("a resolved alert is acknowledged")
			}
			return nil
		})
	})
}
