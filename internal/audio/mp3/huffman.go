package mp3

import "math/bits"

// rootBits is how many bits of a code the first look takes; longer codes take a
// second look. No code has more than longest.
const rootBits, longest = 9, 20

// entry is what some bits mean: the pair or the four values, and how long the
// code is; or, for a longer code, where to look on and with how many bits.
type entry struct {
	value  uint16
	length uint8
	more   uint8
}

// huffman finds what the next bits mean by looking them up.
type huffman []entry

// newHuffman builds the look-up from codes in the order of what they mean, each
// with a one in front. What it gives for a pair is 16 times the first plus the
// second.
func newHuffman(codes []uint32, side int) huffman {
	t := make(huffman, 1<<rootBits)
	deepest := map[uint32]int{} // by the first bits, how many more there are at most
	for _, c := range codes {
		if more := bits.Len32(c) - 1 - rootBits; more > 0 {
			root := c >> more & (1<<rootBits - 1)
			deepest[root] = max(deepest[root], more)
		}
	}
	for i, c := range codes {
		t = t.add(c, uint16(i/side<<4|i%side), deepest)
	}
	return t
}

func (t huffman) add(code uint32, value uint16, deepest map[uint32]int) huffman {
	n := bits.Len32(code) - 1
	code &^= 1 << n
	e := entry{value: value, length: uint8(n)}
	if n <= rootBits {
		t.fill(int(code)<<(rootBits-n), rootBits-n, e)
		return t
	}
	root := code >> (n - rootBits)
	more := deepest[root]
	if t[root].more == 0 {
		t[root] = entry{value: uint16(len(t)), more: uint8(more)}
		t = append(t, make(huffman, 1<<more)...)
	}
	free := more - (n - rootBits)
	t.fill(int(t[root].value)+int(code&(1<<(n-rootBits)-1))<<free, free, e)
	return t
}

// fill writes an entry for every value of the bits that it leaves free.
func (t huffman) fill(at, free int, e entry) {
	for i := range 1 << free {
		t[at+i] = e
	}
}

// next takes one code.
func (t huffman) next(b *bitstream) int {
	w := b.peek(longest)
	e := t[w>>(longest-rootBits)]
	if e.more != 0 {
		e = t[int(e.value)+int(w>>(longest-rootBits-e.more))&(1<<e.more-1)]
	}
	b.pos += int(e.length)
	return int(e.value)
}

// pairTable decodes two lines at a time. A value of 15 is followed by extra
// bits, in tables that have some.
type pairTable struct {
	huffman huffman // nil: both lines are zero, in no bits
	extra   int
}

// books are all of the code tables.
type books struct {
	pairs [32]pairTable
	quads [2]huffman
}

func newBooks() *books {
	b := &books{quads: [2]huffman{newHuffman(codesQuadA, 16), newHuffman(codesQuadB, 16)}}
	for i, codes := range [][]uint32{
		1: codes1, 2: codes2, 3: codes3, 5: codes5, 6: codes6, 7: codes7, 8: codes8, 9: codes9,
		10: codes10, 11: codes11, 12: codes12, 13: codes13, 15: codes15,
	} {
		if codes != nil {
			b.pairs[i].huffman = newHuffman(codes, side(codes))
		}
	}
	sixteen, twentyFour := newHuffman(codes16, 16), newHuffman(codes24, 16)
	for i, extra := range []int{1, 2, 3, 4, 6, 8, 10, 13} {
		b.pairs[16+i] = pairTable{huffman: sixteen, extra: extra}
	}
	for i, extra := range []int{4, 5, 6, 7, 8, 9, 11, 13} {
		b.pairs[24+i] = pairTable{huffman: twentyFour, extra: extra}
	}
	return b
}

// side is how many values each of a pair can take.
func side(codes []uint32) int {
	n := 1
	for n*n < len(codes) {
		n++
	}
	return n
}
