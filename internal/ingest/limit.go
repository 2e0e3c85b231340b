package ingest

import (
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/ringsidehq/ringside"
)

// Rate is how many requests a second a sender may make, and how many at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// The rates: for a key or a source; for an address that is refused, which may
// be guessing; and for one that sends to the hook without a key, which is
// Retell's own for every account.
var (
	DefaultRate = Rate{10_000, 20_000}
	RefusedRate = Rate{20, 100}
	HookRate    = Rate{500, 2_000}
)

// maxSenders bounds how many senders are remembered; past it the table starts
// again, which gives everybody a full bucket.
const maxSenders = 10_000

// limiter keeps a token bucket for each sender.
type limiter struct {
	rate Rate

	mu      sync.Mutex
	buckets map[string]*rate.Limiter // guarded by mu
}

func newLimiter(r Rate) *limiter { return &limiter{rate: r, buckets: map[string]*rate.Limiter{}} }

// take takes a token, or says how long until there is one.
func (l *limiter) take(sender string, now time.Time) error {
	l.mu.Lock()
	b, ok := l.buckets[sender]
	if !ok {
		if len(l.buckets) >= maxSenders {
			clear(l.buckets)
		}
		b = rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)
		l.buckets[sender] = b
	}
	l.mu.Unlock()
	if b.AllowN(now, 1) {
		return nil
	}
	return ringside.Errorf(ringside.RateLimited, "more than %g requests a second; try again in a second", l.rate.PerSecond)
}

// address is the client's network address without its port.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
