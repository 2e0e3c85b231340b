package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"go.uber.org/goleak"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

const workspace = "ws_test"

type noJobs struct{}

func (noJobs) Enqueue(context.Context, store.Tx, []river.JobArgs) error { return nil }

// floor is an engine with a ledger before it.
type floor struct {
	*live.Engine
	t      *testing.T
	ledger *ledger.Ledger
	n      int
	mu     sync.Mutex
}

func open(t *testing.T, s *store.Store, w live.Watcher) *floor {
	t.Helper()
	return openWith(t, live.Config{Store: s, Watch: w})
}

func openWith(t *testing.T, c live.Config) *floor {
	t.Helper()
	log, s := slog.New(slog.DiscardHandler), c.Store
	c.Log = log
	f := &floor{t: t, Engine: live.New(c)}
	f.ledger = ledger.New(ledger.Config{Store: s, Jobs: noJobs{}, Log: log, Committed: f.Observe})
	must(t, f.Start(t.Context()))
	f.ledger.Start()
	t.Cleanup(func() {
		f.ledger.Stop()
		f.Stop()
		f.Stop() // twice is once
	})
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tell hands in one event of a call.
func (f *floor) tell(call, event string) ringside.CallID {
	f.t.Helper()
	f.mu.Lock()
	f.n++
	body := []byte(strings.Replace(event, "{", fmt.Sprintf(`{"id":"e%d",`, f.n), 1))
	f.mu.Unlock()
	at := time.Now().UTC()
	events, err := stream.Decode(provider.Payload{Body: body, ReceivedAt: at, CallID: call})
	must(f.t, err)
	r, err := f.ledger.Append(f.t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: stream.ID, Event: events[0].Name, ReceivedAt: at, Body: body, Events: events,
	})
	must(f.t, err)
	return r.CallID
}

func says(role, text string) string {
	return fmt.Sprintf(`{"type":"turn","role":%q,"text":%q}`, role, text)
}

// until waits for what is shown of a call.
func (f *floor) until(id ringside.CallID, ok func(*live.Call) bool) *live.Call {
	f.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		c := f.Get(workspace, id)
		if ok(c) {
			return c
		}
		if time.Now().After(deadline) {
			f.t.Fatalf("it is shown as %+v", c)
		}
	}
}

func there(c *live.Call) bool { return c != nil }

// A process that starts anew shows every call that is on, as it was.
func TestEveryCallComesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		before := open(t, s, nil)
		ids := map[ringside.CallID]bool{}
		for i := range 20 {
			id := before.tell(fmt.Sprint("call-", i), `{"type":"started","agent":"desk"}`)
			before.tell(fmt.Sprint("call-", i), says("agent", "Hello."))
			before.tell(fmt.Sprint("call-", i), says("user", "Where is my order?"))
			ids[id] = true
		}
		over := before.tell("over", `{"type":"started"}`)
		before.tell("over", `{"type":"ended"}`)
		after := open(t, s, nil)
		calls := after.Calls(workspace) // there at once: Start has loaded them
		if len(calls) != len(ids) || after.Get(workspace, over) != nil {
			t.Fatalf("%d calls came back, want %d", len(calls), len(ids))
		}
		for _, c := range calls {
			if !ids[c.Call().ID] || c.Turns != 2 || c.LastLine.Text != "Where is my order?" || c.Agent != "desk" {
				t.Errorf("%+v", c)
			}
		}
		id := calls[0].Call().ID
		after.n = 1000 // the names of events go on
		after.tell(calls[0].ProviderCallID, says("agent", "On its way."))
		after.until(id, func(c *live.Call) bool { return c.Turns == 3 })
	})
}

// frame is what a reader gets.
type frame struct {
	Type string `json:"type"`
	Call string `json:"callId"`
	Line struct {
		Turn    int    `json:"turn"`
		Text    string `json:"text"`
		Partial bool   `json:"partial"`
	} `json:"line"`
	Alert struct {
		ID string `json:"id"`
	} `json:"alert"`
	By string `json:"resolvedBy"`
}

func read(t *testing.T, sub *live.Subscription) (out []frame, lost bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	frames, lost, err := sub.Next(ctx, nil)
	must(t, err)
	for _, f := range frames {
		out = append(out, unpack(t, f))
	}
	return out, lost
}

func unpack(t *testing.T, f *live.Frame) (got frame) {
	t.Helper()
	if err := json.Unmarshal(f.Data, &got); err != nil {
		t.Error(err)
	}
	return got
}

