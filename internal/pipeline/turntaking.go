package pipeline

import (
	"cmp"
	"math"
	"slices"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/measure"
)

// heardTurn is one turn of the agent's, as it is heard.
type heardTurn struct {
	measure.TurnStart

	at, until float64 // where it begins, and where the customer's ends that it cuts into; s
}

// turnTaking scores how the agent took its turns, as it is heard: each answer and
// each of the customer's turns that it cut into, once. An agent that never
// answered until the call was ended for want of speech took none. nil without
// anything to score.
func turnTaking(r *audio.Report, c *ringside.Call) *float64 {
	turns := append(answers(r, c.ToolCalls), cutIns(r)...)
	if len(turns) == 0 && len(r.Segments.Customer) > 0 && c.Outcome.FailureClass == ringside.FailureSilence {
		return new(0.0)
	}
	slices.SortStableFunc(turns, func(a, b heardTurn) int { return cmp.Compare(a.at, b.at) })
	for i := range r.Interruptions {
		x := &r.Interruptions[i]
		// Before the first is the greeting, which is not scored.
		n, found := slices.BinarySearchFunc(turns, x.At, func(t heardTurn, at float64) int { return cmp.Compare(t.at, at) })
		if x.By == "agent" || n == 0 || found {
			continue
		}
		if t := &turns[n-1]; t.YieldMS == nil || *t.YieldMS < x.YieldMS {
			t.YieldMS = &x.YieldMS
		}
	}
	starts := make([]measure.TurnStart, len(turns))
	for i := range turns {
		starts[i] = turns[i].TurnStart
	}
	return measure.TurnTaking(starts)
}

// answers are the agent's turns that waited for the customer's end.
func answers(r *audio.Report, tools []ringside.ToolCall) (out []heardTurn) {
	for i := range r.AgentLatency {
		l := &r.AgentLatency[i]
		from, to := int64(l.At*1000-l.MS), int64(l.At*1000)
		tool := slices.ContainsFunc(tools, func(t ringside.ToolCall) bool {
			return t.StartMS != nil && *t.StartMS >= from && *t.StartMS <= to
		})
		out = append(out, heardTurn{TurnStart: measure.TurnStart{LatencyMS: &l.MS, Tool: tool}, at: l.At})
	}
	return out
}

// cutIns are the customer's turns that the agent cut into, with how long it spoke
// over them each time, and how soon it answered when they were over.
func cutIns(r *audio.Report) (out []heardTurn) {
	for i := range r.Interruptions {
		x := &r.Interruptions[i]
		if x.By != "agent" {
			continue
		}
		until := round2(x.At + x.YieldMS/1000)
		if n := len(out); n == 0 || out[n-1].until != until {
			out = append(out, heardTurn{at: x.At, until: until})
			out[n].LatencyMS = afterCutIn(r, until)
		}
		end := until // or where it cuts in once more
		for _, next := range r.Interruptions[i+1:] {
			if next.By == "agent" {
				end = min(end, next.At)
			}
		}
		last := &out[len(out)-1]
		last.OverlapsMS = append(last.OverlapsMS, spokenMS(r.Segments.Agent, x.At, end))
	}
	return out
}

// afterCutIn is how soon the agent speaks after the end of a turn that it cut into;
// nil where it speaks on through the end, or the customer goes on first.
func afterCutIn(r *audio.Report, until float64) *float64 {
	for _, s := range r.Segments.Agent {
		if s[1] <= until {
			continue
		}
		goesOn := slices.ContainsFunc(r.Segments.Customer, func(c audio.Span) bool { return c[0] > until && c[0] < s[0] })
		if s[0] < until || goesOn {
			return nil
		}
		return new(math.Round(1000 * (s[0] - until)))
	}
	return nil
}

// spokenMS is how long somebody speaks between two times.
func spokenMS(segments []audio.Span, from, to float64) (ms float64) {
	for _, s := range segments {
		ms += max(0, min(s[1], to)-max(s[0], from))
	}
	return math.Round(1000 * ms)
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }
