package audio

// A drop-out is a hole of 20 to 400 ms that is cut into speech. On a line with
// noise what tells it from a pause is that the noise is gone too. On one without,
// as a synthetic voice's, it is that the sound goes and comes back at once; where
// the cut falls on a quiet part of the wave, it goes unnoticed.
const (
	holeFloor = 1.0 / (1 << 12) // amplitude under which there is no sound
	holeMin   = 20              // ms
	holeMax   = 400
	holeEdge  = 0.5   // ms at the edges over which loudness is taken
	holeNoise = -68.0 // dB: pauses louder than this have noise
	holeEdges = -16.0 // dB: both edges together, against speech
	maxHoles  = 100_000
)

// hole is a stretch without sound, in samples, and how loud it was just before
// and just after.
type hole struct {
	from, to      int64
	before, after level
}

// holeFinder follows one channel.
type holeFinder struct {
	least, most int64
	near        float64 // samples over which loudness at an edge is taken
	power       float64 // of late
	before      float64 // power when the quiet began
	start       int64   // where it began; -1 while there is sound
	open        *hole   // waits for the loudness behind it
	after       float64
	until       int64
}

func newHoleFinder(rate int) holeFinder {
	return holeFinder{
		least: int64(rate) * holeMin / 1000, most: int64(rate) * holeMax / 1000,
		near: float64(rate) * holeEdge / 1000, start: -1,
	}
}

// add takes the sample at a place.
func (f *holeFinder) add(x float32, at int64, t *track) {
	quiet := x < holeFloor && x > -holeFloor
	switch {
	case quiet && f.start < 0:
		f.start, f.before = at, f.power
	case !quiet && f.start >= 0:
		if n := at - f.start; n >= f.least && n <= f.most {
			f.open = &hole{from: f.start, to: at, before: levelOf(f.before)}
			f.after, f.until = 0, at+int64(2*f.near)
		}
		f.start = -1
	}
	p := float64(x) * float64(x)
	f.power += (p - f.power) / f.near
	if f.open == nil {
		return
	}
	f.after += p
	if at >= f.until {
		f.open.after = levelOf(f.after / (2 * f.near))
		if len(t.holes) < maxHoles {
			t.holes = append(t.holes, *f.open)
		}
		f.open = nil
	}
}

// dropouts are the holes in what somebody says: speech goes on around them.
func dropouts(t *track, rate int, v *voice) []Span {
	out := []Span{}
	for _, h := range t.holes {
		edges := h.before.db() + h.after.db() - 2*v.level
		if v.pause < holeNoise && edges < holeEdges {
			continue
		}
		from, to := float64(h.from)/float64(rate), float64(h.to)/float64(rate)
		if spoken(v.units, from-0.03) && spoken(v.units, to+0.03) {
			out = append(out, Span{from, to})
		}
	}
	return out
}

// spoken tells whether somebody speaks at a time.
func spoken(voice []run, seconds float64) bool {
	at := int(seconds * perSecond)
	for _, r := range voice {
		if r.from <= at && at < r.to {
			return true
		}
	}
	return false
}
