// Package retell decodes what Retell sends: the webhooks {event, call} and the
// bare call object of its API.
//
// The deliveries about one call, in the order they are sent:
//
//	call_started         the basic call; not sent when the dial fails
//	transcript_updated   the whole transcript so far, on each change of turn
//	transfer_started, transfer_bridged, transfer_cancelled, transfer_ended
//	call_ended           everything but the analysis; may be the first to come
//	call_analyzed        everything
//
// While a call is on, Follow reads its monitor, and tells the whole transcript
// so far in the form of a webhook of our own, monitor_call.
//
// No delivery carries the time it was sent, so live ones are ordered by when
// they were received.
//
// Units: timestamps are Unix milliseconds, words and time_sec are seconds from
// the start of the call's audio, latencies milliseconds, costs US cents. A
// call has a start only once it is connected, so its start is the answer.
package retell
