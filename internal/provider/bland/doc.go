// Package bland decodes what Bland sends to a call's webhook, and the call
// object of its API, which is the same as the post-call body.
//
// Bodies are told apart by their shape, in this order:
//
//	event_type, and no transcript          citations, evals and other looks at a call that is over
//	category and message, no transcript    one line of the live log
//	transcripts or concatenated_transcript the post-call report, sent again when it was enriched
//	batch_id, status, timestamp, no call   how far a batch is: ignored
//
// A live line carries neither a time nor a number, so it happened when it was
// received, and two lines with the same text are one delivery. The report
// corrects whatever that loses.
//
// Units: call_length, max_duration and the transfer durations are minutes,
// corrected_duration is seconds in a string, the corrected transcript counts
// seconds from the answer, price is US dollars. end_at is the deadline of the
// call and is not read: the end is started_at and the duration.
package bland
