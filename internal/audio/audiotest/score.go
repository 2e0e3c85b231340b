package audiotest

import (
	"cmp"
	"math"
	"slices"

	"github.com/ringsidehq/ringside/internal/audio"
)

// How near a found event has to be to the true one, in seconds.
const nearEvent = 0.5

// edge is how far from 2 s, in seconds, a silence is neither asked for nor held
// against: whether there is one is then a matter of a frame.
const edge = 0.1

// Count is how many of some were found, found wrongly, and missed.
type Count struct{ Hits, Wrong, Missed int }

// Precision is the share of what was found that is so; 1 when nothing was.
func (c Count) Precision() float64 { return part(c.Hits, c.Hits+c.Wrong) }

// Recall is the share of what is so that was found; 1 when nothing is.
func (c Count) Recall() float64 { return part(c.Hits, c.Hits+c.Missed) }

// F1 is their harmonic mean.
func (c Count) F1() float64 { return part(2*c.Hits, 2*c.Hits+c.Wrong+c.Missed) }

func part(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (c *Count) add(o Count) {
	c.Hits, c.Wrong, c.Missed = c.Hits+o.Hits, c.Wrong+o.Wrong, c.Missed+o.Missed
}

// Score compares reports with the truth.
type Score struct {
	Calls         int
	Frames        Count     // of speech, both channels
	Latency       Count     // by their place
	LatencyErrors []float64 // ms, of those that were found
	P50, P95      []float64 // ms, errors of each call's
	Interruptions Count
	Yield         []float64 // ms, errors
	Backchannels  Count
	Silences      Count
	TalkRatio     []float64 // errors
	WPM           []float64 // relative errors
	SNR           []float64 // dB, as reported, both sides
	Beeps         Count
	Dropouts      Count
}

// Add scores one call.
func (s *Score) Add(c Call, r *audio.Report) {
	tr := &c.Truth
	s.Calls++
	s.Frames.add(framesOf(tr.Customer, r.Segments.Customer, tr.Seconds))
	s.Frames.add(framesOf(tr.Agent, r.Segments.Agent, tr.Seconds))
	s.latencies(tr.Latency, r)
	s.interruptions(tr, r)
	var found []Event
	for _, b := range r.Backchannels {
		found = append(found, Event{By: b.Speaker, At: b.At})
	}
	n, _ := match(tr.Backchannels, found)
	s.Backchannels.add(n)
	s.Silences.add(silences(tr.Silences, r.Silences))
	if r.Metrics.TalkRatioAgent != nil {
		s.TalkRatio = append(s.TalkRatio, math.Abs(*r.Metrics.TalkRatioAgent-tr.TalkRatio))
	}
	for _, snr := range []*float64{r.Metrics.SNRDB.Customer, r.Metrics.SNRDB.Agent} {
		if snr != nil {
			s.SNR = append(s.SNR, *snr)
		}
	}
	s.beep(tr.Beep, r.Beep)
	s.dropouts(c.Cuts, r.Dropouts)
}

// framesOf counts frames of 10 ms.
func framesOf(want [][2]float64, got []audio.Span, seconds float64) (c Count) {
	n := int(math.Round(seconds * 100))
	is, found := make([]bool, n), make([]bool, n)
	for _, w := range want {
		mark(is, w)
	}
	for _, g := range got {
		mark(found, g)
	}
	for i := range n {
		switch {
		case is[i] && found[i]:
			c.Hits++
		case found[i]:
			c.Wrong++
		case is[i]:
			c.Missed++
		}
	}
	return c
}

func mark(frames []bool, s [2]float64) {
	for i := max(0, int(math.Round(s[0]*100))); i < min(len(frames), int(math.Round(s[1]*100))); i++ {
		frames[i] = true
	}
}

// match pairs true events with found ones of the same side, each with the
// nearest that is near enough. It gives the pairs' errors in ms.
func match(want, got []Event) (c Count, errors []float64) {
	used := make([]bool, len(got))
	for _, w := range want {
		best := -1
		for i, g := range got {
			if used[i] || g.By != w.By || math.Abs(g.At-w.At) > nearEvent {
				continue
			}
			if best < 0 || math.Abs(g.At-w.At) < math.Abs(got[best].At-w.At) {
				best = i
			}
		}
		if best < 0 {
			c.Missed++
			continue
		}
		used[best] = true
		c.Hits++
		errors = append(errors, math.Abs(got[best].MS-w.MS))
	}
	c.Wrong = len(got) - c.Hits
	return c, errors
}

func (s *Score) latencies(want []Event, r *audio.Report) {
	var got []Event
	for _, l := range r.AgentLatency {
		got = append(got, Event{By: "agent", At: l.At, MS: l.MS})
	}
	n, errors := match(want, got)
	s.Latency.add(n)
	s.LatencyErrors = append(s.LatencyErrors, errors...)
	if len(want) == 0 || r.Metrics.P50MS == nil {
		return
	}
	var ms []float64
	for _, w := range want {
		ms = append(ms, w.MS)
	}
	s.P50 = append(s.P50, math.Abs(Percentile(ms, 50)-*r.Metrics.P50MS))
	s.P95 = append(s.P95, math.Abs(Percentile(ms, 95)-*r.Metrics.P95MS))
}

func (s *Score) interruptions(tr *Truth, r *audio.Report) {
	var got []Event
	for _, i := range r.Interruptions {
		got = append(got, Event{By: i.By, At: i.At, MS: i.YieldMS})
	}
	n, errors := match(tr.Interruptions, got)
	s.Interruptions.add(n)
	s.Yield = append(s.Yield, errors...)
}

// silences pairs those that overlap by more than half of both together.
func silences(want [][2]float64, got []audio.Span) (c Count) {
	used := make([]bool, len(got))
	for _, w := range want {
		hit := false
		for i, g := range got {
			if inside := min(w[1], g[1]) - max(w[0], g[0]); 2*inside > max(w[1], g[1])-min(w[0], g[0]) {
				hit, used[i] = true, true
			}
		}
		switch {
		case hit:
			c.Hits++
		case w[1]-w[0] >= 2+edge:
			c.Missed++
		}
	}
	for i, g := range got {
		if !used[i] && g[1]-g[0] >= 2+edge {
			c.Wrong++
		}
	}
	return c
}

func (s *Score) beep(at float64, found *audio.Beep) {
	switch {
	case found == nil && at > 0:
		s.Beeps.Missed++
	case found != nil && math.Abs(found.At-at) < 0.1:
		s.Beeps.Hits++
	case found != nil:
		s.Beeps.Wrong++
	}
}

func (s *Score) dropouts(cuts []Cut, found []audio.Dropout) {
	used := 0
	for _, c := range cuts {
		hit := false
		for _, f := range found {
			hit = hit || f.Speaker == "customer" && math.Abs(f.At-c.From) < 0.05
		}
		if hit {
			used++
		} else {
			s.Dropouts.Missed++
		}
	}
	s.Dropouts.Hits += used
	s.Dropouts.Wrong += len(found) - used
}

// Percentile is the nearest-rank percentile; 0 of nothing.
func Percentile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.SortedFunc(slices.Values(v), cmp.Compare[float64])
	return v[max(0, int(math.Ceil(p/100*float64(len(v))))-1)]
}
