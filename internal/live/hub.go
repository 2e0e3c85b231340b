package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ringsidehq/ringside"
)

// ring is how many of a workspace's newest frames are kept, some seconds of a
// busy one, and ringBytes what they hold at most: one that is larger is kept
// alone.
const (
	ring      = 1 << 14
	ringBytes = 32 << 20
	// ringFor is how long they are kept. What was said in a call is not to stay
	// because little else is said, where nobody tells that the call was erased.
	ringFor = 5 * time.Minute
)

// hub is a workspace's calls and what has lately happened in them.
type hub struct {
	epoch string // names the workspace and this start: numbers of another mean nothing here
	snaps snapshots

	readers atomic.Int64 // how many took the batch before the last: they follow every call, and keep up

	mu      sync.Mutex
	seq     uint64                    // of the newest frame; guarded by mu
	flushed uint64                    // of the newest that readers may have; guarded by mu
	oldest  uint64                    // of those in the ring; guarded by mu
	size    int                       // of those in the ring, in bytes; guarded by mu
	ring    [ring]*Frame              // by number; nil: not there, or of a call that was deleted; guarded by mu
	batches [batches]*batch           // the newest, by number; guarded by mu
	batch   int                       // number of the next batch; guarded by mu
	calls   map[ringside.CallID]*Call // as they are; guarded by mu
	wake    chan struct{}             // closed when frames are to be sent; guarded by mu
}

func newHub(epoch string) *hub {
	return &hub{epoch: epoch, oldest: 1, calls: map[ringside.CallID]*Call{}, wake: make(chan struct{})}
}

// event is what is published of a call. Call is how it is shown from now on;
// nil when it is over.
type event struct {
	kind    string
	id      ringside.CallID
	call    *Call
	agentID string
	agent   string
	alerted bool
	body    any
}

// publish adds a frame and replaces the call that is shown. It never blocks on
// readers.
func (h *hub) publish(e *event) error {
	body, err := json.Marshal(e.body)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	f := &Frame{Seq: h.seq, Type: e.kind, call: e.id, agentID: e.agentID, agent: e.agent, alerted: e.alerted, at: time.Now()}
	f.SSE, f.Data = encode(h.epoch, h.seq, e.kind, e.id.String(), body)
	h.keep(f)
	h.show(e)
	return nil
}

// keep puts the newest frame into the ring, which lets go of the oldest that
// there is no room for. Call it with mu held.
func (h *hub) keep(f *Frame) {
	for h.oldest < f.Seq && (f.Seq-h.oldest >= ring || h.size+len(f.SSE) > ringBytes) {
		h.drop(h.oldest)
		h.oldest++
	}
	h.ring[f.Seq%ring] = f
	h.size += len(f.SSE)
}

// age lets go of the frames that are old.
func (h *hub) age(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.oldest
	for n := h.oldest; n <= h.flushed; n++ {
		f := h.ring[n%ring]
		if f == nil { // of a call that was deleted
			continue
		}
		if now.Sub(f.at) < ringFor {
			break
		}
		h.drop(n)
		h.oldest = n + 1
	}
	if h.oldest > was {
		h.dropBatches()
	}
}

// drop takes a frame out of the ring. Call it with mu held.
func (h *hub) drop(n uint64) {
	if f := h.ring[n%ring]; f != nil {
		h.size -= len(f.SSE)
		h.ring[n%ring] = nil
	}
}

// forget takes a deleted call's frames out but for its end: who comes back is
// not sent what was said in it.
func (h *hub) forget(id ringside.CallID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	said := func(f *Frame) bool { return f != nil && f.call == id && f.Type != EventEnded }
	for n := h.oldest; n <= h.seq; n++ {
		if said(h.ring[n%ring]) {
			h.drop(n)
		}
	}
	for i, b := range h.batches {
		if b != nil && slices.ContainsFunc(b.frames, said) { // readers may have the old one
			h.batches[i] = &batch{from: b.from, to: b.to, frames: slices.DeleteFunc(slices.Clone(b.frames), said)}
		}
	}
}

func (h *hub) show(e *event) {
	switch {
	case e.call != nil:
		h.calls[e.id] = e.call
	case e.kind == EventEnded:
		delete(h.calls, e.id)
	}
}

// refresh replaces a call as who asks for it sees it.
func (h *hub) refresh(id ringside.CallID, c *Call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls[id] = c
}

// flush gives the readers what has come and wakes them; without anything only
// if all are to be woken.
func (h *hub) flush(all bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seq > h.flushed {
		h.pack()
	} else if !all {
		return
	}
	close(h.wake)
	h.wake = make(chan struct{})
}

