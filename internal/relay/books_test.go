package relay

import (
	"errors"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/egress"
)

var start = time.Date(2026, 11, 26, 9, 0, 30, 0, time.UTC)

func newRelay() *Relay { return New(egress.New(egress.Config{})) }

func (r *Relay) pass(t *testing.T, e Exchange) (news bool) {
	t.Helper()
	if err := r.Begin("src", e.At); err != nil {
		t.Fatal(err)
	}
	return r.End("src", e)
}

func TestSummaryIsOfTheLastHour(t *testing.T) {
	r := newRelay()
	if s := r.Summary("src", start); s != (Summary{}) {
		t.Errorf("of nobody: %+v", s)
	}
	for i := range 100 {
		r.pass(t, Exchange{At: start, Outcome: Answered, Endpoint: time.Duration(i+1) * time.Millisecond, Added: time.Duration(i+1) * 100 * time.Microsecond})
	}
	r.pass(t, Exchange{At: start.Add(30 * time.Minute), Outcome: TimedOut, Reason: "no answer in time", Endpoint: time.Hour})
	s := r.Summary("src", start.Add(59*time.Minute))
	if s.Deliveries != 101 || s.Failures != 1 || s.Measured != 100 || *s.EndpointP50MS != 50 || *s.EndpointP99MS != 99 || *s.AddedP99MS != 9.9 {
		t.Errorf("%+v", s)
	}
	if s.LastError != "no answer in time" || !s.LastErrorAt.Equal(start.Add(30*time.Minute)) {
		t.Errorf("%+v", s)
	}
	s = r.Summary("src", start.Add(60*time.Minute))
	if s.Deliveries != 1 || s.Failures != 1 || s.Measured != 0 || s.EndpointP50MS != nil {
		t.Errorf("an hour later: %+v", s)
	}
	// The same minute of the next hour starts anew.
	r.pass(t, Exchange{At: start.Add(90 * time.Minute), Outcome: Answered})
	if s := r.Summary("src", start.Add(90*time.Minute)); s.Deliveries != 1 || s.Failures != 0 || s.LastError == "" {
		t.Errorf("%+v", s)
	}
}

func TestTimesAreOfTheNewest(t *testing.T) {
	r := newRelay()
	for i := range measured + 10 {
		took := time.Second
		if i >= 10 {
			took = time.Millisecond
		}
		r.pass(t, Exchange{At: start, Outcome: Answered, Endpoint: took})
	}
	if s := r.Summary("src", start); s.Measured != measured || *s.EndpointP99MS != 1 || s.Deliveries != measured+10 {
		t.Errorf("%+v", s)
	}
}

func TestNewsIsAChange(t *testing.T) {
	r := newRelay()
	for i, tc := range []struct {
		outcome Outcome
		news    bool
	}{{Answered, false}, {Failed, true}, {Refused, false}, {Answered, true}, {Answered, false}, {HungUp, true}} {
		if got := r.pass(t, Exchange{At: start, Outcome: tc.outcome}); got != tc.news {
			t.Errorf("%d: %s is news: %v", i, tc.outcome, got)
		}
	}
}

func TestWaitingForAnEndpointIsBounded(t *testing.T) {
	r := newRelay()
	for range maxOpen {
		if err := r.Begin("src", start); err != nil {
			t.Fatal(err)
		}
	}
	f, ok := errors.AsType[*Failure](r.Begin("src", start))
	if !ok || f.Outcome != Busy {
		t.Fatalf("one more: %v", f)
	}
	if err := r.Begin("other", start); err != nil {
		t.Errorf("another source: %v", err)
	}
	r.Forget("src") // not while deliveries wait
	if s := r.Summary("src", start); s.Failures != 1 || s.LastError != f.Reason {
		t.Errorf("%+v", s)
	}
	r.End("src", Exchange{At: start, Outcome: Answered})
	if err := r.Begin("src", start); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
