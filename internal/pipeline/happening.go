package pipeline

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/store"
)

// happening is what has happened in a call, to be told once. A turn or a step
// that came by itself has its own name as its key: it may come late, and those
// behind it move on. One of a list that came whole has no name, and the list
// may replace such pieces, or be replaced by a report with other times and
// words. It counts as told when as many of its kind were.
type happening struct {
	deliver.Event

	nth int // its number in a list among those of its kind, from 1; 0 where its key is its own
}

// told is what was planned of a call.
type told struct {
	keys   map[[2]string]bool // by name and key
	count  map[string]int     // by name
	missed bool               // the last sweep did not find the call among those that are on
}

func (t *told) has(h *happening) bool {
	if h.nth > 0 {
		return h.nth <= t.count[h.Name]
	}
	return t.keys[[2]string{h.Name, h.Key}]
}

func (t *told) add(e deliver.Event) {
	t.keys[[2]string{e.Name, e.Key}] = true
	t.count[e.Name]++
}

// fresh lists what has happened in a call that is wanted and was not told.
func (t *Teller) fresh(ctx context.Context, id ringside.CallID, n *news, w *wish) ([]deliver.Event, error) {
	all := happenings(n.commit.Call, w.tools)
	for _, a := range n.alerts {
		all = append(all, happening{Event: deliver.Event{Name: "sentiment.alert", At: a.TriggeredAt, Call: n.commit.Call, Key: a.ID, Turn: a.Turn, Detail: a.Message}})
	}
	if t.told[id] == nil {
		before, err := t.recall(ctx, id, all)
		if err != nil {
			return nil, err
		}
		t.told[id] = before
	}
	var out []deliver.Event
	for i := range all {
		if h := &all[i]; w.events[h.Name] && !t.told[id].has(h) {
			out = append(out, h.Event)
		}
	}
	return out, nil
}

// recall finds out what an earlier process told of a call.
func (t *Teller) recall(ctx context.Context, id ringside.CallID, all []happening) (*told, error) {
	events := make([]deliver.Event, len(all))
	for i := range all {
		events[i] = all[i].Event
	}
	var before *deliver.Told
	err := t.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		before, err = deliver.ToldBefore(ctx, tx, id, events)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &told{keys: map[[2]string]bool{}, count: before.Count}
	for i, known := range before.Known {
		if known {
			out.keys[[2]string{events[i].Name, events[i].Key}] = true
		}
	}
	return out, nil
}

// happenings lists what has happened in a call so far, by kind. tools are those
// that authenticate the caller.
func happenings(c *ringside.Call, tools []string) []happening {
	b := happened{call: c, start: c.ReceivedAt, nth: map[string]int{}}
	if c.StartedAt != nil {
		b.start = *c.StartedAt
	}
	for i := range c.Turns {
		turn, name := &c.Turns[i], "message_received"
		if turn.Role == ringside.RoleAgent {
			name = "agent_speech"
		}
		b.named(turn.Piece, deliver.Event{Name: name, At: b.at(turn.StartMS), Turn: &turn.Index})
	}
	for i := range c.Spans {
		b.span(&c.Spans[i])
	}
	for i := range c.ToolCalls {
		tool := &c.ToolCalls[i]
		if tool.Done() && slices.Contains(tools, tool.Name) {
			b.add(deliver.Event{Name: authEvent(tool.Error), At: b.at(tool.EndMS), Key: "tool" + tool.ID, Turn: tool.Turn, Detail: tool.Name}, 0)
		}
	}
	return b.out
}

// happened gathers what has happened in a call.
type happened struct {
	call  *ringside.Call
	start time.Time
	nth   map[string]int // by kind: how many have no name
	out   []happening
}

func (b *happened) add(e deliver.Event, nth int) {
	e.Call = b.call
	b.out = append(b.out, happening{e, nth})
}

// named adds what goes by the name of its piece or, without one, by its number.
// No such key is a bare number: those were places in the call.
func (b *happened) named(piece string, e deliver.Event) {
	if piece != "" {
		e.Key = "piece " + piece
		b.add(e, 0)
		return
	}
	b.nth[e.Name]++
	e.Key = "number " + strconv.Itoa(b.nth[e.Name])
	b.add(e, b.nth[e.Name])
}

func (b *happened) span(s *ringside.Span) {
	switch s.Name {
	case ringside.SpanError:
		b.named(s.Piece, deliver.Event{Name: "error_occurred", At: b.at(s.StartMS), Detail: s.Title + ": " + s.Error})
	case ringside.SpanAuth:
		b.named(s.Piece, deliver.Event{Name: authEvent(s.Error), At: b.at(s.StartMS), Detail: s.Title})
	}
}

// at is when something happened; where the call does not say, it is news.
func (b *happened) at(ms *int64) time.Time {
	if ms == nil {
		return b.call.LastHeard()
	}
	return b.start.Add(time.Duration(*ms) * time.Millisecond)
}

// authEvent is how an attempt to authenticate the caller is told.
func authEvent(failure string) string {
	if failure != "" {
		return "caller.auth_failed"
	}
	return "caller.authenticated"
}
