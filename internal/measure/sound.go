package measure

import (
	"math"
	"slices"

	"github.com/ringsidehq/ringside"
)

// Heard are the figures of one recording that distributions over an agent's calls
// are made of. It is stored, so its names are short.
type Heard struct {
	MS         []float64    `json:"ms,omitempty"`    // each response, as heard
	Pairs      [][2]float64 `json:"pairs,omitempty"` // heard and claimed, of the turns that have both
	ByAgent    int          `json:"agent,omitempty"`
	ByCustomer int          `json:"customer,omitempty"`
	Silences   int          `json:"silences,omitempty"` // of 2 s and longer
	OneChannel bool         `json:"one,omitempty"`      // nothing can be told of who speaks
}

// Wait is what was waited for one answer of the agent's, as heard, and when that
// began, in ms from the start of the recording.
type Wait struct{ AtMS, MS float64 }

// sameTurnMS is how far a vendor's time of a turn and the recording's may lie
// apart: further apart they mean another turn.
const sameTurnMS = 1500

// Claims puts what was heard beside what the vendor claims of the same turn of the
// agent's. Each claim is used once.
func Claims(heard []Wait, turns []ringside.Turn) (pairs [][2]float64) {
	used := make([]bool, len(turns))
	for _, h := range heard {
		best, away := -1, sameTurnMS+1.0
		for i := range turns {
			t := &turns[i]
			if used[i] || t.Role != ringside.RoleAgent || t.StartMS == nil || t.Latency == nil || t.Latency.Source != ringside.Claimed || t.Latency.TotalMS == nil {
				continue
			}
			if d := math.Abs(float64(*t.StartMS) - h.AtMS); d < away {
				best, away = i, d
			}
		}
		if best >= 0 {
			used[best] = true
			pairs = append(pairs, [2]float64{h.MS, *turns[best].Latency.TotalMS})
		}
	}
	return pairs
}

// Range counts what lies from one bound up to the next, which is not in it.
type Range struct {
	From float64  `json:"from"`
	To   *float64 `json:"to" doc:"Exclusive; null: no end"`
	N    int      `json:"n"`
}

// Ranges counts values by bounds, in order. What is below the first bound is in
// the first.
func Ranges(values, bounds []float64) []Range {
	out := make([]Range, len(bounds))
	for i, from := range bounds {
		out[i].From = from
		if i+1 < len(bounds) {
			out[i].To = &bounds[i+1]
		}
	}
	for _, v := range values {
		i := len(bounds) - 1
		for i > 0 && v < bounds[i] {
			i--
		}
		out[i].N++
	}
	return out
}

// Percentile is the nearest-rank one, 0 to 1; nil of nothing. It does not change
// the values.
func Percentile(values []float64, p float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(values))
	return new(sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)])
}
