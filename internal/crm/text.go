package crm

import (
	"strings"
	"unicode"
)

// Clip cuts s to n UTF-16 units, which is how the CRMs count, without breaking
// a character. What was cut ends in an ellipsis.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
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

// units is how many UTF-16 units a character takes.
func units(c rune) int {
	if c > 0xFFFF {
		return 2
	}
	return 1
}

// Length is how many UTF-16 units s takes.
func Length(s string) int {
	n := 0
	for _, c := range s {
		n += units(c)
	}
	return n
}

// clean makes text of what may be anything: valid UTF-8, without control
// characters but line feed and tab.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c == '\r':
			return '\n'
		case unicode.IsControl(c):
			return -1
		}
		return c
	}, s))
}

// line is cleaned text on one line. Of a text that is far too long, only the
// beginning is looked at.
func line(s string, n int) string {
	s = s[:min(len(s), 16*n)]
	return Clip(strings.Join(strings.Fields(clean(s)), " "), n)
}

// lines are the first of some texts, each on one line, without empty ones.
func lines(all []string, count, n int) []string {
	var out []string
	for _, s := range all {
		if len(out) == count {
			break
		}
		if s = line(s, n); s != "" {
			out = append(out, s)
		}
	}
	return out
}
