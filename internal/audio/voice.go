package audio

import (
	"math"
	"slices"
)

// How speech is told from the rest. The figures are those that did best over
// generated calls; docs/benchmarks.md has what they reach on others.
const (
	digital    = -90.0 // dB: the silence of a machine
	farBelow   = 45.0  // dB below loud speech: quiet where there is hardly any noise
	quietShare = 0.1   // of frames that are so quiet, from which on there is none
	belowLoud  = 34.0  // dB below loud speech: the threshold then
	gateDB     = 15.0  // the other channel is so much louder: what is heard is its leak
	gateReach  = 3     // frames to both sides
	share      = 0.65  // of the way from noise to speech: the highest threshold
	overNoise  = 4.0   // dB: the least that the threshold is above the noise
	release    = 2.5   // dB below the threshold at which speech ends
	smoothing  = 5     // frames
	lostBelow  = 18.0  // dB of noise to speech, from which ends of words are lost
	lostFrames = 0.6   // and how many frames for each dB below
	lostMost   = 5
	bridged    = 20    // frames: pauses shorter than this are none
	shortest   = 12    // frames: sounds shorter than this are no speech
	apart      = 5.0   // dB between noise and speech, under which there is no speech
	lowest     = -65.0 // dB: no threshold is below
)

// run is a stretch of frames, the last not included.
type run struct{ from, to int }

func (r run) long() int { return r.to - r.from }

func (r run) span() Span {
	return Span{float64(r.from) / perSecond, float64(r.to) / perSecond}
}

// voice is what voice activity detection finds in a channel.
type voice struct {
	units []run   // inter-pausal units
	level float64 // dB of full scale
	snr   float64 // dB
	pause float64 // the median level of what is not speech, dB of full scale
}

// detect finds the speech in a channel. other is nil in a mono recording.
func detect(levels, other []level, tones []run) voice {
	keep := gate(levels, other)
	m := measureNoise(levels, keep)
	on := m.threshold()
	active := hysteresis(smooth(levels), on, on-release)
	for i := range active {
		active[i] = active[i] && keep[i]
	}
	active = widen(active, m.lost())
	for _, r := range tones {
		for i := max(0, r.from-2); i < min(len(active), r.to+2); i++ {
			active[i] = false
		}
	}
	v := voice{units: drop(bridge(runs(active), bridged), shortest)}
	v.describe(levels, keep, &m)
	return v
}

// gate tells which frames are a channel's own: not those in which the other is
// far louder and leaks.
func gate(levels, other []level) []bool {
	keep := make([]bool, len(levels))
	for i := range keep {
		keep[i] = true
		for k := max(0, i-gateReach); k <= i+gateReach && k < len(other); k++ {
			if other[k] > levels[i]+gateDB*100 {
				keep[i] = false
				break
			}
		}
	}
	return keep
}

// smooth is the mean level of each frame and its neighbours.
func smooth(levels []level) []level {
	out := make([]level, len(levels))
	half := smoothing / 2
	sum, n := 0, 0
	for i := range len(levels) + half {
		if i < len(levels) {
			sum, n = sum+int(levels[i]), n+1
		}
		if i >= smoothing {
			sum, n = sum-int(levels[i-smoothing]), n-1
		}
		if i >= half {
			out[i-half] = level(sum / n)
		}
	}
	return out
}

// hysteresis is on from where a level reaches a threshold to where it falls
// below a lower one.
func hysteresis(levels []level, on, off float64) []bool {
	out := make([]bool, len(levels))
	is := false
	for i, l := range levels {
		switch {
		case l.db() >= on:
			is = true
		case l.db() < off:
			is = false
		}
		out[i] = is
	}
	return out
}

// widen moves the ends of what is on outwards: by some frames at the back and a
// third as many at the front.
func widen(active []bool, frames int) []bool {
	if frames == 0 {
		return active
	}
	out := make([]bool, len(active))
	for _, r := range runs(active) {
		for i := max(0, r.from-frames/3); i < min(len(out), r.to+frames); i++ {
			out[i] = true
		}
	}
	return out
}

// runs are the stretches in which something holds.
func runs(is []bool) (out []run) {
	for i := 0; i < len(is); i++ {
		if !is[i] {
			continue
		}
		from := i
		for i < len(is) && is[i] {
			i++
		}
		out = append(out, run{from, i})
	}
	return out
}

// bridge joins stretches with less than gap between them.
func bridge(in []run, gap int) (out []run) {
	for _, r := range in {
		if n := len(out); n > 0 && r.from-out[n-1].to < gap {
			out[n-1].to = max(out[n-1].to, r.to)
			continue
		}
		out = append(out, r)
	}
	return out
}

// drop leaves out stretches that are shorter than least.
func drop(in []run, least int) (out []run) {
	for _, r := range in {
		if r.long() >= least {
			out = append(out, r)
		}
	}
	return out
}

// describe measures how loud the speech is and what is heard between it: by the
// mixture, or where noise is hardly there, by the median of the pauses.
func (v *voice) describe(levels []level, keep []bool, m *mixture) {
	var speech float64
	n, next := 0, 0
	var pauses []level
	for i, l := range levels {
		for next < len(v.units) && v.units[next].to+edgeFrames <= i {
			next++
		}
		switch {
		case !keep[i]:
		case next == len(v.units) || i < v.units[next].from-edgeFrames:
			pauses = append(pauses, l)
		case v.units[next].from <= i && i < v.units[next].to:
			speech, n = speech+math.Pow(10, l.db()/10), n+1
		}
	}
	v.level, v.snr, v.pause = quiet, mostSNR, quiet
	if len(pauses) > 0 {
		slices.Sort(pauses)
		v.pause = pauses[len(pauses)/2].db()
	}
	if n == 0 {
		return
	}
	v.level = 10 * math.Log10(speech/float64(n))
	v.snr = v.level - v.pause
	if !m.silent {
		v.snr = m.speech - m.noise
	}
	v.snr = min(mostSNR, v.snr)
}

// edgeFrames are those around speech that are neither speech nor noise.
const edgeFrames = 10

// mostSNR is where a signal-to-noise ratio ends: 60 dB is 60 or more.
const mostSNR = 60
