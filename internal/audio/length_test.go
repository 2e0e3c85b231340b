package audio

import (
	"bytes"
	"math"
	"testing"

	"github.com/ringsidehq/ringside"
)

// The length is what decoding gives, in every format; of a file that is cut off
// it is no longer.
func TestLengthIsWhatDecodingGives(t *testing.T) {
	t.Parallel()
	wav, _ := sweep(16000, 160_011)
	for name, file := range map[string][]byte{
		"WAV":               wav,
		"FLAC":              tool(t, wav, "flac", "flac", "--silent"),
		"Opus":              tool(t, wav, "opus", "opusenc", "--quiet"),
		"MP3":               tool(t, wav, "mp3", "lame", "--quiet", "-V", "5"),
		"MP3 without a tag": tool(t, wav, "mp3", "lame", "--quiet", "-t"),
	} {
		got, f := read(t, file)
		whole, err := Length(bytes.NewReader(file))
		if want := float64(len(got)/f.Channels) / float64(f.Rate); err != nil || math.Abs(whole.Seconds-want) > 0.001 {
			t.Errorf("%s: %.4f s, %v; decoded it has %.4f s", name, whole.Seconds, err, want)
		}
		half, err := Length(bytes.NewReader(file[:len(file)/2]))
		if err != nil || half.Seconds > whole.Seconds || name != "FLAC" && half.Seconds > whole.Seconds*0.8 {
			t.Errorf("%s: half of it has %.4f s, %v", name, half.Seconds, err)
		}
	}
}

func TestLengthOfAWAVThatWasStreamed(t *testing.T) {
	t.Parallel()
	file := riff(format(wavPCM, 1, 8000, 16), make([]byte, 16_000), math.MaxUint32)
	if f, err := Length(bytes.NewReader(file)); err != nil || f.Seconds != 1 {
		t.Errorf("%+v, %v; want a second", f, err)
	}
}

func TestLengthRefusesWhatIsNoRecording(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"nothing": "", "text": "hello there", "a PDF": "%PDF-1.7\n\x00", "noise": "\xff\xfb\x00\x00\x01\x02",
		"a WAV without sound": string(riff(format(wavPCM, 1, 8000, 16), nil, 0)),
	} {
		if f, err := Length(bytes.NewReader([]byte(file))); ringside.KindOf(err) != ringside.Invalid {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}
