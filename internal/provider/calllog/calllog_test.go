package calllog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/calllog"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

var suite = providertest.Suite{
	Provider:  calllog.Provider,
	Dir:       "../../../testdata/payloads/custom",
	Sequences: [][]string{{"call-log.json", "call-log.transcript-later.json"}},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func FuzzDecode(f *testing.F) { providertest.Fuzz(f, suite) }

func decode(body string) ([]ringside.Event, error) {
	return calllog.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
}

func facts(t *testing.T, body string) ringside.Facts {
	t.Helper()
	events, err := decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return events[0].Facts
}

func TestDecodeRefuses(t *testing.T) {
	const message = "/transcript/messages/1"
	inMessage := func(m string) string {
		return `{"call_id":"a","transcript":{"kind":"openai","messages":[{"role":"user","content":"hi"},` + m + `]}}`
	}
	for _, tc := range []struct{ name, body, field string }{
		{"no call id", `{"recording_url":"https://example.com/a.wav"}`, "/call_id"},
		{"an empty call id", `{"call_id":"  "}`, "/call_id"},
		{"a call id that is null", `{"call_id":null}`, "/call_id"},
		{"a call id that is true", `{"call_id":true}`, "/call_id"},
		{"a call id that is an object", `{"call_id":{}}`, "/call_id"},
		{"a recording that is a number", `{"call_id":"a","recording_url":1}`, "/recording_url"},
		{"a number that is a list", `{"call_id":"a","from_number":["+1"]}`, "/from_number"},
		{"a number that is false", `{"call_id":"a","to_number":false}`, "/to_number"},
		{"a start that is a word", `{"call_id":"a","start_timestamp":"soon"}`, "/start_timestamp"},
		{"an end that is an object", `{"call_id":"a","end_timestamp":{}}`, "/end_timestamp"},
		{"a start beyond all calls", `{"call_id":"a","start_timestamp":9e18}`, "/start_timestamp"},
		{"a negative end", `{"call_id":"a","end_timestamp":-5}`, "/end_timestamp"},
		{"a status that is a number", `{"call_id":"a","status":1}`, "/status"},
		{"a status that is another word", `{"call_id":"a","status":"purple"}`, "/status"},
		{"a direction that is another word", `{"call_id":"a","direction":"up"}`, "/direction"},
		{"metadata that is text", `{"call_id":"a","metadata":"x"}`, "/metadata"},
		{"a transcript that is a list", `{"call_id":"a","transcript":[]}`, "/transcript"},
		{"a transcript that is a number", `{"call_id":"a","transcript":5}`, "/transcript"},
		{"no kind", `{"call_id":"a","transcript":{"messages":[]}}`, "/transcript/kind"},
		{"another kind", `{"call_id":"a","transcript":{"kind":"srt","messages":[]}}`, "/transcript/kind"},
		{"a kind that is a number", `{"call_id":"a","transcript":{"kind":1}}`, "/transcript/kind"},
		{"messages that are text", `{"call_id":"a","transcript":{"kind":"openai","messages":"hi"}}`, "/transcript/messages"},
		{"a message that is null", inMessage(`null`), message},
		{"a message that is text", inMessage(`"hi"`), message},
		{"no role", inMessage(`{"content":"hi"}`), message + "/role"},
		{"a role that is a number", inMessage(`{"role":1}`), message + "/role"},
		{"another role", inMessage(`{"role":"dog","content":"woof"}`), message + "/role"},
		{"a start that is true", inMessage(`{"role":"user","start":true}`), message + "/start"},
		{"a start that is a word", inMessage(`{"role":"user","start":"noon"}`), message + "/start"},
		{"content that is a number", inMessage(`{"role":"user","content":7}`), message + "/content"},
		{"content that is an object", inMessage(`{"role":"user","content":{}}`), message + "/content"},
		{"a part that is text", inMessage(`{"role":"user","content":["hi"]}`), message + "/content/0"},
		{"a part whose text is a number", inMessage(`{"role":"user","content":[{"text":"a"},{"text":7}]}`), message + "/content/1/text"},
		{"tool calls that are an object", inMessage(`{"role":"assistant","tool_calls":{}}`), message + "/tool_calls"},
		{"a tool call that is text", inMessage(`{"role":"assistant","tool_calls":["x"]}`), message + "/tool_calls/0"},
		{"a tool call without an id", inMessage(`{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}`), message + "/tool_calls/0/id"},
		{"a tool call without a function", inMessage(`{"role":"assistant","tool_calls":[{"id":"1"}]}`), message + "/tool_calls/0/function/name"},
		{"a tool's name that is a number", inMessage(`{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f"}},{"id":"2","function":{"name":9}}]}`), message + "/tool_calls/1/function/name"},
		{"a result that names no call", inMessage(`{"role":"tool","content":"x"}`), message + "/tool_call_id"},
		{"a result that names it by number", inMessage(`{"role":"tool","content":"x","tool_call_id":4}`), message + "/tool_call_id"},
		{"a list", `[]`, ""},
		{"text", `"call"`, ""},
		{"null", `null`, "/call_id"},
		{"no JSON", `{"call_id":`, ""},
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

func TestStatus(t *testing.T) {
	for _, tc := range []struct {
		name, fields, event string
		phase               ringside.Phase
		failure             ringside.FailureClass
	}{
		{"ended", `"status":"ended"`, "call_ended", ringside.PhaseEnded, ""},
		{"in capitals", `"status":"Ended"`, "call_ended", ringside.PhaseEnded, ""},
		{"error", `"status":"error"`, "call_ended", ringside.PhaseEnded, ringside.FailureUnknown},
		{"still going on", `"status":"in_progress"`, "call_started", ringside.PhaseActive, ""},
		{"none, with a recording", `"recording_url":"https://example.com/a.wav"`, "call_ended", ringside.PhaseEnded, ""},
		{"none, with an end", `"end_timestamp":1790367280000`, "call_ended", ringside.PhaseEnded, ""},
		{"none, with a start alone", `"start_timestamp":1790367000000`, "call_updated", ringside.PhaseUnknown, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			events, err := decode(`{"call_id":"a",` + tc.fields + `}`)
			if err != nil {
				t.Fatal(err)
			}
			e := events[0]
			var failure ringside.FailureClass
			if e.Facts.End != nil {
				failure = e.Facts.End.Failure
			}
			if e.Name != tc.event || e.Facts.Phase != tc.phase || failure != tc.failure {
				t.Errorf("%s, phase %d, failure %q", e.Name, e.Facts.Phase, failure)
			}
		})
	}
}

func TestSpokenTranscript(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       string // role initial and text of each turn
	}{
		{"two sides", `AI: Hello.\nUser: Hi.`, "agent Hello. | user Hi."},
		{"every name of both sides", `Agent: a\nAssistant: b\nBot: c\nCustomer: d\nCaller: e\nHuman: f`, "agent a | agent b | agent c | user d | user e | user f"},
		{"any case, any space", `  AGENT :  Hello.\r\n\r\nuser:Hi.`, "agent Hello. | user Hi."},
		{"a turn of several lines", `AI: One.\nTwo: three.\nUser: Four.`, "agent One. Two: three. | user Four."},
		{"a colon in the words", `User: It is 9:30: hurry.`, "user It is 9:30: hurry."},
		{"a speaker who says nothing", `AI:\nUser: Hi.`, "user Hi."},
		{"nothing", ` \n`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := facts(t, `{"call_id":"a","transcript":"`+tc.text+`"}`)
			var got []string
			for _, turn := range x.Turns {
				got = append(got, string(turn.Role)+" "+turn.Text)
				if turn.StartMS != nil || turn.EndMS != nil {
					t.Errorf("a time for %q", turn.Text)
				}
			}
			if s := strings.Join(got, " | "); s != tc.want {
				t.Errorf("turns %q, want %q", s, tc.want)
			}
			if len(x.Warnings) > 0 {
				t.Errorf("warnings %q", x.Warnings)
			}
		})
	}
}

