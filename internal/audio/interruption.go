package audio

import (
	"cmp"
	"slices"
)

// yieldWithin is how soon, in frames, the other has to stop for it to have given
// way.
const yieldWithin = 200

// Interruption is one side starting to speak well before the other was done.
type Interruption struct {
	By      string  `json:"by" enum:"agent,customer" doc:"Who cut in"`
	At      float64 `json:"at" doc:"Seconds from the start of the file"`
	YieldMS float64 `json:"yield_ms" doc:"How long the other side went on"`
	Yielded bool    `json:"yielded" doc:"It stopped within 2 s"`
}

func (s *sides) interruptions() []Interruption {
	out := []Interruption{}
	for side := range s.turns {
		for _, t := range s.turns[side] {
			if t.kind == interrupts {
				out = append(out, Interruption{
					By: sideNames[side], At: seconds(t.from), YieldMS: frameMS * float64(t.rest), Yielded: t.rest <= yieldWithin,
				})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Interruption) int { return cmp.Compare(a.At, b.At) })
	return out
}
