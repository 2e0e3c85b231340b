package retell_test

import (
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/retell"
)

const payloads = "../../../testdata/payloads/retell"

// accepted are the REST bodies that hold call objects.
var accepted = map[string]bool{
	"rest.get-call.response.json": true, "rest.create-phone-call.response.json": true, "rest.list-calls.v2.response.json": true,
}

var suite = providertest.Suite{
	Provider: retell.Provider,
	Dir:      payloads,
	Skip: func(name string) bool {
		return strings.HasPrefix(name, "rest.") && !accepted[name] || strings.HasPrefix(name, "ws.") || name == "signature.vectors.json"
	},
	Sequences: [][]string{
		{"call_started.json", "transcript_updated.json", "transcript_updated.final.json", "call_ended.json", "call_analyzed.json"},
		{"rest.create-phone-call.response.json", "call_started.json", "call_ended.json", "rest.get-call.response.json"},
		{"transfer_started.json", "transfer_bridged.json", "transfer_ended.json"},
		{"transfer_started.json", "transfer_cancelled.json"},
		{"call_ended.dial_no_answer.json"},
	},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func FuzzDecode(f *testing.F) { providertest.Fuzz(f, suite) }

func decode(t testing.TB, body string) ringside.Event {
	t.Helper()
	events, err := retell.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 1 {
		t.Fatalf("%d events, want 1", len(events))
	}
	providertest.Check(t, events[0])
	return events[0]
}

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ name, body, field string }{
		{"nothing", `{}`, "/event"},
		{"no event", `{"call":{"call_id":"c"}}`, "/event"},
		{"an empty event", `{"event":" ","call":{"call_id":"c"}}`, "/event"},
		{"an event of another type", `{"event":7,"call":{"call_id":"c"}}`, "/event"},
		{"no call", `{"event":"call_ended"}`, "/call"},
		{"a null call", `{"event":"call_ended","call":null}`, "/call"},
		{"a call that is text", `{"event":"call_ended","call":"c"}`, "/call"},
		{"no id", `{"event":"call_ended","call":{}}`, "/call/call_id"},
		{"a blank id", `{"event":"call_ended","call":{"call_id":" "}}`, "/call/call_id"},
		{"an id of another type", `{"event":"call_ended","call":{"call_id":7}}`, "/call/call_id"},
		{"no id in the old form", `{"event":"call_ended","data":{}}`, "/data/call_id"},
		{"an id of another type in the old form", `{"event":"call_ended","data":{"call_id":[]}}`, "/data/call_id"},
		{"a bare call with an id of another type", `{"call_id":7}`, "/call_id"},
		{"a list", `[]`, ""},
		{"no JSON", `{"event":`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := retell.Decode(provider.Payload{Body: []byte(tc.body), ReceivedAt: providertest.ReceivedAt})
			if ringside.KindOf(err) != ringside.Invalid {
				t.Fatalf("got %v, want an invalid error", err)
			}
			if got := err.(*ringside.Error).Field; got != tc.field {
				t.Errorf("field %q, want %q", got, tc.field)
			}
		})
	}
}

func TestChatEventsAreIgnored(t *testing.T) {
	for _, name := range []string{"chat_started", "chat_ended", "chat_analyzed"} {
		_, err := retell.Decode(provider.Payload{Body: []byte(`{"event":"` + name + `","chat":{"chat_id":"x"}}`)})
		if reason, ok := provider.IsIgnored(err); !ok || reason == "" {
			t.Errorf("%s: got %v, want it ignored", name, err)
		}
	}
}

func TestNothingOddSpoilsACall(t *testing.T) {
	sample := `{"event":"call_ended","call":{"call_type":"phone_call","from_number":"+15550100001","to_number":"+15550100002",
		"direction":"inbound","call_id":"c","agent_id":"a","call_status":"registered","metadata":{},
		"start_timestamp":1714608475945,"end_timestamp":1714608491736,"disconnection_reason":"user_hangup",
		"transcript":"...","transcript_object":[[],[],"[object Object]",{}],"transcript_with_tool_calls":[[[[]]],[]],
		"opt_out_sensitive_data_storage":false}}`
	e := decode(t, sample)
	if e.Facts.Phase != ringside.PhaseEnded || e.Authority != ringside.Report {
		t.Errorf("phase %d, authority %d: a call_ended is the end whatever call_status says", e.Facts.Phase, e.Authority)
	}
	if len(e.Facts.Warnings) == 0 || len(e.Facts.Turns) != 0 {
		t.Errorf("warnings %q, turns %v: want a warning and no turns", e.Facts.Warnings, e.Facts.Turns)
	}

	for _, part := range []string{
		`"metadata":"x"`, `"latency":[]`, `"latency":{"e2e":7}`, `"call_cost":"free"`, `"call_analysis":[1]`,
		`"retell_llm_dynamic_variables":3`, `"transcript_object":{}`, `"transcript_object":[7,null]`,
	} {
		e := decode(t, `{"event":"call_ended","call":{"call_id":"c",`+part+`}}`)
		if len(e.Facts.Warnings) == 0 {
			t.Errorf("%s: no warning", part)
		}
	}
	one := decode(t, `{"event":"call_ended","call":{"call_id":"c","transcript_object":[[],{"role":"user","content":"hi","words":[{"word":"hi","start":"0.5","end":1}]}]}}`)
	if len(one.Facts.Turns) != 1 || *one.Facts.Turns[0].StartMS != 500 {
		t.Errorf("turns %+v: want the one that can be read", one.Facts.Turns)
	}
}

