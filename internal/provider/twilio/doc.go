// Package twilio decodes Twilio's callbacks about calls, forms all of them:
//
//	status     initiated ─▶ ringing ─▶ in-progress ─▶ completed, busy, failed, no-answer or canceled
//	recording  RecordingStatus in-progress, completed or absent; may come after the last status
//	machine    AnsweredBy, once it is known whether a person answered
//
// They come out of order. Each status carries Twilio's time in whole seconds,
// and how far a call has got only ever grows, so the order does not matter.
// Twilio knows the line and nothing of what is said on it: there are no turns,
// and nobody says who hung up.
//
// A call that Twilio made to reach somebody for another call (outbound-dial,
// with a parent) is a leg of that call and no call of its own.
//
// Units: durations are seconds, AMD's milliseconds. Twilio keeps recordings
// and gives them to who has the account's SID and token.
package twilio
