package alert

import (
	"fmt"

	"github.com/ringsidehq/ringside"
)

// When a score tells something: with enough of the call behind it, and enough
// of its parts measured.
const (
	qualityTurns    = 8
	qualityCoverage = 0.4
	// qualitySlack is how far beyond the threshold the score must come back.
	qualitySlack = 5
)

// quality looks at the score so far.
func quality(l *look) []hit {
	if l.Local == nil || l.Local.Quality == nil || l.Local.Quality.Score == nil || len(l.Call.Turns) < qualityTurns {
		return nil
	}
	q, slack := l.Local.Quality, 0.0
	if l.open {
		slack = qualitySlack
	}
	if q.Coverage < qualityCoverage || !l.rule.Condition.Meets(*q.Score, slack) {
		return nil
	}
	h := l.hit(fmt.Sprintf("The score is %.0f; the rule asks for %s %g.", *q.Score, asked(l.rule.Condition.Operator), *l.rule.Condition.Threshold), l.lastTurn())
	if p := worst(q); p != nil {
		h.message += " What counts most: " + p.Reason
	}
	return []hit{h}
}

// asked is what an operator does not alert of, in words.
func asked(operator string) string {
	switch operator {
	case ringside.LessThan:
		return "at least"
	case ringside.LessOrEqual:
		return "more than"
	case ringside.GreaterOrEqual:
		return "less than"
	}
	return "at most"
}

// worst is the part that takes most away.
func worst(q *ringside.Quality) (out *ringside.QualityPart) {
	lost := func(p *ringside.QualityPart) float64 { return p.Weight * (100 - *p.Score) }
	for i := range q.Parts {
		if p := &q.Parts[i]; p.Score != nil && *p.Score < 100 && (out == nil || lost(p) > lost(out)) {
			out = p
		}
	}
	return out
}
