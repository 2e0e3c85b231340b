package mp3

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// ErrFormat is that the input is no Layer III stream.
var ErrFormat = errors.New("no MPEG Layer III frames")

// ErrTruncated is that the input ends within a frame, or before as many as its
// tag states.
var ErrTruncated = errors.New("the file ends early")

const (
	maxFrame   = 2048      // more than the largest frame, 1441 bytes
	maxBack    = 511       // bytes before a frame that its data may begin at
	maxGarbage = 256 << 10 // bytes before the first frame that are searched
)

// Decoder reads frames and gives their sound.
type Decoder struct {
	Rate     int
	Channels int

	in     *bufio.Reader
	first  header
	tag    tag
	frames int // seen, the tag's not counted
	given  int // samples of each channel, before the trim
	trim   int // samples still to be cut off the front
	until  int // samples of each channel after which the encoder's padding begins; 0 when unknown

	side    sideInfo
	store   []byte // main data of this frame behind the end of the last ones'
	factors [2]factors
	lines   lines
	sound   [2]spectrum
	overlap [2]spectrum
	bank    [2]synthesis
	out     []float32

	books   *books
	powers  *powers
	layouts *layouts
	hybrid  *hybrid
	dct     dct32
	window  *window
}

// NewDecoder finds the first frame and the encoder's tag.
func NewDecoder(r io.Reader) (*Decoder, error) {
	d := &Decoder{in: bufio.NewReaderSize(r, 4*maxFrame)}
	if err := d.skipID3(); err != nil {
		return nil, err
	}
	h, err := d.find()
	if errors.Is(err, io.EOF) {
		err = ErrFormat
	}
	if err != nil {
		return nil, err
	}
	d.first, d.Rate, d.Channels = h, h.rate, h.channels
	d.trim = decoderDelay + usualDelay
	d.books, d.powers, d.layouts = newBooks(), newPowers(), newLayouts(&h)
	d.hybrid, d.dct, d.window = newHybrid(), newDCT32(), newWindow()
	d.out = make([]float32, 2*granuleSize*h.channels)
	return d, d.takeTag(&h)
}

// skipID3 passes over the tags that taggers put in front. Their size is only
// read over, never allocated.
func (d *Decoder) skipID3() error {
	for {
		b, _ := d.in.Peek(10) // what is wrong shows when the frames are read
		if len(b) < 10 || string(b[:3]) != "ID3" {
			return nil
		}
		size := 10
		for i, c := range b[6:10] {
			size += int(c&0x7f) << (7 * (3 - i))
		}
		if n, err := io.CopyN(io.Discard, d.in, int64(size)); err != nil {
			return fmt.Errorf("%w: its ID3 tag of %d bytes has only %d", ErrTruncated, size, n)
		}
	}
}

// find moves to the next frame and leaves it unread. Four bytes that look like a
// header are one when another follows where it says that it ends.
func (d *Decoder) find() (header, error) {
	for n := 0; n < maxGarbage || d.Rate != 0; n++ {
		b, err := d.in.Peek(headerSize)
		if err != nil {
			return header{}, err
		}
		if h, ok := parseHeader(b); ok && d.follows(&h) {
			return h, nil
		}
		if _, err := d.in.Discard(1); err != nil {
			return header{}, err
		}
	}
	return header{}, ErrFormat
}

// follows tells whether a frame of the same stream, or the end, comes after h.
// Behind as many frames as the tag states may be anything.
func (d *Decoder) follows(h *header) bool {
	if d.Rate != 0 && !h.same(&d.first) {
		return false
	}
	size := h.size()
	b, err := d.in.Peek(size + headerSize)
	if err != nil {
		return d.Rate != 0 || len(b) >= size
	}
	next, ok := parseHeader(b[size:])
	last := d.tag.frames > 0 && d.frames == d.tag.frames-1
	return ok && next.same(h) || d.Rate != 0 && !ok && (last || trailer(b[size:]))
}

// trailer tells whether what follows the last frame is a tagger's.
func trailer(b []byte) bool {
	switch string(b[:3]) {
	case "TAG", "APE", "LYR", "ID3":
		return true
	}
	return false
}

// takeTag reads the first frame if it is a tag.
func (d *Decoder) takeTag(h *header) error {
	frame, err := d.in.Peek(h.size())
	if err != nil {
		return fmt.Errorf("%w, within its first frame", ErrTruncated)
	}
	t, ok := readTag(h, frame)
	if !ok {
		return nil
	}
	d.tag = t
	if _, err := d.in.Discard(h.size()); err != nil {
		return err
	}
	if t.gaps {
		d.trim = t.delay + decoderDelay
		if t.frames > 0 {
			d.until = max(d.trim, t.frames*h.samples()-max(0, t.pad-decoderDelay))
		}
	}
	return nil
}

