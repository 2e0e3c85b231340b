package flat

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

// endOf reads a free-text reason. The sender may be any platform, so it goes
// by the words that platforms use, the most telling first.
func endOf(reason string) ringside.End {
	r := strings.NewReplacer("-", " ", "_", " ", ".", " ").Replace(strings.ToLower(reason))
	for _, row := range reasons {
		for _, w := range row.words {
			if strings.Contains(r, w) {
				return row.end
			}
		}
	}
	return ringside.End{By: ringside.EndedByUnknown}
}

var reasons = []struct {
	words []string
	end   ringside.End
}{
	{[]string{"voicemail", "machine"}, ringside.End{By: ringside.EndedByAgent, Failure: ringside.FailureVoicemail}},
	{[]string{"did not answer", "no answer", "noanswer", "unanswered"}, ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
	{[]string{"busy"}, ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
	{[]string{"declined", "rejected"}, ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}},
	{[]string{"silence", "inactivity"}, ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureSilence}},
	{[]string{"max duration", "maximum duration", "exceeded"}, ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureMaxDuration}},
	{[]string{"transfer failed"}, ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureTransfer}},
	{[]string{"llm", "model"}, ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureModel}},
	{[]string{"transcriber", "asr", "stt"}, ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTranscriber}},
	{[]string{"voice failed", "tts"}, ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureVoice}},
	{[]string{"sip", "carrier", "telephony", "invalid number"}, ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony}},
	{[]string{"error", "failed", "failure"}, ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureUnknown}},
	{[]string{"customer", "user", "caller", "client"}, ringside.End{By: ringside.EndedByCustomer}},
	{[]string{"assistant", "agent", "bot"}, ringside.End{By: ringside.EndedByAgent}},
}
