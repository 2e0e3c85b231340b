package simulate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
)

// MetadataRun is the metadata of a call that says which run of a scenario holds
// it.
const MetadataRun = "scenario_run"

// PlayConfig says which conversations to play, as which calls.
type PlayConfig struct {
	Script   []byte
	Scenario string // what the calls say they are of
	Run      string
	Variant  Variant
	As       *AgentName // the agent that the calls are shown as; nil: one of the simulation's own
	Calls    []string   // the names of the calls: each is held once, all at the same time
	Speed    float64    // how many seconds of a call pass in one, at least 1; 0: 1
	Seed     uint64

	// Tell takes a body of live events about a call. It may be called by several
	// calls at once. An error of a kind that may pass is tried again.
	Tell func(ctx context.Context, name string, body []byte) error
}

// maxConversation is how long a conversation of a script may last.
const maxConversation = 15 * time.Minute

// ReadScript checks a script, and gives how long its longest conversation takes.
func ReadScript(text []byte, v Variant) (longest time.Duration, err error) {
	all, err := parseScenarios(text)
	if err != nil {
		return 0, err
	}
	g, err := New(Config{Calls: 3 * customers, Until: time.Now()})
	if err != nil {
		return 0, err
	}
	for i := range all {
		c := g.progress(0, time.Now(), all[i:i+1], v)
		lasts := c.endedAt.Sub(c.answeredAt)
		if lasts > maxConversation {
			return 0, fmt.Errorf("scenario %s: it would last %s; at most %s is played", all[i].name, lasts.Round(time.Second), maxConversation)
		}
		longest = max(longest, lasts)
	}
	return longest, nil
}

// Play holds one call for each name, and returns when all have ended. When ctx
// ends first, the calls end there. It fails with the first call that could not
// be told.
func Play(ctx context.Context, c PlayConfig) error {
	t, err := newTelling(CallsConfig{Script: c.Script, Variant: cmp.Or(c.Variant, Normal), Speed: c.Speed, Seed: c.Seed, Run: c.Run})
	if err != nil {
		return err
	}
	t.deliver = c.deliver
	var calls sync.WaitGroup
	failed := make([]error, len(c.Calls))
	for i, name := range c.Calls {
		calls.Go(func() {
			r := newRand(c.Seed, 1<<63+uint64(i)) //nolint:gosec // not negative
			if i > 0 && !t.sleep(ctx, int64(r.IntN(spreadMS))) {
				return
			}
			call := t.generator.progress(i, time.Now().UTC(), t.scenarios, t.draw(r))
			call.scenario, call.as, call.run = c.Scenario, c.As, c.Run
			failed[i] = t.tell(ctx, name, call)
		})
	}
	calls.Wait()
	return errors.Join(failed...)
}

func (c *PlayConfig) deliver(ctx context.Context, name string, body []byte) (again bool, err error) {
	err = c.Tell(ctx, name, body)
	switch ringside.KindOf(err) {
	case ringside.Internal, ringside.Unavailable, ringside.RateLimited:
		return err != nil, err
	}
	return false, err
}

// HangUp ends a call that a run left on.
func (c *PlayConfig) HangUp(ctx context.Context, name string) error {
	return c.Tell(ctx, name, encode(liveEvent{ID: "end", Type: "ended", At: time.Now().UnixMilli(), Reason: stopped}))
}
