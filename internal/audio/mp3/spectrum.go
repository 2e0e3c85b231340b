package mp3

import "math"

// largest is the greatest value of a line: 15 and 13 extra bits.
const largest = 15 + 1<<13

// lines are a granule's quantised spectrum.
type lines [granuleSize]int16

// readLines decodes a granule's spectrum, which ends at the bit end. It gives
// how many lines can be other than zero.
func (bk *books) readLines(b *bitstream, g *granule, end int, out *lines) int {
	n := 0
	for n < 2*g.pairs && b.pos < end {
		table := 0
		switch {
		case n >= g.bounds[1]:
			table = 2
		case n >= g.bounds[0]:
			table = 1
		}
		until := 2 * g.pairs
		if table < 2 {
			until = min(until, g.bounds[table])
		}
		n = bk.pairs[g.tables[table]].read(b, out, n, until, end)
	}
	quads := bk.quads[0]
	if g.quadB {
		quads = bk.quads[1]
	}
	for n <= granuleSize-4 && b.pos < end {
		v := quads.next(b)
		var four [4]int16
		for i := range four {
			if v>>(3-i)&1 != 0 {
				four[i] = signed(b, 1)
			}
		}
		if b.pos > end {
			break // what was left was stuffing
		}
		copy(out[n:], four[:])
		n += 4
	}
	clear(out[n:])
	return n
}

func (t *pairTable) read(b *bitstream, out *lines, from, to, end int) int {
	if t.huffman == nil {
		clear(out[from:to])
		return to
	}
	n := from
	for n < to && b.pos < end {
		v := t.huffman.next(b)
		out[n] = t.value(b, v>>4)
		out[n+1] = t.value(b, v&15)
		n += 2
	}
	return n
}

func (t *pairTable) value(b *bitstream, v int) int16 {
	if v == 15 && t.extra > 0 {
		v += b.read(t.extra)
	}
	if v == 0 {
		return 0
	}
	return signed(b, int16(v))
}

func signed(b *bitstream, v int16) int16 {
	if b.flag() {
		return -v
	}
	return v
}

// powers are v to the 4/3.
type powers [largest + 1]float32

func newPowers() *powers {
	p := &powers{}
	for i := range p {
		p[i] = float32(math.Pow(float64(i), 4.0/3))
	}
	return p
}

// preEmphasis is added to the scale factors of the upper long bands.
var preEmphasis = [22]uint8{11: 1, 1, 1, 1, 2, 2, 3, 3, 3, 2}

// scale turns quantised lines into amplitudes, band by band.
func (p *powers) scale(in *lines, n int, g *granule, f *factors, bands []band, out *spectrum) {
	step := 0.5
	if g.coarse {
		step = 1
	}
	for i := range bands {
		bd := &bands[i]
		if bd.start >= n {
			clear(out[bd.start:])
			return
		}
		factor := float64(f.value[i])
		exponent := float64(g.gain-210) / 4
		switch {
		case bd.short:
			exponent -= 2 * float64(g.shortGain[bd.window])
		case g.preEmphasis:
			factor += float64(preEmphasis[i])
		}
		gain := float32(math.Exp2(exponent - step*factor))
		from, to := in[bd.start:bd.start+bd.width], out[bd.start:bd.start+bd.width]
		for k, v := range from {
			if v < 0 {
				to[k] = -p[-v] * gain
			} else {
				to[k] = p[v] * gain
			}
		}
	}
}
