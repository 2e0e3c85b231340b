package vapi

import "time"

// AnswerWithin is how long Vapi waits for an answer: an inbound call rings for
// as long as assistant-request is not answered, so there the limit is firm; for
// the rest it is the default of a server's timeoutSeconds.
func AnswerWithin(event string) time.Duration {
	if event == "assistant-request" {
		return 7500 * time.Millisecond
	}
	return 20 * time.Second
}
