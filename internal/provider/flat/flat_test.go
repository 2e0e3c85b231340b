package flat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

var suite = providertest.Suite{
	Provider:  flat.Provider,
	Dir:       "../../../testdata/payloads/flat",
	Sequences: [][]string{{"call-started.json", "call-ended.json"}},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func FuzzDecode(f *testing.F) { providertest.Fuzz(f, suite) }

func decode(body string) ([]ringside.Event, error) {
	return flat.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
}

func event(t *testing.T, body string) ringside.Event {
	t.Helper()
	events, err := decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return events[0]
}

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ name, body, field string }{
		{"no id", `{"startedAt":"2026-01-01T00:00:00Z"}`, "/id"},
		{"an empty id", `{"id":""}`, "/id"},
		{"a blank id", `{"id":" "}`, "/id"},
		{"an id that is null", `{"id":null}`, "/id"},
		{"an id of another type", `{"id":7}`, "/id"},
		{"an agent that is a list", `{"id":"a","agent_id":[2]}`, "/agent_id"},
		{"an agent that is true", `{"id":"a","agent_id":true}`, "/agent_id"},
		{"a start that is no time", `{"id":"a","startedAt":"yesterday"}`, "/startedAt"},
		{"an end that is no time", `{"id":"a","endedAt":"25:00"}`, "/endedAt"},
		{"a start of another type", `{"id":"a","startedAt":{}}`, "/startedAt"},
		{"a number that is an object", `{"id":"a","to_phone_number":{}}`, "/to_phone_number"},
		{"a number that is false", `{"id":"a","from_phone_number":false}`, "/from_phone_number"},
		{"messages that are no list", `{"id":"a","messages":{}}`, "/messages"},
		{"a message that is text", `{"id":"a","messages":[{"role":"bot"},"hi"]}`, "/messages/1"},
		{"a message that is null", `{"id":"a","messages":[null]}`, "/messages/0/role"},
		{"a message without a role", `{"id":"a","messages":[{"content":"hi"}]}`, "/messages/0/role"},
		{"a role of another type", `{"id":"a","messages":[{"role":"bot"},{"role":1}]}`, "/messages/1/role"},
		{"content that is a number", `{"id":"a","messages":[{"role":"bot","content":7}]}`, "/messages/0/content"},
		{"metadata that is text", `{"id":"a","metadata":"x"}`, "/metadata"},
		{"a reason that is a number", `{"id":"a","endedReason":1}`, "/endedReason"},
		{"a recording that is a list", `{"id":"a","recording_url":[]}`, "/recording_url"},
		{"a platform with a slash", `{"id":"a","provider_platform":"vapi/../x"}`, "/provider_platform"},
		{"a platform too long", `{"id":"a","provider_platform":"` + strings.Repeat("p", 41) + `"}`, "/provider_platform"},
		{"a platform of another type", `{"id":"a","provider_platform":3}`, "/provider_platform"},
		{"NaN", `{"id":"a","metadata":{"score":NaN}}`, ""},
		{"a list", `[]`, ""},
		{"no JSON", `{"id":`, ""},
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

func TestPhase(t *testing.T) {
	for _, tc := range []struct {
		name, fields, event string
		phase               ringside.Phase
		authority           ringside.Authority
	}{
		{"nothing", `"startedAt":null`, "call_updated", ringside.PhaseUnknown, ringside.Live},
		{"an empty start and end", `"startedAt":"","endedAt":"","endedReason":""`, "call_updated", ringside.PhaseUnknown, ringside.Live},
		{"a start", `"startedAt":"2026-10-15T09:22:21Z"`, "call_started", ringside.PhaseActive, ringside.Live},
		{"an end alone", `"endedAt":"2026-10-15T09:24:30Z"`, "call_ended", ringside.PhaseEnded, ringside.Report},
		{"a reason alone", `"endedReason":"error"`, "call_ended", ringside.PhaseEnded, ringside.Report},
		{"both", `"startedAt":"2026-10-15T09:22:21Z","endedAt":"2026-10-15T09:24:30Z"`, "call_ended", ringside.PhaseEnded, ringside.Report},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := event(t, `{"id":"a",`+tc.fields+`}`)
			if e.Name != tc.event || e.Facts.Phase != tc.phase || e.Authority != tc.authority {
				t.Errorf("%s, phase %d, authority %d", e.Name, e.Facts.Phase, e.Authority)
			}
		})
	}
}

