package text

import (
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/redact"
)

// SecretKind is what sort of number should not stand in a transcript.
type SecretKind string

// The kinds of secret.
const (
	SecretCard SecretKind = "card number"
	SecretSSN  SecretKind = "social security number"
	SecretIBAN SecretKind = "IBAN"
)

var articles = map[SecretKind]string{
	SecretCard: "a card number",
	SecretSSN:  "a social security number",
	SecretIBAN: "an IBAN",

	SecretPassword: "a password",
}

// Secret is where such a number stands in a turn.
type Secret struct {
	Kind       SecretKind
	Start, End int // bytes of the turn's text
}

// minDigits is how many digits a turn must have to be looked at: a social
// security number's.
const minDigits = 9

// spoken are digits in words, as transcribers write them.
var spoken = map[string]byte{
	"zero": '0', "oh": '0', "o": '0', "nought": '0', "one": '1', "two": '2', "three": '3', "four": '4', "five": '5',
	"six": '6', "seven": '7', "eight": '8', "nine": '9',
}

var times = map[string]int{"double": 2, "triple": 3}

// digit is one digit of a run, and the word that says it.
type digit struct {
	d    byte
	word int
}

// secrets finds the numbers of a turn that should not stand in the clear.
func secrets(s *Said, before []Said) []Secret {
	runs := digitRuns(s.Words)
	var out []Secret
	for _, run := range runs {
		if k, from, to, ok := secretIn(s, run, before); ok {
			out = append(out, Secret{k, s.Words[from].Start, s.Words[to].End})
		}
	}
	return merge(append(out, ibans(s)...))
}

// redacted are the secrets of a turn that were hidden before it came here.
var redacted = map[ringside.RedactionKind]SecretKind{
	ringside.RedactCard: SecretCard, ringside.RedactSSN: SecretSSN, ringside.RedactIBAN: SecretIBAN,
}

// hidden finds what stands in place of secrets in a turn.
func hidden(t *ringside.Turn, text string) (out []Secret) {
	at := 0
	for _, x := range t.Redacted {
		n := strings.Index(text[at:], x.Token)
		if n < 0 {
			break
		}
		if k := redacted[x.Kind]; k != "" {
			out = append(out, Secret{k, at + n, at + n + len(x.Token)})
		}
		at += n + len(x.Token)
	}
	return out
}

// digitRuns are the stretches of words that are nothing but digits.
func digitRuns(words []Word) (runs [][]digit) {
	var run []digit
	repeat := 1
	flush := func() {
		if len(run) >= minDigits {
			runs = append(runs, run)
		}
		run, repeat = nil, 1
	}
	for i := range words {
		w := words[i].Text
		d, isWord := spoken[w]
		switch {
		case isWord:
			for range repeat {
				run = append(run, digit{d, i})
			}
			repeat = 1
		case times[w] > 0:
			repeat = times[w]
		case allDigits(w):
			for range repeat - 1 { // double 4: some transcribers write the digit
				run = append(run, digit{w[0], i})
			}
			for j := range len(w) {
				run = append(run, digit{w[j], i})
			}
			repeat = 1
		default:
			flush()
		}
	}
	flush()
	return runs
}

func allDigits(w string) bool {
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return w != ""
}

// secretIn tells what secret a run of digits holds, and its words.
func secretIn(s *Said, run []digit, before []Said) (k SecretKind, from, to int, ok bool) {
	if len(run) == minDigits && ssnLike(s, run, before) {
		return SecretSSN, run[0].word, run[len(run)-1].word, true
	}
	for start := 0; start+12 < len(run) && start < 64; start++ {
		if start > 0 && run[start].word == run[start-1].word {
			continue // a card begins with a word
		}
		for n := min(19, len(run)-start); n >= 13; n-- {
			if card(run[start : start+n]) {
				return SecretCard, run[start].word, run[start+n-1].word, true
			}
		}
	}
	return "", 0, 0, false
}

func card(run []digit) bool {
	var b [redact.MaxCard]byte
	for i := range run {
		b[i] = run[i].d
	}
	return redact.Card(string(b[:len(run)]))
}

