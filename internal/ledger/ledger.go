package ledger

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// Envelope is one delivery and what was decoded from it. Without a body it is a
// finding of ours: its events replace those of the same names, and nothing
// stands in the inbox.
type Envelope struct {
	ID         string // of the delivery in the inbox, where it had to be known before; else it gets one
	Workspace  string
	Provider   string // whose body it is
	SourceID   string // the webhook source it came by; empty for a key
	Event      string // what to call it in the inbox
	ReceivedAt time.Time
	Body       []byte
	Identity   []byte // what makes two bodies the same; nil: the body
	Context    store.DeliveryContext

	// Events are about one call. Without any, the delivery is kept in State
	// with its reason.
	Events  []ringside.Event
	State   store.DeliveryState
	Reason  string
	Pointer string

	// Revive makes a deleted call anew. Only a fresh submission by the user
	// does; a vendor's retry never.
	Revive bool

	stamped []byte // what it is recognised by, where its body was redacted
}

// Action is what an append did.
type Action string

// The actions. A delivery about a deleted call is a duplicate: it changes
// nothing.
const (
	Created     Action = "created"
	Updated     Action = "updated"
	Duplicate   Action = "duplicate"
	Ignored     Action = "ignored"
	Quarantined Action = "quarantined"
)

// Result says what an append did.
type Result struct {
	Action     Action
	DeliveryID string
	CallID     ringside.CallID // zero when the delivery tells of no call
	ShortID    string
	AgentID    string         // empty when no agent is known
	Call       *ringside.Call // nil when there is none
	Reason     string         // why what came is kept and not folded
	Known      int            // how many of the events the call had already, by their keys

	version store.Version // of the call; zero where it was written anew
}

// Commit is a call that has changed, as it is stored.
type Commit struct {
	Call    *ringside.Call // to be read only
	AgentID string         // empty when no agent is known
	Version store.Version  // zero when it was written anew from all its events
}

// Enqueuer adds jobs in a transaction.
type Enqueuer interface {
	Enqueue(ctx context.Context, tx store.Tx, args []river.JobArgs) error
}

// Config says what the ledger works with.
type Config struct {
	Store   *store.Store
	Jobs    Enqueuer
	Log     *slog.Logger
	Observe func(Batch) // called after each batch; nil for nobody
	// MaxEvents is how many events a call may have before only its end is
	// folded. 0: DefaultMaxEvents.
	MaxEvents int
	// Stamp marks values that can be compared and are not kept (secret.Box.Stamp);
	// nil: by a key that is gone with the process.
	Stamp func(purpose string, value []byte) []byte
	// Committed is called after each commit with the calls that it changed. It
	// must not block. Commits about one call come in their order.
	Committed func([]Commit)
}

// DefaultMaxEvents is some hours of a lively call.
const DefaultMaxEvents = 20_000

// Batch is what a writer did at once, for metrics.
type Batch struct {
	Items, Failed int
	Took          time.Duration
}

// maxBatch bounds a transaction. On PostgreSQL a shorter one keeps the locks
// on calls short.
func maxBatch(e store.Engine) int {
	if e == store.Postgres {
		return 32
	}
	return 256
}

func writers(e store.Engine) int {
	if e == store.Postgres {
		return 4
	}
	return 1
}

// Ledger appends deliveries. Start it before the first Append.
type Ledger struct {
	cfg     Config
	shards  []chan *item
	agents  agentCache
	noted   providerSet
	open    openCalls
	hidden  policies
	writers sync.WaitGroup

	mu      sync.RWMutex // held for reading while an append hands over its item
	stopped bool         // guarded by mu
}

// New makes a ledger; Start starts it.
func New(c Config) *Ledger {
	c.MaxEvents = cmp.Or(c.MaxEvents, DefaultMaxEvents)
	if c.Stamp == nil {
		c.Stamp = passing()
	}
	l := &Ledger{cfg: c, agents: newAgentCache(c.Store.Engine)}
	for range writers(c.Store.Engine) {
		l.shards = append(l.shards, make(chan *item, maxBatch(c.Store.Engine)))
	}
	return l
}