func TestTranscriptWithoutSpeakersIsKept(t *testing.T) {
	const text = "Hello there.\nAgent: who is it?"
	x := facts(t, `{"call_id":"a","transcript":"Hello there.\nAgent: who is it?"}`)
	if len(x.Turns) != 0 || x.Metadata["transcript"] != text || len(x.Warnings) != 1 {
		t.Errorf("turns %v, metadata %v, warnings %q", x.Turns, x.Metadata, x.Warnings)
	}
}

func TestToolCallsArePaired(t *testing.T) {
	x := facts(t, `{"call_id":"a","transcript":{"kind":"openai","messages":[
		{"role":"assistant","content":null,"tool_calls":[{"id":"1","function":{"name":"f","arguments":{"n":1}}}]},
		{"role":"tool","tool_call_id":"1","content":"first"},
		{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"g","arguments":"plain"}}]},
		{"role":"tool","tool_call_id":"1","content":[{"type":"text","text":"{\"n\":2}"}]},
		{"role":"tool","tool_call_id":"9","name":"h","content":"lost"}]}}`)
	if len(x.Turns) != 0 {
		t.Errorf("turns without words: %v", x.Turns)
	}
	want := []ringside.ToolCall{
		{ID: "1", Name: "f", Arguments: map[string]any{"n": 1.0}, Result: "first"},
		{ID: "1 (2)", Name: "g", Arguments: "plain", Result: map[string]any{"n": 2.0}},
		{ID: "9", Name: "h", Result: "lost"},
	}
	if len(x.ToolCalls) != len(want) {
		t.Fatalf("tool calls %+v", x.ToolCalls)
	}
	for i, w := range want {
		if g := x.ToolCalls[i]; g.ID != w.ID || g.Name != w.Name || !equal(g.Arguments, w.Arguments) || !equal(g.Result, w.Result) {
			t.Errorf("tool call %d: %+v, want %+v", i, g, w)
		}
	}
	if len(x.Warnings) != 1 {
		t.Errorf("warnings %q", x.Warnings)
	}
}

