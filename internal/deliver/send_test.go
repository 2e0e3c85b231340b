package deliver

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// What a receiver answers is bytes from outside: its pause stays within bounds
// and its text can be stored by every database.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"", "120", "-1", "99999999999999999999", "Fri, 20 Nov 2026 09:01:00 GMT", "ok\x00\xff", "\u2028\x7f\t\n"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		if p := retryAfter(s, now); p < 0 || p > maxPause {
			t.Errorf("%q asks for %s", s, p)
		}
		if text := printable([]byte(s)); !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\x7f\r") {
			t.Errorf("%q is kept as %q", s, text)
		}
	})
}
