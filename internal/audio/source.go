package audio

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/ringsidehq/ringside"
)

// Limits on what is taken for a call's recording.
const (
	minRate = 4000
	maxRate = 192_000
	maxLong = 24 * time.Hour // as long as an agent's calls may be set to last
	minLong = 50 * time.Millisecond
)

// A source gives a recording's sound block by block. next gives samples with
// the channels interleaved, ±1 at full scale, good until the next call; at the
// end io.EOF. length takes the place of next where only the length is asked for:
// it counts each channel's samples, and decodes nothing where it need not. The
// errors of both are in words for people.
type source interface {
	next() ([]float32, error)
	length() (int64, error)
}

// Format is how a recording is written.
type Format struct {
	Container string  `json:"container" enum:"wav,mp3,ogg,flac"`
	Codec     string  `json:"codec" doc:"pcm16, mulaw, mp3, opus and the like"`
	Rate      int     `json:"rate" doc:"Samples a second of each channel"`
	Channels  int     `json:"channels"`
	Seconds   float64 `json:"seconds"`
}

// refuse says in words why a recording isn't taken.
func refuse(format string, args ...any) error {
	return ringside.Errorf(ringside.Invalid, format, args...).WithCode("unreadable_recording")
}

// open finds out what a file is by its first bytes, whatever its name says.
func open(r io.Reader) (source, Format, error) {
	w := &watched{in: r}
	in := bufio.NewReaderSize(w, 64<<10)
	head, err := in.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, Format{}, err
	}
	src, f, err := pick(in, head)
	if err != nil {
		return nil, f, w.cause(err)
	}
	switch {
	case f.Channels < 1 || f.Channels > 2:
		return nil, f, refuse("the recording has %d channels; that of a call has one or two", f.Channels)
	case f.Rate < minRate || f.Rate > maxRate:
		return nil, f, refuse("the recording has %d samples a second; that of a call has %d to %d", f.Rate, minRate, maxRate)
	}
	return &honest{source: src, in: w}, f, nil
}

// watched remembers how a reader failed: a decoder that can read no further takes
// it for damage of the file's.
type watched struct {
	in     io.Reader
	failed error
}

// Read implements io.Reader.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.in.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		w.failed = err
	}
	return n, err
}

// cause is the reader's failure, where there is one behind an error.
func (w *watched) cause(err error) error {
	if err != nil && w.failed != nil {
		return w.failed
	}
	return err
}

// honest is a source whose errors are the reader's where that failed.
type honest struct {
	source

	in *watched
}

func (h *honest) next() ([]float32, error) {
	block, err := h.source.next()
	return block, h.in.cause(err)
}

func (h *honest) length() (int64, error) {
	n, err := h.source.length()
	if err == nil {
		err = h.in.failed // who only counts takes a file that breaks off for shorter
	}
	return n, h.in.cause(err)
}

// Sniff refuses, in words for people, what by its first 512 bytes is no recording
// that Analyse takes.
func Sniff(head []byte) error {
	switch name := other(head); {
	case len(head) == 0:
		return refuse("the file is empty")
	case text(head):
		return refuse("the file is text, a playlist or a page perhaps, and not a recording")
	case name != "":
		return refuse("the file is %s; recordings are taken as WAV, MP3, Ogg Opus and FLAC", name)
	}
	return nil
}

func pick(in *bufio.Reader, head []byte) (source, Format, error) {
	switch {
	case bytes.HasPrefix(head, []byte("RIFF")), bytes.HasPrefix(head, []byte("RF64")):
		return openWAV(in)
	case bytes.HasPrefix(head, []byte("fLaC")):
		return openFLAC(in)
	case bytes.HasPrefix(head, []byte("OggS")):
		return openOgg(in)
	}
	if err := Sniff(head); err != nil {
		return nil, Format{}, err
	}
	return openMP3(in)
}

// text tells whether bytes are printable, up to where they end or were cut.
func text(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f || c >= 0xf8 {
			return false
		}
	}
	return true
}

// other names some kinds of file that people hand in by mistake.
func other(b []byte) string {
	for _, k := range []struct {
		at    int
		magic string
		name  string
	}{
		{4, "ftyp", "MPEG-4"},
		{0, "\x1aE\xdf\xa3", "WebM or Matroska"},
		{0, "FORM", "AIFF"},
		{0, "caff", "CAF"},
		{0, "#!AMR", "AMR"},
		{0, "PK\x03\x04", "a ZIP archive"},
		{0, "\x1f\x8b", "compressed with gzip"},
		{0, "%PDF", "a PDF"},
		{0, "RIFX", "a WAV of the big-endian kind"},
	} {
		if len(b) > k.at && bytes.HasPrefix(b[k.at:], []byte(k.magic)) {
			return k.name
		}
	}
	return ""
}

// guarded turns a panic in somebody else's decoder into an error.
func guarded(kind string, err *error) {
	if p := recover(); p != nil {
		*err = refuse("the %s is damaged", kind)
	}
}
