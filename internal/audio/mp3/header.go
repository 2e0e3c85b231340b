package mp3

// headerSize is how many bytes a frame's header takes, without its checksum.
const headerSize = 4

// version is which MPEG standard a frame follows. 2.5 is the unofficial one for
// 8 to 12 kHz, which telephone systems write.
type version int

const (
	mpeg1 version = iota
	mpeg2
	mpeg25
)

// header is what the first four bytes of a frame say.
type header struct {
	version  version
	crc      bool // a checksum of two bytes follows
	kbps     int
	rate     int // Hz
	padded   bool
	channels int
	middle   bool // sum and difference in place of left and right
	scaled   bool // intensity stereo
}

var kbps = [2][15]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

var rates = [3]int{44100, 48000, 32000} // of MPEG 1; half of it for 2, a quarter for 2.5

// layer tells which layer a header claims, 1 to 3; 0 when it is no header.
func layer(b []byte) int {
	if len(b) < headerSize || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return 0
	}
	if b[1]>>3&3 == 1 || b[2]>>4 == 15 || b[2]>>2&3 == 3 || b[3]&3 == 2 {
		return 0
	}
	return (4 - int(b[1]>>1&3)) % 4
}

// parseHeader reads a frame's header. It is not ok when it is none of Layer III,
// or has no stated bit rate ("free format"), which nobody writes.
func parseHeader(b []byte) (h header, ok bool) {
	if layer(b) != 3 {
		return h, false
	}
	h.version = [4]version{mpeg25, 0, mpeg2, mpeg1}[b[1]>>3&3]
	h.crc = b[1]&1 == 0
	h.kbps = kbps[min(h.version, 1)][b[2]>>4]
	h.rate = rates[b[2]>>2&3] >> h.version
	h.padded = b[2]&2 != 0
	h.channels = 2
	switch mode := b[3] >> 6; mode {
	case 3:
		h.channels = 1
	case 1:
		h.scaled, h.middle = b[3]&0x10 != 0, b[3]&0x20 != 0
	}
	return h, h.kbps != 0
}

// size is the whole frame's, in bytes.
func (h *header) size() int {
	n := 72 * h.granules() * h.kbps * 1000 / h.rate
	if h.padded {
		n++
	}
	return n
}

// granules of 576 samples make a frame.
func (h *header) granules() int {
	if h.version == mpeg1 {
		return 2
	}
	return 1
}

func (h *header) samples() int { return h.granules() * granuleSize }

// sideSize is how many bytes of side information follow the header.
func (h *header) sideSize() int {
	switch {
	case h.version == mpeg1 && h.channels == 2:
		return 32
	case h.version == mpeg1 || h.channels == 2:
		return 17
	}
	return 9
}

// same tells whether two frames can be of one stream.
func (h *header) same(o *header) bool { return h.version == o.version && h.rate == o.rate }

// rateIndex is the row of the frame's rate in tables by rate.
func (h *header) rateIndex() int {
	for i, r := range rates {
		if r>>h.version == h.rate {
			return int(h.version)*3 + i
		}
	}
	return 0
}
