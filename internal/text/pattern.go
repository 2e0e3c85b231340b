package text

import (
	"strings"
)

// cue is a pattern of words and what it stands for.
//
// A pattern is words with spaces between. a|b is either; a word or a choice
// with a question mark may be missing; _ is any one word; ~ is up to three
// words of any kind; ^ and $ are a sentence's beginning and end; a slash
// stands between whole patterns. A pattern stays within a sentence and begins
// with a word or a choice (after ^).
type cue struct {
	pattern string
	name    string  // what it is a sign of, where the table tells several apart
	weight  float64 // how much it counts, where the table weighs
	of      int     // its row in another table, where it belongs to one
}

// lexicon is a table of cues, found by their first words.
type lexicon struct {
	first map[string][]*compiled
}

type compiled struct {
	cue     *cue
	anchor  bool // begins a sentence
	end     bool // ends one
	negates bool // says no itself, so that a no before it is no objection
	parts   []part
}

type part struct {
	words    []string // nil: any
	optional bool
	gap      bool
}

// maxGap is how many words a ~ can stand for.
const maxGap = 3

// compile makes a table ready. Tables are constants: a bad one is found by the
// test that compiles them all.
func compile(cues []cue) *lexicon {
	l := &lexicon{first: map[string][]*compiled{}}
	for i := range cues {
		for pattern := range strings.SplitSeq(cues[i].pattern, " / ") {
			l.add(&cues[i], pattern)
		}
	}
	return l
}

func (l *lexicon) add(q *cue, pattern string) {
	c := &compiled{cue: q}
	for p := range strings.FieldsSeq(pattern) {
		switch p {
		case "^":
			c.anchor = true
		case "$":
			c.end = true
		case "~":
			c.parts = append(c.parts, part{gap: true})
		case "_":
			c.parts = append(c.parts, part{})
		default:
			p, optional := strings.CutSuffix(p, "?")
			c.parts = append(c.parts, part{words: strings.Split(p, "|"), optional: optional})
		}
	}
	for _, w := range c.parts[0].words {
		c.negates = c.negates || negators[w]
		l.first[w] = append(l.first[w], c)
	}
}

// negators turn what follows around.
var negators = map[string]bool{
	"not": true, "no": true, "never": true, "don't": true, "isn't": true, "wasn't": true, "didn't": true, "doesn't": true,
	"aren't": true, "nothing": true, "nobody": true, "without": true, "can't": true, "won't": true, "haven't": true, "hasn't": true,
}

// hit is a cue that was found, and the words that it covers.
type hit struct {
	cue      *cue
	from, to int
}

// all finds the cues in some words, the longest where several begin at one
// place, and none within another.
func (l *lexicon) all(words []Word, f func(hit)) {
	for i := 0; i < len(words); i++ {
		h, ok := l.at(words, i)
		if ok {
			f(h)
			i = h.to - 1
		}
	}
}

// one finds the first cue.
func (l *lexicon) one(words []Word) (h hit, ok bool) {
	for i := range words {
		if h, ok = l.at(words, i); ok {
			return h, true
		}
	}
	return hit{}, false
}

// at finds the longest cue that begins with a word and that no negation turns
// around.
func (l *lexicon) at(words []Word, i int) (best hit, ok bool) {
	for _, c := range l.first[words[i].Text] {
		if c.anchor && i > 0 && !words[i-1].Stop {
			continue
		}
		if to := c.match(words, i, 0); to > best.to && (c.negates || !negated(words, i)) {
			best, ok = hit{c.cue, i, to}, true
		}
	}
	return best, ok
}

// negated tells whether one of the two words before, with no comma in between,
// says no.
func negated(words []Word, i int) bool {
	for j := i - 1; j >= max(0, i-2) && !words[j].Stop && !words[j].Pause; j-- {
		if negators[words[j].Text] {
			return true
		}
	}
	return false
}

// match gives where the parts from p on, matched from word i on, end; 0 when
// they do not match. What it tries is bounded by the few gaps of a pattern.
func (c *compiled) match(words []Word, i, p int) int {
	if p == len(c.parts) {
		if c.end && i < len(words) && !words[i-1].Stop {
			return 0
		}
		return i
	}
	at := &c.parts[p]
	if at.gap {
		for skip := 0; skip <= maxGap && i+skip <= len(words); skip++ {
			if skip > 0 && words[i+skip-1].Stop {
				return 0
			}
			if to := c.match(words, i+skip, p+1); to > 0 {
				return to
			}
		}
		return 0
	}
	if i < len(words) && (i == 0 || p == 0 || !words[i-1].Stop) && at.is(words[i].Text) {
		if to := c.match(words, i+1, p+1); to > 0 {
			return to
		}
	}
	if at.optional {
		return c.match(words, i, p+1)
	}
	return 0
}

func (p *part) is(word string) bool {
	if p.words == nil {
		return true
	}
	for _, w := range p.words {
		if w == word {
			return true
		}
	}
	return false
}
