package ringside

import (
	"slices"
	"strconv"
)

// RedactionKind is what sort of personal data is hidden.
type RedactionKind string

// The kinds of personal data that are found in a call.
const (
	RedactCard      RedactionKind = "card"      // a payment card's number, and the code beside it
	RedactSSN       RedactionKind = "ssn"       // a social security number
	RedactIBAN      RedactionKind = "iban"      // an account's number
	RedactEmail     RedactionKind = "email"     // an e-mail address
	RedactPhone     RedactionKind = "phone"     // a telephone number
	RedactBirthDate RedactionKind = "birthdate" // a date of birth
	RedactNumber    RedactionKind = "number"    // digits that were read out, of whatever number
)

// RedactionKinds lists every kind; where two could be meant, the first is.
var RedactionKinds = []RedactionKind{RedactEmail, RedactIBAN, RedactCard, RedactSSN, RedactBirthDate, RedactPhone, RedactNumber}

// The modes of redaction; an empty one is RedactionOff.
const (
	RedactionOff      = "off"
	RedactionAnalysis = "analysis" // once the call has ended
	RedactionStrict   = "strict"   // before anything is stored
)

// RedactionSettings say what personal data is hidden in an agent's calls.
type RedactionSettings struct {
	RedactionMode  string          `json:"redactionMode,omitempty" doc:"off; analysis: once the call has ended; strict: before anything is stored"`
	RedactionKinds []RedactionKind `json:"redactionKinds,omitempty" doc:"What is hidden: card, ssn, iban, email, phone, birthdate, number. All of them when empty"`
	// The recording is muted unless somebody wants it whole.
	RedactionKeepAudio *bool `json:"redactionKeepAudio,omitempty" doc:"Leave the recording as it is; else the same words are muted in it"`
}

// Redacts tells whether personal data is hidden at all.
func (s *RedactionSettings) Redacts() bool {
	return s.RedactionMode == RedactionAnalysis || s.RedactionMode == RedactionStrict
}

// Mutes tells whether what is hidden is muted in the recording, too.
func (s *RedactionSettings) Mutes() bool {
	return s.Redacts() && (s.RedactionKeepAudio == nil || !*s.RedactionKeepAudio)
}

// Hidden are the kinds that are hidden.
func (s *RedactionSettings) Hidden() []RedactionKind {
	if len(s.RedactionKinds) == 0 {
		return RedactionKinds
	}
	return s.RedactionKinds
}

func (s *RedactionSettings) validateRedaction() error {
	modes := []string{RedactionOff, RedactionAnalysis, RedactionStrict}
	if s.RedactionMode != "" && !slices.Contains(modes, s.RedactionMode) {
		return Invalidf("/redactionMode", "%q is not one of %q", s.RedactionMode, modes)
	}
	for i, k := range s.RedactionKinds {
		if !slices.Contains(RedactionKinds, k) {
			return Invalidf("/redactionKinds/"+strconv.Itoa(i), "%q is not one of %q", k, RedactionKinds)
		}
	}
	return nil
}

// Redacted is a stretch of a turn that was hidden.
type Redacted struct {
	Kind    RedactionKind `json:"kind" enum:"card,ssn,iban,email,phone,birthdate,number"`
	Token   string        `json:"token" doc:"What stands in the text in its place; the same value has the same token in the whole call"`
	StartMS *int64        `json:"start_ms" doc:"Milliseconds from the answer; null when the turn has no time"`
	EndMS   *int64        `json:"end_ms" doc:"Milliseconds from the answer; null when the turn has no end"`
	Method  string        `json:"method" enum:"words,estimated,turn" doc:"Where the times are from: the words' own, their place in the turn, or the whole turn"`
}
