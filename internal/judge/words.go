package judge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes text from a model fit to be stored and shown: no control
// characters, no blanks around, n characters at most.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return shorten(strings.TrimSpace(s), n)
}

// cleanAll cleans a list and leaves out what is empty.
func cleanAll(list []string, items, n int) []string {
	out := []string{}
	for _, s := range list {
		if s = clean(s, n); s != "" && len(out) < items {
			out = append(out, s)
		}
	}
	return out
}

// shorten cuts text to n characters. What it gives is a part of the text,
// byte for byte.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// oneLine makes a line of data of any text: line breaks of every kind become
// blanks, invisible characters go, and pairs of angle brackets, which the
// marks are made of, become ones that look alike.
func oneLine(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsSpace(r) && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError) {
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "<<", "‹‹"), ">>", "››")
	if short := shorten(s, n); short != s {
		return strings.TrimSpace(short) + " (shortened)"
	}
	return s
}
