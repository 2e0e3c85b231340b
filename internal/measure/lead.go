package measure

import (
	"time"

	"github.com/ringsidehq/ringside"
)

// Arrival is when a call came in: when it rang, else when the vendor made it,
// else when it was answered; nil when none of it is known.
func Arrival(c *ringside.Call) *time.Time {
	for _, t := range []*time.Time{c.RingingAt, c.CreatedAt, c.StartedAt} {
		if t != nil {
			return t
		}
	}
	return nil
}

// SpeedToLead is the time from an inbound call's arrival to the agent's first
// word, in milliseconds; nil for other calls, and when either is not known.
func SpeedToLead(c *ringside.Call) *int64 {
	if c.Direction == ringside.Outbound || c.StartedAt == nil {
		return nil
	}
	for i := range c.Turns {
		t := &c.Turns[i]
		if t.Role != ringside.RoleAgent || t.StartMS == nil {
			continue
		}
		at := Arrival(c)
		if at == nil {
			return nil
		}
		return new(max(0, c.StartedAt.Sub(*at).Milliseconds()+*t.StartMS))
	}
	return nil
}
