// Package measure works out figures of a call from what is known of it: calls
// in, numbers out. What can't be told is nil, never a guess.
package measure

import (
	"math"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// minPercentile is how many samples a 95th percentile needs to be said.
const minPercentile = 10

// Transcript measures a call by its transcript's words and times. It is nil
// for a call without a transcript, and for one that does not tell who speaks. The response is the floor-transfer offset:
// start of the agent's turn less end of the customer's before it (Levinson and
// Torreira 2015).
func Transcript(turns []ringside.Turn) *ringside.Measured {
	if len(turns) == 0 || slices.ContainsFunc(turns, func(t ringside.Turn) bool { return t.Role == ringside.RoleUnknown }) {
		return nil
	}
	m := &ringside.Measured{Method: "transcript"}
	for i := range turns {
		n := len(strings.Fields(turns[i].Text))
		if turns[i].Role == ringside.RoleAgent {
			m.AgentWords += n
			if m.FirstAgentMS == nil {
				m.FirstAgentMS = turns[i].StartMS
			}
			continue
		}
		m.CustomerWords += n
	}
	m.TalkRatio = talkRatio(turns)
	responses := responseTimes(turns)
	if m.Responses = len(responses); m.Responses > 0 {
		m.ResponseP50MS = new(percentile(responses, 50))
	}
	if m.Responses >= minPercentile {
		m.ResponseP95MS = new(percentile(responses, 95))
	}
	m.LongestGapAtMS, m.LongestGapMS = longestGap(turns)
	return m
}

// talkRatio is the agent's share of the speaking time. Every turn must have an
// end: a share of some of the turns is no share of the call.
func talkRatio(turns []ringside.Turn) *float64 {
	var agent, all int64
	for i := range turns {
		t := &turns[i]
		if t.StartMS == nil || t.EndMS == nil {
			return nil
		}
		d := max(0, *t.EndMS-*t.StartMS)
		all += d
		if t.Role == ringside.RoleAgent {
			agent += d
		}
	}
	if all == 0 {
		return nil
	}
	return new(float64(agent) / float64(all))
}

// Response is how long the customer waited for a turn of the agent's, in
// milliseconds; negative is overlap.
type Response struct {
	Turn    int
	MS      float64
	Claimed bool // the vendor's word; else by the turns' times
}

// Responses gives the waits that can be told, in the order of the turns.
func Responses(turns []ringside.Turn) []Response {
	var out []Response
	for i := range turns {
		t := &turns[i]
		if t.Role != ringside.RoleAgent {
			continue
		}
		if i > 0 && turns[i-1].Role == ringside.RoleUser && turns[i-1].EndMS != nil && t.StartMS != nil {
			out = append(out, Response{Turn: i, MS: float64(*t.StartMS - *turns[i-1].EndMS)})
		} else if t.Latency != nil && t.Latency.TotalMS != nil {
			out = append(out, Response{Turn: i, MS: *t.Latency.TotalMS, Claimed: true})
		}
	}
	return out
}

func responseTimes(turns []ringside.Turn) []float64 {
	var out []float64
	for i := 1; i < len(turns); i++ {
		before, t := &turns[i-1], &turns[i]
		if before.Role == ringside.RoleUser && t.Role == ringside.RoleAgent && before.EndMS != nil && t.StartMS != nil {
			out = append(out, float64(*t.StartMS-*before.EndMS))
		}
	}
	return out
}

// longestGap is the longest time in which, by the transcript, nobody spoke.
func longestGap(turns []ringside.Turn) (at, length *int64) {
	var spoken int64 // until when somebody has spoken
	for i := range turns {
		t := &turns[i]
		if t.StartMS == nil || t.EndMS == nil {
			return nil, nil
		}
		if gap := *t.StartMS - spoken; i > 0 && gap > 0 && (length == nil || gap > *length) {
			at, length = new(spoken), &gap
		}
		spoken = max(spoken, *t.EndMS)
	}
	return at, length
}

// percentile is the nearest-rank percentile: the ceil(p/100·n)-th smallest.
func percentile(v []float64, p float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[max(0, int(math.Ceil(p/100*float64(len(v))))-1)]
}
