package live_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/bus"
	"github.com/ringsidehq/ringside/internal/bus/nats/natstest"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// eyes is a watcher that remembers which calls it looked at.
type eyes struct {
	watcher
	mu  sync.Mutex
	saw map[ringside.CallID]int // guarded by mu
}

func (e *eyes) Look(n *live.Now) ([]*ringside.Alert, time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.saw == nil {
		e.saw = map[ringside.CallID]int{}
	}
	e.saw[n.Call.ID]++
	return n.Alerts, n.At.Add(50 * time.Millisecond)
}

// looks is how often it has looked at a call.
func (e *eyes) looks(id ringside.CallID) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.saw[id]
}

// process is one of several on one database.
type process struct {
	*floor
	eyes *eyes
	cord *natstest.Cord
}

// join starts another process on a store.
func join(t *testing.T, s *store.Store, server *natstest.Server) *process {
	t.Helper()
	p := &process{eyes: &eyes{}, cord: server.Join()}
	p.floor = openWith(t, live.Config{
		Store: s, Watch: p.eyes, Bus: p.cord, Times: live.Times{Beat: 50 * time.Millisecond, Dead: 2 * time.Second},
	})
	return p
}

// hear collects every frame of a workspace until the test ends.
type hear struct {
	t   *testing.T
	mu  sync.Mutex
	all []frame // guarded by mu
}

func (p *process) hear() *hear {
	h := &hear{t: p.t}
	sub := p.Subscribe(workspace, live.Filter{Transcript: true})
	sub.Snapshot(time.Now())
	ctx, cancel := context.WithCancel(context.WithoutCancel(p.t.Context()))
	done := make(chan struct{})
	p.t.Cleanup(func() { cancel(); <-done })
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			frames, lost, err := sub.Next(ctx, nil)
			if lost {
				h.t.Error("frames are lost")
			}
			if err != nil || lost {
				return
			}
			h.mu.Lock()
			for _, f := range frames {
				h.all = append(h.all, unpack(h.t, f))
			}
			h.mu.Unlock()
		}
	}()
	return h
}

// lines are the turns of a call as they came.
func (h *hear) lines(id ringside.CallID) (out []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.all {
		if f.Call == id.String() && f.Type == live.EventLine && !f.Line.Partial {
			out = append(out, fmt.Sprint(f.Line.Turn, " ", f.Line.Text))
		}
	}
	return out
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// A call whose events come in at one process is shown by the others: its turns,
// what is being said, its end. One process looks for trouble in it.
func TestACallIsShownByEveryProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		server := natstest.New(t)
		a, b := join(t, s, server), join(t, s, server)
		heard := b.hear()
		id := a.tell("one", `{"type":"started","agent":"desk"}`)
		b.until(id, there)
		for i := range 10 {
			a.tell("one", says("agent", fmt.Sprint("Turn ", i)))
		}
		c := b.until(id, func(c *live.Call) bool { return c.Turns == 10 })
		if c.Agent != "desk" || c.LastLine.Text != "Turn 9" {
			t.Errorf("%+v", c)
		}
		a.Partials(workspace, id, []ringside.Partial{{Role: ringside.RoleUser, Text: "I wo", At: time.Now()}})
		c = b.until(id, func(c *live.Call) bool { return c.Speaking == "customer" })
		if said := c.Saying(); len(said) != 1 || said[0].Text != "I wo" {
			t.Errorf("%+v", said)
		}
		eventually(t, "a looks at the call", func() bool { return a.eyes.looks(id) > 2 })
		a.tell("one", `{"type":"ended"}`)
		b.until(id, func(c *live.Call) bool { return c == nil })
		if n := b.eyes.looks(id); n > 0 {
			t.Errorf("b looked %d times at a call of a's", n)
		}
		eventually(t, "its turns were told", func() bool { return len(heard.lines(id)) >= 10 })
		inOrder(t, heard.lines(id), 10)
	})
}

func inOrder(t *testing.T, lines []string, turns int) {
	t.Helper()
	if len(lines) != turns {
		t.Errorf("%d lines came, want %d: %q", len(lines), turns, lines)
	}
	for i, line := range lines {
		if line != fmt.Sprintf("%d Turn %d", i, i) {
			t.Errorf("line %d is %q", i, line)
		}
	}
}

