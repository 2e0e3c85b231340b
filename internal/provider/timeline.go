package provider

import (
	"math"
	"time"
)

// Timeline places messages within a call by the times that users' own programs
// give them: Unix milliseconds as asked for, but also seconds, or milliseconds
// from the start of the call.
type Timeline struct {
	Start    time.Time // of the call; when zero, the first moment placed is it
	Warnings []string  // what had to be guessed
}

// The ranges by which a number tells what it is: less than a day of
// milliseconds is an offset, and seconds since 1970 have ten digits.
const (
	maxOffsetMS = 24 * 60 * 60 * 1000
	minSeconds  = 1e9
	maxSeconds  = 1e10
)

// Offset is how far into the call a time lies, in milliseconds; nil when it
// is none.
func (l *Timeline) Offset(n Number) *int64 {
	v := n.Value
	switch {
	case !n.Known || v < 0:
		return nil
	case v < maxOffsetMS:
		l.warn("message times are small numbers: read as milliseconds from the start of the call")
		return new(int64(math.Round(v)))
	case v >= minSeconds && v < maxSeconds:
		l.warn("message times have ten digits: read as Unix seconds")
		n.Value = v * 1000
	}
	at := n.Time()
	if l.Start.IsZero() && !at.IsZero() {
		l.Start = at
		l.warn("the start of the call is not given: message times count from the first message")
	}
	return Offset(l.Start, at)
}

func (l *Timeline) warn(w string) {
	for _, have := range l.Warnings {
		if have == w {
			return
		}
	}
	l.Warnings = append(l.Warnings, w)
}
