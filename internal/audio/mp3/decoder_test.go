package mp3_test

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

	"github.com/ringsidehq/ringside/internal/audio/audiotest"
	"github.com/ringsidehq/ringside/internal/audio/mp3"
)

// lame runs the encoder, or the decoder that comes with it.
func lame(t testing.TB, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "lame", append([]string{"--quiet"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("lame %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// chirps are two seconds and a bit of 16-bit stereo with what a decoder has to
// cope with: tones that glide, clicks that need short blocks, and silence.
func chirps(rate int) []byte {
	n := rate*2 + 77
	pcm := make([]byte, 0, 44+4*n)
	pcm = append(pcm, "RIFF"...)
	pcm = binary.LittleEndian.AppendUint32(pcm, uint32(36+4*n))
	pcm = append(pcm, "WAVEfmt "...)
	for _, v := range []uint32{16, 1 | 2<<16, uint32(rate), uint32(4 * rate), 4 | 16<<16} {
		pcm = binary.LittleEndian.AppendUint32(pcm, v)
	}
	pcm = append(pcm, "data"...)
	pcm = binary.LittleEndian.AppendUint32(pcm, uint32(4*n))
	for i := range n {
		s := float64(i) / float64(rate)
		left := 0.4 * math.Sin(2*math.Pi*(200*s+0.2*float64(rate)*s*s/4))
		right := 0.3 * math.Sin(2*math.Pi*330*s) * math.Exp(-20*math.Mod(s, 0.25))
		if s > 1.2 && s < 1.4 {
			left, right = 0, 0
		}
		if i%(rate/3) < 4 {
			left, right = 0.9, -0.8
		}
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(left*32767)))
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(right*32767)))
	}
	return pcm
}

func decode(t testing.TB, b []byte) (*mp3.Decoder, []float32) {
	t.Helper()
	d, err := mp3.NewDecoder(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var all []float32
	for {
		block, err := d.Next()
		if errors.Is(err, io.EOF) {
			return d, all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, block...)
	}
}

// encode gives an MP3 and what lame itself makes of it.
func encode(t testing.TB, rate int, args ...string) (file, pcm []byte) {
	t.Helper()
	dir := t.TempDir()
	in, out, back := filepath.Join(dir, "in.wav"), filepath.Join(dir, "out.mp3"), filepath.Join(dir, "back.wav")
	if err := os.WriteFile(in, chirps(rate), 0o600); err != nil {
		t.Fatal(err)
	}
	lame(t, append(args, in, out)...)
	lame(t, "--decode", out, back)
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	pcm, err = os.ReadFile(back)
	if err != nil {
		t.Fatal(err)
	}
	return file, pcm[44:]
}

// Every rate of MPEG 1, 2 and 2.5, every way to join two channels, constant and
// variable bit rate, with and without checksums: sample for sample what the
// reference gives, cut to the same length.
func TestDecodesAsTheReferenceDoes(t *testing.T) {
	t.Parallel()
	audiotest.Need(t, "lame")
	for _, rate := range []int{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000} {
		for name, args := range map[string][]string{
			"stereo": {"-m", "s"}, "joint": {"-m", "j"}, "mono": {"-m", "m", "-b", "64"}, "variable": {"-V", "4"}, "checksum": {"-p", "-b", "96"},
		} {
			t.Run(fmt.Sprintf("%d Hz %s", rate, name), func(t *testing.T) {
				t.Parallel()
				file, want := encode(t, rate, append(args, "--resample", fmt.Sprint(float64(rate)/1000))...)
				d, got := decode(t, file)
				if d.Rate != rate {
					t.Fatalf("%d samples a second", d.Rate)
				}
				if len(got) != len(want)/2 {
					t.Fatalf("%d samples, the reference has %d", len(got), len(want)/2)
				}
				worst := 0.0
				for i, v := range got {
					ref := float64(int16(binary.LittleEndian.Uint16(want[2*i:])))
					worst = max(worst, math.Abs(ref-math.Max(-32768, math.Min(32767, float64(v)*32768))))
				}
				if worst > 2 {
					t.Errorf("differs by %.1f of 32768 at most, want 2", worst)
				}
			})
		}
	}
}

func TestWithoutATagTheUsualDelayIsCutOff(t *testing.T) {
	t.Parallel()
	audiotest.Need(t, "lame")
	tagged, _ := encode(t, 16000, "-m", "s")
	bare, _ := encode(t, 16000, "-m", "s", "-t")
	_, a := decode(t, tagged)
	_, b := decode(t, bare)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("sample %d is %v with the encoder's tag and %v without", i, a[i], b[i])
		}
	}
}

