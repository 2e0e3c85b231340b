package live

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/bus"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what the engine works with.
type Config struct {
	Store *store.Store
	Watch Watcher // nil: nothing is watched for
	// Loaded is shown each call that is on when the engine starts; nil for
	// nobody.
	Loaded func(ledger.Commit)
	Bus    Bus   // to the other processes on the same database; nil: there is none
	Times  Times // DefaultTimes when zero
	Log    *slog.Logger
}

// Watcher judges calls in progress. It is called by a call's owner, one call at
// a time, and must not block.
type Watcher interface {
	// Look gives the alerts that are open now, from those that were, and when to
	// look again if nothing happens; the zero time for not by itself.
	Look(n *Now) (open []*ringside.Alert, again time.Time)
	// Changed is told which alerts were opened and resolved in a call.
	Changed(n *Now, opened, resolved []*ringside.Alert)
	// Elsewhere is told of a call that another process watches, in place of Look.
	Elsewhere(n *Now)
	// Known gives the alerts of a call as they are stored, open and over, in the
	// order in which they were triggered.
	Known(ctx context.Context, workspace string, call ringside.CallID) ([]*ringside.Alert, error)
}

// Now is a call in progress at a moment.
type Now struct {
	Call     *ringside.Call
	AgentID  string
	Settings *ringside.AgentSettings // never nil
	Local    *ringside.Local         // nil before the first assessment
	At       time.Time
	Elapsed  time.Duration // since the call's start
	Silent   time.Duration // since the newest word, where there was one; else 0
	Partials bool          // what is being said is told, not only what was said
	Alerts   []*ringside.Alert
	Ended    bool
}

// flushEvery is how often readers are woken at most.
const flushEvery = 50 * time.Millisecond

// Engine is the calls that are on.
type Engine struct {
	cfg    Config
	shards []*shard
	agents settings
	peers  *peers // nil: this process is alone
	shared bool   // other processes may be on the store: what is read from it may come late

	mu   sync.Mutex
	hubs map[string]*hub // by workspace; guarded by mu

	stop context.CancelFunc
	done sync.WaitGroup
}

// New makes an engine; Start starts it.
func New(c Config) *Engine {
	e := &Engine{cfg: c, hubs: map[string]*hub{}, agents: settings{store: c.Store, log: c.Log}}
	e.shared = c.Bus != nil || c.Store != nil && c.Store.Engine == store.Postgres
	for range max(2, runtime.GOMAXPROCS(0)) {
		e.shards = append(e.shards, newShard(e))
	}
	if c.Bus != nil {
		e.peers = newPeers(e)
	}
	return e
}

