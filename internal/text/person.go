package text

import "github.com/ringsidehq/ringside"

// personCues are how people ask for a human. Source: our own.
var personCues = compile([]cue{
	{pattern: "talk|speak|chat to|with ~ person|human|someone|somebody|representative|rep|agent|manager|supervisor|operator|people|adviser|advisor|colleague|boss|staff|receptionist|one"},
	{pattern: "talk|speak to|with a|an|the|your actual|real|live"},
	{pattern: "talk|speak to|with mr|mrs|ms|miss|dr|doctor"},
	{pattern: "give|get|find|bring me ~ person|human|someone|somebody|representative|rep|agent|manager|supervisor|operator|boss"},
	{pattern: "put|connect|transfer|patch me ~ through|to|with"},
	{pattern: "real|live|actual human? person|human|agent|operator|being"},
	{pattern: "human being|agent|person"},
	{pattern: "^ representative|operator|agent|human|supervisor|manager please? $"},
	{pattern: "want|need|like|where's|where ~ manager|supervisor|human|representative|operator"},
	{pattern: "not|don't ~ talk|speak|talking|speaking to|with ~ robot|machine|bot|computer|recording|ai"},
})

// past is what makes a request for a person an account of one.
var past = set("did", "told", "spoke", "talked", "asked", "yesterday", "already", "said")

// AsksForPerson tells whether a customer's turn asks for a human, and quotes
// the sentence.
func AsksForPerson(s *Said) (quote string, ok bool) {
	personFound := func(from, to int) bool {
		h, found := personCues.one(s.Words[from:to])
		if !found {
			return true
		}
		for i := from; i < from+h.from; i++ {
			if past[s.Words[i].Text] {
				return true
			}
		}
		quote, ok = s.quote(from, to), true
		return false
	}
	s.sentences(personFound)
	return quote, ok
}

// persons notes the customer's first request for a human.
func (k *look) persons() {
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role != ringside.RoleUser {
			continue
		}
		quote, ok := AsksForPerson(s)
		if !ok {
			continue
		}
		k.person = s
		f := ringside.Finding{
			Kind: ringside.FindingEscalation, Severity: ringside.SeverityInfo, Quote: quote,
			Detail: "The customer asked for a person and was handed over.", Method: ringside.MethodLocal,
		}
		if !k.transferred {
			f.Severity, f.Detail = ringside.SeverityWarning, "The customer asked for a person and was not handed over."
		}
		k.found(f, s)
		return
	}
}
