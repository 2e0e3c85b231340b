package text

import (
	"fmt"
	"strings"

	"github.com/ringsidehq/ringside"
)

// criteria are what a rule can score, by key. Each settles a call or says why
// it can't; what a call is not about at all is na.
var criteria = []struct {
	key   string
	score func(*look) ringside.Score
}{
	{"greeting_quality", (*look).greeting},
	{"issue_resolution", (*look).resolution},
	{"professionalism", (*look).professionalism},
	{"call_efficiency", (*look).efficiency},
}

// maxCriteria bounds the scores of one call.
const maxCriteria = 100

// scores scores the agent's criteria; those of the table where it has none.
func (k *look) scores() []ringside.Score {
	names := k.settings.ScoringCriteria
	if len(names) == 0 {
		for i := range criteria {
			names = append(names, criteria[i].key)
		}
	}
	out := []ringside.Score{}
	seen := map[string]bool{}
	for _, name := range names[:min(len(names), maxCriteria)] {
		key := ringside.CriterionKey(name)
		if seen[key] || key == "" {
			continue
		}
		seen[key] = true
		s := k.scoreOf(key)
		s.Criterion, s.Method = key, ringside.MethodLocal
		if name != key {
			s.Name = strings.TrimSpace(name)
		}
		if s.Evidence == nil {
			s.Evidence = []ringside.Evidence{}
		}
		out = append(out, s)
	}
	return out
}

func (k *look) scoreOf(key string) ringside.Score {
	for i := range criteria {
		if criteria[i].key != key {
			continue
		}
		if !k.talked {
			return ringside.Score{Verdict: ringside.VerdictNA, Reason: k.without()}
		}
		return criteria[i].score(k)
	}
	return unsettled("Needs a language model: no rule tells this from a transcript.")
}

func unsettled(reason string) ringside.Score {
	return ringside.Score{Verdict: ringside.VerdictUnknown, Reason: reason}
}

func settled(value float64, reason string, evidence ...ringside.Evidence) ringside.Score {
	v := ringside.VerdictFail
	if value >= passAt {
		v = ringside.VerdictPass
	}
	return ringside.Score{Value: &value, Verdict: v, Reason: reason, Evidence: evidence}
}

// passAt is the value from which a criterion is passed.
const passAt = 60

// greets are the parts of a good greeting: a salutation, who speaks, and an
// offer to help or the reason of the call. Source: our own, the usual items of
// call centres' greeting checks.
var greets = []struct {
	name string
	cues *lexicon
}{
	{"a salutation", compile([]cue{
		{pattern: "hello|hi|hey|welcome|greetings"}, {pattern: "good morning|afternoon|evening|day"}, {pattern: "thank|thanks you? for calling"},
	})},
	{"who is speaking", compile([]cue{
		{pattern: "this is|it's"},
		{pattern: "my name is"},
		{pattern: "you've|you have reached"},
		{pattern: "calling from"},
		{pattern: "i'm|i am _ from|with|at|your|the|an|a|calling"},
		{pattern: "thank|thanks you? for calling _"},
		{pattern: "welcome to"},
		{pattern: "speaking $"},
		{pattern: "here $"},
	})},
	{"an offer to help or the reason for the call", compile([]cue{
		{pattern: "help|assist"},
		{pattern: "what can i do"},
		{pattern: "calling ~ about|to|because|regarding|with"},
		{pattern: "how may|can|could"},
		{pattern: "what|which ~ about|calling|need|like|looking"},
	})},
}

// greeting scores the agent's first turn.
func (k *look) greeting() ringside.Score {
	var first *Said
	for i := range k.turns {
		if s := &k.turns[i]; s.Role == ringside.RoleAgent && len(s.Words) > 0 {
			first = s
			break
		}
	}
	switch {
	case first == nil:
		return unsettled("The agent says nothing in the transcript.")
	case !k.agentEnglish:
		return unsettled("The agent does not speak recognisable English.")
	}
	var have, lack []string
	for i := range greets {
		list := &lack
		if _, ok := greets[i].cues.one(first.Words); ok || i == 1 && names(first) || i == 2 && open(first) {
			list = &have
		}
		*list = append(*list, greets[i].name)
	}
	reason := "The first words have " + enumerate(have)
	if len(have) == 0 {
		reason = "The first words have nothing of a greeting"
	}
	if len(lack) > 0 {
		reason += "; they lack " + enumerate(lack)
	}
	value := round(100*float64(len(have))/float64(len(greets)), 0)
	return settled(value, reason+".", ringside.Evidence{Turn: first.Index, Quote: k.whole(first)})
}

