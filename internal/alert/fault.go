package alert

import (
	"github.com/ringsidehq/ringside"
)

const (
	// overAfter is how many turns of the agent's it takes after an error for it
	// to be over.
	overAfter = 2
	// maxFault is how much of an error is told, in characters.
	maxFault = 300
)

// fault looks for what went wrong with the call itself: an error that the agent
// told of, or that the call failed.
func fault(l *look) (out []hit) {
	seen := map[string]bool{}
	for i := len(l.Call.Spans) - 1; i >= 0; i-- {
		s := &l.Call.Spans[i]
		if s.Name != ringside.SpanError || s.Error == "" || seen[s.Title] {
			continue
		}
		seen[s.Title] = true
		if turn := l.turnAt(s.StartMS); s.StartMS == nil || l.since(turn) < overAfter {
			h := l.hit(clean(s.Title+": "+s.Error, maxFault), turn)
			h.cause = s.Title
			out = append(out, h)
		}
	}
	if l.Ended && l.Call.Status == ringside.StatusFailed {
		h := l.hit("The call failed. "+l.Call.Outcome.Explanation, nil)
		h.cause = string(l.Call.Outcome.FailureClass)
		out = append(out, h)
	}
	return out
}

// turnAt is the last turn that had begun by a time; nil when none had.
func (l *look) turnAt(ms *int64) (at *int) {
	for i := range l.Call.Turns {
		if s := l.Call.Turns[i].StartMS; ms != nil && s != nil && *s <= *ms {
			at = new(i)
		}
	}
	return at
}
