package mp3

import (
	"bytes"
	"encoding/binary"
)

// decoderDelay is by how many samples the filters of every Layer III decoder lag
// behind.
const decoderDelay = 529

// usualDelay is by how many an encoder does that does not say: one granule, as
// LAME and most others.
const usualDelay = 576

// tag is what an encoder writes of the stream into a first frame without sound.
type tag struct {
	frames int  // with sound; 0 when it does not say
	delay  int  // samples that the encoder put in front
	pad    int  // and behind
	gaps   bool // delay and pad are known
}

// readTag reads a frame that holds no sound but an encoder's tag: Xing or Info
// after the side information, or VBRI at a fixed place.
func readTag(h *header, frame []byte) (t tag, ok bool) {
	if at := headerSize + 32; len(frame) >= at+18 && bytes.Equal(frame[at:at+4], []byte("VBRI")) {
		return tag{frames: int(binary.BigEndian.Uint32(frame[at+14:]))}, true
	}
	at := headerSize + h.sideSize() // as if there were no checksum, by custom
	if len(frame) < at+8 {
		return t, false
	}
	if name := string(frame[at : at+4]); name != "Xing" && name != "Info" {
		return t, false
	}
	flags := binary.BigEndian.Uint32(frame[at+4:])
	at += 8
	for _, field := range []struct {
		flag uint32
		size int
	}{{1, 4}, {2, 4}, {4, 100}, {8, 4}} {
		if flags&field.flag == 0 {
			continue
		}
		if len(frame) < at+field.size {
			return t, true
		}
		if field.flag == 1 {
			t.frames = int(binary.BigEndian.Uint32(frame[at:]))
		}
		at += field.size
	}
	// The encoder's own part: nine bytes of name, twelve that are no matter here.
	if len(frame) < at+24 || frame[at] == 0 {
		return t, true
	}
	gaps := frame[at+21:]
	t.delay, t.pad = int(gaps[0])<<4|int(gaps[1])>>4, int(gaps[1]&15)<<8|int(gaps[2])
	t.gaps = t.delay+t.pad > 0
	return t, true
}