// Whichever process an event comes in at, everybody gets each turn once and in
// order.
func TestEventsThatAlternate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		server := natstest.New(t)
		a, b := join(t, s, server), join(t, s, server)
		b.n = 100_000 // the names of events are others
		atA, atB := a.hear(), b.hear()
		const calls, turns = 6, 12
		var all sync.WaitGroup
		ids := make([]ringside.CallID, calls)
		for i := range calls {
			all.Go(func() {
				name := fmt.Sprint("call-", i)
				ids[i] = a.tell(name, `{"type":"started"}`)
				for j := range turns {
					[]*process{a, b}[(i+j)%2].tell(name, says("agent", fmt.Sprint("Turn ", j)))
				}
				[]*process{b, a}[i%2].tell(name, `{"type":"ended"}`)
			})
		}
		all.Wait()
		for _, id := range ids {
			eventually(t, "the call is over everywhere", func() bool {
				return len(atA.lines(id)) >= turns && len(atB.lines(id)) >= turns && a.Get(workspace, id) == nil && b.Get(workspace, id) == nil
			})
			inOrder(t, atA.lines(id), turns)
			inOrder(t, atB.lines(id), turns)
		}
	})
}

// Who told the newest event of a call watches it; when that process is gone, one
// of the others does.
func TestTheWatchIsTakenOver(t *testing.T) {
	s, server := storetest.Postgres(t), natstest.New(t)
	a, b, c := join(t, s, server), join(t, s, server), join(t, s, server)
	b.n, c.n = 100_000, 200_000
	id := a.tell("one", says("agent", "Hello."))
	quiet := b.tell("two", says("agent", "Hello."))
	for _, p := range []*process{a, b, c} {
		p.until(id, there)
		p.until(quiet, there)
	}
	eventually(t, "a looks", func() bool { return a.eyes.looks(id) > 1 && b.eyes.looks(quiet) > 1 })
	b.tell("one", says("user", "Hello!"))
	eventually(t, "b looks", func() bool { return b.eyes.looks(id) > 1 })
	a.until(id, func(c *live.Call) bool { return c.Turns == 2 })
	was := a.eyes.looks(id)
	again := b.eyes.looks(id)
	eventually(t, "b goes on", func() bool { return b.eyes.looks(id) > again+10 })
	if n := a.eyes.looks(id); n > was+1 || c.eyes.looks(id) > 0 {
		t.Errorf("a looked %d times more, c %d times", n-was, c.eyes.looks(id))
	}
	b.cord.Cut.Store(true) // it dies, and says nothing
	b.Stop()
	eventually(t, "both are watched", func() bool {
		return a.eyes.looks(id)+c.eyes.looks(id) > was+10 && a.eyes.looks(quiet)+c.eyes.looks(quiet) > 10
	})
	first, second := a, c
	if c.cord.Process() < a.cord.Process() {
		first, second = c, a
	}
	if first.eyes.looks(quiet) == 0 || second.eyes.looks(quiet) > 0 {
		t.Errorf("the first looked %d times, the second %d", first.eyes.looks(quiet), second.eyes.looks(quiet))
	}
	d := join(t, s, server) // it learns who watches what
	d.until(id, there)
	first.Stop() // it says so
	eventually(t, "somebody watches", func() bool { return second.eyes.looks(quiet)+d.eyes.looks(quiet) > 10 })
}

// What a process did last it may have told nobody: when it is gone, the others
// read it.
func TestAProcessDiesBeforeItTells(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		server := natstest.New(t)
		a, b := join(t, s, server), join(t, s, server)
		ends, goes := a.tell("ends", says("agent", "Hi.")), a.tell("goes", says("agent", "Hi."))
		b.until(ends, there)
		b.until(goes, there)
		a.cord.Cut.Store(true)
		a.tell("ends", `{"type":"ended"}`)
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, goes) }))
		fresh := a.tell("fresh", says("agent", "Hi."))
		a.Stop()
		b.until(fresh, there)
		for _, id := range []ringside.CallID{ends, goes} {
			b.until(id, func(c *live.Call) bool { return c == nil })
		}
	})
}

// A process says that it lives while it waits for the store.
func TestAProcessThatWaitsIsNotDead(t *testing.T) {
	s, server := storetest.Postgres(t), natstest.New(t)
	a, b := join(t, s, server), join(t, s, server)
	id := a.tell("one", says("agent", "Hi."))
	b.until(id, there)
	must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Exec(ctx, `LOCK TABLE calls IN ACCESS EXCLUSIVE MODE`); err != nil {
			return err
		}
		b.cord.Send(bus.Note{Kind: bus.Missed}) // a is to read every call
		said := a.cord.Figures().Sent
		eventually(t, "a says that it lives", func() bool { return a.cord.Figures().Sent > said+20 })
		return nil
	}))
}

