package simulate

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// CallsConfig says which calls to hold, and how.
type CallsConfig struct {
	URL          string
	Key          string // of scope ingest
	Concurrent   int    // how many at once
	Scenario     string // agent/conversation, or one of both; "": any
	Script       []byte // conversations of a file instead; nil: none
	Variant      Variant
	Bad          float64       // share of calls with something wrong, without a Variant
	For          time.Duration // after it, calls that are on are ended; 0: when ctx ends
	Speed        float64       // how many seconds of a call pass in one, at least 1; 0: 1
	Seed         uint64        // another seed makes other calls
	Left         []string      // ids of calls that an earlier run left on: they are ended first
	Run          string        // tells the ids of this run from others'; "": random
	PartialEvery time.Duration // 0: 300 ms; negative: none
	Client       *http.Client  // nil: one of its own
	Ended        func(id string)
}

// CallsResult is what was held.
type CallsResult struct {
	Calls      int    `json:"calls"` // that were told up to an end
	Events     int    `json:"events"`
	Errors     int    `json:"errors"` // calls that were given up
	FirstError string `json:"first_error,omitempty"`
}

const (
	partialEvery = 300 * time.Millisecond
	// pauseMS is the longest time between two calls of a caller.
	pauseMS = 6000
	// spreadMS is the time over which the first calls of all callers begin.
	spreadMS = 8000
	// endWithin is how long the ends of calls may take to be told.
	endWithin = 5 * time.Second
	// customers is how many different ones call, about.
	customers = 600
)

// Calls holds calls through the live API until the time is over or ctx ends,
// and then ends those that are on. It fails when the server refuses the key.
func Calls(ctx context.Context, c CallsConfig) (*CallsResult, error) {
	if c.Client == nil {
		tr := &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}
		defer tr.CloseIdleConnections()
		c.Client = &http.Client{Transport: tr, Timeout: 30 * time.Second}
	}
	t, err := newTelling(c)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if c.For > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, c.For)
		defer stop()
	}
	for _, id := range c.Left {
		if err := t.hangUp(ctx, id, time.Now().UnixMilli()); err != nil {
			return &t.result, err
		}
	}
	var callers sync.WaitGroup
	for i := range c.Concurrent {
		callers.Go(func() {
			if err := t.call(ctx, i); err != nil {
				cancel(err)
			}
		})
	}
	callers.Wait()
	if err := context.Cause(ctx); errors.As(err, new(refusal)) {
		return &t.result, err
	}
	return &t.result, nil
}

// refusal is an answer that no other call will get anything else than.
type refusal struct{ error }

type telling struct {
	cfg       CallsConfig
	generator *Generator
	scenarios []scenario
	// deliver tells a body of a call, and says of an error whether another try
	// may help.
	deliver func(ctx context.Context, name string, body []byte) (again bool, err error)

	mu     sync.Mutex
	result CallsResult // guarded by mu
}

func newTelling(c CallsConfig) (*telling, error) {
	if c.Speed == 0 {
		c.Speed = 1
	}
	if c.PartialEvery == 0 {
		c.PartialEvery = partialEvery
	}
	if c.Run == "" {
		c.Run = strings.ToLower(rand.Text()[:8])
	}
	if _, known := parseVariant(string(c.Variant)); !known || c.Speed < 1 || c.Bad < 0 || c.Bad > 1 {
		return nil, fmt.Errorf("no calls go like that: variant %q, speed %v (at least 1), share of bad ones %v (0 to 1)", c.Variant, c.Speed, c.Bad)
	}
	g, err := New(Config{Seed: c.Seed, Calls: 3 * customers, Until: time.Now()})
	if err != nil {
		return nil, err
	}
	t := &telling{cfg: c, generator: g}
	t.deliver = t.byHTTP
	if c.Script != nil {
		t.scenarios, err = parseScenarios(c.Script)
	} else {
		t.scenarios, err = g.scenarios(c.Scenario)
	}
	return t, err
}

// call holds one call after the other: those of the indices that are the
// caller's own, so that the calls of a seed do not depend on who is faster.
func (t *telling) call(ctx context.Context, caller int) error {
	r := newRand(t.cfg.Seed, 1<<63+uint64(caller)) //nolint:gosec // not negative
	if caller > 0 && !t.sleep(ctx, int64(r.IntN(spreadMS))) {
		return nil
	}
	for i := caller; ctx.Err() == nil; i += t.cfg.Concurrent {
		c := t.generator.progress(i, time.Now().UTC(), t.scenarios, t.draw(r))
		err := t.tell(ctx, fmt.Sprintf("%s%s-%d", IDPrefix, t.cfg.Run, c.index), c)
		if errors.As(err, new(refusal)) {
			return err
		}
		t.note(err)
		if !t.sleep(ctx, int64(1000+r.IntN(pauseMS))) {
			return nil
		}
	}
	return nil
}

