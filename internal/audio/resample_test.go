package audio_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
)

// tone is a second of a sine.
func tone(hz float64, rate int) []float32 {
	out := make([]float32, rate)
	for i := range out {
		out[i] = float32(0.5 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return out
}

// resampled brings samples to a rate, handed over n at a time.
func resampled(in []float32, from, to, n int) (out []float32) {
	r := audio.NewResampler(from, to)
	for part := range slices.Chunk(in, n) {
		out = append(out, r.Add(part)...)
	}
	return append(out, r.Finish()...)
}

// A tone that both rates hold is the same tone at the other rate, in its place;
// one that the lower can't hold is gone.
func TestATonePassesOrIsGone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, to int
		hz       float64
		gone     bool
	}{
		{8000, 16000, 440, false},
		{8000, 16000, 3000, false},
		{11025, 16000, 1000, false},
		{16000, 16000, 5000, false},
		{22050, 16000, 3000, false},
		{44100, 16000, 1000, false},
		{48000, 16000, 6000, false},
		{44099, 16000, 1000, false}, // which divides badly
		{44100, 16000, 12000, true},
		{48000, 16000, 10000, true},
	} {
		got := resampled(tone(tc.hz, tc.from), tc.from, tc.to, 4096)
		if len(got) != tc.to {
			t.Errorf("%d to %d: a second has %d samples", tc.from, tc.to, len(got))
			continue
		}
		want, worst := tone(tc.hz, tc.to), 0.0
		for i := 1000; i < tc.to-1000; i++ { // the edges ring
			if tc.gone {
				want[i] = 0
			}
			worst = max(worst, math.Abs(float64(got[i]-want[i])))
		}
		if worst > 0.005 {
			t.Errorf("%.0f Hz, %d to %d: off by %.4f", tc.hz, tc.from, tc.to, worst)
		}
	}
}

// How the samples are cut into blocks changes nothing.
func TestBlocksChangeNothing(t *testing.T) {
	t.Parallel()
	in := tone(700, 11025)
	whole := resampled(in, 11025, 16000, len(in))
	for _, n := range []int{1, 7, 1000} {
		if !slices.Equal(resampled(in, 11025, 16000, n), whole) {
			t.Errorf("by %d samples it is another sound", n)
		}
	}
	if got := resampled(nil, 8000, 16000, 1); len(got) != 0 {
		t.Errorf("nothing becomes %d samples", len(got))
	}
}

// A recording comes in blocks with its channels side by side; who takes them can
// end it.
func TestDecode(t *testing.T) {
	t.Parallel()
	left, right := tone(300, 8000), tone(500, 8000)
	wav := audiotest.WAV(8000, left, right)
	var got []float32
	err := audio.Decode(t.Context(), bytes.NewReader(wav), func(f audio.Format, block []float32) error {
		if f.Rate != 8000 || f.Channels != 2 {
			t.Errorf("format %+v", f)
		}
		got = append(got, block...)
		return nil
	})
	if err != nil || len(got) != 16000 {
		t.Fatalf("%d samples, %v", len(got), err)
	}
	for i := range left {
		if math.Abs(float64(got[2*i]-left[i])) > 1e-4 || math.Abs(float64(got[2*i+1]-right[i])) > 1e-4 {
			t.Fatalf("sample %d: %v, want %v and %v", i, got[2*i:2*i+2], left[i], right[i])
		}
	}
	enough := errors.New("enough")
	if err := audio.Decode(t.Context(), bytes.NewReader(wav), func(audio.Format, []float32) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("%v, want what the taker said", err)
	}
	none := func(audio.Format, []float32) error { return nil }
	if err := audio.Decode(t.Context(), bytes.NewReader([]byte("hello, this is text")), none); ringside.KindOf(err) != ringside.Invalid {
		t.Errorf("a text: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := audio.Decode(ctx, bytes.NewReader(wav), none); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
