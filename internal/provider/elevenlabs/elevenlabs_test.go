package elevenlabs_test

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

var suite = providertest.Suite{
	Provider: elevenlabs.Provider,
	Dir:      "../../../testdata/payloads/elevenlabs",
	Skip:     func(name string) bool { return name == "signatures.json" },
	Sequences: [][]string{
		{"post_call_transcription.json", "post_call_audio.json"},
		{"post_call_transcription_otel.json", "post_call_audio.json"},
	},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func FuzzDecode(f *testing.F) { providertest.Fuzz(f, suite) }

func decode(body string) ([]ringside.Event, error) {
	return elevenlabs.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
}

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ name, body, field string }{
		{"no type", `{"data":{}}`, "/type"},
		{"a type that is no string", `{"type":7}`, "/type"},
		{"two types, one empty", `{"type":"post_call_audio","type":"","data":{"conversation_id":"c"}}`, "/type"},
		{"no data", `{"type":"post_call_transcription"}`, "/data"},
		{"data that is null", `{"type":"post_call_audio","data":null}`, "/data"},
		{"data that is a list", `{"type":"call_initiation_failure","data":[]}`, "/data"},
		{"no conversation", `{"type":"post_call_transcription","data":{"agent_id":"a"}}`, "/data/conversation_id"},
		{"a blank conversation", `{"type":"post_call_audio","data":{"conversation_id":" "}}`, "/data/conversation_id"},
		{"a conversation that is a number", `{"type":"call_initiation_failure","data":{"conversation_id":1}}`, "/data/conversation_id"},
		{"a transcript that is text", `{"type":"post_call_transcription","data":{"conversation_id":"c","transcript":"hi"}}`, "/data/transcript"},
		{"an entry that is text", `{"type":"post_call_transcription","data":{"conversation_id":"c","transcript":[{"role":"user"},"hi"]}}`, "/data/transcript/1"},
		{"a role that is a number", `{"type":"post_call_transcription","data":{"conversation_id":"c","transcript":[{"role":3}]}}`, "/data/transcript/0/role"},
		{"tool calls that are no list", `{"type":"post_call_transcription","data":{"conversation_id":"c","transcript":[{},{"tool_calls":{}}]}}`, "/data/transcript/1/tool_calls"},
		{"spans that name no conversation", `{"type":"post_call_transcription_otel","data":{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"}]}]}]}}`, "/data/conversation_id"},
		{"spans that are no list", `{"type":"post_call_transcription_otel","data":{"resourceSpans":{}}}`, "/data/resourceSpans"},
		{"no JSON", `{"type":`, ""},
		{"a list", `[]`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := decode(tc.body)
			if ringside.KindOf(err) != ringside.Invalid {
				t.Fatalf("got %v, want an invalid error", err)
			}
			if got := err.(*ringside.Error).Field; got != tc.field {
				t.Errorf("field %q, want %q", got, tc.field)
			}
		})
	}
}

func TestDecodeIgnores(t *testing.T) {
	for _, body := range []string{
		`{"type":"voice_removal_notice","event_timestamp":1,"data":{"voice_id":"v"}}`,
		`{"type":"speech_to_text_transcription","data":{"request_id":"r"}}`,
		`{"type":"post_call_transcription_otel","data":{"resourceSpans":[]}}`,
		`{"type":"something"}`,
	} {
		_, err := decode(body)
		if _, ok := provider.IsIgnored(err); !ok {
			t.Errorf("%s: got %v, want it ignored", body, err)
		}
	}
}

func TestDecodeKeepsWhatAnUnknownEventSays(t *testing.T) {
	events, err := decode(`{"type":"call_annotated","event_timestamp":1794945650,"data":{"conversation_id":"c1","agent_id":"a1","new":[1]}}`)
	if err != nil {
		t.Fatal(err)
	}
	e := events[0]
	if e.Name != "call_annotated" || e.ProviderCallID != "c1" || e.Facts.Agent.SourceID != "a1" || e.Facts.Phase != ringside.PhaseUnknown {
		t.Errorf("got %+v", e)
	}
}

