package vapi_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

// old is a report as it was sent in 2024: an ISO timestamp, everything at the
// top, durations in seconds that don't quite agree with the clock.
const old = `{"message":{"type":"end-of-call-report","timestamp":"2024-06-03T17:22:30.500Z","endedReason":"hangup",
 "call":{"id":"old","type":"webCall","status":"ringing","createdAt":"2024-06-03T17:22:00.000Z"},
 "startedAt":"2024-06-03T17:22:02.000Z","endedAt":"2024-06-03T17:22:20.000Z","cost":0.02,
 "costBreakdown":{"transport":0,"stt":0.002,"llm":0.005,"tts":0.008,"vapi":0.005,"total":0.02},
 "summary":"A short call.","recordingUrl":"https://storage.example.com/old.wav","stereoRecordingUrl":"https://storage.example.com/old-stereo.wav",
 "messages":[
  {"role":"system","message":"Be brief.","time":1717435321000,"secondsFromStart":0},
  {"role":"bot","message":"Hello there, how may I help?","time":1717435323000,"endTime":1717435326380,"secondsFromStart":1,"duration":4.31},
  {"role":"user","message":"What time do you close?","time":1717435328000,"secondsFromStart":6,"duration":2.5},
  {"role":"bot","message":"At six.","time":1717435332000,"secondsFromStart":10,"duration":1}]}}`

func TestOldReport(t *testing.T) {
	c := decode(t, old)
	wantTurns(t, c, "agent 1000-4380", "user 6000-8500", "agent 10000-11000")
	if c.Direction != ringside.Web || c.Status != ringside.StatusCompleted || c.Outcome.EndedBy != ringside.EndedByUnknown {
		t.Errorf("direction %q, status %q, ended by %q", c.Direction, c.Status, c.Outcome.EndedBy)
	}
	if c.DurationMS == nil || *c.DurationMS != 18000 {
		t.Errorf("duration %v, want 18000 from the two times", c.DurationMS)
	}
	if len(c.Recordings) != 2 || c.Recordings[0].URL != "https://storage.example.com/old.wav" || c.Recordings[0].Via != "GET /call/old/mono-recording" {
		t.Errorf("recordings %+v", c.Recordings)
	}
	if c.Cost == nil || c.Cost.Total != 0.02 || len(c.Cost.Components) != 4 {
		t.Errorf("cost %+v", c.Cost)
	}
	if c.Analysis.Provider == nil || c.Analysis.Provider.Summary != "A short call." {
		t.Errorf("analysis %+v", c.Analysis.Provider)
	}
}

func wantTurns(t *testing.T, c *ringside.Call, want ...string) {
	t.Helper()
	var got []string
	for _, turn := range c.Turns {
		from, to := "?", "?"
		if turn.StartMS != nil {
			from = fmt.Sprint(*turn.StartMS)
		}
		if turn.EndMS != nil {
			to = fmt.Sprint(*turn.EndMS)
		}
		got = append(got, fmt.Sprintf("%s %s-%s", turn.Role, from, to))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("turns %q, want %q", got, want)
	}
}

// report makes a report of some messages and whatever else is in the artifact.
func report(messages, rest string) string {
	return `{"message":{"type":"end-of-call-report","startedAt":"2026-09-14T15:04:05Z","call":{"id":"a"},"artifact":{"messages":[` + messages + `]` + rest + `}}}`
}

const (
	hello   = `{"role":"bot","message":"Hello, how can I help you?","secondsFromStart":1,"time":1789398246000,"endTime":1789398248000}`
	ask     = `{"role":"user","message":"My order.","secondsFromStart":4,"time":1789398249000,"endTime":1789398250000}`
	reply   = `{"role":"bot","message":"Let me look that up for you, one mo","secondsFromStart":6,"time":1789398251000,"endTime":1789398254000}`
	cutIn   = `{"role":"user","message":"Stop.","secondsFromStart":8.5,"time":1789398253500,"endTime":1789398255000}`
	goodbye = `{"role":"bot","message":"Goodbye.","secondsFromStart":11,"time":1789398256000,"endTime":1789398257000}`
)

