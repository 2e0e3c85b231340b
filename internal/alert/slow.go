package alert

import (
	"fmt"
	"slices"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/measure"
)

// toolTime is how much longer an answer may take for which a tool was asked, in
// ms: what EVA's curve allows.
const toolTime = 1500

// slow looks at how long the customer waits for the agent's answers: several in
// a row. One that came in time ends it.
func slow(l *look) []hit {
	n := 1
	if c := l.rule.Condition.Consecutive; c != nil && !l.open {
		n = *c
	}
	all := measure.Responses(l.Call.Turns)
	if len(all) < n {
		return nil
	}
	sum := 0.0
	for _, r := range all[len(all)-n:] {
		ms := r.MS
		if l.asked(r.Turn) {
			ms -= toolTime
		}
		if !l.rule.Condition.Meets(ms/1000, 0) {
			return nil
		}
		sum += r.MS / 1000
	}
	last := &all[len(all)-1]
	message := fmt.Sprintf("The customer waited %.1f s for an answer.", sum)
	if n > 1 {
		message = fmt.Sprintf("The customer waited %.1f s on average for each of the last %d answers.", sum/float64(n), n)
	}
	return []hit{l.hit(message, &last.Turn)}
}

// asked tells whether a tool was called before a turn.
func (l *look) asked(turn int) bool {
	return slices.ContainsFunc(l.Call.ToolCalls, func(t ringside.ToolCall) bool { return t.Turn != nil && *t.Turn == turn-1 })
}