// Start starts the writers.
func (l *Ledger) Start() {
	for _, shard := range l.shards {
		l.writers.Go(func() { l.write(shard) })
	}
}

// Stop refuses further appends, writes what waits and returns.
func (l *Ledger) Stop() {
	l.mu.Lock()
	if !l.stopped {
		l.stopped = true
		for _, shard := range l.shards {
			close(shard)
		}
	}
	l.mu.Unlock()
	l.writers.Wait()
}

// errStopped is the answer while the program stops.
var errStopped = ringside.Errorf(ringside.Unavailable, "Ringside is stopping; send the delivery again")

// Append stores a delivery and folds it. When it returns without an error the
// delivery is on disk. When ctx ends first the delivery may or may not be
// stored; sending it again is safe.
func (l *Ledger) Append(ctx context.Context, e Envelope) (Result, error) {
	if store.InWrite(ctx) {
		panic("ledger: Append inside of a write transaction would wait for itself")
	}
	if err := l.redact(ctx, &e); err != nil {
		return Result{}, err
	}
	it, err := prepare(ctx, &e)
	if err != nil {
		return Result{}, err
	}
	return l.await(ctx, it)
}

// await hands an item to its writer and waits for what comes of it.
func (l *Ledger) await(ctx context.Context, it *item) (Result, error) {
	if err := l.hand(ctx, it); err != nil {
		return Result{}, err
	}
	select {
	case <-it.done:
		return it.result, it.err
	case <-ctx.Done():
		return Result{}, context.Cause(ctx)
	}
}

func (l *Ledger) hand(ctx context.Context, it *item) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.stopped {
		return errStopped
	}
	shard := l.shards[binary.BigEndian.Uint32(it.key.Call[:4])%uint32(len(l.shards))]
	select {
	case shard <- it:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// write drains a shard until it is closed.
func (l *Ledger) write(shard chan *item) {
	bound := maxBatch(l.cfg.Store.Engine)
	for first := range shard {
		batch, last := make([]*item, 0, 16), first
	drain:
		for last.alone == nil {
			if batch = append(batch, last); len(batch) == bound {
				break
			}
			select {
			case it, ok := <-shard:
				if !ok {
					break drain
				}
				last = it
			default:
				break drain
			}
		}
		l.commit(batch)
		if last.alone != nil {
			last.alone()
			close(last.done)
		}
	}
}

// maxTries is how often a batch is tried whose transaction lost against
// another's, or was too bold.
const maxTries = 3

// commit writes a batch in one transaction and answers its callers.
func (l *Ledger) commit(batch []*item) {
	started := time.Now()
	live := batch[:0]
	for _, it := range batch {
		if it.ctx.Err() != nil { // gone before the transaction: nothing happened
			it.fail(context.Cause(it.ctx))
			continue
		}
		live = append(live, it)
	}
	if len(live) == 0 {
		return
	}
	b := &run{ledger: l, items: live, open: &l.open}
	version, kept := l.agents.version(), l.open.version()
	err := l.cfg.Store.Write(context.Background(), b.write)
	for try := 1; try < maxTries && (store.Contended(err) || errors.Is(err, store.ErrBold)); try++ {
		err = l.cfg.Store.Write(context.Background(), b.write)
	}
	failed := 0
	for _, it := range live {
		if err != nil {
			it.err = errors.Join(it.err, err)
		}
		if it.err != nil {
			failed++
		}
	}
	if err != nil {
		l.cfg.Log.Error("ledger batch failed", "items", len(live), "error", err)
		l.agents.forget()
		l.open.drop(live)
	} else {
		l.agents.learn(b.found, version)
		l.noted.add(b.noted)
		l.open.keep(b.calls, kept)
		if b.changed && l.cfg.Committed != nil {
			l.cfg.Committed(b.commits())
		}
	}
	for _, it := range live {
		close(it.done)
	}
	if l.cfg.Observe != nil {
		l.cfg.Observe(Batch{Items: len(live), Failed: failed, Took: time.Since(started)})
	}
}