// While the server is away each process goes on with its own calls; when it is
// back, all show what all have been told.
func TestTheBusIsAwayForAWhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		server := natstest.New(t)
		a, b := join(t, s, server), join(t, s, server)
		b.n = 100_000
		stays, ends, goes := a.tell("stays", says("agent", "Turn 0")), a.tell("ends", says("agent", "Hi.")), a.tell("goes", says("agent", "Hi."))
		for _, id := range []ringside.CallID{stays, ends, goes} {
			b.until(id, there)
		}
		heard := b.hear()
		server.Stop()
		eventually(t, "both know", func() bool { return !a.cord.Figures().Connected && !b.cord.Figures().Connected })
		a.tell("stays", says("user", "Turn 1"))
		a.tell("ends", `{"type":"ended"}`)
		fresh := a.tell("fresh", says("agent", "Hi."))
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, goes) }))
		a.Forget(workspace, goes)
		b.tell("stays", says("agent", "Turn 2"))
		own := b.tell("own", says("agent", "Hi."))
		server.Start()
		for _, p := range []*process{a, b} {
			p.until(stays, func(c *live.Call) bool { return c.Turns == 3 })
			p.until(fresh, there)
			p.until(own, there)
			p.until(ends, func(c *live.Call) bool { return c == nil })
			p.until(goes, func(c *live.Call) bool { return c == nil })
		}
		if got := heard.lines(stays); !slices.Equal(got, []string{"1 Turn 1", "2 Turn 2"}) {
			t.Errorf("b heard %q", got)
		}
	})
}

// Without a bus, too, a process learns what others are told of its calls, and one
// that another has ended or deleted is not shown for ever.
func TestWithoutABus(t *testing.T) {
	s := storetest.Postgres(t)
	alone := func(n int) *floor {
		f := openWith(t, live.Config{Store: s, Times: live.Times{Look: 20 * time.Millisecond}})
		f.n = n
		return f
	}
	a, b := alone(0), alone(100_000)
	ends, goes, stays := a.tell("ends", says("agent", "Hi.")), a.tell("goes", says("user", "Private words")), a.tell("stays", says("agent", "Hi."))
	for _, id := range []ringside.CallID{ends, goes, stays} {
		a.until(id, there)
	}
	b.tell("ends", `{"type":"ended"}`)
	must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, goes) }))
	b.Forget(workspace, goes)
	for _, id := range []ringside.CallID{ends, goes} {
		a.until(id, func(c *live.Call) bool { return c == nil })
	}
	b.tell("stays", says("user", "Hello?"))
	a.until(stays, func(c *live.Call) bool { return c != nil && c.Turns == 2 })
}

// A call that is deleted at one process is gone at the others, with what was said
// in it.
func TestADeletedCallIsForgottenEverywhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		server := natstest.New(t)
		a, b := join(t, s, server), join(t, s, server)
		epoch, _, _ := strings.Cut(strings.TrimPrefix(string(b.Subscribe(workspace, live.Filter{}).Snapshot(time.Now()).SSE), "id: "), "-")
		replayed := func() string {
			b.Flush()
			sub := b.Subscribe(workspace, live.Filter{Transcript: true})
			if !sub.Resumes(epoch + "-0") {
				t.Fatal("the stream does not go on")
			}
			frames, _, err := sub.Next(t.Context(), nil)
			must(t, err)
			var all strings.Builder
			for _, f := range frames {
				all.Write(f.SSE)
			}
			return all.String()
		}
		id := a.tell("one", says("user", "Private words"))
		b.until(id, there)
		eventually(t, "b has the words", func() bool { return strings.Contains(replayed(), "Private words") })
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, id) }))
		a.Forget(workspace, id)
		b.until(id, func(c *live.Call) bool { return c == nil })
		eventually(t, "b has them no more", func() bool { return !strings.Contains(replayed(), "Private words") })

		other := a.tell("two", says("user", "Hello."))
		b.until(other, there)
		a.ForgetWorkspace(workspace)
		b.until(other, func(c *live.Call) bool { return c == nil })
	})
}
