package alert

import (
	"fmt"
	"math"

	"github.com/ringsidehq/ringside/internal/text"
)

const (
	// sentimentTurns is how many of the customer's turns it takes: one alone
	// tells too little.
	sentimentTurns = 2
	// sentimentSlack is how far below the confidence it must come to be over.
	sentimentSlack = 0.1
)

// sentiment looks at how the customer sounds by their words.
func sentiment(l *look) []hit {
	if l.Local == nil || l.Local.Sentiment == nil {
		return nil
	}
	s, c := l.Local.Sentiment, &l.rule.Condition
	if s.Label != c.Value || len(s.Turns) < sentimentTurns {
		return nil
	}
	if c.Confidence != nil {
		least := *c.Confidence
		if l.open {
			least -= sentimentSlack
		}
		if s.Score == nil || math.Abs(*s.Score) < least {
			return nil
		}
	}
	at := s.Turns[len(s.Turns)-1].Turn
	h := l.hit(fmt.Sprintf("The customer sounds %s over %d turns.", s.Label, len(s.Turns)), &at)
	if at < len(l.Call.Turns) {
		h.quote = text.Quote(l.Call.Turns, at)
	}
	return []hit{h}
}
