package text

import (
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Silence of which length matters, in ms. A pause of 2 s is noticed and one of
// 5 s is long (EVA, τ-voice); transcript times leave out what was not
// transcribed, so that only what is far beyond is told.
const (
	silenceAt   = 10_000
	silenceWarn = 15_000
	silenceBad  = 30_000
)

// holds are how an agent asks to wait, and how it hands over.
var (
	holds = compile([]cue{
		{pattern: "one|a|just moment|second|minute|sec"},
		{pattern: "hold|bear on|with"},
		{pattern: "let me|us ~ check|look|see|find|pull|get|bring"},
		{pattern: "looking|checking|searching|pulling"},
	})
	handovers = compile([]cue{
		{pattern: "transferring|connecting|putting|transfer|connect|put|forwarding ~ you|through|call|now"},
		{pattern: "while i|we ~ bring|get|connect"},
	})
)

// silences looks for long gaps between turns that both have times.
func (k *look) silences() {
	var spoken int64 // until when somebody had spoken
	var last *Said
	k.timed = len(k.turns) > 0
	for i := range k.turns {
		s := &k.turns[i]
		if s.StartMS == nil || s.EndMS == nil {
			k.timed, last = false, nil
			continue
		}
		if gap := *s.StartMS - spoken; last != nil && gap >= silenceAt {
			k.silence(last, spoken, gap)
		}
		if last == nil || *s.EndMS > spoken {
			spoken, last = max(spoken, *s.EndMS), s
		}
	}
}

func (k *look) silence(last *Said, from, gap int64) {
	f := ringside.Finding{Kind: ringside.FindingDeadAir, Severity: ringside.SeverityInfo, Method: ringside.MethodLocal}
	length := time.Duration(gap) * time.Millisecond
	who, blame := k.whoseTurn(last)
	f.Detail = fmt.Sprintf("Nobody spoke for %.0f s. %s", length.Seconds(), who)
	for i := range k.tools {
		if t := &k.tools[i]; t.StartMS != nil && *t.StartMS >= from-1000 && *t.StartMS < from+gap {
			f.Detail += fmt.Sprintf(" %s ran meanwhile.", toolName(t.Name))
			break
		}
	}
	if blame {
		switch {
		case gap >= silenceBad:
			f.Severity = ringside.SeverityCritical
		case gap >= silenceWarn:
			f.Severity = ringside.SeverityWarning
		}
		k.deadAirMS += gap
	}
	f.Turn, f.AtMS = new(last.Index), &from
	k.keep(f)
}

// whoseTurn says who was to speak after a turn, and whether that was the agent.
func (k *look) whoseTurn(last *Said) (who string, agent bool) {
	if last.Role == ringside.RoleUser {
		return "The customer had spoken, so the agent was to answer.", true
	}
	if last.Role == ringside.RoleUnknown {
		return "Nobody tells who had spoken, and who was to.", false
	}
	if _, ok := handovers.one(last.Words); ok {
		return "The agent was handing the call over.", false
	}
	if _, ok := holds.one(last.Words); ok {
		return "The agent had asked the customer to wait and was to go on.", true
	}
	if last.asks() {
		return "The agent had asked something, so the customer was to answer.", false
	}
	return "The agent had spoken and asked nothing; it was the customer's turn.", false
}
