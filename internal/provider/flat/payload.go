package flat

import (
	"encoding/json"
	"strings"

	"github.com/ringsidehq/ringside/internal/provider"
)

// payload is the body, as the observability API documents it. Pointers tell
// what was sent from what was not; raw fields are text or a number.
type payload struct {
	ID               *string         `json:"id"`
	AgentID          json.RawMessage `json:"agent_id"`
	StartedAt        *string         `json:"startedAt"`
	EndedAt          *string         `json:"endedAt"`
	ToPhoneNumber    json.RawMessage `json:"to_phone_number"`
	FromPhoneNumber  json.RawMessage `json:"from_phone_number"`
	Messages         []message       `json:"messages"`
	Metadata         map[string]any  `json:"metadata"`
	EndedReason      *string         `json:"endedReason"`
	RecordingURL     *string         `json:"recording_url"`
	ProviderPlatform *string         `json:"provider_platform"`
	Direction        *string         `json:"direction"`
}

// message is what one side said. The tool fields are those of OpenAI's chat
// API, which many programs log as they are.
type message struct {
	Role       string          `json:"role"`
	Content    json.RawMessage `json:"content"`
	StartTime  clock           `json:"start_time"`
	EndTime    clock           `json:"end_time"`
	Name       provider.Text   `json:"name"`
	ToolCalls  json.RawMessage `json:"tool_calls"`
	ToolCallID provider.Text   `json:"tool_call_id"`
}

// clock is the time of a message: a number, or ISO 8601 as startedAt has it,
// which is read as Unix milliseconds.
type clock struct{ provider.Number }

// UnmarshalJSON implements json.Unmarshaler.
func (c *clock) UnmarshalJSON(b []byte) error {
	if err := c.Number.UnmarshalJSON(b); err != nil || c.Known {
		return err
	}
	if at := provider.ParseMoment(strings.Trim(string(b), `"`)); !at.IsZero() {
		c.Number = provider.Number{Value: float64(at.UnixMilli()), Known: true}
	}
	return nil
}

type toolCall struct {
	ID       provider.Text `json:"id"`
	Function struct {
		Name      provider.Text   `json:"name"`
		Arguments json.RawMessage `json:"arguments"`
	} `json:"function"`
}

// known are the fields that payload reads; every other one is metadata.
var known = map[string]bool{
	"id": true, "agent_id": true, "startedAt": true, "endedAt": true, "to_phone_number": true,
	"from_phone_number": true, "messages": true, "metadata": true, "endedReason": true,
	"recording_url": true, "provider_platform": true, "direction": true,
}

// extra gives the fields of the body that payload does not read.
func extra(body []byte) (map[string]any, error) {
	var all map[string]json.RawMessage
	if err := provider.Unmarshal(body, &all); err != nil {
		return nil, err
	}
	out := map[string]any{}
	for k, raw := range all {
		if known[k] {
			continue
		}
		var v any
		if err := provider.Unmarshal(raw, &v); err != nil {
			return nil, provider.Under("/"+k, err)
		}
		if v != nil {
			out[k] = v
		}
	}
	return out, nil
}
