package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
)

// riff is a WAV file of a format chunk and some sound; size is what the header
// says of it.
func riff(format, sound []byte, size uint32) []byte {
	b := append([]byte("RIFF\xff\xff\x00\x00WAVE"), chunk("JUNK", []byte("odd"))...)
	b = append(b, chunk("fmt ", format)...)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, size)
	return append(b, sound...)
}

func chunk(id string, body []byte) []byte {
	b := append([]byte(id), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...)
	b = append(b, body...)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func format(codec, channels, rate, bits int) []byte {
	var b []byte
	block := channels * bits / 8
	b = binary.LittleEndian.AppendUint16(b, uint16(codec))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate*block))
	b = binary.LittleEndian.AppendUint16(b, uint16(block))
	return binary.LittleEndian.AppendUint16(b, uint16(bits))
}

// extensible wraps a format as the extended kind does.
func extensible(codec, channels, rate, bits int) []byte {
	b := format(wavExtensible, channels, rate, bits)
	b = append(b, 22, 0, byte(bits), 0, 3, 0, 0, 0, byte(codec), 0)
	return append(b, "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)
}

// drain reads all of a source.
func drain(s source) (out []float32, err error) {
	for {
		block, err := s.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, block...)
	}
}

func read(t *testing.T, b []byte) ([]float32, Format) {
	t.Helper()
	s, f, err := open(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := drain(s)
	if err != nil {
		t.Fatal(err)
	}
	return out, f
}

// Each encoding of -1, -1/2, 0 and 1/2 reads as that, at its own precision.
func TestWAVEncodings(t *testing.T) {
	t.Parallel()
	want := []float32{-1, -0.5, 0, 0.5}
	f32, f64 := []byte{}, []byte{}
	for _, v := range want {
		f32 = binary.LittleEndian.AppendUint32(f32, math.Float32bits(v))
		f64 = binary.LittleEndian.AppendUint64(f64, math.Float64bits(float64(v)))
	}
	for name, c := range map[string]struct {
		format, sound []byte
		codec         string
		within        float64
	}{
		"8 bits":       {format(1, 2, 8000, 8), []byte{0, 64, 128, 192}, "pcm8", 0},
		"16 bits":      {format(1, 2, 8000, 16), []byte{0, 0x80, 0, 0xc0, 0, 0, 0, 0x40}, "pcm16", 0},
		"24 bits":      {format(1, 2, 8000, 24), []byte{0, 0, 0x80, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0x40}, "pcm24", 0},
		"32 bits":      {format(1, 2, 8000, 32), []byte{0, 0, 0, 0x80, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0x40}, "pcm32", 0},
		"float":        {format(3, 2, 8000, 32), f32, "float32", 0},
		"double":       {format(3, 2, 8000, 64), f64, "float64", 0},
		"µ-law":        {format(7, 2, 8000, 8), []byte{0x00, 0x0f, 0xff, 0x8f}, "mulaw", 0.02},
		"A-law":        {format(6, 2, 8000, 8), []byte{0x2a, 0x3a, 0xd5, 0xba}, "alaw", 0.02},
		"extensible":   {extensible(1, 2, 8000, 16), []byte{0, 0x80, 0, 0xc0, 0, 0, 0, 0x40}, "pcm16", 0},
		"extensible µ": {extensible(7, 2, 8000, 8), []byte{0x00, 0x0f, 0xff, 0x8f}, "mulaw", 0.02},
	} {
		got, f := read(t, riff(c.format, c.sound, uint32(len(c.sound))))
		if f.Codec != c.codec || f.Channels != 2 || f.Rate != 8000 || len(got) != 4 {
			t.Errorf("%s: %+v with %d samples", name, f, len(got))
			continue
		}
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > c.within {
				t.Errorf("%s: sample %d is %v, want %v", name, i, got[i], want[i])
			}
		}
	}
}

