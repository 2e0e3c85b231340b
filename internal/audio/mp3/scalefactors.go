package mp3

// maxBands is how many scale factors a granule can have: 13 short bands of
// three windows.
const maxBands = 39

// factors are a granule's scale factors in the order of its bands. In the right
// channel of an intensity stereo frame they say where the sound stands; values
// from illegal on then mean that it stands nowhere.
type factors struct {
	value   [maxBands]uint8
	illegal [maxBands]uint8
}

var lengths1 = [2][16]int{
	{0, 0, 0, 0, 3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4},
	{0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 2, 3},
}

// read1 reads the scale factors of an MPEG 1 granule. Bands that the second
// granule shares with the first keep their values.
func (f *factors) read1(b *bitstream, g *granule, share [4]bool, second bool) {
	low, high := lengths1[0][g.compress], lengths1[1][g.compress]
	for i := range f.illegal {
		f.illegal[i] = 7
	}
	if g.short() {
		n := 18 // six bands of three windows, or eight long ones and three of three
		if g.mixed {
			n = 17
		}
		f.fill(b, 0, n, low)
		f.fill(b, n, n+18, high)
		f.fill(b, n+18, maxBands, 0)
		return
	}
	for i, edge := range [4][3]int{{0, 6, low}, {6, 11, low}, {11, 16, high}, {16, 21, high}} {
		if !second || !share[i] {
			f.fill(b, edge[0], edge[1], edge[2])
		}
	}
	f.fill(b, 21, maxBands, 0)
}

func (f *factors) fill(b *bitstream, from, to, length int) {
	for i := from; i < to; i++ {
		f.value[i] = uint8(b.read(length))
	}
}

// groups2 is, for MPEG 2, how many scale factors there are of each of four
// lengths: for long, short and mixed blocks, by the range of scalefac_compress.
var groups2 = [6][3][4]int{
	{{6, 5, 5, 5}, {9, 9, 9, 9}, {6, 9, 9, 9}},
	{{6, 5, 7, 3}, {9, 9, 12, 6}, {6, 9, 12, 6}},
	{{11, 10, 0, 0}, {18, 18, 0, 0}, {15, 18, 0, 0}},
	{{7, 7, 7, 0}, {12, 12, 12, 0}, {6, 15, 12, 0}},
	{{6, 6, 6, 3}, {12, 9, 9, 6}, {6, 12, 9, 6}},
	{{8, 8, 5, 0}, {15, 12, 9, 0}, {6, 18, 9, 0}},
}

// lengths2 splits scalefac_compress into the four lengths and the range.
func lengths2(compress int, position bool) (lengths [4]int, group int) {
	c := compress
	if !position {
		switch {
		case c < 400:
			return [4]int{(c >> 4) / 5, (c >> 4) % 5, (c % 16) >> 2, c % 4}, 0
		case c < 500:
			c -= 400
			return [4]int{(c >> 2) / 5, (c >> 2) % 5, c % 4}, 1
		}
		c -= 500
		return [4]int{c / 3, c % 3}, 2
	}
	c >>= 1
	switch {
	case c < 180:
		return [4]int{c / 36, (c % 36) / 6, c % 6}, 3
	case c < 244:
		c -= 180
		return [4]int{(c % 64) >> 4, (c % 16) >> 2, c % 4}, 4
	}
	c -= 244
	return [4]int{c / 3, c % 3}, 5
}

// read2 reads the scale factors of an MPEG 2 granule; position when they are
// the places of intensity stereo.
func (f *factors) read2(b *bitstream, g *granule, position bool) {
	lengths, group := lengths2(g.compress, position)
	kind := 0
	if g.short() {
		kind = 1
		if g.mixed {
			kind = 2
		}
	}
	at := 0
	for i, n := range groups2[group][kind] {
		f.fill(b, at, at+n, lengths[i])
		for k := at; k < at+n; k++ {
			f.illegal[k] = 1<<lengths[i] - 1
			if lengths[i] == 0 {
				f.illegal[k] = 1
			}
		}
		at += n
	}
	f.fill(b, at, maxBands, 0)
	clear(f.illegal[at:])
}
