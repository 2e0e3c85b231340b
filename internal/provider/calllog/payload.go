package calllog

import (
	"encoding/json"

	"github.com/ringsidehq/ringside/internal/provider"
)

// fields is the payload by field, each read by itself.
type fields map[string]json.RawMessage

// known are the fields that are read; every other one is metadata.
var known = map[string]bool{
	"call_id": true, "recording_url": true, "from_number": true, "to_number": true,
	"start_timestamp": true, "end_timestamp": true, "status": true, "transcript": true,
	"agent_id": true, "agent_name": true, "direction": true, "metadata": true,
}

// conversation is the structured form of a transcript.
type conversation struct {
	Kind     *string           `json:"kind"`
	Messages []json.RawMessage `json:"messages"`
}

// message is one message of OpenAI's chat API, with a start.
type message struct {
	Role       string            `json:"role"`
	Start      json.RawMessage   `json:"start"`
	Content    json.RawMessage   `json:"content"`
	Refusal    *string           `json:"refusal"`
	Audio      *audio            `json:"audio"`
	Name       provider.Text     `json:"name"`
	ToolCalls  []json.RawMessage `json:"tool_calls"`
	ToolCallID *string           `json:"tool_call_id"`
}

// audio is what a message that was spoken holds beside the sound.
type audio struct {
	Transcript string `json:"transcript"`
}

type toolCall struct {
	ID       string   `json:"id"`
	Function function `json:"function"`
}

type function struct {
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}