// G.711 as its tables have it: the ends of every segment, both signs.
func TestG711(t *testing.T) {
	t.Parallel()
	out := make([]float32, 1)
	for code, want := range map[byte]int{
		0x00: -32124, 0x0f: -16764, 0x10: -15996, 0x1f: -8316, 0x7f: 0, 0x80: 32124, 0x8f: 16764, 0xf0: 120, 0xfe: 8, 0xff: 0,
	} {
		if muLaw([]byte{code}, out); int(out[0]*32768) != want {
			t.Errorf("µ-law %#x is %v, want %d", code, out[0]*32768, want)
		}
	}
	for code, want := range map[byte]int{
		0x2a: -32256, 0xaa: 32256, 0x55: -8, 0xd5: 8, 0xd4: 24, 0xc5: 264, 0x80: 5504, 0xba: 16128,
	} {
		if aLaw([]byte{code}, out); int(out[0]*32768) != want {
			t.Errorf("A-law %#x is %v, want %d", code, out[0]*32768, want)
		}
	}
}

// A header that was written before the length was known is believed to mean
// "until the end".
func TestStreamedWAV(t *testing.T) {
	t.Parallel()
	sound := make([]byte, 3000)
	for _, size := range []uint32{0, math.MaxUint32, 0x7fffffff, 0x7ffff000} {
		if got, _ := read(t, riff(format(1, 2, 8000, 16), sound, size)); len(got) != 1500 {
			t.Errorf("%#x: %d samples, want 1500", size, len(got))
		}
	}
	// The 64-bit kind says the length elsewhere.
	b := riff(format(1, 2, 8000, 16), slices.Concat(sound, []byte("LIST…")), math.MaxUint32)
	copy(b, "RF64")
	ds64 := append(make([]byte, 8), binary.LittleEndian.AppendUint64(nil, 3000)...)
	b = append(b[:12:12], append(chunk("ds64", append(ds64, make([]byte, 12)...)), b[12:]...)...)
	if got, _ := read(t, b); len(got) != 1500 {
		t.Errorf("RF64: %d samples, want 1500", len(got))
	}
	// Or not yet, there either: then what follows is sound, the last chunk with it.
	clear(b[12+8:][:28])
	if got, _ := read(t, b); len(got) < 1500 {
		t.Errorf("RF64 that was streamed: %d samples, want 1500 at least", len(got))
	}
}

// What is refused, is in words, as the caller's mistake, and without reserving
// what a header claims.
func TestRefused(t *testing.T) {
	t.Parallel()
	huge := riff(format(1, 2, 8000, 16), make([]byte, 4000), 0xfffffff0)
	fatFormat := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \xf0\xff\xff\xff"), format(1, 2, 8000, 16)...)
	flacHead := append([]byte("fLaC\x80\x00\x00\x22\x10\x00\x10\x00"), make([]byte, 30)...)
	for name, b := range map[string][]byte{
		"empty":                     {},
		"a playlist":                []byte("#EXTM3U\n#EXTINF:10,Call\nhttps://example.com/call.mp3\n"),
		"another playlist":          []byte("[playlist]\r\nFile1=call.mp3\r\n"),
		"a page":                    []byte("<!doctype html><title>Not found</title>"),
		"4 GB of sound in a header": huge,
		"4 GB of format":            fatFormat,
		"cut off":                   riff(format(1, 2, 8000, 16), make([]byte, 4000), 6000),
		"cut off in its header":     huge[:30],
		"no format":                 []byte("RIFF\x00\x00\x00\x00WAVEdata\x00\x00\x00\x00"),
		"no channels":               riff(format(1, 0, 8000, 16), make([]byte, 4000), 4000),
		"65535 channels":            riff(format(1, 65535, 8000, 16), make([]byte, 4000), 4000),
		"a rate of 4 GHz":           riff(format(1, 2, 4_000_000_000, 16), make([]byte, 4000), 4000),
		"12 bits":                   riff(format(1, 2, 8000, 12), make([]byte, 4000), 4000),
		"ADPCM":                     riff(format(2, 2, 8000, 4), make([]byte, 4000), 4000),
		"no sound":                  riff(format(1, 2, 8000, 16), nil, 0),
		"a video":                   append([]byte("\x00\x00\x00\x20ftypisom"), make([]byte, 500)...),
		"noise":                     bytes.Repeat([]byte{0x81, 0x13, 0xf9, 0x00, 0xe2}, 3000),
		"a FLAC without a stream":   flacHead,
		"an Ogg without Opus":       append([]byte("OggS\x00\x02"), make([]byte, 200)...),
	} {
		_, err := Analyse(t.Context(), bytes.NewReader(b), Options{})
		if ringside.KindOf(err) != ringside.Invalid {
			t.Errorf("%s: %v, want that it is refused as invalid", name, err)
		}
	}
}

