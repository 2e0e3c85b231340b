package stream

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID names these bodies in the inbox. The calls that they tell of are those of
// a call log: of the provider custom, or of whichever the door says.
const ID = "live"

// Calls is the provider of the calls, unless the address names one of another.
const Calls = "custom"

// Provider is the row of this adapter. It verifies nothing: the live API asks
// for a key of ours.
var Provider = provider.Provider{ID: ID, Name: "Live events", Decode: Decode}

// Decode reads a body's events, but for the partials. A body of nothing else is
// ignored.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	events, _, err := Split(p)
	if err == nil && len(events) == 0 {
		return nil, &provider.Ignored{Reason: "partials are shown and not kept"}
	}
	return events, err
}

// Split reads a body: the facts, and what is only to be shown.
func Split(p provider.Payload) (events []ringside.Event, partials []ringside.Partial, err error) {
	items, at, err := split(p.Body)
	if err != nil {
		return nil, nil, err
	}
	for i, item := range items {
		b, err := read(item, p.ReceivedAt)
		if err != nil {
			return nil, nil, provider.Under(at(i), err)
		}
		if b.Type == "partial" {
			part, err := b.partial()
			if err != nil {
				return nil, nil, provider.Under(at(i), err)
			}
			partials = append(partials, part)
			continue
		}
		e, err := b.event(p)
		if err != nil {
			return nil, nil, provider.Under(at(i), err)
		}
		events = append(events, e)
	}
	return events, partials, nil
}

// types are what an event can be, and how each is read.
var types = map[string]func(*payload, *ringside.Facts) error{
	"started": (*payload).started, "turn": (*payload).turn, "tool_call": (*payload).toolCall, "tool_result": (*payload).toolResult,
	"auth": (*payload).auth, "error": (*payload).fault, "interruption": (*payload).interruption, "latency": (*payload).latency,
	"status": (*payload).status, "ended": (*payload).ended,
}

func (b *payload) event(p provider.Payload) (ringside.Event, error) {
	fill, ok := types[b.Type]
	if !ok {
		all := append(slices.Collect(maps.Keys(types)), "partial")
		slices.Sort(all)
		return ringside.Event{}, ringside.Invalidf("/type", "%q is not one of %s", clip(b.Type), strings.Join(all, ", "))
	}
	e := ringside.Event{
		Provider: cmp.Or(p.CallProvider, Calls), ProviderCallID: p.CallID, Name: b.Type,
		Authority: ringside.Live, At: b.at, ReceivedAt: p.ReceivedAt,
		Facts: ringside.Facts{Key: string(b.ID), Phase: ringside.PhaseActive},
	}
	return e, fill(b, &e.Facts)
}

func (b *payload) started(x *ringside.Facts) error {
	x.StartedAt = b.at
	if b.Agent != "" || b.AgentName != "" {
		x.Agent = &ringside.AgentFact{SourceID: string(b.Agent), Name: b.AgentName}
	}
	x.AgentVersion, x.From, x.To = string(b.AgentVersion), string(b.From), string(b.To)
	x.Scenario, x.IsSimulation = b.Scenario, b.IsSimulation
	x.Metadata = maps.Clone(b.Metadata)
	if b.Context != "" {
		if x.Metadata == nil {
			x.Metadata = ringside.Values{}
		}
		x.Metadata["context"] = string(b.Context)
	}
	if b.ControlURL != "" {
		if !provider.IsWebAddress(b.ControlURL) {
			return ringside.Invalidf("/controlUrl", "is not an http or https address")
		}
		x.Control = &ringside.Control{ControlURL: b.ControlURL}
	}
	d := ringside.Direction(strings.ToLower(b.Direction))
	if b.Direction != "" && !slices.Contains([]ringside.Direction{ringside.Inbound, ringside.Outbound, ringside.Web}, d) {
		return ringside.Invalidf("/direction", "%q is not one of inbound, outbound, web", clip(b.Direction))
	}
	x.Direction = d
	return nil
}

