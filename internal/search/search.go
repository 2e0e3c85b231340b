// Package search keeps the full-text index: a projection that follows the
// outbox in batches, off the path of what is acknowledged. It can be dropped
// and built again.
package search

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// Name is the follower's name in the store.
const Name = "search"

// batch is how many changes are indexed in one transaction: few enough that
// the ledger waits for some 10 ms.
const batch = 40

// idle is how often the outbox is looked at when nobody calls Wake: another
// process may write to it.
const idle = time.Second

// maxPause bounds how long indexing gives way to a burst of deliveries.
const maxPause = time.Second

// Follower indexes what the ledger writes.
type Follower struct {
	store *store.Store
	log   *slog.Logger
	wake  chan struct{}
	stop  context.CancelFunc
	done  chan struct{}
}

// New makes a follower; Start starts it.
func New(s *store.Store, log *slog.Logger) *Follower {
	return &Follower{store: s, log: log, wake: make(chan struct{}, 1)}
}

// Wake says that there is something to index. It never blocks.
func (f *Follower) Wake() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Start begins to follow.
func (f *Follower) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	f.stop, f.done = cancel, make(chan struct{})
	go func() {
		defer close(f.done)
		f.follow(ctx)
	}()
}

// Stop ends following; what is not indexed yet is at the next start.
func (f *Follower) Stop() {
	if f.stop == nil {
		return
	}
	f.stop()
	<-f.done
}

func (f *Follower) follow(ctx context.Context) {
	for {
		started := time.Now()
		n, err := f.Step(ctx)
		if err != nil && ctx.Err() == nil {
			f.log.Error("search index could not follow", slog.Any("error", err))
		}
		pause := idle
		if err == nil && n == batch {
			// More waits. While deliveries pour in, they come first: the
			// index takes a twentieth of the time.
			pause = min(19*time.Since(started), maxPause)
			select {
			case <-f.wake:
			default:
				pause = 0
			}
			sleep(ctx, pause)
			if ctx.Err() != nil {
				return
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
			sleep(ctx, 20*time.Millisecond) // let a batch gather
		case <-time.After(pause):
		}
		if ctx.Err() != nil {
			return
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// entry is a call to index at a place.
type entry struct {
	call *ringside.Call
	ord  int64
	was  []int64
}

// Step indexes the next batch of changes and gives how many there were: 0 also
// when another process was first. A call that can't be indexed is passed over.
func (f *Follower) Step(ctx context.Context) (int, error) {
	n, err := f.step(ctx, batch, true)
	if err == nil || ctx.Err() != nil {
		return n, err
	}
	return f.singly(ctx)
}

// singly indexes a batch change by change. One that can't be indexed, while the
// store takes that it is passed over, is the change's fault and not the store's:
// it must not hold up all that come behind it.
func (f *Follower) singly(ctx context.Context) (n int, err error) {
	for range batch {
		one, err := f.step(ctx, 1, true)
		if err != nil && ctx.Err() == nil {
			why := err
			if one, err = f.step(ctx, 1, false); one > 0 {
				f.log.ErrorContext(ctx, "a change was not indexed: its call is not found by its words", slog.Any("error", why))
			}
		}
		if one == 0 || err != nil {
			return n, err
		}
		n += one
	}
	return n, nil
}

// step takes the next changes and moves on, having indexed them or not.
func (f *Follower) step(ctx context.Context, most int, index bool) (int, error) {
	var from store.Position
	var rows []store.OutboxRow
	var entries []*entry
	err := f.store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if from, err = store.FollowerPosition(ctx, tx, Name); err != nil {
			return err
		}
		if rows, err = f.store.OutboxAfter(ctx, tx, from, most); err != nil || !index {
			return err
		}
		entries, err = load(ctx, tx, rows)
		return err
	})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	var ours bool
	err = f.store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx store.Tx) (err error) {
		// First, so that the others wait: what they have read would be old.
		if ours, err = store.AdvanceFollower(ctx, tx, Name, from, rows[len(rows)-1].Position); !ours || err != nil {
			return err
		}
		for _, e := range entries {
			if err := f.index(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if !ours || err != nil {
		return 0, err
	}
	return len(rows), nil
}

// load gives each changed call once, as it is now.
func load(ctx context.Context, tx store.Tx, rows []store.OutboxRow) ([]*entry, error) {
	var out []*entry
	seen := map[ringside.CallID]*entry{}
	for _, r := range rows {
		e := seen[r.Call]
		if e == nil {
			c, ord, err := store.CallAt(ctx, tx, r.Workspace, r.Call)
			if err != nil {
				return nil, fmt.Errorf("load changed call %s: %w", r.Call, err)
			}
			e = &entry{call: c, ord: ord}
			seen[r.Call] = e
			out = append(out, e)
		}
		if r.Was != 0 {
			e.was = append(e.was, r.Was)
		}
	}
	return out, nil
}

// index writes one call, unless it has moved or gone since it was loaded: then
// a later change, or its deletion, sees to the index.
func (f *Follower) index(ctx context.Context, tx store.Tx, e *entry) error {
	for _, was := range e.was {
		if was != e.ord {
			if err := f.store.Unindex(ctx, tx, was); err != nil {
				return err
			}
		}
	}
	if e.call == nil {
		return nil
	}
	ord, err := store.OrdOf(ctx, tx, e.call.ID)
	if err != nil || ord != e.ord {
		return err
	}
	return f.store.Index(ctx, tx, e.call, e.ord)
}
