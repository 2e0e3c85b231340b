package alert

import (
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// detects are what a rule calls the kinds of secret.
var detects = map[text.SecretKind]string{
	text.SecretSSN: ringside.DetectSSN, text.SecretCard: ringside.DetectCard, text.SecretIBAN: ringside.DetectIBAN,
	text.SecretPassword: ringside.DetectPassword,
}

// sensitive looks for what should not be said in the clear, and for an agent
// that asks for it.
func sensitive(l *look) (out []hit) {
	wanted := func(k text.SecretKind) bool {
		return len(l.rule.Condition.Detect) == 0 || slices.Contains(l.rule.Condition.Detect, detects[k])
	}
	seen := map[string]bool{}
	add := func(h hit) {
		if !seen[h.cause] {
			seen[h.cause] = true
			out = append(out, h)
		}
	}
	for _, f := range l.findings(ringside.FindingSensitiveData) {
		if wanted(text.SecretKind(f.Topic)) {
			add(l.phrase(f))
		}
	}
	for i := range l.Call.Turns {
		t := &l.Call.Turns[i]
		if !namesSecret(t.Text) {
			continue
		}
		s := text.Read(t, nil)
		if quote, is := text.GivesPassword(&s); is && wanted(text.SecretPassword) {
			h := l.hit("A password was said in the clear.", &i)
			h.cause, h.quote = string(text.SecretPassword), quote
			add(h)
		}
		if kind, quote, is := text.AsksForSecret(&s); is && t.Role == ringside.RoleAgent && wanted(kind) {
			h := l.hit("The agent asked for "+kind.A()+" in the clear.", &i)
			h.cause, h.quote = "asked for "+kind.A(), quote
			add(h)
		}
	}
	return out
}

// namesSecret tells cheaply whether a turn may be about one.
func namesSecret(s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc([]string{"password", "passcode", "pin", "cvv", "cvc", "card", "social", "ssn"}, func(w string) bool {
		return strings.Contains(s, w)
	})
}
