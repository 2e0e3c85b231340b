package retell

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// said decodes a delivery of the monitor.
func said(t *testing.T, body []byte) ringside.Event {
	t.Helper()
	events, err := Decode(provider.Payload{Body: body, ReceivedAt: noon})
	if err != nil || len(events) != 1 {
		t.Fatalf("decode %s: %v, %v", body, events, err)
	}
	return events[0]
}

func texts(e ringside.Event) string {
	var out []string
	for i := range e.Facts.Turns {
		out = append(out, e.Facts.Turns[i].Text)
	}
	return strings.Join(out, " | ")
}

// Frames are taken at seconds, and something is told after each.
func TestMonitor(t *testing.T) {
	const hello = `{"role":"agent","content":"Hello.","time_sec":1,"id":"a"}`
	type step struct {
		at     float64
		frame  string
		turns  string // of the delivery; "-" for none
		saying string
	}
	for _, tc := range []struct {
		name  string
		steps []step
	}{
		{"words that grow are shown, and told when they stay", []step{
			{0, `{"type":"transcript_snapshot","transcripts":[` + hello + `]}`, "Hello.", ""},
			{1, `{"type":"transcript_updated","transcripts":[{"role":"user","content":"I","time_sec":3,"id":"b"}]}`, "-", "I"},
			{2, `{"type":"transcript_updated","transcripts":[{"role":"user","content":"I need","time_sec":3,"id":"b"}]}`, "-", "I need"},
			{3, "", "-", ""},
			{4.5, "", "Hello. | I need", ""},
			{9, "", "-", ""},
		}},
		{"the next to speak ends the turn before", []step{
			{0, `{"type":"transcript_updated","transcripts":[` + hello + `]}`, "-", "Hello."},
			{1, `{"type":"transcript_updated","transcripts":[{"role":"user","content":"Hi","time_sec":3,"id":"b"}]}`, "Hello.", "Hi"},
		}},
		{"what was told and grows on is told as it is, never taken back", []step{
			{0, `{"type":"transcript_snapshot","transcripts":[` + hello + `,{"role":"user","content":"I","time_sec":3,"id":"b"}]}`, "Hello. | I", ""},
			{1, `{"type":"transcript_updated","transcripts":[{"role":"user","content":"I need","time_sec":3,"id":"b"}]}`, "Hello. | I need", ""},
		}},
		{"a snapshot may come after what is newer, and the time puts it in order", []step{
			{0, `{"type":"transcript_updated","transcripts":[{"role":"user","content":"Hi","time_sec":3,"id":"b"}]}`, "-", "Hi"},
			{1, `{"type":"transcript_snapshot","transcripts":[` + hello + `,{"role":"user","content":"Hi","time_sec":3,"id":"b"}]}`, "Hello.", ""},
			{3, "", "Hello. | Hi", ""},
		}},
		{"much at once is told once", []step{
			{0, `{"type":"transcript_snapshot","transcripts":[` + hello + `]}`, "Hello.", ""},
			{0.1, `{"type":"transcript_updated","transcripts":[{"role":"dtmf","digit":"4","time_sec":4,"id":"d"}]}`, "-", ""},
			{0.2, `{"type":"transcript_updated","transcripts":[{"role":"dtmf","digit":"5","time_sec":5,"id":"e"}]}`, "-", ""},
			{0.6, "", "Hello.", ""},
		}},
		{"garbage tells nothing", []step{
			{0, `{`, "-", ""},
			{1, `{"type":"something_new","transcripts":[` + hello + `]}`, "-", ""},
			{2, `{"type":"transcript_updated","transcripts":[7,null,{"role":"agent","content":"no id"},{"id":"x","role":7}]}`, "-", ""},
			{3, `{"type":"transcript_snapshot","transcripts":[]}`, "-", ""},
		}},
		{"the end tells everything", []step{
			{0, `{"type":"transcript_updated","transcripts":[` + hello + `]}`, "-", "Hello."},
			{0.1, `{"type":"call_ended","event_timestamp":1790008270480,"disconnection_reason":"user_hangup"}`, "Hello.", ""},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMonitor("call_1")
			for _, s := range tc.steps {
				now := noon.Add(time.Duration(s.at * float64(time.Second)))
				if s.frame != "" {
					m.take([]byte(s.frame), now)
				}
				told, turns, saying := m.tell(now), "-", ""
				if told.Body != nil {
					turns = texts(said(t, told.Body))
				}
				for _, p := range told.Saying {
					saying += p.Text
				}
				if turns != s.turns || saying != s.saying {
					t.Errorf("at %v: told %q and saying %q, want %q and %q", s.at, turns, saying, s.turns, s.saying)
				}
			}
		})
	}
}

// What the monitor told of a whole call is the call: turns, tools, nodes, keys,
// the end. Who follows it from the middle tells the same in the same bytes.
func TestMonitorTellsTheCall(t *testing.T) {
	raw, err := os.ReadFile("../../../testdata/payloads/retell/ws.monitor-call.frames.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct{ Frames []json.RawMessage }
	if err := json.Unmarshal(raw, &recorded); err != nil {
		t.Fatal(err)
	}
	m := newMonitor("call_1")
	for _, f := range recorded.Frames {
		m.take(f, noon)
	}
	body := m.tell(noon).Body
	e := said(t, body)
	x := &e.Facts
	if e.Name != monitorEvent || e.Authority != ringside.Live || x.Phase != ringside.PhaseEnded || x.EndedReason != "user_hangup" || x.EndedAt.UnixMilli() != 1790008270480 {
		t.Errorf("%s, authority %d, phase %d, ended %q at %s", e.Name, e.Authority, x.Phase, x.EndedReason, x.EndedAt)
	}
	if len(x.Turns) != 10 || len(x.ToolCalls) != 3 || x.ToolCalls[1].Error == "" || len(x.Spans) != 7 || len(x.Warnings) != 0 {
		t.Errorf("%d turns, tools %+v, %d spans, warnings %q", len(x.Turns), x.ToolCalls, len(x.Spans), x.Warnings)
	}
	if first := x.Turns[0]; first.Role != ringside.RoleAgent || *first.StartMS != 620 {
		t.Errorf("the first turn is %+v", first)
	}

	late := newMonitor("call_1")
	var all []string
	for _, f := range recorded.Frames {
		var rows frame
		if err := json.Unmarshal(f, &rows); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows.Transcripts {
			all = append(all, string(r))
		}
	}
	late.take([]byte(`{"type":"transcript_snapshot","transcripts":[`+strings.Join(all, ",")+`]}`), noon)
	late.take(recorded.Frames[len(recorded.Frames)-1], noon)
	if other := late.tell(noon).Body; string(other) != string(body) {
		t.Errorf("who came late tells\n%s\nnot\n%s", other, body)
	}
}

// FuzzMonitor takes any frames: what is told can be decoded.
func FuzzMonitor(f *testing.F) {
	f.Add([]byte(`{"type":"transcript_snapshot","transcripts":[{"role":"agent","content":"Hello.","time_sec":1,"id":"a"}]}`))
	f.Add([]byte(`{"type":"call_ended","event_timestamp":1e300,"disconnection_reason":7}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m := newMonitor("call_1")
		m.take(b, noon)
		m.take(b, noon.Add(time.Second))
		if told := m.tell(noon.Add(time.Minute)); told.Body != nil {
			if _, err := Decode(provider.Payload{Body: told.Body, ReceivedAt: noon}); err != nil {
				t.Errorf("%s: %v", told.Body, err)
			}
		}
	})
}
