package mp3

import "math"

// spectrum is a granule's lines as amplitudes, then its subbands in time.
type spectrum [granuleSize]float32

// reorder brings the lines of short blocks from window by window to line by
// line, band by band.
func (s *spectrum) reorder(bands []band) {
	var buf [granuleSize]float32
	for i := 0; i < len(bands); i++ {
		bd := &bands[i]
		if !bd.short {
			continue
		}
		start, w := bd.start, bd.width
		for k := range w {
			buf[3*k], buf[3*k+1], buf[3*k+2] = s[start+k], s[start+w+k], s[start+2*w+k]
		}
		copy(s[start:start+3*w], buf[:3*w])
		i += 2
	}
}

// Coefficients of the butterflies that undo aliasing between subbands.
var aliasing = [8]float64{-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037}

// hybrid turns a granule's spectrum into the samples of its 32 subbands, and
// keeps what reaches into the next granule.
type hybrid struct {
	ca, cs  [8]float32
	windows [4][36]float32 // by kind of block; the short one 12 long
	dct     dct18
	short   [6][6]float32 // the transform of a short block
}

func newHybrid() *hybrid {
	y := &hybrid{dct: newDCT18()}
	for i, c := range aliasing {
		root := math.Sqrt(1 + c*c)
		y.cs[i], y.ca[i] = float32(1/root), float32(c/root)
	}
	for i := range 36 {
		long := float32(math.Sin(math.Pi / 36 * (float64(i) + 0.5)))
		y.windows[blockLong][i] = long
		switch {
		case i < 18:
			y.windows[blockStart][i], y.windows[blockStop][35-i] = long, long
		case i < 24:
			y.windows[blockStart][i], y.windows[blockStop][35-i] = 1, 1
		case i < 30:
			fall := float32(math.Sin(math.Pi / 12 * (float64(i-18) + 0.5)))
			y.windows[blockStart][i], y.windows[blockStop][35-i] = fall, fall
		}
	}
	for i := range 12 {
		y.windows[blockShort][i] = float32(math.Sin(math.Pi / 12 * (float64(i) + 0.5)))
	}
	for n := range 6 {
		for k := range 6 {
			y.short[n][k] = float32(math.Cos(math.Pi / 24 * float64((2*n+1)*(2*k+1))))
		}
	}
	return y
}

// antialias undoes aliasing at the lowest edges between subbands.
func (y *hybrid) antialias(s *spectrum, edges int) {
	for sb := 1; sb <= edges; sb++ {
		at := sb * 18
		for i := range 8 {
			down, up := s[at-1-i], s[at+i]
			s[at-1-i] = down*y.cs[i] - up*y.ca[i]
			s[at+i] = up*y.cs[i] + down*y.ca[i]
		}
	}
}

// time transforms a granule of which n lines may be other than zero. The result
// stands where the spectrum was: 18 samples of each subband.
func (y *hybrid) time(s, overlap *spectrum, g *granule, n int) {
	plain := 0 // subbands with the plain window whatever the rest has
	if g.mixed {
		plain = 2
	}
	switch {
	case !g.short():
		y.antialias(s, min(31, (n+17)/18))
		n = min(granuleSize, n+18)
	case g.mixed:
		y.antialias(s, 1)
	}
	full := (n + 17) / 18
	for sb := range 32 {
		in, over := (*[18]float32)(s[sb*18:]), (*[18]float32)(overlap[sb*18:])
		switch {
		case sb >= full:
			*in, *over = *over, [18]float32{}
		case sb < plain:
			y.longBlock(in, over, &y.windows[blockLong])
		case g.short():
			y.shortBlock(in, over)
		default:
			y.longBlock(in, over, &y.windows[g.block])
		}
		if sb&1 == 1 {
			for i := 1; i < 18; i += 2 {
				in[i] = -in[i]
			}
		}
	}
}

// longBlock is the inverse MDCT of 18 lines. Its 36 outputs are the transform's
// 18, unfolded with alternating symmetry.
func (y *hybrid) longBlock(s, overlap *[18]float32, w *[36]float32) {
	var t [18]float32
	y.dct.transform(s, &t)
	for i := range 9 {
		s[i] = overlap[i] + t[9+i]*w[i]
		s[9+i] = overlap[9+i] - t[17-i]*w[9+i]
		overlap[i] = -t[8-i] * w[18+i]
		overlap[9+i] = -t[i] * w[27+i]
	}
}

// shortBlock is three inverse MDCTs of 6 lines each, a third of a block apart.
func (y *hybrid) shortBlock(s, overlap *[18]float32) {
	var out [36]float32
	w := &y.windows[blockShort]
	for win := range 3 {
		var t [6]float32
		for n := range t {
			var sum float32
			for k, c := range y.short[n] {
				sum += c * s[3*k+win]
			}
			t[n] = sum
		}
		at := out[6+6*win : 18+6*win]
		for i := range 3 {
			at[i] += t[3+i] * w[i]
			at[3+i] -= t[5-i] * w[3+i]
			at[6+i] -= t[2-i] * w[6+i]
			at[9+i] -= t[i] * w[9+i]
		}
	}
	for i := range 18 {
		s[i] = overlap[i] + out[i]
		overlap[i] = out[18+i]
	}
}