func TestForms(t *testing.T) {
	if e := decode(t, `{"event":"call_ended","data":{"call_id":"c"}}`); e.ProviderCallID != "c" || e.Name != "call_ended" {
		t.Errorf("the deprecated data form gives %+v", e)
	}
	if e := decode(t, `{"event":"call_paused","call":{"call_id":"c","call_status":"ongoing","from_number":"+1"}}`); e.Facts.Phase != ringside.PhaseActive || e.Facts.From != "+1" {
		t.Errorf("an unknown event gives %+v", e)
	}
	for status, want := range map[string]struct {
		phase     ringside.Phase
		authority ringside.Authority
	}{
		"registered": {ringside.PhaseQueued, ringside.Live},
		"ongoing":    {ringside.PhaseActive, ringside.Live},
		"ended":      {ringside.PhaseEnded, ringside.Report},
		"error":      {ringside.PhaseEnded, ringside.Report},
		"new_word":   {ringside.PhaseUnknown, ringside.Live},
	} {
		e := decode(t, `{"call_id":"c","call_status":"`+status+`"}`)
		if e.Facts.Phase != want.phase || e.Authority != want.authority {
			t.Errorf("%s: phase %d, authority %d", status, e.Facts.Phase, e.Authority)
		}
	}
	e := decode(t, `{"event":"call_ended","call":{"call_id":"c","transcript":"Agent: Hello.\nUser: Hi\nthere.\n"}}`)
	want := []ringside.Turn{{Role: ringside.RoleAgent, Text: "Hello."}, {Role: ringside.RoleUser, Text: "Hi\nthere."}}
	if !reflect.DeepEqual(e.Facts.Turns, want) {
		t.Errorf("a transcript in text gives %+v", e.Facts.Turns)
	}
	e = decode(t, `{"event":"call_ended","call":{"call_id":"c","transcript":"Agent: Hello.\nUser: \nAgent: Are you there?\nUser:\n"}}`)
	want = []ringside.Turn{{Role: ringside.RoleAgent, Text: "Hello."}, {Role: ringside.RoleAgent, Text: "Are you there?"}}
	if !reflect.DeepEqual(e.Facts.Turns, want) {
		t.Errorf("turns without a word give %+v", e.Facts.Turns)
	}
}

func TestBooleansMayComeAsText(t *testing.T) {
	x := decode(t, `{"event":"call_analyzed","call":{"call_id":"c","disconnection_reason":"agent_hangup",
		"call_analysis":{"call_summary":"A box answered.","in_voicemail":"true","call_successful":"false"},
		"transcript_with_tool_calls":[
		{"role":"tool_call_invocation","tool_call_id":"t","name":"find","arguments":"{}"},
		{"role":"tool_call_result","tool_call_id":"t","content":"no route","successful":"false"}]}}`).Facts
	if x.Analysis == nil || x.Analysis.Summary != "A box answered." || x.Success == nil || *x.Success || x.End.Failure != ringside.FailureVoicemail {
		t.Errorf("analysis %+v, success %v, end %+v", x.Analysis, x.Success, x.End)
	}
	if len(x.ToolCalls) != 1 || x.ToolCalls[0].Error != "no route" || len(x.Warnings) != 0 {
		t.Errorf("tools %+v, warnings %q", x.ToolCalls, x.Warnings)
	}
}

