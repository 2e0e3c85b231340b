// Package nats carries the bus's notes between processes by a NATS server.
//
//	Send ─▶ queue, bounded ─▶ sealed ─▶ ringside.<installation>.<process>
//	                                            │ every process subscribes to all
//	note ◀── opened, decoded ◀──────────────────┘
//
// It is core NATS: what is published while nobody listens is gone. Notes are sealed
// with the installation's key, so whoever else is on the server can neither read
// nor make any.
//
// # What each failure does
//
//   - The server is away: notes are dropped and counted; the connection is made
//     again for as long as it takes. When it is there missed is called, and the
//     others are told that some notes were not sent: what was on its way is lost
//     uncounted. The start does not wait for it.
//   - The queue is full, or the server takes nothing: notes are dropped and
//     counted, and the others are told that some were.
//   - This process takes notes too slowly: the client drops some, and missed is
//     called.
//   - What is no note, or sealed with another key: dropped, counted, and logged now
//     and then.
package nats

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	client "github.com/nats-io/nats.go"

	"github.com/ringsidehq/ringside/internal/bus"
	"github.com/ringsidehq/ringside/internal/secret"
)

const (
	// maxQueued is how many notes wait to be sent; past it they are dropped.
	maxQueued = 8192
	// maxPending and maxPendingBytes are how many received notes wait to be taken.
	maxPending      = 1 << 16
	maxPendingBytes = 32 << 20
	// within bounds each exchange with the server, and the last at Stop.
	within = 5 * time.Second
	// pingEvery is how often the connection is tried.
	pingEvery = 5 * time.Second
	// complainEvery is how often notes that can't be read are logged.
	complainEvery = time.Minute
)

// Server is how the NATS server is reached.
type Server struct {
	URL   string // nats://host:4222, tls://…, several with commas; a user and password may stand in it
	Creds string // a file with an NKey and JWT; empty: none
}

// Config is what the bus works with.
type Config struct {
	Server
	Installation string // what the processes on one database have in common: letters and digits
	Secrets      *secret.Box
	Log          *slog.Logger
}

// Bus is the connection of one process.
type Bus struct {
	cfg     Config
	process string
	subject string // of what this process tells
	queue   chan bus.Note
	begun   time.Time
	conn    *client.Conn // nil before Start
	stop    chan struct{}
	done    sync.WaitGroup
	once    sync.Once

	gap                     atomic.Bool // notes were dropped since the others were told so
	up                      atomic.Bool
	echo                    atomic.Int64 // when a note of this process came back, in ns since begun
	sent, received, dropped atomic.Int64

	// Of the subscription's goroutine alone.
	note       func(*bus.Note)
	missed     func()
	slow       int       // how many the client had dropped
	complained time.Time // about what can't be read
}

// New checks how the server is reached, and connects to nothing.
func New(c Config) (*Bus, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	process := rand.Text()
	return &Bus{
		cfg: c, process: process, subject: subject(c.Installation, process), queue: make(chan bus.Note, maxQueued), stop: make(chan struct{}),
		begun: time.Now(),
	}, nil
}

func subject(installation, process string) string { return "ringside." + installation + "." + process }

// schemes are those of NATS.
var schemes = map[string]bool{"nats": true, "tls": true, "ws": true, "wss": true}

// check says what is wrong with how a server is reached, without what may be
// secret in it.
func (s *Server) check() error {
	for one := range strings.SplitSeq(s.URL, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || !schemes[u.Scheme] {
			return fmt.Errorf("the address of the NATS server is none; it looks like nats://nats.example.com:4222, with tls:// for encryption")
		}
	}
	if s.Creds == "" {
		return nil
	}
	f, err := os.Open(s.Creds)
	if err != nil {
		return fmt.Errorf("credentials for the NATS server: %w", err)
	}
	return f.Close()
}

func (s *Server) options(name string) []client.Option {
	o := []client.Option{client.Name(name), client.Timeout(within), client.PingInterval(pingEvery), client.MaxPingsOutstanding(2), client.FlusherTimeout(within)}
	if s.Creds != "" {
		o = append(o, client.UserCredentials(s.Creds))
	}
	return o
}

// Process names this process.
func (b *Bus) Process() string { return b.process }

// Start connects, or begins to try, and has notes taken. It implements live.Bus.
func (b *Bus) Start(note func(*bus.Note), missed func()) (err error) {
	b.note, b.missed = note, missed
	// The client says that it is connected for the first time, too. When that was so
	// before anything could be missed, nobody needs to know.
	var first atomic.Bool
	joined := func(*client.Conn) {
		b.up.Store(true)
		b.cfg.Log.Info("the bus is there")
		if !first.Swap(false) {
			b.gap.Store(true) // what was on its way when the connection broke is lost, too
			missed()
		}
	}
	first.Store(true)
	b.conn, err = client.Connect(b.cfg.URL, append(b.cfg.options("ringside "+b.process),
		client.RetryOnFailedConnect(true), client.MaxReconnects(-1), client.ReconnectWait(time.Second), client.IgnoreAuthErrorAbort(),
		client.ReconnectBufSize(-1), // what is told late is of no use
		client.ConnectHandler(joined), client.ReconnectHandler(joined), client.DisconnectErrHandler(b.away), client.ErrorHandler(b.trouble),
	)...)
	if err != nil {
		return fmt.Errorf("connect to the NATS server: %w", err)
	}
	sub, err := b.conn.Subscribe(subject(b.cfg.Installation, "*"), b.take)
	if err == nil {
		err = sub.SetPendingLimits(maxPending, maxPendingBytes)
	}
	if err != nil {
		b.conn.Close()
		return fmt.Errorf("listen at the NATS server: %w", err)
	}
	if b.conn.IsConnected() {
		ctx, cancel := context.WithTimeout(context.Background(), within)
		defer cancel()
		if err := b.conn.FlushWithContext(ctx); err != nil { // it has the subscription now
			first.Store(false)
		}
	} else {
		first.Store(false)
		b.cfg.Log.Warn("the NATS server can't be reached; calls that come in at other processes are shown when it can")
	}
	b.done.Go(b.run)
	return nil
}

