package audio

import "math"

// What a tone has to be.
const (
	toneFFT   = 256   // samples of 8 kHz or so that are looked at together
	tonePart  = 0.85  // the share of the band's energy at one frequency
	toneLoud  = 3e-6  // power below which nothing is looked for: -55 dB of full scale
	toneBelow = 300.0 // Hz, the band
	toneAbove = 3400.0
)

// tone is what a channel has at one frequency for a while.
type tone struct {
	hz       float64 // the mean
	from, to float64 // s
}

// tuner finds tones and follows voices. Both channels go through one transform, the second as the
// imaginary part.
type tuner struct {
	every   int // samples that are joined to one
	rate    float64
	n       int
	sum     [2]float32
	ring    [2][toneFFT]float32
	taken   int // since the beginning
	window  [toneFFT]float32
	twiddle [toneFFT / 2]complex64
	open    [2]*tone
	pitch   *pitcher
}

func newTuner(rate int) *tuner {
	u := &tuner{every: max(1, rate/8000)}
	u.rate = float64(rate) / float64(u.every)
	u.pitch = newPitcher(u.rate)
	for i := range u.window {
		u.window[i] = float32(0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/toneFFT))
	}
	for i := range u.twiddle {
		s, c := math.Sincos(-2 * math.Pi * float64(i) / toneFFT)
		u.twiddle[i] = complex(float32(c), float32(s))
	}
	return u
}

// hop is how many samples lie between two looks: 20 ms.
func (u *tuner) hop() int { return int(u.rate / 50) }

func (u *tuner) add(block []float32, tracks []track) {
	channels := len(tracks)
	scale := 1 / float32(u.every)
	for i := 0; i+channels <= len(block); i += channels {
		for ch := range channels {
			u.sum[ch] += block[i+ch]
		}
		if u.n++; u.n < u.every {
			continue
		}
		for ch := range channels {
			u.ring[ch][u.taken%toneFFT] = u.sum[ch] * scale
		}
		u.pitch.take(u.sum[0], u.sum[1])
		u.n, u.sum = 0, [2]float32{}
		if u.taken++; u.taken >= toneFFT && u.taken%u.hop() == 0 {
			u.look(tracks)
		}
	}
}

// look takes the spectrum of the last samples and goes on with, begins or ends
// each channel's tone.
func (u *tuner) look(tracks []track) {
	var x [toneFFT]complex64
	var power [2]float32
	for i := range x {
		k := (u.taken + i) % toneFFT
		a, b := u.ring[0][k], u.ring[1][k]
		power[0] += a * a
		power[1] += b * b
		w := u.window[i]
		x[i] = complex(a*w, b*w)
	}
	if max(power[0], power[1]) < toneLoud*toneFFT {
		for ch := range tracks {
			u.end(ch, &tracks[ch])
			tracks[ch].vocals = append(tracks[ch].vocals, vocal{})
		}
		return
	}
	u.transform(&x)
	at := (float64(u.taken) - toneFFT/2) / u.rate
	for ch := range tracks {
		if hz := u.peak(&x, ch); hz > 0 && power[ch] >= toneLoud*toneFFT {
			u.goOn(ch, hz, at, &tracks[ch])
		} else {
			u.end(ch, &tracks[ch])
		}
		var v vocal
		// A channel that is far softer than the other has the other's leak.
		if u.pitch.loud(ch, power[ch]) && power[1-ch] < leak*power[ch] {
			v = u.voiced(&x, ch)
		}
		tracks[ch].vocals = append(tracks[ch].vocals, v)
	}
}

// leak is gateDB as a ratio of powers.
const leak = 31.6

// energy is a channel's part of the spectrum at one place.
func energy(x *[toneFFT]complex64, k, ch int) float32 {
	a, b := x[k], x[toneFFT-k]
	re, im := real(a)+real(b), imag(a)-imag(b)
	if ch == 1 {
		re, im = imag(a)+imag(b), real(b)-real(a)
	}
	return re*re + im*im
}

// peak is the frequency that holds nearly all of a channel's energy; 0 when none
// does.
func (u *tuner) peak(x *[toneFFT]complex64, ch int) float64 {
	bin := u.rate / toneFFT
	from, to := int(toneBelow/bin), min(int(toneAbove/bin), toneFFT/2-3)
	var e [toneFFT / 2]float64
	var sum float64
	best := from
	for k := from - 2; k <= to+2; k++ {
		e[k] = float64(energy(x, k, ch))
		if k < from || k > to {
			continue
		}
		sum += e[k]
		if e[k] > e[best] {
			best = k
		}
	}
	around := e[best-2] + e[best-1] + e[best] + e[best+1] + e[best+2]
	if sum == 0 || around < tonePart*sum {
		return 0
	}
	var weighted float64
	for k := best - 1; k <= best+1; k++ {
		weighted += float64(k) * e[k]
	}
	return bin * weighted / (e[best-1] + e[best] + e[best+1])
}

// sameTone is how far, in Hz, a tone's frequency may stray.
const sameTone = 25

func (u *tuner) goOn(ch int, hz, at float64, t *track) {
	if o := u.open[ch]; o != nil && math.Abs(hz-o.hz) > sameTone {
		u.end(ch, t)
	}
	if u.open[ch] == nil {
		u.open[ch] = &tone{hz: hz, from: at, to: at}
		return
	}
	u.open[ch].to = at
}

// end keeps a tone that was long enough to be one.
func (u *tuner) end(ch int, t *track) {
	o := u.open[ch]
	u.open[ch] = nil
	// A look sees a tone from when it fills most of the window, to when it no
	// longer does: the tone is about as long as from the first to the last.
	if o != nil && o.to-o.from >= beepMin-0.04 && len(t.tones) < maxHoles {
		t.tones = append(t.tones, *o)
	}
}

// transform is the fast Fourier transform in place, by twos.
func (u *tuner) transform(x *[toneFFT]complex64) {
	for i, j := 1, 0; i < toneFFT; i++ {
		bit := toneFFT >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		j ^= bit
		if i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	for n := 2; n <= toneFFT; n *= 2 {
		h, step := n/2, toneFFT/n
		for at := 0; at < toneFFT; at += n {
			for i := range h {
				a, b := x[at+i], x[at+h+i]*u.twiddle[i*step]
				x[at+i], x[at+h+i] = a+b, a-b
			}
		}
	}
}
