package deliver

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// What a receiver answers is bytes from outside: every database can store what
// is kept of it.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"", "ok\x00\xff", "\u2028\x7f\t\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if text := printable([]byte(s)); !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\x7f\r") {
			t.Errorf("%q is kept as %q", s, text)
		}
	})
}
