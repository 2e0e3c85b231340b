package audio

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

// leastSpeech is how many frames of speech a rate of words needs to say
// anything.
const leastSpeech = 2 * perSecond

// wordsAMinute is how fast each side speaks: the transcript's words over the
// time of its turns, own pauses with them. nil without a transcript.
func (s *sides) wordsAMinute(turns []ringside.Turn) *BySide {
	if len(turns) == 0 {
		return nil
	}
	var words [2]int
	for i := range turns {
		words[sideOf(turns[i].Role)] += len(strings.Fields(turns[i].Text))
	}
	rate := func(side int) *float64 {
		frames := 0
		for _, t := range s.turns[side] {
			frames += t.long()
		}
		if frames < leastSpeech || words[side] == 0 {
			return nil
		}
		return new(round(60*perSecond*float64(words[side])/float64(frames), 1))
	}
	return &BySide{Customer: rate(customer), Agent: rate(agent)}
}
