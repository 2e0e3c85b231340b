package ringside

import (
	"slices"
	"strconv"
	"strings"
)

// CriterionRule settles a criterion from the transcript and the tool calls
// alone: pass or fail, and unknown when they don't tell.
type CriterionRule struct {
	Kind          RuleKind `json:"kind" enum:"says,never_says,max_duration,calls_tool"`
	Phrases       []string `json:"phrases,omitempty" doc:"Of says and never_says: any one of them counts, when the agent says it; compared without case and punctuation, a few other words may stand between"`
	WithinSeconds *int     `json:"within_seconds,omitempty" nullable:"true" doc:"Of says: how long after the answer at the latest"`
	Seconds       *int     `json:"seconds,omitempty" nullable:"true" doc:"Of max_duration: how long the call may last"`
	Tool          string   `json:"tool,omitempty" doc:"Of calls_tool: the tool that has to be called, and to succeed"`
}

// RuleKind is what a rule looks for.
type RuleKind string

// The kinds of rule.
const (
	RuleSays        RuleKind = "says"
	RuleNeverSays   RuleKind = "never_says"
	RuleMaxDuration RuleKind = "max_duration"
	RuleCallsTool   RuleKind = "calls_tool"
)

// What a rule may hold at most.
const (
	maxRulePhrases = 50
	maxRulePhrase  = 300
	maxRuleSeconds = 86_400
	maxToolName    = 200
)

func (r *CriterionRule) validate(at string) error {
	switch r.Kind {
	case RuleSays, RuleNeverSays:
		if len(r.Phrases) == 0 || len(r.Phrases) > maxRulePhrases {
			return Invalidf(at+"/phrases", "holds 1 to %d phrases", maxRulePhrases)
		}
		if i := slices.IndexFunc(r.Phrases, func(p string) bool { return !strings.ContainsFunc(p, keyRune) || len(p) > maxRulePhrase }); i >= 0 {
			return Invalidf(at+"/phrases/"+strconv.Itoa(i), "has no word in it, or is longer than %d bytes", maxRulePhrase)
		}
		if r.WithinSeconds != nil && (r.Kind != RuleSays || *r.WithinSeconds < 1 || *r.WithinSeconds > maxRuleSeconds) {
			return Invalidf(at+"/within_seconds", "goes with says, and is between 1 and %d", maxRuleSeconds)
		}
	case RuleMaxDuration:
		if r.Seconds == nil || *r.Seconds < 1 || *r.Seconds > maxRuleSeconds {
			return Invalidf(at+"/seconds", "is needed, and is between 1 and %d", maxRuleSeconds)
		}
	case RuleCallsTool:
		if !named(r.Tool, maxToolName) {
			return Invalidf(at+"/tool", "is a name of 1 to %d characters", maxToolName)
		}
	default:
		return Invalidf(at+"/kind", "%q is not says, never_says, max_duration or calls_tool", r.Kind)
	}
	return nil
}
