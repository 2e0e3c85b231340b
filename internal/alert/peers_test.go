package alert_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/bus/nats/natstest"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// process is one of several that look after calls on one database.
type process struct {
	t      *testing.T
	store  *store.Store
	live   *live.Engine
	alerts *alert.Engine
	ledger *ledger.Ledger
	cord   *natstest.Cord
}

func (p *process) stop() {
	p.ledger.Stop()
	p.live.Stop()
	p.alerts.Stop()
}

// join starts a process; without a server it is told nothing. What is to be told
// waits in the queue.
func join(t *testing.T, s *store.Store, server *natstest.Server) *process {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	queue, err := jobs.New(t.Context(), s, jobs.Config{Workers: river.NewWorkers(), Hold: true, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, store: s}
	p.alerts = alert.New(alert.Config{
		Store: s, Queue: func() *jobs.Queue { return queue }, Log: log, Kept: func(call ringside.CallID) { p.live.Kept(call) },
	})
	with := live.Config{
		Store: s, Watch: p.alerts, Log: log, Times: live.Times{Beat: 50 * time.Millisecond, Dead: 2 * time.Second, Look: 50 * time.Millisecond},
	}
	if server != nil {
		p.cord = server.Join()
		with.Bus = p.cord
	}
	p.live = live.New(with)
	p.ledger = ledger.New(ledger.Config{Store: s, Jobs: simulate.NoJobs{}, Log: log, Committed: p.live.Observe})
	for _, start := range []func(context.Context) error{p.alerts.Start, p.live.Start} {
		if err := start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	p.ledger.Start()
	t.Cleanup(p.stop)
	return p
}

// building is a workspace in which some seconds of silence are dead air.
func building(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.Postgres(t)
	rule := &store.AlertRuleRow{AlertRule: *alert.BuiltIn("dead_air")}
	rule.Condition.Threshold = new(4.0)
	rule.CreatedAt, rule.UpdatedAt = new(time.Now()), new(time.Now())
	err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertWorkspace(ctx, tx, &ringside.Workspace{ID: home, Name: "Home", CreatedAt: time.Now()}); err != nil {
			return err
		}
		return store.PutAlertRule(ctx, tx, home, rule, "a test")
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (p *process) tell(call, id string, x ringside.Facts) ringside.CallID {
	p.t.Helper()
	return tell(p.t, p.ledger, call, id, x)
}

// shows waits until a call is shown with these alerts, by type, id and status.
func (p *process) shows(call ringside.CallID, want ...string) {
	p.t.Helper()
	var got []string
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		got = nil
		if c := p.live.Get(home, call); c != nil {
			for _, a := range c.Alerts {
				got = append(got, fmt.Sprint(a.Type, " ", a.ID, " ", a.Status))
			}
			if slices.Sort(got); slices.Equal(got, want) {
				return
			}
		}
	}
	p.t.Fatalf("shown with %q, want %q", got, want)
}

func (p *process) there(call ringside.CallID) {
	p.t.Helper()
	for end := time.Now().Add(60 * time.Second); p.live.Get(home, call) == nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatal("the call is not shown")
		}
	}
}

// frames reads what a process tells of alerts until a call's end.
func (p *process) frames(sub *live.Subscription) (out []string) {
	p.t.Helper()
	for {
		frames, lost, err := sub.Next(p.t.Context(), nil)
		if err != nil || lost {
			p.t.Fatal(err, lost)
		}
		for _, f := range frames {
			switch f.Type {
			case live.EventAlert, live.EventResolved:
				out = append(out, f.Type)
			case live.EventEnded:
				return append(out, f.Type)
			}
		}
	}
}

