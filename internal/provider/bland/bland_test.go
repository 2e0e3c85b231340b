package bland_test

import (
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

const payloads = "../../../testdata/payloads/bland"

var suite = providertest.Suite{
	Provider: bland.Provider,
	Dir:      payloads,
	Skip: func(name string) bool {
		return strings.HasPrefix(name, "rest.") && name != "rest.get-call.response.json" || strings.HasPrefix(name, "ws.") || name == "signature.vectors.json"
	},
	Sequences: [][]string{
		{"live-events.sequence.json", "post-call.json", "citations.event.json", "rest.get-call.response.json"},
		{"live-events.sequence.json", "post-call.with-evals-pending.json", "citations.event.json"},
		{"live.queue.json", "live.call-connected.json", "live.tool.json", "live.webhook-response.json", "live.agent-speech.json"},
		{"post-call.no-answer.json"},
	},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func FuzzDecode(f *testing.F) { providertest.Fuzz(f, suite) }

func decode(t testing.TB, body string) ringside.Event {
	t.Helper()
	events, err := bland.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
	if err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if len(events) != 1 {
		t.Fatalf("%d events, want 1", len(events))
	}
	providertest.Check(t, events[0])
	return events[0]
}

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ name, body, field string }{
		{"nothing", `{}`, "/call_id"},
		{"a report without an id", `{"transcripts":[]}`, "/call_id"},
		{"a blank id", `{"call_id":" ","transcripts":[]}`, "/call_id"},
		{"an id of another type", `{"call_id":7,"transcripts":[]}`, "/call_id"},
		{"a live line without an id", `{"category":"call","message":"Call connected"}`, "/call_id"},
		{"an id and no more", `{"call_id":"c"}`, ""},
		{"the answer to a request", `{"status":"success","message":"ok","call_id":"c","batch_id":"b"}`, ""},
		{"a list", `[]`, ""},
		{"no JSON", `{"call_id":`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := bland.Decode(provider.Payload{Body: []byte(tc.body), ReceivedAt: providertest.ReceivedAt})
			if ringside.KindOf(err) != ringside.Invalid {
				t.Fatalf("got %v, want an invalid error", err)
			}
			if got := err.(*ringside.Error).Field; got != tc.field {
				t.Errorf("field %q, want %q", got, tc.field)
			}
		})
	}
}

func TestIgnored(t *testing.T) {
	for _, tc := range []struct{ body, says string }{
		{`{"batch_id":"b1","status":"in_progress","timestamp":"2026-09-23T19:02:09Z"}`, "b1"},
		{`{"call_id":"leg","is_proxy_agent_call":true,"transcripts":[]}`, "leg of a warm transfer"},
		{`{"call_id":"leg","is_proxy_agent_call":true,"transcripts":[],"metadata":{"parent_call_id":"p1"}}`, "p1"},
	} {
		_, err := bland.Decode(provider.Payload{Body: []byte(tc.body), ReceivedAt: providertest.ReceivedAt})
		if reason, ok := provider.IsIgnored(err); !ok || !strings.Contains(reason, tc.says) {
			t.Errorf("%s: got %v, want it ignored and %q said", tc.body, err, tc.says)
		}
	}
}

// TestShapes holds the order in which bodies are told apart.
func TestShapes(t *testing.T) {
	for _, tc := range []struct {
		body, name string
		authority  ringside.Authority
		phase      ringside.Phase
	}{
		{`{"call_id":"c","event_type":"citations","citations":[]}`, "citations", ringside.Analysed, ringside.PhaseEnded},
		{`{"call_id":"c","event_type":"evals","category":"x","message":"y"}`, "evals", ringside.Analysed, ringside.PhaseEnded},
		{`{"call_id":"c","event_type":"citations","citations":[],"transcripts":[]}`, "citations", ringside.Analysed, ringside.PhaseEnded},
		{`{"call_id":"c","category":"call","message":"Call connected"}`, "call", ringside.Live, ringside.PhaseActive},
		{`{"call_id":"c","category":"call","message":"Call connected","transcripts":[]}`, "post-call", ringside.Report, ringside.PhaseEnded},
		{`{"call_id":"c","category":"queue","message":"Moved to another pool"}`, "queue", ringside.Live, ringside.PhaseUnknown},
		{`{"call_id":"c","concatenated_transcript":""}`, "post-call", ringside.Report, ringside.PhaseEnded},
		{`{"c_id":"c","transcripts":[],"corrected_transcript":[]}`, "post-call", ringside.Analysed, ringside.PhaseEnded},
		{`{"call_id":"c","transcripts":null,"completed":true,"status":"failed"}`, "post-call", ringside.Report, ringside.PhaseEnded},
		{`{"call_id":"c","completed":false,"queue_status":"queued","transcripts":[]}`, "call-details", ringside.Live, ringside.PhaseQueued},
		{`{"call_id":"c","completed":false,"queue_status":"started","transcripts":[]}`, "call-details", ringside.Live, ringside.PhaseActive},
		{`{"call_id":"c","completed":false,"queue_status":"queue_error","transcripts":[]}`, "post-call", ringside.Report, ringside.PhaseEnded},
	} {
		e := decode(t, tc.body)
		if e.Name != tc.name || e.Authority != tc.authority || e.Facts.Phase != tc.phase {
			t.Errorf("%s: %s, authority %d, phase %d", tc.body, e.Name, e.Authority, e.Facts.Phase)
		}
	}
}