// Next gives the next frame's samples, channels interleaved, ±1 at full scale.
// They are good until the next call. At the end it gives io.EOF, or
// ErrTruncated.
func (d *Decoder) Next() ([]float32, error) {
	for {
		h, err := d.find()
		if err != nil {
			return nil, d.ended(err)
		}
		frame, err := d.in.Peek(h.size())
		if err != nil {
			return nil, d.ended(fmt.Errorf("%w, within frame %d", ErrTruncated, d.frames+1))
		}
		d.decode(&h, frame)
		d.frames++
		if _, err := d.in.Discard(h.size()); err != nil {
			return nil, err
		}
		if out := d.cut(d.out[:h.samples()*d.Channels]); len(out) > 0 {
			return out, nil
		}
	}
}

// ended says how the stream ended. Whatever stands behind as many frames as the
// tag states is no concern of ours.
func (d *Decoder) ended(err error) error {
	switch {
	case d.tag.frames > 0 && d.frames >= d.tag.frames:
		return io.EOF
	case errors.Is(err, io.EOF) && d.tag.frames > 0:
		return fmt.Errorf("%w: it has %d of %d frames", ErrTruncated, d.frames, d.tag.frames)
	}
	return err
}

// cut takes off what is not the recording's. Frames beyond the tag's count are
// of another file that was appended, and stay whole.
func (d *Decoder) cut(out []float32) []float32 {
	from, to := d.kept(len(out) / d.Channels)
	return out[from*d.Channels : to*d.Channels]
}

// kept says which of a frame's n samples of each channel are the recording's.
func (d *Decoder) kept(n int) (from, to int) {
	from, to = min(d.trim, n), n
	d.trim -= from
	if d.until > 0 && d.frames <= d.tag.frames {
		to = max(from, min(n, d.until-d.given))
	}
	d.given += n
	return from, to
}

// Length reads on to the end, decodes nothing, and gives how many samples of each
// channel Next would have given. Of a file that is cut off it counts what is
// there.
func (d *Decoder) Length() (samples int64, err error) {
	for {
		h, err := d.find()
		if err == nil {
			_, err = d.in.Discard(h.size())
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, ErrFormat):
			return samples, nil
		default:
			return samples, err
		}
		d.frames++
		from, to := d.kept(h.samples())
		samples += int64(to - from)
	}
}

// decode turns a frame into samples.
func (d *Decoder) decode(h *header, frame []byte) {
	at := headerSize
	if h.crc {
		at += 2
	}
	b := &bitstream{data: frame, pos: 8 * at}
	d.side.parse(h, b)
	at = min(len(frame), at+h.sideSize())
	ok := d.keep(frame[at:], d.side.back)
	main := &bitstream{data: d.store}
	if ok {
		main.pos = 8 * (len(d.store) - (len(frame) - at) - d.side.back)
	}
	for gr := range h.granules() {
		d.granule(h, gr, main, ok)
	}
}

// keep appends a frame's main data to what is left of the last ones'. It is not
// ok when the frame begins before what is there.
func (d *Decoder) keep(data []byte, back int) bool {
	old := d.store
	if len(old) > maxBack {
		old = old[len(old)-maxBack:]
	}
	ok := back <= len(old)
	n := copy(d.store[:cap(d.store)], old)
	d.store = append(d.store[:n], data...)
	return ok
}

// granule decodes one granule of every channel into its place in out.
func (d *Decoder) granule(h *header, gr int, b *bitstream, ok bool) {
	var n int
	for ch := range h.channels {
		g := &d.side.granules[gr][ch]
		end := b.pos + g.size
		if !ok || end > 8*len(d.store) {
			d.sound[ch], ok = spectrum{}, false
			continue
		}
		f := &d.factors[ch]
		if h.version == mpeg1 {
			f.read1(b, g, d.side.share[ch], gr == 1)
		} else {
			f.read2(b, g, h.scaled && ch == 1)
		}
		used := d.books.readLines(b, g, end, &d.lines)
		d.powers.scale(&d.lines, used, g, f, d.layouts.of(g), &d.sound[ch])
		n, b.pos = max(n, used), end
	}
	if h.channels == 2 {
		g := &d.side.granules[gr][1]
		stereo(h, &d.sound[0], &d.sound[1], n, g, &d.factors[1], d.layouts.of(g))
	}
	for ch := range h.channels {
		d.synthesise(&d.side.granules[gr][ch], ch, n, d.out[gr*granuleSize*d.Channels:], h.channels)
	}
	if h.channels < d.Channels {
		spread(d.out[gr*granuleSize*2 : (gr+1)*granuleSize*2])
	}
}

// synthesise turns a channel's spectrum into samples. In a stream that changes
// between mono and stereo the first frame decides what comes out.
func (d *Decoder) synthesise(g *granule, ch, n int, out []float32, channels int) {
	if ch >= d.Channels {
		return
	}
	s := &d.sound[ch]
	if g.short() {
		s.reorder(d.layouts.of(g))
		n = granuleSize
	}
	d.hybrid.time(s, &d.overlap[ch], g, n)
	var x [32]float32
	for slot := range 18 {
		for sb := range x {
			x[sb] = s[sb*18+slot]
		}
		d.bank[ch].slot(&x, &d.dct, d.window, out[slot*32*d.Channels+ch:], d.Channels)
	}
}

// spread copies the left channel to the right.
func spread(out []float32) {
	for i := 0; i+1 < len(out); i += 2 {
		out[i+1] = out[i]
	}
}
