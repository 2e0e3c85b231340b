package calllog

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

const messagesField = "/transcript/messages"

// structured reads messages as OpenAI's chat API has them.
func structured(x *ringside.Facts, raw json.RawMessage) error {
	var c conversation
	if err := provider.Unmarshal(raw, &c); err != nil {
		return provider.Under("/transcript", err)
	}
	switch {
	case c.Kind == nil:
		return ringside.Invalidf("/transcript/kind", `is required: "openai"`)
	case *c.Kind != "openai":
		return ringside.Invalidf("/transcript/kind", `%q is not a kind of transcript that is known; send "openai"`, *c.Kind)
	}
	m := messages{facts: x, calls: map[string]int{}, used: map[string]int{}, times: provider.Timeline{Start: x.StartedAt}}
	for i, raw := range c.Messages {
		if err := m.read(messagesField+"/"+strconv.Itoa(i), raw); err != nil {
			return err
		}
	}
	x.Warnings = append(x.Warnings, m.times.Warnings...)
	return nil
}

// messages walks through a transcript.
type messages struct {
	facts *ringside.Facts
	times provider.Timeline
	calls map[string]int // index in facts.ToolCalls by the sender's id, of the last one with it
	used  map[string]int // how often an id was given
}

func (m *messages) read(field string, raw json.RawMessage) error {
	var msg message
	if null(raw) || strings.TrimSpace(string(raw))[0] != '{' {
		return ringside.Invalidf(field, "must be an object")
	}
	if err := provider.Unmarshal(raw, &msg); err != nil {
		return provider.Under(field, err)
	}
	text, err := textOf(field+"/content", &msg)
	if err != nil {
		return err
	}
	at, err := m.start(field+"/start", msg.Start)
	if err != nil {
		return err
	}
	kind := strings.ToLower(msg.Role)
	role, speaks := roles[kind]
	switch {
	case speaks:
		if strings.TrimSpace(text) != "" {
			m.facts.Turns = append(m.facts.Turns, ringside.Turn{Role: role, Text: text, StartMS: at})
		}
		return m.toolCalls(field+"/tool_calls", msg.ToolCalls, at)
	case kind == "tool":
		return m.toolResult(field, &msg, text, at)
	case kind == "system" || kind == "developer":
		if m.facts.Model.PromptHash == "" {
			m.facts.Model.PromptHash = provider.PromptHash(text)
		}
		return nil
	case kind == "":
		return ringside.Invalidf(field+"/role", "is required: user, assistant or tool")
	}
	return ringside.Invalidf(field+"/role", "%q is not user, assistant, tool, system or developer", msg.Role)
}

// start is how far into the call a message began; its end is not known.
func (m *messages) start(field string, raw json.RawMessage) (*int64, error) {
	s, err := provider.Scalar(field, raw)
	if err != nil || s == "" {
		return nil, err
	}
	var n provider.Number
	if err := n.UnmarshalJSON([]byte(s)); err != nil || !n.Known {
		return nil, ringside.Invalidf(field, "%q is not a number of milliseconds", s)
	}
	return m.times.Offset(n), nil
}

// textOf is what a message says: its content, else what was refused or spoken.
func textOf(field string, msg *message) (string, error) {
	text, err := provider.Content(field, msg.Content)
	switch {
	case err != nil || text != "":
	case msg.Refusal != nil:
		text = *msg.Refusal
	case msg.Audio != nil:
		text = msg.Audio.Transcript
	}
	return text, err
}

func (m *messages) toolCalls(field string, raw []json.RawMessage, at *int64) error {
	for i := range raw {
		f := field + "/" + strconv.Itoa(i)
		var c toolCall
		if err := provider.Unmarshal(raw[i], &c); err != nil {
			return provider.Under(f, err)
		}
		switch {
		case c.ID == "":
			return ringside.Invalidf(f+"/id", "is required: the result names the call by it")
		case c.Function.Name == "":
			return ringside.Invalidf(f+"/function/name", "is required: the name of the tool")
		}
		m.add(c.ID, ringside.ToolCall{Name: c.Function.Name, Arguments: provider.Value(c.Function.Arguments), StartMS: at})
	}
	return nil
}

// add gives a tool call an id of its own: some programs count from 1 in each
// message.
func (m *messages) add(id string, t ringside.ToolCall) {
	for t.ID = id; m.used[t.ID] > 0; {
		m.used[id]++
		t.ID = id + " (" + strconv.Itoa(m.used[id]) + ")"
	}
	m.used[t.ID]++
	m.calls[id] = len(m.facts.ToolCalls)
	m.facts.ToolCalls = append(m.facts.ToolCalls, t)
}

// toolResult puts a result to the call that it names.
func (m *messages) toolResult(field string, msg *message, text string, at *int64) error {
	if msg.ToolCallID == nil || *msg.ToolCallID == "" {
		return ringside.Invalidf(field+"/tool_call_id", "is required: the id of the tool call that this is the result of")
	}
	i, known := m.calls[*msg.ToolCallID]
	if !known {
		m.add(*msg.ToolCallID, ringside.ToolCall{Name: string(msg.Name)})
		i = m.calls[*msg.ToolCallID]
		m.facts.Warnings = append(m.facts.Warnings, "a tool result names a call that no message made: "+*msg.ToolCallID)
	}
	m.facts.ToolCalls[i].Result, m.facts.ToolCalls[i].EndMS = provider.ParseText(text), at
	return nil
}
