package live

import (
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
)

// guessedTurn is what a turn takes in a call that tells neither times nor how
// long it lasted, in ms.
const guessedTurn = 7_000

// timed tells whether every turn of a call has both its times, so that it is
// known when somebody spoke and when nobody did; begun, whether each has at least
// its beginning.
func timed(c *ringside.Call) (timed, begun bool) {
	timed, begun = true, true
	for i := range c.Turns {
		begun = begun && c.Turns[i].StartMS != nil
		timed = timed && begun && c.Turns[i].EndMS != nil
	}
	return timed, begun
}

// said is when a turn is over, in ms from the start; spread evenly over the
// call where nothing tells.
func said(c *ringside.Call, i int) int64 {
	switch t := &c.Turns[i]; {
	case t.EndMS != nil:
		return *t.EndMS
	case t.StartMS != nil:
		return *t.StartMS
	}
	n := int64(len(c.Turns))
	if c.DurationMS == nil || *c.DurationMS <= 0 {
		return guessedTurn * int64(i+1)
	}
	return *c.DurationMS * int64(i+1) / (n + 1)
}

// asked is when a tool was called: with the turn before it where nothing tells.
func asked(c *ringside.Call, t *ringside.ToolCall) int64 {
	switch {
	case t.StartMS != nil:
		return *t.StartMS
	case t.Turn != nil && *t.Turn >= 0 && *t.Turn < len(c.Turns):
		return said(c, *t.Turn)
	}
	return 0
}

func answered(c *ringside.Call, t *ringside.ToolCall) int64 {
	if t.EndMS != nil {
		return *t.EndMS
	}
	return asked(c, t)
}

func spanned(s *ringside.Span) int64 {
	if s.StartMS == nil {
		return 0
	}
	return *s.StartMS
}

// moments are the times at which a call told something new, in ms from its
// start, in order.
func moments(c *ringside.Call) []int64 {
	var out []int64
	for i := range c.Turns {
		out = append(out, said(c, i))
	}
	for i := range c.ToolCalls {
		out = append(out, asked(c, &c.ToolCalls[i]), answered(c, &c.ToolCalls[i]))
	}
	for i := range c.Spans {
		out = append(out, spanned(&c.Spans[i]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// At is a call as it was ms after its start, when it went on: what was said, done
// and gone wrong by then, and nothing of how it ended or was judged. It shares
// what it does not cut.
func At(c *ringside.Call, ms int64) *ringside.Call {
	at := *c
	at.Status, at.EndedAt, at.DurationMS, at.EndedReason, at.Outcome = ringside.StatusActive, nil, nil, "", ringside.Outcome{}
	at.Analysis, at.Latency, at.Cost = ringside.Analysis{}, nil, nil
	at.Turns, at.ToolCalls, at.Spans = nil, nil, nil
	for i := range c.Turns {
		if said(c, i) > ms {
			break
		}
		at.Turns = append(at.Turns, c.Turns[i])
	}
	for i := range c.ToolCalls {
		t := c.ToolCalls[i]
		if asked(c, &t) > ms {
			continue
		}
		if answered(c, &t) > ms {
			t.Result, t.Error, t.ErrorMethod, t.EndMS = nil, "", "", nil
		}
		at.ToolCalls = append(at.ToolCalls, t)
	}
	for i := range c.Spans {
		if spanned(&c.Spans[i]) <= ms {
			at.Spans = append(at.Spans, c.Spans[i])
		}
	}
	return &at
}

// lasted is how long a call took, in ms from its start.
func lasted(c *ringside.Call) (ms int64) {
	if all := moments(c); len(all) > 0 {
		ms = all[len(all)-1]
	}
	if c.DurationMS != nil {
		ms = max(ms, *c.DurationMS)
	}
	return ms
}

// started is when a call began, as it is counted from.
func started(c *ringside.Call) time.Time {
	if c.StartedAt != nil {
		return *c.StartedAt
	}
	return c.ReceivedAt
}

// Told tells whether the turns of a call have times: else those of its replay are
// guessed.
func Told(c *ringside.Call) bool {
	_, begun := timed(c)
	return begun
}
