package text

import "github.com/ringsidehq/ringside"

// function words of English that are no words of its neighbours (me, no, die,
// was, in, so, a are), with what people say on the telephone. They make up
// about half of spoken English and next to nothing of other languages.
var functionWords = set(
	"the", "and", "of", "to", "is", "it", "you", "that", "i", "i'm", "i've", "i'd", "i'll", "it's", "my", "your", "we", "they",
	"this", "these", "those", "with", "have", "has", "had", "be", "been", "are", "were", "do", "does", "did", "don't", "can", "can't",
	"could", "would", "will", "what", "when", "where", "which", "who", "how", "why", "there", "here", "just", "but", "not", "for",
	"from", "at", "on", "or", "if", "than", "then", "them", "their", "our", "yes", "yeah", "yep", "okay", "please", "thanks", "thank",
	"hello", "hi", "need", "want", "know", "get", "got", "think", "about", "that's", "you're", "what's", "sorry", "some", "any",
	"because", "out", "up", "one", "all", "let", "by",
)

// The share of function words from which on a text counts as English: one
// side's own words; less where the other side speaks English beyond doubt, for
// a customer may say little but numbers and names.
const (
	englishShare = 0.3
	englishFloor = 0.15
	englishWords = 3 // that it takes to tell
)

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// English tells whether one side of a call speaks English, by its share of
// function words. It is false where there is too little to tell.
func English(turns []Said, role ringside.Role) bool {
	var known, all [2]int // this side's, the other's
	for i := range turns {
		side := 0
		if turns[i].Role != role {
			side = 1
		}
		for j := range turns[i].Words {
			all[side]++
			if functionWords[turns[i].Words[j].Text] {
				known[side]++
			}
		}
	}
	share := func(side int) float64 { return float64(known[side]) / float64(max(1, all[side])) }
	if all[0] >= englishWords && share(0) >= englishShare {
		return true
	}
	return all[0] > 0 && all[1] >= englishWords && share(1) >= englishShare && (share(0) >= englishFloor || all[0] < 2*englishWords)
}
