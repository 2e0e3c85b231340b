package stream_test

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/stream"
)

func body(text string) provider.Payload {
	return provider.Payload{Body: []byte(text), ReceivedAt: providertest.ReceivedAt, CallID: "mine"}
}

// call is one of each type.
const call = `
{"id":"1","type":"started","at":"2026-11-20T09:00:00Z","agent":"desk","from":"+13125550147","direction":"inbound","metadata":{"order":77},"context":"a late parcel"}
{"id":"2","type":"status","at":"2026-11-20T09:00:00Z","status":"in-progress"}
{"id":"3","type":"turn","at":1795165202000,"role":"agent","text":"Hello!","start_ms":400,"end_ms":1200}
{"type":"partial","role":"user","text":"Where is"}
{"id":"4","type":"turn","at":1795165204000,"role":"customer","text":"Where is my parcel?","start_ms":2100,"end_ms":4000}
{"id":"5","type":"tool_call","tool_call_id":"t1","name":"track","arguments":"{\"order\":77}","start_ms":4100}
{"id":"6","type":"tool_result","tool_call_id":"t1","result":{"late":true},"error":null,"end_ms":4600}
{"id":"7","type":"interruption","by":"user","at_ms":5200}
{"id":"8","type":"latency","turn":0,"parts":{"total":900,"model_first_token":450}}
{"id":"9","type":"auth","result":true,"method":"pin"}
{"id":"10","type":"error","component":"voice","message":"socket closed"}
{"id":"11","type":"ended","at":"2026-11-20T09:01:00Z","reason":"customer hung up","success":true}
`

func TestACall(t *testing.T) {
	events, partials, err := stream.Split(body(call))
	if err != nil || len(events) != 11 || len(partials) != 1 {
		t.Fatalf("%d events, %d partials, %v", len(events), len(partials), err)
	}
	for i := range events {
		providertest.Check(t, events[i])
		events[i].ID = strconv.Itoa(10 + i)
	}
	c := providertest.Fold(events)
	if c.Provider != "custom" || c.Status != ringside.StatusCompleted || *c.DurationMS != 60_000 || c.Outcome.EndedBy != ringside.EndedByCustomer || !*c.Outcome.Success {
		t.Errorf("%s %s, %d ms, %+v", c.Provider, c.Status, *c.DurationMS, c.Outcome)
	}
	if len(c.Turns) != 2 || c.Turns[1].Role != ringside.RoleUser || *c.Turns[1].EndMS != 4000 || *c.Turns[0].Latency.TotalMS != 900 || c.Turns[0].Latency.Source != ringside.Claimed {
		t.Errorf("%+v", c.Turns)
	}
	if tool := c.ToolCalls[0]; tool.Arguments.(map[string]any)["order"] != 77.0 || tool.Error != "" || *tool.StartMS != 4100 || *tool.EndMS != 4600 || *tool.Turn != 1 {
		t.Errorf("%+v", tool)
	}
	if c.Metadata["context"] != "a late parcel" || c.Metadata["order"] != 77.0 || len(c.Spans) != 2 || len(c.Interruptions) != 1 {
		t.Errorf("%+v, %+v", c.Metadata, c.Spans)
	}
}

// A tool that failed says why; that it did not is no reason.
func TestToolErrors(t *testing.T) {
	for given, want := range map[string]string{`"gone"`: "gone", `null`: "", `""`: "", `false`: "", `true`: "true", `{"code":7}`: `{"code":7}`} {
		events, err := stream.Decode(body(`{"id":"1","type":"tool_result","tool_call_id":"t","result":"x","error":` + given + `}`))
		if err != nil || events[0].Facts.ToolCalls[0].Error != want {
			t.Errorf("%s: %+v, %v", given, events, err)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	for _, tc := range []struct{ body, field string }{
		{`{"id":"1","type":"tool_call","tool_call_id":"t","name":"x","start_ms":-1}`, "/start_ms"},
		{`{"id":"1","type":"tool_call","tool_call_id":"t","name":"x","start_ms":1795165200000}`, "/start_ms"},
		{`{"id":"1","type":"tool_result","tool_call_id":"t","end_ms":-1}`, "/end_ms"},
		{`{"type":"partial","role":"user","text":"x","start_ms":-1}`, "/start_ms"},
		{`{"id":"1","type":"latency","turn":0,"parts":{"total":-1,"thinking":1}}`, "/parts"},
		// What follows an event is one, too, or the body is not whole.
		{`{"id":"1","type":"ended"}]`, ""},
		{`{"id":"1","type":"ended"}}{"id":"2","type":"ended"}`, ""},
		{`{"id":"1","type":"ended"} {"id":"2"`, ""},
		{`}`, ""},
		{strings.Repeat(`{"id":"1","type":"ended"}`, stream.MaxEvents+1), ""},
	} {
		_, _, err := stream.Split(body(tc.body))
		if e, ok := err.(*ringside.Error); !ok || e.Kind != ringside.Invalid || e.Field != tc.field {
			t.Errorf("%.80s: %v, want an error at %q", tc.body, err, tc.field)
		}
	}
}

// The same body is the same events, however often it is read.
func TestReadingIsPure(t *testing.T) {
	twice := `{"id":"1","type":"latency","turn":0,"parts":{"total":1,"total_ms":2,"network":3,"network_ms":4}}`
	first, err := stream.Decode(body(twice))
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if again, _ := stream.Decode(body(twice)); !reflect.DeepEqual(again, first) {
			t.Fatalf("%+v, then %+v", first[0].Facts.TurnLatency, again[0].Facts.TurnLatency)
		}
	}
}

// No body may crash the decoder or make an event that is not well formed.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(call))
	for line := range strings.SplitSeq(strings.TrimSpace(call), "\n") {
		f.Add([]byte(line))
		f.Add([]byte("[" + line + "]"))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		events, err := stream.Decode(body(string(raw)))
		if err != nil {
			return
		}
		for i := range events {
			providertest.Check(t, events[i])
			events[i].ID = strconv.Itoa(i)
		}
		if _, err := json.Marshal(providertest.Fold(events)); err != nil {
			t.Errorf("the folded call can't be written: %v", err)
		}
	})
}
