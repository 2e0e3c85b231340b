package simulate

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// LiveLoadConfig says how many calls go on and who watches them.
type LiveLoadConfig struct {
	URL         string
	Key         string // of scope admin: it sends and reads
	Calls       int
	Turns       int           // that each call has before the clock starts
	Rate        float64       // events a second, over all calls; 0: none
	Partials    float64       // share of them that is only shown
	For         time.Duration // how long they are sent
	Subscribers int
	Each        int // calls that a subscriber follows; 0: all
	Stalled     int // subscribers more that never read
	Connections int
	PID         int // the server's, to read what it uses; 0: don't
}

// LiveLoadResult is what was seen. Times are in milliseconds.
type LiveLoadResult struct {
	Calls       int     `json:"calls"`
	Subscribers int     `json:"subscribers"`
	Events      int     `json:"events"`
	PerSecond   float64 `json:"events_per_second"`
	Errors      int     `json:"errors"`
	FirstError  string  `json:"first_error,omitempty"`
	// From the POST of an event to its receipt by each subscriber: of turns, and
	// of what is being said.
	Turns     Times   `json:"turns_ms"`
	Partials  Times   `json:"partials_ms"`
	Answers   Times   `json:"answers_ms"` // of the POSTs
	Receipts  int64   `json:"receipts"`   // of turns, by all subscribers
	Lost      int64   `json:"lost"`
	Doubled   int64   `json:"doubled"`
	Reordered int64   `json:"reordered"`
	Resyncs   int64   `json:"resyncs"`
	Merged    int64   `json:"partials_replaced_by_newer"`
	ReadMB    float64 `json:"read_mb_per_second"`

	ServerCPUMS     float64 `json:"server_cpu_ms_per_event,omitempty"`
	ServerCores     float64 `json:"server_cores,omitempty"`
	ClientCores     float64 `json:"client_cores"`
	ServerRSSMB     float64 `json:"server_rss_mb,omitempty"`
	ServerPeakRSSMB float64 `json:"server_peak_rss_mb,omitempty"`
}

const (
	// settleLive is how long after the calls and the subscribers are there the
	// clock starts.
	settleLive = 2 * time.Second
	// arriveWithin is how long after the last event its receipt is waited for.
	arriveWithin = 10 * time.Second
)

// LiveLoad sends events of many calls at an even pace, follows them, and
// measures how long each takes to arrive.
func LiveLoad(ctx context.Context, c LiveLoadConfig) (*LiveLoadResult, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return nil, fmt.Errorf("%q is no http:// address", c.URL)
	}
	l := newLiveLoad(c, u.Host)
	if err := l.open(ctx); err != nil {
		return nil, fmt.Errorf("open the calls: %w", err)
	}
	reading, stop := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer func() { stop(); readers.Wait() }()
	if err := l.subscribe(reading, &readers); err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	if !wait(ctx, settleLive) {
		return nil, context.Cause(ctx)
	}
	before, own, began := usageOf(c.PID), ownCPU(), time.Now()
	l.send(ctx)
	took := time.Since(began)
	after, ownAfter := usageOf(c.PID), ownCPU()
	l.arrive(ctx)
	stop()
	readers.Wait()
	r := l.sumUp(took)
	r.ServerCores, r.ClientCores = (after.cpu-before.cpu).Seconds()/took.Seconds(), (ownAfter-own).Seconds()/took.Seconds()
	if r.Events > 0 {
		r.ServerCPUMS = (after.cpu - before.cpu).Seconds() * 1000 / float64(r.Events)
	}
	r.ServerRSSMB, r.ServerPeakRSSMB = after.rssMB, after.peakMB
	return r, nil
}

type liveLoad struct {
	cfg     LiveLoadConfig
	addr    string
	run     string
	readers []*follower
	senders []sent
	// By call: when its n-th turn and partial were sent, in ns since base.
	turns, partials [][]atomic.Int64
	base            time.Time
	events          atomic.Int64
}

func newLiveLoad(c LiveLoadConfig, addr string) *liveLoad {
	c.Connections = max(1, min(c.Connections, c.Calls))
	l := &liveLoad{cfg: c, addr: addr, run: strconv.FormatUint(randomRun(), 36), base: time.Now()}
	l.senders = make([]sent, c.Connections)
	each := 2
	if c.Calls > 0 {
		each += int(c.Rate*c.For.Seconds()) / c.Calls
	}
	for range c.Calls {
		l.turns = append(l.turns, make([]atomic.Int64, each+1))
		l.partials = append(l.partials, make([]atomic.Int64, each+1))
	}
	return l
}

func (l *liveLoad) callName(call int) string { return "load-" + l.run + "-" + strconv.Itoa(call) }

// arrive waits until every subscriber has every turn.
func (l *liveLoad) arrive(ctx context.Context) {
	for until := time.Now().Add(arriveWithin); time.Now().Before(until) && wait(ctx, 100*time.Millisecond); {
		var missing int64
		for _, f := range l.readers {
			missing += f.expected(l) - f.receipts.Load()
		}
		if missing <= 0 {
			return
		}
	}
}

// sentTurns is how many turns of a call were sent while the clock ran.
func (l *liveLoad) sentTurns(call int) (n int64) {
	for n < int64(len(l.turns[call])) && l.turns[call][n].Load() != 0 {
		n++
	}
	return n
}

func (l *liveLoad) sumUp(took time.Duration) *LiveLoadResult {
	r := &LiveLoadResult{Calls: l.cfg.Calls, Subscribers: len(l.readers), Events: int(l.events.Load())}
	r.PerSecond = float64(r.Events) / took.Seconds()
	answers, turns, partials := &histogram{}, &histogram{}, &histogram{}
	for i := range l.senders {
		s := &l.senders[i]
		for _, d := range s.took {
			answers.add(d)
		}
		if r.Errors += s.errors; s.first != nil && r.FirstError == "" {
			r.FirstError = s.first.Error()
		}
	}
	var bytes int64
	for _, f := range l.readers {
		turns.merge(&f.turns)
		partials.merge(&f.partials)
		got := f.receipts.Load()
		r.Receipts += got
		r.Doubled, r.Reordered, r.Resyncs, r.Merged = r.Doubled+f.doubled, r.Reordered+f.reordered, r.Resyncs+f.resyncs, r.Merged+f.merged
		r.Lost += f.expected(l) - got
		bytes += f.bytes
		if f.err != nil && !errors.Is(f.err, context.Canceled) {
			if r.Errors++; r.FirstError == "" {
				r.FirstError = "a subscriber: " + f.err.Error()
			}
		}
	}
	r.Turns, r.Partials, r.Answers = turns.times(), partials.times(), answers.times()
	r.ReadMB = float64(bytes) / 1e6 / took.Seconds()
	return r
}
