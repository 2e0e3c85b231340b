// Package vapi decodes Vapi's server messages: {"message":{"type":…}}, one
// message a delivery. The same facts come from a call as the REST API gives it
// (GET /call/{id}), so that backfill needs no decoder of its own.
//
//	assistant-request ─▶ status-update ringing ─▶ status-update in-progress
//	     ─▶ conversation-update, transcript, speech-update, tool-calls, … (live)
//	     ─▶ status-update ended ─▶ end-of-call-report
//
// Every message carries a copy of the call. Its id, type, numbers and creation
// time are good; its status is stale (a report has been seen with "ringing"),
// so how far a call has got is read from the message alone.
//
// Units are not what the documents say: secondsFromStart is seconds, time and
// endTime are Unix milliseconds, duration is seconds in old messages and
// milliseconds in new ones, performance metrics are milliseconds in production
// and seconds here and there. What had to be guessed is a warning of the call.
//
// A part that a call can do without (costs, metrics, analysis, …) and that
// can't be read costs a warning, never the call.
package vapi
