package text

import "github.com/ringsidehq/ringside"

// machines are what a voicemail box says, with how sure each makes it: people
// leave messages, too. Source: our own, from carriers' announcements.
var machines = compile([]cue{
	{pattern: "leave|record ~ message", weight: 1},
	{pattern: "after|at the tone|beep|signal", weight: 1},
	{pattern: "reached the|my? voicemail|voice|mailbox|answering", weight: machineAt},
	{pattern: "forwarded to ~ voicemail|voice|mailbox|automated", weight: machineAt},
	{pattern: "mailbox is full", weight: machineAt},
	{pattern: "is|am not|unavailable available|able? ~ take|answer your|the call|phone", weight: 1},
})

// machineAt is how sure it takes.
const machineAt = 2

// mixedUp is why nothing is told of a transcript without speakers.
const mixedUp = "the transcript does not tell who speaks"

// talk tells whether there was a conversation.
func (k *look) talk() {
	switch k.call.Outcome.FailureClass {
	case ringside.FailureNoAnswer, ringside.FailureBusy, ringside.FailureDeclined:
		k.silent = "nobody took the call"
		return
	case ringside.FailureVoicemail:
		k.silent = "a voicemail box answered"
		return
	}
	switch {
	case len(k.call.Turns) == 0:
		k.silent = "there is no transcript"
	case k.mixed:
		k.silent = mixedUp
	case k.customer == 0:
		k.silent = "the customer said nothing"
	case k.agentTurns == 0:
		k.silent = "the agent said nothing"
	case k.customer <= 2 && k.machine():
		k.silent = "what answered sounds like a voicemail box"
	default:
		k.talked = true
	}
}

// without says why nothing can be told of a conversation.
func (k *look) without() string {
	if k.silent == mixedUp {
		return "Both sides are on one channel, and the transcript does not tell who speaks."
	}
	return "There was no conversation: " + k.silent + "."
}

// machine tells whether the few turns of the other side are a voicemail box's.
func (k *look) machine() bool {
	sure := 0.0
	for i := range k.turns {
		if s := &k.turns[i]; s.Role == ringside.RoleUser {
			machines.all(s.Words, func(h hit) { sure += h.cue.weight })
		}
	}
	return sure >= machineAt
}
