package elevenlabs

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// traces is a conversation as OTLP JSON. The vendor's pages put the spans into
// otlp_traces beside the ids; they also come in data itself, with the ids in
// the resource alone.
type traces struct {
	common
	otlp
	Nested *otlp `json:"otlp_traces"`
}

type otlp struct {
	ResourceSpans []struct {
		Resource struct {
			Attributes attributes `json:"attributes"`
		} `json:"resource"`
		ScopeSpans []struct {
			Spans []otlpSpan `json:"spans"`
		} `json:"scopeSpans"`
	} `json:"resourceSpans"`
}

type otlpSpan struct {
	ID         string     `json:"spanId"`
	ParentID   string     `json:"parentSpanId"`
	Name       string     `json:"name"`
	Start      nanos      `json:"startTimeUnixNano"`
	End        nanos      `json:"endTimeUnixNano"`
	Attributes attributes `json:"attributes"`
	Status     struct {
		Code    provider.Text `json:"code"` // a number, or its name
		Message string        `json:"message"`
	} `json:"status"`
}

// failed tells whether the span's status is an error.
func (s *otlpSpan) failed() bool {
	return s.Status.Code == "2" || s.Status.Code == "STATUS_CODE_ERROR"
}

// nanos is a moment in nanoseconds since 1970, which comes as a string or as a
// number.
type nanos struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler; what is no moment of a call is
// not known.
func (n *nanos) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	ns, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		f, _ := strconv.ParseFloat(text, 64)
		if !(f >= 0 && f < 1<<62) {
			f = 0
		}
		ns = int64(f)
	}
	n.Time = provider.Number{Value: float64(ns / int64(time.Millisecond)), Known: ns > 0}.Time()
	if !n.IsZero() {
		n.Time = time.Unix(0, ns).UTC()
	}
	return nil
}

type attributes []struct {
	Key   string `json:"key"`
	Value struct {
		String *string         `json:"stringValue"`
		Bool   *bool           `json:"boolValue"`
		Int    provider.Number `json:"intValue"`
		Double provider.Number `json:"doubleValue"`
		Array  json.RawMessage `json:"arrayValue"`
		Map    json.RawMessage `json:"kvlistValue"`
	} `json:"value"`
}

// values are the attributes by name; lists and maps stay as OTLP writes them.
func (a attributes) values() map[string]any {
	out := make(map[string]any, len(a))
	for i := range a {
		switch v := &a[i].Value; {
		case v.String != nil:
			out[a[i].Key] = *v.String
		case v.Bool != nil:
			out[a[i].Key] = *v.Bool
		case v.Int.Known:
			out[a[i].Key] = v.Int.Value
		case v.Double.Known:
			out[a[i].Key] = v.Double.Value
		case !absent(v.Array):
			out[a[i].Key] = value(v.Array)
		case !absent(v.Map):
			out[a[i].Key] = value(v.Map)
		}
	}
	return out
}

func (a attributes) text(key string) string {
	for i := range a {
		if a[i].Key == key && a[i].Value.String != nil {
			return *a[i].Value.String
		}
	}
	return ""
}

func decodeTraces(p provider.Payload) ([]ringside.Event, error) {
	t, h, err := open[traces](p)
	if err != nil {
		return nil, err
	}
	if t.Nested != nil {
		t.ResourceSpans = append(t.ResourceSpans, t.Nested.ResourceSpans...)
	}
	var spans []otlpSpan
	for i := range t.ResourceSpans {
		r := &t.ResourceSpans[i]
		t.ConversationID = cmp.Or(t.ConversationID, r.Resource.Attributes.text("elevenlabs.conversation_id"))
		t.AgentID = cmp.Or(t.AgentID, provider.Text(r.Resource.Attributes.text("elevenlabs.agent_id")))
		for j := range r.ScopeSpans {
			spans = append(spans, r.ScopeSpans[j].Spans...)
		}
	}
	if len(spans) == 0 && t.ConversationID == "" {
		return nil, &provider.Ignored{Reason: "the traces hold no spans"}
	}
	e, err := event(p, h, t.common)
	if err != nil {
		return nil, err
	}
	e.Facts.Phase = ringside.PhaseEnded
	foldSpans(&e.Facts, spans)
	return []ringside.Event{e}, nil
}

// foldSpans puts the spans into the facts of a call, in the order in which
// they began.
func foldSpans(x *ringside.Facts, spans []otlpSpan) {
	slices.SortStableFunc(spans, func(a, b otlpSpan) int { return a.Start.Compare(b.Start.Time) })
	r := spanReader{facts: x}
	if i := slices.IndexFunc(spans, func(s otlpSpan) bool { return s.Name == "elevenlabs.conversation" }); i >= 0 {
		r.root(&spans[i])
		spans = slices.Delete(spans, i, i+1)
	}
	for i := range spans {
		if r.start.IsZero() {
			r.start = spans[i].Start.Time
		}
		r.span(&spans[i])
	}
	dropFilledEnds(x)
}

