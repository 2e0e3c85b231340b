package deliver

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
)

// Event is something that happened in a call, to be told.
type Event struct {
	Name string // of ringside.WebhookEventNames, where Plan is asked
	At   time.Time
	Call *ringside.Call
	// Key tells two events of one name and call apart, such as the index of a
	// message. Empty: there is one such event in a call.
	Key    string
	Turn   *int   // which turn it is about; its text is told too
	Detail string // a sentence, such as what an error was
}

// maxBody bounds every body: receivers are promised small ones.
const maxBody = 20_000

// envelope is the form of every body.
type envelope struct {
	Type      string    `json:"type"`
	ID        string    `json:"id"`
	Timestamp time.Time `json:"timestamp"`
	AgentID   string    `json:"agent_id"`
	Data      any       `json:"data"`
}

// callData is what is told of a call: enough to know which it was and how it
// went, and where to read the rest.
type callData struct {
	ID             ringside.CallID    `json:"id"`
	ShortID        string             `json:"short_id"`
	Provider       string             `json:"provider"`
	ProviderCallID string             `json:"provider_call_id"`
	Agent          *callAgent         `json:"agent"`
	Direction      ringside.Direction `json:"direction"`
	Status         ringside.Status    `json:"status"`
	From           string             `json:"from"`
	To             string             `json:"to"`
	StartedAt      *time.Time         `json:"started_at"`
	EndedAt        *time.Time         `json:"ended_at"`
	DurationMS     *int64             `json:"duration_ms"`
	EndedReason    string             `json:"ended_reason"`
	Outcome        ringside.Outcome   `json:"outcome"`
	Summary        *string            `json:"summary"`
	Sentiment      *string            `json:"sentiment"`
	Tags           []string           `json:"tags"`
	QualityScore   *float64           `json:"quality_score"`
	Link           string             `json:"link"`
	Message        *callMessage       `json:"message,omitempty"`
	Detail         string             `json:"detail,omitempty"`
}

type callAgent struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type callMessage struct {
	Turn    int           `json:"turn"`
	Role    ringside.Role `json:"role"`
	Text    string        `json:"text"`
	StartMS *int64        `json:"start_ms"`
}

// CallBody writes the body that tells an event under an id. The same event
// gives the same bytes, fewer than 20,000, whatever a vendor put into its
// texts.
func CallBody(id string, e Event, publicURL string) ([]byte, error) {
	c := e.Call
	d := callData{
		ID: c.ID, ShortID: c.ShortID, Provider: clip(c.Provider, 100), ProviderCallID: clip(c.ProviderCallID, 512), Direction: c.Direction, Status: c.Status,
		From: clip(c.From, 200), To: clip(c.To, 200), StartedAt: c.StartedAt, EndedAt: c.EndedAt, DurationMS: c.DurationMS,
		EndedReason: clip(c.EndedReason, 500), Outcome: c.Outcome, Tags: []string{}, Link: publicURL + "/calls/" + c.ShortID, Detail: clip(e.Detail, 1000),
	}
	d.Outcome.Component, d.Outcome.Explanation = clip(d.Outcome.Component, 200), clip(d.Outcome.Explanation, 500)
	if c.Agent != nil {
		d.Agent = &callAgent{c.Agent.ID, clip(c.Agent.Name, 600)}
	}
	if c.Summary != nil {
		d.Summary = new(clip(c.Summary.Overview, 4000))
	}
	if c.Sentiment != nil {
		d.Sentiment = new(clip(c.Sentiment.Label, 50))
	}
	if c.Quality != nil {
		d.QualityScore = c.Quality.Score
	}
	for _, t := range c.Tags[:min(len(c.Tags), 40)] {
		d.Tags = append(d.Tags, clip(t, 100))
	}
	if e.Turn != nil && *e.Turn >= 0 && *e.Turn < len(c.Turns) {
		t := &c.Turns[*e.Turn]
		d.Message = &callMessage{Turn: *e.Turn, Role: t.Role, Text: clip(t.Text, 4000), StartMS: t.StartMS}
	}
	return write(id, e, d)
}

// write puts data into an envelope.
func write(id string, e Event, data any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(envelope{Type: e.Name, ID: id, Timestamp: e.At.UTC().Truncate(time.Millisecond), AgentID: agentOf(e.Call), Data: data})
	if err != nil {
		return nil, fmt.Errorf("encode body of %s: %w", e.Name, err)
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if len(out) >= maxBody {
		return nil, ringside.Errorf(ringside.TooLarge, "the body of %s has %d bytes; it has to stay below %d", e.Name, len(out), maxBody)
	}
	return out, nil
}

func agentOf(c *ringside.Call) string {
	if c == nil || c.Agent == nil {
		return ""
	}
	return c.Agent.ID
}

// clip cuts a text so that it takes at most so many bytes once it is JSON.
func clip(s string, most int) string {
	used := 0
	for i, r := range s {
		switch {
		case r == '"', r == '\\':
			used += 2
		case r < ' ', r == utf8.RuneError, r == 0x2028, r == 0x2029:
			used += 6
		default:
			used += utf8.RuneLen(r)
		}
		if used > most {
			return s[:i]
		}
	}
	return s
}

// messageID is what a message to a target is known by, for ever the same.
func messageID(target string, e Event) string {
	h := sha256.New()
	for _, part := range []string{target, e.Name, string(e.Call.ID[:]), e.Key} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return "msg_" + hex.EncodeToString(h.Sum(nil)[:16])
}