func TestPlatformAndAgent(t *testing.T) {
	for _, tc := range []struct{ fields, platform, agent string }{
		{`"agent_id":2`, "external", "2"},
		{`"agent_id":"a-7","provider_platform":null`, "external", "a-7"},
		{`"agent_id":null,"provider_platform":"  "`, "external", ""},
		{`"provider_platform":" VAPI "`, "vapi", ""},
		{`"provider_platform":"my_own-2"`, "my_own-2", ""},
	} {
		e := event(t, `{"id":"a",`+tc.fields+`}`)
		agent := ""
		if e.Facts.Agent != nil {
			agent = e.Facts.Agent.SourceID
		}
		if e.Provider != tc.platform || agent != tc.agent {
			t.Errorf("%s: provider %q, agent %q", tc.fields, e.Provider, agent)
		}
	}
}

// A body that leaves out the numbers must not turn a phone call into another
// kind of call.
func TestDirectionIsNotGuessed(t *testing.T) {
	for fields, want := range map[string]ringside.Direction{
		`"endedAt":"2026-10-15T09:24:30Z"`:                       "",
		`"from_phone_number":"+1","to_phone_number":"+2"`:        "",
		`"direction":"Outbound"`:                                 ringside.Outbound,
		`"direction":"inboundPhoneCall","from_phone_number":"1"`: ringside.Inbound,
		`"direction":"webCall"`:                                  ringside.Web,
		`"direction":"sideways"`:                                 "",
	} {
		if got := event(t, `{"id":"a",`+fields+`}`).Facts.Direction; got != want {
			t.Errorf("%s: %q, want %q", fields, got, want)
		}
	}
}

func TestRecordingMustBeOfTheWeb(t *testing.T) {
	for url, ok := range map[string]bool{
		"https://example.com/a.wav": true, "http://10.0.0.4:9000/a.wav": true,
		"javascript:alert(1)": false, "file:///etc/passwd": false, "s3://bucket/a.wav": false, "a.wav": false, "https://": false,
	} {
		x := event(t, `{"id":"a","recording_url":"`+url+`"}`).Facts
		if (len(x.Recordings) == 1) != ok || (len(x.Warnings) == 0) != ok || (x.Metadata["recording_url"] == nil) != ok {
			t.Errorf("%s: recordings %v, warnings %q", url, x.Recordings, x.Warnings)
		}
	}
}

func TestMessagesWithoutAStart(t *testing.T) {
	x := event(t, `{"id":"a","messages":[
		{"role":"bot","content":"One","start_time":1792056142852,"end_time":1792056143000},
		{"role":"user","content":" "},
		{"role":"user","content":"Two","start_time":1792056145852,"end_time":1792056140000},
		{"role":"narrator","content":"Three"},
		{"role":"assistant","content":"Four"}]}`).Facts
	if len(x.Turns) != 3 {
		t.Fatalf("turns %+v", x.Turns)
	}
	one, two, four := x.Turns[0], x.Turns[1], x.Turns[2]
	if *one.StartMS != 0 || *one.EndMS != 148 || *two.StartMS != 3000 || two.EndMS != nil || four.StartMS != nil {
		t.Errorf("turns %+v", x.Turns)
	}
	if len(x.Warnings) != 1 {
		t.Errorf("warnings %q", x.Warnings)
	}
}

func TestMessageTimesInWords(t *testing.T) {
	x := event(t, `{"id":"a","startedAt":"2026-10-15T09:22:21.787Z","messages":[
		{"role":"bot","content":"One","start_time":"2026-10-15T09:22:22.852Z","end_time":"2026-10-15T11:22:27.842+02:00"},
		{"role":"user","content":"Two","start_time":"1792056149392","end_time":"later"},
		{"role":"bot","content":"Three","start_time":"","end_time":null}]}`).Facts
	one, two, three := x.Turns[0], x.Turns[1], x.Turns[2]
	if one.StartMS == nil || *one.StartMS != 1065 || one.EndMS == nil || *one.EndMS != 6055 {
		t.Errorf("one %+v", one)
	}
	if *two.StartMS != 7605 || two.EndMS != nil || three.StartMS != nil || three.EndMS != nil || len(x.Warnings) != 0 {
		t.Errorf("two %+v, three %+v, warnings %q", two, three, x.Warnings)
	}
}

