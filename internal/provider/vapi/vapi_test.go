package vapi_test

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

const payloads = "../../../testdata/payloads/vapi"

var suite = providertest.Suite{
	Provider: vapi.Provider,
	Dir:      payloads,
	Skip: func(name string) bool {
		switch {
		case name == "rest.get-call.ended.json", name == "rest.post-call.response.json":
			return false // a call of the REST API decodes too
		case strings.HasPrefix(name, "rest."), strings.HasPrefix(name, "control."), strings.HasSuffix(name, ".response.json"):
			return true
		}
		return name == "auth.vectors.json"
	},
	Sequences: [][]string{
		{
			"assistant-request.json", "status-update.ringing.json", "status-update.in-progress.json", "assistant.started.json",
			"speech-update.assistant.started.json", "speech-update.assistant.stopped.json", "speech-update.user.started.json",
			"transcript.partial.json", "language-change-detected.json", "speech-update.user.stopped.json", "transcript.final.json",
			"voice-input.json", "assistant.speechStarted.json", "tool-calls.json", "conversation-update.json", "hang.json",
			"model-output.tool-call.json", "model-output.token.json", "user-interrupted.json", "status-update.ended.json",
			"end-of-call-report.json", "call.artifact.upload.json", "rest.get-call.ended.json", "call.deleted.json",
		},
		{
			"status-update.in-progress.json", "conversation-update.json", "transfer-destination-request.json",
			"handoff-destination-request.json", "phone-call-control.json", "status-update.forwarding.json",
			"transfer-update.json", "transfer-update.assistant.json", "status-update.ended.json",
		},
	},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func FuzzDecode(f *testing.F) { providertest.Fuzz(f, suite) }

// decode folds one body into a call.
func decode(t *testing.T, body string) *ringside.Call {
	t.Helper()
	events, err := vapi.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
	if err != nil {
		t.Fatalf("decode %s: %v", body, err)
	}
	for _, e := range events {
		providertest.Check(t, e)
	}
	return providertest.Fold(events)
}

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ name, body, field string }{
		{"an empty object", `{}`, "/message"},
		{"a null message", `{"message":null}`, "/message"},
		{"a message of another type", `{"message":[]}`, "/message"},
		{"no type", `{"message":{"call":{"id":"a"}}}`, "/message/type"},
		{"a type of another type", `{"message":{"type":7}}`, "/message/type"},
		{"no call", `{"message":{"type":"status-update"}}`, "/message/call/id"},
		{"a call of another type", `{"message":{"type":"hang","call":"a"}}`, "/message/call"},
		{"a call without an id", `{"message":{"type":"hang","call":{}}}`, "/message/call/id"},
		{"a blank id", `{"message":{"type":"hang","call":{"id":" "}}}`, "/message/call/id"},
		{"an id of another type", `{"message":{"type":"hang","call":{"id":7}}}`, "/message/call/id"},
		{"a bare message without a call", `{"type":"hang"}`, "/call/id"},
		{"a call of the REST API without an id", `{"type":"webCall"}`, "/id"},
		{"messages that are no list", `{"message":{"type":"end-of-call-report","call":{"id":"a"},"artifact":{"messages":{}}}}`, "/message/artifact/messages"},
		{"older messages that are no list", `{"message":{"type":"end-of-call-report","call":{"id":"a"},"messages":"hi"}}`, "/message/messages"},
		{"a list", `[]`, ""},
		{"no JSON", `{"message":`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := vapi.Decode(provider.Payload{Body: []byte(tc.body), ReceivedAt: providertest.ReceivedAt})
			if ringside.KindOf(err) != ringside.Invalid {
				t.Fatalf("got %v, want an invalid error", err)
			}
			if got := err.(*ringside.Error).Field; got != tc.field {
				t.Errorf("field %q, want %q (%v)", got, tc.field, err)
			}
		})
	}
}

