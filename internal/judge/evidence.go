package judge

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxQuote is how much of a turn is kept as a quote, in characters.
const maxQuote = 300

// folded is text without what speech has not: case, punctuation, the width of
// a blank. It remembers where in the text each of its characters is from.
type folded struct {
	text     string
	from, to []int // by character of text
}

// fold folds text. Apostrophes and invisible characters go, so that don't and
// dont are one word; everything else between letters and digits is one blank.
func fold(s string) folded {
	var b strings.Builder
	var f folded
	blank := true // none at the beginning
	for from := 0; from < len(s); {
		to := from + norm.NFKC.NextBoundaryInString(s[from:], true)
		for _, r := range norm.NFKC.String(s[from:to]) {
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
				r, blank = unicode.ToLower(r), false
			case strings.ContainsRune("'’‘ʼ`´", r) || unicode.Is(unicode.Cf, r):
				continue
			case blank:
				continue
			default:
				r, blank = ' ', true
			}
			b.WriteRune(r)
			f.from, f.to = append(f.from, from), append(f.to, to)
		}
		from = to
	}
	f.text = strings.TrimSuffix(b.String(), " ")
	return f
}

// quoted finds a quote in a turn's text. It gives the text's own words, not
// the quote's; false when they do not stand there. A single letter proves
// nothing unless it is all that was said.
func quoted(turn string, in *folded, quote string) (string, bool) {
	q := fold(quote).text
	if q == "" || utf8.RuneCountInString(q) < 2 && q != in.text {
		return "", false
	}
	at := strings.Index(in.text, q)
	if at < 0 {
		return "", false
	}
	first := utf8.RuneCountInString(in.text[:at])
	last := first + utf8.RuneCountInString(q) - 1
	return strings.TrimSpace(shorten(turn[in.from[first]:in.to[last]], maxQuote)), true
}
