package text

import (
	"fmt"
	"math"
	"strings"

	"github.com/ringsidehq/ringside"
)

const (
	// phraseGap is how many other words may stand between two of a phrase.
	phraseGap = 3
	// turnSeconds is what an exchange of an agent's and a customer's turn
	// takes, where there are no times: about 35 words at 150 a minute.
	turnSeconds = 15
	// maxRules and maxPhrases bound the work for one call.
	maxRules, maxPhrases = 100, 50
)

// Phrase finds a phrase in a turn: its words in order, without case and marks,
// with a few others between. It gives the words from one to before another.
func (s *Said) Phrase(phrase []string) (from, to int, ok bool) {
	if len(phrase) == 0 {
		return 0, 0, false
	}
	// begins[i] is where the latest beginning stands of a match of the phrase so
	// far that ends with word i; -1 when there is none.
	begins := make([]int, len(s.Words))
	for i := range s.Words {
		begins[i] = -1
		if bare(s.Words[i].Text) == phrase[0] {
			begins[i] = i
		}
	}
	for _, w := range phrase[1:] {
		next := make([]int, len(s.Words))
		for i := range s.Words {
			next[i] = -1
			if bare(s.Words[i].Text) == w {
				for j := max(0, i-1-phraseGap); j < i; j++ {
					next[i] = max(next[i], begins[j])
				}
			}
		}
		begins = next
	}
	for i, b := range begins {
		if b >= 0 {
			return b, i + 1, true
		}
	}
	return 0, 0, false
}

// bare is a word without its marks.
func bare(w string) string {
	if !strings.Contains(w, "'") {
		return w
	}
	return strings.ReplaceAll(w, "'", "")
}

// PhraseWords makes a phrase ready for Said.Phrase.
func PhraseWords(phrase string) []string {
	words := split(cut(phrase, maxTurnBytes))
	out := make([]string, len(words))
	for i := range words {
		out[i] = bare(words[i].Text)
	}
	return out
}

// rule is a phrase rule made ready.
type rule struct {
	*ringside.PhraseRule
	phrases [][]string
}

func (k *look) rules() []rule {
	all := k.settings.CompliancePhrases
	out := make([]rule, 0, len(all))
	for i := range all[:min(len(all), maxRules)] {
		r := rule{PhraseRule: &all[i]}
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

// phrases checks what the agent must say and must not. A required phrase is
// asked for only where there was a conversation.
func (k *look) phrases() {
	for _, r := range k.rules() {
		switch {
		case r.Kind == "forbidden":
			k.checked++
			if !k.forbidden(&r) {
				k.kept++
			}
		case r.Kind == "required" && k.talked && !k.mayStillSay(&r):
			k.checked++
			if k.required(&r) {
				k.kept++
			}
		}
	}
}

// mayStillSay tells whether the call goes on, what must be said was not, and
// there is time for it yet.
func (k *look) mayStillSay(r *rule) bool {
	if k.soFar == nil {
		return false
	}
	s, _, _, _ := k.firstSaid(r)
	return s == nil && (r.WithinSeconds == nil || *k.soFar <= int64(*r.WithinSeconds)*1000)
}

// forbidden notes each turn in which the agent says what it must not.
func (k *look) forbidden(r *rule) (said bool) {
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role != ringside.RoleAgent {
			continue
		}
		for _, p := range r.phrases {
			from, to, ok := s.Phrase(p)
			if !ok {
				continue
			}
			said = true
			k.found(ringside.Finding{
				Kind: ringside.FindingForbiddenPhrase, Severity: ringside.SeverityCritical, Quote: s.quote(from, to), Topic: r.Name,
				Detail: fmt.Sprintf("The agent said what it must not say (%s).", r.Name), Method: ringside.MethodLocal,
			}, s)
			break
		}
	}
	return said
}

// required notes a phrase that was not said, or not in time.
func (k *look) required(r *rule) (kept bool) {
	s, from, to, nth := k.firstSaid(r)
	if s == nil {
		f := ringside.Finding{
			Kind: ringside.FindingMissed, Severity: ringside.SeverityCritical, Topic: r.Name, Method: ringside.MethodLocal,
			Detail: fmt.Sprintf("The agent never said what it must say (%s).", r.Name),
		}
		if w := r.WithinSeconds; w != nil && k.call.DurationMS != nil && *k.call.DurationMS < int64(*w)*1000 {
			f.Severity = ringside.SeverityInfo
			f.Detail = fmt.Sprintf("The agent had not said what it must say (%s) when the call ended, before its %d seconds were over.", r.Name, *w)
		}
		k.found(f, nil)
		return false
	}
	if r.WithinSeconds == nil {
		return true
	}
	f := ringside.Finding{
		Kind: ringside.FindingMissed, Severity: ringside.SeverityWarning, Quote: s.quote(from, to), Topic: r.Name, Method: ringside.MethodLocal,
	}
	within := *r.WithinSeconds
	if at := s.timeOf(from); at != nil {
		late := float64(*at)/1000 - float64(within)
		f.Detail = fmt.Sprintf("The agent said it (%s) %.0f s into the call, %.0f s too late.", r.Name, float64(*at)/1000, math.Ceil(late))
		if late > 0 {
			k.found(f, s)
		}
		return late <= 0
	}
	allowed := max(1, (within+turnSeconds-1)/turnSeconds)
	if nth > allowed {
		f.Detail = fmt.Sprintf("The agent said it (%s) only in its turn %d. The call has no times; %d s are taken for its first %d turns.", r.Name, nth, within, allowed)
		k.found(f, s)
	}
	return nth <= allowed
}

// firstSaid finds the agent's first turn with one of a rule's phrases, and
// which of the agent's turns it is, from 1.
func (k *look) firstSaid(r *rule) (s *Said, from, to, nth int) {
	for i := range k.turns {
		s = &k.turns[i]
		if s.Role != ringside.RoleAgent {
			continue
		}
		nth++
		for _, p := range r.phrases {
			if from, to, ok := s.Phrase(p); ok {
				return s, from, to, nth
			}
		}
	}
	return nil, 0, 0, 0
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
