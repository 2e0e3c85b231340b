package text

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// wants are how a customer says what the call is about, purposes how an agent
// that calls does. Source: our own.
var (
	wants = compile([]cue{
		{pattern: "need|want|wanted|like|looking|trying to|for|a|an|my|you|somebody|the"},
		{pattern: "calling|ringing|phoning ~ about|because|to|regarding|for"},
		{pattern: "can|could|would you|i|we|somebody"},
		{pattern: "have|got a question|problem|appointment|issue"},
		{pattern: "where|when|how|what|why is|are|do|does|did|was|were|much|long|can|time|would|should"},
		{pattern: "is|are there|it|you"},
		{pattern: "do|does you|it|the|your ~ have|sell|offer|open"},
		{pattern: "isn't|doesn't|not|stopped working|work"},
		{pattern: "my _ is|has|was|came|went|needs|isn't|still"},
		{pattern: "you|they charged|sent|cancelled|said|told"},
	})
	purposes = compile([]cue{
		{pattern: "calling|call ~ about|because|to|regarding|with|for"},
		{pattern: "your ~ is|was|are"},
		{pattern: "wanted to"},
	})
)

// promises are what somebody is going to do after the call. Source: our own.
var promises = compile([]cue{
	{pattern: "i'll|we'll|will ~ send|email|text|call|mail|ship|follow|notify|forward|escalate|file|arrange|schedule|post|refund"},
	{pattern: "i'm|we're going to ~ send|email|text|call|try|ask|come|have|report|cancel"},
	{pattern: "i'll|we'll|will ~ have|ask ~ call|contact|reach|come|send|email"},
	{pattern: "someone|somebody|technician|colleague|manager|driver|doctor|team|plumber|shop will ~ call|contact|come|reach|be|email|visit"},
	{pattern: "you'll get|receive|hear|have / you will get|receive|hear|have"},
	{pattern: "please send|bring|call|check|come|email|upload"},
	{pattern: "i'll call|try|come|send|bring|check|think|do|ask you? back|again|later|by|it|them|the|about"},
	{pattern: "will call|text|email you|your"},
})

const (
	maxActions  = 5
	maxListed   = 5  // tools of one kind that an overview names
	earlyTurns  = 8  // in which a call's matter is said
	shortTurn   = 30 // words up to which a turn is quoted whole
	substantial = 4  // words that a turn needs to say something
)

// summary puts the call together from its own sentences.
func (k *look) summary() *ringside.Summary {
	out := &ringside.Summary{KeyTopics: k.topicsOf(), ActionItems: []string{}, Outcome: k.outcome, Method: ringside.MethodLocal}
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if !k.talked {
		out.Overview = k.notTalked()
		return out
	}
	if h := k.head(); h != "Call" {
		add("%s.", h)
	}
	if k.call.Direction == ringside.Outbound {
		if q := k.purpose(); q != "" {
			add("The agent called about this: “%s”", q)
		}
	}
	if q := k.request(); q != "" {
		add("The customer said: “%s”", q)
	}
	if q := k.decision(); q != "" {
		add("The agent said: “%s”", q)
	}
	if k.frustrated {
		for i := range k.findings {
			if f := &k.findings[i]; f.Kind == ringside.FindingFrustration && f.Quote != "" {
				add("The customer was frustrated: “%s”", f.Quote)
			}
		}
	}
	if t := k.toolWords(); t != "" {
		parts = append(parts, t)
	}
	parts = append(parts, k.outcomeWhy)
	if e := k.call.Outcome.Explanation; e != "" && e != k.outcomeWhy {
		parts = append(parts, e)
	}
	out.Overview = strings.Join(parts, " ")
	out.ActionItems = k.actions()
	return out
}

// notTalked says why there is nothing to sum up, and what was said into the
// void.
func (k *look) notTalked() string {
	parts := []string{}
	if e := k.call.Outcome.Explanation; e != "" {
		parts = append(parts, e)
	} else {
		parts = append(parts, k.outcomeWhy)
	}
	if slices.Contains(k.call.Withheld, "transcript") {
		parts = append(parts, "The vendor was told not to send the transcript.")
	} else if len(k.call.Turns) == 0 && k.call.Outcome.FailureClass == ringside.FailureNone {
		parts = append(parts, "There is no transcript.")
	}
	for i := len(k.turns) - 1; i >= 0; i-- {
		if s := &k.turns[i]; s.Role == ringside.RoleAgent && len(s.Words) >= substantial {
			parts = append(parts, "The agent said: “"+k.whole(s)+"”")
			break
		}
	}
	return strings.Join(parts, " ")
}

