// Package ringside is the domain of Ringside, the monitor for AI voice agents:
// its words (call, turn, tool call, recording, agent, workspace) and its rules
// (how events fold into a call, what a status means, who ended it and why).
//
// The package imports the standard library only. Everything that touches a
// disk, a socket or a clock lives below internal/ and depends on this package,
// never the other way round.
//
// # How a call comes to be
//
// Vendors tell us about a call many times over: a ringing status, live turns,
// an end-of-call report, an analysis minutes later. Each delivery is decoded
// into one or more [Event] values, each a set of facts with a stamp. Folding
// them with [Call.Apply] gives the [Call]. The fold is a confluence: the same
// events in any order, any number of times, split or late, give the same call.
//
// # Units
//
// Points in time are time.Time in UTC, with millisecond precision. Offsets and
// durations within a call are integers in milliseconds from the answer and say
// so in their names (StartMS). Money is a float in the currency beside it.
package ringside