func live(t *testing.T, category, message string) ringside.Event {
	t.Helper()
	b, err := json.Marshal(map[string]string{"call_id": "c", "category": category, "message": message, "log_level": "info"})
	if err != nil {
		t.Fatal(err)
	}
	e := decode(t, string(b))
	if !e.At.IsZero() {
		t.Errorf("%s: a live line has no time of its own, not %v", message, e.At)
	}
	return e
}

func TestLiveLines(t *testing.T) {
	if e := live(t, "call", "Call connected"); !e.Facts.AnsweredAt.Equal(providertest.ReceivedAt) {
		t.Errorf("answered at %v, want the time of receipt", e.Facts.AnsweredAt)
	}
	for message, role := range map[string]ringside.Role{
		"Agent speech: Hi.": ringside.RoleAgent, "Sending first sentence: Hi.": ringside.RoleAgent, "Handling user speech: Hi.": ringside.RoleUser,
	} {
		if turn := live(t, "call", message).Facts.Turn; turn == nil || turn.Role != role || turn.Text != "Hi." || turn.StartMS != nil {
			t.Errorf("%s: %+v", message, turn)
		}
	}
	for _, tc := range []struct {
		message string
		span    ringside.Span
	}{
		{"LLM: 266ms", ringside.Span{Name: "model", DurationMS: new(266.0)}},
		{"TTS: 1.2 s", ringside.Span{Name: "voice", DurationMS: new(1200.0)}},
		{"LLM: soon", ringside.Span{Name: "event", Title: "LLM: soon", Attributes: map[string]any{"category": "latency"}}},
		{"Executing custom tool: Quote Move with input: {\"rooms\":2}", ringside.Span{Name: "tool", Title: "Quote Move"}},
		{"Webhook Response: 200  | Webhook Response Data: [object Object] | Response Time: 689ms", ringside.Span{Name: "webhook", Title: "200", DurationMS: new(689.0)}},
		{"Webhook Response: 502 | Webhook Response Data: bad | gateway | Response Time: 9ms", ringside.Span{
			Name: "webhook", Title: "502", DurationMS: new(9.0), Attributes: map[string]any{"data": "bad | gateway"}, Error: "the server answered 502",
		}},
		{"Something new", ringside.Span{Name: "event", Title: "Something new", Attributes: map[string]any{"category": "latency"}}},
	} {
		if got := live(t, "latency", tc.message).Facts.Span; got == nil || !reflect.DeepEqual(*got, tc.span) {
			t.Errorf("%s: %+v", tc.message, got)
		}
	}
	tool := live(t, "call", `Executing custom tool: Quote Move with input: {"rooms":2}`).Facts.ToolCalls
	if len(tool) != 1 || tool[0].Name != "Quote Move" || !reflect.DeepEqual(tool[0].Arguments, map[string]any{"rooms": 2.0}) {
		t.Errorf("tool call %+v", tool)
	}
	stored := live(t, "call", "Storing dynamic data: \n\n total : \"1240\"\n data : {\"n\":1}").Facts.Variables
	if want := (ringside.Values{"total": "1240", "data": map[string]any{"n": 1.0}}); !reflect.DeepEqual(stored, want) {
		t.Errorf("variables %v", stored)
	}
	failed := decode(t, `{"call_id":"c","category":"call","log_level":"error","message":"Voice pool is empty"}`)
	if failed.Facts.Span.Error == "" {
		t.Error("an error line is not marked")
	}
}

