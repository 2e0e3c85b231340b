package vapi

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// phases are how far a call has got by its status.
var phases = map[provider.Text]ringside.Phase{
	"scheduled": ringside.PhaseQueued, "queued": ringside.PhaseQueued,
	"ringing":     ringside.PhaseRinging,
	"in-progress": ringside.PhaseActive, "forwarding": ringside.PhaseActive,
	"ended": ringside.PhaseEnded,
}

// talking are the types of message that are only sent while people talk.
var talking = map[string]bool{
	"transcript": true, "conversation-update": true, "speech-update": true, "user-interrupted": true,
	"model-output": true, "tool-calls": true, "function-call": true, "transfer-update": true, "hang": true,
	"assistant.started": true, "assistant.speechStarted": true, "language-change-detected": true,
	"voice-input": true, "phone-call-control": true, "transfer-destination-request": true,
	"handoff-destination-request": true, "knowledge-base-request": true, "voice-request": true,
	"call.endpointing.request": true,
}

// live reads a message that is sent while the call goes on. A type that is
// not known says what every message says.
func (d *decoding) live() error {
	m, x := d.m, &d.x
	s, err := d.conversation(m.Call.StartedAt.Time)
	if err != nil {
		return err
	}
	x.StartedAt = s.start
	switch {
	case m.Type == typeStatus || m.Type == typeCallRead:
		d.status()
	case m.Type == "assistant-request": // asked when an inbound call comes in
		x.Phase = ringside.PhaseRinging
	case talking[m.Type]:
		x.Phase = ringside.PhaseActive
	}
	d.piece(&s)
	x.Turns, x.ToolCalls = s.turns, s.tools.list
	return nil
}

// status reads a change of status.
func (d *decoding) status() {
	m, x := d.m, &d.x
	x.Phase = phases[m.Status]
	if m.Type == typeCallRead {
		x.EndedAt = m.EndedAt.Time // the time of reading is not that of the change
		return
	}
	switch m.Status {
	case "ringing":
		x.RingingAt = d.when()
	case "in-progress":
		x.AnsweredAt = d.when()
	case "ended":
		x.EndedAt = d.when()
		d.reason()
	}
	if m.Summary != "" {
		x.Analysis = &ringside.ProviderAnalysis{Summary: string(m.Summary)}
	}
}

// piece reads the one thing that a live message tells beyond the call so far.
func (d *decoding) piece(s *script) {
	m, x := d.m, &d.x
	switch m.Type {
	case "transcript":
		d.said(s)
	case "tool-calls":
		for _, c := range d.toolCalls() {
			s.tools.called(c, provider.Offset(s.start, d.at))
		}
	case "model-output":
		for _, c := range m.outputCalls() {
			s.tools.called(c, provider.Offset(s.start, d.at))
		}
	case "user-interrupted":
		x.Interruption = &ringside.Interruption{By: ringside.RoleUser}
	default:
		x.Span = d.span()
	}
}

// said adds the turn that a final transcript holds. Beside a conversation that
// does not have it yet it goes to the end of that, for a whole list hides
// single turns.
func (d *decoding) said(s *script) {
	role, ok := roles[d.m.Role]
	text := strings.TrimSpace(string(d.m.Transcript))
	if !ok || text == "" {
		return
	}
	t := ringside.Turn{Role: role, Text: text}
	if len(s.turns) == 0 {
		d.x.Turn = &t
		return
	}
	if last := s.turns[len(s.turns)-1]; last.Role == role && strings.TrimSpace(last.Text) == text {
		return
	}
	t.StartMS = provider.Offset(s.start, d.at)
	s.add(t)
}

// toolCalls gives the calls of a tool-calls message, which says them up to
// three times.
func (d *decoding) toolCalls() []toolCall {
	if calls := read[[]toolCall](d, "toolCallList", d.m.ToolCallList); len(calls) > 0 {
		return calls
	}
	if calls := read[[]toolCall](d, "toolCalls", d.m.ToolCalls); len(calls) > 0 {
		return calls
	}
	type withCall struct {
		Name     provider.Text `json:"name"`
		ToolCall toolCall      `json:"toolCall"`
	}
	var out []toolCall
	for _, w := range read[[]withCall](d, "toolWithToolCallList", d.m.ToolWithCalls) {
		if w.ToolCall.Name == "" {
			w.ToolCall.Name = w.Name
		}
		out = append(out, w.ToolCall)
	}
	return out
}