// dropFilledEnds forgets the end of a turn that lasts until the next one or
// until the end of the call: the vendor has filled it in, nobody heard it.
func dropFilledEnds(x *ringside.Facts) {
	for i := range x.Turns {
		next := x.DurationMS
		if i+1 < len(x.Turns) {
			next = x.Turns[i+1].StartMS
		}
		if end := x.Turns[i].EndMS; end != nil && next != nil && *end >= *next {
			x.Turns[i].EndMS = nil
		}
	}
}

type spanReader struct {
	facts     *ringside.Facts
	start     time.Time
	afterUser bool
}

// root is the whole conversation. Its error status says only that the client
// did not hang up, so it is no failure.
func (r *spanReader) root(s *otlpSpan) {
	x := r.facts
	r.start = s.Start.Time
	x.StartedAt = s.Start.Time
	if s.End.After(s.Start.Time) {
		x.EndedAt = s.End.Time
		x.DurationMS = provider.Offset(s.Start.Time, s.End.Time)
	}
	x.Metadata = ringside.Values{}
	for k, v := range s.Attributes.values() {
		note(x.Metadata, strings.TrimPrefix(k, "elevenlabs."), v)
	}
	if reason := cmp.Or(s.Attributes.text("elevenlabs.termination_reason"), s.Status.Message); reason != "" {
		x.EndedReason, x.End = reason, new(endOf(reason, nil, ""))
	}
}

func (r *spanReader) span(s *otlpSpan) {
	switch {
	case s.Name == "elevenlabs.recv.user_transcript":
		r.turn(s, ringside.RoleUser, s.Attributes.text("elevenlabs.user.text"))
	case s.Name == "elevenlabs.recv.agent_response":
		r.turn(s, ringside.RoleAgent, s.Attributes.text("elevenlabs.agent.text"))
	case strings.HasPrefix(s.Name, "elevenlabs.tool."):
		r.tool(s)
	default:
		r.other(s)
	}
}

func (r *spanReader) turn(s *otlpSpan, role ringside.Role, text string) {
	if strings.TrimSpace(text) == "" || role == ringside.RoleUser && strings.Trim(text, " .…\n") == "" {
		return
	}
	turn := ringside.Turn{Role: role, Text: text, StartMS: provider.Offset(r.start, s.Start.Time)}
	if s.End.After(s.Start.Time) {
		turn.EndMS = provider.Offset(r.start, s.End.Time)
	}
	if role == ringside.RoleAgent {
		turn.Latency = s.latency(r.afterUser)
	}
	r.afterUser = role == ringside.RoleUser
	r.facts.Turns = append(r.facts.Turns, turn)
}

// latency reads the timings that the vendor writes onto a turn's span, in
// milliseconds under the names of the transcript's.
func (s *otlpSpan) latency(afterUser bool) *ringside.Latency {
	var t timings
	values := s.Attributes.values()
	for _, row := range []struct {
		name string
		dst  *elapsed
	}{
		{"convai_llm_service_ttfb", &t.Model},
		{"convai_tts_service_ttfb", &t.Voice},
		{"convai_turn_silence_before_initiation", &t.Endpointing},
		{"convai_turn_asr_latency", &t.Transcriber},
		{"convai_ttf_audio_since_silence", &t.Total},
	} {
		if ms, ok := values["elevenlabs.metric."+row.name+"_ms"].(float64); ok {
			row.dst.Secs = provider.Number{Value: ms / 1000, Known: true}
		}
	}
	return t.latency(afterUser, nil)
}

func (r *spanReader) tool(s *otlpSpan) {
	a := s.Attributes
	name := cmp.Or(a.text("elevenlabs.tool.name"), strings.TrimPrefix(s.Name, "elevenlabs.tool."))
	id := cmp.Or(a.text("elevenlabs.tool.request_id"), s.ID, name+" "+strconv.Itoa(len(r.facts.ToolCalls)))
	t := ringside.ToolCall{
		ID: id, Name: name, Arguments: provider.ParseText(a.text("elevenlabs.tool.arguments")),
		StartMS: provider.Offset(r.start, s.Start.Time), EndMS: provider.Offset(r.start, s.End.Time),
	}
	if result := a.text("elevenlabs.tool.result"); result != "" {
		t.Result = provider.ParseText(result)
	}
	if status := a.text("elevenlabs.tool.status"); status == "error" || status == "failed" || s.failed() {
		t.Error = cmp.Or(a.text("elevenlabs.tool.error"), s.Status.Message, errorIn(t.Result), toolFailed)
	}
	r.facts.ToolCalls = append(r.facts.ToolCalls, t)
}

// other keeps a span that is neither turn nor tool for the debug log.
func (r *spanReader) other(s *otlpSpan) {
	span := ringside.Span{
		Name: "event", Title: strings.TrimPrefix(s.Name, "elevenlabs."),
		StartMS: provider.Offset(r.start, s.Start.Time), Attributes: s.Attributes.values(),
	}
	if ms := provider.Offset(s.Start.Time, s.End.Time); ms != nil {
		span.DurationMS = new(float64(*ms))
	}
	if s.failed() {
		span.Error = cmp.Or(s.Status.Message, "error")
	}
	r.facts.Spans = append(r.facts.Spans, span)
}
