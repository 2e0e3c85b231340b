package deliver

import (
	"sync"
	"time"

	"github.com/ringsidehq/ringside/internal/jobs"
)

// hosts bounds how many requests are on their way to one host, so that one
// that hangs holds few of the places that all share. Who gets no place is told
// when the next will be free and comes back then: however many wait, each asks
// about once.
type hosts struct {
	now func() time.Time

	mu   sync.Mutex
	by   map[string]*host // guarded by mu
	out  map[string]place // guarded by mu: what is on its way, by delivery
	slow int              // guarded by mu: places that slow hosts hold
}

// host is what is known of one host.
type host struct {
	busy  int
	took  time.Duration // how long a request takes there, lately
	free  time.Time     // until when its places have been promised
	known bool          // it has answered, or let us wait in vain
}

// place is one request on its way.
type place struct {
	host string
	slow bool
}

const (
	// perHost is how many requests go to one host at once.
	perHost = 2
	// slowAfter is how long a host's answers take until it counts as slow, and
	// slowPlaces how many places all slow hosts may hold together.
	slowAfter  = 5 * time.Second
	slowPlaces = jobs.WebhookWorkers / 2
	// Waiting is bounded below, so that nobody asks all the time, and above, so
	// that a host which works again does not stand idle for long.
	minWait = time.Second
	maxWait = 5 * time.Minute
	// maxHosts is how many hosts are remembered.
	maxHosts = 1000
)

func newHosts(now func() time.Time) *hosts {
	return &hosts{now: now, by: map[string]*host{}, out: map[string]place{}}
}

// enter takes a place at a host for a delivery; leave gives it back. Without a
// place it says how long to wait. A delivery that is on its way already gets
// none.
func (h *hosts) enter(name, delivery string) (wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, twice := h.out[delivery]; twice {
		return minWait
	}
	at := h.by[name]
	if at == nil {
		h.forget()
		at = &host{}
		h.by[name] = at
	}
	slow := at.took >= slowAfter
	if at.busy >= perHost || slow && h.slow >= slowPlaces {
		return at.promise(h.now())
	}
	at.busy++
	if slow {
		h.slow++
	}
	h.out[delivery] = place{name, slow}
	return 0
}

// free tells whether a host has a place.
func (h *hosts) free(name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.by[name]
	return at == nil || at.busy < perHost
}

// quick tells whether a host has answered, and sooner than a waiting job would
// lose its patience.
func (h *hosts) quick(name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.by[name]
	return at != nil && at.known && at.took < patience
}

// promise puts one more into the queue for a place and says when it will be
// its turn.
func (at *host) promise(now time.Time) time.Duration {
	if at.free.Before(now) {
		at.free = now
	}
	at.free = at.free.Add(max(at.took, 100*time.Millisecond) / perHost)
	if latest := now.Add(maxWait); at.free.After(latest) {
		at.free = latest
	}
	return max(at.free.Sub(now), minWait)
}

func (h *hosts) leave(delivery string, took time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.out[delivery]
	delete(h.out, delivery)
	if p.slow {
		h.slow--
	}
	at := h.by[p.host]
	at.busy--
	if !at.known {
		at.known, at.took = true, took
	}
	at.took = (3*at.took + took) / 4
}

// forget makes room when too many hosts are known: those without a request go.
func (h *hosts) forget() {
	if len(h.by) < maxHosts {
		return
	}
	for name, at := range h.by {
		if at.busy == 0 {
			delete(h.by, name)
		}
	}
}
