package text

import (
	"fmt"
	"math"

	"github.com/ringsidehq/ringside"
)

const (
	// turnSeconds is what an exchange of an agent's and a customer's turn
	// takes, where there are no times: about 35 words at 150 a minute.
	turnSeconds = 15
	// maxRules and maxPhrases bound the work for one call.
	maxRules, maxPhrases = 100, 50
)

// rule is a phrase rule made ready, and what has become of it so far.
type rule struct {
	*ringside.PhraseRule
	phrases    [][]string
	said, late bool
}

func (k *look) rules() []rule {
	all := k.settings.CompliancePhrases
	out := make([]rule, 0, len(all))
	for i := range all[:min(len(all), maxRules)] {
		r := rule{PhraseRule: &all[i]}
		if r.Kind != "forbidden" && (r.Kind != "required" || !k.talked) {
			continue
		}
		for _, p := range all[i].Phrases[:min(len(all[i].Phrases), maxPhrases)] {
			if w := PhraseWords(p); len(w) > 0 {
				r.phrases = append(r.phrases, w)
			}
		}
		if len(r.phrases) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// phrases checks what the agent must say and must not, in all that it says. A
// required phrase is asked for only where there was a conversation. What was
// not found in words that are too many to be searched whole stays unknown.
func (k *look) phrases() {
	rules := k.rules()
	if len(rules) == 0 || k.mixed {
		return
	}
	nth := 0 // of the agent's turns
	whole := AgentSpeech(k.call.Turns, func(s *Said) bool {
		nth++
		for i := range rules {
			r := &rules[i]
			if r.Kind == "required" && r.said {
				continue
			}
			if from, to, ok := s.anyOf(r.phrases); ok {
				k.heard(r, s, from, to, nth)
			}
		}
		return true
	})
	for i := range rules {
		switch r := &rules[i]; {
		case !r.said && !whole:
			k.untold++
			continue
		case r.Kind == "required" && !r.said && k.mayStillSay(r):
			continue
		case r.Kind == "required" && !r.said:
			k.neverSaid(r)
		case r.said == (r.Kind == "required") && !r.late:
			k.kept++
		}
		k.checked++
	}
}

// mayStillSay tells whether the call goes on and there is time yet for what must
// be said and was not.
func (k *look) mayStillSay(r *rule) bool {
	return k.soFar != nil && (r.WithinSeconds == nil || *k.soFar <= int64(*r.WithinSeconds)*1000)
}

// heard notes that a rule's phrase was said: a forbidden one, or a required one
// that came too late.
func (k *look) heard(r *rule, s *Said, from, to, nth int) {
	r.said = true
	if r.Kind == "forbidden" {
		k.found(ringside.Finding{
			Kind: ringside.FindingForbiddenPhrase, Severity: ringside.SeverityCritical, Quote: s.quoteAlone(from, to), Topic: r.Name,
			Detail: fmt.Sprintf("The agent said what it must not say (%s).", r.Name), Method: ringside.MethodLocal,
		}, s)
		return
	}
	why := r.tooLate(s, from, nth)
	if r.late = why != ""; r.late {
		k.found(ringside.Finding{
			Kind: ringside.FindingMissed, Severity: ringside.SeverityWarning, Quote: s.quoteAlone(from, to), Topic: r.Name, Detail: why, Method: ringside.MethodLocal,
		}, s)
	}
}

// neverSaid notes a required phrase that was not said.
func (k *look) neverSaid(r *rule) {
	f := ringside.Finding{
		Kind: ringside.FindingMissed, Severity: ringside.SeverityCritical, Topic: r.Name, Method: ringside.MethodLocal,
		Detail: fmt.Sprintf("The agent never said what it must say (%s).", r.Name),
	}
	if w := r.WithinSeconds; w != nil && k.call.DurationMS != nil && *k.call.DurationMS < int64(*w)*1000 {
		f.Severity = ringside.SeverityInfo
		f.Detail = fmt.Sprintf("The agent had not said what it must say (%s) when the call ended, before its %d seconds were over.", r.Name, *w)
	}
	k.found(f, nil)
}

// tooLate says how much too late a required phrase was said, at a word of the
// agent's nth turn; "" when it was in time.
func (r *rule) tooLate(s *Said, word, nth int) string {
	if r.WithinSeconds == nil {
		return ""
	}
	within := *r.WithinSeconds
	if at := s.timeOf(word); at != nil {
		late := float64(*at)/1000 - float64(within)
		if late <= 0 {
			return ""
		}
		return fmt.Sprintf("The agent said it (%s) %.0f s into the call, %.0f s too late.", r.Name, float64(*at)/1000, math.Ceil(late))
	}
	allowed := max(1, (within+turnSeconds-1)/turnSeconds)
	if nth <= allowed {
		return ""
	}
	return fmt.Sprintf("The agent said it (%s) only in its turn %d. The call has no times; %d s are taken for its first %d turns.", r.Name, nth, within, allowed)
}

// timeOf is when a word was said, from the turn's times and its place there;
// the turn's start where it has no end.
func (s *Said) timeOf(word int) *int64 {
	if s.StartMS == nil || s.EndMS == nil || len(s.Text) == 0 {
		return s.StartMS
	}
	share := float64(s.Words[word].Start) / float64(len(s.Text))
	return new(*s.StartMS + int64(share*float64(max(0, *s.EndMS-*s.StartMS))))
}
