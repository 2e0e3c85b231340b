package mp3

import "encoding/binary"

// bitstream reads big-endian bits. Past the end it reads zeros: whoever reads checks
// pos against the length that the frame states, so a lying frame costs a wrong
// granule and nothing else.
type bitstream struct {
	data []byte
	pos  int // in bits
}

// peek shows the next n bits, 32 at most, without taking them.
func (b *bitstream) peek(n int) uint32 {
	i := b.pos >> 3
	if i+8 <= len(b.data) {
		return uint32(binary.BigEndian.Uint64(b.data[i:]) << (b.pos & 7) >> (64 - n))
	}
	var tail [8]byte
	if i < len(b.data) {
		copy(tail[:], b.data[i:])
	}
	return uint32(binary.BigEndian.Uint64(tail[:]) << (b.pos & 7) >> (64 - n))
}

// read takes n bits, 32 at most.
func (b *bitstream) read(n int) int {
	if n == 0 {
		return 0
	}
	v := b.peek(n)
	b.pos += n
	return int(v)
}

func (b *bitstream) flag() bool { return b.read(1) == 1 }