// head is what kind of call it was.
func (k *look) head() string {
	kind := "Call"
	switch k.call.Direction {
	case ringside.Inbound:
		kind = "Inbound call"
	case ringside.Outbound:
		kind = "Outbound call"
	case ringside.Web:
		kind = "Web call"
	}
	if d := k.call.DurationMS; d != nil && *d > 0 {
		kind += " of " + spell(*d)
	}
	if a := k.call.Agent; a != nil && a.Name != "" {
		kind += " with " + cut(a.Name, 100)
	}
	return kind
}

// spell gives a duration as people say it.
func spell(ms int64) string {
	d := (time.Duration(ms) * time.Millisecond).Round(time.Second)
	switch m, s := int(d.Minutes()), int(d.Seconds())%60; {
	case m == 0:
		return fmt.Sprintf("%d s", s)
	case s == 0:
		return fmt.Sprintf("%d min", m)
	default:
		return fmt.Sprintf("%d min %d s", m, s)
	}
}

// purpose is the first sentence in which the agent says why it calls, if it
// does so early.
func (k *look) purpose() string {
	for i := range k.turns[:min(len(k.turns), earlyTurns)] {
		s := &k.turns[i]
		if s.Role != ringside.RoleAgent || !k.agentEnglish {
			continue
		}
		if h, ok := purposes.one(s.Words); ok {
			return s.quote(s.sentence(h.from))
		}
	}
	return ""
}

// request is where the customer first says what it is about: a turn with words
// of wanting or asking, else the longest of the early ones.
func (k *look) request() string {
	longest := -1
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role != ringside.RoleUser || len(s.Words) < substantial {
			continue
		}
		if _, own := line.one(s.Words); own {
			continue
		}
		if i < earlyTurns && (longest < 0 || len(s.Words) > len(k.turns[longest].Words)) {
			longest = i
		}
		if h, ok := wants.one(s.Words); ok && k.customerEnglish {
			if len(s.Words) <= shortTurn {
				return k.whole(s)
			}
			return s.quote(s.sentence(h.from))
		}
	}
	if longest < 0 {
		return ""
	}
	return k.whole(&k.turns[longest])
}

// decision is the agent's last turn that says what came of it: something done,
// refused or unknown, else the last that is no courtesy. What the agent says
// before the customer has spoken decides nothing.
func (k *look) decision() string {
	last := -1
	for i := len(k.turns) - 1; i > k.firstCustomer(); i-- {
		s := &k.turns[i]
		if s.Role != ringside.RoleAgent || len(s.Words) < substantial {
			continue
		}
		_, courtesy := ordinary.one(s.Words)
		_, sorry := apologies.one(s.Words)
		if last < 0 && !courtesy && !sorry {
			last = i
		}
		for _, l := range []*lexicon{claimCues, handovers, refusals, unknowing} {
			if h, ok := l.one(s.Words); ok && k.agentEnglish {
				if len(s.Words) <= shortTurn {
					return k.whole(s)
				}
				return s.quote(s.sentence(h.from))
			}
		}
	}
	if last < 0 {
		return ""
	}
	return k.whole(&k.turns[last])
}

// firstCustomer is the place of the customer's first turn.
func (k *look) firstCustomer() int {
	for i := range k.turns {
		if k.turns[i].Role == ringside.RoleUser {
			return i
		}
	}
	return len(k.turns)
}

func (k *look) whole(s *Said) string { return s.quote(0, len(s.Words)) }

// toolWords tells which tools worked and which did not.
func (k *look) toolWords() string {
	var worked, failed []string
	for i := range k.tools {
		list := &worked
		if k.tools[i].Error != "" {
			list = &failed
		}
		if n := toolName(k.tools[i].Name); !slices.Contains(*list, n) {
			*list = append(*list, n)
		}
	}
	var out []string
	if len(worked) > 0 {
		out = append(out, "Tools used: "+listed(worked)+".")
	}
	if len(failed) > 0 {
		out = append(out, "Tools that failed: "+listed(failed)+".")
	}
	return strings.Join(out, " ")
}

func listed(names []string) string {
	if n := len(names); n > maxListed {
		return strings.Join(names[:maxListed], ", ") + fmt.Sprintf(" and %d more", n-maxListed)
	}
	return strings.Join(names, ", ")
}

// actions are the sentences in which somebody says what is to be done.
func (k *look) actions() []string {
	out := []string{}
	for i := range k.turns {
		s := &k.turns[i]
		english, who := k.customerEnglish, "Customer: "
		if s.Role == ringside.RoleAgent {
			english, who = k.agentEnglish, "Agent: "
		}
		if !english {
			continue
		}
		s.sentences(func(from, to int) bool {
			if _, ok := promises.one(s.Words[from:to]); ok && !s.asksAt(to) && len(out) < maxActions {
				if item := who + s.quote(from, to); !slices.Contains(out, item) {
					out = append(out, item)
				}
			}
			return len(out) < maxActions
		})
	}
	return out
}