// TestLiveAndReportMeet folds the live log and the report: what only the log
// told stays, and nothing stands there twice.
func TestLiveAndReportMeet(t *testing.T) {
	events := suite.Decode(t, payloads+"/live-events.sequence.json", providertest.ReceivedAt)
	events = append(events, suite.Decode(t, payloads+"/post-call.json", providertest.ReceivedAt)...)
	events = append(events, suite.Decode(t, payloads+"/citations.event.json", providertest.ReceivedAt)...)
	c := providertest.Fold(events)
	spans := map[string]int{}
	for _, s := range c.Spans {
		spans[s.Name]++
	}
	if want := map[string]int{"model": 3, "voice": 3, "webhook": 1, "dynamic_data": 2, "node": 3, "tool": 1, "action": 1, "transfer": 1}; !reflect.DeepEqual(spans, want) {
		t.Errorf("spans %v, want %v", spans, want)
	}
	if len(c.Turns) != 10 || len(c.ToolCalls) != 1 || c.ToolCalls[0].Result == nil {
		t.Errorf("%d turns, tool calls %+v", len(c.Turns), c.ToolCalls)
	}
	a := c.Analysis.Provider
	if a == nil || a.Summary == "" || a.Structured["move_date"] != "2026-10-10" || !reflect.DeepEqual(a.Tags, []string{"TRANSFERRED", "Confirm identity", "Quote given"}) {
		t.Errorf("analysis %+v", a)
	}
	if c.Outcome.Success != nil {
		t.Error("the tag TRANSFERRED was taken for a success")
	}
}

func TestEnds(t *testing.T) {
	for _, tc := range []struct {
		body, reason string
		by           ringside.EndedBy
		class        ringside.FailureClass
	}{
		{`"status":"completed","call_ended_by":"USER","answered_by":"human"`, "USER", "customer", ""},
		{`"status":"completed","call_ended_by":"ASSISTANT"`, "ASSISTANT", "agent", ""},
		{`"status":"completed","call_ended_by":"USER","error_message":"Call failed. Busy."`, "USER", "customer", ""},
		{`"status":"completed","answered_by":"voicemail","call_ended_by":"ASSISTANT"`, "voicemail", "agent", "voicemail"},
		{`"status":"completed","answered_by":"no-answer"`, "no-answer", "system", "no_answer"},
		{`"status":"completed","answered_by":"unknown"`, "completed", "unknown", ""},
		{`"status":"completed","max_duration":12,"corrected_duration":"720"`, "completed", "system", "max_duration"},
		{`"status":"completed","max_duration":12,"corrected_duration":"720","call_ended_by":"USER"`, "USER", "customer", ""},
		{`"status":"completed","call_ended_by":"USER","warm_transfer_call":{"state":"NO_ANSWER"}`, "USER", "customer", "transfer_failed"},
		{`"status":"completed","call_ended_by":"USER","warm_transfer_call":{"state":"TIMED_OUT"}`, "USER", "customer", "transfer_failed"},
		{`"status":"completed","call_ended_by":"USER","warm_transfer_call":{"state":"CANCELLED"}`, "USER", "customer", "transfer_failed"},
		{`"status":"completed","call_ended_by":"USER","warm_transfer_call":{"state":"MERGED"}`, "USER", "customer", ""},
		{`"status":"completed","call_ended_by":"USER","warm_transfer_call":{"state":"STARTED"}`, "USER", "customer", ""},
		{`"status":"completed","call_ended_by":"USER","disposition_tag":"TRANSFERRED"`, "USER", "customer", ""},
		{`"status":"no-answer"`, "no-answer", "system", "no_answer"},
		{`"status":"busy"`, "busy", "customer", "busy"},
		{`"status":"canceled"`, "canceled", "operator", ""},
		{`"status":"busy","answered_by":"no-answer"`, "busy", "customer", "busy"},
		{`"status":"canceled","answered_by":"no-answer"`, "canceled", "operator", ""},
		{`"status":"failed","error_message":"Call failed. The number you dialed is not found."`, "Call failed. The number you dialed is not found.", "provider", "telephony_error"},
		{`"status":"failed","error_message":"The line is busy."`, "The line is busy.", "customer", "busy"},
		{`"status":"failed","error_message":"Declined by the callee"`, "Declined by the callee", "customer", "declined"},
		{`"status":"failed","error_message":"Rate limit exceeded"`, "Rate limit exceeded", "provider", "provider_error"},
		{`"status":"failed","error_message":"LLM error: model not found"`, "LLM error: model not found", "provider", "model_error"},
		{`"status":"failed","error_message":"Invalid voice"`, "Invalid voice", "provider", "voice_error"},
		{`"status":"failed","queue_status":"call_error"`, "failed", "provider", "telephony_error"},
		{`"status":"failed","queue_status":"pre_queue_error"`, "failed", "provider", "provider_error"},
		{`"status":"failed","error_message":"Hm"`, "Hm", "provider", "unknown"},
		{`"status":null,"queue_status":"queue_error"`, "queue_error", "provider", "provider_error"},
		{`"status":"unknown","disposition_tag":"BUSY"`, "busy", "customer", "busy"},
		{`"status":"unknown"`, "unknown", "unknown", ""},
		{`"status":"quantum"`, "quantum", "unknown", ""},
	} {
		x := decode(t, `{"call_id":"c","transcripts":[],"completed":true,`+tc.body+`}`).Facts
		if x.EndedReason != tc.reason || x.End == nil || x.End.By != tc.by || x.End.Failure != tc.class {
			t.Errorf("%s: %q, %+v", tc.body, x.EndedReason, x.End)
		}
	}
}