// However many tell at once, a reader gets each turn of a call once and in
// order.
func TestTurnsComeOnceAndInOrder(t *testing.T) {
	f := open(t, storetest.SQLite(t), nil)
	sub := f.Subscribe(workspace, live.Filter{Transcript: true})
	sub.Snapshot(time.Now())
	const calls, turns = 12, 15
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() {
			for j := range turns {
				f.tell(fmt.Sprint("call-", i), says("agent", fmt.Sprint("Turn ", j)))
			}
			f.tell(fmt.Sprint("call-", i), `{"type":"ended"}`)
		})
	}
	next, ended := map[string]int{}, 0
	for ended < calls {
		frames, lost := read(t, sub)
		if lost {
			t.Fatal("lost frames")
		}
		for _, x := range frames {
			switch x.Type {
			case live.EventLine:
				if x.Line.Turn != next[x.Call] || x.Line.Text != fmt.Sprint("Turn ", x.Line.Turn) {
					t.Errorf("turn %d (%s), want %d", x.Line.Turn, x.Line.Text, next[x.Call])
				}
				next[x.Call]++
			case live.EventEnded:
				if ended++; next[x.Call] != turns {
					t.Errorf("ended after %d turns", next[x.Call])
				}
			}
		}
	}
	all.Wait()
}

// Who does not read loses its place and nobody else's.
func TestASlowReaderIsNotWaitedFor(t *testing.T) {
	f := open(t, storetest.SQLite(t), nil)
	slow, quick := f.Subscribe(workspace, live.Filter{Transcript: true}), f.Subscribe(workspace, live.Filter{Transcript: true})
	slow.Snapshot(time.Now())
	quick.Snapshot(time.Now())
	id := f.tell("a", `{"type":"started"}`)
	f.until(id, there)
	const n = 20_000 // more than the ring holds
	for i := range n {
		f.Partials(workspace, id, []ringside.Partial{{Role: ringside.RoleUser, Text: fmt.Sprint("word ", i), At: time.Now()}})
		time.Sleep(time.Microsecond) // of two at once the newer counts
		if i%500 == 0 {
			f.Flush()
			if _, lost := read(t, quick); lost {
				t.Fatal("who reads lost frames")
			}
		}
	}
	if s := slow.Snapshot(time.Now()); !strings.Contains(string(s.Data), id.String()) {
		t.Errorf("after a snapshot: %s", s.Data)
	}
	f.tell("a", says("agent", "Still here."))
	for {
		frames, lost := read(t, slow)
		if lost {
			t.Fatal("lost again")
		}
		for _, x := range frames {
			if x.Type == live.EventLine && x.Line.Text == "Still here." {
				return
			}
		}
	}
}

// What is being said is shown until it is said, and who speaks with it.
func TestPartials(t *testing.T) {
	f := open(t, storetest.SQLite(t), nil)
	id := f.tell("a", `{"type":"started"}`)
	f.until(id, there)
	f.Partials(workspace, id, []ringside.Partial{{Role: ringside.RoleUser, Text: "I wo", At: time.Now()}, {Role: ringside.RoleUser, Text: "I would", At: time.Now()}})
	c := f.until(id, func(c *live.Call) bool { return c.Speaking == "customer" })
	if lines := c.Saying(); len(lines) != 1 || lines[0].Text != "I would" || !lines[0].Partial {
		t.Errorf("%+v", lines)
	}
	f.tell("a", says("user", "I would like to book."))
	c = f.until(id, func(c *live.Call) bool { return c.Turns == 1 })
	if len(c.Saying()) != 0 || c.Speaking != "" {
		t.Errorf("after the turn: %+v, %q speaks", c.Saying(), c.Speaking)
	}
	f.Partials(workspace, ringside.NewCallID(workspace, "custom", "nobody"), []ringside.Partial{{Role: ringside.RoleUser, Text: "?"}})
}

// watcher opens an alert when somebody says fire, and holds it until somebody
// says water.
type watcher struct {
	mu      sync.Mutex
	changes []string // guarded by mu
}

func (w *watcher) Look(n *live.Now) ([]*ringside.Alert, time.Time) {
	if n.Ended {
		for _, a := range n.Alerts {
			if a.Open() {
				b := *a
				b.Status, b.ResolvedBy = ringside.AlertResolved, ringside.ByCallEnd
				return []*ringside.Alert{&b}, time.Time{}
			}
		}
		return n.Alerts, time.Time{}
	}
	open := n.Alerts
	for i := range n.Call.Turns {
		if n.Call.Turns[i].Text == "Fire!" && len(open) == 0 {
			open = []*ringside.Alert{{ID: "alert_1", Call: n.Call.ID, Type: ringside.AlertCallError, Severity: ringside.AlertHigh, Status: ringside.AlertTriggered, Message: "fire"}}
		}
	}
	return open, time.Time{}
}

func (w *watcher) Changed(_ *live.Now, opened, resolved []*ringside.Alert) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range opened {
		w.changes = append(w.changes, "opened "+a.ID)
	}
	for _, a := range resolved {
		w.changes = append(w.changes, "resolved "+a.ID+" by "+a.ResolvedBy)
	}
}

func (w *watcher) Elsewhere(*live.Now) {}

