package auth

import (
	"math"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
)

// bucketRate is how many failures may come at once, and how soon another may.
type bucketRate struct {
	burst float64
	every time.Duration
}

// How often a password may be wrong: for one person from one address, and for
// everybody from one address.
var (
	perPerson  = bucketRate{5, 20 * time.Second}
	perAddress = bucketRate{50, 2 * time.Second}
)

// maxBuckets bounds what the limiter remembers. Past it, full buckets go
// first; an attack from that many addresses pushes others out.
const maxBuckets = 10_000

type bucket struct {
	tokens float64
	at     time.Time
	rate   bucketRate
}

func (b *bucket) fill(now time.Time) {
	b.tokens = min(b.rate.burst, b.tokens+float64(now.Sub(b.at))/float64(b.rate.every))
	b.at = now
}

// limiter counts failures. A try takes a token first, so that many at once
// can't slip through, and a success gives it back.
type limiter struct {
	mu      sync.Mutex
	buckets map[string]*bucket // guarded by mu
}

func newLimiter() *limiter { return &limiter{buckets: map[string]*bucket{}} }

// take takes a token or fails with RateLimited.
func (l *limiter) take(name string, r bucketRate, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[name]
	if b == nil {
		l.makeRoom(now)
		b = &bucket{tokens: r.burst, at: now, rate: r}
		l.buckets[name] = b
	}
	b.fill(now)
	if b.tokens < 1 {
		wait := time.Duration((1 - b.tokens) * float64(r.every))
		return ringside.Errorf(ringside.RateLimited, "too many wrong tries; try again in %d seconds", int(math.Ceil(wait.Seconds())))
	}
	b.tokens--
	return nil
}

// giveBack undoes take after a success.
func (l *limiter) giveBack(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.buckets[name]; b != nil {
		b.tokens = min(b.rate.burst, b.tokens+1)
	}
}

func (l *limiter) makeRoom(now time.Time) {
	if len(l.buckets) < maxBuckets {
		return
	}
	for name, b := range l.buckets {
		if b.fill(now); b.tokens >= b.rate.burst {
			delete(l.buckets, name)
		}
	}
	for name := range l.buckets {
		if len(l.buckets) < maxBuckets {
			return
		}
		delete(l.buckets, name)
	}
}

// network is what of a network address tells askers apart: of IPv6 the first 64
// bits, as whoever has one address there has all behind it.
func network(address string) string {
	a, err := netip.ParseAddr(strings.Trim(address, "[]"))
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