// What is read as a call that went to somebody else is a transfer without an
// error whose title does not say that it had only started.
func TestTransfers(t *testing.T) {
	for _, tc := range []struct {
		body string
		want []ringside.Span
	}{
		{`"warm_transfer_call":{}`, nil},
		{`"warm_transfer_call":[]`, nil},
		{`"warm_transfer_call":{"state":null,"proxy_agent_calls":[]}`, nil},
		{`"transferred_to":"+15550199321","warm_transfer_call":{}`, []ringside.Span{{Name: "transfer", Title: "+15550199321"}}},
		{`"warm_transfer_call":{"proxy_agent_calls":[7,{"state":"MERGED","call_id":"leg","phone_number":"+15550199321"}],"state":"MERGED"}`, []ringside.Span{{
			Name: "transfer", Title: "+15550199321", Attributes: map[string]any{
				"state": "MERGED", "legs": []any{map[string]any{"state": "MERGED", "call_id": "leg", "phone_number": "+15550199321"}},
			},
		}}},
		{`"transferred_to":"+15550199321","warm_transfer_call":{"state":"STARTED"}`, []ringside.Span{{
			Name: "transfer", Title: "started +15550199321", Attributes: map[string]any{"state": "STARTED", "legs": []any{}},
		}}},
		{`"transferred_to":"+15550199321","warm_transfer_call":{"state":"NO_ANSWER"}`, []ringside.Span{{
			Name: "transfer", Title: "+15550199321", Attributes: map[string]any{"state": "NO_ANSWER", "legs": []any{}},
			Error: "the transfer did not succeed: NO_ANSWER",
		}}},
	} {
		if got := decode(t, `{"call_id":"c","transcripts":[],"completed":true,`+tc.body+`}`).Facts.Spans; !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %+v", tc.body, got)
		}
	}
}

func TestDuration(t *testing.T) {
	const started = `"started_at":"2026-09-23T19:02:17.526Z"`
	for _, tc := range []struct {
		body string
		ms   *int64
	}{
		{started + `,"call_length":2.25,"corrected_duration":"135"`, new(int64(135000))},
		{started + `,"call_length":2.25,"corrected_duration":null`, new(int64(135000))},
		{started + `,"call_length":2.25,"corrected_duration":"0"`, new(int64(135000))},
		{started + `,"call_length":0`, new(int64(0))},
		{started + `,"call_length":0,"corrected_duration":"0"`, new(int64(0))},
		{started + `,"call_length":null,"corrected_duration":null`, nil},
		{started + `,"call_length":1e300`, nil},
		{started + `,"call_length":-1`, nil},
		{`"started_at":null,"call_length":0,"corrected_duration":"0"`, nil},
		{`"started_at":null,"call_length":1`, new(int64(60000))},
	} {
		x := decode(t, `{"call_id":"c","transcripts":[],`+tc.body+`}`).Facts
		if !reflect.DeepEqual(x.DurationMS, tc.ms) {
			t.Errorf("%s: %v", tc.body, x.DurationMS)
		}
		if tc.ms != nil && !x.AnsweredAt.IsZero() && x.EndedAt.Sub(x.AnsweredAt).Milliseconds() != *tc.ms || tc.ms == nil && !x.EndedAt.IsZero() {
			t.Errorf("%s: ended at %v", tc.body, x.EndedAt)
		}
	}
}

