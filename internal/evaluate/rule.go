package evaluate

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/redact"
	"github.com/ringsidehq/ringside/internal/text"
)

// settle answers a criterion by its rule.
func settle(c *ringside.ScorecardCriterion, call *ringside.Call) ringside.Score {
	s := ringside.Score{Criterion: c.Key, Name: c.Name, Evidence: []ringside.Evidence{}, Method: ringside.MethodRule}
	switch c.Rule.Kind {
	case ringside.RuleSays:
		says(&s, c.Rule, call)
	case ringside.RuleNeverSays:
		neverSays(&s, c.Rule, call)
	case ringside.RuleMaxDuration:
		maxDuration(&s, c.Rule, call)
	case ringside.RuleCallsTool:
		callsTool(&s, c.Rule, call)
	}
	return s
}

// decide writes a verdict down.
func decide(s *ringside.Score, v ringside.Verdict, format string, args ...any) {
	s.Verdict, s.Reason = v, fmt.Sprintf(format, args...)
}

// place is where one of some phrases was said.
type place struct {
	turn  *ringside.Turn
	quote string
}

// agentSays finds the agent's first turn with one of the phrases. Whole tells
// whether all that the agent said was searched.
func agentSays(phrases []string, call *ringside.Call) (found *place, spoke, whole bool) {
	ready := make([][]string, len(phrases))
	for i, p := range phrases {
		ready[i] = text.PhraseWords(p)
	}
	whole = text.AgentSpeech(call.Turns, func(s *text.Said) bool {
		spoke = true
		for _, p := range ready {
			if from, to, ok := s.Phrase(p); ok {
				start, end := redact.Whole(redact.Tokens(s.Text), s.Words[from].Start, s.Words[to-1].End)
				found = &place{&call.Turns[s.Index], s.Text[start:end]}
				return false
			}
		}
		return true
	})
	return found, spoke, whole
}

// tooLong is why it is not known whether something was said.
const tooLong = "The agent says too much to be searched whole."

func says(s *ringside.Score, r *ringside.CriterionRule, call *ringside.Call) {
	found, spoke, whole := agentSays(r.Phrases, call)
	switch {
	case !spoke:
		decide(s, ringside.VerdictNA, "The agent says nothing in the transcript.")
		return
	case found == nil && !whole:
		decide(s, ringside.VerdictUnknown, tooLong)
		return
	case found == nil:
		decide(s, ringside.VerdictFail, "The agent never said it.")
		return
	}
	s.Evidence = append(s.Evidence, ringside.Evidence{Turn: found.turn.Index, Quote: found.quote})
	switch at := found.turn.StartMS; {
	case r.WithinSeconds == nil:
		decide(s, ringside.VerdictPass, "The agent said it.")
	case at == nil:
		decide(s, ringside.VerdictUnknown, "The agent said it, and the transcript does not tell when.")
	case *at > int64(*r.WithinSeconds)*1000:
		decide(s, ringside.VerdictFail, "The agent said it %d s into the call, and had %d s for it.", *at/1000, *r.WithinSeconds)
	default:
		decide(s, ringside.VerdictPass, "The agent said it within %d s.", *r.WithinSeconds)
	}
}

func neverSays(s *ringside.Score, r *ringside.CriterionRule, call *ringside.Call) {
	found, spoke, whole := agentSays(r.Phrases, call)
	switch {
	case !spoke:
		decide(s, ringside.VerdictNA, "The agent says nothing in the transcript.")
	case found != nil:
		s.Evidence = append(s.Evidence, ringside.Evidence{Turn: found.turn.Index, Quote: found.quote})
		decide(s, ringside.VerdictFail, "The agent said it.")
	case !whole:
		decide(s, ringside.VerdictUnknown, tooLong)
	default:
		decide(s, ringside.VerdictPass, "The agent did not say it.")
	}
}

func maxDuration(s *ringside.Score, r *ringside.CriterionRule, call *ringside.Call) {
	limit := time.Duration(*r.Seconds) * time.Second
	if call.DurationMS == nil {
		decide(s, ringside.VerdictUnknown, "How long the call was is not known.")
		return
	}
	took := time.Duration(*call.DurationMS) * time.Millisecond
	if took > limit {
		decide(s, ringside.VerdictFail, "The call took %s, longer than %s.", took.Round(time.Second), limit)
		return
	}
	decide(s, ringside.VerdictPass, "The call took %s, no longer than %s.", took.Round(time.Second), limit)
}

// maxToolError is how much of a tool's error a reason holds, in characters.
const maxToolError = 200

func callsTool(s *ringside.Score, r *ringside.CriterionRule, call *ringside.Call) {
	failed := ""
	for i := range call.ToolCalls {
		t := &call.ToolCalls[i]
		switch {
		case !strings.EqualFold(t.Name, r.Tool):
		case t.Error != "":
			failed = t.Error
		case t.Done():
			decide(s, ringside.VerdictPass, "The tool was called and answered.")
			return
		case failed == "":
			failed = "no answer came"
		}
	}
	if failed == "" {
		decide(s, ringside.VerdictFail, "The tool was not called.")
		return
	}
	if utf8.RuneCountInString(failed) > maxToolError {
		failed = string([]rune(failed)[:maxToolError]) + "…"
	}
	decide(s, ringside.VerdictFail, "The tool was called and failed: %s.", strings.TrimSuffix(failed, "."))
}
