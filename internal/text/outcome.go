package text

import (
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// The outcomes of a call, as a summary names them.
const (
	resolved       = "resolved"
	unresolved     = "unresolved"
	escalated      = "escalated"
	transferred    = "transferred"
	noConversation = "no_conversation"
	unknown        = "unknown"
)

// leaving are the ways in which a customer goes: the weight is 1 for content,
// -1 for not. Source: our own.
var leaving = compile([]cue{
	{pattern: "thank|thanks", weight: 1},
	{pattern: "that's|that|it all|it|everything|great|perfect|good|fine|right", weight: 1},
	{pattern: "that was it|all|everything|quick|easy", weight: 1},
	{pattern: "perfect|great|lovely|excellent|awesome|wonderful|brilliant|cheers|fantastic", weight: 1},
	{pattern: "appreciate it|that|you|your", weight: 1},
	{pattern: "see you", weight: 1},
	{pattern: "very|so|really helpful|kind", weight: 1},
	{pattern: "it works|working", weight: 1},
	{pattern: "thank|thanks you? anyway", weight: -1},
	{pattern: "thanks for nothing", weight: -1},
	{pattern: "forget it", weight: -1},
	{pattern: "never mind", weight: -1},
	{pattern: "give up", weight: -1},
	{pattern: "i'll|i'd|will ~ online|website|myself|elsewhere|them|another", weight: -1},
	{pattern: "call|try|ring you? back|again|later", weight: -1},
	{pattern: "whatever", weight: -1},
})

// settle works out how the call ended, from all that was found.
func (k *look) settle() {
	k.leave()
	k.broken = k.has(ringside.FindingSaidNotDone, ringside.SeverityWarning, ringside.SeverityCritical)
	k.outcome, k.outcomeWhy = k.judge()
}

func (k *look) judge() (outcome, why string) {
	o := &k.call.Outcome
	switch {
	case k.silent == mixedUp:
		return unknown, k.without()
	case !k.talked:
		return noConversation, k.without()
	case k.transferred && k.person != nil:
		return escalated, "The customer asked for a person and was handed over."
	case k.transferred:
		return transferred, "The call was handed over."
	case o.Success != nil && *o.Success:
		return resolved, "The vendor says that the call did what it was for."
	case o.FailureClass != ringside.FailureNone && o.Explanation != "":
		return unresolved, o.Explanation
	case o.FailureClass != ringside.FailureNone:
		return unresolved, "The call failed."
	case o.Success != nil:
		return unresolved, "The vendor says that the call did not do what it was for."
	case k.broken:
		return unresolved, "The agent said that something was done that was not."
	case k.person != nil:
		return unresolved, "The customer asked for a person and was not handed over."
	case k.closing < 0:
		return unresolved, "The customer's last words tell that they did not get what they wanted."
	case k.closing > 0 && k.hurdle() == "":
		return resolved, "The customer left content, and nothing tells of something left open."
	case k.closing > 0:
		return unknown, "The customer left content, but " + k.hurdle() + "."
	}
	return unknown, "The transcript does not settle whether the customer got what they wanted."
}

// hurdle names what may have been left open although the customer was content.
func (k *look) hurdle() string {
	switch {
	case k.has(ringside.FindingKnowledgeGap):
		return "a question had no answer"
	case k.has(ringside.FindingToolError, ringside.SeverityWarning):
		return "a tool had failed"
	case k.has(ringside.FindingStuck):
		return "the agent went in circles"
	case k.frustrated:
		return "they had been frustrated before"
	case k.refused():
		return "the agent had said no to something"
	}
	return ""
}

// refused tells whether the agent's last word on something was a no.
func (k *look) refused() bool {
	for i := len(k.turns) - 1; i >= 0 && k.agentEnglish; i-- {
		s := &k.turns[i]
		if s.Role != ringside.RoleAgent {
			continue
		}
		if _, done := claimCues.one(s.Words); done {
			return false
		}
		if _, no := refusals.one(s.Words); no {
			return true
		}
	}
	return false
}

// bitter is what the signs of frustration of a last turn must come to for it to
// be no content one, whatever it says.
const bitter = 1.5

// leave reads the customer's last two turns; the very last counts first.
func (k *look) leave() {
	if !k.customerEnglish {
		return
	}
	seen := 0
	for i := len(k.moods) - 1; i >= 0 && seen < 2 && k.closing == 0; i-- {
		m := &k.moods[i]
		s := &k.turns[m.at]
		if len(s.Words) == 0 {
			continue
		}
		seen++
		if m.signs.Own >= bitter {
			k.closing = -1
			return
		}
		leaving.all(s.Words, func(h hit) {
			switch {
			case h.cue.weight < 0:
				k.closing = -1
			case k.closing == 0 && !m.signs.Hit(): // thanks in such a turn are none
				k.closing = 1
			}
		})
	}
}

// handedOver tells whether the call went on with somebody else: by a tool, by
// a step of the vendor's, or by the reason of its end.
func (k *look) handedOver() bool {
	if k.call.Outcome.FailureClass == ringside.FailureTransfer {
		return false
	}
	for i := range k.tools {
		t := &k.tools[i]
		if t.Error == "" && (slices.Contains(t.words, "transfer") || slices.Contains(t.words, "handoff")) {
			return true
		}
	}
	for i := range k.call.Spans {
		s := &k.call.Spans[i]
		if s.Name == "transfer" && s.Error == "" && !strings.Contains(s.Title, "start") && !strings.Contains(s.Title, "cancel") {
			return true
		}
	}
	reason := strings.ToLower(k.call.EndedReason)
	return k.call.Outcome.FailureClass == ringside.FailureNone && (strings.Contains(reason, "transfer") || strings.Contains(reason, "forward")) &&
		!strings.Contains(reason, "fail")
}
