package text

import (
	"fmt"

	"github.com/ringsidehq/ringside"
)

// When two turns of an agent say the same. Measured on the EVA recordings: the
// containment of bigrams told poor progress with AUC .72, with repeated tool
// calls .79.
const (
	sameWords    = 0.6 // Jaccard similarity of the words
	sameBigrams  = 0.7 // share of the newer turn's bigrams that the older has
	repeatWithin = 6   // turns back
	repeatWords  = 4   // that a turn must have
)

// ordinary are what an agent may say often: greetings, closings, courtesies.
var ordinary = compile([]cue{
	{pattern: "anything|something else"},
	{pattern: "are|is you|anyone|anybody still there"},
	{pattern: "can|are you still? hear|there"},
	{pattern: "how can|may|could i|we help|assist"},
	{pattern: "goodbye|bye|welcome"},
	{pattern: "have a nice|good|great|lovely|wonderful"},
	{pattern: "thank|thanks you? for calling|waiting|holding"},
	{pattern: "one|a|just moment|second|minute"},
	{pattern: "let me check|look|see|have|find"},
})

// again is how a customer asks for a repetition.
var again = compile([]cue{
	{pattern: "say|repeat|tell|read|spell ~ again"},
	{pattern: "repeat that|it|please|the"},
	{pattern: "one more time"},
	{pattern: "once more"},
	{pattern: "^ pardon|what|sorry|huh|excuse $"},
	{pattern: "didn't catch|hear|get|understand that|you|it"},
	{pattern: "come again"},
	{pattern: "slowly|slower"},
	{pattern: "what was that|it"},
})

// slots are the words in which two turns with one wording may differ and be
// about something else: days, months, numbers, parts of a name.
var slots = set(
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow", "morning", "afternoon", "evening",
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirty", "fifteen", "twenty",
	"first", "second", "third", "last", "next", "another", "name", "date", "phone", "email", "address", "number", "postcode", "zip", "city",
)

// Repeats tells whether the newest turn, an agent's, says what an earlier one
// of the last few did, with the customer speaking in between, and which. It is
// no repetition when the customer asked for it, when the earlier one was cut
// off, or when the two differ in a day, a number or what is asked for.
func Repeats(s *Said, before []Said) (earlier int, ok bool) {
	if len(s.Words) < repeatWords {
		return 0, false
	}
	if _, is := ordinary.one(s.Words); is {
		return 0, false
	}
	answered := false
	for i := len(before) - 1; i >= max(0, len(before)-repeatWithin); i-- {
		b := &before[i]
		if b.Role == ringside.RoleUser {
			if len(b.Words) == 0 {
				return 0, false
			}
			if _, asked := again.one(b.Words); asked {
				return 0, false
			}
			answered = true
			continue
		}
		if answered && !b.Interrupted && len(b.Words) >= repeatWords && same(s.Words, b.Words) {
			return b.Index, true
		}
	}
	return 0, false
}

func same(a, b []Word) bool {
	if jaccard(a, b) < sameWords && contained(a, b) < sameBigrams {
		return false
	}
	return !slotsDiffer(a, b)
}

// slotsDiffer tells whether each has a slot that the other has not.
func slotsDiffer(a, b []Word) bool {
	return hasOther(a, b) && hasOther(b, a)
}

func hasOther(a, b []Word) bool {
	for i := range a {
		w := a[i].Text
		if (slots[w] || w[0] >= '0' && w[0] <= '9') && !contains(b, w) {
			return true
		}
	}
	return false
}

func contains(words []Word, w string) bool {
	for i := range words {
		if words[i].Text == w {
			return true
		}
	}
	return false
}

// jaccard is the share of words that two turns have in common.
func jaccard(a, b []Word) float64 {
	sa, sb := make(map[string]bool, len(a)), make(map[string]bool, len(b))
	for i := range a {
		sa[a[i].Text] = true
	}
	common := 0
	for i := range b {
		if w := b[i].Text; !sb[w] {
			sb[w] = true
			if sa[w] {
				common++
			}
		}
	}
	all := len(sa) + len(sb) - common
	if all == 0 {
		return 0
	}
	return float64(common) / float64(all)
}

// contained is the share of a's pairs of words that b has too.
func contained(a, b []Word) float64 {
	if len(a) < repeatWords+1 {
		return 0
	}
	pairs := make(map[[2]string]bool, len(b))
	for i := 1; i < len(b); i++ {
		pairs[[2]string{b[i-1].Text, b[i].Text}] = true
	}
	n := 0
	for i := 1; i < len(a); i++ {
		if pairs[[2]string{a[i-1].Text, a[i].Text}] {
			n++
		}
	}
	return float64(n) / float64(len(a)-1)
}

// stuckAt is how many turns must repeat for an agent to be stuck, and stuckBad
// from how many on it is critical.
const (
	stuckAt  = 2
	stuckBad = 4
)

// loops looks for an agent that goes in circles.
func (k *look) loops() {
	last := -1
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role != ringside.RoleAgent {
			continue
		}
		if _, ok := Repeats(s, k.turns[:i]); ok {
			k.repeats++
			last = i
		}
	}
	if k.repeats < stuckAt {
		return
	}
	s, severity := &k.turns[last], ringside.SeverityWarning
	if k.repeats >= stuckBad {
		severity = ringside.SeverityCritical
	}
	k.found(ringside.Finding{
		Kind: ringside.FindingStuck, Severity: severity, Quote: s.quote(0, len(s.Words)), Method: ringside.MethodLocal,
		Detail: fmt.Sprintf("The agent said nearly what it had said shortly before, %d times, although the customer had answered.", k.repeats),
	}, s)
}