// names tells whether a first turn has a name in it: a word with a capital that
// no sentence begins with, or that begins one and is no word of English
// greetings.
func names(s *Said) bool {
	for i := range s.Words {
		w := &s.Words[i]
		if c := s.Text[w.Start]; c < 'A' || c > 'Z' || len(w.Text) < 2 || strings.HasPrefix(w.Text, "i'") {
			continue
		}
		begins := i == 0 || s.Words[i-1].Stop
		if !begins && !s.addressed(i) || begins && w.Pause && !functionWords[w.Text] && !spokenFirst[w.Text] {
			return true
		}
	}
	return false
}

// addressed tells whether a name is that of whom the agent speaks to.
func (s *Said) addressed(i int) bool {
	before := s.Words[i-1].Text
	return before == "hi" || before == "hello" || before == "with" && i > 1 && s.Words[i-2].Text == "speaking" || before == "is" || before == "to"
}

// spokenFirst begin a greeting and are no names.
var spokenFirst = set("good", "hey", "welcome", "greetings", "well", "great", "sure", "right", "alright", "oh", "so", "now", "today", "morning")

func enumerate(list []string) string {
	switch n := len(list); n {
	case 0, 1:
		return strings.Join(list, "")
	default:
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
}

// resolution scores by the outcome, where it is settled.
func (k *look) resolution() ringside.Score {
	switch k.outcome {
	case resolved:
		return settled(100, k.outcomeWhy)
	case unresolved:
		return settled(0, k.outcomeWhy)
	case escalated, transferred:
		return unsettled(k.outcomeWhy + " Whether that solved it is not in the transcript.")
	}
	return unsettled(k.outcomeWhy)
}

// rude are words that no agent should say. Source: our own.
var rude = compile([]cue{
	{pattern: "stupid|idiot|idiots|dumb|moron|shut|fuck|fucking|shit|bullshit|damn|crap"},
	{pattern: "calm down"},
	{pattern: "that's|not ~ my problem"},
	{pattern: "what's wrong with you"},
	{pattern: "your own fault"},
})

// professionalism fails for what must not be said; good tone is no matter of
// single words.
func (k *look) professionalism() ringside.Score {
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role != ringside.RoleAgent {
			continue
		}
		if h, ok := rude.one(s.Words); ok && k.agentEnglish && h.to-h.from > 0 {
			return settled(0, "The agent was rude.", ringside.Evidence{Turn: s.Index, Quote: s.quote(s.sentence(h.from))})
		}
	}
	for i := range k.findings {
		if f := &k.findings[i]; f.Kind == ringside.FindingForbiddenPhrase && f.Turn != nil {
			return settled(0, f.Detail, ringside.Evidence{Turn: *f.Turn, Quote: f.Quote})
		}
	}
	return unsettled("The agent said nothing rude or forbidden; its tone needs a language model.")
}

// efficiency fails for circles, equal tool calls and long silence, and passes
// where the matter was settled without.
func (k *look) efficiency() ringside.Score {
	var why []string
	value := 100.0
	note := func(n int, cost float64, what string) {
		if n > 0 {
			why = append(why, fmt.Sprintf("%s (%d)", what, n))
			value -= cost * float64(n)
		}
	}
	if k.repeats >= stuckAt {
		note(k.repeats, 25, "the agent repeated itself")
	}
	note(k.duplicates, 15, "tools were called again with the same arguments")
	if k.deadAirMS > 0 {
		note(max(1, int(k.deadAirMS/silenceAt)), 15, "the customer waited in silence")
	}
	switch {
	case len(why) > 0:
		return settled(max(0, value), strings.ToUpper(why[0][:1])+strings.Join(why, "; ")[1:]+".")
	case k.outcome == resolved:
		return settled(100, "It was resolved, and the agent neither repeated itself nor kept the customer waiting.")
	}
	return unsettled("The agent did not repeat itself; whether it could have been shorter needs a language model.")
}
