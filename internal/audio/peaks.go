package audio

// maxPeaks bounds how many pairs the waveform of a channel has, whatever its
// length: when there are more, neighbours are joined.
const maxPeaks = 4096

// peaks collects the waveform for drawing: the least and greatest sample of each
// stretch, in 127ths of full scale.
type peaks struct {
	every    int // samples in a stretch
	n        int // of this one that are taken
	low, top float32
	pairs    []int8 // least, greatest, least, greatest …
}

// newPeaks begins with 100 stretches a second.
func newPeaks(rate int) peaks {
	return peaks{every: max(1, rate/100), pairs: make([]int8, 0, 2*maxPeaks)}
}

func (p *peaks) add(x float32) {
	p.low, p.top = min(p.low, x), max(p.top, x)
	if p.n++; p.n == p.every {
		p.flush()
	}
}

func (p *peaks) flush() {
	if len(p.pairs) == 2*maxPeaks {
		for i := range maxPeaks / 2 {
			p.pairs[2*i] = min(p.pairs[4*i], p.pairs[4*i+2])
			p.pairs[2*i+1] = max(p.pairs[4*i+1], p.pairs[4*i+3])
		}
		p.pairs = p.pairs[:maxPeaks]
		p.every *= 2
		if p.n < p.every {
			return // the stretch that ended is the first half of a longer one
		}
	}
	p.pairs = append(p.pairs, int8(max(-1, p.low)*127), int8(min(1, p.top)*127))
	p.n, p.low, p.top = 0, 0, 0
}

func (p *peaks) finish() {
	if p.n > 0 {
		p.flush()
	}
}

// Peaks is the waveform of a recording, for drawing.
type Peaks struct {
	PerSecond float64  `json:"per_second" doc:"Pairs a second"`
	Channels  [][]int8 `json:"channels" doc:"Of each channel: least and greatest sample of each stretch in turn, in 127ths of full scale"`
}

func (m *meter) peaks() Peaks {
	p := Peaks{Channels: [][]int8{}}
	for i := range m.tracks {
		t := &m.tracks[i].peaks
		p.PerSecond = float64(m.rate) / float64(t.every)
		p.Channels = append(p.Channels, t.pairs)
	}
	return p
}
