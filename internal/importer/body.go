package importer

import (
	"cmp"
	"encoding/json"
	"maps"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/transcript"
)

// platform is the provider of imported calls.
const platform = "import"

// body is a call as the observability API takes it.
type body struct {
	ID        string             `json:"id"`
	Platform  string             `json:"provider_platform"`
	Agent     string             `json:"agent_id"`
	StartedAt string             `json:"startedAt"`
	EndedAt   string             `json:"endedAt"`
	Direction ringside.Direction `json:"direction,omitempty"`
	From      string             `json:"from_phone_number,omitempty"`
	To        string             `json:"to_phone_number,omitempty"`
	Messages  []message          `json:"messages,omitempty"`
	Metadata  map[string]string  `json:"metadata"`
}

// message is a turn, its times in milliseconds since 1970.
type message struct {
	Role    ringside.Role `json:"role"`
	Content string        `json:"content"`
	Start   *int64        `json:"start_time,omitempty"`
	End     *int64        `json:"end_time,omitempty"`
}

// body tells of a call. The same file with the same row gives the same bytes, by
// which the server knows them again.
func (m *importer) body(r *recording) ([]byte, error) {
	b := body{
		ID: r.id, Platform: platform, Agent: m.agentOf(r), Direction: m.cfg.Direction,
		StartedAt: r.startedAt.Format(time.RFC3339Nano), EndedAt: r.endedAt().Format(time.RFC3339Nano),
		Metadata: map[string]string{"file": r.name},
	}
	if w := r.row; w != nil {
		b.Direction, b.From, b.To = cmp.Or(w.direction, b.Direction), w.from, w.to
		maps.Copy(b.Metadata, w.metadata)
		if err := b.say(w.transcript, r.startedAt.UnixMilli()); err != nil {
			return nil, err
		}
	}
	return json.Marshal(b)
}

func (m *importer) agentOf(r *recording) string {
	if r.row == nil {
		return m.cfg.Agent
	}
	return cmp.Or(r.row.agent, m.cfg.Agent)
}

// say adds what a transcript holds.
func (b *body) say(path string, start int64) error {
	if path == "" {
		return nil
	}
	turns, err := transcript.Read(path)
	if err != nil {
		return err
	}
	since := func(ms *int64) *int64 {
		if ms == nil {
			return nil
		}
		return new(start + *ms)
	}
	for i := range turns {
		t := &turns[i]
		b.Messages = append(b.Messages, message{t.Role, t.Text, since(t.StartMS), since(t.EndMS)})
	}
	return nil
}
