package audio

import "math"

// Frames are what everything but the waveform is worked out from.
const (
	frameMS   = 10
	perSecond = 1000 / frameMS // frames
)

// quiet is the level that no sound at all is given, in dB of full scale.
const quiet = -100

// A level is a power in hundredths of a decibel of full scale, so that a day of
// frames fits in memory.
type level int16

func levelOf(power float64) level {
	return level(100 * max(quiet, 10*math.Log10(power+1e-20)))
}

func (l level) db() float64 { return float64(l) / 100 }

// track is what is kept of one channel: a few bytes for each frame and not the
// samples.
type track struct {
	levels  []level // RMS of 20 ms around each frame, above 100 Hz
	clipped int64   // samples at full scale
	samples int64
	holes   []hole
	tones   []tone
	vocals  []vocal // the voice, one for each look of the tuner
	peaks   peaks
}

// meter takes sound and keeps the tracks of its channels.
type meter struct {
	rate   int
	tracks []track
	inputs []input
	tuner  *tuner
	like   likeness // of two channels
	frames int64    // samples taken of each channel
}

// input is the running state of one channel.
type input struct {
	high highPass
	sums [4]float64 // energy of the last four stretches of 5 ms
	sum  float64    // and of the one that goes on
	n    int
	step int64 // how many stretches are over
	end  int64 // the sample at which this one is
	hole holeFinder
}

func newMeter(f Format) *meter {
	m := &meter{
		rate: f.Rate, tracks: make([]track, f.Channels), inputs: make([]input, f.Channels),
		tuner: newTuner(f.Rate),
	}
	for i := range m.inputs {
		m.inputs[i] = input{high: newHighPass(f.Rate), end: m.stretch(1), hole: newHoleFinder(f.Rate)}
		m.tracks[i].peaks = newPeaks(f.Rate)
	}
	return m
}

// stretch is the sample at which a stretch of 5 ms begins. At 11,025 samples a
// second they are not all equally long.
func (m *meter) stretch(i int64) int64 { return i * int64(m.rate) / (2 * perSecond) }

// add takes a block of samples, channels interleaved. full is the amplitude of a
// clipped one.
func (m *meter) add(block []float32, full float32) {
	channels := len(m.tracks)
	for ch := range m.tracks {
		m.channel(&m.inputs[ch], &m.tracks[ch], block, ch, channels, full)
	}
	m.tuner.add(block, m.tracks)
	if channels == 2 {
		m.like.add(block)
	}
	m.frames += int64(len(block) / channels)
}

func (m *meter) channel(in *input, t *track, block []float32, ch, channels int, full float32) {
	at := m.frames
	for i := ch; i < len(block); i += channels {
		x := block[i]
		t.peaks.add(x)
		in.hole.add(x, at, t)
		if x >= full || x <= -full {
			t.clipped++
		}
		y := in.high.step(float64(x))
		in.sum += y * y
		in.n++
		if at++; at == in.end {
			m.next(in, t)
		}
	}
	t.samples += int64(len(block) / channels)
}

// next ends a stretch of 5 ms, and with every second one a frame: the 20 ms
// around the 10 ms that it stands for.
func (m *meter) next(in *input, t *track) {
	in.sums[in.step&3] = in.sum / float64(max(1, in.n))
	in.sum, in.n = 0, 0
	in.step++
	in.end = m.stretch(in.step + 1)
	if in.step >= 3 && in.step&1 == 1 {
		t.levels = append(t.levels, levelOf((in.sums[0]+in.sums[1]+in.sums[2]+in.sums[3])/4))
	}
}

// finish ends the last frame and what else was under way.
func (m *meter) finish() {
	for i := range m.tracks {
		in, t := &m.inputs[i], &m.tracks[i]
		if want := int(m.frames * perSecond / int64(m.rate)); len(t.levels) < want {
			m.next(in, t)
		}
		t.peaks.finish()
	}
}

// highPass takes away what is below 100 Hz, where lines hum and rumble and
// nobody speaks: a Butterworth filter of second order.
type highPass struct {
	b0, a1, a2     float64
	x1, x2, y1, y2 float64
}

func newHighPass(rate int) highPass {
	k := math.Tan(math.Pi * 100 / float64(rate))
	norm := 1 / (1 + math.Sqrt2*k + k*k)
	return highPass{b0: norm, a1: 2 * (k*k - 1) * norm, a2: (1 - math.Sqrt2*k + k*k) * norm}
}

func (h *highPass) step(x float64) float64 {
	y := h.b0*(x-2*h.x1+h.x2) - h.a1*h.y1 - h.a2*h.y2
	h.x2, h.x1, h.y2, h.y1 = h.x1, x, h.y1, y
	return y
}