func TestRows(t *testing.T) {
	e := decode(t, `{"event":"call_ended","call":{"call_id":"c","duration_ms":20000,"latency":{"e2e":{"num":1,"values":[700]}},
		"transcript_with_tool_calls":[
		{"role":"agent","content":"We open at","words":[{"word":"We","start":1,"end":1.2},{"word":"open","start":1.3,"end":2},{"word":"at","start":2,"end":2.6}]},
		{"role":"user","content":"No, wait","words":[{"word":"No,","start":2.1,"end":2.5},{"word":"wait","start":2.5,"end":3}]},
		{"role":"tool_call_invocation","tool_call_id":"t1","name":"find","arguments":{"q":1}},
		{"role":"tool_call_result","tool_call_id":"t1","content":"{\"n\":2}"},
		{"role":"tool_call_result","tool_call_id":"t0","content":"late","successful":false,"time_sec":3.5},
		{"role":"sms","content":"sent","time_sec":4,"multimedia":[{"url":"u"}]},
		{"role":"agent","content":"Yes?","words":[{"word":"Yes?","start":2.95,"end":5}]},
		{"role":"transfer_target","content":"Lena here","words":[{"word":"Lena","start":9,"end":9.4}]}]}}`)
	x := e.Facts
	if len(x.Turns) != 4 || !x.Turns[0].Interrupted || x.Turns[1].Interrupted || x.Turns[3].Speaker != "transfer_target" {
		t.Fatalf("turns %+v", x.Turns)
	}
	if want := []ringside.Interruption{{By: ringside.RoleUser, AtMS: new(int64(2100)), Turn: new(0)}}; !reflect.DeepEqual(x.Interruptions, want) {
		t.Errorf("interruptions %+v: an overlap of 50 ms is none", x.Interruptions)
	}
	if l := x.Turns[2].Latency; l == nil || *l.TotalMS != 700 || x.Turns[0].Latency != nil {
		t.Errorf("latencies %+v, %+v", x.Turns[0].Latency, x.Turns[2].Latency)
	}
	find := x.ToolCalls[0]
	if *find.StartMS != 3000 || find.EndMS != nil || !reflect.DeepEqual(find.Arguments, map[string]any{"q": 1.0}) || !reflect.DeepEqual(find.Result, map[string]any{"n": 2.0}) {
		t.Errorf("a call without times: %+v", find)
	}
	if late := x.ToolCalls[1]; late.ID != "t0" || late.Error != "late" || *late.EndMS != 3500 {
		t.Errorf("a result without its call: %+v", late)
	}
	if len(x.Spans) != 1 || x.Spans[0].Name != "sms" || x.Spans[0].Attributes["multimedia"] == nil {
		t.Errorf("spans %+v", x.Spans)
	}
	if len(x.Warnings) != 1 {
		t.Errorf("warnings %q: want one, of the guessed time", x.Warnings)
	}
}

func TestLatencyIsNotGuessedOntoTurns(t *testing.T) {
	e := decode(t, `{"event":"call_ended","call":{"call_id":"c","latency":{"e2e":{"p50":700,"num":2,"values":[600,800]}},
		"transcript_object":[{"role":"user","content":"hi"},{"role":"agent","content":"hello"}]}}`)
	if e.Facts.Turns[1].Latency != nil {
		t.Error("two samples for one reply were given out")
	}
	if len(e.Facts.Latency) != 1 || e.Facts.Latency[0].N != 2 {
		t.Errorf("summary %+v", e.Facts.Latency)
	}
}

func TestPrivacy(t *testing.T) {
	const urls = `"recording_url":"u","scrubbed_recording_url":"s"`
	for _, tc := range []struct {
		setting       string
		withheld      string
		plain, scrubs time.Duration // 0: the link lasts
	}{
		{`"data_storage_setting":"everything"`, "", 0, 0},
		{`"opt_in_signed_url":true`, "", 24 * time.Hour, 24 * time.Hour},
		{`"data_storage_setting":"everything_except_pii"`, "personal_data", 10 * time.Minute, 0},
		{`"data_storage_setting":"everything_except_pii","opt_in_signed_url":true`, "personal_data", 10 * time.Minute, 24 * time.Hour},
		{`"data_storage_setting":"basic_attributes_only","opt_in_signed_url":true`, "transcript,recording,personal_data", 10 * time.Minute, 10 * time.Minute},
		{`"opt_out_sensitive_data_storage":true`, "transcript,recording,personal_data", 10 * time.Minute, 10 * time.Minute},
		{`"opt_out_sensitive_data_storage":false`, "", 0, 0},
	} {
		x := decode(t, `{"event":"call_ended","call":{"call_id":"c",`+urls+`,`+tc.setting+`}}`).Facts
		if got := strings.Join(x.Withheld, ","); got != tc.withheld {
			t.Errorf("%s: withheld %q, want %q", tc.setting, got, tc.withheld)
		}
		for i, life := range []time.Duration{tc.plain, tc.scrubs} {
			var got time.Duration
			if at := x.Recordings[i].ExpiresAt; at != nil {
				got = at.Sub(providertest.ReceivedAt)
			}
			if got != life {
				t.Errorf("%s: %s lives %s, want %s", tc.setting, x.Recordings[i].Kind, got, life)
			}
		}
	}
	x := decode(t, `{"event":"call_ended","call":{"call_id":"c","data_storage_setting":"everything_except_pii",
		"transcript_object":[{"role":"user","content":"I am Daniel"}],
		"scrubbed_transcript_with_tool_calls":[{"role":"user","content":"I am [NAME]"}]}}`).Facts
	if len(x.Turns) != 1 || x.Turns[0].Text != "I am [NAME]" {
		t.Errorf("turns %+v: want the scrubbed ones", x.Turns)
	}
}

