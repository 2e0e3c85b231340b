package live

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/bus"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
)

// Bus carries notes to the other processes on the same database, and theirs here.
// Notes of one process come in their order; any may be lost.
type Bus interface {
	// Process names this process; no other has the name.
	Process() string
	// Start begins to carry. note is given what others tell, one after the other,
	// and must not block; missed is called when some of it may have been lost.
	Start(note func(*bus.Note), missed func()) error
	// Send tells the others something. It never blocks, and may be called before
	// Start and after Stop.
	Send(bus.Note)
	// Echo is when something that was sent from here came back last: the bus worked
	// both ways then.
	Echo() time.Time
	// Stop sends what waits, if it can be sent soon, and ends.
	Stop()
}

// Times are those by which processes tell whether others are there.
type Times struct {
	Beat time.Duration // between two signs of life
	Dead time.Duration // how long a process that says nothing is taken to live
	Look time.Duration // between two looks at the store, of a process that others tell nothing
}

// DefaultTimes let a process miss some signs.
var DefaultTimes = Times{Beat: 2 * time.Second, Dead: 10 * time.Second, Look: 10 * time.Second}

// peers are the other processes on the same database. A nil one is a process that
// is alone; all its methods but note may be called.
type peers struct {
	engine *Engine
	bus    Bus
	times  Times
	reads  reads
	around atomic.Pointer[company]
	rouse  chan struct{} // every call is to be read again

	mu      sync.Mutex
	heard   map[string]time.Time // by process; guarded by mu
	settled time.Time            // since when the others are heard; guarded by mu
}

// company is who is there, at a moment.
type company struct {
	alive  map[string]bool // the others
	judges bool            // this process takes over what nobody watches
}

func newPeers(e *Engine) *peers {
	p := &peers{
		engine: e, bus: e.cfg.Bus, times: cmp.Or(e.cfg.Times, DefaultTimes), reads: newReads(),
		rouse: make(chan struct{}, 1), heard: map[string]time.Time{},
	}
	p.around.Store(&company{})
	return p
}

// listen begins to take notes: before the calls are loaded, so that none is
// missed in between.
func (p *peers) listen() error {
	if p == nil {
		return nil
	}
	p.settled = time.Now()
	if err := p.bus.Start(p.note, p.rejoin); err != nil {
		return fmt.Errorf("start the bus: %w", err)
	}
	return nil
}

// start begins to say that this process is there, and to read what others change.
func (p *peers) start(ctx context.Context, done *sync.WaitGroup) {
	if p == nil {
		return
	}
	for range readers {
		done.Go(func() { p.work(ctx) })
	}
	done.Go(func() { p.run(ctx) })
	done.Go(func() { p.reread(ctx) })
	p.bus.Send(bus.Note{Kind: bus.Hello})
}

func (p *peers) stop() {
	if p != nil {
		p.bus.Send(bus.Note{Kind: bus.Bye})
		p.bus.Stop()
	}
}

// me names this process; alone it needs no name.
func (p *peers) me() string {
	if p == nil {
		return ""
	}
	return p.bus.Process()
}

func (p *peers) send(n bus.Note) {
	if p != nil {
		p.bus.Send(n)
	}
}

func (p *peers) committed(c *ledger.Commit) {
	if p != nil {
		p.bus.Send(bus.Note{
			Kind: bus.Committed, Workspace: c.Call.WorkspaceID, Call: c.Call.ID, Seq: c.Version.Seq, Events: c.Version.Events, Ended: !On(c.Call.Status),
		})
	}
}

// changed tells that what is stored beside a call has changed.
func (p *peers) changed(call ringside.CallID) { p.send(bus.Note{Kind: bus.Changed, Call: call}) }

// watching tells which calls this process watches.
func (p *peers) watching(all []bus.Claim) {
	for some := range slices.Chunk(all, bus.MaxClaims) {
		p.send(bus.Note{Kind: bus.Watching, Claims: some})
	}
}

// note takes what another process tells. Whatever is about a call that is shown
// goes by its shard, which alone knows whether it is.
func (p *peers) note(n *bus.Note) {
	p.hear(n)
	e := p.engine
	post := func(write func(*letter)) { e.shard(n.Call).post(n.Call, write) }
	v := store.Version{Seq: n.Seq, Events: n.Events}
	switch n.Kind {
	case bus.Committed:
		if n.Ended {
			post(func(l *letter) { l.ends(v) })
			return
		}
		p.read(store.OpenCall{Workspace: n.Workspace, Call: n.Call}, toRead{commits: claim{n.Process, v}})
	case bus.Changed:
		post(func(l *letter) { l.changed = true })
	case bus.Partials:
		e.hear(n.Call, n.Partials)
	case bus.Gone:
		e.forget(e.hub(n.Workspace), n.Call)
	case bus.Closed:
		e.close(n.Workspace)
	case bus.Agents:
		e.agents.forget()
	case bus.Watching:
		for _, c := range n.Claims {
			e.shard(c.Call).post(c.Call, func(l *letter) {
				l.claims = append(l.claims, claim{n.Process, store.Version{Seq: c.Seq, Events: c.Events}})
			})
		}
	case bus.Hello:
		p.announce()
	case bus.Missed:
		p.again()
	}
}

// hear notes that a process is there, or that it ends.
func (p *peers) hear(n *bus.Note) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, known := p.heard[n.Process]
	p.heard[n.Process] = time.Now()
	if n.Kind == bus.Bye {
		delete(p.heard, n.Process)
	}
	if !known || n.Kind == bus.Bye {
		p.judge(time.Now())
	}
}

// judge tells who is there. Whoever does not hear its own words judges nobody,
// and nobody either soon after: what nobody watches then is watched by the process
// whose name comes first. The caller holds mu.
func (p *peers) judge(now time.Time) {
	if now.Sub(p.bus.Echo()) > p.times.Dead/2 {
		p.settled = now
	}
	maps.DeleteFunc(p.heard, func(_ string, at time.Time) bool {
		dead := now.Sub(at) > p.times.Dead
		if dead {
			p.again() // its last notes may have died with it
		}
		return dead
	})
	c := &company{alive: make(map[string]bool, len(p.heard)), judges: now.Sub(p.settled) > p.times.Dead}
	for name := range p.heard {
		c.alive[name] = true
		c.judges = c.judges && p.me() < name
	}
	p.around.Store(c)
}

// announce has every shard say which calls this process watches.
func (p *peers) announce() {
	for _, s := range p.engine.shards {
		s.asked.Store(true)
	}
}

// rejoin comes back to the others: what they told meanwhile was not heard.
func (p *peers) rejoin() {
	p.again()
	p.announce()
	p.send(bus.Note{Kind: bus.Hello})
}

// again has every call read again.
func (p *peers) again() {
	select {
	case p.rouse <- struct{}{}:
	default:
	}
}

// run says that this process is there, and looks who else is. It waits for nothing:
// a process whose store is slow is not dead.
func (p *peers) run(ctx context.Context) {
	beat := time.NewTicker(p.times.Beat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			p.send(bus.Note{Kind: bus.Alive})
			p.mu.Lock()
			p.judge(time.Now())
			p.mu.Unlock()
		}
	}
}

// reread has every call read again when something was missed.
func (p *peers) reread(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.rouse:
			if err := p.readAll(ctx); err != nil && ctx.Err() == nil {
				p.engine.cfg.Log.WarnContext(ctx, "the calls that are on can't be read again; they are soon", slog.Any("error", err))
				time.AfterFunc(readAgain, p.again)
			}
		}
	}
}