// A part that is not what the vendor documents costs a warning, not the call.
func TestDecodeGoesOnWithoutABrokenPart(t *testing.T) {
	events, err := decode(`{"type":"post_call_transcription","data":{"conversation_id":"c","analysis":"none",
		"transcript":[{"role":"agent","message":"Hello","time_in_call_secs":2}],
		"metadata":{"charging":[],"phone_call":{"direction":"inbound","external_number":"+1"}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	x := events[0].Facts
	if len(x.Turns) != 1 || *x.Turns[0].StartMS != 2000 || x.From != "+1" {
		t.Errorf("the readable parts are lost: %+v", x)
	}
	got := strings.Join(x.Warnings, "\n")
	for _, field := range []string{"/data/analysis", "/data/metadata/charging"} {
		if !strings.Contains(got, field) {
			t.Errorf("warnings %q say nothing of %s", got, field)
		}
	}
}

// A field of another type than documented costs no call.
func TestDecodeTakesFieldsOfOtherTypes(t *testing.T) {
	events, err := decode(`{"type":"post_call_transcription","data":{"conversation_id":"c","has_audio":"true","transcript":[
		{"role":"agent","message":"One mo","original_message":7,"interrupted":"true","tool_calls":[{"request_id":7,"tool_name":"find"}]},
		{"role":"user","message":"Wait","interrupted":null,"tool_results":[{"request_id":7,"tool_name":null,"is_error":"true","is_blocked":null,"raw_error_message":"no route"}]}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	x := events[0].Facts
	if len(x.Recordings) != 1 || len(x.Turns) != 2 || !x.Turns[0].Interrupted || x.Turns[1].Interrupted || len(x.Interruptions) != 1 {
		t.Errorf("recordings %+v, turns %+v", x.Recordings, x.Turns)
	}
	if len(x.ToolCalls) != 1 || x.ToolCalls[0].ID != "7" || x.ToolCalls[0].Name != "find" || x.ToolCalls[0].Error != "no route" {
		t.Errorf("tool calls %+v", x.ToolCalls)
	}
}

// What goes with a conversation: the batch that it was of, on the phone or not,
// its customer's name, and no key that was meant for the headers of tools.
func TestWhatGoesWithAConversation(t *testing.T) {
	const variables = `"conversation_initiation_client_data":{"dynamic_variables":{"customer_name":"Ada","secret__token":"hush","plan":"basic"}}`
	for kind, data := range map[string]string{
		"post_call_transcription": `"metadata":{"batch_call":{"batch_call_id":"btcal_1"},"whatsapp":{"whatsapp_user_id":"w"}},"analysis":{"call_successful":"success","call_success_score":0.8}`,
		"call_initiation_failure": `"failure_reason":"busy"`,
	} {
		events, err := decode(`{"type":"` + kind + `","data":{"conversation_id":"c",` + variables + `,` + data + `}}`)
		if err != nil {
			t.Fatal(err)
		}
		x := events[0].Facts
		if x.CustomerName != "Ada" || len(x.Variables) != 2 || x.Variables["secret__token"] != nil {
			t.Errorf("%s: customer %q, variables %v", kind, x.CustomerName, x.Variables)
		}
		if kind == "post_call_transcription" && (x.Campaign != "btcal_1" || x.Direction != "" || x.Metadata["success_score"] != 0.8) {
			t.Errorf("campaign %q, direction %q, metadata %v", x.Campaign, x.Direction, x.Metadata)
		}
	}
}

func TestAudioIsNeverHeld(t *testing.T) {
	events, err := decode(`{"type":"post_call_audio","data":{"conversation_id":"c/1","full_audio":"` + strings.Repeat("QUJD", 1<<16) + `"}}`)
	if err != nil {
		t.Fatal(err)
	}
	r := events[0].Facts.Recordings
	if len(r) != 1 || r[0].URL != "" || r[0].Via != "GET /v1/convai/conversations/c%2F1/audio" {
		t.Errorf("recordings %+v", r)
	}
	if n := testing.AllocsPerRun(10, func() { _, _ = decode(`{"type":"post_call_audio","data":{"conversation_id":"c","full_audio":"QUJD"}}`) }); n > 40 {
		t.Errorf("%v allocations for an audio event", n)
	}
}

func TestModelOfABillThatNamesNone(t *testing.T) {
	events, err := decode(`{"type":"post_call_transcription","data":{"conversation_id":"c","transcript":[
		{"role":"user","llm_usage":null},
		{"role":"agent","llm_usage":{"model_usage":{"small":{"output_total":{"tokens":9}},"large":{"output_total":{"tokens":4}}}}},
		{"role":"agent","llm_usage":{"model_usage":{"large":{"output_total":{"tokens":"6"}}}}}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	if got := events[0].Facts.Model.Language; got != "large" {
		t.Errorf("model %q", got)
	}
}
