package provider_test

import (
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
)

func TestTimeline(t *testing.T) {
	start := time.Date(2026, 9, 25, 20, 10, 0, 0, time.UTC)
	for _, tc := range []struct {
		name     string
		start    time.Time
		times    []float64
		want     []int64 // -1 for not known
		warnings int
	}{
		{"milliseconds", start, []float64{1790367000000, 1790367002500}, []int64{0, 2500}, 0},
		{"before the start", start, []float64{1790366990000}, []int64{0}, 0},
		{"seconds", start, []float64{1790367001, 1790367002.5}, []int64{1000, 2500}, 1},
		{"offsets", time.Time{}, []float64{0, 1200.4, 86399999}, []int64{0, 1200, 86399999}, 1},
		{"no start", time.Time{}, []float64{1790367001000, 1790367002000}, []int64{0, 1000}, 1},
		{"no time at all", start, []float64{-5, 9e8, 1e17}, []int64{-1, -1, -1}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := provider.Timeline{Start: tc.start}
			for i, v := range tc.times {
				got := int64(-1)
				if ms := l.Offset(provider.Number{Value: v, Known: true}); ms != nil {
					got = *ms
				}
				if got != tc.want[i] {
					t.Errorf("%v is at %d, want %d", v, got, tc.want[i])
				}
			}
			if len(l.Warnings) != tc.warnings {
				t.Errorf("warnings %q, want %d", l.Warnings, tc.warnings)
			}
			if l.Offset(provider.Number{}) != nil {
				t.Error("a time that is not known has a place")
			}
		})
	}
}
