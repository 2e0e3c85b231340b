package text

import (
	"slices"
	"strings"
)

// SameQuestion is how alike two questions have to be to count as one.
const SameQuestion = 0.5

// QuestionWords is what a question is compared by: its words that carry
// meaning, or all where none does, once each, in one order, with spaces between.
func QuestionWords(question string) string {
	var out, all []string
	for _, w := range split(cut(question, maxTurnBytes)) {
		stem := stem(w.Text)
		if !slices.Contains(all, stem) {
			all = append(all, stem)
		}
		if !questionStops[w.Text] && !slices.Contains(out, stem) {
			out = append(out, stem)
		}
	}
	if len(out) == 0 {
		out = all
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// Alike is the Jaccard index of two results of QuestionWords: 0 to 1.
func Alike(a, b string) float64 {
	x, y := strings.Fields(a), strings.Fields(b)
	both := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			both++
		}
	}
	if either := len(x) + len(y) - both; either > 0 {
		return float64(both) / float64(either)
	}
	return 0
}

// stem takes the commonest endings off a word, so that singular and plural are
// the same.
func stem(w string) string {
	for _, end := range []string{"ies", "ing", "ed", "es", "s"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) >= 3 {
			if end == "ies" {
				return rest + "y"
			}
			return rest
		}
	}
	return w
}

// questionStops are the words of a question that say nothing of what it is
// about. Source: our own.
var questionStops = set(strings.Fields(`a about all also am an and any anything are as at be been but by can can't could did do does
doing don't exactly for from get give had has have hi hello how i i'd i'll i'm i've if in is it it's just know let
like may maybe me might my need no not of oh ok okay on one or our out please really say so some someone still sure
tell than thank thanks that that's the their them then there these they this to too uh um us want was we well were
what what's when where whether which while who why will with wonder wondering would yeah yes you your`)...)
