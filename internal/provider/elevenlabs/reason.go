package elevenlabs

import (
	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// endOf puts the end of a conversation into our terms. The reason is free
// text; an error beside it tells more, and so does a status of failed.
func endOf(reason string, e *callError, status string) ringside.End {
	end, known := provider.EndByWords(reason, reasons)
	if !known {
		end = ringside.End{By: ringside.EndedByUnknown}
	}
	if end.Failure != ringside.FailureNone {
		return end
	}
	switch {
	case e != nil:
		if told, ok := provider.EndByWords(string(e.Reason), reasons); ok && told.Failure != ringside.FailureNone {
			return told
		}
		return ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureProvider}
	case status == "failed":
		return ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureUnknown}
	}
	return end
}

// reasons are the words by which the vendor tells an end, the most telling
// first: "custom_llm generation failed" is the model, not a failure at large.
var reasons = []provider.Reason{
	{Words: []string{"voicemail", "answering machine"}, End: ringside.End{By: ringside.EndedByAgent, Failure: ringside.FailureVoicemail}},
	{Words: []string{"no answer", "not answered", "did not answer"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
	{Words: []string{"busy"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
	{Words: []string{"declined", "rejected"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}},
	{Words: []string{"transfer failed", "transfer error", "failed to transfer", "transfer was not"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureTransfer}},
	{Words: []string{"silence", "inactiv*", "no user input", "user idle", "no response from user"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureSilence}},
	{Words: []string{"max duration", "maximum duration", "max call duration", "maximum call duration", "max conversation duration", "maximum conversation duration", "duration limit", "duration exceeded", "exceeded duration", "max length", "time limit"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureMaxDuration}},
	{Words: []string{"llm", "language model", "model"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureModel, Component: "model"}},
	{Words: []string{"tts", "text to speech", "voice id", "voice failed", "speech synthesis"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureVoice, Component: "voice"}},
	{Words: []string{"asr", "stt", "speech to text", "transcri*"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTranscriber, Component: "transcriber"}},
	{Words: []string{"sip error", "sip failure", "twilio error", "carrier error", "telephony error", "trunk error", "invalid number"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony, Component: "telephony"}},
	{Words: []string{"transferred", "transfer to*"}, End: ringside.End{By: ringside.EndedByAgent}},
	{Words: []string{"supervisor", "operator", "human takeover"}, End: ringside.End{By: ringside.EndedByOperator}},
	{Words: []string{"end call", "ended by agent", "ended by the agent", "agent ended", "agent hung up"}, End: ringside.End{By: ringside.EndedByAgent}},
	{Words: []string{"remote party", "client disconnected", "hung up", "ended by user", "ended by the user", "user ended"}, End: ringside.End{By: ringside.EndedByCustomer}},
	{Words: []string{"guardrail*", "moderation"}, End: ringside.End{By: ringside.EndedBySystem}},
	{Words: []string{"error", "errors", "failed", "failure", "exceeds", "exceeded", "quota", "rate limit", "missing required", "not allowed", "unauthorized", "timed out", "timeout", "exception"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureProvider}},
	{Words: []string{"client", "user", "customer", "caller"}, End: ringside.End{By: ringside.EndedByCustomer}},
	{Words: []string{"agent", "assistant"}, End: ringside.End{By: ringside.EndedByAgent}},
}

// failureEnd is why a call never began: the vendor's word, else the carrier's.
func failureEnd(reason string, c *carrier, via string) ringside.End {
	end, known := provider.EndByWords(reason, failures)
	if !known {
		end, known = provider.EndByWords(string(c.TwilioStatus)+" / "+string(c.SIPStatus)+" / "+string(c.SIPError), failures)
	}
	if !known {
		end, known = sipEnd(int(c.code().Value))
	}
	if !known {
		end = ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureUnknown}
	}
	if end.Failure == ringside.FailureTelephony {
		end.Component = via
	}
	return end
}

var failures = []provider.Reason{
	{Words: []string{"no answer", "ring timeout"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
	{Words: []string{"busy"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
	{Words: []string{"declined", "decline", "rejected"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}},
}

// sipEnd reads a SIP answer (RFC 3261) to a call that was never taken.
func sipEnd(code int) (ringside.End, bool) {
	switch {
	case code == 486 || code == 600:
		return ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}, true
	case code == 603:
		return ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}, true
	case code == 408 || code == 480 || code == 487:
		return ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}, true
	case code >= 400 && code < 700:
		return ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony}, true
	}
	return ringside.End{}, false
}
