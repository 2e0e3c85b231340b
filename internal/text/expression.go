package text

import (
	"cmp"
	"math"
	"slices"

	"github.com/ringsidehq/ringside"
)

// How voice and words come together. A raised voice alone does not tell anger
// from joy (acted speech: an AUC of .66), so that it takes the words to name it;
// the weights are our own, from a rule that was tried on that speech.
const (
	feltAt    = 0.05 // a feeling of the words, from which they say something
	upsetBase = 1.5  // what has to be outweighed
	raised    = 1.5  // of each step of arousal
	byWords   = 2.0  // of the words' feeling
	bySigns   = 0.75 // of the weight of signs of frustration,
	mostSigns = 2.0  // of which no more is counted,
	byRaised  = 0.7  // of arousal beside them, and
	byFeeling = 0.5  // of what else is negative
)

// Express names how customer turns sound: the arousal of each voice with the
// feeling of the same turn's words. A service's own scores are left as they are.
func Express(voice []ringside.VocalTurn, moods []ringside.TurnSentiment) []ringside.Expression {
	words := make(map[int]*ringside.TurnSentiment, len(moods))
	for i := range moods {
		words[moods[i].Turn] = &moods[i]
	}
	out := make([]ringside.Expression, 0, len(voice))
	for i := range voice {
		v := &voice[i]
		e := ringside.Expression{Turn: v.Turn, AtMS: v.AtMS, EndMS: v.EndMS, Scores: v.Scores}
		if len(e.Scores) == 0 {
			var said *ringside.TurnSentiment
			if v.Turn != nil {
				said = words[*v.Turn]
			}
			e.Scores = named(v, said)
		}
		slices.SortStableFunc(e.Scores, func(a, b ringside.ExpressionScore) int { return cmp.Compare(b.Score, a.Score) })
		out = append(out, e)
	}
	return out
}

// named gives the five scores of a turn; said is nil without words.
func named(v *ringside.VocalTurn, said *ringside.TurnSentiment) []ringside.ExpressionScore {
	var bad, good, signs float64
	if said != nil {
		bad, good, signs = max(0, -said.Score), max(0, said.Score), min(mostSigns, said.Frustration)
	}
	up := max(0, v.Arousal)
	method, confidence := "voice and words", v.Confidence
	told := bad >= feltAt || good >= feltAt || signs > 0
	if !told {
		method, confidence = "voice", "low"
	}
	score := func(name string, x float64) ringside.ExpressionScore {
		return ringside.ExpressionScore{Name: name, Score: round(1/(1+math.Exp(-x)), 2), Method: method, Confidence: confidence}
	}
	calm := score(ringside.ExpressionCalm, -raised*v.Arousal-byWords*bad-bySigns*signs)
	calm.Confidence = v.Confidence // a voice tells this much by itself
	return []ringside.ExpressionScore{
		score(ringside.ExpressionFrustration, bySigns*signs+byFeeling*bad+byRaised*up-byWords*good-upsetBase),
		score(ringside.ExpressionAnger, raised*up+byWords*(bad-good)-upsetBase),
		score(ringside.ExpressionSadness, -v.Arousal-v.RangeZ+byWords*(bad-good)-upsetBase),
		calm,
		score(ringside.ExpressionExcitement, raised*up+byWords*(good-bad)-bySigns*signs-upsetBase),
	}
}

// voices puts the voice of each turn beside its words, where the recording was
// heard.
func (k *look) voices() []ringside.Expression {
	a := k.call.Analysis.Audio
	if a == nil || len(a.Voice) == 0 {
		return nil
	}
	moods := make([]ringside.TurnSentiment, len(k.moods))
	for i := range k.moods {
		moods[i] = k.moods[i].told(k.turns)
	}
	return Express(a.Voice, moods)
}

// agreed are the moods whose words are signs of frustration and whose voice is
// upset as well.
func (k *look) agreed(voices []ringside.Expression) (n int) {
	for i := range voices {
		e := &voices[i]
		if e.Turn == nil || !e.Upset() {
			continue
		}
		k.upset = append(k.upset, *e.Turn)
		for j := range k.moods {
			if m := &k.moods[j]; k.turns[m.at].Index == *e.Turn && m.signs.Hit() && k.raised(*e.Turn) {
				n++
			}
		}
	}
	return n
}

// raisedAt is the arousal from which a voice is evidence: acted speech above it
// was of high arousal in 97 of 100 turns.
const raisedAt = 1.0

func (k *look) raised(turn int) bool {
	return slices.ContainsFunc(k.call.Analysis.Audio.Voice, func(v ringside.VocalTurn) bool {
		return v.Turn != nil && *v.Turn == turn && v.Arousal >= raisedAt && v.Confidence != "low"
	})
}

// expression sums the estimates up; nil without any.
func (k *look) expression() *ringside.ExpressionSummary {
	if k.estimated == 0 {
		return nil
	}
	return &ringside.ExpressionSummary{Estimated: k.estimated, Upset: append([]int{}, k.upset...), Method: "estimate"}
}
