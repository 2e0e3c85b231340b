package mp3

import "math"

// middle turns sum and difference into left and right.
func middle(l, r []float32) {
	const half = math.Sqrt2 / 2
	for i, m := range l {
		s := r[i]
		l[i], r[i] = (m+s)*half, (m-s)*half
	}
}

// stereo undoes how the two channels of a frame were joined. Intensity stereo
// keeps one channel and, for each band above the last line of the right one,
// where the sound stands.
func stereo(h *header, left, right *spectrum, n int, g *granule, f *factors, bands []band) {
	if !h.scaled {
		if h.middle {
			middle(left[:n], right[:n])
		}
		return
	}
	last := lastBands(right, bands)
	for i := range bands {
		bd := &bands[i]
		l, r := left[bd.start:bd.start+bd.width], right[bd.start:bd.start+bd.width]
		position, legal := place(h, f, bands, i, last[bd.window])
		switch {
		case i > last[bd.window] && legal:
			a, b := pan(h, g, position)
			for k, v := range l {
				l[k], r[k] = v*a, v*b
			}
		case h.middle:
			middle(l, r)
		}
	}
}

// place is where the sound of a band stands. The topmost has no place of its
// own: it takes that of the band below, or the middle when that has none.
func place(h *header, f *factors, bands []band, i, last int) (position uint8, legal bool) {
	step := 1
	if bands[i].short {
		step = 3
	}
	switch {
	case i < len(bands)-step:
		return f.value[i], f.value[i] < f.illegal[i]
	case i-step > last:
		return f.value[i-step], f.value[i-step] < f.illegal[i-step]
	case h.version == mpeg1:
		return 3, true
	}
	return 0, true
}

// lastBands are, by window, the last bands in which the channel has sound.
func lastBands(s *spectrum, bands []band) [3]int {
	last := [3]int{-1, -1, -1}
	for i := range bands {
		bd := &bands[i]
		for _, v := range s[bd.start : bd.start+bd.width] {
			if v == 0 {
				continue
			}
			if bd.short {
				last[bd.window] = i
			} else {
				last = [3]int{i, i, i}
			}
			break
		}
	}
	return last
}

// pan is how loud a sound at a position is on the left and on the right.
func pan(h *header, g *granule, position uint8) (left, right float32) {
	if h.version == mpeg1 {
		ratio := math.Tan(float64(position) * math.Pi / 12)
		if position == 6 {
			return 1, 0
		}
		return float32(ratio / (1 + ratio)), float32(1 / (1 + ratio))
	}
	root := 0.25
	if g.compress&1 == 1 {
		root = 0.5
	}
	if position == 0 {
		return 1, 1
	}
	down := float32(math.Exp2(-root * float64((position+1)/2)))
	if position&1 == 1 {
		return down, 1
	}
	return 1, down
}
