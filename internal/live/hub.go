package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
)

// The events of the stream.
const (
	EventSnapshot = "snapshot"
	EventStarted  = "call_started"
	EventUpdated  = "call_updated"
	EventLine     = "transcript"
	EventAlert    = "alert_triggered"
	EventResolved = "alert_resolved"
	EventEnded    = "call_ended"
	EventResync   = "resync"
	EventPing     = "ping"
)

// Frame is an event of the stream, encoded once for everybody.
type Frame struct {
	Seq  uint64
	Type string
	SSE  []byte // as an event of a stream, number and type with it
	Data []byte // the JSON in it

	call    ringside.CallID
	agentID string
	agent   string
	alerted bool
}

// ring is how many of a workspace's newest frames are kept: some seconds of a
// busy one.
const ring = 1 << 14

// hub is a workspace's calls and what has lately happened in them.
type hub struct {
	epoch string

	mu    sync.Mutex
	seq   uint64                    // of the newest frame; guarded by mu
	ring  [ring]*Frame              // by number; guarded by mu
	calls map[ringside.CallID]*Call // as they were last shown; guarded by mu
	wake  chan struct{}             // closed when frames are to be sent; guarded by mu
	fresh bool                      // frames came since; guarded by mu
}

func newHub(epoch string) *hub {
	return &hub{epoch: epoch, calls: map[ringside.CallID]*Call{}, wake: make(chan struct{})}
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
	f := &Frame{Seq: h.seq, Type: e.kind, call: e.id, agentID: e.agentID, agent: e.agent, alerted: e.alerted}
	f.SSE, f.Data = encode(h.epoch, h.seq, e.kind, e.id.String(), body)
	h.ring[h.seq%ring] = f
	h.show(e)
	h.fresh = true
	return nil
}

func (h *hub) show(e *event) {
	switch {
	case e.call != nil:
		h.calls[e.id] = e.call
	case e.kind == EventEnded:
		delete(h.calls, e.id)
	}
}

// encode writes a frame: the object gets its number, type and call in front.
func encode(epoch string, seq uint64, kind, call string, body []byte) (sse, data []byte) {
	var b bytes.Buffer
	b.Grow(len(body) + 160)
	b.WriteString("id: " + epoch + "-")
	b.Write(strconv.AppendUint(b.AvailableBuffer(), seq, 10))
	b.WriteString("\nevent: " + kind + "\ndata: ")
	from := b.Len()
	b.WriteString(`{"seq":`)
	b.Write(strconv.AppendUint(b.AvailableBuffer(), seq, 10))
	b.WriteString(`,"type":"` + kind + `","callId":"` + call + `"`)
	if len(body) > 2 {
		b.WriteByte(',')
		b.Write(body[1:])
	} else {
		b.WriteByte('}')
	}
	to := b.Len()
	b.WriteString("\n\n")
	return b.Bytes(), b.Bytes()[from:to]
}

// flush wakes the readers when there is something for them, or in any case.
func (h *hub) flush(all bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fresh || all {
		h.fresh = false
		close(h.wake)
		h.wake = make(chan struct{})
	}
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
}

func (f *Filter) wants(x *Frame) bool {
	switch {
	case x.Type == EventLine && !f.Transcript,
		f.AlertsOnly && !x.alerted && x.Type != EventAlert && x.Type != EventResolved && x.Type != EventEnded,
		len(f.Agents) > 0 && !slices.Contains(f.Agents, x.agentID) && !slices.Contains(f.Agents, x.agent),
		len(f.Calls) > 0 && !slices.Contains(f.Calls, x.call):
		return false
	}
	return true
}

// Wants tells whether a call passes the filter.
func (f *Filter) Wants(c *Call) bool {
	return (!f.AlertsOnly || len(c.Alerts) > 0) &&
		(len(f.Agents) == 0 || slices.Contains(f.Agents, c.AgentID) || slices.Contains(f.Agents, c.Agent)) &&
		(len(f.Calls) == 0 || slices.Contains(f.Calls, c.call.ID))
}

// Subscription reads a workspace's stream. One goroutine uses it.
type Subscription struct {
	hub    *hub
	filter Filter
	next   uint64 // the number to read next
}

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
	if seq > s.hub.seq || s.hub.seq-seq >= ring {
		return false
	}
	s.next = seq + 1
	return true
}

// Snapshot gives every call that passes the filter, and has the stream go on
// right behind what it shows.
func (s *Subscription) Snapshot(now time.Time) *Frame {
	s.hub.mu.Lock()
	seq := s.hub.seq
	calls := make([]*Call, 0, len(s.hub.calls))
	for _, c := range s.hub.calls {
		if s.filter.Wants(c) {
			calls = append(calls, c)
		}
	}
	s.hub.mu.Unlock()
	s.next = seq + 1
	for i, c := range calls {
		calls[i] = c.At(now)
	}
	slices.SortFunc(calls, func(a, b *Call) int { return cmp.Or(a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.ID, b.ID)) })
	return Message(s.hub.epoch, seq, EventSnapshot, map[string]any{"activeCalls": calls, "totalActive": len(calls)})
}

// Message makes a frame that is no call's.
func Message(epoch string, seq uint64, kind string, v any) *Frame {
	body, err := json.Marshal(v)
	if err != nil { // calls and counts: nothing in them can't be written
		body = []byte("{}")
	}
	var b bytes.Buffer
	if epoch != "" {
		b.WriteString("id: " + epoch + "-" + strconv.FormatUint(seq, 10) + "\n")
	}
	b.WriteString("event: " + kind + "\ndata: ")
	from := b.Len()
	b.WriteString(`{"seq":` + strconv.FormatUint(seq, 10) + `,"type":"` + kind + `"`)
	if len(body) > 2 {
		b.WriteByte(',')
		b.Write(body[1:])
	} else {
		b.WriteByte('}')
	}
	to := b.Len()
	b.WriteString("\n\n")
	return &Frame{Seq: seq, Type: kind, SSE: b.Bytes(), Data: b.Bytes()[from:to]}
}

// Next appends the frames that have come since and pass the filter. Without any
// it waits until there may be some; it can still give none. lost says that the reader was too slow: the frames between are
// gone, and it needs a snapshot.
func (s *Subscription) Next(ctx context.Context, to []*Frame) (frames []*Frame, lost bool, err error) {
	for woken := false; ; {
		s.hub.mu.Lock()
		wake, newest := s.hub.wake, s.hub.seq
		if newest >= s.next && newest-s.next >= ring-1 {
			s.hub.mu.Unlock()
			return to, true, nil
		}
		for ; s.next <= newest; s.next++ {
			if f := s.hub.ring[s.next%ring]; s.filter.wants(f) {
				to = append(to, f)
			}
		}
		s.hub.mu.Unlock()
		if len(to) > 0 || woken {
			return to, false, nil
		}
		select {
		case <-wake:
			woken = true
		case <-ctx.Done():
			return to, false, ctx.Err()
		}
	}
}