func (w *watcher) Known(context.Context, string, ringside.CallID) ([]*ringside.Alert, error) {
	return nil, nil
}

// An alert is in the call while it is open, whoever watches is told of it, and
// a call's end resolves it.
func TestAlertsInACall(t *testing.T) {
	w := &watcher{}
	f := open(t, storetest.SQLite(t), w)
	sub := f.Subscribe(workspace, live.Filter{AlertsOnly: true})
	sub.Snapshot(time.Now())
	id := f.tell("a", says("user", "Fire!"))
	f.tell("calm", says("user", "Hello."))
	c := f.until(id, func(c *live.Call) bool { return c != nil && len(c.Alerts) == 1 })
	if c.Alerts[0].Message != "fire" || f.Calls(workspace)[0].ID != c.ID {
		t.Errorf("%+v; first is %s", c.Alerts, f.Calls(workspace)[0].ID)
	}
	taken := &ringside.Alert{ID: "alert_1", Call: id, Type: ringside.AlertCallError, Severity: ringside.AlertHigh, Status: ringside.AlertAcknowledged, Message: "fire"}
	f.Revise(taken)
	f.until(id, func(c *live.Call) bool { return len(c.Alerts) == 1 && c.Alerts[0].Status == ringside.AlertAcknowledged })
	f.tell("a", `{"type":"ended"}`)
	var got []string
	for len(got) == 0 || got[len(got)-1] != live.EventEnded {
		frames, _ := read(t, sub)
		for _, x := range frames {
			if x.Call == id.String() && x.Type != live.EventUpdated {
				got = append(got, x.Type)
			}
		}
	}
	if want := []string{live.EventAlert, live.EventResolved, live.EventEnded}; strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("told %q, want %q", got, want)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if strings.Join(w.changes, ", ") != "opened alert_1, resolved alert_1 by call_end" {
		t.Errorf("changes %q", w.changes)
	}
}

// A deleted call is gone from the page.
func TestADeletedCallIsForgotten(t *testing.T) {
	f := open(t, storetest.SQLite(t), nil)
	id := f.tell("a", `{"type":"started"}`)
	f.until(id, there)
	f.Forget(workspace, id)
	f.until(id, func(c *live.Call) bool { return c == nil })
}

// What was said in a deleted call is sent to nobody who comes back, whether it
// was on or over; the calls beside it are.
func TestADeletedCallIsNotReplayed(t *testing.T) {
	f := open(t, storetest.SQLite(t), nil)
	epoch, _, _ := strings.Cut(strings.TrimPrefix(string(f.Subscribe(workspace, live.Filter{}).Snapshot(time.Now()).SSE), "id: "), "-")
	again := func(packed bool) string {
		sub := f.Subscribe(workspace, live.Filter{Transcript: true})
		if !sub.Resumes(epoch + "-0") {
			t.Fatal("the stream does not go on")
		}
		if packed {
			sub.Packed()
		}
		frames, lost, err := sub.Next(t.Context(), nil)
		must(t, err)
		var all strings.Builder
		for _, x := range frames {
			all.Write(x.SSE)
		}
		if lost {
			t.Fatal("frames are lost")
		}
		return all.String()
	}
	until := func(words string, there bool) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
			f.Flush()
			if one, many := again(false), again(true); strings.Contains(one, words) == there && strings.Contains(many, words) == there {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%q is replayed: %v", words, !there)
			}
		}
	}
	for _, over := range []bool{false, true} {
		name, words := fmt.Sprint("over-", over), fmt.Sprint("Private, over ", over)
		id := f.tell(name, says("user", words))
		until(words, true)
		if over {
			f.tell(name, `{"type":"ended"}`)
			f.until(id, func(c *live.Call) bool { return c == nil })
		}
		f.tell("beside", says("user", "Not private."))
		f.Forget(workspace, id)
		until(words, false)
		until("Not private.", true)
		until(`"call_ended","callId":"`+id.String(), true)
	}
}

// A deleted workspace leaves nothing of its stream.
func TestADeletedWorkspaceIsForgotten(t *testing.T) {
	f := open(t, storetest.SQLite(t), nil)
	id := f.tell("a", `{"type":"started"}`)
	f.until(id, there)
	last, _, _ := strings.Cut(strings.TrimPrefix(string(f.Subscribe(workspace, live.Filter{}).Snapshot(time.Now()).SSE), "id: "), "\n")
	if !f.Subscribe(workspace, live.Filter{}).Resumes(last) {
		t.Fatalf("nobody goes on behind %q", last)
	}
	f.ForgetWorkspace(workspace)
	f.ForgetWorkspace(workspace)
	if f.Subscribe(workspace, live.Filter{}).Resumes(last) || len(f.Calls(workspace)) > 0 {
		t.Errorf("the stream goes on, with %d calls", len(f.Calls(workspace)))
	}
}
