package alert

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// keepAgain is the pause after the store could not take alerts.
	keepAgain = time.Second
	// keepAtOnce is how many alerts one transaction takes.
	keepAtOnce = 100
	// keepWithin is how long Stop tries to keep what waits.
	keepWithin = 5 * time.Second
)

// keeper stores alerts and has them told. What waits is one entry for each
// alert: what it has become replaces what it was, so there are never more than
// calls, rules and causes. What the store does not take is tried again.
type keeper struct {
	cfg Config

	mu    sync.Mutex
	box   map[string]*entry         // by alert; guarded by mu
	order []string                  // in which they came; guarded by mu
	asks  map[jobs.AskRule]struct{} // questions for a model; guarded by mu
	wake  chan struct{}
}

// entry is what is to be stored of an alert.
type entry struct {
	workspace string
	alert     *ringside.Alert
	opened    bool // it is new
	tell      bool // its rule names somebody to tell
	kept      bool // it was new in the store, too
	proposed  bool // what is proposed because of it has changed
}

func newKeeper(c Config) *keeper {
	return &keeper{cfg: c, box: map[string]*entry{}, asks: map[jobs.AskRule]struct{}{}, wake: make(chan struct{}, 1)}
}

// add takes alerts; tells says of which rules somebody is told. It never blocks.
func (k *keeper) add(workspace string, opened, resolved []*ringside.Alert, tells func(rule string) bool) {
	k.mu.Lock()
	for _, a := range opened {
		k.put(&entry{workspace: workspace, alert: a, opened: true, tell: tells(a.RuleID)})
	}
	for _, a := range resolved {
		k.put(&entry{workspace: workspace, alert: a, tell: tells(a.RuleID)})
	}
	k.mu.Unlock()
	k.rouse()
}

// question takes a question for a language model; the same twice is one.
func (k *keeper) question(q *jobs.AskRule) {
	k.mu.Lock()
	k.asks[*q] = struct{}{}
	k.mu.Unlock()
	k.rouse()
}

func (k *keeper) rouse() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// questions gives those that wait.
func (k *keeper) questions() (out []river.JobArgs) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for q := range k.asks {
		out = append(out, q)
	}
	clear(k.asks)
	return out
}

// put makes an entry the newest of its alert. The caller holds mu.
func (k *keeper) put(e *entry) {
	if have := k.box[e.alert.ID]; have != nil {
		e.opened = e.opened || have.opened
	} else {
		k.order = append(k.order, e.alert.ID)
	}
	k.box[e.alert.ID] = e
}

// take gives the entries that have waited longest.
func (k *keeper) take() (out []*entry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := min(len(k.order), keepAtOnce)
	for _, id := range k.order[:n] {
		out = append(out, k.box[id])
		delete(k.box, id)
	}
	k.order = slices.Clone(k.order[n:])
	return out
}

// back puts entries back to the front that the store did not take, unless their
// alerts have become something else meanwhile.
func (k *keeper) back(entries []*entry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var ids []string
	for _, e := range entries {
		if newer := k.box[e.alert.ID]; newer != nil {
			newer.opened = newer.opened || e.opened
			k.order = slices.DeleteFunc(k.order, func(id string) bool { return id == e.alert.ID })
		} else {
			k.box[e.alert.ID] = e
		}
		ids = append(ids, e.alert.ID)
	}
	k.order = append(ids, k.order...)
}

// run stores what comes until ctx ends, and then what is left.
func (k *keeper) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
			k.drain(last)
			cancel()
			return
		case <-k.wake:
			k.drain(ctx)
		}
	}
}

// drain stores what waits until there is nothing more or ctx ends. A question
// that the queue does not take is not asked: there is another some turns later.
func (k *keeper) drain(ctx context.Context) {
	for {
		entries, asks := k.take(), k.questions()
		if len(entries)+len(asks) == 0 {
			return
		}
		err := k.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			if err := k.cfg.Queue().Enqueue(ctx, tx, asks); err != nil {
				return err
			}
			return k.keep(ctx, tx, entries)
		})
		if err == nil {
			k.show(ctx, entries)
			continue
		}
		k.back(entries)
		if ctx.Err() == nil {
			k.cfg.Log.WarnContext(ctx, "alerts can't be stored; they are tried again", slog.Int("alerts", len(entries)), slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(keepAgain):
		}
	}
}

// keep stores alerts and has those told that are new or over.
func (k *keeper) keep(ctx context.Context, tx store.Tx, entries []*entry) error {
	var tell []river.JobArgs
	for _, e := range entries {
		events, err := e.keep(ctx, tx, k.cfg.Propose)
		if err != nil {
			return err
		}
		for _, event := range events {
			tell = append(tell, jobs.TellAlert{WorkspaceID: e.workspace, AlertID: e.alert.ID, Event: string(event)})
		}
	}
	return k.cfg.Queue().Enqueue(ctx, tx, tell)
}

// show shows what is proposed now where that has changed, and tells whose alerts
// were stored.
func (k *keeper) show(ctx context.Context, entries []*entry) {
	for _, e := range entries {
		if k.cfg.Kept != nil {
			k.cfg.Kept(e.alert.Call)
		}
		if e.proposed && k.cfg.Propose != nil {
			k.cfg.Propose.Show(ctx, e.workspace, e.alert.Call)
		}
	}
}

// keep stores an alert with what is proposed because of it, and gives what is to
// be told of it.
func (e *entry) keep(ctx context.Context, tx store.Tx, p Proposer) (events []notify.Event, err error) {
	a := e.alert
	if e.opened {
		if e.kept, err = store.InsertAlert(ctx, tx, e.workspace, a, e.tell); err != nil {
			return nil, err
		}
		if e.kept {
			events = append(events, notify.Triggered)
			if !a.Open() {
				events = append(events, notify.Resolved)
			}
		}
		if e.kept && a.Open() && p != nil {
			if e.proposed, err = p.Propose(ctx, tx, e.workspace, a); err != nil {
				return nil, err
			}
		}
	}
	if !a.Open() {
		over, err := store.ResolveAlert(ctx, tx, e.workspace, a.ID, a.ResolvedBy, *a.ResolvedAt)
		if err != nil {
			return nil, err
		}
		if over {
			events = append(events, notify.Resolved)
			if e.proposed, err = lapse(ctx, tx, e.workspace, a); err != nil {
				return nil, err
			}
		}
	}
	if !e.tell {
		return nil, nil
	}
	return events, nil
}

// lapse lapses what is proposed because of an alert that is over, and tells
// whether anything was.
func lapse(ctx context.Context, tx store.Tx, workspace string, a *ringside.Alert) (bool, error) {
	return store.LapseForAlert(ctx, tx, workspace, a.ID, lapseWords(a.ResolvedBy), *a.ResolvedAt)
}

// lapseWords say why what was proposed is so no more.
func lapseWords(resolvedBy string) string {
	switch resolvedBy {
	case ringside.ByCallEnd:
		return "The call has ended."
	case ringside.ByRecovery:
		return "What the alert was about is over."
	case ringside.ByRule:
		return "The alert's rule does not stand any more."
	}
	return "The alert was resolved by " + resolvedBy + "."
}
