package alert

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what the engine works with.
type Config struct {
	Store *store.Store
	// Queue gives the queue: it is made after the workers that work on it.
	Queue func() *jobs.Queue
	// Upset is told of alerts about customers who are upset; nil: nobody is. It
	// must not block.
	Upset func([]*ringside.Alert)
	// Model gives a workspace's language model; nil when it has none. Its errors
	// are those of evaluate's: RateLimited means that every place is taken.
	Model func(ctx context.Context, workspace string) (*Model, error)
	// Raise shows an alert in its call that came of a job. It must not block.
	Raise func(*ringside.Alert)
	// Kept is told of a call whose alerts were stored; nil: nobody is. It must not
	// block.
	Kept func(ringside.CallID)
	// Propose makes of alerts what is proposed to be done about them; nil: nothing
	// is.
	Propose Proposer
	// Tell is how people are told; its zero value tells nobody.
	Tell Telling
	Log  *slog.Logger
}

// Proposer has rules propose what is to be done to a call because of an alert.
type Proposer interface {
	// Propose keeps what is proposed because of a new alert, in the transaction
	// that stores the alert, and tells whether anything is.
	Propose(ctx context.Context, tx store.Tx, workspace string, a *ringside.Alert) (bool, error)
	// Show shows those who watch a call what is proposed for it now. It comes after
	// the commit.
	Show(ctx context.Context, workspace string, call ringside.CallID)
}

// readEvery is how often the rules are read again: another process may change
// them.
const readEvery = 30 * time.Second

// Engine has the rules of every workspace look at the calls that are on. It is
// the live engine's watcher.
type Engine struct {
	cfg    Config
	keeper *keeper

	mu    sync.RWMutex
	rules map[string]Rules // of workspaces that have changed any; guarded by mu
	asked map[key]int      // by rule and call: how many questions there were; guarded by mu

	stop context.CancelFunc
	done sync.WaitGroup
}

// defaults are the rules of a workspace that has changed none.
var defaults = Rules(All(nil))

// New makes an engine; Start starts it.
func New(c Config) *Engine {
	return &Engine{cfg: c, keeper: newKeeper(c), rules: map[string]Rules{}, asked: map[key]int{}}
}

// Start reads the rules and begins to keep alerts. It comes before the live
// engine's.
func (e *Engine) Start(ctx context.Context) error {
	if err := e.read(ctx); err != nil {
		return err
	}
	if err := e.closeEnded(ctx, ringside.CallID{}); err != nil {
		return err
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	e.stop = cancel
	e.done.Go(func() { e.follow(run) })
	e.done.Go(func() { e.keeper.run(run) })
	return nil
}

// closeEnded resolves what is open of a call that is over, or of every such call
// when it is zero: its end came while nobody looked. People are told of it as
// ever, and what was proposed because of it lapses.
func (e *Engine) closeEnded(ctx context.Context, call ringside.CallID) error {
	return e.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		now := moment(time.Now())
		closed, err := store.CloseAlerts(ctx, tx, call, now)
		if err != nil {
			return err
		}
		if err := store.CloseProposals(ctx, tx, lapseWords(ringside.ByCallEnd), now); err != nil {
			return err
		}
		var tell []river.JobArgs
		for _, c := range closed {
			if c.Told == store.ToldWaiting || c.Told == store.ToldSent {
				tell = append(tell, jobs.TellAlert{WorkspaceID: c.Workspace, AlertID: c.ID, Event: string(notify.Resolved)})
			}
		}
		return e.cfg.Queue().Enqueue(ctx, tx, tell)
	})
}

// Stop keeps what waits, if the store takes it, and ends. It comes after the live
// engine's; it may be called before Start, and twice.
func (e *Engine) Stop() {
	if e.stop == nil {
		return
	}
	e.stop()
	e.done.Wait()
}

// follow reads the rules again from time to time.
func (e *Engine) follow(ctx context.Context) {
	tick := time.NewTicker(readEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := e.read(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Log.WarnContext(ctx, "alert rules can't be read", slog.Any("error", err))
		}
	}
}

func (e *Engine) read(ctx context.Context) error {
	var all map[string][]*ringside.AlertRule
	err := e.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		all, err = store.AllAlertRules(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("read alert rules: %w", err)
	}
	rules := make(map[string]Rules, len(all))
	for workspace, stored := range all {
		rules[workspace] = All(stored)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rules = rules
	return nil
}

// Reload reads the rules again: they have changed. When it can't, those that
// were read last hold until it can.
func (e *Engine) Reload(ctx context.Context) {
	if err := e.read(ctx); err != nil {
		e.cfg.Log.WarnContext(ctx, "alert rules can't be read", slog.Any("error", err))
	}
}

// of gives the rules of a workspace.
func (e *Engine) of(workspace string) Rules {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if rules, changed := e.rules[workspace]; changed {
		return rules
	}
	return defaults
}

// Look implements live.Watcher.
func (e *Engine) Look(n *live.Now) ([]*ringside.Alert, time.Time) {
	if n.Ended {
		e.forget(n)
	} else {
		e.ask(n)
	}
	return e.of(n.Call.WorkspaceID).Look(n)
}

// Changed implements live.Watcher.
func (e *Engine) Changed(n *live.Now, opened, resolved []*ringside.Alert) {
	e.keeper.add(n.Call.WorkspaceID, opened, resolved, e.of(n.Call.WorkspaceID).tells)
	if e.cfg.Upset == nil {
		return
	}
	for _, a := range opened {
		if a.Type == ringside.AlertFrustration {
			e.cfg.Upset([]*ringside.Alert{a})
		}
	}
}

// Elsewhere implements live.Watcher: of a call that another process watches,
// questions are asked there. What is open when it ends is closed from here too:
// the other process may be gone, and nobody else would.
func (e *Engine) Elsewhere(n *live.Now) {
	if !n.Ended {
		e.questions(n)
		return
	}
	e.forget(n)
	var over []*ringside.Alert
	for _, a := range n.Alerts {
		if a.Open() {
			over = append(over, resolved(a, ringside.ByCallEnd, n.At))
		}
	}
	if len(over) > 0 {
		e.keeper.add(n.Call.WorkspaceID, nil, over, e.of(n.Call.WorkspaceID).tells)
	}
}

// Known implements live.Watcher.
func (e *Engine) Known(ctx context.Context, workspace string, call ringside.CallID) (out []*ringside.Alert, err error) {
	err = e.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		out, err = store.CallAlerts(ctx, tx, workspace, call)
		return err
	})
	return out, err
}

// tells tells whether a rule names anybody to tell.
func (rs Rules) tells(id string) bool {
	return slices.ContainsFunc(rs, func(r *ringside.AlertRule) bool { return r.ID == id && len(r.Notifications) > 0 })
}