// list gives the calls as they are shown, those with alerts first, then the
// longest.
func (h *hub) list() []*Call {
	h.mu.Lock()
	out := make([]*Call, 0, len(h.calls))
	for _, c := range h.calls {
		out = append(out, c)
	}
	h.mu.Unlock()
	slices.SortFunc(out, func(a, b *Call) int {
		return cmp.Or(cmp.Compare(worst(b), worst(a)), a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// worst ranks a call by its worst alert that nobody has taken on; 0 without.
func worst(c *Call) int {
	rank := 0
	for i := range c.Alerts {
		rank = max(rank, 1+slices.Index(ringside.AlertSeverities, c.Alerts[i].Severity))
	}
	return rank
}

func (h *hub) get(id ringside.CallID) *Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls[id]
}

// Filter is what a subscriber wants to see. Its zero value is every call
// without the transcript.
type Filter struct {
	Agents     []string // ids or names; empty: all
	Calls      []ringside.CallID
	Transcript bool
	AlertsOnly bool // only calls with open alerts

	calls map[ringside.CallID]bool // the same as Calls, when there are many
}

func (f *Filter) wants(x *Frame) bool {
	switch {
	case x.Type == EventLine && !f.Transcript,
		f.AlertsOnly && !x.alerted && x.Type != EventAlert && x.Type != EventResolved && x.Type != EventEnded,
		len(f.Agents) > 0 && !slices.Contains(f.Agents, x.agentID) && !slices.Contains(f.Agents, x.agent),
		len(f.Calls) > 0 && !f.follows(x.call):
		return false
	}
	return true
}

// whole tells whether every call passes.
func (f *Filter) whole() bool { return len(f.Agents)+len(f.Calls) == 0 && !f.AlertsOnly }

// follows tells whether a call is one of those that are named.
func (f *Filter) follows(c ringside.CallID) bool {
	if f.calls != nil {
		return f.calls[c]
	}
	return slices.Contains(f.Calls, c)
}

// index makes the calls quick to find: each frame asks for its own.
func (f *Filter) index() {
	const few = 4
	if len(f.Calls) <= few {
		return
	}
	f.calls = make(map[ringside.CallID]bool, len(f.Calls))
	for _, c := range f.Calls {
		f.calls[c] = true
	}
}

// Wants tells whether a call passes the filter.
func (f *Filter) Wants(c *Call) bool {
	return (!f.AlertsOnly || len(c.Alerts) > 0) &&
		(len(f.Agents) == 0 || slices.Contains(f.Agents, c.AgentID) || slices.Contains(f.Agents, c.Agent)) &&
		(len(f.Calls) == 0 || f.follows(c.call.ID))
}

// Subscription reads a workspace's stream. One goroutine uses it.
type Subscription struct {
	hub    *hub
	filter Filter
	next   uint64 // the number to read next
	packs  bool   // takes batches
}

// Packed has Next give what was flushed at once as one frame, of the type
// EventBatch, to a reader that follows every call. Its SSE is the events one
// after the other, written once for all such readers; it has no Data.
func (s *Subscription) Packed() { s.packs = s.filter.whole() }

// Resumes tells whether a stream can go on behind the event that a reader has
// seen last (its Last-Event-ID), and has it do so.
func (s *Subscription) Resumes(last string) bool {
	epoch, number, _ := bytes.Cut([]byte(last), []byte("-"))
	seq, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil || string(epoch) != s.hub.epoch {
		return false
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if seq > s.hub.seq || seq+1 < s.hub.oldest {
		return false
	}
	s.next = seq + 1
	return true
}

// Snapshot gives every call that passes the filter, and has the stream go on
// right behind what it shows.
func (s *Subscription) Snapshot(now time.Time) *Frame {
	var f *Frame
	if s.filter.whole() {
		f = s.hub.snaps.get(s.hub, now)
	} else {
		f = s.hub.snapshot(&s.filter, now)
	}
	s.next = f.Seq + 1
	return f
}

func (h *hub) snapshot(filter *Filter, now time.Time) *Frame {
	h.mu.Lock()
	seq := h.seq
	calls := make([]*Call, 0, len(h.calls))
	for _, c := range h.calls {
		if filter.Wants(c) {
			calls = append(calls, c)
		}
	}
	h.mu.Unlock()
	for i, c := range calls {
		calls[i] = c.At(now)
	}
	slices.SortFunc(calls, func(a, b *Call) int { return cmp.Or(a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.ID, b.ID)) })
	return Message(h.epoch, seq, EventSnapshot, map[string]any{"activeCalls": calls, "totalActive": len(calls)})
}

// Next appends the frames that have come since and pass the filter. Without any
// it waits until there may be some; it can still give none. lost says that the
// reader was too slow: the frames between are gone, and it needs a snapshot.
func (s *Subscription) Next(ctx context.Context, to []*Frame) (frames []*Frame, lost bool, err error) {
	for woken := false; ; woken = true {
		wake, out, packed, lost := s.collect(to)
		if lost {
			return to, true, nil
		}
		out = slices.DeleteFunc(out, func(f *Frame) bool { return !s.filter.wants(f) })
		for _, b := range packed {
			if f := b.frame(s.filter.Transcript); f != nil {
				out = append(out, f)
			}
		}
		if len(out) > 0 || woken {
			return out, false, nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return to, false, ctx.Err()
		}
	}
}

// collect takes what readers may have by now: frames, and behind them whole
// batches where those will do.
func (s *Subscription) collect(to []*Frame) (wake chan struct{}, out []*Frame, packed []*batch, lost bool) {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.next < h.oldest {
		return nil, to, nil, true
	}
	for s.next <= h.flushed {
		if b := h.batchFrom(s.next); s.packs && b != nil {
			packed, s.next = append(packed, b), b.to+1
			b.taken++
			continue
		}
		if f := h.ring[s.next%ring]; f != nil {
			to = append(to, f)
		}
		s.next++
	}
	return h.wake, to, packed, false
}
