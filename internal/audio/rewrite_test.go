package audio

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
)

// rewritten is a recording as a WAV file.
func rewritten(t *testing.T, b []byte) []byte {
	t.Helper()
	w, err := NewWAV(t.Context(), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := w.Write(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if int64(out.Len()) != w.Size {
		t.Errorf("%d bytes, and %d were said", out.Len(), w.Size)
	}
	return out.Bytes()
}

// A WAV of 16 bits comes out as it went in; a telephone's codes come out as
// what they stand for, and what is full scale is not turned over.
func TestRewritingAsWAV(t *testing.T) {
	t.Parallel()
	wav, want := sweep(16000, 20000)
	if got, f := read(t, rewritten(t, wav)); !slices.Equal(got, want) || f.Rate != 16000 || f.Channels != 2 {
		t.Errorf("%d samples became %d others, %+v", len(want), len(got), f)
	}
	got, f := read(t, rewritten(t, riff(format(7, 1, 8000, 8), bytes.Repeat([]byte{0x00, 0x80, 0xff, 0x0f}, 500), 2000)))
	if f.Codec != "pcm16" || f.Rate != 8000 || f.Channels != 1 || len(got) != 2000 || int(got[0]*32768) != -32124 || int(got[1]*32768) != 32124 {
		t.Errorf("µ-law became %+v, %v", f, got[:4])
	}
	loud, _ := read(t, rewritten(t, riff(format(3, 1, 8000, 32), bytes.Repeat([]byte{0, 0, 0x80, 0x3f}, 2000), 8000)))
	if loud[0] < 0.999 {
		t.Errorf("full scale became %v", loud[0])
	}
	if _, err := NewWAV(t.Context(), strings.NewReader("ID3 and no sound")); ringside.KindOf(err) != ringside.Invalid {
		t.Errorf("no recording: %v", err)
	}
}

func TestFLACRewritten(t *testing.T) {
	t.Parallel()
	wav, want := sweep(16000, 20000)
	if got, _ := read(t, rewritten(t, tool(t, wav, "flac", "flac", "--silent"))); !slices.Equal(got, want) {
		t.Error("the FLAC of a WAV became another WAV")
	}
}
