package judge

import (
	"strings"
	"testing"
)

func TestQuoted(t *testing.T) {
	t.Parallel()
	const turn = "Well,  I DON’T think—so: it's $12.50, café au lait (№ 5)!\n“Sign-up” isn't done."
	for _, tc := range []struct{ quote, want string }{
		{"I don't think so", "I DON’T think—so"},
		{"i dont think so it's 12.50", "I DON’T think—so: it's $12.50"},
		{"Well, I DON’T", "Well,  I DON’T"},
		{"cafe\u0301 AU lait", "café au lait"},
		{"no 5", "№ 5"},
		{"sign up isn’t done", "Sign-up” isn't done"},
		{"‘done.’", "done"},
		{"…don't think", "DON’T think"},
		{"I don't ... think so", "I DON’T think—so"},
		{turn, strings.TrimSuffix(turn, ".")},
		{"I don't think it's", ""},
		{"signup", ""},
		{"", ""},
		{"?!", ""},
		{"I", ""},
		{"12.50, cafe", ""},
	} {
		f := fold(turn)
		got, ok := quoted(turn, &f, tc.quote)
		if got != tc.want || ok != (tc.want != "") {
			t.Errorf("%q gives %q, want %q", tc.quote, got, tc.want)
		}
	}
}

func TestQuotedOfOneLetter(t *testing.T) {
	t.Parallel()
	for turn, want := range map[string]bool{"好。": true, "Y!": true, "Yes": false} {
		f := fold(turn)
		if _, ok := quoted(turn, &f, turn[:len(string([]rune(turn)[:1]))]); ok != want {
			t.Errorf("the first letter of %q is evidence: %v", turn, ok)
		}
	}
}

func TestQuotedCutsLongQuotes(t *testing.T) {
	t.Parallel()
	turn := strings.Repeat("größer ", 500)
	f := fold(turn)
	got, ok := quoted(turn, &f, turn)
	if !ok || len([]rune(got)) > maxQuote || !strings.HasPrefix(turn, got) {
		t.Errorf("got %d characters of %q", len([]rune(got)), got)
	}
}
