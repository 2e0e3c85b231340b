package simulate

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// The calls that can be heard: synthetic voices, made by spoken/make.go, with
// what is said in them and when.
//
//go:embed spoken/*.json spoken/*.mp3
var spoken embed.FS

// spokenCalls are in the demo: one that goes well, one that does not, and one
// that comes as a recording alone. They began so long before its last moment.
var spokenCalls = []struct {
	name, direction, number string
	ago                     time.Duration
}{
	{"renewal", "inbound", "+14155550131", 12 * time.Minute},
	{"claim", "inbound", "+14155550177", 31 * time.Minute},
	{"voicemail", "outbound", "+14155550118", 55 * time.Minute},
}

// spokenRequests send the calls, each with its recording behind it.
func spokenRequests(now time.Time) ([][]request, error) {
	out := make([][]request, 0, len(spokenCalls))
	for _, c := range spokenCalls {
		var said struct {
			Duration int64 `json:"duration_ms"`
			Turns    []struct {
				Role  string `json:"role"`
				Text  string `json:"text"`
				Start int64  `json:"start_ms"`
				End   int64  `json:"end_ms"`
			} `json:"turns"`
		}
		b, err := spoken.ReadFile("spoken/" + c.name + ".json")
		if err == nil {
			err = json.Unmarshal(b, &said)
		}
		if err != nil {
			return nil, fmt.Errorf("read spoken call %s: %w", c.name, err)
		}
		sound, err := spoken.ReadFile("spoken/" + c.name + ".mp3")
		if err != nil {
			return nil, fmt.Errorf("read spoken call %s: %w", c.name, err)
		}
		agent, start := agentOf("renewal"), now.Add(-c.ago)
		body := flatBody{
			ID: "spoken-" + c.name, AgentID: agent.sourceID, StartedAt: start.Format(vapiTime), EndedAt: start.Add(time.Duration(said.Duration) * time.Millisecond).Format(vapiTime),
			From: c.number, To: agent.number, Direction: c.direction, Metadata: map[string]string{"sample": "spoken by synthetic voices"}, Reason: "customer-ended-call",
		}
		if c.direction == "outbound" {
			body.From, body.To = body.To, body.From
		}
		for _, t := range said.Turns {
			body.Messages = append(body.Messages, flatMessage{
				Role: t.Role, Content: &t.Text, Start: start.UnixMilli() + t.Start, End: start.UnixMilli() + t.End,
			})
		}
		out = append(out, []request{
			{path: "/api/v1/observability/calls", body: encode(body)},
			{method: http.MethodPut, path: "/v1/calls/" + body.ID + "/recording", kind: "audio/mpeg", body: sound},
		})
	}
	return out, nil
}

// agentOf is the agent of a key.
func agentOf(key string) *agent {
	for i := range agents {
		if agents[i].key == key {
			return &agents[i]
		}
	}
	panic("simulate: no agent " + key)
}

func (r *request) how() (method, kind string) {
	return cmp.Or(r.method, http.MethodPost), cmp.Or(r.kind, "application/json")
}
