package simulate

import (
	"slices"
	"strings"
)

// Variant is what is wrong with a simulated call.
type Variant string

// The variants.
const (
	Normal       Variant = "normal"
	Frustrated   Variant = "frustrated"    // the customer loses patience
	Stuck        Variant = "stuck"         // the agent asks the same again and again
	Slow         Variant = "slow"          // the agent takes seconds to answer
	FailingTool  Variant = "failing_tool"  // no tool does what it is asked to
	Silent       Variant = "silent"        // the customer says no more
	NonCompliant Variant = "non_compliant" // the agent asks for what it must not, and promises what it can't
)

// badVariants are those with something wrong, in the order of their chances.
var badVariants = []Variant{Frustrated, Stuck, Slow, FailingTool, Silent, NonCompliant}

// Variants lists all of them.
func Variants() []Variant { return append([]Variant{Normal}, badVariants...) }

// slowFactor is what a slow agent's model takes of its usual time.
const slowFactor = 7

// slowness is the factor on the model's time.
func (v Variant) slowness() float64 {
	if v == Slow {
		return slowFactor
	}
	return 1
}

// bend makes of a conversation one that goes as the variant says.
func (v Variant) bend(lines []line) []line {
	switch v {
	case Frustrated:
		return frustrate(lines)
	case Stuck:
		return stick(lines)
	case FailingTool:
		return failTools(lines)
	case NonCompliant:
		return slices.Insert(slices.Clone(lines), min(3, len(lines)), breach...)
	case Silent:
		return fallSilent(lines)
	}
	return lines
}

func say(kind byte, text string) line { return line{kind: kind, text: template{{text: text}}} }

// complaints come one after the other, the mildest first.
var complaints = []string{
	"I already told you that. Are you even listening?",
	"This is ridiculous. I have been on this call forever.",
	"You are useless. I want to speak to a real person.",
}

// frustrate lets the customer complain from the second turn on, and demand a
// person at the end.
func frustrate(lines []line) (out []line) {
	turns, said := 0, 0
	for i := range lines {
		out = append(out, lines[i])
		if lines[i].kind != 'U' {
			continue
		}
		if turns++; turns > 1 && said < len(complaints) {
			out = append(out, say('A', "I am sorry about that. One moment, please."), say('U', complaints[said]))
			said++
		}
	}
	if said < len(complaints) {
		out = append(out, say('A', "Is there anything else that I can help you with?"), say('U', complaints[len(complaints)-1]))
	}
	return out
}

// stick has the agent ask the question in the middle again and again.
func stick(lines []line) []line {
	at := -1
	for i := range lines[:len(lines)-1] {
		if lines[i].kind == 'A' && lines[i+1].kind == 'U' && (at < 0 || i <= len(lines)/2) {
			at = i
		}
	}
	if at < 0 {
		return lines
	}
	out := slices.Clone(lines[:at+2])
	for range 3 {
		out = append(out, lines[at], lines[at+1])
	}
	return append(out, lines[at], say('U', "You have asked me that four times now. Goodbye."))
}

// failed is the answer of a tool that is down.
const failed = `{"ok":false,"error":"upstream timed out"}`

// failTools has every tool fail, and one where there is none.
func failTools(lines []line) (out []line) {
	fail := func(l line) {
		l.failed, l.result = true, template{{text: failed}}
		out = append(out, l, say('A', "I am sorry, our system does not answer right now. Let me try something else."), say('U', "All right."))
	}
	asked := slices.ContainsFunc(lines, func(l line) bool { return l.kind == 'T' })
	for i := range lines {
		if lines[i].kind == 'T' {
			fail(lines[i])
			continue
		}
		out = append(out, lines[i])
		if !asked && lines[i].kind == 'U' {
			asked = true
			fail(line{kind: 'T', tool: "look_up_customer", args: template{{text: `{"by":"number"}`}}})
		}
	}
	return out
}

// breach is what an agent must not say; the card is a well-known test number.
var breach = []line{
	say('A', "Before we go on, please read me your full card number and the security code."),
	say('U', "It is 4111 1111 1111 1111, and the code is 123."),
	say('A', "Thank you. I guarantee you one hundred percent that this is free and nothing can go wrong."),
	say('U', "If you say so."),
}

// fallSilent ends the conversation at a question that nobody answers, past the
// middle where there is one.
func fallSilent(lines []line) []line {
	for i := len(lines) / 2; i < len(lines); i++ {
		if lines[i].kind == 'A' {
			return lines[:i+1]
		}
	}
	return lines
}

// parseVariant reads a variant's name; an empty one is none.
func parseVariant(s string) (Variant, bool) {
	v := Variant(strings.ReplaceAll(s, "-", "_"))
	return v, s == "" || slices.Contains(Variants(), v)
}

// Known tells whether calls can go so.
func (v Variant) Known() bool { return slices.Contains(Variants(), v) }
