package audio

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/pion/opus"
)

const (
	// opusClock is what Opus counts positions in, whatever it holds.
	opusClock = 48000
	// opusRate is what it is decoded to: speech has little above 8 kHz, and it
	// takes a third of the time.
	opusRate = 16000
	// opusLongest is the longest packet, 120 ms.
	opusLongest = opusClock * 120 / 1000
	// opusGap is what must be missing before silence takes its place; less is
	// a recorder's jitter.
	opusGap = opusClock * 20 / 1000
	// opusLongGap is more than any recorder leaves out.
	opusLongGap = opusClock * 3600
)

// opusSource gives the sound of an Ogg Opus file. Where packets are missing, as
// in recordings that leave silence out, it gives silence of that length.
type opusSource struct {
	ogg      *ogg
	d        opus.Decoder
	channels int
	gain     float32
	skip     int64 // samples, by the clock, to be cut off the front
	at       int64 // where the next packet begins; -1 before the first
	until    int64 // where the sound ends; 0 while that is unknown
	packets  [][]byte
	gap      int64 // samples of silence before the next packet
	bad      int   // packets that could not be decoded
	good     int
	out      []float32
}

func openOgg(in *bufio.Reader) (source, Format, error) {
	o := &ogg{in: in, body: make([]byte, 255*255)}
	for {
		p, err := o.page()
		if err != nil {
			return nil, Format{}, cutOff(err)
		}
		if !p.first || len(p.packets) == 0 {
			return nil, Format{}, refuse("the Ogg file has no Opus in it")
		}
		head := p.packets[0]
		for _, k := range []struct{ magic, name string }{
			{"\x01vorbis", "Vorbis"}, {"\x7fFLAC", "FLAC"}, {"Speex   ", "Speex"},
		} {
			if bytes.HasPrefix(head, []byte(k.magic)) {
				return nil, Format{}, refuse("the Ogg file holds %s; of Ogg files those with Opus are taken", k.name)
			}
		}
		if bytes.HasPrefix(head, []byte(opusHead)) {
			o.serial, o.chosen = p.serial, true
			return newOpus(o, head)
		}
	}
}

func newOpus(o *ogg, head []byte) (source, Format, error) {
	if len(head) < 19 {
		return nil, Format{}, refuse("the Opus header is too short")
	}
	f := Format{Container: "ogg", Codec: "opus", Rate: opusRate, Channels: int(head[9])}
	if f.Channels > 2 || head[18] > 1 {
		return nil, f, refuse("the Opus file has %d channels in mapping family %d; one or two in family 0 or 1 are read", f.Channels, head[18])
	}
	d, err := opus.NewDecoderWithOutput(opusRate, f.Channels)
	if err != nil {
		return nil, f, refuse("the Opus file has %d channels", f.Channels)
	}
	s := &opusSource{
		ogg: o, d: d, channels: f.Channels, at: -1,
		skip: int64(binary.LittleEndian.Uint16(head[10:])),
		gain: float32(math.Pow(10, float64(int16(binary.LittleEndian.Uint16(head[16:])))/256/20)),
		out:  make([]float32, opusLongest/(opusClock/opusRate)*f.Channels),
	}
	for comments := false; !comments; {
		p, err := o.page()
		if err != nil {
			return nil, f, cutOff(err)
		}
		comments = len(p.packets) > 0
	}
	return s, f, nil
}

// next implements source.
func (s *opusSource) next() ([]float32, error) {
	for {
		switch {
		case s.gap > 0:
			if out := s.silence(); len(out) > 0 {
				return out, nil
			}
			continue
		case len(s.packets) == 0:
			if err := s.page(); err != nil {
				return nil, err
			}
			continue
		}
		packet := s.packets[0]
		s.packets = s.packets[1:]
		n := opusLength(packet)
		if out := s.keep(s.decode(packet, n), n); len(out) > 0 {
			return out, nil
		}
	}
}

// page takes the next page and compares its position with what was decoded so
// far. After the last page it says how the stream ended.
func (s *opusSource) page() error {
	if s.until > 0 {
		if p, err := s.ogg.page(); errors.Is(err, errSeveral) || err == nil && p.first {
			return errSeveral
		}
		return s.ended()
	}
	p, err := s.ogg.page()
	if errors.Is(err, io.EOF) {
		return s.ended()
	}
	if err != nil {
		return err
	}
	if p.first {
		return errSeveral
	}
	s.packets = p.packets
	if len(p.packets) == 0 || p.position < 0 {
		return nil
	}
	var length int64
	for _, packet := range p.packets {
		length += opusLength(packet)
	}
	start := p.position - length
	if s.at < 0 {
		s.at = max(0, start)
	}
	switch gap := start - s.at; {
	case gap > opusLongGap:
		return refuse("the Opus file's positions jump by %d s", gap/opusClock)
	case gap >= opusGap:
		s.gap = gap
	}
	if p.last {
		s.until = max(1, p.position)
	}
	return nil
}

// ended refuses a stream of which most can't be decoded.
func (s *opusSource) ended() error {
	if s.bad > s.good {
		return refuse("the Opus file is damaged: %d of its %d packets can't be decoded", s.bad, s.bad+s.good)
	}
	return io.EOF
}

func (s *opusSource) silence() []float32 {
	n := min(s.gap, opusLongest)
	s.gap -= n
	clear(s.out)
	return s.keep(s.out[:int(n)/(opusClock/opusRate)*s.channels], n)
}

// decode gives a packet's sound; silence of its length when it is damaged.
func (s *opusSource) decode(packet []byte, n int64) []float32 {
	out := s.out[:int(n)/(opusClock/opusRate)*s.channels]
	got, err := s.decodePacket(packet, out)
	if err != nil || got*s.channels != len(out) {
		s.bad++
		clear(out)
		return out
	}
	s.good++
	if s.gain != 1 {
		for i := range out {
			out[i] *= s.gain
		}
	}
	return out
}

func (s *opusSource) decodePacket(packet []byte, out []float32) (n int, err error) {
	defer guarded("Opus file", &err)
	if len(out) == 0 {
		return 0, nil
	}
	return s.d.DecodeToFloat32(packet, out)
}

// keep moves on by n and cuts off what the header and the last page say is not
// the recording's.
func (s *opusSource) keep(out []float32, n int64) []float32 {
	s.at += n
	unit := int64(opusClock / opusRate)
	if s.until > 0 && s.at > s.until {
		left := max(0, n-(s.at-s.until)) / unit * int64(s.channels)
		out = out[:min(int64(len(out)), left)]
	}
	if s.skip > 0 {
		front := min(s.skip, n)
		s.skip -= front
		out = out[min(int64(len(out)), front/unit*int64(s.channels)):]
	}
	return out
}

// opusLength is how long a packet's sound is, by its first bytes. What says that
// it is longer than any can be has none.
func opusLength(packet []byte) int64 {
	if len(packet) == 0 {
		return 0
	}
	var frame int64
	switch config := packet[0] >> 3; {
	case config < 12:
		frame = [4]int64{480, 960, 1920, 2880}[config&3]
	case config < 16:
		frame = [2]int64{480, 960}[config&1]
	default:
		frame = [4]int64{120, 240, 480, 960}[config&3]
	}
	count := int64(1)
	switch packet[0] & 3 {
	case 1, 2:
		count = 2
	case 3:
		if len(packet) < 2 {
			return 0
		}
		count = int64(packet[1] & 0x3f)
	}
	if frame*count > opusLongest {
		return 0
	}
	return frame * count
}