// ssnLike tells whether nine digits are a social security number: written in
// groups of 3, 2 and 4, or said where one was asked for.
func ssnLike(s *Said, run []digit, before []Said) bool {
	var b [minDigits]byte
	for i := range run {
		b[i] = run[i].d
	}
	n := string(b[:])
	if !redact.SSN(n) {
		return false
	}
	if run[2].word != run[3].word && run[4].word != run[5].word && run[0].word == run[2].word && run[5].word == run[8].word {
		return true
	}
	if namesSSN(s) {
		return true
	}
	a := agentBefore(before)
	return s.Role == ringside.RoleUser && a != nil && namesSSN(a)
}

func namesSSN(s *Said) bool {
	for i := range s.Words {
		if w := s.Words[i].Text; w == "ssn" || w == "social" && (i+1 == len(s.Words) || s.Words[i+1].Text != "media") {
			return true
		}
	}
	return false
}

// ibans finds account numbers by their check digits (ISO 13616).
func ibans(s *Said) (out []Secret) {
	for i := 0; i < len(s.Words); i++ {
		w := s.Words[i].Text
		if len(w) < 4 || !letters(w[:2]) || !allDigits(w[2:4]) {
			continue
		}
		number := ""
		for j := i; j < len(s.Words) && alphanumeric(s.Words[j].Text) && len(number)+len(s.Words[j].Text) <= 34; j++ {
			number += s.Words[j].Text
			if len(number) >= 15 && redact.IBAN(number) {
				out = append(out, Secret{SecretIBAN, s.Words[i].Start, s.Words[j].End})
				i = j
				break
			}
		}
	}
	return out
}

func letters(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

func alphanumeric(w string) bool {
	for i := range len(w) {
		if (w[i] < 'a' || w[i] > 'z') && (w[i] < '0' || w[i] > '9') {
			return false
		}
	}
	return true
}

// merge puts secrets in order and drops those within another.
func merge(all []Secret) []Secret {
	if len(all) < 2 {
		return all
	}
	out := all[:0:0]
	for _, a := range all {
		clash := false
		for _, b := range out {
			clash = clash || a.Start < b.End && b.Start < a.End
		}
		if !clash {
			out = append(out, a)
		}
	}
	for i := range out {
		for j := i; j > 0 && out[j].Start < out[j-1].Start; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// masked gives a stretch of the text with the secrets in it named, not told.
func (s *Said) masked(start, end int) string {
	if len(s.Secrets) == 0 {
		return s.Text[start:end]
	}
	var b strings.Builder
	at := start
	for _, x := range s.Secrets {
		if x.End <= start || x.Start >= end {
			continue
		}
		if x.Start > at {
			b.WriteString(s.Text[at:x.Start])
		}
		b.WriteString("[" + string(x.Kind) + "]")
		at = min(x.End, end)
	}
	b.WriteString(s.Text[at:end])
	return b.String()
}

// mask masks a text that is no turn.
func mask(text string) string {
	s := Said{Text: cut(text, maxTurnBytes)}
	s.Words = split(s.Text)
	s.Secrets = secrets(&s, nil)
	return s.masked(0, len(s.Text))
}

// sensitive tells of numbers that were said in the clear.
func (k *look) sensitive() {
	for i := range k.turns {
		s := &k.turns[i]
		for _, x := range s.Secrets {
			who, severity := "The customer", ringside.SeverityWarning
			switch s.Role {
			case ringside.RoleAgent:
				who, severity = "The agent", ringside.SeverityCritical
			case ringside.RoleUnknown:
				who = "Somebody"
			}
			at := 0
			for at+1 < len(s.Words) && s.Words[at].Start < x.Start {
				at++
			}
			from, to := s.sentence(at)
			k.found(ringside.Finding{
				Kind: ringside.FindingSensitiveData, Severity: severity, Quote: s.quote(from, to), Topic: string(x.Kind),
				Detail: who + " gave what looks like " + articles[x.Kind] + " in the clear.", Method: ringside.MethodLocal,
			}, s)
		}
	}
}
