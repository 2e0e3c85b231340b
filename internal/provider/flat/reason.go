package flat

import (
	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// endOf reads a free-text reason. The sender may be any platform, so it goes
// by the words that platforms use, the most telling first.
func endOf(reason string) ringside.End {
	if end, ok := provider.EndByWords(reason, reasons); ok {
		return end
	}
	return ringside.End{By: ringside.EndedByUnknown}
}

var reasons = []provider.Reason{
	{Words: []string{"voicemail", "machine", "machine detected"}, End: ringside.End{By: ringside.EndedByAgent, Failure: ringside.FailureVoicemail}},
	{Words: []string{"did not answer", "no answer", "noanswer", "unanswered", "not answered"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
	{Words: []string{"busy"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
	{Words: []string{"declined", "rejected"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}},
	{Words: []string{"silence", "silent", "inactiv*"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureSilence}},
	{Words: []string{"max duration", "maximum duration", "exceeded max*", "duration exceeded", "time limit", "max length"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureMaxDuration}},
	{Words: []string{"transfer failed", "failed transfer", "transfer error"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureTransfer}},
	{Words: []string{"llm", "model"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureModel}},
	{Words: []string{"transcriber", "asr", "stt"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTranscriber}},
	{Words: []string{"voice failed", "voice error", "tts"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureVoice}},
	{Words: []string{"sip", "carrier", "telephony", "twilio", "vonage", "telnyx", "invalid number", "invalid destination"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony}},
	{Words: []string{"error", "failed", "failure"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureUnknown}},
	{Words: []string{"customer", "user", "caller", "client"}, End: ringside.End{By: ringside.EndedByCustomer}},
	{Words: []string{"assistant", "agent", "bot", "transfer*", "forwarded"}, End: ringside.End{By: ringside.EndedByAgent}},
	{Words: []string{"operator", "supervisor"}, End: ringside.End{By: ringside.EndedByOperator}},
}
