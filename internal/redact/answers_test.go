package redact

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
)

// said reads turns that are written one in a line; the customer's begin with a
// dash.
func talk(text string) (all []Said) {
	for line := range strings.Lines(text) {
		s := Said{ringside.RoleAgent, strings.TrimSpace(line)}
		if answer, is := strings.CutPrefix(s.Text, "- "); is {
			s = Said{ringside.RoleUser, answer}
		}
		all = append(all, s)
	}
	return all
}

// hiding puts the kinds of finds in their place.
func hiding(all []Said) string {
	finds := NewFinder(ringside.RedactionKinds, false).Find(all)
	var out []string
	for i := range all {
		text := all[i].Text
		for j := len(finds) - 1; j >= 0; j-- {
			if x := finds[j]; x.At == i {
				text = text[:x.Start] + "[" + string(x.Kind) + "]" + text[x.End:]
			}
		}
		if all[i].Role == ringside.RoleUser {
			out = append(out, text)
		}
	}
	return strings.Join(out, " | ")
}

// What was asked last is what a short answer is, also in the middle of a talk in
// which neither side says much.
func TestAnAnswerIsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"How can I help?\n- I want to check my order.\nDate of birth?\n- March 5th 1985":                            "I want to check my order. | [birthdate]",
		"How can I help?\n- I want a refund.\nLast four of your social?\n- 6789\nThanks.\nAnd the CVV?\n- It's 123": "I want a refund. | [ssn] | It's [card]",
		"How can I help?\n- My order is 12345.\nAnd your social?\n- 123456789":                                      "My order is 12345. | [ssn]",
		"How can I help?\n- A refund, please.\nYour phone number?\n- It's 4155550142\nOrder number?\n- 123456789":   "A refund, please. | It's [phone] | 123456789",
		"Your phone number?\n- 4155550142\nAnd the card?\n- 4111 1111 1111 1111":                                    "[phone] | [card]",
		"What's the card number?\n- 4111 1111\nAnd the rest of the card?\n- 1111 1111":                              "[card] | [card]",
		"Date of birth?\n- March 5th 1985\nThanks. What's the order?\n- The one of January 2nd.":                    "[birthdate] | The one of January 2nd.",
	} {
		if got := hiding(talk(text)); got != want {
			t.Errorf("in %q: %q, want %q", text, got, want)
		}
	}
}

// Numbers are read out with what stands between them, and hundreds in them. A
// date with the hour behind it is none.
func TestHowNumbersAreReadOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- my number is four one five dot five five five dot oh one four two": "my number is [phone]",
		"- call me at one eight hundred, five five five, oh one four two":     "call me at [phone]",
		"- it costs two hundred and fifteen dollars":                          "it costs two hundred and fifteen dollars",
		"- take the slot of 2026-10-15 14:30, or 2026-10-16 09:00":            "take the slot of 2026-10-15 14:30, or 2026-10-16 09:00",
		"- on 25.12.2026 10:30":                        "on 25.12.2026 10:30",
		"- born on 25.12.1986 10:30":                   "born on [birthdate] 10:30",
		"- call me at 415-12-11-2019":                  "call me at [phone]",
		"- 3852 0000 0232 37 or 6759 6498 2643 8453.":  "[card] or [card].",
		"- the Mir one is 2200 0000 0000 0004, I hope": "the Mir one is [card], I hope",
	} {
		if got := hiding(talk(text)); got != want {
			t.Errorf("in %q: %q, want %q", text, got, want)
		}
	}
}

// A piece of a number that is still being read out is hidden as what was asked
// for, so that it is known that one was said; and only where numbers are hidden.
func TestAPieceIsOfWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		asked, said string
		kinds       []ringside.RedactionKind
		want        ringside.RedactionKind
	}{
		{"What's your card number?", "It's 4111.", ringside.RedactionKinds, ringside.RedactCard},
		{"And the social security number?", "It's 4111.", ringside.RedactionKinds, ringside.RedactSSN},
		{"The last four of your card?", "It's 4111.", ringside.RedactionKinds, ringside.RedactNumber},
		{"Your social security number?", "Yeah, it's 123.", ringside.RedactionKinds, ringside.RedactSSN},
		{"Your phone number?", "four one five", ringside.RedactionKinds, ringside.RedactPhone},
		{"How many in all?", "It's 123.", ringside.RedactionKinds, ""},
		{"What is it?", "It's 4111.", ringside.RedactionKinds, ringside.RedactNumber},
		{"What's your card number?", "It's 4111.", []ringside.RedactionKind{ringside.RedactPhone}, ringside.RedactNumber},
		{"What's your card number?", "It's 4111.", []ringside.RedactionKind{ringside.RedactEmail, ringside.RedactBirthDate}, ""},
	} {
		var got ringside.RedactionKind
		for _, x := range NewFinder(tc.kinds, true).Find(talk(tc.asked + "\n- " + tc.said)) {
			got = x.Kind
		}
		if got != tc.want {
			t.Errorf("%q after %q, of %v: %q, want %q", tc.said, tc.asked, tc.kinds, got, tc.want)
		}
	}
}

// What is hidden in a turn at a second look is told in its place.
func TestWhatIsHiddenIsToldInOrder(t *testing.T) {
	t.Parallel()
	token := func(k ringside.RedactionKind, _ string) (string, error) { return "[" + string(k) + " 7]", nil }
	r := New(Config{Kinds: ringside.RedactionKinds, Token: token})
	turns := r.Turns([]ringside.Turn{{
		Role: ringside.RoleUser, Text: "4111 1111 1111 1111 or [email 1], or [card 7]",
		Redacted: []ringside.Redacted{{Kind: ringside.RedactEmail, Token: "[email 1]"}, {Kind: ringside.RedactCard, Token: "[card 7]", Method: "words"}},
	}})
	var got []string
	for _, x := range turns[0].Redacted {
		got = append(got, x.Token)
	}
	if want := "[card 7] [email 1] [card 7]"; strings.Join(got, " ") != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

// An address that breaks off is hidden while a call is on: the rest comes next.
// Afterwards a beginning alone is none.
func TestHalfAnAddressIsHiddenWhileACallIsOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"My mail is jane.doe@":              "jane.doe@",
		"It's jane.doe@gmail":               "jane.doe@gmail",
		"my email is jane dot":              "jane dot",
		"my email is jane dot doe.":         "jane dot doe",
		"it's jane underscore doe at gmail": "jane underscore doe at gmail",
		"visit us at example dot com":       "",
		"I'm at home":                       "",
	} {
		for _, on := range []bool{true, false} {
			got := ""
			for _, x := range NewFinder([]ringside.RedactionKind{ringside.RedactEmail}, on).Find(talk("- " + text)) {
				got = text[x.Start:x.End]
			}
			if on && got != want || !on && got != "" {
				t.Errorf("in %q, the call on %v: %q, want %q", text, on, got, want)
			}
		}
	}
}
