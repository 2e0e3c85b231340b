package audio

import (
	"math"

	"github.com/ringsidehq/ringside"
)

// usualAgent is the channel that vendors mostly give the agent.
const usualAgent = 1

// clearly is how much of the speech has to speak for one channel more than for the
// other, of all that the transcript says something about.
const clearly = 0.3

// likeness follows how far two channels hold the same sound.
type likeness struct{ n, a, b, aa, bb, ab float64 }

func (l *likeness) add(block []float32) {
	for i := 0; i+1 < len(block); i += 2 {
		a, b := float64(block[i]), float64(block[i+1])
		l.a, l.b = l.a+a, l.b+b
		l.aa, l.bb, l.ab = l.aa+a*a, l.bb+b*b, l.ab+a*b
	}
	l.n += float64(len(block) / 2)
}

// same tells whether the channels hold the same sound, softer in one perhaps, as
// recordings do that were mixed before, or joined by a codec at a low bit rate:
// by their correlation. Two people who talk at times at once have hardly any.
func (l *likeness) same() bool {
	va, vb := l.n*l.aa-l.a*l.a, l.n*l.bb-l.b*l.b
	cov := l.n*l.ab - l.a*l.b
	return cov > 0.9*math.Sqrt(max(0, va)*max(0, vb)) && cov > 0
}

// alone is the one channel on which anybody is heard, when the transcript has both
// sides speak: then both are on it, or one of them was lost. -1 when that is not so.
func alone(turns []ringside.Turn, channels [2]voice) int {
	var said [2]bool
	for i := range turns {
		said[sideOf(turns[i].Role)] = true
	}
	switch a, b := len(channels[0].units), len(channels[1].units); {
	case !said[customer] || !said[agent] || a > 0 == (b > 0):
		return -1
	case a > 0:
		return 0
	default:
		return 1
	}
}

// AgentChannel is which channel the agent is on and how that is known.
type AgentChannel struct {
	Channel    int        `json:"channel" doc:"From 0"`
	Method     string     `json:"method" enum:"told,transcript,assumed"`
	Confidence Confidence `json:"confidence" enum:"high,medium,low"`
	Reason     string     `json:"reason"`
}

// agentChannel decides which of two channels is the agent's: as told, else by
// whose times of the transcript each fits, else the usual one.
func agentChannel(told *int, turns []ringside.Turn, channels [2]voice) AgentChannel {
	if told != nil {
		return AgentChannel{Channel: *told, Method: "told", Confidence: High, Reason: "Whoever asked said so."}
	}
	straight, crossed := fit(turns, channels[0].units, channels[1].units), fit(turns, channels[1].units, channels[0].units)
	if all := straight + crossed; all > 0 {
		margin := float64(straight-crossed) / float64(all)
		c := AgentChannel{Channel: 1, Method: "transcript", Confidence: High, Reason: "The transcript's times fit this channel's speech."}
		if margin < 0 {
			c.Channel, margin = 0, -margin
		}
		if margin >= clearly {
			return c
		}
	}
	return AgentChannel{
		Channel: usualAgent, Method: "assumed", Confidence: Low,
		Reason: "Nobody said which channel is the agent's, and no transcript with times shows it: most vendors use the second.",
	}
}

// fit is for how many frames the transcript's speaker is heard, when the customer
// has one channel's units and the agent the other's.
func fit(turns []ringside.Turn, customerUnits, agentUnits []run) (frames int) {
	units := [2][]run{customerUnits, agentUnits}
	for i := range turns {
		t := &turns[i]
		if t.StartMS == nil || t.EndMS == nil {
			continue
		}
		from, to := int(*t.StartMS/frameMS), int(*t.EndMS/frameMS)
		for _, r := range units[sideOf(t.Role)] {
			frames += max(0, min(r.to, to)-max(r.from, from))
		}
	}
	return frames
}
