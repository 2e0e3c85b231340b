package bland

import (
	"cmp"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// end reads how the call ended, which Bland spreads over several fields, and
// the one of them that told it, as it came.
func (b *body) end() (reason string, end ringside.End) {
	status, by := strings.ToLower(string(b.Status)), strings.ToLower(string(b.AnsweredBy))
	if status == "" || status == "unknown" {
		status = dispositions[string(b.DispositionTag)]
	}
	switch {
	case by == "voicemail":
		return by, ringside.End{By: ringside.EndedByAgent, Failure: ringside.FailureVoicemail}
	case status == "busy":
		return status, ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}
	case status == "canceled" || status == "cancelled":
		return status, ringside.End{By: ringside.EndedByOperator}
	case status == "no-answer" || by == "no-answer":
		return "no-answer", ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}
	case status == "failed", status == "" && strings.HasSuffix(string(b.QueueStatus), "_error"):
		return cmp.Or(string(b.ErrorMessage), status, string(b.QueueStatus)), b.failure()
	}
	return cmp.Or(string(b.CallEndedBy), string(b.Status), string(b.QueueStatus)), b.ordinary()
}

// dispositions are the built-in tags that tell a status, for a call without.
var dispositions = map[string]string{"NO_ANSWER": "no-answer", "BUSY": "busy", "CANCELED": "canceled", "FAILED": "failed"}

// ordinary is the end of a call that was held. An error message beside it is
// not its end: documented samples have one beside a completed call.
func (b *body) ordinary() ringside.End {
	var end ringside.End
	switch strings.ToUpper(string(b.CallEndedBy)) {
	case "USER":
		end.By = ringside.EndedByCustomer
	case "ASSISTANT":
		end.By = ringside.EndedByAgent
	default:
		end.By = ringside.EndedByUnknown
		// A second less than the limit is the limit: lengths are rounded.
		seconds, _ := b.seconds()
		if limit := b.MaxDuration.Value * 60; limit > 0 && seconds >= limit-1 {
			return ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureMaxDuration}
		}
	}
	if w := b.warm(&ringside.Facts{}); w != nil && transferFailed[string(w.State)] {
		end.Failure = ringside.FailureTransfer
	}
	return end
}

// failure classes a failed call by its error message, else by the step of the
// queue that failed.
func (b *body) failure() ringside.End {
	if end, ok := provider.EndByWords(string(b.ErrorMessage), messages); ok {
		return end
	}
	f := ringside.FailureUnknown
	switch b.QueueStatus {
	case "call_error":
		f = ringside.FailureTelephony
	case "pre_queue_error", "queue_error", "complete_error":
		f = ringside.FailureProvider
	}
	return ringside.End{By: ringside.EndedByProvider, Failure: f}
}

// messages are the words of error messages, the most telling first.
var messages = []provider.Reason{
	{Words: []string{"busy"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
	{Words: []string{"declined", "rejected"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}},
	{Words: []string{"no answer", "not answer*", "unanswered"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
	{Words: []string{"voicemail"}, End: ringside.End{By: ringside.EndedByAgent, Failure: ringside.FailureVoicemail}},
	{Words: []string{"transfer*"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTransfer}},
	{Words: []string{"llm", "model"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureModel}},
	{Words: []string{"tts", "voice"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureVoice}},
	{Words: []string{"transcri*", "stt", "asr"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTranscriber}},
	{
		Words: []string{"not found", "invalid", "not valid", "not in service", "disconnected", "unallocated", "does not exist", "unreachable", "number", "carrier", "sip", "telephony", "phone"},
		End:   ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony},
	},
	{
		Words: []string{"internal", "server", "rate", "limit", "concurren*", "balance", "credit*", "payment", "queue"},
		End:   ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureProvider},
	},
}
