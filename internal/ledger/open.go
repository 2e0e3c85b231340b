package ledger

import (
	"slices"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// saveEvery is how often the row of a call that is on is written while nothing
// changes that lists filter on. Its events are stored each time, and they are
// the call: the row may lag.
const saveEvery = 2 * time.Second

// showEvery is how often the search index is shown a call that is on.
const showEvery = 15 * time.Second

// maxOpen bounds the calls that are kept; when there are more, all are let go
// and folded again from the store as their events come.
const maxOpen = 50_000

// openCalls keeps the calls that are on as the ledger last folded them, so that
// one more event does not fold all the others again. Whether one is current is
// told by its number, which changes when events are replaced, and by how many
// of them stand in the store.
type openCalls struct {
	mu      sync.Mutex
	calls   map[ringside.CallID]*working // guarded by mu; what it points to belongs to the writer of the call
	changes int                          // guarded by mu
}

func (o *openCalls) get(id ringside.CallID) *working {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.calls[id]
}

// version counts what was forgotten: what was read before may be stale after.
func (o *openCalls) version() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.changes
}

// keep takes the calls of a batch that was committed.
func (o *openCalls) keep(calls map[ringside.CallID]*working, version int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.calls == nil || len(o.calls) > maxOpen {
		o.calls = map[ringside.CallID]*working{}
	}
	for id, w := range calls {
		if o.changes == version && w.call != nil && !w.call.Ended() && !w.stale {
			o.calls[id] = w
		} else {
			delete(o.calls, id)
		}
	}
}

// forget lets go of a call whose events were replaced.
func (o *openCalls) forget(id ringside.CallID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.calls, id)
	o.changes++
}

// drop lets go of the calls of a batch that failed: they were folded ahead of
// what is stored.
func (o *openCalls) drop(items []*item) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, it := range items {
		delete(o.calls, it.key.Call)
	}
}

// working is a call while a batch folds into it.
type working struct {
	call     *ringside.Call // nil while there is none
	ord, seq int64          // 0 while there is none
	agentID  string
	clash    bool // its short id would be another's too

	events  int64               // how many stand in the store
	names   map[string]struct{} // of its events; nil: not looked at, as those of a call that has ended
	saved   time.Time           // when its row was written; zero: long ago
	shown   time.Time           // when the projections were told of it
	entries []store.Entry       // with its row
	stale   bool                // it is another in the store
}

func newWorking(p *store.Prior) *working {
	w := &working{call: p.Call, ord: p.Ord, seq: p.Seq, agentID: p.AgentID, clash: p.Clash, events: p.Events}
	if w.call != nil {
		w.entries = store.Entries(w.call)
	}
	if w.call == nil || !w.call.Ended() {
		w.learn(p.Names)
	}
	return w
}

func (w *working) learn(names []string) {
	w.names = make(map[string]struct{}, len(names))
	for _, n := range names {
		w.names[n] = struct{}{}
	}
}

// has tells whether the call has an event already, by the name that its sender
// gave it.
func (w *working) has(e *ringside.Event) bool {
	_, is := w.names[e.Facts.Key]
	return is && e.Facts.Key != ""
}

// hasAll tells whether a delivery says nothing new.
func (w *working) hasAll(events []ringside.Event) bool {
	for i := range events {
		if !w.has(&events[i]) {
			return false
		}
	}
	return len(events) > 0
}

// full tells whether a call has so many events that no more are folded, but for
// those that tell of its end: whoever sends without end would hold up everybody.
func (w *working) full(events []ringside.Event, bound int) bool {
	if w.events+int64(len(events)) <= int64(bound) {
		return false
	}
	return !slices.ContainsFunc(events, func(e ringside.Event) bool {
		return e.Authority >= ringside.Report || e.Facts.Phase == ringside.PhaseEnded || e.Facts.Ours
	})
}

// note remembers that an event is to be stored. A finding of ours that was
// there takes its place in the store, and not in what is folded here.
func (w *working) note(e *ringside.Event) {
	name := store.EventName(e)
	if _, again := w.names[name]; again {
		w.stale = true
		return
	}
	w.events++
	if name != "" && w.names != nil {
		w.names[name] = struct{}{}
	}
}

// row is what of a call is in the columns that lists filter on and jobs wait
// for: when it changes the row is written at once.
type row struct {
	status                                     ringside.Status
	at                                         time.Time
	source, name                               string
	direction                                  ringside.Direction
	from, to, customer, called, campaign, play string
	simulation, recording                      bool
}

func rowOf(c *ringside.Call) row {
	r := row{
		status: c.Status, at: c.Sort(), direction: c.Direction, from: c.From, to: c.To, customer: c.CustomerKey,
		called: c.CustomerName, campaign: c.Campaign, play: c.Scenario, simulation: c.IsSimulation, recording: c.HasRecording(),
	}
	r.source, r.name = c.AgentSource()
	return r
}
