package simulate

import (
	"fmt"
	"testing"
	"time"
)

// What a reader was sent is counted: once, twice, not in its order, not at all.
func TestAFollowerCounts(t *testing.T) {
	t.Parallel()
	l := newLiveLoad(LiveLoadConfig{Calls: 2, Connections: 2, Rate: 10, For: time.Second}, "")
	for call := range l.turns {
		for n := range 4 {
			l.turns[call][n].Store(1)
			l.partials[call][n].Store(1)
		}
	}
	f := &follower{last: ones(2), lastPartial: ones(2)}
	told := func(text string) {
		f.line(l, fmt.Appendf(nil, `data: {"seq":7,"type":"transcript","callId":"call_x","line":{"turn":3,"speaker":"agent","text":"%s said","timestamp":1}}`, text))
	}
	for _, text := range []string{"~t0.0", "~t0.1", "~t0.1", "~t0.3", "~t0.2", "~t1.0", "~t9.0", "~t1.x", "~t", "hello", "~p1.0", "~p1.3"} {
		told(text)
	}
	f.line(l, []byte("event: resync\n"))
	if f.receipts.Load() != 4+1 || f.doubled != 1 || f.reordered != 1 || f.resyncs != 1 || f.merged != 2 {
		t.Errorf("%d receipts, %d doubled, %d reordered, %d resyncs, %d partials replaced", f.receipts.Load(), f.doubled, f.reordered, f.resyncs, f.merged)
	}
	if want := f.expected(l); want != 8 {
		t.Errorf("%d turns expected, want 8", want)
	}
}
