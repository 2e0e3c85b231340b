package audio

import "math"

// lobes is how many zero crossings of the filter are taken on each side, and
// maxPhases how finely it is tabulated for rates that divide badly.
const (
	lobes     = 16
	maxPhases = 1024
)

// Resampler brings one channel to another rate, by a windowed sinc that lets
// through what both rates can hold. Sample n of what it gives stands at the time
// of n/to seconds: nothing is shifted.
type Resampler struct {
	from, to int64
	half     int         // samples of the input on each side of an output's place
	filter   [][]float32 // by phase; 2·half+1 taps each
	in       []float32   // what is still needed of the input
	first    int64       // the place of in[0]; negative before the start, where there is silence
	next     int64       // the output sample that is next
	out      []float32
}

// NewResampler makes a resampler between two rates, in samples a second.
func NewResampler(from, to int) *Resampler {
	cut := min(1, float64(to)/float64(from)) // of the input's band
	half := int(math.Ceil(lobes / cut))
	phases := min(to/gcd(from, to), maxPhases)
	r := &Resampler{from: int64(from), to: int64(to), half: half, filter: make([][]float32, phases), in: make([]float32, half), first: -int64(half)}
	for p := range r.filter {
		r.filter[p] = sinc(float64(p)/float64(phases), cut, half)
	}
	return r
}

// sinc is the filter for an output that stands a part of a sample behind an
// input: under a Hann window, its sum brought to 1.
func sinc(behind, cut float64, half int) []float32 {
	taps, sum := make([]float64, 2*half+1), 0.0
	for i := range taps {
		x := float64(i-half) - behind
		if math.Abs(x) > float64(half) {
			continue
		}
		taps[i] = 0.5 + 0.5*math.Cos(math.Pi*x/float64(half))
		if y := math.Pi * x * cut; y != 0 {
			taps[i] *= math.Sin(y) / y
		}
		sum += taps[i]
	}
	out := make([]float32, len(taps))
	for i := range taps {
		out[i] = float32(taps[i] / sum)
	}
	return out
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Add takes samples and gives those that follow from all so far, good until the
// next call.
func (r *Resampler) Add(samples []float32) []float32 {
	r.in = append(r.in, samples...)
	return r.give(r.first + int64(len(r.in)))
}

// Finish gives what is left, as if silence followed.
func (r *Resampler) Finish() []float32 {
	end := r.first + int64(len(r.in)) // of the input
	r.in = append(r.in, make([]float32, r.half+1)...)
	out := r.give(end + int64(r.half) + 1)
	for len(out) > 0 && (r.next-1)*r.from >= end*r.to {
		out, r.next = out[:len(out)-1], r.next-1
	}
	return out
}

// give works out the output as far as the input up to end allows.
func (r *Resampler) give(end int64) []float32 {
	r.out = r.out[:0]
	for {
		at, rest := r.next*r.from/r.to, r.next*r.from%r.to
		if at+int64(r.half) >= end {
			r.drop(at - int64(r.half))
			return r.out
		}
		taps := r.filter[rest*int64(len(r.filter))/r.to]
		in := r.in[at-int64(r.half)-r.first:][:len(taps)]
		var sum float32
		for i, t := range taps {
			sum += t * in[i]
		}
		r.out = append(r.out, sum)
		r.next++
	}
}

// drop forgets the input before a place.
func (r *Resampler) drop(before int64) {
	n := min(before-r.first, int64(len(r.in)))
	if n <= 0 {
		return
	}
	r.in = append(r.in[:0], r.in[n:]...)
	r.first += n
}
