package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// keepWanted is how long it is believed who wants to hear of what.
	keepWanted = 5 * time.Second
	// tellAgain is the pause after the store could not take what is to be told.
	tellAgain = time.Second
	// tellAtOnce is how many calls are told of in one transaction.
	tellAtOnce = 50
	// sweepTold is how often calls are looked for that will not be told to have
	// ended.
	sweepTold = 10 * time.Minute
)

// liveEvents are what happens in a call while it is on.
var liveEvents = []string{"message_received", "agent_speech", "error_occurred", "sentiment.alert", "caller.authenticated", "caller.auth_failed"}

// Teller plans webhooks about what happens in calls while they are on. It is
// shown what the ledger commits; of a call the newest state counts, because it
// contains those before. What was planned once is never planned again: the
// deliveries are named by what they tell. So a process that died goes over the
// calls that are on when it starts, and tells what was not told.
type Teller struct {
	cfg *Config

	mu    sync.Mutex
	box   map[ringside.CallID]*news // guarded by mu
	order []ringside.CallID         // guarded by mu
	wake  chan struct{}

	// Of the teller's goroutine alone.
	told   map[ringside.CallID]*told // of the calls that are on
	swept  time.Time                 // when told was
	wanted map[[2]string]wish        // by workspace and agent

	stop context.CancelFunc
	done sync.WaitGroup
}

// news is what is new of a call.
type news struct {
	commit ledger.Commit
	alerts []*ringside.Alert
}

// wish is what somebody wants to hear of an agent's calls.
type wish struct {
	events map[string]bool
	tools  []string // that authenticate
	at     time.Time
}

// NewTeller makes a teller; Start starts it.
func NewTeller(c *Config) *Teller {
	return &Teller{
		cfg: c, box: map[ringside.CallID]*news{}, wake: make(chan struct{}, 1),
		told: map[ringside.CallID]*told{}, wanted: map[[2]string]wish{},
	}
}

// Start begins to tell.
func (t *Teller) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	t.stop = cancel
	t.done.Go(func() { t.run(ctx) })
}

// Stop plans what waits, if the store takes it, and ends.
func (t *Teller) Stop() {
	if t.stop == nil {
		return
	}
	t.stop()
	t.done.Wait()
}

// Observe takes what the ledger has committed. It never blocks.
func (t *Teller) Observe(commits []ledger.Commit) {
	t.post(func() {
		for _, c := range commits {
			t.letter(c.Call.ID).commit = c
		}
	})
}

// Upset takes alerts about customers who are upset. It never blocks.
func (t *Teller) Upset(alerts []*ringside.Alert) {
	t.post(func() {
		for _, a := range alerts {
			n := t.letter(a.Call)
			n.alerts = append(n.alerts, a)
		}
	})
}

func (t *Teller) post(write func()) {
	t.mu.Lock()
	write()
	t.mu.Unlock()
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// letter is what waits of a call. The caller holds mu.
func (t *Teller) letter(id ringside.CallID) *news {
	n := t.box[id]
	if n == nil {
		n = &news{}
		t.box[id] = n
		t.order = append(t.order, id)
	}
	return n
}

func (t *Teller) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			t.tellAll(context.WithoutCancel(ctx))
			return
		case <-t.wake:
		}
		for !t.tellAll(ctx) {
			select {
			case <-ctx.Done():
			case <-time.After(tellAgain):
				continue
			}
			break
		}
	}
}

// tellAll plans all that waits; false when some of it still does.
func (t *Teller) tellAll(ctx context.Context) bool {
	for {
		ids, letters := t.take()
		if len(ids) == 0 {
			return true
		}
		if err := t.tell(ctx, ids, letters); err != nil {
			if ctx.Err() == nil {
				t.cfg.Log.ErrorContext(ctx, "what happens in calls could not be told; it is tried again", slog.Any("error", err))
			}
			t.putBack(ids, letters)
			return false
		}
	}
}

func (t *Teller) take() ([]ringside.CallID, map[ringside.CallID]*news) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := min(len(t.order), tellAtOnce)
	ids, letters := slices.Clone(t.order[:n]), make(map[ringside.CallID]*news, n)
	t.order = t.order[n:]
	for _, id := range ids {
		letters[id] = t.box[id]
		delete(t.box, id)
	}
	return ids, letters
}