// TestReasons holds every documented disconnection_reason.
func TestReasons(t *testing.T) {
	for _, tc := range []struct {
		reason string
		by     ringside.EndedBy
		class  ringside.FailureClass
	}{
		{"user_hangup", "customer", ""},
		{"agent_hangup", "agent", ""},
		{"call_transfer", "agent", ""},
		{"voicemail_reached", "agent", "voicemail"},
		{"ivr_reached", "agent", ""},
		{"inactivity", "system", "silence_timeout"},
		{"max_duration_reached", "system", "max_duration"},
		{"concurrency_limit_reached", "provider", "provider_error"},
		{"no_concurrency_fallback", "provider", "provider_error"},
		{"no_valid_payment", "provider", "provider_error"},
		{"scam_detected", "provider", "provider_error"},
		{"dial_busy", "customer", "busy"},
		{"dial_failed", "provider", "telephony_error"},
		{"dial_no_answer", "system", "no_answer"},
		{"invalid_destination", "provider", "telephony_error"},
		{"telephony_provider_permission_denied", "provider", "telephony_error"},
		{"telephony_provider_unavailable", "provider", "telephony_error"},
		{"sip_routing_error", "provider", "telephony_error"},
		{"marked_as_spam", "provider", "telephony_error"},
		{"user_declined", "customer", "declined"},
		{"error_llm_websocket_open", "provider", "model_error"},
		{"error_llm_websocket_lost_connection", "provider", "model_error"},
		{"error_llm_websocket_runtime", "provider", "model_error"},
		{"error_llm_websocket_corrupt_payload", "provider", "model_error"},
		{"error_no_audio_received", "provider", "telephony_error"},
		{"error_asr", "provider", "transcriber_error"},
		{"error_retell", "provider", "provider_error"},
		{"error_unknown", "provider", "unknown"},
		{"error_user_not_joined", "system", "no_answer"},
		{"registered_call_timeout", "system", "no_answer"},
		{"transfer_bridged", "agent", ""},
		{"transfer_cancelled", "system", "transfer_failed"},
		{"manual_stopped", "operator", ""},
		{"call_take_over", "operator", ""},
		// Not documented.
		{"error_llm_timeout", "provider", "model_error"},
		{"error_of_a_new_kind", "provider", "unknown"},
		{"dial_blocked", "provider", "telephony_error"},
		{"machine_detected", "agent", "voicemail"}, // of older calls
		{"moon_phase", "unknown", ""},
	} {
		x := decode(t, `{"event":"call_ended","call":{"call_id":"c","disconnection_reason":"`+tc.reason+`"}}`).Facts
		if x.EndedReason != tc.reason || x.End == nil || x.End.By != tc.by || x.End.Failure != tc.class {
			t.Errorf("%s: %q, %+v", tc.reason, x.EndedReason, x.End)
		}
	}
}

func TestEndsByStatusAndAnalysis(t *testing.T) {
	for _, tc := range []struct {
		call  string
		class ringside.FailureClass
	}{
		{`"call_status":"error"`, "unknown"},
		{`"call_status":"not_connected"`, "unknown"},
		{`"call_status":"ended","disconnection_reason":"agent_hangup","call_analysis":{"in_voicemail":true}`, "voicemail"},
		{`"call_status":"ended","disconnection_reason":"inactivity","call_analysis":{"in_voicemail":true}`, "silence_timeout"},
	} {
		x := decode(t, `{"event":"call_analyzed","call":{"call_id":"c",`+tc.call+`}}`).Facts
		if x.End == nil || x.End.Failure != tc.class {
			t.Errorf("%s: %+v, want %s", tc.call, x.End, tc.class)
		}
	}
	x := decode(t, `{"event":"call_ended","call":{"call_id":"c","disconnection_reason":"dial_busy","start_timestamp":1790008212480}}`).Facts
	if x.StartedAt.IsZero() || !x.AnsweredAt.IsZero() {
		t.Errorf("started %v, answered %v: a busy line was never answered", x.StartedAt, x.AnsweredAt)
	}
}