func (t *telling) draw(r *rng) Variant {
	switch {
	case t.cfg.Variant != "":
		v, _ := parseVariant(string(t.cfg.Variant))
		return v
	case r.Float64() < t.cfg.Bad:
		return badVariants[r.IntN(len(badVariants))]
	}
	return Normal
}

// sleep waits for some of a call's milliseconds; false when ctx ends first.
func (t *telling) sleep(ctx context.Context, ms int64) bool {
	return wait(ctx, time.Duration(float64(ms)/t.cfg.Speed*float64(time.Millisecond)))
}

func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t *telling) note(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.result.Calls++
		return
	}
	if t.result.Errors++; t.result.FirstError == "" {
		t.result.FirstError = err.Error()
	}
}

// IDPrefix begins the ids of simulated calls; the run's name follows.
const IDPrefix = "sim-"

// tell tells a call by its name while it goes on. What is due at once goes in
// one body. When ctx ends first, the call ends there.
func (t *telling) tell(ctx context.Context, name string, c *Call) error {
	beats := c.beats(t.cfg.PartialEvery.Milliseconds())
	begun := time.Now()
	// A call that goes faster has begun earlier: so it ends now, and lasts as
	// long as it says.
	start := begun.Add(-time.Duration((1 - 1/t.cfg.Speed) * float64(c.endedAt.Sub(c.answeredAt))))
	for len(beats) > 0 {
		if !t.sleep(ctx, beats[0].at-t.passed(begun)) {
			return t.hangUp(ctx, name, start.UnixMilli()+t.passed(begun))
		}
		now, n := max(t.passed(begun), beats[0].at), 0
		for n < len(beats) && beats[n].at <= now {
			n++
		}
		if err := t.send(ctx, name, start, beats[:n]); err != nil {
			if ctx.Err() != nil {
				return t.hangUp(ctx, name, start.UnixMilli()+now)
			}
			return err
		}
		beats = beats[n:]
	}
	if t.cfg.Ended != nil {
		t.cfg.Ended(name)
	}
	return nil
}

// passed is how far a call is, in ms.
func (t *telling) passed(begun time.Time) int64 {
	return int64(float64(time.Since(begun)) / float64(time.Millisecond) * t.cfg.Speed)
}

// hangUp ends a call though ctx is over.
func (t *telling) hangUp(ctx context.Context, name string, at int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	err := t.post(ctx, name, encode(liveEvent{ID: "end", Type: "ended", At: at, Reason: stopped}), 1)
	if t.cfg.Ended != nil {
		t.cfg.Ended(name)
	}
	return err
}

// stopped is why a simulated call ends whose simulation has ended.
const stopped = "simulation-stopped"

func (t *telling) send(ctx context.Context, name string, start time.Time, beats []beat) error {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	for i := range beats {
		beats[i].event.At = start.UnixMilli() + beats[i].at
		if err := e.Encode(&beats[i].event); err != nil {
			return fmt.Errorf("write live event: %w", err)
		}
	}
	return t.post(ctx, name, body.Bytes(), len(beats))
}

// post sends a body, and again when the server is at fault.
func (t *telling) post(ctx context.Context, name string, body []byte, events int) (err error) {
	for try := range tries {
		var again bool
		if again, err = t.deliver(ctx, name, body); err == nil {
			t.mu.Lock()
			t.result.Events += events
			t.mu.Unlock()
			return nil
		}
		err = fmt.Errorf("tell call %s: %w", name, err)
		if !again {
			return t.refused(ctx, err)
		}
		if !wait(ctx, time.Duration(try+1)*200*time.Millisecond) {
			return err
		}
	}
	return err
}

func (t *telling) byHTTP(ctx context.Context, name string, body []byte) (again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.cfg.URL+"/v1/live-calls/"+name+"/events", bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	req.Header.Set("Authorization", "Bearer "+t.cfg.Key)
	return answered(t.cfg.Client, req)
}

// refused makes an error the end of it all, unless it comes of ctx.
func (t *telling) refused(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return refusal{err}
}
