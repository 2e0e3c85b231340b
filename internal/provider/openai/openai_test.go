package openai_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/openai"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

var suite = providertest.Suite{
	Provider:  openai.Provider,
	Dir:       "../../../testdata/payloads/openai",
	Skip:      func(name string) bool { return name == "webhook_headers.json" },
	Sequences: [][]string{{"webhook_realtime_call_incoming.json", "forwarded.jsonl"}},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func TestControls(t *testing.T) {
	providertest.RunControls(t, openai.Provider.Controls, providertest.OpenAI)
}

func FuzzDecode(f *testing.F) {
	body, err := os.ReadFile(filepath.Join(suite.Dir, "forwarded.jsonl"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add(list(body))
	providertest.Fuzz(f, suite)
}

// list writes lines as a list.
func list(lines []byte) []byte {
	return []byte("[" + strings.Join(strings.Split(strings.TrimSpace(string(lines)), "\n"), ",") + "]")
}

func decode(body []byte) ([]ringside.Event, error) {
	return openai.Decode(provider.Payload{Body: body, ReceivedAt: providertest.ReceivedAt})
}

// fold decodes a body and folds its events, stamped as the ledger does.
func fold(t *testing.T, body []byte) *ringside.Call {
	t.Helper()
	events, err := decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return providertest.Fold(stamped(events))
}

func stamped(events []ringside.Event) []ringside.Event {
	for i := range events {
		events[i].ID = strconv.Itoa(i)
	}
	return events
}

func TestABodyOfManyEvents(t *testing.T) {
	lines, err := os.ReadFile(filepath.Join(suite.Dir, "forwarded.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	c := fold(t, lines)
	other, err := json.Marshal(fold(t, list(lines)))
	if err != nil {
		t.Fatal(err)
	}
	if one, _ := json.Marshal(c); !bytes.Equal(one, other) {
		t.Error("a list and lines differ")
	}
	if len(c.Turns) != 3 {
		t.Fatalf("%d turns: %+v", len(c.Turns), c.Turns)
	}
	// The customer's words were transcribed after the model had begun to answer
	// them; they stand where they were said.
	greeting, question, answer := c.Turns[0], c.Turns[1], c.Turns[2]
	if greeting.Role != ringside.RoleAgent || question.Role != ringside.RoleUser || answer.Role != ringside.RoleAgent {
		t.Errorf("turns %+v", c.Turns)
	}
	if *question.StartMS != 4110 || *question.EndMS != 6720 || *greeting.StartMS != 520 || *greeting.EndMS != 3400 {
		t.Errorf("times %+v", c.Turns)
	}
	if greeting.Latency != nil || answer.Latency == nil || *answer.Latency.TotalMS != 1740 || answer.Latency.Source != ringside.Claimed {
		t.Errorf("latency %+v, %+v", greeting.Latency, answer.Latency)
	}
	if greeting.Interrupted || !answer.Interrupted || len(c.Interruptions) != 1 || *c.Interruptions[0].AtMS != 10670 {
		t.Errorf("interruptions %+v", c.Interruptions)
	}
	if len(c.ToolCalls) != 1 || c.ToolCalls[0].Name != "room_price" || c.ToolCalls[0].Result.(map[string]any)["price"] != 184.0 || *c.ToolCalls[0].Turn != 1 {
		t.Errorf("tool calls %+v", c.ToolCalls)
	}
	if c.Status != ringside.StatusActive || c.Model.Voice != "marin" || c.Cost != nil {
		t.Errorf("%s, %+v, %v", c.Status, c.Model, c.Cost)
	}
}

// Without times, the order in the body is all there is; it is kept, and a
// customer's words still stand before the answer to them.
func TestABodyWithoutTimes(t *testing.T) {
	lines, err := os.ReadFile(filepath.Join(suite.Dir, "forwarded.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	c := fold(t, regexp.MustCompile(`"received_at":"[^"]*",`).ReplaceAll(lines, nil))
	var roles strings.Builder
	for _, turn := range c.Turns {
		roles.WriteString(string(turn.Role) + " ")
		if turn.Latency != nil || turn.EndMS != nil {
			t.Errorf("a turn with times out of nowhere: %+v", turn)
		}
	}
	if roles.String() != "agent user agent " {
		t.Errorf("turns of %s", roles.String())
	}
}

func forward(event string) []byte {
	return []byte(`{"call_id":"rtc_1","received_at":"2026-11-17T22:00:00Z","event":` + event + `}`)
}

func TestPiecesAreNoFacts(t *testing.T) {
	for _, kind := range []string{
		"response.output_audio_transcript.delta", "conversation.item.input_audio_transcription.delta", "response.output_audio.delta",
		"session.input_transcript.delta", "rate_limits.updated", "response.content_part.added", "response.output_audio_transcript.done",
	} {
		_, err := decode(forward(`{"type":"` + kind + `","delta":"Good","transcript":"Good"}`))
		if _, ok := provider.IsIgnored(err); !ok {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestWhatSingleEventsSay(t *testing.T) {
	for _, tc := range []struct {
		event string
		phase ringside.Phase
		check func(*ringside.Facts) bool
	}{
		{`{"type":"transport.ringing"}`, ringside.PhaseRinging, nil},
		{`{"type":"transport.failed"}`, ringside.PhaseEnded, func(x *ringside.Facts) bool { return x.End.Failure == ringside.FailureTelephony }},
		{`{"type":"session.closed"}`, ringside.PhaseEnded, func(x *ringside.Facts) bool { return !x.EndedAt.IsZero() && x.End != nil }},
		{`{"type":"session.created","session":{"model":"gpt-realtime-2"}}`, ringside.PhaseActive, func(x *ringside.Facts) bool { return !x.StartedAt.IsZero() && x.Model.Language == "gpt-realtime-2" }},
		{`{"type":"something.new"}`, ringside.PhaseActive, func(x *ringside.Facts) bool { return x.Span == nil }},
		{`{"type":"error","error":{"code":"boom"}}`, ringside.PhaseActive, func(x *ringside.Facts) bool { return x.Span.Error == "boom" }},
		{`{"type":"input_audio_buffer.speech_started","item_id":"i"}`, ringside.PhaseActive, speaks("user", true)},
		{`{"type":"input_audio_buffer.speech_stopped","item_id":"i"}`, ringside.PhaseActive, speaks("user", false)},
		{`{"type":"output_audio_buffer.started","response_id":"r"}`, ringside.PhaseActive, speaks("agent", true)},
		{`{"type":"output_audio_buffer.stopped","response_id":"r"}`, ringside.PhaseActive, speaks("agent", false)},
		{`{"type":"output_audio_buffer.cleared","response_id":"r"}`, ringside.PhaseActive, func(x *ringside.Facts) bool { return x.Span == nil }},
		{
			`{"type":"conversation.item.done","item":{"id":"mcp_1","type":"mcp_call","server_label":"crm","name":"find","arguments":"{\"n\":1}","output":"[7]","error":null}}`,
			ringside.PhaseActive, func(x *ringside.Facts) bool {
				t := x.ToolCalls[0]
				return t.ID == "mcp_1" && t.Name == "find" && t.Arguments.(map[string]any)["n"] == 1.0 && len(t.Result.([]any)) == 1 && t.Error == ""
			},
		},
		{
			`{"type":"response.done","response":{"id":"r","status":"completed","output":[{"id":"mcp_2","type":"mcp_call","name":"find","arguments":"{}","output":null,"error":{"type":"protocol_error","code":-32000,"message":"gone"}}]}}`,
			ringside.PhaseActive, func(x *ringside.Facts) bool {
				return x.ToolCalls[0].ID == "mcp_2" && x.ToolCalls[0].Error == "gone" && x.ToolCalls[0].Result == nil
			},
		},
		{`{"type":"conversation.item.added","item":{"id":"mcp_1","type":"mcp_call","name":"find","arguments":""}}`, ringside.PhaseActive, func(x *ringside.Facts) bool { return x.ToolCalls == nil }},
		{`{"type":"input_audio_buffer.dtmf_event_received","event":"5"}`, ringside.PhaseActive, func(x *ringside.Facts) bool { return x.Span.Name == "dtmf" && x.Span.Title == "5" }},
		{
			`{"type":"conversation.item.done","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}}`,
			ringside.PhaseActive, func(x *ringside.Facts) bool { return x.Turn.Text == "Hi" && x.Turn.Role == ringside.RoleUser },
		},
		{
			`{"type":"response.done","response":{"id":"r","status":"failed","status_details":{"error":{"message":"no capacity"}},"usage":{"total_tokens":9}}}`,
			ringside.PhaseActive, func(x *ringside.Facts) bool {
				return x.Span.Error == "no capacity" && x.Span.Attributes["total_tokens"] == 9.0
			},
		},
	} {
		events, err := decode(forward(tc.event))
		if err != nil || len(events) != 1 {
			t.Fatalf("%s: %d events, %v", tc.event, len(events), err)
		}
		if x := events[0].Facts; x.Phase != tc.phase || tc.check != nil && !tc.check(&x) {
			t.Errorf("%s: %+v", tc.event, x)
		}
	}
}

func speaks(role string, on bool) func(*ringside.Facts) bool {
	return func(x *ringside.Facts) bool {
		return x.Span != nil && x.Span.Name == ringside.SpanSpeech && x.Span.Attributes["role"] == role && x.Span.Attributes["speaking"] == on
	}
}

// An event of which a part is not what it should be costs itself, and says so.
func TestAnOddEventCostsNoOther(t *testing.T) {
	said := `{"type":"response.done","event_id":"e2","response":{"id":"r","status":"completed","output":[{"id":"i","type":"message","content":[{"type":"output_text","text":"Hello."}]}]}}`
	for _, odd := range []string{
		`{"type":"error","event_id":"e1","error":"boom"}`,
		`{"type":"response.done","event_id":"e1","response":"none"}`,
		`{"type":"conversation.item.done","event_id":"e1","item":[1]}`,
		`{"type":"conversation.item.input_audio_transcription.completed","event_id":"e1","transcript":"Hi","usage":7}`,
		`{"type":"session.updated","event_id":"e1","session":{"audio":[]}}`,
	} {
		events, err := decode(append(append(forward(odd), '\n'), forward(said)...))
		if err != nil || events[0].Facts.Key != "e1" || len(events[0].Facts.Warnings) != 1 {
			t.Errorf("%s: %+v, %v", odd, events, err)
			continue
		}
		if c := providertest.Fold(stamped(events)); len(c.Turns) != 1 || c.Turns[0].Text != "Hello." || c.Status != ringside.StatusActive {
			t.Errorf("%s: %+v", odd, c.Turns)
		}
	}
}

func TestWhoCalls(t *testing.T) {
	for header, want := range map[string]string{
		"sip:+12025550143@sip.example.com":                       "+12025550143",
		`"Ada" <sip:+12025550143@sip.example.com>;tag=a1`:        "+12025550143",
		"<sips:+12025550143@sip.example.com;user=phone>;tag=a1":  "+12025550143",
		"<SIP:desk@sip.example.com>;tag=a1":                      "sip:desk@sip.example.com",
		"sips:desk@sip.example.com;transport=tls":                "sips:desk@sip.example.com",
		"<tel:+1-202-555-0143;phone-context=example.com>;tag=a1": "+1-202-555-0143",
		"sip:@sip.example.com":                                   "sip:@sip.example.com",
		" anonymous ":                                            "anonymous",
	} {
		body, err := json.Marshal(map[string]any{"type": "realtime.call.incoming", "data": map[string]any{
			"call_id": "rtc_1", "sip_headers": []map[string]string{{"name": "From", "value": header}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if events, err := decode(body); err != nil || events[0].Facts.From != want {
			t.Errorf("%s is %q, %v; want %q", header, events[0].Facts.From, err, want)
		}
	}
}

func TestCallsStandTogether(t *testing.T) {
	var body bytes.Buffer
	for _, id := range []string{"b", "a", "b", "a"} {
		body.WriteString(`{"call_id":"` + id + `","event":{"type":"error"}}` + "\n")
	}
	events, err := decode(body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, e := range events {
		got.WriteString(e.ProviderCallID)
	}
	if got.String() != "aabb" {
		t.Errorf("calls %s", got.String())
	}
	a, err := decode(openai.Part(body.Bytes(), "a"))
	if err != nil || len(a) != 2 || !reflect.DeepEqual(a[0].Facts, events[0].Facts) || !reflect.DeepEqual(a[1].Facts, events[1].Facts) {
		t.Errorf("its part tells of call a %+v, all of it %+v (%v)", a, events[:2], err)
	}
}

// An event that comes alone and then with others, as forwarders send again what
// was not acknowledged, tells each thing once.
func TestAnEventThatComesTwice(t *testing.T) {
	lines, err := os.ReadFile(filepath.Join(suite.Dir, "forwarded.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var all []ringside.Event
	for _, body := range append(strings.Split(strings.TrimSpace(string(lines)), "\n"), string(lines)) {
		events, err := decode([]byte(body))
		if _, ignored := provider.IsIgnored(err); err != nil && !ignored {
			t.Fatal(err)
		}
		all = append(all, events...)
	}
	told := map[string]int{}
	for i := range all {
		all[i].ID = strconv.Itoa(i)
		told[all[i].Facts.Key]++
	}
	for key, n := range told {
		if n != 2 || key == "" {
			t.Errorf("%q names %d events, want 2", key, n)
		}
	}
	once, twice := fold(t, lines), providertest.Fold(all)
	if len(twice.Turns) != len(once.Turns) || len(twice.Spans) != len(once.Spans) || len(twice.Interruptions) != len(once.Interruptions) {
		t.Errorf("%d turns, %d spans, %d interruptions; once %d, %d, %d", len(twice.Turns), len(twice.Spans), len(twice.Interruptions),
			len(once.Turns), len(once.Spans), len(once.Interruptions))
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ name, body, field string }{
		{"a bare event", `{"type":"session.created","session":{}}`, "/event"},
		{"no type", `{"call_id":"c","event":{}}`, "/event/type"},
		{"no call", `{"event":{"type":"error"}}`, "/call_id"},
		{"an id too long", `{"call_id":"c","event":{"type":"error","event_id":"` + strings.Repeat("x", 201) + `"}}`, "/event/event_id"},
		{"no call in a list", `[{"call_id":"c","event":{"type":"error"}},{"event":{"type":"error"}}]`, "/1/call_id"},
		{"no call in a line", `{"call_id":"c","event":{"type":"error"}}` + "\n" + `{"event":{"type":"error"}}`, "/1/call_id"},
		{"an event that is text", `[{"call_id":"c","event":"error"}]`, "/0/event"},
		{"a broken line", `{"call_id":"c","event":{"type":"error"}}` + "\n{", ""},
		{"no JSON", `{`, ""},
		{"too many", strings.Repeat(`{"call_id":"c","event":{"type":"error"}}`, 5001), ""},
	} {
		_, err := decode([]byte(tc.body))
		if e, ok := err.(*ringside.Error); !ok || e.Kind != ringside.Invalid || e.Field != tc.field {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestDecodeIgnoresOtherWebhooks(t *testing.T) {
	_, err := decode([]byte(`{"object":"event","type":"batch.completed","data":{"id":"b"}}`))
	if _, ok := provider.IsIgnored(err); !ok {
		t.Errorf("got %v", err)
	}
}

func TestVerify(t *testing.T) {
	var v map[string]string
	b, err := os.ReadFile(filepath.Join(suite.Dir, "webhook_headers.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join(suite.Dir, "webhook_realtime_call_incoming.json"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1794952798, 0)
	for _, tc := range []struct {
		name, secret, signature string
		at                      time.Time
		body                    []byte
		ok                      bool
	}{
		{"the vector", v["secret"], v["webhook-signature"], at, body, true},
		{"one of two signatures", v["secret"], "v1,AAAA " + v["webhook-signature"], at, body, true},
		{"late", v["secret"], v["webhook-signature"], at.Add(6 * time.Minute), body, false},
		{"another body", v["secret"], v["webhook-signature"], at, append(body, ' '), false},
		{"another secret", "whsec_AAAA", v["webhook-signature"], at, body, false},
		{"no secret", "", v["webhook-signature"], at, body, false},
		{"no signature", v["secret"], "", at, body, false},
	} {
		h := http.Header{}
		h.Set("webhook-id", v["webhook-id"])
		h.Set("webhook-timestamp", v["webhook-timestamp"])
		h.Set("webhook-signature", tc.signature)
		err := openai.Verify(provider.Delivery{Header: h, Body: tc.body, ReceivedAt: tc.at}, provider.SourceConfig{Secret: tc.secret})
		if (err == nil) != tc.ok || err != nil && ringside.KindOf(err) != ringside.Unauthorized {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}
