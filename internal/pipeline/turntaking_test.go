package pipeline

import (
	"math"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
)

// Each of the agent's turns counts once, whatever happens in it.
func TestTurnTakingIsByTurn(t *testing.T) {
	type report = audio.Report
	cut := func(by string, at, yield float64) audio.Interruption {
		return audio.Interruption{By: by, At: at, YieldMS: yield}
	}
	for name, c := range map[string]struct {
		r    report
		call ringside.Call
		want *float64
	}{
		"nothing": {},
		"one good answer and one that takes too long": {
			r:    report{AgentLatency: []audio.Latency{{At: 10, MS: 1000}, {At: 20, MS: 9000}}},
			want: new(0.5),
		},
		"an answer that the customer cuts into counts by how soon it yields": {
			r:    report{AgentLatency: []audio.Latency{{At: 10, MS: 9000}, {At: 30, MS: 1000}}, Interruptions: []audio.Interruption{cut("customer", 12, 500)}},
			want: new((0.75 + 1) / 2),
		},
		"of two in one answer the worse": {
			r:    report{AgentLatency: []audio.Latency{{At: 10, MS: 1000}}, Interruptions: []audio.Interruption{cut("customer", 12, 1000), cut("customer", 15, 500)}},
			want: new(0.5),
		},
		"the greeting is not scored": {
			r:    report{AgentLatency: []audio.Latency{{At: 10, MS: 1000}}, Interruptions: []audio.Interruption{cut("customer", 2, 5000)}},
			want: new(1.0),
		},
		"a short word over a long turn is a short overlap": {
			r:    report{Segments: audio.Segments{Agent: []audio.Span{{10, 11}}, Customer: []audio.Span{{5, 15}}}, Interruptions: []audio.Interruption{cut("agent", 10, 5000)}},
			want: new(0.25),
		},
		"two in one turn of the customer's": {
			r: report{
				Segments:      audio.Segments{Agent: []audio.Span{{10, 10.4}, {12, 12.4}}, Customer: []audio.Span{{5, 15}}},
				Interruptions: []audio.Interruption{cut("agent", 10, 5000), cut("agent", 12, 3000)},
			},
			want: new(0.25), // the second of them
		},
		"and an answer that then comes late": {
			r: report{
				Segments:      audio.Segments{Agent: []audio.Span{{10, 10.2}, {18.2, 20}}, Customer: []audio.Span{{5, 15}}},
				Interruptions: []audio.Interruption{cut("agent", 10, 5000)},
			},
			want: new(0.2),
		},
		"an agent that never answers": {
			r:    report{Segments: audio.Segments{Customer: []audio.Span{{5, 6}}}},
			call: ringside.Call{Outcome: ringside.Outcome{FailureClass: ringside.FailureSilence}},
			want: new(0.0),
		},
		"a customer who never speaks": {
			r:    report{Segments: audio.Segments{Agent: []audio.Span{{1, 3}}}},
			call: ringside.Call{Outcome: ringside.Outcome{FailureClass: ringside.FailureSilence}},
		},
	} {
		got := turnTaking(&c.r, &c.call)
		if (got == nil) != (c.want == nil) || got != nil && math.Abs(*got-*c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, deref(got), deref(c.want))
		}
	}
}

func deref(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}