// TestTransfersOutliveTheReport checks that the end's list of nodes does not
// hide the transfers that only live events told of.
func TestTransfersOutliveTheReport(t *testing.T) {
	var events []ringside.Event
	for i, body := range []string{
		`{"event":"transfer_started","call":{"call_id":"c","start_timestamp":1790011812480},"transfer_destination":{"number":"+15550199010","extension":"204"},"transfer_option":{"type":"warm_transfer"}}`,
		`{"event":"transfer_cancelled","call":{"call_id":"c","start_timestamp":1790011812480},"transfer_destination":{"number":"+15550199010"}}`,
		`{"event":"call_ended","call":{"call_id":"c","start_timestamp":1790011812480,"transcript_with_tool_calls":[{"role":"dtmf","digit":"4","time_sec":1}]}}`,
	} {
		e := decode(t, body)
		e.ID, e.ReceivedAt = string(rune('a'+i)), time.UnixMilli(1790011812480+int64(i+1)*5000)
		events = append(events, e)
	}
	var got []string
	for _, s := range providertest.Fold(events).Spans {
		got = append(got, s.Name+" "+s.Title)
	}
	if want := []string{"dtmf 4", "transfer started", "transfer cancelled"}; !reflect.DeepEqual(got, want) {
		t.Errorf("spans %q, want %q", got, want)
	}
	started := events[0].Facts.Span.Attributes
	if started["destination"] != "+15550199010" || started["extension"] != "204" || events[1].Facts.Span.Error == "" {
		t.Errorf("transfer spans %+v, %+v", events[0].Facts.Span, events[1].Facts.Span)
	}
}

func TestVerify(t *testing.T) {
	b, err := os.ReadFile(payloads + "/signature.vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Note      string `json:"note"`
		APIKey    string `json:"api_key"`
		Timestamp int64  `json:"timestamp"`
		VerifyAt  int64  `json:"verify_at"`
		Body      string `json:"body"`
		Signature string `json:"signature"`
		Valid     bool   `json:"valid"`
	}
	if err := json.Unmarshal(b, &vectors); err != nil || len(vectors) == 0 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	check := func(key, body, signature string, at time.Time) error {
		h := http.Header{}
		h.Set("x-retell-signature", signature)
		return retell.Verify(provider.Delivery{Header: h, Body: []byte(body), ReceivedAt: at}, provider.SourceConfig{Secret: key})
	}
	for i, v := range vectors {
		at := v.VerifyAt
		if at == 0 {
			at = v.Timestamp
		}
		err := check(v.APIKey, v.Body, v.Signature, time.UnixMilli(at))
		if (err == nil) != v.Valid {
			t.Errorf("vector %d (%s): %v, want valid %t", i, v.Note, err, v.Valid)
		}
		if err != nil && ringside.KindOf(err) != ringside.Unauthorized {
			t.Errorf("vector %d: kind %s", i, ringside.KindOf(err))
		}
	}
	v := vectors[0]
	for _, tc := range []struct {
		name           string
		key, signature string
		off            time.Duration
		valid          bool
	}{
		{"at the end of the window, and a bit", v.APIKey, v.Signature, 5*time.Minute + 900*time.Microsecond, true},
		{"from a clock that is behind", v.APIKey, v.Signature, -5 * time.Minute, true},
		{"one millisecond too late", v.APIKey, v.Signature, 5*time.Minute + time.Millisecond, false},
		{"without a secret", "", v.Signature, 0, false},
		{"with another key", "other", v.Signature, 0, false},
		{"without a signature", v.APIKey, "", 0, false},
		{"with more behind it", v.APIKey, v.Signature + "0", 0, false},
		{"with a line behind it", v.APIKey, v.Signature + "\n", 0, false},
		{"in capitals", v.APIKey, strings.ToUpper(v.Signature), 0, false},
	} {
		if err := check(tc.key, v.Body, tc.signature, time.UnixMilli(v.Timestamp).Add(tc.off)); (err == nil) != tc.valid {
			t.Errorf("%s: %v, want valid %t", tc.name, err, tc.valid)
		}
	}
}
