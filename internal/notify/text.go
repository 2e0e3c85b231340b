package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clip cuts s to n UTF-16 units, without breaking a character. What was cut
// ends in an ellipsis.
func Clip(s string, n int) string {
	used, last := 0, 0 // last: where there is still room for the ellipsis
	for i, c := range s {
		if used < n {
			last = i
		}
		if used += units(c); used > n {
			if n < 1 {
				return ""
			}
			return s[:last] + "…"
		}
	}
	return s
}

func units(c rune) int {
	if c > 0xFFFF {
		return 2
	}
	return 1
}

// Oneline is text on one line of at most n units. Of a text that is far too
// long, only the beginning is looked at.
func Oneline(s string, n int) string {
	s = s[:min(len(s), 16*n)]
	return Clip(strings.Join(strings.Fields(clean(s)), " "), n)
}

// clean makes text of what may be anything: valid UTF-8, without control
// characters but line feed and tab, and without those that turn the direction
// of what follows.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, string(utf8.RuneError)), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c == '\r', c == '\u2028', c == '\u2029':
			return '\n'
		case unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c):
			return -1
		}
		return c
	}, s))
}