// outputCalls gives the tool calls in a model's output, one or a list; none
// when it is text.
func (m *message) outputCalls() []toolCall {
	var many []toolCall
	if len(m.Output) > 0 && m.Output[0] == '[' {
		if provider.Unmarshal(m.Output, &many) != nil {
			return nil
		}
	}
	var one toolCall
	if len(m.Output) > 0 && m.Output[0] == '{' && provider.Unmarshal(m.Output, &one) == nil {
		many = []toolCall{one}
	}
	out := many[:0]
	for _, c := range many {
		if c.ID != "" && first(c.Function.Name, c.Name) != "" {
			out = append(out, c)
		}
	}
	return out
}

// span is the step that a live message tells of; nil when it tells of none.
func (d *decoding) span() *ringside.Span {
	m := d.m
	switch m.Type {
	case typeStatus:
		if m.Status == "forwarding" {
			return transferSpan(read[party](d, "destination", m.Destination), "", "")
		}
	case "transfer-update":
		from, to := read[party](d, "fromAssistant", m.FromAssistant), read[party](d, "toAssistant", m.ToAssistant)
		return transferSpan(read[party](d, "destination", m.Destination), string(from.Name), string(to.Name))
	case "phone-call-control": // to the user's own phone system; transfer-update says what came of it
		title := "The phone was told to " + strings.ReplaceAll(string(m.Request), "-", " ")
		if to := read[party](d, "destination", m.Destination).line(); to != "" {
			title += " to " + to
		}
		return &ringside.Span{Name: "event", Title: title}
	case "transfer-destination-request", "handoff-destination-request":
		return &ringside.Span{Name: "event", Title: "Vapi asked where to transfer the call", Attributes: d.values("parameters", m.Parameters)}
	case "hang":
		return &ringside.Span{Name: "event", Title: "The agent is late with its reply"}
	case "language-change-detected":
		return &ringside.Span{Name: "transcriber", Title: "The customer's language changed to " + string(m.Language)}
	case "voice-input":
		return &ringside.Span{Name: "voice", Title: "Text to speak", Attributes: map[string]any{"input": string(m.Input)}}
	case "assistant.started":
		name := read[party](d, "newAssistant", m.NewAssistant).Name
		return &ringside.Span{Name: "assistant", Title: first(name, d.assistant.Name)}
	case "call.artifact.upload":
		return d.upload()
	case "function-call":
		return d.functionCall()
	case "speech-update", "assistant.speechStarted":
		return m.speech()
	}
	return nil
}

// speech is one side's starting or stopping to speak.
func (m *message) speech() *ringside.Span {
	who, what := "The agent", "started"
	if roles[m.Role] == ringside.RoleUser {
		who = "The customer"
	}
	if m.Status == "stopped" {
		what = "stopped"
	}
	p := &ringside.Span{Name: ringside.SpanSpeech, Title: who + " " + what + " speaking", Attributes: map[string]any{
		"role": string(cmp.Or(roles[m.Role], ringside.RoleAgent)), "speaking": what == "started",
	}}
	if n := bounded(m.Turn, 1e9); n != nil {
		p.Attributes["turn"] = *n
	}
	for k, v := range map[string]provider.Text{"text": m.Text, "source": m.Source} {
		if v != "" {
			p.Attributes[k] = string(v)
		}
	}
	return p
}

// functionCall is the ancestor of tool-calls. It has no id to find its result
// by, so it makes a step, not a tool call; the report has the call.
func (d *decoding) functionCall() *ringside.Span {
	c := read[toolCall](d, "functionCall", d.m.FunctionCall)
	if c.Name == "" {
		return nil
	}
	return &ringside.Span{Name: "tool", Title: string(c.Name), Attributes: map[string]any{"arguments": value(c.Parameters)}}
}

// upload is the copying of a call's files to the user's own storage.
func (d *decoding) upload() *ringside.Span {
	type file struct {
		Type    provider.Text `json:"type"`
		Success bool          `json:"success"`
	}
	files := read[[]file](d, "artifacts", d.m.Artifacts)
	var failed []string
	for _, f := range files {
		if !f.Success {
			failed = append(failed, string(f.Type))
		}
	}
	p := &ringside.Span{Name: "event", Title: strconv.Itoa(len(files)-len(failed)) + " of " + strconv.Itoa(len(files)) + " files were copied to your storage"}
	if len(failed) > 0 {
		p.Error = "not copied: " + strings.Join(failed, ", ")
	}
	return p
}