func TestAReadersFailureIsNotTheFiles(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	whole := riff(format(1, 2, 8000, 16), make([]byte, 40000), 40000)
	long, _ := sweep(16000, 160_000)
	for name, file := range map[string]func(t *testing.T) []byte{
		"WAV": func(*testing.T) []byte { return whole },
		"WAV with much text": func(*testing.T) []byte {
			return append(riff(nil, nil, 0)[:12:12], append(chunk("LIST", make([]byte, 90_000)), whole[12:]...)...)
		},
		"FLAC": func(t *testing.T) []byte { return tool(t, long, "flac", "flac", "--silent") },
		"MP3":  func(t *testing.T) []byte { return tool(t, long, "mp3", "lame", "--quiet", "-b", "96") },
		"Opus": func(t *testing.T) []byte { return tool(t, long, "opus", "opusenc", "--quiet", "--bitrate", "96") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := file(t)
			for _, n := range []int{0, 20, 3000, len(b) / 2, len(b) - 11} {
				in := func() io.Reader { return io.MultiReader(bytes.NewReader(b[:n]), &failing{broken}) }
				if _, err := Analyse(t.Context(), in(), Options{}); !errors.Is(err, broken) {
					t.Errorf("analysed, after %d of %d bytes: %v", n, len(b), err)
				}
				if f, err := Length(in()); !errors.Is(err, broken) && (f.Container != "flac" || n <= 3000) {
					t.Errorf("measured, after %d of %d bytes: %v", n, len(b), err)
				}
			}
		})
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// sweep is a WAV of a gliding tone on the left and a lower one on the right.
func sweep(rate, n int) (wav []byte, samples []float32) {
	var sound []byte
	for i := range n {
		s := float64(i) / float64(rate)
		for _, hz := range []float64{300 + 150*s, 220 + 40*s} {
			v := int16(9000 * math.Sin(2*math.Pi*hz*s))
			sound = binary.LittleEndian.AppendUint16(sound, uint16(v))
			samples = append(samples, float32(v)/32768)
		}
	}
	return riff(format(1, 2, rate, 16), sound, uint32(len(sound))), samples
}

// tool encodes a WAV with a program: skipped without it, failed under CI=true.
func tool(t testing.TB, wav []byte, ending, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		how := name + " is not installed: scripts/deps.sh installs it, or says how"
		if os.Getenv("CI") == "true" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.wav"), filepath.Join(dir, "out."+ending)
	if err := os.WriteFile(in, wav, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, in)
	if ending == "flac" {
		args = append(args, "-o")
	}
	if msg, err := exec.CommandContext(t.Context(), name, append(args, out)...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, msg)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFLACIsBitExact(t *testing.T) {
	t.Parallel()
	wav, want := sweep(16000, 50000)
	file := tool(t, wav, "flac", "flac", "--silent")
	got, f := read(t, file)
	if len(got) != len(want) || f.Codec != "flac" || f.Rate != 16000 {
		t.Fatalf("%+v with %d samples, want %d", f, len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("sample %d is %v, want %v", i, got[i], want[i])
		}
	}
	for _, n := range []int{len(file) / 2, len(file) - 5} {
		if _, err := Analyse(t.Context(), bytes.NewReader(file[:n]), Options{}); ringside.KindOf(err) != ringside.Invalid {
			t.Errorf("%d of %d bytes: %v", n, len(file), err)
		}
	}
	// A tagger's lines behind the sound are no damage.
	if got, _ := read(t, append(slices.Clone(file), append([]byte("TAG"), make([]byte, 125)...)...)); len(got) != len(want) {
		t.Errorf("%d samples before a tag, want %d", len(got), len(want))
	}
}

// An Opus file has the length that it was made with, its packets run across
// pages, and what is decoded is in its place: the best fit is without a shift.
func TestOpus(t *testing.T) {
	t.Parallel()
	wav, want := sweep(16000, 160_011)
	for _, kbps := range []int{32, 64, 128} {
		file := tool(t, wav, "opus", "opusenc", "--quiet", "--max-delay", "1000", "--bitrate", fmt.Sprint(kbps))
		got, f := read(t, file)
		if diff := len(got) - len(want); diff < -2 || diff > 2 || f.Rate != opusRate || f.Channels != 2 {
			t.Fatalf("%d kbps: %+v with %d samples, want %d", kbps, f, len(got), len(want))
		}
		best, at := 0.0, 0
		for shift := -40; shift <= 40; shift += 2 {
			if c := alike(got, want, shift); c > best {
				best, at = c, shift
			}
		}
		if best < 0.97 || at < -2 || at > 2 {
			t.Errorf("%d kbps: fits best, by %.3f, when it is moved by %d samples", kbps, best, at/2)
		}
		for _, n := range []int{len(file) / 2, len(file) - 3} {
			if _, err := Analyse(t.Context(), bytes.NewReader(file[:n]), Options{}); ringside.KindOf(err) != ringside.Invalid {
				t.Errorf("%d kbps, %d of %d bytes: %v", kbps, n, len(file), err)
			}
		}
	}
}

// Streams of Opus one after the other, or page by page side by side, are several
// recordings: none of them is taken for the whole call.
func TestSeveralOpusStreams(t *testing.T) {
	t.Parallel()
	wav, _ := sweep(16000, 32_000)
	one := tool(t, wav, "opus", "opusenc", "--quiet", "--max-delay", "100", "--serial", "1")
	other := tool(t, wav, "opus", "opusenc", "--quiet", "--max-delay", "100", "--serial", "2")
	pages := func(b []byte) [][]byte { return bytes.Split(b, []byte("OggS"))[1:] }
	var mixed []byte
	for i, p := range pages(one) {
		mixed = append(append(append(append(mixed, "OggS"...), p...), "OggS"...), pages(other)[i]...)
	}
	open := slices.Clone(one) // as a recorder leaves it that was stopped
	open[bytes.LastIndex(open, []byte("OggS"))+5] &^= 4
	for name, b := range map[string][]byte{
		"one after the other": slices.Concat(one, other), "after one without an end": slices.Concat(open, other),
		"of one number": slices.Concat(one, one), "side by side": mixed,
	} {
		if _, err := Analyse(t.Context(), bytes.NewReader(b), Options{}); ringside.KindOf(err) != ringside.Invalid || !strings.Contains(err.Error(), "several recordings") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, b := range map[string][]byte{"nothing": one, "something else": slices.Concat(one, []byte("what a tagger wrote"))} {
		if _, err := Analyse(t.Context(), bytes.NewReader(b), Options{}); err != nil {
			t.Errorf("with %s behind it: %v", name, err)
		}
	}
}

// alike is the correlation of two sounds, one of them moved.
func alike(a, b []float32, shift int) float64 {
	var ab, aa, bb float64
	for i := 100; i < min(len(a), len(b))-100; i++ {
		x, y := float64(a[i]), float64(b[i+shift])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}

// Packets that a recorder left out, as in pauses, are silence of their length.
func TestOpusGapIsSilence(t *testing.T) {
	t.Parallel()
	wav, _ := sweep(16000, 64_000)
	file := tool(t, wav, "opus", "opusenc", "--quiet", "--max-delay", "20")
	pages := bytes.Split(file, []byte("OggS"))[1:]
	if len(pages) < 150 {
		t.Fatalf("%d pages: not one for each packet", len(pages))
	}
	var holed []byte
	for i, p := range pages {
		if i < 60 || i >= 110 {
			holed = append(append(holed, "OggS"...), p...)
		}
	}
	whole, _ := read(t, file)
	got, _ := read(t, holed)
	if len(got) != len(whole) {
		t.Fatalf("%d samples with a gap, want %d", len(got), len(whole))
	}
	quiet := 0
	for _, v := range got {
		if v == 0 {
			quiet++
		}
	}
	if want := 2 * opusRate; quiet < want*9/10 || quiet > want*11/10 {
		t.Errorf("%d samples of silence, want about %d", quiet, want)
	}
}