func TestEnriched(t *testing.T) {
	x := decode(t, `{"call_id":"c","started_at":"2026-09-23T19:02:17Z","transferred_at":"2026-09-23T19:02:47Z",
		"transcripts":[
			{"id":2,"user":"assistant","text":"raw","created_at":"2026-09-23T19:02:19Z"},
			{"id":1,"user":"agent-action","text":"Executing custom tool: Find","created_at":"2026-09-23T19:02:18Z"},
			{"id":4,"user":"agent-action","text":"Executing custom tool: Find","created_at":"2026-09-23T19:02:21Z"},
			{"id":5,"user":"agent-action","text":"Tool Response: 500 | {\"error\":\"down\"}","created_at":"2026-09-23T19:02:22Z"}],
		"corrected_transcript":[
			{"start":1,"end":4,"speaker":2,"speaker_label":"assistant","text":"We open at eight and","confidence":0.5},
			{"start":3,"end":3.5,"speaker":1,"speaker_label":"user","text":"Thanks"},
			{"start":3.45,"end":5,"speaker":2,"text":"Bye"}],
		"post_transfer_transcript":[{"start":0.5,"end":2,"speaker":2,"speaker_label":"representative","text":"Lena here"},
			{"start":2,"end":3,"speaker":1,"text":"Hello"},{"start":3,"end":4,"speaker":2,"text":"Go on"}],
		"citations":[{"variable_name":"open","value":true},{"variable_name":"n","value":null},7],
		"analysis":{"success":true,"note":"x"},"post_call_evals":{"status":"pending"}}`).Facts
	type turn struct {
		role       ringside.Role
		text       string
		start, end int64
		cut        bool
	}
	var got []turn
	for _, v := range x.Turns {
		got = append(got, turn{v.Role, v.Text, *v.StartMS, *v.EndMS, v.Interrupted})
	}
	want := []turn{
		{"agent", "We open at eight and", 1000, 4000, true},
		{"user", "Thanks", 3000, 3500, false},
		{"agent", "Bye", 3450, 5000, false},
		{"user", "Lena here", 30500, 32000, false},
		{"user", "Hello", 32000, 33000, false},
		{"user", "Go on", 33000, 34000, false},
	}
	if !reflect.DeepEqual(got, want) || len(x.Interruptions) != 1 || x.Turns[3].Speaker != "representative" || x.Turns[5].Speaker != "representative" {
		t.Errorf("turns %+v, interruptions %+v", got, x.Interruptions)
	}
	if len(x.ToolCalls) != 2 || x.ToolCalls[0].ID == x.ToolCalls[1].ID || x.ToolCalls[0].Done() {
		t.Errorf("tool calls %+v: want two uses, the first without an answer", x.ToolCalls)
	}
	if second := x.ToolCalls[1]; second.Error != "the server answered 500" || *second.EndMS != 5000 || !reflect.DeepEqual(second.Result, map[string]any{"error": "down"}) {
		t.Errorf("second use %+v", second)
	}
	a := x.Analysis
	if v, ok := a.Structured["n"]; !ok || v != nil || a.Structured["open"] != true || a.Structured["note"] != "x" || a.Success != "true" || x.Success == nil {
		t.Errorf("analysis %+v", a)
	}
	if want := []ringside.Criterion{{Name: "post_call_evals", Result: "pending"}}; !reflect.DeepEqual(a.Criteria, want) {
		t.Errorf("criteria %+v", a.Criteria)
	}
	if len(x.Warnings) != 1 {
		t.Errorf("warnings %q: want one, of the odd citation", x.Warnings)
	}
}

func TestToolResponses(t *testing.T) {
	for response, want := range map[string]any{
		`200 | quote_total: 1240`:        "quote_total: 1240",
		`200 | {"total":1240}`:           map[string]any{"total": 1240.0},
		`{"error":"no slot","by":"a|b"}`: map[string]any{"error": "no slot", "by": "a|b"},
		`none | of them`:                 "none | of them",
	} {
		text, err := json.Marshal("Tool Response: " + response)
		if err != nil {
			t.Fatal(err)
		}
		x := decode(t, `{"call_id":"c","transcripts":[{"id":1,"user":"agent-action","text":"Executing custom tool: Find"},
			{"id":2,"user":"agent-action","text":`+string(text)+`}]}`).Facts
		if len(x.ToolCalls) != 1 || !reflect.DeepEqual(x.ToolCalls[0].Result, want) {
			t.Errorf("%s: %+v", response, x.ToolCalls)
		}
	}
}