func equal(a, b any) bool {
	x, ok := a.(map[string]any)
	if !ok {
		return a == b
	}
	y, _ := b.(map[string]any)
	return x["n"] == y["n"] && len(x) == len(y)
}

func TestMessageTimes(t *testing.T) {
	for _, tc := range []struct {
		name, call, start string
		want              any // milliseconds, or nil
		warnings          int
	}{
		{"milliseconds", `"start_timestamp":1790367000000,`, `1790367001500`, int64(1500), 0},
		{"as a string", `"start_timestamp":"1790367000000",`, `"1790367001500"`, int64(1500), 0},
		{"before the call", `"start_timestamp":1790367000000,`, `1790366999000`, int64(0), 0},
		{"seconds", `"start_timestamp":1790367000,`, `1790367001.5`, int64(1500), 1},
		{"from the start of the call", ``, `1500`, int64(1500), 1},
		{"zero", `"start_timestamp":1790367000000,`, `0`, int64(0), 1},
		{"without the call's start", ``, `1790367001500`, int64(0), 1},
		{"null", ``, `null`, nil, 0},
		{"negative", ``, `-1`, nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := facts(t, `{"call_id":"a",`+tc.call+`"transcript":{"kind":"openai","messages":[{"role":"user","content":"hi","start":`+tc.start+`}]}}`)
			var got any
			if s := x.Turns[0].StartMS; s != nil {
				got = *s
			}
			if got != tc.want || len(x.Warnings) != tc.warnings {
				t.Errorf("start %v, warnings %q; want %v and %d", got, x.Warnings, tc.want, tc.warnings)
			}
			if x.Turns[0].EndMS != nil {
				t.Error("an end that nobody gave")
			}
		})
	}
}

func TestMessagesThatWereSpokenOrRefused(t *testing.T) {
	x := facts(t, `{"call_id":"a","transcript":{"kind":"openai","messages":[
		{"role":"developer","content":[{"type":"text","text":"Be kind."}]},
		{"role":"system","content":"Another prompt."},
		{"role":"user","content":[{"type":"input_audio","transcript":"Hello?"}]},
		{"role":"assistant","content":null,"audio":{"transcript":"Hi."}},
		{"role":"assistant","content":null,"refusal":"I can't say that."}]}}`)
	var got []string
	for _, turn := range x.Turns {
		got = append(got, turn.Text)
	}
	if s := strings.Join(got, "|"); s != "Hello?|Hi.|I can't say that." {
		t.Errorf("turns %q", s)
	}
	if x.Model.PromptHash != provider.PromptHash("Be kind.") {
		t.Errorf("prompt hash %q", x.Model.PromptHash)
	}
}

func TestUnknownFieldsAreMetadata(t *testing.T) {
	x := facts(t, `{"call_id":"a","tier":"gold","n":3,"tags":["x"],"none":null,"tier2":"a","metadata":{"tier":"silver","own":true}}`)
	for name, want := range map[string]any{"tier": "silver", "n": 3.0, "own": true, "tier2": "a"} {
		if x.Metadata[name] != want {
			t.Errorf("%s is %v, want %v", name, x.Metadata[name], want)
		}
	}
	if _, ok := x.Metadata["none"]; ok || len(x.Metadata) != 5 {
		t.Errorf("metadata %v", x.Metadata)
	}
}

func BenchmarkDecode(b *testing.B) {
	body, err := os.ReadFile(filepath.Join(suite.Dir, "openai-transcript.json"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := calllog.Decode(provider.Payload{Body: body, ReceivedAt: providertest.ReceivedAt}); err != nil {
			b.Fatal(err)
		}
	}
}
