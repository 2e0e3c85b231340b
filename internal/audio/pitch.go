package audio

import "math"

// How pitch is found: by the difference function of YIN (de Cheveigné and
// Kawahara 2002), over sound brought to 4 kHz or so.
const (
	pitchRate   = 4000  // samples a second, about
	pitchWindow = 256   // samples of it that are looked at together: 64 ms
	pitchLeast  = 65.0  // Hz
	pitchMost   = 500.0 // Hz
	aperiodic   = 0.3   // normalised difference from which a frame has no voice: 0.15 loses all at 5 dB of noise
	fading      = 0.999 // of the loudest power, each look
	belowPeak   = 0.01  // of it: 20 dB
	// leastBand is the rate under which a recording holds too little of the
	// voice's spectrum for a tilt.
	leastBand = 7000
)

// Bounds of the spectrum's two parts, in Hz: the telephone's band above, the
// fundamental and first formants below.
const (
	tiltFrom  = 100.0
	tiltSplit = 1000.0
	tiltTo    = 3400.0
)

// vocal is what is kept of the voice in one look: 4 bytes each 20 ms.
type vocal struct {
	hz   uint16 // pitch in tenths of Hz; 0 without a voice
	tilt int16  // hundredths of a dB, energy above 1 kHz over that below
}

// pitcher follows the pitch of both channels.
type pitcher struct {
	off   bool
	join  int // samples of the tuner's that become one
	rate  float64
	taken int
	ring  [2][]float32 // the tuner's samples
	peak  [2]float32   // the power of the loudest look, which fades
	line  []float32    // one of them, in order
	low   []float32    // one channel's window, low-passed and thinned out
	norm  []float32    // the normalised difference, by lag
}

func newPitcher(rate float64) *pitcher {
	p := &pitcher{off: rate < leastBand, join: max(1, int(math.Round(rate/pitchRate)))}
	p.rate = rate / float64(p.join)
	for ch := range p.ring {
		p.ring[ch] = make([]float32, (pitchWindow+2)*p.join)
	}
	p.low = make([]float32, pitchWindow)
	p.norm = make([]float32, int(p.rate/pitchLeast)+2)
	return p
}

// take keeps one sample of each channel.
func (p *pitcher) take(a, b float32) {
	at := p.taken % len(p.ring[0])
	p.ring[0][at], p.ring[1][at] = a, b
	p.taken++
}

// hz is the pitch of what a channel has had last; 0 where nobody's voice is in
// it.
func (p *pitcher) hz(ch int) float64 {
	p.thin(p.ring[ch])
	least, most := max(2, int(p.rate/pitchMost)), len(p.norm)-1
	w := pitchWindow - most
	sum := float32(0)
	p.norm[0] = 1
	for lag := 1; lag <= most; lag++ {
		a, b := p.low[:w], p.low[lag:lag+w]
		var d float32
		for i, x := range a {
			y := x - b[i]
			d += y * y
		}
		if sum += d; sum == 0 {
			return 0
		}
		p.norm[lag] = d * float32(lag) / sum
		if dip := lag - 1; dip >= least && p.norm[dip] < aperiodic && p.norm[dip] <= p.norm[lag] && p.norm[dip] < p.norm[dip-1] {
			return p.rate / p.between(dip)
		}
	}
	return 0
}

// loud tells whether a channel's power in a look is near enough to the loudest
// that a vowel may be in it: what is softer is noise, or not worth the time.
func (p *pitcher) loud(ch int, power float32) bool {
	p.peak[ch] = max(p.peak[ch]*fading, power)
	return !p.off && power >= p.peak[ch]*belowPeak
}

// thin brings a ring to the pitch's rate: a triangle over twice the samples that
// are joined has its zeros where the rate would fold onto the voice.
func (p *pitcher) thin(ring []float32) {
	at := p.taken % len(ring)
	p.line = append(append(p.line[:0], ring[at:]...), ring[:at]...)
	n := 2*p.join - 1
	for i := range p.low {
		var sum float32
		for j, x := range p.line[i*p.join:][:n] {
			sum += float32(min(j+1, n-j)) * x
		}
		p.low[i] = sum
	}
}

// between is where the parabola through a dip and its neighbours is lowest.
func (p *pitcher) between(lag int) float64 {
	a, b, c := float64(p.norm[lag-1]), float64(p.norm[lag]), float64(p.norm[lag+1])
	bend := a - 2*b + c
	if bend <= 0 {
		return float64(lag)
	}
	return float64(lag) + (a-c)/(2*bend)
}

// tilt is how much stronger a channel's spectrum is above 1 kHz than below, in
// dB.
func (u *tuner) tilt(x *[toneFFT]complex64, ch int) float64 {
	bin := u.rate / toneFFT
	var low, high float32
	for k := int(math.Ceil(tiltFrom / bin)); k <= min(int(tiltTo/bin), toneFFT/2-1); k++ {
		if e := energy(x, k, ch); float64(k)*bin < tiltSplit {
			low += e
		} else {
			high += e
		}
	}
	return 10 * math.Log10((float64(high)+1e-12)/(float64(low)+1e-12))
}

// voiced is the voice of a channel in the look that is made; x its spectrum.
func (u *tuner) voiced(x *[toneFFT]complex64, ch int) vocal {
	hz := u.pitch.hz(ch)
	if hz == 0 {
		return vocal{}
	}
	tilt := max(-100, min(100, u.tilt(x, ch)))
	return vocal{hz: uint16(10 * hz), tilt: int16(100 * tilt)} //nolint:gosec // under 500 Hz and 100 dB
}

// looks are when the voice is looked at: the middle of the first look, and the
// time from each to the next, in seconds.
func (u *tuner) looks() (first, every float64) {
	hop := u.hop()
	begin := (toneFFT + hop - 1) / hop * hop
	half := float64(pitchWindow) / u.pitch.rate / 2
	return float64(begin)/u.rate - half, float64(hop) / u.rate
}
