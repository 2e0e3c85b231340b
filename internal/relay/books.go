package relay

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Exchange is a delivery that was passed on, for the books.
type Exchange struct {
	At       time.Time     // when it ended
	Outcome  Outcome       //
	Endpoint time.Duration // from the request to the answer's last byte
	Added    time.Duration // what all else took, from the delivery's last byte to the answer to the vendor
	Reason   string        // why it failed
}

// Summary is what became of a source's deliveries.
type Summary struct {
	Deliveries    int        `json:"deliveries" doc:"Passed on in the last hour"`
	Failures      int        `json:"failures" doc:"Of them, those that got no answer, or one of 500 and above"`
	Measured      int        `json:"measured" doc:"How many the times are of: the newest answered of the last hour, at most 1,000"`
	EndpointP50MS *float64   `json:"endpoint_p50_ms" doc:"How long the endpoint took; null without any"`
	EndpointP99MS *float64   `json:"endpoint_p99_ms"`
	AddedP50MS    *float64   `json:"added_p50_ms" doc:"How much longer it took because of Ringside; null without any"`
	AddedP99MS    *float64   `json:"added_p99_ms"`
	LastError     string     `json:"last_error" doc:"Empty when none failed since the server's start"`
	LastErrorAt   *time.Time `json:"last_error_at"`
}

const (
	window  = time.Hour
	minutes = int(window / time.Minute)
	// measured is how many exchanges of a source are kept for their times.
	measured = 1000
	// maxOpen is how many deliveries of a source may wait for its endpoint.
	// One more is refused: the endpoint is not keeping up.
	maxOpen = 1000
)

// times of one exchange.
type times struct {
	at              time.Time
	endpoint, added time.Duration
}

// book is what is known of one source.
type book struct {
	open    int
	minutes [minutes]struct {
		minute           int64
		passed, failures int
	}
	times   []times // a ring once it is full
	next    int
	failing bool
	reason  string
	failed  time.Time
}

type books struct {
	mu       *sync.Mutex
	bySource map[string]*book // guarded by mu
}

func newBooks() books { return books{&sync.Mutex{}, map[string]*book{}} }

func (b *books) of(source string) *book {
	k := b.bySource[source]
	if k == nil {
		k = &book{}
		b.bySource[source] = k
	}
	return k
}

// Begin asks whether a source's delivery may be passed on now: nil, or a
// *Failure, which is in the books then. After nil, End follows.
func (r *Relay) Begin(source string, now time.Time) error {
	r.books.mu.Lock()
	defer r.books.mu.Unlock()
	k := r.books.of(source)
	if k.open >= maxOpen {
		f := &Failure{Busy, fmt.Sprintf("%d deliveries wait for it already", maxOpen)}
		k.note(Exchange{At: now, Outcome: f.Outcome, Reason: f.Reason})
		return f
	}
	k.open++
	return nil
}

// End notes how passing on went. It says whether that is news: the first
// failure after a success, or the first success after a failure.
func (r *Relay) End(source string, e Exchange) (news bool) {
	r.books.mu.Lock()
	defer r.books.mu.Unlock()
	k := r.books.of(source)
	k.open--
	return k.note(e)
}

func (k *book) note(e Exchange) (news bool) {
	minute := e.At.Unix() / 60
	m := &k.minutes[minute%int64(minutes)]
	if m.minute != minute {
		m.minute, m.passed, m.failures = minute, 0, 0
	}
	m.passed++
	bad := e.Outcome != Answered
	if bad {
		m.failures++
		k.reason, k.failed = e.Reason, e.At
	}
	news, k.failing = bad != k.failing, bad
	if e.Outcome != Answered && e.Outcome != Refused {
		return news
	}
	t := times{e.At, e.Endpoint, e.Added}
	if len(k.times) < measured {
		k.times = append(k.times, t)
		return news
	}
	k.times[k.next] = t
	k.next = (k.next + 1) % measured
	return news
}

// Summary says what became of a source's deliveries.
func (r *Relay) Summary(source string, now time.Time) Summary {
	r.books.mu.Lock()
	defer r.books.mu.Unlock()
	var s Summary
	k := r.books.bySource[source]
	if k == nil {
		return s
	}
	for _, m := range k.minutes {
		if age := now.Unix()/60 - m.minute; age >= 0 && age < int64(minutes) {
			s.Deliveries += m.passed
			s.Failures += m.failures
		}
	}
	var endpoint, added []time.Duration
	for _, t := range k.times {
		if now.Sub(t.at) < window {
			endpoint, added = append(endpoint, t.endpoint), append(added, t.added)
		}
	}
	s.Measured = len(endpoint)
	s.EndpointP50MS, s.EndpointP99MS = quantiles(endpoint)
	s.AddedP50MS, s.AddedP99MS = quantiles(added)
	if !k.failed.IsZero() {
		s.LastError, s.LastErrorAt = k.reason, new(k.failed)
	}
	return s
}

// Forget lets go of what is known of a source that is no more.
func (r *Relay) Forget(source string) {
	r.books.mu.Lock()
	defer r.books.mu.Unlock()
	if k := r.books.bySource[source]; k != nil && k.open == 0 {
		delete(r.books.bySource, source)
	}
}

// quantiles gives the median and the 99th percentile in milliseconds, by the
// nearest rank.
func quantiles(d []time.Duration) (p50, p99 *float64) {
	if len(d) == 0 {
		return nil, nil
	}
	slices.Sort(d)
	at := func(percent int) *float64 {
		i := max((len(d)*percent+99)/100-1, 0)
		return new(float64(d[i].Microseconds()) / 1000)
	}
	return at(50), at(99)
}

// Outcome is how an answer counts.
func (a *Answer) Outcome() (Outcome, string) {
	if a.Status >= http.StatusInternalServerError {
		return Refused, fmt.Sprintf("it answered %d", a.Status)
	}
	return Answered, ""
}
