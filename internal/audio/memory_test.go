//go:build !race

package audio_test

import (
	"runtime"
	"testing"

	"github.com/ringsidehq/ringside/internal/audio"
)

// An hour of two channels takes some megabytes, not its 230 MB of samples.
func TestMemoryIsBounded(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := audio.Analyse(t.Context(), endless(3600), audio.Options{})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if r.Format.Seconds != 3600 {
		t.Errorf("%v s", r.Format.Seconds)
	}
	if mb := float64(after.TotalAlloc-before.TotalAlloc) / (1 << 20); mb > 40 {
		t.Errorf("%.0f MB were allocated", mb)
	}
}