// An alert that one process raised is stored once, and everybody who watches is
// told once, by whichever process they see it.
func TestAnAlertIsShownByEveryProcess(t *testing.T) {
	t.Parallel()
	s, server := building(t), natstest.New(t)
	a, b := join(t, s, server), join(t, s, server)
	subs := []*live.Subscription{a.live.Subscribe(home, live.Filter{}), b.live.Subscribe(home, live.Filter{})}
	for _, sub := range subs {
		sub.Snapshot(time.Now())
	}
	a.tell("one", "1", ringside.Facts{StartedAt: time.Now()})
	call := a.tell("one", "2", fault("model"))
	row := await(t, s, call, 1, open)[0]
	for _, p := range []*process{a, b} {
		p.shows(call, "call_error "+row.ID+" triggered")
	}
	err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		row, err = b.alerts.Acknowledge(ctx, tx, home, row.ID, "Ann")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.live.Revise(&row.Alert)
	for _, p := range []*process{a, b} {
		p.shows(call, "call_error "+row.ID+" acknowledged")
	}
	b.tell("one", "3", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
	for i, p := range []*process{a, b} {
		if got := strings.Join(p.frames(subs[i]), " "); got != "alert_triggered alert_resolved call_ended" {
			t.Errorf("told %q", got)
		}
	}
	await(t, s, call, 1, closed)
}

// Without a bus both find it: what is stored both show, and a person's word on it.
func TestAnAlertWithoutABus(t *testing.T) {
	t.Parallel()
	s := building(t)
	a, b, c := join(t, s, nil), join(t, s, nil), join(t, s, nil)
	a.tell("one", "1", ringside.Facts{StartedAt: time.Now()})
	call := a.tell("one", "2", fault("model"))
	row := await(t, s, call, 1, open)[0]
	b.tell("one", "3", ringside.Facts{Metadata: ringside.Values{"desk": "7"}})
	for _, p := range []*process{a, b} {
		p.shows(call, "call_error "+row.ID+" triggered")
	}
	err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		row, err = b.alerts.Resolve(ctx, tx, home, row.ID, "Ann")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.live.Revise(&row.Alert)
	for _, p := range []*process{a, b} {
		p.shows(call)
	}
	c.tell("one", "4", fault("voice")) // the first that it hears of the call
	row = await(t, s, call, 1, open)[0]
	c.shows(call, "call_error "+row.ID+" triggered")
}

// A process that dies watches nothing any more: another one does, and finds what
// it would have found.
func TestAnotherProcessFindsDeadAir(t *testing.T) {
	t.Parallel()
	s, server := building(t), natstest.New(t)
	a, b := join(t, s, server), join(t, s, server)
	call := a.tell("one", "1", ringside.Facts{Turn: &ringside.Turn{Role: ringside.RoleUser, Text: "Hello?"}})
	b.there(call)
	a.cord.Cut.Store(true) // no goodbye is heard
	a.stop()
	row := await(t, s, call, 1, open)[0]
	b.shows(call, "dead_air "+row.ID+" triggered")
}

// The end of a call closes its alerts, though the process that watched it has just
// died and nobody knows yet.
func TestACallEndsWhoseWatcherIsGone(t *testing.T) {
	t.Parallel()
	s, server := building(t), natstest.New(t)
	a, b := join(t, s, server), join(t, s, server)
	a.tell("one", "1", ringside.Facts{StartedAt: time.Now()})
	call := a.tell("one", "2", fault("model"))
	row := await(t, s, call, 1, open)[0]
	b.shows(call, "call_error "+row.ID+" triggered")
	a.cord.Cut.Store(true)
	a.stop()
	b.tell("one", "3", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
	await(t, s, call, 1, closed)
}

// Two processes that do not hear each other may find the same: it is stored once,
// and once they hear each other both show that.
func TestTwoThatFindTheSame(t *testing.T) {
	t.Parallel()
	s, server := building(t), natstest.New(t)
	a, b := join(t, s, server), join(t, s, server)
	call := a.tell("one", "1", ringside.Facts{StartedAt: time.Now()})
	b.there(call)
	a.cord.Cut.Store(true)
	b.cord.Cut.Store(true)
	a.tell("one", "2", fault("model"))
	await(t, s, call, 1, open)
	b.tell("one", "3", ringside.Facts{Turn: &ringside.Turn{Role: ringside.RoleUser, Text: "Hello?"}})
	row := await(t, s, call, 1, open)[0]
	for _, p := range []*process{a, b} {
		p.shows(call, "call_error "+row.ID+" triggered")
	}
	server.Stop()
	a.cord.Cut.Store(false)
	b.cord.Cut.Store(false)
	server.Start()
	b.tell("one", "4", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
	await(t, s, call, 1, closed)
}
