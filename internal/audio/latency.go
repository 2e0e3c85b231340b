package audio

import (
	"math"
	"slices"
)

// Latency is how long the customer waited for one turn of the agent's.
type Latency struct {
	At float64 `json:"at" doc:"Start of the agent's turn, in seconds from the start of the file"`
	MS float64 `json:"ms" doc:"From the end of the customer's turn; below 0 the agent began before it"`
}

// latencies are the floor-transfer offsets from customer to agent: of each agent
// turn that follows one of the customer's. One that cuts into the customer's is
// an interruption and not an answer.
func (s *sides) latencies() []Latency {
	out := []Latency{}
	for i := range s.turns[agent] {
		t := &s.turns[agent][i]
		if t.kind != plain && t.kind != terminal {
			continue
		}
		said := s.before(customer, t.from-begun) // a turn that begins with it is not what it answers
		if said == nil {
			continue
		}
		if own := s.before(agent, t.from); own != nil && own.from > said.from {
			continue // the agent has answered already
		}
		out = append(out, Latency{At: seconds(t.from), MS: frameMS * float64(t.from-said.to)})
	}
	return out
}

// nearestRank is the nearest-rank percentile: the ceil(p/100·n)-th smallest.
func nearestRank(v []Latency, p float64) *float64 {
	if len(v) == 0 {
		return nil
	}
	ms := make([]float64, len(v))
	for i := range v {
		ms[i] = v[i].MS
	}
	slices.Sort(ms)
	return new(ms[max(0, int(math.Ceil(p/100*float64(len(ms))))-1)])
}

// firstWord is when a side is first heard; nil when it never is.
func (s *sides) firstWord(side int) *float64 {
	if len(s.units[side]) == 0 {
		return nil
	}
	return new(seconds(s.units[side][0].from))
}
