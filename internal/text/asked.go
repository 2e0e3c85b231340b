package text

import "github.com/ringsidehq/ringside"

// SecretPassword is a password, a PIN or a card's check number. No number tells
// it from others: it is known by what it is asked for as, or called.
const SecretPassword SecretKind = "password"

// secretAsks are how an agent asks for what should not be said in the clear.
// Its last digits alone are asked for with good reason, and are none of it.
// Source: our own.
var secretAsks = compile([]cue{
	{name: string(SecretPassword), pattern: "what's|tell|give|read|say|provide|share|spell|need|confirm ~ password|passcode|pin|cvv|cvc"},
	{name: string(SecretPassword), pattern: "what is|was your|the|account password|passcode|pin|cvv|cvc"},
	{name: string(SecretPassword), pattern: "your password|passcode|pin|cvv|cvc please $"},
	{name: string(SecretCard), pattern: "what's|tell|give|read|say|provide|share|need|have ~ card number|details"},
	{name: string(SecretCard), pattern: "full|complete|entire|sixteen|16 digit? card? number"},
	{name: string(SecretSSN), pattern: "what's|tell|give|read|say|provide|share|need|have|confirm ~ social security? number"},
	{name: string(SecretSSN), pattern: "what's|tell|give|read|say|provide|share|need|have|confirm your|the ssn"},
})

// secretGiven are how a password is said.
var secretGiven = compile([]cue{{pattern: "password|passcode|pin is"}, {pattern: "cvv|cvc is"}})

// partly is what makes an asked-for number a part of one.
var partly = set("last", "ending", "ends", "final", "reset", "change", "new", "forgot", "keypad", "enter", "type", "link")

// AsksForSecret tells whether an agent's turn asks for something that should
// not be said in the clear, and quotes the words that ask.
func AsksForSecret(s *Said) (kind SecretKind, quote string, ok bool) {
	return inSentence(s, secretAsks)
}

// GivesPassword tells whether a turn says a password, and quotes the words
// before it.
func GivesPassword(s *Said) (quote string, ok bool) {
	_, quote, ok = inSentence(s, secretGiven)
	return quote, ok
}

// inSentence finds a cue in a sentence that speaks of the whole.
func inSentence(s *Said, l *lexicon) (kind SecretKind, quote string, ok bool) {
	s.sentences(func(from, to int) bool {
		h, found := l.one(s.Words[from:to])
		if !found {
			return true
		}
		for i := from; i < to; i++ {
			if partly[s.Words[i].Text] {
				return true
			}
		}
		kind, quote, ok = SecretKind(h.cue.name), s.quote(from+h.from, from+h.to), true
		return false
	})
	return kind, quote, ok
}

// A is a kind with its article.
func (k SecretKind) A() string { return articles[k] }

// Masked gives what each turn says, with what should not be said in the clear
// masked.
func Masked(turns []ringside.Turn) []string {
	all := readAll(turns)
	out := make([]string, len(all))
	for i := range all {
		out[i] = all[i].masked(0, len(all[i].Text))
	}
	return out
}

// Quote is a turn's words in the same way.
func Quote(turns []ringside.Turn, i int) string {
	all := Masked(turns[:i+1])
	return all[len(all)-1]
}

// Phrases checks phrase rules on a call that goes on, elapsedMS after its start:
// what was said that must not be, and what was not said in time. Like SoFar it
// asks for nothing where nobody has talked with one another.
func Phrases(c *ringside.Call, rules []ringside.PhraseRule, elapsedMS int64) []ringside.Finding {
	k := &look{call: c, settings: &ringside.AgentSettings{CompliancePhrases: rules}, soFar: &elapsedMS, turns: readAll(c.Turns)}
	k.language()
	k.phrases()
	sortFindings(k.findings)
	return k.findings
}
