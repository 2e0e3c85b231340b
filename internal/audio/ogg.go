package audio

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// maxPacket is more than the longest Opus packet, 48 frames of 1,275 bytes, and
// has room for comments with a picture.
const maxPacket = 1 << 20

// ogg takes packets out of the pages of one stream. A page's checksum is not
// looked at: what is damaged shows in the packets.
type ogg struct {
	in      *bufio.Reader
	serial  uint32
	chosen  bool   // serial is known
	rest    []byte // of a packet that goes on in the next page
	pending bool   // rest is to be continued
	body    []byte // of the page, over whose packets the caller is
}

// oggPage is a page's packets that end in it, and what its header says.
type oggPage struct {
	packets  [][]byte // good until the next page
	position int64    // where the last of them ends, as the codec counts; -1 when none does
	first    bool
	last     bool
	serial   uint32
}

// page reads the next page of the stream. Others' pages are passed over, unless
// there is sound in them too: half of a call is not taken for the whole. At the
// end it gives io.EOF.
func (o *ogg) page() (oggPage, error) {
	for {
		p, lacing, err := o.header()
		if err != nil {
			return p, err
		}
		size := 0
		for _, n := range lacing {
			size += int(n)
		}
		if o.chosen && p.serial != o.serial {
			if head, _ := o.in.Peek(min(size, len(opusHead))); p.first && string(head) == opusHead {
				return p, errSeveral
			}
			if _, err := o.in.Discard(size); err != nil {
				return p, cutOff(err)
			}
			continue
		}
		o.body = o.body[:size]
		if _, err := io.ReadFull(o.in, o.body); err != nil {
			return p, cutOff(err)
		}
		return p, o.split(&p, lacing)
	}
}

// opusHead begins a stream of Opus.
const opusHead = "OpusHead"

var errSeveral = refuse("the Ogg file holds several recordings, at once or one after the other")

// cutOff puts an end where there should be none in words.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return refuse("the Ogg file is cut off")
	}
	return err
}

// header reads a page's header and the lengths of its segments.
func (o *ogg) header() (p oggPage, lacing []byte, err error) {
	var b [27]byte
	if n, err := io.ReadFull(o.in, b[:]); err != nil {
		if n == 0 && errors.Is(err, io.EOF) {
			return p, nil, io.EOF
		}
		return p, nil, cutOff(err)
	}
	if string(b[:4]) != "OggS" || b[4] != 0 {
		return p, nil, refuse("the Ogg file is damaged: a page does not begin where the last one ended")
	}
	p = oggPage{
		first: b[5]&2 != 0, last: b[5]&4 != 0,
		position: int64(binary.LittleEndian.Uint64(b[6:])), serial: binary.LittleEndian.Uint32(b[14:]),
	}
	lacing = make([]byte, b[26])
	if _, err := io.ReadFull(o.in, lacing); err != nil {
		return p, nil, cutOff(err)
	}
	if b[5]&1 == 0 {
		o.rest, o.pending = o.rest[:0], false
	}
	return p, lacing, nil
}

// split cuts a page's body into packets: a segment of 255 bytes goes on in the
// next one, and the last of a page in the next page.
func (o *ogg) split(p *oggPage, lacing []byte) error {
	start, end := 0, 0
	for _, n := range lacing {
		end += int(n)
		if n == 255 {
			continue
		}
		packet := o.body[start:end]
		if o.pending {
			packet = append(o.rest, packet...)
			o.rest, o.pending = nil, false
		}
		if len(packet) > maxPacket {
			return refuse("the Ogg file has a packet of %d bytes", len(packet))
		}
		p.packets = append(p.packets, packet)
		start = end
	}
	if start < end {
		o.rest, o.pending = append(o.rest, o.body[start:end]...), true
		if len(o.rest) > maxPacket {
			return refuse("the Ogg file has a packet of over %d bytes", maxPacket)
		}
	}
	return nil
}