func TestLooks(t *testing.T) {
	x := decode(t, `{"call_id":"c","event_type":"evals","status":"completed","overall_score_normalized_0_100":82}`).Facts
	if want := []ringside.Criterion{{Name: "post_call_evals", Result: "completed", Score: new(82.0)}}; x.Analysis == nil || !reflect.DeepEqual(x.Analysis.Criteria, want) {
		t.Errorf("evals %+v", x.Analysis)
	}
	x = decode(t, `{"call_id":"c","event_type":"post_transfer_transcript","transfer_offset_seconds":44,
		"post_transfer_transcript":[{"start":0,"end":1,"speaker":2,"speaker_label":"representative","text":"Lena here"}]}`).Facts
	if len(x.Turns) != 0 || x.Span == nil || *x.Span.StartMS != 44000 {
		t.Errorf("turns %+v, span %+v: the words after a transfer must not take the place of the call's", x.Turns, x.Span)
	}
	x = decode(t, `{"call_id":"c","event_type":"multiple","contents":["corrected_transcript"],
		"corrected_transcript":[{"start":0.9,"end":1.4,"speaker":1,"speaker_label":"user","text":"Hello?"}]}`).Facts
	if len(x.Turns) != 1 || *x.Turns[0].StartMS != 900 {
		t.Errorf("turns %+v", x.Turns)
	}
}

func TestNothingOddSpoilsACall(t *testing.T) {
	for _, part := range []string{
		`"transcripts":{}`, `"transcripts":[7]`, `"transcripts":[],"pathway_logs":"x"`, `"transcripts":[],"analysis":"good"`,
		`"transcripts":[],"variables":[]`, `"transcripts":[],"metadata":1`, `"transcripts":[],"warm_transfer_call":[]`,
		`"transcripts":[],"citations":{}`, `"transcripts":[],"pathway_tags":[{}]`,
	} {
		if x := decode(t, `{"call_id":"c",`+part+`}`).Facts; len(x.Warnings) == 0 {
			t.Errorf("%s: no warning", part)
		}
	}
	x := decode(t, `{"call_id":"c","concatenated_transcript":"user: Hello? \n assistant: Hi: yes. \n agent-action: Ended call \n "}`).Facts
	want := []ringside.Turn{{Role: ringside.RoleUser, Text: "Hello?"}, {Role: ringside.RoleAgent, Text: "Hi: yes."}}
	if !reflect.DeepEqual(x.Turns, want) {
		t.Errorf("turns %+v", x.Turns)
	}
}

func TestVerify(t *testing.T) {
	b, err := os.ReadFile(payloads + "/signature.vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Header    string `json:"header"`
		Secret    string `json:"secret"`
		Body      string `json:"body"`
		Signature string `json:"signature"`
		Valid     bool   `json:"valid"`
	}
	if err := json.Unmarshal(b, &vectors); err != nil || len(vectors) == 0 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	check := func(header, secret, body, signature string) error {
		h := http.Header{}
		h.Set(header, signature)
		return bland.Verify(provider.Delivery{Header: h, Body: []byte(body), ReceivedAt: providertest.ReceivedAt}, provider.SourceConfig{Secret: secret})
	}
	for i, v := range vectors {
		err := check(v.Header, v.Secret, v.Body, v.Signature)
		if (err == nil) != v.Valid {
			t.Errorf("vector %d: %v, want valid %t", i, err, v.Valid)
		}
		if err != nil && ringside.KindOf(err) != ringside.Unauthorized {
			t.Errorf("vector %d: kind %s", i, ringside.KindOf(err))
		}
	}
	v := vectors[0]
	for name, err := range map[string]error{
		"another secret":       check(v.Header, "other", v.Body, v.Signature),
		"no secret":            check(v.Header, "", v.Body, v.Signature),
		"no signature":         check("X-Other", v.Secret, v.Body, v.Signature),
		"more behind it":       check(v.Header, v.Secret, v.Body, v.Signature+"00"),
		"a prefix before it":   check(v.Header, v.Secret, v.Body, "sha256="+v.Signature),
		"the signature halved": check(v.Header, v.Secret, v.Body, v.Signature[:32]),
	} {
		if ringside.KindOf(err) != ringside.Unauthorized || err == nil {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
}
