package text

import (
	"math"
	"strings"
	"sync"

	"github.com/jonreiter/govader"

	"github.com/ringsidehq/ringside"
)

// neutral are words that VADER's lexicon gives a feeling to, for it was made
// from tweets, and that name the matter of a service call or are plain
// courtesy. They are taken out of it. Source: our own, from reading what the
// lexicon has of the words that callers use most.
var neutral = []string{
	"no", "yes", "yeah", "okay", "ok", "sure", "please", "help", "helping", "hello", "hi", "well", "like", "want", "wanted",
	"number", "pay", "paid", "paying", "debt", "cancel", "cancelled", "canceled", "cancelling", "problem", "problems", "issue", "lost",
	"claim", "claims", "insurance", "insured", "emergency", "sick", "pain", "charge", "charged", "charges", "credit", "free", "stop",
	"stopped", "care", "share", "number", "low", "cut", "drop", "dropped", "leave", "limited", "block", "blocked", "security",
	"secure", "protect", "important", "interest", "interested", "ready", "number", "fee", "fees", "fine", "due", "missed", "alone",
	"accident", "broken", "fire", "damage", "damaged", "save", "saved", "natural", "benefit", "benefits", "matter", "certain",
}

// analyser is VADER (Hutto and Gilbert 2014) as github.com/jonreiter/govader
// has it. It only reads what it was made with, so that one serves everybody;
// making it takes some milliseconds.
var analyser = sync.OnceValue(func() *govader.SentimentIntensityAnalyzer {
	a := govader.NewSentimentIntensityAnalyzer()
	for _, w := range neutral {
		delete(a.Lexicon, w)
	}
	return a
})

// Valence is the feeling of some words: Compound from -1 to 1, Negative the
// share of them that is negative.
type Valence struct {
	Compound, Negative float64
}

// Sentiment is the feeling of an English turn by its words.
func Sentiment(s *Said) Valence {
	a := analyser()
	if !feels(a, s) {
		return Valence{}
	}
	v := a.PolarityScores(plain(s.Text))
	return Valence{v.Compound, v.Negative}
}

// feels tells whether any word is in the lexicon: of the rest VADER says 0,
// and takes its time.
func feels(a *govader.SentimentIntensityAnalyzer, s *Said) bool {
	for i := range s.Words {
		if _, ok := a.Lexicon[s.Words[i].Text]; ok {
			return true
		}
	}
	for _, r := range s.Text {
		if r > 0x2000 { // where emoji and ’ are
			return true
		}
	}
	return strings.ContainsAny(s.Text, ":;") // emoticons
}

// plain is a text with one space between words and plain apostrophes, as VADER
// reads it.
func plain(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "’", "'")), " ")
}

// The bounds of labels. VADER's authors take ±0.05 for a sentence; a call is
// full of thanks and pleasantries, so that its mean has to be further from 0.
// mixedAt is how strong a turn must be to speak against the others.
const (
	positiveAt = 0.2
	negativeAt = -0.15
	mixedAt    = 0.4
	// weightWords bounds how much a turn counts for its length.
	weightWords = 15
)

// sentiment puts together the customer's turns: a mean by length, so that the
// thanks at the end don't outweigh what was said before.
func (k *look) sentiment() *ringside.Sentiment {
	out := &ringside.Sentiment{Label: "unknown", Turns: []ringside.TurnSentiment{}, Method: ringside.MethodLocal}
	if !k.customerEnglish {
		return out
	}
	var sum, weight, low, high float64
	for _, m := range k.moods {
		s := &k.turns[m.at]
		score := m.score()
		out.Turns = append(out.Turns, m.told(k.turns))
		w := float64(min(len(s.Words), weightWords))
		sum, weight = sum+w*score, weight+w
		low, high = min(low, score), max(high, score)
	}
	if weight == 0 {
		return out
	}
	mean := sum / weight
	out.Score = new(round(mean, 3))
	switch {
	case mean <= negativeAt, k.frustrated && mean < 0:
		out.Label = "negative"
	case k.frustrated:
		out.Label = "mixed"
	case mean >= positiveAt && low > -mixedAt:
		out.Label = "positive"
	case low <= -mixedAt && high >= mixedAt:
		out.Label = "mixed"
	default:
		out.Label = "neutral"
	}
	return out
}

// ownShare is how much a sign of frustration takes from a turn's feeling.
const ownShare = 0.25

// score is the feeling of a turn. Praise in a turn with signs of frustration is
// none.
func (m *mood) score() float64 {
	v := m.valence.Compound
	if m.signs.Hit() {
		v = min(0, v)
	}
	return max(-1, v-ownShare*m.signs.Own)
}

// told is the feeling of a turn as it is told.
func (m *mood) told(turns []Said) ringside.TurnSentiment {
	return ringside.TurnSentiment{Turn: turns[m.at].Index, Score: round(m.score(), 3), Frustration: round(m.signs.Weight, 2)}
}

func round(v float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(v*p) / p
}
