package live

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// readers is how many calls are read at once that other processes have changed.
	readers = 4
	// readAgain is the pause after the store could not be read.
	readAgain = time.Second
)

// toRead is why a call is read.
type toRead struct {
	workspace string
	commits   claim // the newest commit that was told; its zero value: none was
	missed    bool  // there may have been some that nobody told of
}

// reads are the calls to be read, one entry for each: however often one is told
// of meanwhile, it is read once more, and never twice at a time.
type reads struct {
	news chan struct{}

	mu    sync.Mutex
	box   map[ringside.CallID]toRead // guarded by mu
	order []ringside.CallID          // in which they came; guarded by mu
	busy  map[ringside.CallID]bool   // being read; guarded by mu
}

func newReads() reads {
	return reads{news: make(chan struct{}, readers), box: map[ringside.CallID]toRead{}, busy: map[ringside.CallID]bool{}}
}

// read has a call read. It never blocks.
func (p *peers) read(ref store.OpenCall, t toRead) {
	t.workspace = ref.Workspace
	r := &p.reads
	r.mu.Lock()
	if have, is := r.box[ref.Call]; is {
		t.missed = t.missed || have.missed
		if have.commits.by != "" {
			t.commits = have.commits.newer(t.commits, p.me())
		}
	} else {
		r.order = append(r.order, ref.Call)
	}
	r.box[ref.Call] = t
	r.mu.Unlock()
	select {
	case r.news <- struct{}{}:
	default: // every reader is up
	}
}

// next takes the call that has waited longest and is not being read.
func (r *reads) next() (id ringside.CallID, t toRead, is bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, id := range r.order {
		if r.busy[id] {
			continue
		}
		t := r.box[id]
		delete(r.box, id)
		r.busy[id] = true
		copy(r.order[1:], r.order[:i]) // those before it are few: they are being read
		r.order = r.order[1:]
		return id, t, true
	}
	return ringside.CallID{}, toRead{}, false
}

func (r *reads) done(id ringside.CallID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.busy, id)
}

func (r *reads) waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.order)
}

// work reads calls until ctx ends.
func (p *peers) work(ctx context.Context) {
	for {
		id, t, is := p.reads.next()
		if !is {
			select {
			case <-ctx.Done():
				return
			case <-p.reads.news:
			}
			continue
		}
		ref := store.OpenCall{Workspace: t.workspace, Call: id}
		err := p.engine.readOne(ctx, ref, t)
		p.reads.done(id)
		if err == nil {
			continue
		}
		if ctx.Err() == nil {
			p.engine.cfg.Log.WarnContext(ctx, "a call that another process has changed can't be read; it is tried again", slog.String("call_id", id.String()), slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(readAgain):
			p.read(ref, t)
		}
	}
}

// readOne hands a call to its shard as it is stored.
func (e *Engine) readOne(ctx context.Context, ref store.OpenCall, t toRead) error {
	l, err := e.read(ctx, ref)
	if ringside.KindOf(err) == ringside.NotFound {
		if e.Get(ref.Workspace, ref.Call) != nil {
			e.forget(e.hub(ref.Workspace), ref.Call) // nobody was there to tell of it
		}
		return nil
	}
	if err != nil {
		return err
	}
	e.shard(ref.Call).post(ref.Call, func(have *letter) {
		have.stored(l)
		have.missed = have.missed || t.missed
		have.commits = have.commits.newer(t.commits, e.peers.me())
	})
	return nil
}

// lookAfter looks from time to time how the calls that are shown are by the store.
// On PostgreSQL another process may have been told more of a call, or of its end,
// or have deleted it, and without a bus it tells nobody.
func (e *Engine) lookAfter(ctx context.Context) {
	tick := time.NewTicker(cmp.Or(e.cfg.Times.Look, DefaultTimes.Look))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := e.lookNow(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Log.WarnContext(ctx, "how calls are by the store can't be read; it is tried again", slog.Any("error", err))
		}
	}
}

func (e *Engine) lookNow(ctx context.Context) error {
	var on map[ringside.CallID]store.Version
	err := e.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		on, err = store.OpenVersions(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, h := range e.all() {
		for _, c := range h.list() {
			if v, is := on[c.call.ID]; is && v == c.version && len(c.Alerts)+len(c.Proposals) == 0 {
				continue // of alerts and proposals the version does not tell
			}
			if err := e.readOne(ctx, store.OpenCall{Workspace: c.call.WorkspaceID, Call: c.call.ID}, toRead{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// readAll has every call read that is on, or shown as if it were.
func (p *peers) readAll(ctx context.Context) error {
	refs, err := p.engine.openCalls(ctx)
	if err != nil {
		return err
	}
	for _, h := range p.engine.all() {
		for _, c := range h.list() {
			refs = append(refs, store.OpenCall{Workspace: c.call.WorkspaceID, Call: c.call.ID})
		}
	}
	for _, ref := range refs {
		p.read(ref, toRead{missed: true})
	}
	return nil
}

// Behind is how many calls wait to be read that other processes have changed.
func (e *Engine) Behind() int {
	if e.peers == nil {
		return 0
	}
	return e.peers.reads.waiting()
}
