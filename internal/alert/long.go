package alert

import (
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// long looks at how long the call has been going on. One that is to be too
// short can only be told when it has ended.
func long(l *look) []hit {
	c, limit := &l.rule.Condition, l.seconds()
	short := c.Operator == ringside.LessThan || c.Operator == ringside.LessOrEqual
	if short && !l.Ended {
		return nil
	}
	if !c.Meets(l.Elapsed.Seconds(), 0) {
		if !short {
			l.in(limit - l.Elapsed + time.Millisecond)
		}
		return nil
	}
	message := fmt.Sprintf("The call has been going on for more than %s.", limit)
	if short {
		message = fmt.Sprintf("The call took only %s.", l.Elapsed.Truncate(time.Second))
	}
	return []hit{l.hit(message, nil)}
}
