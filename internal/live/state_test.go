package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
)

// Where a vendor tells who speaks, that holds until it tells otherwise: a turn is
// often told before its sound has ended, and words come late. Elsewhere a turn is
// over when it is told.
func TestWhoSpeaks(t *testing.T) {
	speech := func(role ringside.Role, on bool) ringside.Facts {
		return ringside.Facts{Span: &ringside.Span{Name: ringside.SpanSpeech, Attributes: map[string]any{"role": string(role), "speaking": on}}}
	}
	turn := func(role ringside.Role) ringside.Facts {
		return ringside.Facts{Turn: &ringside.Turn{Role: role, Text: "Words."}}
	}
	partial := ringside.Facts{} // of the customer
	const agent, user = ringside.RoleAgent, ringside.RoleUser
	type step struct {
		at int // seconds
		x  ringside.Facts
	}
	for name, tc := range map[string]struct {
		steps  []step
		at     int
		speaks string
		silent time.Duration
	}{
		"its turn is told while it speaks":     {[]step{{0, speech(agent, true)}, {2, turn(agent)}}, 30, "agent", 0},
		"and then it stops":                    {[]step{{0, speech(agent, true)}, {2, turn(agent)}, {40, speech(agent, false)}}, 50, "", 10 * time.Second},
		"what the customer said comes late":    {[]step{{0, speech(user, true)}, {3, speech(user, false)}, {4, speech(agent, true)}, {5, turn(user)}}, 30, "agent", 0},
		"the customer's words come late":       {[]step{{0, speech(agent, true)}, {1, partial}}, 30, "agent", 0},
		"the customer was still speaking":      {[]step{{0, speech(user, true)}, {3, speech(agent, true)}, {4, speech(user, false)}}, 30, "agent", 0},
		"the customer cuts in":                 {[]step{{0, speech(agent, true)}, {3, speech(user, true)}, {4, speech(agent, false)}}, 30, "customer", 0},
		"the customer cut in, and is done":     {[]step{{0, speech(agent, true)}, {3, speech(user, true)}, {4, speech(agent, false)}, {6, speech(user, false)}}, 30, "", 24 * time.Second},
		"its end is never told":                {[]step{{0, speech(agent, true)}, {2, turn(agent)}}, 80, "", 78 * time.Second},
		"nobody tells who speaks":              {[]step{{0, partial}, {1, turn(user)}}, 2, "", time.Second},
		"nobody tells, and words are told":     {[]step{{0, turn(agent)}, {1, partial}}, 2, "customer", 0},
		"nobody tells, and no more words come": {[]step{{0, turn(agent)}, {1, partial}}, 11, "", 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
			c := ringside.NewCall("w", "openai", "one")
			c.Apply(ringside.Event{ID: "0", Authority: ringside.Live, ReceivedAt: begun, Facts: ringside.Facts{StartedAt: begun}})
			st := newState(&letter{call: c.Snapshot()}, begun)
			for i, s := range tc.steps {
				now := begun.Add(time.Duration(s.at) * time.Second)
				if s.x.Turn == nil && s.x.Span == nil {
					st.hear(user, ringside.Partial{Role: user, Text: "Wor"}, now)
					continue
				}
				c.Apply(ringside.Event{ID: fmt.Sprint(i + 1), Authority: ringside.Live, ReceivedAt: now, Facts: s.x})
				st.take(c.Snapshot(), "", now)
			}
			now := begun.Add(time.Duration(tc.at) * time.Second)
			if got, n := st.speaking(now), st.now(nil, now); got != tc.speaks || n.Silent != tc.silent {
				t.Errorf("%q speaks after %v of silence, want %q after %v", got, n.Silent, tc.speaks, tc.silent)
			}
		})
	}
}