func (b *Bus) away(_ *client.Conn, err error) {
	select {
	case <-b.stop:
		return
	default:
	}
	b.up.Store(false)
	b.cfg.Log.Warn("the NATS server is away; calls that come in at other processes are shown late", slog.Any("error", err))
}

func (b *Bus) trouble(_ *client.Conn, _ *client.Subscription, err error) {
	b.cfg.Log.Warn("trouble with the NATS server", slog.Any("error", err))
}

// Send has a note sent to the other processes, or dropped when too many wait.
func (b *Bus) Send(n bus.Note) {
	n.Process = b.process
	select {
	case b.queue <- n:
	default:
		b.drop(&n)
	}
}

// drop counts a note that is not sent. A sign of life is not missed, and what was
// being said nobody could read.
func (b *Bus) drop(n *bus.Note) {
	b.dropped.Add(1)
	if n.Kind != bus.Alive && n.Kind != bus.Partials {
		b.gap.Store(true)
	}
}

// run sends notes until Stop, and then those that wait.
func (b *Bus) run() {
	for {
		select {
		case n := <-b.queue:
			b.publish(&n)
		case <-b.stop:
			for {
				select {
				case n := <-b.queue:
					b.publish(&n)
				default:
					return
				}
			}
		}
	}
}

func (b *Bus) publish(n *bus.Note) {
	if !b.conn.IsConnected() {
		b.drop(n)
		return
	}
	if b.gap.Swap(false) {
		b.put(&bus.Note{Kind: bus.Missed, Process: b.process})
	}
	b.put(n)
}

func (b *Bus) put(n *bus.Note) {
	plain, err := n.Encode()
	if err == nil {
		err = b.conn.Publish(b.subject, b.cfg.Secrets.Seal(purpose, plain))
	}
	if err != nil {
		b.drop(n)
		return
	}
	b.sent.Add(1)
}

// purpose is what notes are sealed for.
const purpose = "bus"

// take takes what came: a note of another process's, one of this process's that
// has come back, or something that is none.
func (b *Bus) take(m *client.Msg) {
	if lost, err := m.Sub.Dropped(); err == nil && lost > b.slow {
		b.slow = lost
		b.missed()
	}
	if m.Subject == b.subject {
		b.echo.Store(int64(time.Since(b.begun)))
		return
	}
	plain, err := b.cfg.Secrets.Open(purpose, m.Data)
	var n *bus.Note
	if err == nil {
		n, err = bus.Decode(plain)
	}
	if err != nil {
		b.dropped.Add(1)
		if now := time.Now(); now.Sub(b.complained) > complainEvery {
			b.complained = now
			b.cfg.Log.Warn("what came over the bus can't be read; have all processes the same secret key and version?", slog.Any("error", err))
		}
		return
	}
	b.received.Add(1)
	b.note(n)
}

// Echo is when something that this process sent came back last; the zero time
// before the first. Setting the machine's clock does not move it.
func (b *Bus) Echo() time.Time {
	if at := time.Duration(b.echo.Load()); at > 0 {
		return b.begun.Add(at)
	}
	return time.Time{}
}

// Figures are what the bus has done since the start.
type Figures struct {
	Sent, Received int64
	Dropped        int64 // notes that were not sent, and what could not be taken
	Connected      bool
}

// Figures tells what the bus has done.
func (b *Bus) Figures() Figures {
	return Figures{Sent: b.sent.Load(), Received: b.received.Load(), Dropped: b.dropped.Load(), Connected: b.up.Load()}
}

// Stop sends what waits, and ends. It may be called before Start, and twice.
func (b *Bus) Stop() {
	b.once.Do(func() {
		close(b.stop)
		b.done.Wait()
		if b.conn == nil {
			return
		}
		if b.conn.IsConnected() {
			_ = b.conn.FlushTimeout(within) // else it is gone, and so is what waits
		}
		b.conn.Close()
		b.up.Store(false)
	})
}

// Check asks a server whether it answers, and gives what is worth telling.
func Check(s Server) (string, error) {
	if err := s.check(); err != nil {
		return "", err
	}
	c, err := client.Connect(s.URL, s.options("ringside doctor")...)
	if err != nil {
		return "", fmt.Errorf("connect to the NATS server: %w", err)
	}
	defer c.Close()
	took, err := c.RTT()
	if err != nil {
		return "", fmt.Errorf("ask the NATS server: %w", err)
	}
	return fmt.Sprintf("NATS %s answers in %.1f ms", c.ConnectedServerVersion(), float64(took.Microseconds())/1000), nil
}
