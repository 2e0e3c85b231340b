package simulate

import (
	"maps"

	"github.com/ringsidehq/ringside"
)

// customBody is the call-log API's payload for a custom agent.
type customBody struct {
	CallID       string            `json:"call_id"`
	RecordingURL string            `json:"recording_url,omitempty"`
	From         string            `json:"from_number"`
	To           string            `json:"to_number"`
	Start        int64             `json:"start_timestamp"`
	End          int64             `json:"end_timestamp"`
	Status       string            `json:"status"`
	Direction    string            `json:"direction"`
	Metadata     map[string]string `json:"metadata"`
	Transcript   openAITranscript  `json:"transcript"`
}

type openAITranscript struct {
	Kind     string          `json:"kind"`
	Messages []openAIMessage `json:"messages"`
}

type openAIMessage struct {
	Role       string       `json:"role"`
	Start      int64        `json:"start,omitempty"`
	Content    *string      `json:"content"`
	ToolCalls  []openAITool `json:"tool_calls,omitempty"`
	ToolCallID string       `json:"tool_call_id,omitempty"`
}

func (c *Call) custom() []byte {
	b := customBody{
		CallID: c.id, From: c.number, To: c.agent.number, Start: c.answeredAt.UnixMilli(), End: c.endedAt.UnixMilli(), Status: "ended",
		Direction: string(c.direction), Metadata: c.described(), Transcript: openAITranscript{Kind: "openai"},
		RecordingURL: "https://recordings.example.com/custom/" + c.id + ".wav",
	}
	if c.class != ringside.FailureNone {
		b.Status = "error"
	}
	b.Transcript.Messages = append(b.Transcript.Messages, openAIMessage{Role: "system", Content: &c.version.prompt})
	for i := range c.steps {
		s := &c.steps[i]
		m := openAIMessage{Role: "assistant", Start: c.at(s.start).UnixMilli(), Content: &s.text}
		switch s.kind {
		case 'U':
			m.Role = "user"
		case 'T':
			call := openAITool{ID: "call_" + s.id, Type: "function"}
			call.Function.Name, call.Function.Arguments = s.tool, s.args
			m.Content, m.ToolCalls = nil, []openAITool{call}
			b.Transcript.Messages = append(b.Transcript.Messages, m)
			m = openAIMessage{Role: "tool", Start: c.at(s.end).UnixMilli(), Content: &s.result, ToolCallID: call.ID}
		}
		b.Transcript.Messages = append(b.Transcript.Messages, m)
	}
	return encode(b)
}

// described is the metadata of senders that have nowhere else to put what they
// know.
func (c *Call) described() map[string]string {
	out := maps.Clone(c.metadata)
	out["intent"], out["prompt_version"] = c.intent, c.version.label
	return out
}

// flatBody is the observability API's flat body.
type flatBody struct {
	ID        string            `json:"id"`
	AgentID   string            `json:"agent_id"`
	StartedAt string            `json:"startedAt"`
	EndedAt   string            `json:"endedAt"`
	To        string            `json:"to_phone_number"`
	From      string            `json:"from_phone_number"`
	Direction string            `json:"direction"`
	Messages  []flatMessage     `json:"messages"`
	Metadata  map[string]string `json:"metadata"`
	Reason    string            `json:"endedReason"`
	Recording string            `json:"recording_url,omitempty"`
}

type flatMessage struct {
	Role       string       `json:"role"`
	Content    *string      `json:"content"`
	Start      int64        `json:"start_time,omitempty"`
	End        int64        `json:"end_time,omitempty"`
	ToolCalls  []openAITool `json:"tool_calls,omitempty"`
	ToolCallID string       `json:"tool_call_id,omitempty"`
}

func (c *Call) flat() []byte {
	b := flatBody{
		ID: c.id, AgentID: c.agent.sourceID, StartedAt: c.createdAt.Format(vapiTime), EndedAt: c.endedAt.Format(vapiTime), To: c.number,
		From: c.agent.number, Direction: string(c.direction), Metadata: c.described(), Reason: c.reason,
		Messages: []flatMessage{{Role: "system", Content: &c.version.prompt}},
	}
	if !c.answeredAt.IsZero() {
		b.StartedAt, b.Recording = c.answeredAt.Format(vapiTime), "https://recordings.example.com/quill/"+c.id+".wav"
	}
	for i := range c.steps {
		s := &c.steps[i]
		m := flatMessage{Role: "bot", Content: &s.text, Start: c.at(s.start).UnixMilli(), End: c.at(s.end).UnixMilli()}
		switch s.kind {
		case 'U':
			m.Role = "user"
		case 'T':
			call := openAITool{ID: "call_" + s.id, Type: "function"}
			call.Function.Name, call.Function.Arguments = s.tool, s.args
			m.Content, m.ToolCalls, m.End = nil, []openAITool{call}, 0
			b.Messages = append(b.Messages, m)
			m = flatMessage{Role: "tool", Content: &s.result, Start: c.at(s.end).UnixMilli(), ToolCallID: call.ID}
		}
		b.Messages = append(b.Messages, m)
	}
	return encode(b)
}