// Start loads every call that is on and then follows them. The calls are there
// when it returns.
func (e *Engine) Start(ctx context.Context) error {
	if err := e.peers.listen(); err != nil {
		return err
	}
	if err := e.load(ctx); err != nil {
		e.peers.stop()
		return fmt.Errorf("load the calls that are on: %w", err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	e.stop = cancel
	for _, s := range e.shards {
		s.drain(run, time.Now())
		e.done.Go(func() { s.run(run) })
	}
	e.done.Go(func() { e.flush(run) })
	e.peers.start(run, &e.done)
	if e.peers == nil && e.shared {
		e.done.Go(func() { e.lookAfter(run) })
	}
	return nil
}

// Stop ends following. It may be called before Start, and twice.
func (e *Engine) Stop() {
	if e.stop == nil {
		return
	}
	e.stop()
	e.done.Wait()
	e.peers.stop()
}

// load puts every call that is on into its shard's mailbox.
func (e *Engine) load(ctx context.Context) error {
	refs, err := e.openCalls(ctx)
	if err != nil {
		return err
	}
	next := make(chan store.OpenCall)
	failed := make(chan error, len(e.shards))
	var all sync.WaitGroup
	for range e.shards {
		all.Go(func() {
			for ref := range next {
				if err := e.loadCall(ctx, ref); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for _, ref := range refs {
		next <- ref
	}
	close(next)
	all.Wait()
	close(failed)
	return <-failed
}

func (e *Engine) openCalls(ctx context.Context) (refs []store.OpenCall, err error) {
	err = e.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		refs, err = store.OpenCalls(ctx, tx)
		return err
	})
	return refs, err
}

func (e *Engine) loadCall(ctx context.Context, ref store.OpenCall) error {
	l, err := e.read(ctx, ref)
	if ringside.KindOf(err) == ringside.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if e.cfg.Loaded != nil {
		e.cfg.Loaded(ledger.Commit{Call: l.call, AgentID: l.agentID, Version: l.version})
	}
	e.shard(ref.Call).post(ref.Call, func(have *letter) { have.stored(l) })
	return nil
}

// read reads a call with all that is shown with it. NotFound: it was deleted.
func (e *Engine) read(ctx context.Context, ref store.OpenCall) (*letter, error) {
	l := &letter{}
	err := e.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if l.call, err = store.Call(ctx, tx, ref.Workspace, ref.Call); err != nil {
			return err
		}
		if l.version, err = store.VersionOf(ctx, tx, ref.Call); err != nil {
			return err
		}
		l.proposals, err = store.Proposals(ctx, tx, ref.Workspace, ref.Call)
		return err
	})
	if err != nil {
		return nil, err
	}
	if l.call.Agent != nil {
		l.agentID = l.call.Agent.ID
	}
	if e.cfg.Watch != nil {
		if l.alerts, err = e.cfg.Watch.Known(ctx, ref.Workspace, ref.Call); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (e *Engine) shard(id ringside.CallID) *shard { return e.shards[int(id[15])%len(e.shards)] }

// Observe takes what the ledger has committed. It never blocks.
func (e *Engine) Observe(commits []ledger.Commit) {
	for i := range commits {
		c := &commits[i]
		e.shard(c.Call.ID).post(c.Call.ID, func(l *letter) {
			l.take(c.Call, c.AgentID, c.Version)
			if On(c.Call.Status) {
				l.commits = l.commits.newer(claim{e.peers.me(), c.Version}, e.peers.me())
			}
		})
		e.peers.committed(c)
	}
}

// Partials takes what is being said in a call. It never blocks; of one side the
// newest counts.
func (e *Engine) Partials(_ string, id ringside.CallID, partials []ringside.Partial) {
	e.hear(id, partials)
	e.peers.send(bus.Note{Kind: bus.Partials, Call: id, Partials: partials})
}

func (e *Engine) hear(id ringside.CallID, partials []ringside.Partial) {
	e.shard(id).post(id, func(l *letter) {
		if l.partials == nil {
			l.partials = map[ringside.Role]ringside.Partial{}
		}
		for _, p := range partials {
			l.partials[p.Role] = p
		}
	})
}

// Forget takes a deleted call out, and what was said in it out of what readers
// may still be sent.
func (e *Engine) Forget(workspace string, id ringside.CallID) {
	e.forget(e.hub(workspace), id)
	e.peers.send(bus.Note{Kind: bus.Gone, Workspace: workspace, Call: id})
}

func (e *Engine) forget(from *hub, id ringside.CallID) {
	e.shard(id).post(id, func(l *letter) { *l = letter{gone: from} })
}

// ForgetWorkspace takes a deleted workspace's calls out, and its stream. Call it
// when nothing of the workspace's can come in any more.
func (e *Engine) ForgetWorkspace(workspace string) {
	e.close(workspace)
	e.peers.send(bus.Note{Kind: bus.Closed, Workspace: workspace})
}

func (e *Engine) close(workspace string) {
	e.mu.Lock()
	h := e.hubs[workspace]
	delete(e.hubs, workspace)
	e.mu.Unlock()
	if h == nil {
		return
	}
	for _, c := range h.list() {
		e.forget(h, c.call.ID)
	}
}

// Revise replaces an alert of a call that a person has acknowledged or resolved,
// or adds one that was found elsewhere.
func (e *Engine) Revise(a *ringside.Alert) {
	e.shard(a.Call).post(a.Call, func(l *letter) { l.revised = append(l.revised, a) })
	e.peers.changed(a.Call)
}

// Kept says that alerts of a call were stored: the others show them now, and what
// of them another process was first to store is shown as that.
func (e *Engine) Kept(call ringside.CallID) {
	if e.peers == nil {
		return
	}
	e.shard(call).post(call, func(l *letter) { l.changed = true })
	e.peers.changed(call)
}

// Propose shows what is proposed for a call: all of it, as the store has it. Of
// two that were read at different times each proposal is the one that is further
// on, whichever comes first.
func (e *Engine) Propose(call ringside.CallID, all []*ringside.Proposal) {
	e.shard(call).post(call, func(l *letter) { l.proposals = further(l.proposals, all) })
	e.peers.changed(call)
}

// Agents forgets what is known of agents' settings: they have changed.
func (e *Engine) Agents() {
	e.agents.forget()
	e.peers.send(bus.Note{Kind: bus.Agents})
}

func (e *Engine) hub(workspace string) *hub {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.hubs[workspace]
	if h == nil {
		h = newHub(rand.Text()[:8])
		e.hubs[workspace] = h
	}
	return h
}

// flush wakes readers, all at once and not too often.
func (e *Engine) flush(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, h := range e.all() {
			h.age(time.Now())
			h.flush(false)
		}
	}
}

// Flush wakes every reader now, whether there is something for it or not.
func (e *Engine) Flush() {
	for _, h := range e.all() {
		h.flush(true)
	}
}

func (e *Engine) all() []*hub {
	e.mu.Lock()
	defer e.mu.Unlock()
	hubs := make([]*hub, 0, len(e.hubs))
	for _, h := range e.hubs {
		hubs = append(hubs, h)
	}
	return hubs
}

// Calls lists a workspace's calls as they are shown, those with the worst
// alerts first, then the longest.
func (e *Engine) Calls(workspace string) []*Call { return e.hub(workspace).list() }

// Get gives a call that is on; nil when it is not.
func (e *Engine) Get(workspace string, id ringside.CallID) *Call { return e.hub(workspace).get(id) }

// Subscribe begins to read a workspace's stream. Call Resumes or Snapshot
// before Next.
func (e *Engine) Subscribe(workspace string, f Filter) *Subscription {
	f.index()
	return &Subscription{hub: e.hub(workspace), filter: f}
}

// Quiet makes a ping: it has no number, and says that the stream is alive.
func Quiet(now time.Time) *Frame {
	return Message("", 0, EventPing, map[string]any{"at": now.UTC()})
}

// Resync makes the frame that tells a reader that it was too slow.
func Resync() *Frame { return Message("", 0, EventResync, map[string]any{}) }
