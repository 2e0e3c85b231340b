package nats_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	client "github.com/nats-io/nats.go"
	"go.uber.org/goleak"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/bus"
	"github.com/ringsidehq/ringside/internal/bus/nats"
	"github.com/ringsidehq/ringside/internal/bus/nats/natstest"
	"github.com/ringsidehq/ringside/internal/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func box(t *testing.T) *secret.Box {
	t.Helper()
	b, err := secret.Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// process is one end of the bus, with what came to it.
type process struct {
	*nats.Bus
	t *testing.T

	mu     sync.Mutex
	notes  []bus.Note // but for signs of life; guarded by mu
	missed int        // guarded by mu
}

func join(t *testing.T, url, installation string, secrets *secret.Box) *process {
	t.Helper()
	b, err := nats.New(nats.Config{Server: nats.Server{URL: url}, Installation: installation, Secrets: secrets, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Bus: b, t: t}
	err = b.Start(func(n *bus.Note) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if n.Kind != bus.Alive {
			p.notes = append(p.notes, *n)
		}
	}, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.missed++
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Stop)
	return p
}

// got is what came, in short.
func (p *process) got() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for i := range p.notes {
		all = append(all, strings.TrimSpace(fmt.Sprint(p.notes[i].Kind, " ", p.notes[i].Workspace)))
	}
	return strings.Join(all, ", ")
}

func (p *process) misses() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.missed
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func closed(name string) bus.Note { return bus.Note{Kind: bus.Closed, Workspace: name} }

// Who is of one installation hears the others, in their order, and not itself;
// who is of another hears nothing.
func TestNotesReachTheOthers(t *testing.T) {
	s, key := natstest.New(t), box(t)
	a, b, c := join(t, s.URL, "one", key), join(t, s.URL, "one", key), join(t, s.URL, "two", key)
	for i := range 3 {
		a.Send(closed(fmt.Sprint(i)))
	}
	until(t, "they come in their order", func() bool { return b.got() == "closed 0, closed 1, closed 2" })
	until(t, "a hears itself work", func() bool { return time.Since(a.Echo()) < time.Minute })
	c.Send(closed("c"))
	until(t, "c hears itself work", func() bool { return time.Since(c.Echo()) < time.Minute })
	b.Send(closed("b"))
	until(t, "b is heard", func() bool { return a.got() == "closed b" })
	if !strings.Contains(a.Echo().String(), "m=") {
		t.Errorf("%v moves when somebody sets the clock", a.Echo())
	}
	if b.got() != "closed 0, closed 1, closed 2" || c.got() != "" || a.misses()+b.misses()+c.misses() > 0 {
		t.Errorf("b heard %q, c %q; %d, %d, %d missed", b.got(), c.got(), a.misses(), b.misses(), c.misses())
	}
	if f := a.Figures(); f != (nats.Figures{Sent: 3, Received: 1, Connected: true}) {
		t.Errorf("%+v", f)
	}
}

// Whatever else comes is dropped and counted, a note under another key too.
func TestGarbageIsDropped(t *testing.T) {
	s, key := natstest.New(t), box(t)
	a, stranger := join(t, s.URL, "one", key), join(t, s.URL, "one", box(t))
	raw, err := client.Connect(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, b := range [][]byte{nil, []byte("garbage"), []byte(`{"kind":"closed","process":"x","workspace":"w"}`), key.Seal("bus", []byte("{")), key.Seal("bus", []byte(`{"kind":"reboot","process":"x"}`))} {
		if err := raw.Publish("ringside.one.x", b); err != nil {
			t.Fatal(err)
		}
	}
	stranger.Send(closed("forged"))
	until(t, "all of it is counted", func() bool { return a.Figures().Dropped == 6 })
	if a.got() != "" || a.Figures().Received != 0 {
		t.Errorf("taken: %q", a.got())
	}
}

// What is on the server can't be read there.
func TestNotesAreSealed(t *testing.T) {
	s := natstest.New(t)
	raw, err := client.Connect(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	seen, err := raw.SubscribeSync(">")
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Flush(); err != nil {
		t.Fatal(err)
	}
	a := join(t, s.URL, "one", box(t))
	a.Send(bus.Note{Kind: bus.Partials, Call: ringside.NewCallID("w", "p", "c"), Partials: []ringside.Partial{{Role: ringside.RoleUser, Text: "my secret word"}}})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	m, err := seen.NextMsgWithContext(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(m.Data), "word") || strings.Contains(string(m.Data), "partials") {
		t.Errorf("on the server stands %q", m.Data)
	}
}

// While the server is away nothing waits for it; when it is back, everybody knows
// that something was missed.
func TestTheServerGoesAndComesBack(t *testing.T) {
	s, key := natstest.New(t), box(t)
	a, b := join(t, s.URL, "one", key), join(t, s.URL, "one", key)
	s.Stop()
	until(t, "both know", func() bool { return !a.Figures().Connected && !b.Figures().Connected })
	a.Send(closed("lost"))
	until(t, "it is counted", func() bool { return a.Figures().Dropped == 1 })
	s.Start()
	until(t, "both are told to look", func() bool { return a.misses() == 1 && b.misses() == 1 })
	a.Send(closed("x"))
	until(t, "notes come again, after word of what was not sent", func() bool { return b.got() == "missed, closed x" })
}

// line leads to a server, and can go dead: what is sent gets nowhere, and nobody
// is told.
type line struct {
	url       string
	dead      atomic.Bool
	swallowed atomic.Int64 // in bytes

	mu    sync.Mutex
	conns []net.Conn // guarded by mu
}

func newLine(t *testing.T, to string) *line {
	t.Helper()
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{url: "nats://" + in.Addr().String()}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := in.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("tcp", strings.TrimPrefix(to, "nats://"))
			if err != nil {
				t.Error(err)
				return
			}
			l.mu.Lock()
			l.conns = append(l.conns, c, s)
			l.mu.Unlock()
			done.Go(func() { _, _ = io.Copy(c, s) })
			done.Go(func() { _, _ = io.Copy(end{l, s}, c) })
		}
	})
	t.Cleanup(func() { _ = in.Close(); l.cut(); done.Wait() })
	return l
}

