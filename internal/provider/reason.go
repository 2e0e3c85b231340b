package provider

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

// Reason is an end in our terms and the words by which it is told. A word
// stands for itself; one that ends in * stands for all that begin with it.
type Reason struct {
	Words []string
	End   ringside.End
}

// EndByWords reads the reason of an end that vendors write as free text: the
// first row holds of which one word or phrase stands in it.
func EndByWords(reason string, rows []Reason) (end ringside.End, found bool) {
	text := " " + strings.Join(strings.FieldsFunc(strings.ToLower(reason), notInWord), " ") + " "
	for _, row := range rows {
		for _, w := range row.Words {
			stem, open := strings.CutSuffix(w, "*")
			if !open {
				stem += " "
			}
			if strings.Contains(text, " "+stem) {
				return row.End, true
			}
		}
	}
	return ringside.End{}, false
}

func notInWord(r rune) bool {
	return r < 128 && (r < 'a' || r > 'z') && (r < '0' || r > '9')
}

// EndOf reads a free-text reason whose sender may be any platform. It goes by
// the words that platforms use, the most telling first.
func EndOf(reason string) ringside.End {
	if end, ok := EndByWords(reason, reasons); ok {
		return end
	}
	return ringside.End{By: ringside.EndedByUnknown}
}

var reasons = []Reason{
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
