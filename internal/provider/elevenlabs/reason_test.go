package elevenlabs_test

import (
	"encoding/json"
	"testing"

	"github.com/ringsidehq/ringside"
)

func TestTerminationReasons(t *testing.T) {
	for _, tc := range []struct {
		reason  string
		by      ringside.EndedBy
		failure ringside.FailureClass
	}{
		{"Call ended by remote party", ringside.EndedByCustomer, ""},
		{"Client disconnected: 1000", ringside.EndedByCustomer, ""},
		{"Client disconnected: 1005", ringside.EndedByCustomer, ""},
		{"end_call tool was called.", ringside.EndedByAgent, ""},
		{"Call transferred to another number", ringside.EndedByAgent, ""},
		{"transfer_to_number tool was called.", ringside.EndedByAgent, ""},
		{"voicemail_detection tool was called.", ringside.EndedByAgent, ringside.FailureVoicemail},
		{"Conversation ended due to user inactivity", ringside.EndedBySystem, ringside.FailureSilence},
		{"Ended after silence", ringside.EndedBySystem, ringside.FailureSilence},
		{"Max conversation duration of 600 seconds exceeded", ringside.EndedBySystem, ringside.FailureMaxDuration},
		{"custom_llm generation failed", ringside.EndedByProvider, ringside.FailureModel},
		{"TTS request failed", ringside.EndedByProvider, ringside.FailureVoice},
		{"ASR stream closed with an error", ringside.EndedByProvider, ringside.FailureTranscriber},
		{"Twilio error 31005", ringside.EndedByProvider, ringside.FailureTelephony},
		{"This request exceeds your quota limit", ringside.EndedByProvider, ringside.FailureProvider},
		{"Missing required dynamic variables in tools", ringside.EndedByProvider, ringside.FailureProvider},
		{"Call transfer failed", ringside.EndedBySystem, ringside.FailureTransfer},
		{"Guardrail triggered", ringside.EndedBySystem, ""},
		{"Ended by a supervisor", ringside.EndedByOperator, ""},
		{"the stars were against it", ringside.EndedByUnknown, ""},
		{"", ringside.EndedByUnknown, ""},
	} {
		t.Run(tc.reason, func(t *testing.T) {
			body, err := json.Marshal(map[string]any{"type": "post_call_transcription", "data": map[string]any{
				"conversation_id": "c", "status": "done", "metadata": map[string]any{"termination_reason": tc.reason},
			}})
			if err != nil {
				t.Fatal(err)
			}
			wantEnd(t, string(body), tc.reason, ringside.End{By: tc.by, Failure: tc.failure})
		})
	}
}

func TestEndsThatTheReasonDoesNotTell(t *testing.T) {
	for _, tc := range []struct {
		name, data, reason string
		by                 ringside.EndedBy
		failure            ringside.FailureClass
	}{
		{"an error with a reason of its own", `"metadata":{"error":{"code":1002,"reason":"Override of the first message is not allowed"}}`, "Override of the first message is not allowed", ringside.EndedByProvider, ringside.FailureProvider},
		{"an error that tells the component", `"metadata":{"termination_reason":"unexpected","error":{"code":1011,"reason":"tts failed"}}`, "unexpected", ringside.EndedByProvider, ringside.FailureVoice},
		{"an error with a code alone", `"metadata":{"error":{"code":1011}}`, "error 1011", ringside.EndedByProvider, ringside.FailureProvider},
		{"a failed status alone", `"status":"failed"`, "", ringside.EndedByProvider, ringside.FailureUnknown},
		{"voicemail by the feature", `"metadata":{"termination_reason":"Call ended by remote party","features_usage":{"voicemail_detection":{"used":true}}}`, "Call ended by remote party", ringside.EndedByCustomer, ringside.FailureVoicemail},
		{"a transfer that failed", `"transcript":[{"role":"agent","tool_calls":[{"request_id":"1","tool_name":"transfer_to_number"}],"tool_results":[{"request_id":"1","is_error":true}]}]`, "", ringside.EndedByUnknown, ringside.FailureTransfer},
		{"a transfer that failed twice", `"transcript":[{"role":"agent","tool_calls":[{"request_id":"1","tool_name":"transfer_to_number"},{"request_id":"2","tool_name":"transfer_to_number"}],"tool_results":[{"request_id":"1","is_error":true},{"request_id":"2","is_error":true}]}]`, "", ringside.EndedByUnknown, ringside.FailureTransfer},
		{"a transfer that failed and then did not", `"transcript":[{"role":"agent","tool_calls":[{"request_id":"1","tool_name":"transfer_to_number"},{"request_id":"2","tool_name":"transfer_to_number"}],"tool_results":[{"request_id":"1","is_error":true},{"request_id":"2","result_value":"ok"}]}]`, "", ringside.EndedByUnknown, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			wantEnd(t, `{"type":"post_call_transcription","data":{"conversation_id":"c",`+tc.data+`}}`, tc.reason, ringside.End{By: tc.by, Failure: tc.failure})
		})
	}
}

func TestInitiationFailures(t *testing.T) {
	for _, tc := range []struct {
		name, data, reason string
		end                ringside.End
	}{
		{"busy", `"failure_reason":"busy"`, "busy", ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
		{"no answer", `"failure_reason":"no-answer"`, "no-answer", ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
		{"unknown", `"failure_reason":"unknown"`, "unknown", ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureUnknown}},
		{"no reason at all", `"metadata":null`, "unknown", ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureUnknown}},
		{"the carrier's status", `"failure_reason":"unknown","metadata":{"type":"twilio","body":{"CallStatus":"busy"}}`, "unknown", ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
		{"SIP busy everywhere", `"failure_reason":"unknown","metadata":{"type":"sip","body":{"sip_status_code":"600"}}`, "unknown", ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
		{"SIP decline", `"failure_reason":"unknown","metadata":{"type":"sip","body":{"sip_status_code":603}}`, "unknown", ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}},
		{"SIP timeout", `"failure_reason":"unknown","metadata":{"type":"twilio","body":{"SipResponseCode":"408"}}`, "unknown", ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
		{"SIP server error", `"failure_reason":"unknown","metadata":{"type":"sip","body":{"sip_status_code":503}}`, "unknown", ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony, Component: "sip"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			events, err := decode(`{"type":"call_initiation_failure","data":{"conversation_id":"c",` + tc.data + `}}`)
			if err != nil {
				t.Fatal(err)
			}
			if x := events[0].Facts; *x.End != tc.end || x.EndedReason != tc.reason || x.Phase != ringside.PhaseEnded {
				t.Errorf("%q %+v, want %q %+v", x.EndedReason, *x.End, tc.reason, tc.end)
			}
		})
	}
}

// wantEnd compares all of an end but the component.
func wantEnd(t *testing.T, body, reason string, want ringside.End) {
	t.Helper()
	events, err := decode(body)
	if err != nil {
		t.Fatal(err)
	}
	x := events[0].Facts
	got := *x.End
	got.Component = ""
	if got != want || x.EndedReason != reason {
		t.Errorf("%q %+v, want %q %+v", x.EndedReason, got, reason, want)
	}
}
