package audio

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os/exec"
	"testing"
	"time"

	"github.com/pion/opus"

	"github.com/ringsidehq/ringside"
)

// fuzzLong bounds how long one input may be read: some kilobytes of Opus can
// hold days of silence, which is not what is looked for.
const fuzzLong = 2 * time.Second

// survive analyses any bytes: no panic, no endless loop, no failure but a
// refusal, and a report whose times lie within the recording.
func survive(t *testing.T, b []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), fuzzLong)
	defer cancel()
	r, err := Analyse(ctx, bytes.NewReader(b), Options{})
	if errors.Is(err, context.DeadlineExceeded) {
		return
	}
	if err != nil {
		if k := ringside.KindOf(err); k != ringside.Invalid && k != ringside.TooLarge {
			t.Fatalf("%v is of kind %s", err, k)
		}
		return
	}
	if f, err := Length(bytes.NewReader(b)); err != nil || f.Container != "flac" && math.Abs(f.Seconds-r.Format.Seconds) > 0.002 {
		t.Fatalf("a length of %v s, %v, in a recording of %v s", f.Seconds, err, r.Format.Seconds)
	}
	for _, list := range [][]Span{r.Speech, r.Segments.Agent, r.Segments.Customer, r.Silences} {
		for _, s := range list {
			if s[0] < 0 || s[1] <= s[0] || s[1] > r.Format.Seconds+0.01 {
				t.Fatalf("a stretch of %v in a recording of %v s", s, r.Format.Seconds)
			}
		}
	}
	if v := r.Metrics.TalkRatioAgent; v != nil && (math.IsNaN(*v) || *v < 0 || *v > 1) {
		t.Fatalf("a talk ratio of %v", *v)
	}
	for _, p := range r.Peaks.Channels {
		if len(p) == 0 || len(p) > 2*maxPeaks {
			t.Fatalf("%d peaks", len(p))
		}
	}
}

func FuzzWAV(f *testing.F) {
	wav, _ := sweep(8000, 1600)
	f.Add(wav)
	f.Add(riff(format(7, 2, 8000, 8), make([]byte, 2000), math.MaxUint32))
	f.Add(riff(extensible(3, 1, 48000, 32), bytes.Repeat([]byte{0, 0, 0x80, 0x7f}, 900), 3600))
	f.Add(riff(format(1, 2, 11025, 24), make([]byte, 2000), 0xfffffff0))
	f.Fuzz(survive)
}

func FuzzOpus(f *testing.F) {
	if _, err := exec.LookPath("opusenc"); err == nil {
		wav, _ := sweep(16000, 8000)
		for _, args := range [][]string{{"--bitrate", "12"}, {"--bitrate", "64", "--max-delay", "20"}, {"--bitrate", "24", "--framesize", "60"}} {
			f.Add(tool(f, wav, "opus", "opusenc", append([]string{"--quiet"}, args...)...))
		}
	}
	head := "OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
	page := func(flags byte, packet string) string {
		return "OggS\x00" + string(flags) + "\xc0\x03\x00\x00\x00\x00\x00\x00abcd\x00\x00\x00\x00\x00\x00\x00\x00\x01" + string(rune(len(packet))) + packet
	}
	f.Add([]byte(page(2, head) + page(0, "OpusTags\x00\x00\x00\x00\x00\x00\x00\x00") + page(4, "\x08\x0b\x4a\x5d\x11")))
	f.Fuzz(survive)
}

// FuzzOpusPackets goes past the pages: each input is one packet after the other,
// with its length in front.
func FuzzOpusPackets(f *testing.F) {
	f.Add([]byte("\x05\x08\x0b\x4a\x5d\x11\x04\x7c\x01\x02\x03\x03\xff\x03\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := opus.NewDecoderWithOutput(opusRate, 2)
		if err != nil {
			t.Fatal(err)
		}
		s := &opusSource{d: d, channels: 2, gain: 1, out: make([]float32, opusLongest/3*2)}
		for len(b) > 0 {
			n := min(int(b[0]), len(b)-1)
			packet := b[1 : 1+n]
			if out := s.decode(packet, opusLength(packet)); len(out) != int(opusLength(packet))/3*2 {
				t.Fatalf("%d samples of a packet of %d", len(out), opusLength(packet))
			}
			b = b[1+n:]
		}
	})
}

func FuzzFLAC(f *testing.F) {
	if _, err := exec.LookPath("flac"); err == nil {
		for _, rate := range []int{8000, 44100} {
			wav, _ := sweep(rate, 5000)
			f.Add(tool(f, wav, "flac", "flac", "--silent", "--no-padding", "--no-seektable"))
		}
	}
	f.Add(append([]byte("fLaC\x80\x00\x00\x22\x10\x00\x10\x00\x00\x00\x00\x00\x00\x00\x01\xf4\x02\xf0\x00\x00\x00\x00"), make([]byte, 40)...))
	f.Fuzz(survive)
}

// FuzzFile takes what no other target does: anything that open has to tell
// apart.
func FuzzFile(f *testing.F) {
	for _, s := range []string{"", "#EXTM3U\n", "ID3\x04\x00\x00\x00\x00\x00\x05hello", "RIFFxxxxWAVE", "OggS", "fLaC", "\xff\xfb\x90\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(survive)
}