// side is who speaks or acts.
func side(field, s string) (ringside.Role, error) {
	switch strings.ToLower(s) {
	case "agent", "assistant", "bot":
		return ringside.RoleAgent, nil
	case "user", "customer", "caller":
		return ringside.RoleUser, nil
	}
	return "", ringside.Invalidf(field, "%q is not agent or user", clip(s))
}

// maxText bounds what is said in one turn, in bytes: more than an hour of
// speech.
const maxText = 64 << 10

// speaker is who says an event's text.
func (b *payload) speaker() (ringside.Role, error) {
	role, err := side("/role", b.Role)
	if err == nil && len(b.Text) > maxText {
		err = ringside.Invalidf("/text", "has more than %d bytes, which nobody says in one turn; send each turn by itself", maxText)
	}
	return role, err
}

func (b *payload) turn(x *ringside.Facts) error {
	role, err := b.speaker()
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(b.Text) == "":
		return ringside.Invalidf("/text", "is required: what was said")
	}
	if err := within("/start_ms", b.StartMS); err != nil {
		return err
	}
	if err := within("/end_ms", b.EndMS); err != nil {
		return err
	}
	x.Turn = &ringside.Turn{Role: role, Text: strings.TrimSpace(b.Text), StartMS: b.StartMS, EndMS: b.EndMS}
	return nil
}

// maxCallMS is the longest that a call can be: a week.
const maxCallMS = 7 * 24 * 60 * 60 * 1000

func within(field string, ms *int64) error {
	if ms != nil && (*ms < 0 || *ms > maxCallMS) {
		return ringside.Invalidf(field, "%d is not a number of milliseconds from the start of the call", *ms)
	}
	return nil
}

func (b *payload) partial() (ringside.Partial, error) {
	role, err := b.speaker()
	if err == nil {
		err = within("/start_ms", b.StartMS)
	}
	return ringside.Partial{Role: role, Text: strings.TrimSpace(b.Text), StartMS: b.StartMS, At: b.at}, err
}

func (b *payload) toolCall(x *ringside.Facts) error {
	if b.ToolCallID == "" {
		return ringside.Invalidf("/tool_call_id", "is required: it ties the result to the call")
	}
	if b.Name == "" {
		return ringside.Invalidf("/name", "is required: the tool's name")
	}
	if err := within("/start_ms", b.StartMS); err != nil {
		return err
	}
	x.ToolCalls = []ringside.ToolCall{{ID: string(b.ToolCallID), Name: b.Name, Arguments: provider.Value(b.Arguments), StartMS: b.StartMS}}
	return nil
}

func (b *payload) toolResult(x *ringside.Facts) error {
	if b.ToolCallID == "" {
		return ringside.Invalidf("/tool_call_id", "is required: it ties the result to the call")
	}
	if err := within("/end_ms", b.EndMS); err != nil {
		return err
	}
	if b.Error == "false" { // some say whether there was one, not which
		b.Error = ""
	}
	t := ringside.ToolCall{ID: string(b.ToolCallID), Result: provider.Value(b.Result), Error: string(b.Error), EndMS: b.EndMS}
	if !t.Done() {
		t.Result = "" // it came, and said nothing
	}
	x.ToolCalls = []ringside.ToolCall{t}
	return nil
}

func (b *payload) auth(x *ringside.Facts) error {
	switch b.result() {
	case "success", "succeeded", "ok", "true", "authenticated", "passed":
		x.Span = &ringside.Span{Name: ringside.SpanAuth, Title: b.Method, Attributes: map[string]any{"authenticated": true}}
	case "failure", "failed", "fail", "false", "denied":
		x.Span = &ringside.Span{Name: ringside.SpanAuth, Title: b.Method, Attributes: map[string]any{"authenticated": false}, Error: "the caller could not be authenticated"}
	default:
		return ringside.Invalidf("/result", "is success or failed")
	}
	return nil
}

