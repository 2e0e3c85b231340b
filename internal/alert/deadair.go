package alert

import (
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// deadAir looks for silence between turns. Where what is being said is not
// told, a turn is heard of only when it is over, and a long one looks like
// silence: twice as much is allowed then.
func deadAir(l *look) []hit {
	if l.Ended || l.Call.Status != ringside.StatusActive || len(l.Call.Turns) == 0 {
		return nil
	}
	limit := l.seconds()
	if !l.Partials {
		limit *= 2
	}
	if l.Silent < limit {
		l.in(limit - l.Silent)
		return nil
	}
	last := &l.Call.Turns[len(l.Call.Turns)-1]
	who := "the customer has spoken and the agent does not answer"
	if last.Role == ringside.RoleAgent {
		who = "the agent has spoken last"
	}
	h := l.hit(fmt.Sprintf("Nobody has spoken for %.0f s; %s.", l.Silent.Truncate(time.Second).Seconds(), who), l.lastTurn())
	return []hit{h}
}
