package alert

import (
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/live"
)

// hit is trouble that a rule has found in a call.
type hit struct {
	cause    string // what tells several of one rule apart
	severity ringside.AlertSeverity
	message  string
	turn     *int
	quote    string
}

// look is a rule looking at a call.
type look struct {
	*live.Now
	rule  *ringside.AlertRule
	open  bool      // an alert of the rule is open: how much it takes for it to stay
	again time.Time // when something may have changed by itself; zero: never
}

// hit makes a hit of the rule's own severity.
func (l *look) hit(message string, turn *int) hit {
	return hit{severity: l.rule.Severity, message: message, turn: turn}
}

// found makes a hit of a finding.
func (l *look) found(f *ringside.Finding) hit {
	return hit{severity: l.rule.Severity, message: f.Detail, turn: f.Turn, quote: f.Quote}
}

// graver is the severity above.
func graver(s ringside.AlertSeverity) ringside.AlertSeverity {
	i := slices.Index(ringside.AlertSeverities, s) + 1
	return ringside.AlertSeverities[min(i, len(ringside.AlertSeverities)-1)]
}

// in asks for another look after a time.
func (l *look) in(d time.Duration) { l.again = sooner(l.again, l.At.Add(d)) }

// sooner is the earlier of two times, of which zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// findings are what the assessment found of some kinds.
func (l *look) findings(kinds ...ringside.FindingKind) (out []*ringside.Finding) {
	if l.Local == nil {
		return nil
	}
	for i := range l.Local.Findings {
		if f := &l.Local.Findings[i]; slices.Contains(kinds, f.Kind) {
			out = append(out, f)
		}
	}
	return out
}

// lastTurn is the index of the newest turn; nil before the first.
func (l *look) lastTurn() *int {
	if n := len(l.Call.Turns); n > 0 {
		return new(n - 1)
	}
	return nil
}

// since counts the agent's turns after one; those of the whole call when it is
// nil.
func (l *look) since(turn *int) (n int) {
	from := 0
	if turn != nil {
		from = *turn + 1
	}
	for i := from; i < len(l.Call.Turns); i++ {
		if l.Call.Turns[i].Role == ringside.RoleAgent {
			n++
		}
	}
	return n
}

// seconds is a threshold as a duration.
func (l *look) seconds() time.Duration {
	if l.rule.Condition.Threshold == nil {
		return 0
	}
	return time.Duration(*l.rule.Condition.Threshold * float64(time.Second))
}
