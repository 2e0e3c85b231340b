package vapi

import (
	"math"
	"slices"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

type metrics struct {
	Turns []latency `json:"turnLatencies"`

	ModelAverage       provider.Number `json:"modelLatencyAverage"`
	VoiceAverage       provider.Number `json:"voiceLatencyAverage"`
	TranscriberAverage provider.Number `json:"transcriberLatencyAverage"`
	EndpointingAverage provider.Number `json:"endpointingLatencyAverage"`
	TurnAverage        provider.Number `json:"turnLatencyAverage"`
	FromTransport      provider.Number `json:"fromTransportLatencyAverage"` // ms, as documented
	ToTransport        provider.Number `json:"toTransportLatencyAverage"`   // ms, as documented

	UserInterrupted      provider.Number `json:"numUserInterrupted"`      // by the agent
	AssistantInterrupted provider.Number `json:"numAssistantInterrupted"` // by the customer
}

type latency struct {
	Model       provider.Number `json:"modelLatency"`
	Voice       provider.Number `json:"voiceLatency"`
	Transcriber provider.Number `json:"transcriberLatency"`
	Endpointing provider.Number `json:"endpointingLatency"`
	Turn        provider.Number `json:"turnLatency"`
}

// maxLatency bounds a latency, in ms: a number beyond it is none.
const maxLatency = 1e9

// parts are the components of a latency, in the order of a bill.
var parts = []struct {
	component string
	of        func(*latency) provider.Number
	average   func(*metrics) provider.Number
}{
	{"total", func(l *latency) provider.Number { return l.Turn }, func(m *metrics) provider.Number { return m.TurnAverage }},
	{"endpointing", func(l *latency) provider.Number { return l.Endpointing }, func(m *metrics) provider.Number { return m.EndpointingAverage }},
	{"transcription", func(l *latency) provider.Number { return l.Transcriber }, func(m *metrics) provider.Number { return m.TranscriberAverage }},
	{"model", func(l *latency) provider.Number { return l.Model }, func(m *metrics) provider.Number { return m.ModelAverage }},
	{"voice", func(l *latency) provider.Number { return l.Voice }, func(m *metrics) provider.Number { return m.VoiceAverage }},
}

// metrics reads latencies and interruptions into the call and its turns.
func (d *decoding) metrics(s *script) {
	if d.m.Artifact == nil || !present(d.m.Artifact.PerformanceMetrics) {
		return
	}
	m := read[metrics](d, "performanceMetrics", d.m.Artifact.PerformanceMetrics)
	unit := m.unit()
	if unit != 1 {
		d.warnf("Vapi's latencies were read as seconds: all are below 30 and some are fractions.")
	}
	d.x.Latency = m.stats(unit)
	if len(m.Turns) == len(s.replies) {
		for i, n := range s.replies {
			s.turns[n].Latency = m.Turns[i].claim(unit)
		}
	} else if len(m.Turns) > 0 {
		d.warnf("Vapi gives %d turn latencies for %d replies of the agent; which belongs to which is not known.", len(m.Turns), len(s.replies))
	}
	d.x.Interruptions = append(
		s.interruptions(ringside.RoleUser, m.AssistantInterrupted),
		s.interruptions(ringside.RoleAgent, m.UserInterrupted)...,
	)
}

// unit is what the latencies are counted in, in ms. They are milliseconds,
// unless every one is below 30 and some are fractions.
func (m *metrics) unit() float64 {
	fraction := false
	for _, n := range m.all() {
		if n >= 30 {
			return 1
		}
		fraction = fraction || n != math.Trunc(n)
	}
	if fraction {
		return 1000
	}
	return 1
}

func (m *metrics) all() []float64 {
	var out []float64
	for _, p := range parts {
		for i := range m.Turns {
			if n := p.of(&m.Turns[i]); n.Known {
				out = append(out, n.Value)
			}
		}
		if n := p.average(m); n.Known {
			out = append(out, n.Value)
		}
	}
	return out
}

// stats are the vendor's own averages, with the samples behind them.
func (m *metrics) stats(unit float64) []ringside.LatencyStats {
	var out []ringside.LatencyStats
	for _, p := range parts {
		s := ringside.LatencyStats{Component: p.component, Source: ringside.Claimed, MeanMS: scaled(p.average(m), unit)}
		for i := range m.Turns {
			if v := scaled(p.of(&m.Turns[i]), unit); v != nil {
				s.ValuesMS = append(s.ValuesMS, *v)
			}
		}
		if s.N = len(s.ValuesMS); s.N > 0 || s.MeanMS != nil {
			out = append(out, s)
		}
	}
	from, to := scaled(m.FromTransport, 1), scaled(m.ToTransport, 1)
	switch {
	case from != nil && to != nil:
		from = new(*from + *to)
	case from == nil:
		from = to
	}
	if from != nil {
		out = append(out, ringside.LatencyStats{Component: "network", Source: ringside.Claimed, MeanMS: from})
	}
	return out
}

// claim is one reply's latency in our terms.
func (l *latency) claim(unit float64) *ringside.Latency {
	out := ringside.Latency{
		Source:            ringside.Claimed,
		TotalMS:           scaled(l.Turn, unit),
		EndpointingMS:     scaled(l.Endpointing, unit),
		TranscriptionMS:   scaled(l.Transcriber, unit),
		ModelFirstTokenMS: scaled(l.Model, unit),
		VoiceFirstByteMS:  scaled(l.Voice, unit),
	}
	if out == (ringside.Latency{Source: ringside.Claimed}) {
		return nil
	}
	return &out
}

func scaled(n provider.Number, unit float64) *float64 {
	v := bounded(n, maxLatency/unit)
	if v == nil {
		return nil
	}
	// A microsecond is finer than any of these clocks; the rest is binary noise.
	return new(math.Round(*v*unit*1000) / 1000)
}

// interruptions are as many as the vendor counts, made by one side. They are
// placed where that side begins before the other has ended, the longest
// overlap first; those with no such place have no time.
func (s *script) interruptions(by ringside.Role, counted provider.Number) []ringside.Interruption {
	n := bounded(counted, 1000)
	if n == nil || *n < 1 {
		return nil
	}
	type cut struct {
		turn    int
		overlap int64
	}
	var cuts []cut
	for i := 0; i+1 < len(s.turns); i++ {
		a, b := &s.turns[i], &s.turns[i+1]
		if b.Role != by || a.Role == by || a.EndMS == nil || b.StartMS == nil || *b.StartMS >= *a.EndMS {
			continue
		}
		cuts = append(cuts, cut{i, *a.EndMS - *b.StartMS})
	}
	slices.SortStableFunc(cuts, func(a, b cut) int { return int(b.overlap - a.overlap) })
	cuts = cuts[:min(len(cuts), int(*n))]
	slices.SortFunc(cuts, func(a, b cut) int { return a.turn - b.turn })
	out := make([]ringside.Interruption, int(*n))
	for i := range out {
		out[i].By = by
		if i < len(cuts) {
			t := cuts[i].turn
			s.turns[t].Interrupted = true
			out[i].AtMS, out[i].Turn = s.turns[t+1].StartMS, new(t)
		}
	}
	return out
}
