package alert

import (
	"strings"
	"unicode"
)

// Bounds of what an alert says, in characters.
const (
	maxWords = 500
	maxCause = 200
)

// clean makes one line of a text, of n characters at most: both engines store it.
func clean(s string, n int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	r := []rune(s)
	return string(r[:min(len(r), n)])
}
