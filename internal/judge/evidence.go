package judge

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/ringsidehq/ringside/internal/redact"
)

// maxQuote is how much of a turn is kept as a quote, in characters: up to a
// token's more where it would cut one.
const maxQuote = 300

const apostrophes = "'’‘ʼ`´"

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
			case strings.ContainsRune(apostrophes, r) || unicode.Is(unicode.Cf, r):
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

// quoted finds a quote in a turn's text: whole words of it. It gives the text's
// own words, not the quote's; false when they do not stand there. A single
// letter proves nothing unless it is all that was said.
func quoted(turn string, in *folded, quote string) (string, bool) {
	q := fold(quote).text
	n := utf8.RuneCountInString(q)
	if q == "" || n < 2 && q != in.text {
		return "", false
	}
	at, first := 0, 0 // in bytes and in characters of the folded text
	for {
		i := strings.Index(in.text[at:], q)
		if i < 0 {
			return "", false
		}
		first += utf8.RuneCountInString(in.text[at : at+i])
		at += i
		if in.between(turn, at, first, false) && in.between(turn, at+len(q), first+n, true) {
			from := in.from[first]
			short := shorten(turn[from:in.to[first+n-1]], maxQuote)
			from, to := redact.Whole(redact.Tokens(turn), from, from+len(short))
			return strings.TrimSpace(turn[from:to]), true
		}
		_, size := utf8.DecodeRuneInString(in.text[at:])
		at, first = at+size, first+1
	}
}

// between tells whether a place in folded text, after so many bytes and so many
// characters of it, is one between two words: not within a number such as 12.50
// or 10:30. A quote may begin behind an apostrophe, as eau in l'eau; it may end
// before one only where an s follows, as in Riley's: I can is no quote of I
// can't.
func (f *folded) between(turn string, at, n int, ends bool) bool {
	if at == 0 || at == len(f.text) {
		return true
	}
	before, size := utf8.DecodeLastRuneInString(f.text[:at])
	after, width := utf8.DecodeRuneInString(f.text[at:])
	switch {
	case before == ' ' && n > 1:
		before, _ = utf8.DecodeLastRuneInString(f.text[:at-size])
		return !numeral(before, after, f.gap(turn, n-2, n))
	case after == ' ' && at+width < len(f.text):
		after, _ = utf8.DecodeRuneInString(f.text[at+width:])
		return !numeral(before, after, f.gap(turn, n-1, n+1))
	case before == ' ' || after == ' ' || unspaced(before) || unspaced(after):
		return true
	}
	if unicode.IsDigit(after) || !strings.ContainsAny(f.gap(turn, n-1, n), apostrophes) {
		return false
	}
	rest, _, _ := strings.Cut(f.text[at:], " ")
	return !ends || rest == "s"
}

// gap is what stands in the turn between two characters of folded text; "" when
// they are from one.
func (f *folded) gap(turn string, i, j int) string {
	return turn[min(f.to[i], f.from[j]):f.from[j]]
}

// numeral tells whether what stands between two characters makes one number of
// them.
func numeral(before, after rune, gap string) bool {
	return unicode.IsDigit(before) && unicode.IsDigit(after) && (gap == "" || gap == "." || gap == "," || gap == ":")
}

// unspaced tells whether a letter is of a script that is written without
// spaces: there any place may be one between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
