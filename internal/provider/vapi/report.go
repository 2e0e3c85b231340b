package vapi

import (
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// report reads the whole of a call after its end.
func (d *decoding) report() error {
	m, x := d.m, &d.x
	d.authority = ringside.Report
	x.Phase = ringside.PhaseEnded
	d.reason()

	start := orElse(m.StartedAt, m.Call.StartedAt)
	s, err := d.conversation(start)
	if err != nil {
		return err
	}
	x.EndedAt = orElse(m.EndedAt, m.Call.EndedAt)
	x.DurationMS = m.duration()
	x.StartedAt = s.start
	if len(s.turns) > 0 {
		// The start that a conversation's offsets count from is the moment of
		// status in-progress: the answer. Without a word it may be the dialling.
		x.AnsweredAt = s.start
	}
	d.costs = read[[]costLine](d, "costs", m.Costs)
	d.metrics(&s)
	x.Turns, x.ToolCalls = s.turns, s.tools.list
	x.Spans = d.steps(&s)
	x.Cost = d.cost()
	x.Recordings = d.recordings()
	d.analysis()
	x.Withheld = d.withheld()
	return nil
}

// orElse is the first of two moments that is known.
func orElse(a, b provider.Moment) time.Time {
	if a.IsZero() {
		return b.Time
	}
	return a.Time
}

// duration is what the message says in one of three units; nil when the two
// times have to tell.
func (m *message) duration() *int64 {
	for _, n := range []struct {
		n    provider.Number
		unit float64 // ms
	}{{m.DurationMS, 1}, {m.DurationSeconds, 1000}, {m.DurationMinutes, 60_000}} {
		if v := bounded(n.n, maxOffset/n.unit); v != nil {
			return new(provider.Millis(*v * n.unit / 1000))
		}
	}
	return nil
}

// reason reads why the call ended.
func (d *decoding) reason() {
	reason := first(d.m.EndedReason, d.m.Call.EndedReason)
	if reason == "" {
		return
	}
	d.x.EndedReason, d.x.End = reason, new(endOf(reason))
}

// withheld is what the assistant's settings kept from being stored and that
// the message accordingly does not have.
func (d *decoding) withheld() []string {
	a := &d.assistant
	hipaa := is(a.CompliancePlan.HIPAAEnabled, true) || is(a.HIPAAEnabled, true)
	var out []string
	if len(d.x.Turns) == 0 && (hipaa || is(a.ArtifactPlan.TranscriptPlan.Enabled, false)) {
		out = append(out, "transcript")
	}
	if len(d.x.Recordings) == 0 && (hipaa || is(a.ArtifactPlan.RecordingEnabled, false) || is(a.RecordingEnabled, false)) {
		out = append(out, "recording")
	}
	return out
}

func is(b *bool, want bool) bool { return b != nil && *b == want }
