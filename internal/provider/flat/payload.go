package flat

import (
	"encoding/json"

	"github.com/ringsidehq/ringside/internal/provider"
)

// payload is the body, as the observability API documents it. Pointers tell
// what was sent from what was not.
type payload struct {
	ID               *string          `json:"id"`
	AgentID          provider.Text    `json:"agent_id"`
	StartedAt        *string          `json:"startedAt"`
	EndedAt          *string          `json:"endedAt"`
	ToPhoneNumber    provider.Text    `json:"to_phone_number"`
	FromPhoneNumber  provider.Text    `json:"from_phone_number"`
	Messages         []message        `json:"messages"`
	Metadata         map[string]any   `json:"metadata"`
	EndedReason      *string          `json:"endedReason"`
	RecordingURL     *string          `json:"recording_url"`
	ProviderPlatform *string          `json:"provider_platform"`
	Direction        provider.Text    `json:"direction"`
}

type message struct {
	Role      string          `json:"role"`
	Content   string          `json:"content"`
	StartTime provider.Number `json:"start_time"`
	EndTime   provider.Number `json:"end_time"`
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
			return nil, err
		}
		if v != nil {
			out[k] = v
		}
	}
	return out, nil
}
