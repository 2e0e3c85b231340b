package follow

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what following needs.
type Config struct {
	Store     *store.Store
	Providers map[string]provider.Provider // by id
	// Line is the way to a call's vendor, with the source whose key it has.
	Line func(context.Context, *ringside.Call) (on provider.Line, source string, err error)
	// Take takes a delivery.
	Take func(context.Context, Delivery) (ledger.Result, error)
	// Partials is shown what is being said. It must not block.
	Partials func(workspace string, call ringside.CallID, p []ringside.Partial)
	Log      *slog.Logger
	Times    Times // DefaultTimes when zero
}

// Delivery is what a vendor told of a call, in the form of a webhook.
type Delivery struct {
	Workspace, Source, Provider string

	Body       []byte
	ReceivedAt time.Time
}

// Times are how long things take.
type Times struct {
	Claim          time.Duration // how long a claim holds unless it is kept
	First, Longest time.Duration // pauses before a connection is made again; each is twice the last
}

// DefaultTimes are for vendors on the internet.
var DefaultTimes = Times{Claim: time.Minute, First: 500 * time.Millisecond, Longest: 15 * time.Second}

const (
	// maxCalls bounds the calls that one process follows; past it, calls are
	// left to the webhooks.
	maxCalls = 1000
	// notOnTries is how often a vendor may say that a call is not on.
	notOnTries = 8
	// forgetAfter is how long a call that was left is known, should no end of it
	// come.
	forgetAfter = 24 * time.Hour
)

// Follower follows calls.
type Follower struct {
	cfg    Config
	holder string // this process, in the store
	ctx    context.Context
	stop   context.CancelFunc
	done   sync.WaitGroup

	mu      sync.Mutex
	started bool                          // guarded by mu
	stopped bool                          // guarded by mu
	calls   map[ringside.CallID]*followed // guarded by mu
	going   int                           // how many of them are being followed; guarded by mu
	sources map[string]State              // guarded by mu
}

// followed is a call that is followed, or was left before its end.
type followed struct {
	call   *ringside.Call
	source string // whose key is used; guarded by the follower's mu
	ctx    context.Context
	cancel context.CancelFunc
	left   time.Time // guarded by the follower's mu; zero while it is followed
}

// State is how following the calls of a source goes, as this process sees it.
type State struct {
	Calls   int        `json:"calls" doc:"How many are being followed"`
	Trouble string     `json:"trouble,omitempty" doc:"Why the newest call that was tried is not followed; empty when it is"`
	At      *time.Time `json:"trouble_at,omitempty"`
}

// New makes a follower; Start starts it.
func New(c Config) *Follower {
	c.Times = cmp.Or(c.Times, DefaultTimes)
	f := &Follower{cfg: c, holder: rand.Text(), calls: map[ringside.CallID]*followed{}, sources: map[string]State{}}
	f.ctx, f.stop = context.WithCancel(context.Background())
	return f
}

// Start begins to follow what has been observed and what will be.
func (f *Follower) Start() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.started || f.stopped {
		return
	}
	f.started = true
	for _, e := range f.calls {
		f.done.Go(func() { f.run(e) })
	}
	f.done.Go(f.keep)
}

// Stop ends every connection and gives the calls up, to be followed by another
// process. It may be called before Start, and twice.
func (f *Follower) Stop() {
	f.mu.Lock()
	f.stopped = true
	f.mu.Unlock()
	f.stop()
	f.done.Wait()
}

// Observe takes what the ledger has committed. It never blocks.
func (f *Follower) Observe(commits []ledger.Commit) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range commits {
		c := commits[i].Call
		e := f.calls[c.ID]
		switch {
		case e != nil && (c.Ended() || len(c.Withheld) > 0):
			delete(f.calls, c.ID)
			f.end(e)
		case e == nil && c.Status == ringside.StatusActive && f.wanted(c):
			e = &followed{call: c}
			e.ctx, e.cancel = context.WithCancel(f.ctx) //nolint:fatcontext // each call its own
			f.calls[c.ID] = e
			f.going++
			if f.started {
				f.done.Go(func() { f.run(e) })
			}
		}
	}
}

// end ends following a call. The caller holds mu.
func (f *Follower) end(e *followed) {
	e.cancel()
	if !f.started && !f.stopped {
		f.going-- // else run does
	}
}

// Forget ends following a call that is deleted.
func (f *Follower) Forget(id ringside.CallID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e := f.calls[id]; e != nil {
		delete(f.calls, id)
		f.end(e)
	}
}

// wanted tells whether a call is one to follow. The caller holds mu.
func (f *Follower) wanted(c *ringside.Call) bool {
	return f.cfg.Providers[c.Provider].Follow != nil && len(c.Withheld) == 0 && f.going < maxCalls && !f.stopped
}

// keep says that this process follows what it does, ends with calls whose key
// was taken away, and forgets those that were left long ago.
func (f *Follower) keep() {
	tick := time.NewTicker(f.cfg.Times.Claim / 3)
	defer tick.Stop()
	for {
		select {
		case <-f.ctx.Done():
			return
		case <-tick.C:
		}
		err := f.cfg.Store.Write(f.ctx, func(ctx context.Context, tx store.Tx) error {
			return store.KeepFollows(ctx, tx, f.holder, time.Now().Add(f.cfg.Times.Claim))
		})
		if err != nil && f.ctx.Err() == nil {
			f.cfg.Log.Warn("can't say which calls are followed", slog.Any("error", err))
		}
		for _, e := range f.current(time.Now()) {
			if on, _, err := f.cfg.Line(f.ctx, e.call); err == nil && on.Key == "" {
				e.cancel()
			}
		}
	}
}

// current gives the calls that are followed, and forgets others.
func (f *Follower) current(now time.Time) (out []*followed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, e := range f.calls {
		switch {
		case e.left.IsZero():
			out = append(out, e)
		case now.Sub(e.left) > forgetAfter:
			delete(f.calls, id)
		}
	}
	return out
}

// Of tells how following the calls of a source goes.
func (f *Follower) Of(source string) State {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.sources[source]
	for _, e := range f.calls {
		if e.source == source && e.left.IsZero() {
			s.Calls++
		}
	}
	return s
}

// uses notes whose key a call is followed with.
func (f *Follower) uses(e *followed, source string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e.source = source
}

// trouble notes why a source's newest call is not followed; nil: it is.
func (f *Follower) trouble(e *followed, why error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e.source == "" {
		return
	}
	if why == nil {
		delete(f.sources, e.source)
		return
	}
	f.sources[e.source] = State{Trouble: why.Error(), At: new(time.Now().UTC())}
}