// end is that of a line at the server.
type end struct {
	l *line
	net.Conn
}

func (e end) Write(b []byte) (int, error) {
	if e.l.dead.Load() {
		e.l.swallowed.Add(int64(len(b)))
		return len(b), nil
	}
	return e.Conn.Write(b)
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

// What was sent into a connection that was dead is known to be lost: the others
// are told when there is another.
func TestTheConnectionWasDead(t *testing.T) {
	s, key := natstest.New(t), box(t)
	l := newLine(t, s.URL)
	a, b := join(t, l.url, "one", key), join(t, s.URL, "one", key)
	a.Send(closed("x"))
	until(t, "it is heard", func() bool { return b.got() == "closed x" })
	l.dead.Store(true)
	a.Send(closed("lost"))
	until(t, "it is gone", func() bool { return l.swallowed.Load() > 0 })
	l.dead.Store(false)
	l.cut()
	until(t, "a is there again", func() bool { return a.misses() == 1 })
	a.Send(closed("y"))
	until(t, "b is told", func() bool { return b.got() == "closed x, missed, closed y" })
}

// Nobody reads every call again for words that were only to be shown.
func TestWordsThatAreNotSentAreNotMissed(t *testing.T) {
	s, key := natstest.New(t), box(t)
	a, b := join(t, s.URL, "one", key), join(t, s.URL, "one", key)
	a.Send(bus.Note{Kind: bus.Partials, Call: ringside.NewCallID("w", "p", "c"), Partials: []ringside.Partial{{Role: ringside.RoleUser, Text: strings.Repeat("x", 300<<10)}}})
	a.Send(closed("x"))
	until(t, "b hears", func() bool { return b.got() != "" && strings.HasSuffix(b.got(), "closed x") })
	if b.got() != "closed x" || a.Figures().Dropped != 1 {
		t.Errorf("b heard %q, %d dropped", b.got(), a.Figures().Dropped)
	}
}

// A server that is not there yet holds up nobody.
func TestTheServerComesLater(t *testing.T) {
	s, key := natstest.New(t), box(t)
	s.Stop()
	a := join(t, s.URL, "one", key)
	if f := a.Figures(); f.Connected {
		t.Errorf("%+v", f)
	}
	s.Start()
	until(t, "it is there", func() bool { return a.Figures().Connected && a.misses() == 1 })
}

// Too many notes at once are dropped, never waited with.
func TestTheQueueIsBounded(t *testing.T) {
	key := box(t)
	b, err := nats.New(nats.Config{Server: nats.Server{URL: "nats://127.0.0.1:1"}, Installation: "one", Secrets: key, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for range 20_000 {
		b.Send(closed("x"))
	}
	if got := b.Figures().Dropped; got == 0 || got == 20_000 {
		t.Errorf("%d dropped", got)
	}
	b.Stop()
	b.Stop()
}

func TestWhatIsNoServer(t *testing.T) {
	for _, s := range []nats.Server{
		{URL: "nats.example.com"},
		{URL: "http://nats.example.com"},
		{URL: "nats://"},
		{URL: "nats://user:hunter2@a:1,b"},
		{URL: "nats://user:hunter2@a:x"},
		{URL: "nats://a:1", Creds: filepath.Join(t.TempDir(), "missing.creds")},
	} {
		_, err := nats.New(nats.Config{Server: s})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", s.URL, err)
		}
		if _, err := nats.Check(s); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("check of %q: %v", s.URL, err)
		}
	}
	creds := filepath.Join(t.TempDir(), "x.creds")
	if err := os.WriteFile(creds, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := nats.New(nats.Config{Server: nats.Server{URL: "tls://a.example.com:4222, nats://b", Creds: creds}}); err != nil {
		t.Error(err)
	}
}

func TestCheck(t *testing.T) {
	s := natstest.New(t)
	if found, err := nats.Check(nats.Server{URL: s.URL}); err != nil || !strings.Contains(found, "answers in") {
		t.Errorf("%q, %v", found, err)
	}
	s.Stop()
	if found, err := nats.Check(nats.Server{URL: s.URL}); err == nil {
		t.Errorf("it answers: %q", found)
	}
}