func TestAFileThatWasCutOffIsNoShorterFile(t *testing.T) {
	t.Parallel()
	audiotest.Need(t, "lame")
	file, _ := encode(t, 8000, "-m", "s")
	for _, n := range []int{len(file) / 2, len(file) - 300, len(file) - 10} {
		d, err := mp3.NewDecoder(bytes.NewReader(file[:n]))
		for err == nil {
			_, err = d.Next()
		}
		if !errors.Is(err, mp3.ErrTruncated) {
			t.Errorf("%d of %d bytes: %v, want that it ends early", n, len(file), err)
		}
	}
}

func TestTaggersAreReadOver(t *testing.T) {
	t.Parallel()
	audiotest.Need(t, "lame")
	file, _ := encode(t, 16000, "-m", "s")
	_, want := decode(t, file)
	id3 := append([]byte("ID3\x04\x00\x00\x00\x00\x20\x00"), make([]byte, 0x20<<7)...)
	_, got := decode(t, append(append(id3, file...), append([]byte("TAG"), make([]byte, 125)...)...))
	if len(got) != len(want) {
		t.Errorf("%d samples between the tags, want %d", len(got), len(want))
	}
}

// What pads a file out, or a tagger's picture, takes nothing away from its sound
// and does not make it one that is cut off.
func TestWhatStandsBehindIsNoMatter(t *testing.T) {
	t.Parallel()
	audiotest.Need(t, "lame")
	tagged, _ := encode(t, 16000, "-m", "s", "-b", "64")
	plain, _ := encode(t, 16000, "-m", "s", "-b", "64", "-t")
	for name, tail := range map[string][]byte{
		"a few zeros": make([]byte, 7), "zeros": make([]byte, 5000), "a picture": append([]byte("APETAGEX"), make([]byte, 300_000)...),
		"something unknown": bytes.Repeat([]byte("what is this? "), 25_000),
	} {
		for kind, file := range map[string][]byte{"with a tag": tagged, "without": plain} {
			_, want := decode(t, file)
			_, got := decode(t, slices.Concat(file, tail))
			if lost := len(want) - len(got); lost < 0 || lost > 2*576 || lost > 0 && kind == "with a tag" {
				t.Errorf("%s, %s: %d samples, want %d", kind, name, len(got), len(want))
			}
		}
	}
}

// A frame that is damaged gives silence or noise, and the ones after it stand
// where they stood.
func TestDamageDoesNotMoveWhatFollows(t *testing.T) {
	t.Parallel()
	audiotest.Need(t, "lame")
	file, _ := encode(t, 16000, "-m", "s", "-b", "64")
	_, want := decode(t, file)
	broken := bytes.Clone(file)
	for i := len(file) / 3; i < len(file)/3+150; i++ {
		if i%288 > 40 { // not the headers
			broken[i] ^= 0x5a
		}
	}
	_, got := decode(t, broken)
	if len(got) != len(want) {
		t.Fatalf("%d samples, want %d", len(got), len(want))
	}
	for i := len(want) * 3 / 4; i < len(want); i++ {
		if got[i] != want[i] {
			t.Fatalf("sample %d differs, long after the damage", i)
		}
	}
}

func TestWhatIsNoMP3(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{
		"nothing": nil, "zeros": make([]byte, 5000), "text": []byte(strings.Repeat("#EXTM3U\nhttp://example.com\n", 90)),
		"Layer II": bytes.Repeat(append([]byte{0xff, 0xfd, 0x80, 0x04}, make([]byte, 413)...), 9),
	} {
		if _, err := mp3.NewDecoder(bytes.NewReader(b)); !errors.Is(err, mp3.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// An ID3 tag that claims 256 MB.
	if _, err := mp3.NewDecoder(strings.NewReader("ID3\x04\x00\x00\x7f\x7f\x7f\x7f and no more")); !errors.Is(err, mp3.ErrTruncated) {
		t.Errorf("a tag without its end: %v", err)
	}
}

func FuzzDecoder(f *testing.F) {
	if _, err := exec.LookPath("lame"); err == nil {
		for _, args := range [][]string{{"-m", "j", "-b", "32"}, {"-m", "m", "-V", "7"}} {
			for _, rate := range []int{8000, 44100} {
				file, _ := encode(f, rate, args...)
				f.Add(file[:min(len(file), 4000)])
			}
		}
	}
	// Frames of MPEG 2.5, mono, 8 kbps, with all kinds of nonsense in them.
	frame := append([]byte{0xff, 0xe3, 0x18, 0xc4}, bytes.Repeat([]byte{0x5a, 0xc3, 0x00, 0xff}, 17)...)
	f.Add(bytes.Repeat(frame, 6))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := mp3.NewDecoder(bytes.NewReader(b))
		if err != nil {
			return
		}
		samples := 0
		for {
			block, err := d.Next()
			if err != nil {
				break
			}
			samples += len(block)
		}
		// No frame is shorter than 24 bytes, and none has more than 2,304 samples.
		if samples > (len(b)/24+1)*2304 {
			t.Fatalf("%d samples out of %d bytes", samples, len(b))
		}
	})
}
