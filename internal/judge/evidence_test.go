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

// A quote is of whole words and whole numbers, in scripts that have spaces.
func TestQuotedIsOfWholeWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ turn, quote, want string }{
		{"Room 312, and 12 people.", "12", "12"},
		{"Room 312.", "12", ""},
		{"Room 312.", "31", ""},
		{"A party.", "art", ""},
		{"A party of art.", "art", "art"},
		{"It's €12.50 a head.", "€12.50", "12.50"},
		{"It's €12.50 a head.", "12", ""},
		{"It's €12.50 a head.", "50 a head", ""},
		{"It's 1,200 or 1’300.", "200", ""},
		{"It's 1,200 or 1’300.", "300", ""},
		{"It's 1,200 or 1’300.", "or 1", ""},
		{"At 10:30, in 2026.", "at 10", ""},
		{"At 10, 30 of them.", "at 10", "At 10"},
		{"In 2026. 12 of them.", "in 2026", "In 2026"},
		{"I can't say.", "I can", ""},
		{"I can't say, I can ask.", "I can", "I can"},
		{"This is Riley's desk.", "this is Riley", "This is Riley"},
		{"Two customers' names.", "two customers", "Two customers"},
		{"Je veux de l’eau.", "eau", "eau"},
		{"Von der Straße aus.", "stra", ""},
		{"Half is ½ of it.", "1", ""},
		{"Half is ½ of it.", "is 1", ""},
		{"明日の予約をお願いします。", "予約", "予約"},
		{"ขอจองโต๊ะ", "จอง", "จอง"},
		{"par\u00adty time", "ty time", ""},
	} {
		f := fold(tc.turn)
		if got, ok := quoted(tc.turn, &f, tc.quote); got != tc.want || ok != (tc.want != "") {
			t.Errorf("%q in %q gives %q, want %q", tc.quote, tc.turn, got, tc.want)
		}
	}
}

// What was hidden in a turn stays whole in what is quoted of it.
func TestQuotedHoldsWholeTokens(t *testing.T) {
	t.Parallel()
	const turn = "Write to [email 1]. [card 2] is the card."
	for quote, want := range map[string]string{
		"write to [email 1]": "Write to [email 1]",
		"to email 1":         "to [email 1]",
		"card 2 is":          "[card 2] is",
		"2 is the card":      "[card 2] is the card",
	} {
		f := fold(turn)
		if got, ok := quoted(turn, &f, quote); got != want || !ok {
			t.Errorf("%q gives %q, want %q", quote, got, want)
		}
	}
	long := strings.Repeat("w ", maxQuote/2-3) + "[phone 1] again"
	f := fold(long)
	if got, _ := quoted(long, &f, long); !strings.HasSuffix(got, "w [phone 1]") {
		t.Errorf("a long quote ends with %q", got[len(got)-20:])
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