func (b *payload) result() string {
	var t provider.Text
	_ = t.UnmarshalJSON(b.Result) // an object is none of the words
	return strings.ToLower(string(t))
}

func (b *payload) fault(x *ringside.Facts) error {
	if strings.TrimSpace(b.Message) == "" {
		return ringside.Invalidf("/message", "is required: what went wrong")
	}
	x.Span = &ringside.Span{Name: ringside.SpanError, Title: cmp.Or(b.Component, "agent"), Error: b.Message}
	return nil
}

func (b *payload) interruption(x *ringside.Facts) error {
	by, err := side("/by", b.By)
	if err == nil {
		err = within("/at_ms", b.AtMS)
	}
	x.Interruption = &ringside.Interruption{By: by, AtMS: b.AtMS}
	return err
}

// latencies are the parts that an event can give, in milliseconds.
var latencies = map[string]func(*ringside.Latency) **float64{
	"total":             func(l *ringside.Latency) **float64 { return &l.TotalMS },
	"endpointing":       func(l *ringside.Latency) **float64 { return &l.EndpointingMS },
	"transcription":     func(l *ringside.Latency) **float64 { return &l.TranscriptionMS },
	"model_first_token": func(l *ringside.Latency) **float64 { return &l.ModelFirstTokenMS },
	"voice_first_byte":  func(l *ringside.Latency) **float64 { return &l.VoiceFirstByteMS },
	"network":           func(l *ringside.Latency) **float64 { return &l.NetworkMS },
}

// maxLatencyMS is the longest wait that is believed: ten minutes.
const maxLatencyMS = 10 * 60 * 1000

func (b *payload) latency(x *ringside.Facts) error {
	l := ringside.Latency{Source: ringside.Claimed}
	if len(b.Parts) == 0 {
		return ringside.Invalidf("/parts", "is required: milliseconds by part, total among them")
	}
	for _, name := range slices.Sorted(maps.Keys(b.Parts)) {
		ms := b.Parts[name]
		part, known := latencies[strings.TrimSuffix(name, "_ms")]
		switch {
		case !known:
			return ringside.Invalidf("/parts", "%q is not a part: total, endpointing, transcription, model_first_token, voice_first_byte, network", clip(name))
		case ms < 0 || ms > maxLatencyMS:
			return ringside.Invalidf("/parts", "%s: %v is not a number of milliseconds", name, ms)
		}
		*part(&l) = new(ms)
	}
	if b.Turn == nil || *b.Turn < 0 {
		return ringside.Invalidf("/turn", "is required: the index of the agent's turn, from 0")
	}
	x.TurnLatency = &ringside.TurnLatency{Turn: *b.Turn, Latency: l}
	return nil
}

// phases are what a status can say.
var phases = map[string]ringside.Phase{
	"queued": ringside.PhaseQueued, "ringing": ringside.PhaseRinging,
	"active": ringside.PhaseActive, "in_progress": ringside.PhaseActive, "answered": ringside.PhaseActive,
}

func (b *payload) status(x *ringside.Facts) error {
	phase, ok := phases[strings.ReplaceAll(strings.ToLower(b.Status), "-", "_")]
	if !ok {
		return ringside.Invalidf("/status", "%q is not one of queued, ringing, active; a call's end is an event of the type ended", clip(b.Status))
	}
	x.Phase = phase
	switch phase {
	case ringside.PhaseRinging:
		x.RingingAt = b.at
	case ringside.PhaseActive:
		x.AnsweredAt = b.at
	}
	return nil
}

func (b *payload) ended(x *ringside.Facts) error {
	x.Phase, x.EndedAt, x.Success = ringside.PhaseEnded, b.at, b.Success
	if x.EndedReason = b.Reason; b.Reason != "" {
		x.End = new(provider.EndOf(b.Reason))
	}
	return nil
}