func TestToolTrafficThatIsNotOpenAIs(t *testing.T) {
	x := event(t, `{"id":"a","messages":[
		{"role":"bot","content":"Wait.","tool_calls":"lookup"},
		{"role":"bot","content":"","tool_calls":[{"id":"","function":{"name":"f"}},{"id":"2"}]},
		{"role":"tool","content":"nobody asked"},
		{"role":"tool","content":"{\"ok\":true}","tool_call_id":"9","name":"g"}]}`).Facts
	if len(x.Turns) != 1 || len(x.ToolCalls) != 1 || x.ToolCalls[0].ID != "9" || x.ToolCalls[0].Name != "g" || len(x.Warnings) != 1 {
		t.Errorf("turns %v, tools %+v, warnings %q", x.Turns, x.ToolCalls, x.Warnings)
	}
}

func TestToolCallsWithOneId(t *testing.T) {
	x := event(t, `{"id":"a","messages":[
		{"role":"assistant","content":null,"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"n\":1}"}}]},
		{"role":"tool","tool_call_id":"1","content":"first"},
		{"role":"assistant","content":null,"tool_calls":[{"id":"1","function":{"name":"g","arguments":"plain"}}]},
		{"role":"tool","tool_call_id":"1","content":"second"},
		{"role":"tool","tool_call_id":"2","name":"h","content":"early"},
		{"role":"assistant","content":null,"tool_calls":[{"id":"2","function":{"name":"h"}}]}]}`).Facts
	c := providertest.Fold([]ringside.Event{{ID: "e", Provider: "external", ProviderCallID: "a", Authority: ringside.Report, ReceivedAt: providertest.ReceivedAt, Facts: x}})
	var got []string
	for _, tool := range c.ToolCalls {
		got = append(got, fmt.Sprintf("%s %s %v %v", tool.ID, tool.Name, tool.Arguments, tool.Result))
	}
	if want := []string{"1 f map[n:1] first", "1 (2) g plain second", "2 h <nil> early"}; !slices.Equal(got, want) {
		t.Errorf("tool calls %q, want %q", got, want)
	}
}

func TestReasons(t *testing.T) {
	for _, tc := range []struct {
		reason  string
		by      ringside.EndedBy
		failure ringside.FailureClass
	}{
		{"customer-hungup", ringside.EndedByCustomer, ""},
		{"user_hangup", ringside.EndedByCustomer, ""},
		{"customer-ended-call", ringside.EndedByCustomer, ""},
		{"assistant-ended-call", ringside.EndedByAgent, ""},
		{"agent_hangup", ringside.EndedByAgent, ""},
		{"call_transfer", ringside.EndedByAgent, ""},
		{"both parties left", ringside.EndedByUnknown, ""},
		{"voicemail", ringside.EndedByAgent, ringside.FailureVoicemail},
		{"machine_detected", ringside.EndedByAgent, ringside.FailureVoicemail},
		{"customer-did-not-answer", ringside.EndedBySystem, ringside.FailureNoAnswer},
		{"dial_no_answer", ringside.EndedBySystem, ringside.FailureNoAnswer},
		{"customer-busy", ringside.EndedByCustomer, ringside.FailureBusy},
		{"Call rejected", ringside.EndedByCustomer, ringside.FailureDeclined},
		{"silence-timed-out", ringside.EndedBySystem, ringside.FailureSilence},
		{"exceeded-max-duration", ringside.EndedBySystem, ringside.FailureMaxDuration},
		{"max_duration_reached", ringside.EndedBySystem, ringside.FailureMaxDuration},
		{"transfer_failed", ringside.EndedBySystem, ringside.FailureTransfer},
		{"pipeline-error-openai-llm-failed", ringside.EndedByProvider, ringside.FailureModel},
		{"deepgram-transcriber-failed", ringside.EndedByProvider, ringside.FailureTranscriber},
		{"pipeline-error-eleven-labs-voice-failed", ringside.EndedByProvider, ringside.FailureVoice},
		{"twilio-failed-to-connect-call", ringside.EndedByProvider, ringside.FailureTelephony},
		{"error", ringside.EndedByProvider, ringside.FailureUnknown},
		{"dial_failed", ringside.EndedByProvider, ringside.FailureUnknown},
		{"attempts used up", ringside.EndedByUnknown, ""},
		{"done", ringside.EndedByUnknown, ""},
	} {
		x := event(t, `{"id":"a","endedReason":"`+tc.reason+`"}`).Facts
		if want := (ringside.End{By: tc.by, Failure: tc.failure}); *x.End != want || x.EndedReason != tc.reason {
			t.Errorf("%s: %+v, want %+v", tc.reason, *x.End, want)
		}
	}
}
