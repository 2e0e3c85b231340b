package text

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

const (
	// phraseGap is how many other words may stand between two of a phrase.
	phraseGap = 3
	// maxSpeech is how much of what an agent says is searched for phrases, in
	// bytes: twenty hours of speech, and no more work than a call may cost.
	maxSpeech = 1 << 20
	// maskWithin is how many words around a quote are looked at for numbers that
	// it must not tell.
	maskWithin = 64
)

// AgentSpeech gives f the agent's turns one by one, until it says stop: what
// must be said or must not can stand anywhere, so nothing is left out. It tells
// whether that is so: not of an agent that says more than is searched.
func AgentSpeech(turns []ringside.Turn, f func(*Said) bool) (whole bool) {
	left := maxSpeech
	for i := range turns {
		t := &turns[i]
		if t.Role != ringside.RoleAgent {
			continue
		}
		s := &Said{Index: i, Role: t.Role, Text: cut(t.Text, left), StartMS: t.StartMS, EndMS: t.EndMS}
		s.Words = unmarked(s.Text, split(s.Text))
		if !f(s) {
			return true
		}
		if left -= len(s.Text); len(s.Text) < len(t.Text) {
			return false
		}
	}
	return true
}

// match is a part of a phrase in a turn: its first and its last word there.
type match struct{ from, last int }

// Phrase finds a phrase in a turn: its words in order, without case and marks,
// with a few others between. It gives the words from one to before another: of
// the match that ends first, and begins last.
func (s *Said) Phrase(phrase []string) (from, to int, ok bool) {
	if len(phrase) == 0 {
		return 0, 0, false
	}
	var matches []match
	for i := range s.Words {
		if s.Words[i].is(phrase[0]) {
			matches = append(matches, match{i, i})
		}
	}
	for _, w := range phrase[1:] {
		if len(matches) == 0 {
			break
		}
		var longer []match
		near := 0 // the matches before it end too far off
		for i := matches[0].last + 1; i < len(s.Words); i++ {
			if !s.Words[i].is(w) {
				continue
			}
			for near < len(matches) && matches[near].last < i-1-phraseGap {
				near++
			}
			begin := -1
			for j := near; j < len(matches) && matches[j].last < i; j++ {
				begin = max(begin, matches[j].from)
			}
			if begin >= 0 {
				longer = append(longer, match{begin, i})
			}
		}
		matches = longer
	}
	if len(matches) == 0 {
		return 0, 0, false
	}
	return matches[0].from, matches[0].last + 1, true
}

// anyOf finds the first of some phrases that is said.
func (s *Said) anyOf(phrases [][]string) (from, to int, ok bool) {
	for _, p := range phrases {
		if from, to, ok = s.Phrase(p); ok {
			return from, to, true
		}
	}
	return 0, 0, false
}

// quoteAlone is quote for a turn whose secrets have not been looked for.
func (s *Said) quoteAlone(from, to int) string {
	near := Said{Role: s.Role, Text: s.Text, Words: s.Words[max(0, from-maskWithin):min(len(s.Words), to+maskWithin)]}
	alone := *s
	alone.Secrets = secrets(&near, nil)
	return alone.quote(from, to)
}

// is tells whether a word is another, which has no marks.
func (w *Word) is(plain string) bool {
	return w.Text == plain || len(w.Text) > len(plain) && bare(w.Text) == plain
}

// bare is a word without its marks.
func bare(w string) string {
	if !strings.Contains(w, "'") {
		return w
	}
	return strings.ReplaceAll(w, "'", "")
}

// PhraseWords makes a phrase ready for Said.Phrase.
func PhraseWords(phrase string) []string {
	words := split(cut(phrase, maxTurnBytes))
	out := make([]string, len(words))
	for i := range words {
		out[i] = bare(words[i].Text)
	}
	return out
}
