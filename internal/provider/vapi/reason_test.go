package vapi

import (
	"cmp"
	"os"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
)

// TestEveryReason walks Vapi's own list. The count of each class is fixed, so
// that a change of a rule shows everything that it moves; a reason that no
// rule knows would count as unknown.
func TestEveryReason(t *testing.T) {
	b, err := os.ReadFile("../../../testdata/payloads/vapi/endedReason.enum.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[ringside.FailureClass]int{
		ringside.FailureNone:        17,
		ringside.FailureNoAnswer:    2,
		ringside.FailureBusy:        1,
		ringside.FailureDeclined:    1,
		ringside.FailureVoicemail:   1,
		ringside.FailureSilence:     1,
		ringside.FailureMaxDuration: 1,
		ringside.FailureTransfer:    10,
		ringside.FailureProvider:    30,
		ringside.FailureModel:       317,
		ringside.FailureVoice:       120,
		ringside.FailureTranscriber: 99,
		ringside.FailureTelephony:   27,
	}
	got, n := map[ringside.FailureClass]int{}, 0
	for _, r := range strings.Fields(string(b)) {
		end := endOf(r)
		got[end.Failure]++
		n++
		if _, listed := reasons[r]; !listed && (end.Failure == ringside.FailureNone || end.Component == "") {
			t.Errorf("%s: no rule knows it: %+v", r, end)
		}
		if end.By == "" {
			t.Errorf("%s: nobody ended it", r)
		}
	}
	if n != 627 {
		t.Errorf("the list has %d reasons, want 627", n)
	}
	for _, class := range append(ringside.FailureClasses, ringside.FailureNone) {
		if got[class] != want[class] {
			t.Errorf("class %q: %d reasons, want %d", cmp.Or(class, "none"), got[class], want[class])
		}
	}
}

func TestReasons(t *testing.T) {
	for _, tc := range []struct {
		reason string
		want   ringside.End
	}{
		{"customer-ended-call", ringside.End{By: "customer"}},
		{"assistant-said-end-call-phrase", ringside.End{By: "agent"}},
		{"voicemail", ringside.End{By: "agent", Failure: "voicemail"}},
		{"customer-did-not-answer", ringside.End{By: "system", Failure: "no_answer"}},
		{"manually-canceled", ringside.End{By: "operator"}},
		{"call.in-progress.error-providerfault-openai-llm-failed", ringside.End{By: "provider", Failure: "model_error", Component: "openai"}},
		{"call.in-progress.error-vapifault-azure-openai-429-exceeded-quota", ringside.End{By: "provider", Failure: "model_error", Component: "azure-openai"}},
		{"pipeline-error-anthropic-bedrock-503-server-overloaded-error", ringside.End{By: "provider", Failure: "model_error", Component: "anthropic-bedrock"}},
		{"pipeline-error-deepgram-returning-403-model-access-denied", ringside.End{By: "provider", Failure: "transcriber_error", Component: "deepgram"}},
		{"pipeline-error-deepgram-voice-failed", ringside.End{By: "provider", Failure: "voice_error", Component: "deepgram"}},
		{"pipeline-error-openai-transcriber-failed", ringside.End{By: "provider", Failure: "transcriber_error", Component: "openai"}},
		{"pipeline-error-eleven-labs-unauthorized-to-access-model", ringside.End{By: "provider", Failure: "voice_error", Component: "eleven-labs"}},
		{"call.in-progress.error-providerfault-outbound-sip-403-forbidden", ringside.End{By: "provider", Failure: "telephony_error", Component: "sip"}},
		{"call.in-progress.error-vapifault-transport-never-connected", ringside.End{By: "provider", Failure: "telephony_error", Component: "transport"}},
		{"call.in-progress.error-vapifault-tavus-video-failed", ringside.End{By: "provider", Failure: "provider_error", Component: "tavus"}},
		{"twilio-reported-customer-misdialed", ringside.End{By: "provider", Failure: "telephony_error", Component: "twilio"}},
		{"call.start.error-subscription-frozen", ringside.End{By: "provider", Failure: "provider_error", Component: "subscription-frozen"}},
		// Not on the list.
		{"hangup", ringside.End{By: "unknown"}},
		{"customer-walked-away", ringside.End{By: "customer"}},
		{"pipeline-error-newco-llm-failed", ringside.End{By: "provider", Failure: "model_error", Component: "newco"}},
		{"pipeline-error-newco-voice-not-found", ringside.End{By: "provider", Failure: "voice_error", Component: "newco"}},
		{"pipeline-error-newco-429-exceeded-quota", ringside.End{By: "provider", Failure: "provider_error", Component: "newco"}},
		{"something-failed", ringside.End{By: "provider", Failure: "unknown"}},
	} {
		if got := endOf(tc.reason); got != tc.want {
			t.Errorf("%s: got %+v, want %+v", tc.reason, got, tc.want)
		}
	}
}
