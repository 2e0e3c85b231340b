package simulate

import (
	"math/bits"
	"time"
)

// histogram counts times, to 3 % of each.
type histogram struct {
	counts [40 * fine]int64
	n      int64
	max    time.Duration
}

const (
	fineBits = 5
	fine     = 1 << fineBits
)

// bucket is the place of a time: its power of two in microseconds and the bits
// behind the first.
func bucket(d time.Duration) int {
	us := uint64(max(d, 0) / time.Microsecond) //nolint:gosec // not negative
	if us < fine {
		return int(us) //nolint:gosec // less than fine
	}
	shift := bits.Len64(us) - fineBits - 1
	return min((shift+1)*fine+int(us>>shift)-fine, 40*fine-1) //nolint:gosec // less than 2*fine
}

// upper is the end of a bucket.
func upper(i int) time.Duration {
	if i < fine {
		return time.Duration(i+1) * time.Microsecond
	}
	shift := i/fine - 1
	return time.Duration((i%fine+fine+1)<<shift) * time.Microsecond
}

func (h *histogram) add(d time.Duration) {
	h.counts[bucket(d)]++
	h.n++
	h.max = max(h.max, d)
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.n += o.n
	h.max = max(h.max, o.max)
}

// quantile is the end of the bucket that it falls into, in ms.
func (h *histogram) quantile(q float64) float64 {
	want := int64(q*float64(h.n) + 0.999999)
	for i, n := range h.counts {
		if want -= n; want <= 0 && h.n > 0 {
			return float64(min(upper(i), h.max).Microseconds()) / 1000
		}
	}
	return 0
}

// Times sums up times, in ms.
type Times struct {
	N   int64   `json:"n"`
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func (h *histogram) times() Times {
	return Times{h.n, h.quantile(0.5), h.quantile(0.95), h.quantile(0.99), float64(h.max.Microseconds()) / 1000}
}