func TestDecodeIgnores(t *testing.T) {
	for name, body := range map[string]string{
		"a partial transcript":          `{"message":{"type":"transcript","transcriptType":"partial","call":{"id":"a"}}}`,
		"a token":                       `{"message":{"type":"model-output","output":"Hel","call":{"id":"a"}}}`,
		"a campaign":                    `{"message":{"type":"campaign.started","campaignId":"c"}}`,
		"a contact":                     `{"message":{"type":"contact.dispatched"}}`,
		"a chat":                        `{"message":{"type":"chat.created","chat":{"id":"c"}}}`,
		"a session":                     `{"message":{"type":"session.updated","session":{"id":"s"}}}`,
		"a tool call of a chat":         `{"message":{"type":"tool-calls","chat":{"id":"c"}}}`,
		"an assistant-request, no call": `{"message":{"type":"assistant-request"}}`,
		"an endpointing request":        `{"message":{"type":"call.endpointing.request"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := vapi.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
			if reason, ok := provider.IsIgnored(err); !ok || reason == "" {
				t.Errorf("got %v, want it ignored with a reason", err)
			}
		})
	}
}

// An unknown type, a bare message and the type that carries its condition are
// all events of their call.
func TestDecodeTakes(t *testing.T) {
	const c = `"call":{"id":"a","type":"outboundPhoneCall","customer":{"number":"+15550001"}}`
	for _, tc := range []struct {
		name, body, event string
		status            ringside.Status
	}{
		{"a type that is new", `{"message":{"type":"weather-update","status":"stormy",` + c + `}}`, "weather-update", ringside.StatusUnknown},
		{"a bare message", `{"type":"status-update","status":"queued",` + c + `}`, "status-update", ringside.StatusQueued},
		{"a condition in the type", `{"message":{"type":"transcript[transcriptType=\"final\"]","role":"user","transcript":"Hi",` + c + `}}`, "transcript", ringside.StatusActive},
		{"a status that is no phase", `{"message":{"type":"status-update","status":"deletion-failed",` + c + `}}`, "status-update", ringside.StatusUnknown},
		{"a scheduled call", `{"message":{"type":"status-update","status":"scheduled",` + c + `}}`, "status-update", ringside.StatusQueued},
		{"a request hook with a call", `{"message":{"type":"knowledge-base-request",` + c + `}}`, "knowledge-base-request", ringside.StatusActive},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := decode(t, tc.body)
			if got.LastEvent != tc.event || got.Status != tc.status || got.To != "+15550001" || got.Direction != ringside.Outbound {
				t.Errorf("got event %q, status %q, to %q, direction %q", got.LastEvent, got.Status, got.To, got.Direction)
			}
		})
	}
}

// A call of the REST API is one whatever its type.
func TestCallOfAnyType(t *testing.T) {
	for _, typ := range []string{`"type":"outboundPhoneCall",`, `"type":"smsCall",`, `"type":null,`, ``} {
		got := decode(t, `{`+typ+`"id":"a","orgId":"o","createdAt":"2026-09-14T15:04:00.740Z","status":"ended","endedReason":"customer-ended-call"}`)
		if got.ProviderCallID != "a" || got.Status != ringside.StatusCompleted || got.LastEvent != "call" {
			t.Errorf("%s: id %q, status %q, event %q", typ, got.ProviderCallID, got.Status, got.LastEvent)
		}
	}
}

// The stale status in the call must never be believed.
func TestStaleStatus(t *testing.T) {
	got := decode(t, `{"message":{"type":"status-update","status":"in-progress","call":{"id":"a","status":"ended"}}}`)
	if got.Status != ringside.StatusActive {
		t.Errorf("status %q, want active", got.Status)
	}
}

// A part that can't be read costs a warning, not the call.
func TestUnreadableParts(t *testing.T) {
	got := decode(t, `{"message":{"type":"end-of-call-report","call":{"id":"a","monitor":7},"assistant":[],"costs":"free","cost":0.5,
		"analysis":[1],"artifact":{"performanceMetrics":"fast","transfers":{},"messages":[{"role":"user","message":"Hi","metadata":"none","secondsFromStart":1}]}}}`)
	if len(got.Turns) != 1 || got.Cost == nil || got.Cost.Total != 0.5 {
		t.Errorf("turns %v, cost %v", got.Turns, got.Cost)
	}
	if len(got.Warnings) != 7 {
		t.Errorf("got %d warnings, want one a part: %q", len(got.Warnings), got.Warnings)
	}
}
