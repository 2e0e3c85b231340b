package audio_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
)

// What is to be silent is zero in what is written, on its channel and no sample
// further; all else stays as it was.
func TestMutedSamplesAreZero(t *testing.T) {
	t.Parallel()
	const rate = 8000
	left, right := make([]float32, 2*rate), make([]float32, 2*rate)
	for i := range left {
		left[i], right[i] = 0.25, -0.5
	}
	wav := audiotest.WAV(rate, left, right)
	mutes := []audio.Mute{{From: 0.5, To: 1, Channel: 1}, {From: 1.5, To: 99, Channel: -1}}
	loud, frames, err := audio.Loud(t.Context(), bytes.NewReader(wav), mutes)
	if err != nil || !loud || frames != 2*rate {
		t.Fatalf("loud %v, %d frames: %v", loud, frames, err)
	}
	var out bytes.Buffer
	if err := audio.Muted(t.Context(), bytes.NewReader(wav), &out, frames, mutes); err != nil {
		t.Fatal(err)
	}
	at := 0
	err = audio.Decode(context.Background(), bytes.NewReader(out.Bytes()), func(f audio.Format, block []float32) error {
		for i := 0; i < len(block); i += f.Channels {
			wantLeft, wantRight := float32(0.25), float32(-0.5)
			if at >= rate/2 && at < rate || at >= 3*rate/2 {
				wantRight = 0
			}
			if at >= 3*rate/2 {
				wantLeft = 0
			}
			if d := block[i] - wantLeft; d > 0.001 || d < -0.001 || wantLeft == 0 && block[i] != 0 {
				t.Fatalf("left at %d is %v, want %v", at, block[i], wantLeft)
			}
			if d := block[i+1] - wantRight; d > 0.001 || d < -0.001 || wantRight == 0 && block[i+1] != 0 {
				t.Fatalf("right at %d is %v, want %v", at, block[i+1], wantRight)
			}
			at++
		}
		return nil
	})
	if err != nil || at != 2*rate {
		t.Fatalf("%d samples: %v", at, err)
	}
	if loud, _, err := audio.Loud(t.Context(), bytes.NewReader(out.Bytes()), mutes); err != nil || loud {
		t.Errorf("muted once, it is loud: %v, %v", loud, err)
	}
}