func TestDurationUnits(t *testing.T) {
	for _, tc := range []struct{ name, messages, want string }{
		{"milliseconds, told by the words", `{"role":"user","message":"I would like to change my order.","secondsFromStart":2,"duration":1900}`, "user 2000-3900"},
		{"seconds, told by the words", `{"role":"user","message":"I would like to change my order.","secondsFromStart":2,"duration":1.9}`, "user 2000-3900"},
		{"the clock beats the duration", `{"role":"user","message":"Hi","secondsFromStart":2,"time":1789398247000,"endTime":1789398247320,"duration":99}`, "user 2000-2320"},
		{"no end", `{"role":"user","message":"Hi","secondsFromStart":2}`, "user 2000-?"},
		{"no offset", `{"role":"user","message":"Hi","time":1789398247000}`, "user 2000-?"},
		{"no time", `{"role":"user","message":"Hi"}`, "user ?-?"},
		{"an end before the beginning", `{"role":"user","message":"Hi","secondsFromStart":2,"time":1789398247000,"endTime":5}`, "user 2000-?"},
	} {
		t.Run(tc.name, func(t *testing.T) { wantTurns(t, decode(t, report(tc.messages, "")), tc.want) })
	}
}

func TestWordUnits(t *testing.T) {
	for name, words := range map[string]string{
		"epoch ms":               `[{"word":"hi","punctuated_word":"Hi","start":1789398247100,"end":1789398247300},{"word":"you","start":1789398247400,"end":1789398247600}]`,
		"epoch s":                `[{"word":"hi","punctuated_word":"Hi","start":1789398247.1,"end":1789398247.3},{"word":"you","start":1789398247.4,"end":1789398247.6}]`,
		"seconds of the call":    `[{"word":"hi","punctuated_word":"Hi","start":2.1,"end":2.3},{"word":"you","start":2.4,"end":2.6}]`,
		"seconds of the message": `[{"word":"hi","punctuated_word":"Hi","start":0.1,"end":0.3},{"word":"you","start":0.4,"end":0.6}]`,
		"numbers as text":        `[{"word":"hi","punctuated_word":"Hi","start":"1789398247100","end":"1789398247300"},{"word":"you","start":1789398247400,"end":1789398247600,"confidence":"unknown"}]`,
		"a word without times":   `[{"word":"hi","punctuated_word":"Hi","start":1789398247100,"end":1789398247300},{"word":"you","start":1789398247400,"end":1789398247600},{"word":7},{"word":"um","start":null,"end":null}]`,
	} {
		t.Run(name, func(t *testing.T) {
			c := decode(t, report(`{"role":"user","message":"Hi you","secondsFromStart":2,"time":1789398247000,"metadata":{"wordLevelConfidence":`+words+`}}`, ""))
			got, _ := json.Marshal(c.Turns[0].Words)
			if want := `[{"text":"Hi","start_ms":2100,"end_ms":2300},{"text":"you","start_ms":2400,"end_ms":2600}]`; string(got) != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestLatency(t *testing.T) {
	script := hello + "," + ask + "," + reply + "," + cutIn + "," + goodbye
	for _, tc := range []struct{ name, metrics, perTurn, total, warning string }{
		{"milliseconds", `"turnLatencies":[{"turnLatency":2000,"modelLatency":800},{"turnLatency":1500}],"turnLatencyAverage":1750`, "- - 2000 - 1500", "n=2 mean=1750 [2000 1500]", ""},
		{"seconds", `"turnLatencies":[{"turnLatency":2,"modelLatency":0.8},{"turnLatency":1.5}],"turnLatencyAverage":1.75`, "- - 2000 - 1500", "n=2 mean=1750 [2000 1500]", "read as seconds"},
		{"whole small numbers", `"turnLatencies":[{"turnLatency":2},{"turnLatency":1}]`, "- - 2 - 1", "n=2 mean=? [2 1]", ""},
		{"one too few", `"turnLatencies":[{"turnLatency":2000}]`, "- - - - -", "n=1 mean=? [2000]", "1 turn latencies for 2 replies"},
		{"averages alone", `"turnLatencyAverage":1750.5`, "- - - - -", "n=0 mean=1750.5 []", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := decode(t, report(script, `,"performanceMetrics":{`+tc.metrics+`}`))
			var got []string
			for _, turn := range c.Turns {
				if turn.Latency == nil {
					got = append(got, "-")
					continue
				}
				got = append(got, fmt.Sprint(*turn.Latency.TotalMS))
			}
			if s := strings.Join(got, " "); s != tc.perTurn {
				t.Errorf("latencies %q, want %q", s, tc.perTurn)
			}
			if s := total(c); s != tc.total {
				t.Errorf("total %q, want %q", s, tc.total)
			}
			if all := strings.Join(c.Warnings, "\n"); !strings.Contains(all, tc.warning) || tc.warning == "" && all != "" {
				t.Errorf("warnings %q, want %q", all, tc.warning)
			}
		})
	}
}

func total(c *ringside.Call) string {
	for _, s := range c.Latency {
		if s.Component != "total" {
			continue
		}
		mean := "?"
		if s.MeanMS != nil {
			mean = fmt.Sprint(*s.MeanMS)
		}
		return fmt.Sprintf("n=%d mean=%s %v", s.N, mean, s.ValuesMS)
	}
	return ""
}

// The agent's interruption is by the customer, and the other way round; one
// without an overlap has no place.
func TestInterruptions(t *testing.T) {
	script := hello + "," + ask + "," + reply + "," + cutIn + "," + goodbye
	c := decode(t, report(script, `,"performanceMetrics":{"numAssistantInterrupted":2,"numUserInterrupted":0}`))
	got, _ := json.Marshal(c.Interruptions)
	if want := `[{"by":"user","at_ms":8500,"turn":2},{"by":"user","at_ms":null}]`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for i, turn := range c.Turns {
		if turn.Interrupted != (i == 2) {
			t.Errorf("turn %d: interrupted %v", i, turn.Interrupted)
		}
	}
}

func TestToolShapes(t *testing.T) {
	const call = `"call":{"id":"a"}`
	for name, body := range map[string]string{
		"arguments as an object":  `"toolCallList":[{"id":"t1","function":{"name":"find","arguments":{"q":"x"}}}]`,
		"arguments as text":       `"toolCallList":[{"id":"t1","function":{"name":"find","arguments":"{\"q\":\"x\"}"}}]`,
		"name and parameters":     `"toolCallList":[{"id":"t1","name":"find","parameters":{"q":"x"}}]`,
		"toolCalls alone":         `"toolCalls":[{"id":"t1","function":{"name":"find","arguments":{"q":"x"}}}]`,
		"with its tool":           `"toolWithToolCallList":[{"name":"find","toolCall":{"id":"t1","parameters":{"q":"x"}}}]`,
		"function and parameters": `"toolWithToolCallList":[{"toolCall":{"id":"t1","function":{"name":"find","parameters":{"q":"x"}}}}]`,
	} {
		t.Run(name, func(t *testing.T) {
			c := decode(t, `{"message":{"type":"tool-calls",`+body+`,`+call+`}}`)
			got, _ := json.Marshal(c.ToolCalls)
			if want := `[{"id":"t1","name":"find","arguments":{"q":"x"},"result":null,"start_ms":null,"end_ms":null,"turn":null}]`; string(got) != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestToolErrors(t *testing.T) {
	for result, want := range map[string]string{
		`"Error: the patient is not known"`:     "Error: the patient is not known",
		`"No result returned."`:                 "No result returned.",
		`"{\"error\":\"down\"}"`:                "down",
		`{"ok":false,"message":"slot is gone"}`: "slot is gone",
		`"The patient asked about an error."`:   "",
	} {
		c := decode(t, report(`{"role":"tool_calls","toolCalls":[{"id":"t1","function":{"name":"find","arguments":"{}"}}],"secondsFromStart":3},
			{"role":"tool_call_result","toolCallId":"t1","name":"find","result":`+result+`,"secondsFromStart":4.5}`, ""))
		if len(c.ToolCalls) != 1 || c.ToolCalls[0].Error != want {
			t.Errorf("result %s: got %+v, want error %q", result, c.ToolCalls, want)
		}
		if at := c.ToolCalls[0]; *at.StartMS != 3000 || *at.EndMS != 4500 {
			t.Errorf("result %s: from %d to %d", result, *at.StartMS, *at.EndMS)
		}
	}
}

// A use of a tool and its result find each other in any order, and quickly
// however many there are.
func TestToolOrder(t *testing.T) {
	const n = 5_000
	var uses, results []string
	for i := range n {
		uses = append(uses, fmt.Sprintf(`{"role":"tool_calls","toolCalls":[{"id":"t%d","function":{"name":"find","arguments":"{\"q\":%d}"}}],"secondsFromStart":3}`, i, i))
		results = append(results, fmt.Sprintf(`{"role":"tool_call_result","toolCallId":"t%d","name":"find","result":"r%d","secondsFromStart":4.5}`, i, i))
	}
	for name, all := range map[string][]string{"in order": slices.Concat(uses, results), "the results first": slices.Concat(results, uses)} {
		t.Run(name, func(t *testing.T) {
			c := decode(t, report(strings.Join(all, ","), ""))
			if len(c.ToolCalls) != n {
				t.Fatalf("%d tool calls, want %d", len(c.ToolCalls), n)
			}
			got, _ := json.Marshal(c.ToolCalls[n-1])
			if want := `{"id":"t4999","name":"find","arguments":{"q":4999},"result":"r4999","start_ms":3000,"end_ms":4500,"turn":null}`; string(got) != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// Without messages that have times, the next best is read.
func TestPlainTranscripts(t *testing.T) {
	const c = `"type":"end-of-call-report","call":{"id":"a"}`
	for _, tc := range []struct{ name, body, want string }{
		{"the model's messages", `"artifact":{"messagesOpenAIFormatted":[{"role":"system","content":"x"},{"role":"assistant","content":"Hello"},{"role":"user","content":"Hi"}]}`, "agent:Hello user:Hi"},
		{"a conversation", `"conversation":[{"role":"assistant","content":"Hello"},{"role":"user","content":"Hi"}]`, "agent:Hello user:Hi"},
		{"text", `"artifact":{"transcript":"AI: Hello\nUser: Hi\nthere\n"}`, "agent:Hello user:Hi\nthere"},
		{"text with names of its own", `"transcript":"Wren: Hello\nCaller: Hi","assistant":{"artifactPlan":{"transcriptPlan":{"assistantName":"Wren","userName":"Caller"}}}`, "agent:Hello user:Hi"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, turn := range decode(t, `{"message":{`+c+`,`+tc.body+`}}`).Turns {
				got = append(got, string(turn.Role)+":"+turn.Text)
			}
			if s := strings.Join(got, " "); s != tc.want {
				t.Errorf("got %q, want %q", s, tc.want)
			}
		})
	}
}

func TestSuccess(t *testing.T) {
	for evaluation, want := range map[string]string{
		`"true"`: "true", `true`: "true", `"Pass"`: "true", `"false"`: "false", `"FAIL"`: "false",
		`"8"`: "null", `8`: "null", `"excellent"`: "null", `null`: "null",
	} {
		c := decode(t, `{"message":{"type":"end-of-call-report","endedReason":"customer-ended-call","call":{"id":"a"},"analysis":{"successEvaluation":`+evaluation+`}}}`)
		if got, _ := json.Marshal(c.Outcome.Success); string(got) != want {
			t.Errorf("%s: success %s, want %s", evaluation, got, want)
		}
		if evaluation == `"8"` && c.Analysis.Provider.Success != "8" {
			t.Errorf("the mark is not kept: %+v", c.Analysis.Provider)
		}
	}
}

func TestTransfers(t *testing.T) {
	const to = `,"transfers":[{"destination":{"type":"number","number":"+15550002"},"mode":"warm-transfer","status":%q,"messages":[{"role":"bot","message":"x","secondsFromStart":9}]}]`
	for status, want := range map[string]ringside.FailureClass{
		"connected": ringside.FailureNone, "no-answer": ringside.FailureTransfer, "busy": ringside.FailureTransfer, "failed": ringside.FailureTransfer,
	} {
		body := strings.Replace(report(hello, fmt.Sprintf(to, status)), `"call":`, `"endedReason":"assistant-forwarded-call","call":`, 1)
		c := decode(t, body)
		if c.Outcome.FailureClass != want {
			t.Errorf("%s: failure class %q, want %q", status, c.Outcome.FailureClass, want)
		}
		if len(c.Spans) != 1 || c.Spans[0].Title != "Transfer to +15550002" || *c.Spans[0].StartMS != 9000 || (c.Spans[0].Error != "") != (want != "") {
			t.Errorf("%s: spans %+v", status, c.Spans)
		}
	}
}

// Without a list of transfers the report still says where the call went on.
func TestDestination(t *testing.T) {
	const to = `"endedReason":"assistant-forwarded-call","endedAt":"2026-09-14T15:04:35Z","destination":%s,"call":`
	for destination, want := range map[string]string{
		`{"type":"number","number":"+15550002"}`:         "Transfer to +15550002 30000",
		`{"type":"sip","sipUri":"sip:desk@pbx.example"}`: "Transfer to sip:desk@pbx.example 30000",
		`{"type":"assistant","assistantName":"Billing"}`: "Transfer to Billing 30000",
		`{}`: "", `null`: "",
	} {
		got := ""
		for _, s := range decode(t, strings.Replace(report(hello, ""), `"call":`, fmt.Sprintf(to, destination), 1)).Spans {
			got += fmt.Sprint(s.Title, " ", *s.StartMS)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", destination, got, want)
		}
	}
	listed := report(hello, `,"transfers":[{"destination":{"number":"+15550002"},"status":"connected"}]`)
	if c := decode(t, strings.Replace(listed, `"call":`, fmt.Sprintf(to, `{"number":"+15550002"}`), 1)); len(c.Spans) != 1 {
		t.Errorf("spans %+v", c.Spans)
	}
}

// A squad is one agent, whichever of its assistants speaks.
func TestSquad(t *testing.T) {
	c := decode(t, `{"message":{"type":"end-of-call-report","call":{"id":"a","squadId":"s1","squad":{"name":"Clinic"}},"assistant":{"id":"as2","name":"Billing"},
		"artifact":{"assistantActivations":[{"assistantName":"Wren","assistantId":"as1"},{"assistantName":"Billing","assistantId":"as2"}],
		"messages":[{"role":"bot","message":"Hi","secondsFromStart":1,"assistantName":"Wren"},{"role":"bot","message":"Billing here","secondsFromStart":20,"assistantName":"Billing"}]}}}`)
	if c.Agent == nil || c.Agent.SourceID != "s1" || c.Agent.Name != "Clinic" {
		t.Errorf("agent %+v", c.Agent)
	}
	if c.Turns[0].Speaker != "Wren" || c.Turns[1].Speaker != "Billing" {
		t.Errorf("speakers %q, %q", c.Turns[0].Speaker, c.Turns[1].Speaker)
	}
	if len(c.Spans) != 2 || c.Spans[1].Title != "Billing" || *c.Spans[1].StartMS != 20000 {
		t.Errorf("spans %+v", c.Spans)
	}
}

// What a call was given is in the overrides of whatever it was made with, and
// the artifact has the last word.
func TestOverrides(t *testing.T) {
	for _, of := range []string{"assistant", "squad", "workflow"} {
		c := decode(t, `{"message":{"type":"end-of-call-report","call":{"id":"a",
			"`+of+`Overrides":{"variableValues":{"first_name":"Omar","visit":"Friday"},"metadata":{"run":"r1"}}},
			"artifact":{"variableValues":{"visit":"Monday"}}}}`)
		got, _ := json.Marshal([]any{c.Variables, c.Metadata})
		if want := `[{"first_name":"Omar","visit":"Monday"},{"run":"r1"}]`; string(got) != want {
			t.Errorf("%s: got %s, want %s", of, got, want)
		}
	}
}

// A customer that Vapi keeps is known by the id there, for want of a better.
func TestKeptCustomer(t *testing.T) {
	for customer, want := range map[string]string{`null`: "cu1", `{"externalId":"crm-1"}`: "crm-1", `{"number":"+15550001"}`: "+15550001"} {
		c := decode(t, `{"id":"a","type":"outboundPhoneCall","status":"queued","customerId":"cu1","customer":`+customer+`}`)
		if c.CustomerKey != want {
			t.Errorf("%s: customer %q, want %q", customer, c.CustomerKey, want)
		}
	}
}

// What Vapi adds to the reason of an end is kept beside it.
func TestEndedMessage(t *testing.T) {
	c := decode(t, `{"id":"a","type":"outboundPhoneCall","status":"ended","endedReason":"pipeline-error-openai-llm-failed","endedMessage":"model gpt-9 does not exist"}`)
	if got := c.Metadata["endedMessage"]; got != "model gpt-9 does not exist" || c.Outcome.FailureClass != ringside.FailureModel {
		t.Errorf("message %v, failure class %q", got, c.Outcome.FailureClass)
	}
}

// The consent in a report leaves what was told live.
func TestConsentBesideLiveEvents(t *testing.T) {
	c := ringside.NewCall("ws_test", vapi.ID, "a")
	for i, body := range []string{
		`{"message":{"type":"hang","timestamp":1789398250000,"call":{"id":"a"}}}`,
		strings.Replace(report(hello, ""), `"call":`, `"compliance":{"recordingConsent":{"type":"verbal","grantedAt":"2026-09-14T15:04:07Z"}},"call":`, 1),
	} {
		events, err := vapi.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
		if err != nil {
			t.Fatal(err)
		}
		events[0].ID = fmt.Sprint(i)
		c.Apply(events...)
	}
	var got []string
	for _, s := range c.Spans {
		got = append(got, fmt.Sprintf("%d %s", *s.StartMS, s.Title))
	}
	if s := strings.Join(got, ", "); s != "2000 Consent to recording: verbal, 5000 The agent is late with its reply" {
		t.Errorf("got %s", s)
	}
}

// Each assistant of a squad has its place, one that takes the call back and one
// that never speaks too, however many there are.
func TestActivations(t *testing.T) {
	said := func(name string, at int) string {
		return fmt.Sprintf(`{"role":"bot","message":"Hi","secondsFromStart":%d,"assistantName":%q}`, at, name)
	}
	list := `{"assistantName":"Wren"},{"assistantName":"Billing"},{"assistantName":"Nobody"},{"assistantName":"Wren"}` + strings.Repeat(`,{"assistantName":"Nobody"}`, 2_000)
	messages := said("Wren", 1) + "," + said("Billing", 20) + "," + said("Billing", 30) + "," + said("Wren", 40) + strings.Repeat(",{}", 20_000)
	c := decode(t, report(messages, `,"assistantActivations":[`+list+`]`))
	var got []string
	for _, s := range c.Spans[:4] {
		at := "?"
		if s.StartMS != nil {
			at = fmt.Sprint(*s.StartMS)
		}
		got = append(got, s.Title+" "+at)
	}
	if s := strings.Join(got, ", "); s != "Wren 1000, Billing 20000, Wren 40000, Nobody ?" {
		t.Errorf("got %s", s)
	}
}

// What a privacy setting kept back is shown as withheld, unless it came.
func TestWithheld(t *testing.T) {
	const c = `"type":"end-of-call-report","call":{"id":"a"}`
	for _, tc := range []struct{ name, body, want string }{
		{"nothing", `"assistant":{}`, "[]"},
		{"no recording", `"assistant":{"artifactPlan":{"recordingEnabled":false}}`, "[recording]"},
		{"no transcript", `"assistant":{"artifactPlan":{"transcriptPlan":{"enabled":false}}}`, "[transcript]"},
		{"HIPAA", `"assistant":{"compliancePlan":{"hipaaEnabled":true}}`, "[transcript recording]"},
		{"HIPAA, and it came all the same", `"assistant":{"compliancePlan":{"hipaaEnabled":true}},"recordingUrl":"https://x.example.com/a.wav","transcript":"AI: Hi"`, "[]"},
	} {
		if got := fmt.Sprint(decode(t, `{"message":{`+c+`,`+tc.body+`}}`).Withheld); got != tc.want {
			t.Errorf("%s: withheld %s, want %s", tc.name, got, tc.want)
		}
	}
}

// A live transcript beside the conversation so far is its newest turn, and not
// twice.
func TestTranscriptBesideConversation(t *testing.T) {
	const head = `{"message":{"type":"transcript","transcriptType":"final","timestamp":1789398250000,"role":"user","transcript":"My order.","call":{"id":"a"},"artifact":{"messages":[`
	c := decode(t, head+hello+`]}}}`)
	wantTurns(t, c, "agent 1000-3000", "user 5000-?")
	c = decode(t, head+hello+","+ask+`]}}}`)
	wantTurns(t, c, "agent 1000-3000", "user 4000-5000")
	c = decode(t, head+`]}}}`)
	wantTurns(t, c, "user ?-?")
}

// function-call has no id to find its result by: it is a step.
func TestFunctionCall(t *testing.T) {
	c := decode(t, `{"message":{"type":"function-call","functionCall":{"name":"find","parameters":{"q":"x"}},"call":{"id":"a"}}}`)
	if len(c.ToolCalls) != 0 || len(c.Spans) != 1 || c.Spans[0].Title != "find" {
		t.Errorf("tool calls %+v, spans %+v", c.ToolCalls, c.Spans)
	}
}

// Scorecards are criteria, structured outputs are data, and a name that is
// taken does not hide the other.
func TestAnalysis(t *testing.T) {
	c := decode(t, `{"message":{"type":"end-of-call-report","call":{"id":"a"},"analysis":{"structuredData":{"mood":"calm"},"structuredDataMulti":[{"a":1}]},
		"artifact":{"structuredOutputs":{"u1":{"name":"mood","result":"tense"},"u2":{"name":"score","result":7},"u3":{"name":"none","result":null}},
		"scorecards":{"c1":{"name":"QA","score":35,"scoreNormalized":50,"metricPoints":{"u2":35}},"c2":{}}}}}`)
	got, _ := json.Marshal(c.Analysis.Provider)
	want := `{"structured":{"mood":"calm","mood (u1)":"tense","score":7,"structuredDataMulti":[{"a":1}]},` +
		`"criteria":[{"name":"QA","result":"35","score":50,"reason":"score: 35"},{"name":"c2","result":"unknown"}]}`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A raw link stands in where there is no presigned one; the API path is always
// there, and no id can lead it astray.
func TestRecordings(t *testing.T) {
	c := decode(t, `{"message":{"type":"end-of-call-report","call":{"id":"../a"},"recordingUrl":"https://old.example.com/a.wav",
		"artifact":{"presignedStereoUrl":"https://s.example.com/s","presignedUrlsExpiresAt":"2026-09-14T16:00:00Z","videoRecordingUrl":"https://v.example.com/v"}}}`)
	var got []string
	for _, r := range c.Recordings {
		got = append(got, fmt.Sprintf("%s %d %s %v %s", r.Kind, r.Channels, r.URL, r.ExpiresAt != nil, r.Via))
	}
	want := []string{
		"mixed 1 https://old.example.com/a.wav false GET /call/..%2Fa/mono-recording",
		"stereo 2 https://s.example.com/s true GET /call/..%2Fa/stereo-recording",
		"video 0 https://v.example.com/v false GET /call/..%2Fa/video-recording",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}
