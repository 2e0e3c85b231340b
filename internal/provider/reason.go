package provider

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

// Reason is an end in our terms and the words by which it is told. A word
// stands for itself; one that ends in * stands for all that begin with it.
type Reason struct {
	Words []string
	End   ringside.End
}

// EndByWords reads the reason of an end that vendors write as free text: the
// first row holds of which one word or phrase stands in it.
func EndByWords(reason string, rows []Reason) (end ringside.End, found bool) {
	text := " " + strings.Join(strings.FieldsFunc(strings.ToLower(reason), notInWord), " ") + " "
	for _, row := range rows {
		for _, w := range row.Words {
			stem, open := strings.CutSuffix(w, "*")
			if !open {
				stem += " "
			}
			if strings.Contains(text, " "+stem) {
				return row.End, true
			}
		}
	}
	return ringside.End{}, false
}

func notInWord(r rune) bool {
	return r < 128 && (r < 'a' || r > 'z') && (r < '0' || r > '9')
}
