package alert

import (
	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// calmAfter is how many of the customer's turns without a sign of frustration
// it takes for it to be over.
const calmAfter = 3

// frustration looks for a customer who is losing patience: on the signs of
// several turns, or because they ask for a person and are not handed over. What
// one turn tells is not enough: text.feelings says why.
func frustration(l *look) []hit {
	if all := l.findings(ringside.FindingFrustration); len(all) > 0 && !l.calm() {
		return []hit{l.frustrated(all[0])}
	}
	for _, f := range l.findings(ringside.FindingEscalation) {
		if f.Severity == ringside.SeverityWarning {
			return []hit{l.found(f)}
		}
	}
	return nil
}

// frustrated makes a hit of the finding, by the newest turn that shows it.
func (l *look) frustrated(f *ringside.Finding) hit {
	h := l.found(f)
	if f.Severity == ringside.SeverityCritical {
		h.severity = graver(h.severity)
	}
	if at := l.lastSign(); at != nil && (h.turn == nil || *at > *h.turn) {
		h.turn, h.quote = at, text.Quote(l.Call.Turns, *at)
	}
	return h
}

// calm tells whether the customer's last turns show no sign of frustration.
func (l *look) calm() bool {
	if l.Local.Sentiment == nil || len(l.Local.Sentiment.Turns) < calmAfter {
		return false
	}
	t := l.Local.Sentiment.Turns
	for _, s := range t[len(t)-calmAfter:] {
		if s.Frustration > 0 {
			return false
		}
	}
	return true
}

// lastSign is the newest of the customer's turns that shows frustration.
func (l *look) lastSign() (at *int) {
	if l.Local.Sentiment == nil {
		return nil
	}
	for _, s := range l.Local.Sentiment.Turns {
		if s.Frustration > 0 && s.Turn < len(l.Call.Turns) {
			at = new(s.Turn)
		}
	}
	return at
}