// putBack keeps what could not be told, behind anything newer.
func (t *Teller) putBack(ids []ringside.CallID, letters map[ringside.CallID]*news) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		n := t.letter(id)
		if n.commit.Call == nil {
			n.commit = letters[id].commit
		}
		n.alerts = append(letters[id].alerts, n.alerts...)
	}
}

// tell plans what is new of some calls.
func (t *Teller) tell(ctx context.Context, ids []ringside.CallID, letters map[ringside.CallID]*news) error {
	var plans []deliver.Event
	now := time.Now()
	for _, id := range ids {
		n := letters[id]
		if n.commit.Call == nil { // alerts alone: of the call as it is stored
			var err error
			if n.commit, err = t.load(ctx, n.alerts[0].Call); err != nil {
				return err
			}
		}
		if n.commit.Call == nil || t.told[id] == nil && n.commit.Call.Ended() {
			continue // deleted, or told whole: nothing of it happened while somebody could listen
		}
		w, err := t.wish(ctx, n.commit.Call.WorkspaceID, n.commit.AgentID, now)
		if err != nil {
			return err
		}
		if len(w.events) > 0 || t.told[id] != nil {
			fresh, err := t.fresh(ctx, id, n, &w)
			if err != nil {
				return err
			}
			plans = append(plans, fresh...)
		}
	}
	if err := t.plan(ctx, plans); err != nil {
		return err
	}
	for _, id := range ids {
		if c := letters[id].commit.Call; c == nil || c.Ended() {
			delete(t.told, id)
		}
	}
	if now.Sub(t.swept) < sweepTold {
		return nil
	}
	t.swept = now
	return t.sweep(ctx)
}

// sweep lets go of calls that are not on any more, though nobody told of their
// end: they were deleted, or given up. The end of one may be on its way yet, so it
// stays until it is missed again.
func (t *Teller) sweep(ctx context.Context) error {
	on := map[ringside.CallID]bool{}
	err := t.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		all, err := store.OpenCalls(ctx, tx)
		for _, o := range all {
			on[o.Call] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	for id, told := range t.told {
		if !on[id] && told.missed {
			delete(t.told, id)
		}
		told.missed = !on[id]
	}
	return nil
}

// plan plans what is to be told, all or nothing.
func (t *Teller) plan(ctx context.Context, plans []deliver.Event) error {
	if len(plans) == 0 {
		return nil
	}
	err := t.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, e := range plans {
			if _, err := t.cfg.Webhooks.Plan(ctx, tx, e); err != nil {
				return fmt.Errorf("plan %s of call %s: %w", e.Name, e.Call.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range plans {
		t.told[e.Call.ID].add(e)
	}
	return nil
}

// load reads a call; without one when it is gone.
func (t *Teller) load(ctx context.Context, id ringside.CallID) (c ledger.Commit, err error) {
	err = t.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		workspace, err := store.WorkspaceOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.Call, err = store.Call(ctx, tx, workspace, id); err == nil && c.Call.Agent != nil {
			c.AgentID = c.Call.Agent.ID
		}
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return ledger.Commit{}, nil
	}
	return c, err
}

// wish says what somebody wants to hear of an agent's calls.
func (t *Teller) wish(ctx context.Context, workspace, agent string, now time.Time) (wish, error) {
	key := [2]string{workspace, agent}
	if w, ok := t.wanted[key]; ok && now.Sub(w.at) < keepWanted {
		return w, nil
	}
	w := wish{at: now}
	err := t.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if w.events, err = t.cfg.Webhooks.Wanted(ctx, tx, workspace, agent, liveEvents); err != nil || agent == "" {
			return err
		}
		a, err := store.Agent(ctx, tx, workspace, agent)
		if ringside.KindOf(err) == ringside.NotFound {
			return nil
		}
		if err == nil {
			w.tools = a.Settings.AuthTools
		}
		return err
	})
	if err != nil {
		return wish{}, err
	}
	if len(t.wanted) > 10_000 {
		clear(t.wanted)
	}
	t.wanted[key] = w
	return w, nil
}
