package audio

import (
	"math"
	"slices"
	"testing"
)

// sines are a second of silence, then tones one after the other, each so many ms
// long at some frequencies at once; 0 is a pause.
func sines(rate int, tones ...[]float64) []float32 {
	pause := make([]float32, rate)
	out := slices.Clone(pause)
	for _, t := range tones {
		for i := range int(t[0] / 1000 * float64(rate)) {
			var v float64
			for _, hz := range t[1:] {
				if hz > 0 {
					v += 0.1 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))
				}
			}
			out = append(out, float32(v))
		}
	}
	return append(out, pause...)
}

func TestBeeps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tones [][]float64
		hz    float64 // 0: no beep
	}{
		"1 kHz":                      {[][]float64{{600, 1000}}, 1000},
		"a short one":                {[][]float64{{300, 1400}}, 1400},
		"too short":                  {[][]float64{{150, 1000}}, 0},
		"music on hold":              {[][]float64{{5000, 1000}}, 0},
		"a held vowel":               {[][]float64{{400, 220}}, 0},
		"ringing in Europe":          {[][]float64{{1000, 425}}, 0},
		"ringing in America":         {[][]float64{{2000, 440, 480}}, 0},
		"a key pressed":              {[][]float64{{400, 770, 1336}}, 0},
		"a fax":                      {[][]float64{{500, 2100}}, 2100},
		"the number is not in use":   {[][]float64{{330, 950}, {330, 1400}, {330, 1800}}, 0},
		"after something else, late": {[][]float64{{300, 425}, {600, 0}, {500, 850}}, 850},
	} {
		for _, rate := range []int{8000, 16000, 44100} {
			m := newMeter(Format{Rate: rate, Channels: 2})
			tone := sines(rate, c.tones...)
			block := make([]float32, 2*len(tone))
			for i, v := range tone {
				block[2*i+1] = v // the second channel's is found as well
			}
			m.add(block, 1)
			m.finish()
			got := firstBeep(beeps(m.tracks[1].tones))
			switch {
			case (got != nil) != (c.hz > 0):
				t.Errorf("%s at %d Hz: %+v", name, rate, got)
			case got != nil && math.Abs(got.HZ-c.hz) > 20:
				t.Errorf("%s at %d Hz: %v Hz, want %v", name, rate, got.HZ, c.hz)
			}
			if other := firstBeep(beeps(m.tracks[0].tones)); other != nil {
				t.Errorf("%s at %d Hz: the silent channel has %+v", name, rate, other)
			}
		}
	}
}

// The transform of two tones, one a channel, keeps them apart.
func TestBothChannelsInOneTransform(t *testing.T) {
	t.Parallel()
	m := newMeter(Format{Rate: 8000, Channels: 2})
	a, b := sines(8000, []float64{500, 900}), sines(8000, []float64{500, 1700})
	block := make([]float32, 2*len(a))
	for i := range a {
		block[2*i], block[2*i+1] = a[i], b[i]
	}
	m.add(block, 1)
	m.finish()
	for ch, hz := range []float64{900, 1700} {
		got := firstBeep(beeps(m.tracks[ch].tones))
		if got == nil || math.Abs(got.HZ-hz) > 20 || math.Abs(got.At-1) > 0.05 || math.Abs(got.Seconds-0.5) > 0.05 {
			t.Errorf("channel %d: %+v, want %v Hz for 0.5 s from 1 s", ch, got, hz)
		}
	}
}
