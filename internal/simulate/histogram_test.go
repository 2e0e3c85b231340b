package simulate

import (
	"testing"
	"time"
)

func TestTheHistogramIsExactToThreePercent(t *testing.T) {
	t.Parallel()
	for _, d := range []time.Duration{0, time.Microsecond, 31 * time.Microsecond, 32 * time.Microsecond, time.Millisecond, 777 * time.Millisecond, time.Minute} {
		if got := upper(bucket(d)); got <= d || float64(got-time.Microsecond) > float64(d)*1.04 {
			t.Errorf("%v is counted as up to %v", d, got)
		}
	}
	var a, b histogram
	for ms := range 1000 {
		h := &a
		if ms%2 == 0 {
			h = &b
		}
		h.add(time.Duration(ms+1) * time.Millisecond)
	}
	a.merge(&b)
	got := a.times()
	if got.N != 1000 || got.P50 < 500 || got.P50 > 520 || got.P99 < 990 || got.P99 > 1000 || got.Max != 1000 {
		t.Errorf("%+v", got)
	}
	if empty := (&histogram{}).times(); empty != (Times{}) {
		t.Errorf("%+v of nothing", empty)
	}
}
