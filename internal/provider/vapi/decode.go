package vapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID is how calls, sources and URLs name this provider.
const ID = "vapi"

// Provider is the row of this adapter.
var Provider = provider.Provider{ID: ID, Name: name, Decode: Decode, Verify: Verify, Identity: Identity, Controls: controls, Recordings: recordingAPI, AnswerWithin: AnswerWithin, Pull: pull}

// The types of message that are handled in more than one place, and the name
// of the event that a call of the REST API makes.
const (
	typeReport   = "end-of-call-report"
	typeStatus   = "status-update"
	typeCallRead = "call"
)

// Decode reads one server message, or one call of the REST API.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	m, pointer, err := parse(p.Body)
	if err != nil {
		return nil, err
	}
	if reason := ignored(m); reason != "" {
		return nil, m.unsaid(reason, p.ReceivedAt)
	}
	if m.Call == nil || strings.TrimSpace(m.Call.ID) == "" {
		field := pointer + "/call/id"
		if m.Type == typeCallRead {
			field = "/id"
		}
		return nil, ringside.Invalidf(field, "is required: the id of the call at Vapi")
	}
	d := decoding{m: m, pointer: pointer, at: m.Timestamp.Time, received: p.ReceivedAt}
	if err := d.facts(); err != nil {
		return nil, err
	}
	return []ringside.Event{{
		Provider:       ID,
		ProviderCallID: m.Call.ID,
		Name:           m.Type,
		Authority:      d.authority,
		At:             d.at,
		ReceivedAt:     p.ReceivedAt,
		Facts:          d.x,
	}}, nil
}

// parse finds the message in a body: in its envelope, bare, or made of a call.
// The pointer says where it is.
func parse(body []byte) (m *message, pointer string, err error) {
	var envelope struct {
		Message *message `json:"message"`
	}
	if err := provider.Unmarshal(body, &envelope); err != nil {
		return nil, "", err
	}
	m, pointer = envelope.Message, "/message"
	if m == nil {
		m, pointer = &message{}, ""
		if err := provider.Unmarshal(body, m); err != nil {
			return nil, "", err
		}
		if _, isCall := directions[m.Type]; isCall || m.isCall() {
			return asMessage(m, body)
		}
		if m.Type == "" {
			return nil, "", ringside.Invalidf("/message", `is required: Vapi sends {"message":{"type":…,"call":…}}`)
		}
	}
	m.Type, _, _ = strings.Cut(m.Type, "[") // transcript[transcriptType="final"]
	if m.Type == "" {
		return nil, "", ringside.Invalidf(pointer+"/type", "is required: the type of the message")
	}
	return m, pointer, nil
}

// isCall tells a call of the REST API by what only it has at its top: its type
// may be missing, or new.
func (m *message) isCall() bool {
	return m.Call == nil && m.ID != "" && m.OrgID != "" && !m.CreatedAt.IsZero()
}

// asMessage makes a message of a call that the REST API gave. The two have the
// same fields at the top, and here the status is the true one.
func asMessage(m *message, body []byte) (*message, string, error) {
	m.Type, m.Call = typeCallRead, &call{}
	if err := provider.Unmarshal(body, m.Call); err != nil {
		return nil, "", err
	}
	m.Timestamp = m.Call.UpdatedAt
	return m, "", nil
}

// ignored says why a message tells nothing of a call; "" when it does.
func ignored(m *message) string {
	family, _, _ := strings.Cut(m.Type, ".")
	noCall := m.Call == nil || m.Call.ID == ""
	switch {
	case m.Type == "transcript" && !m.final():
		return "a transcript of words still being said; the final one follows"
	case m.Type == "model-output" && len(m.outputCalls()) == 0:
		return "a piece of the model's output as it is made; the turn follows whole"
	case family == "campaign" || family == "contact":
		return "about a campaign, not about a call"
	case family == "chat" || family == "session" || noCall && present(m.Chat):
		return "about a text chat, not about a call"
	case noCall && (m.Type == "call.endpointing.request" || strings.HasSuffix(m.Type, "-request")):
		return "a request for instructions that names no call"
	}
	return ""
}

// unsaid is why a message is ignored, with the words that are being said where
// it has some.
func (m *message) unsaid(reason string, received time.Time) *provider.Ignored {
	out := &provider.Ignored{Reason: reason}
	role, known := roles[m.Role]
	if m.Type != "transcript" || !known || m.Call == nil || m.Call.ID == "" || strings.TrimSpace(string(m.Transcript)) == "" {
		return out
	}
	at := m.Timestamp.Time
	if at.IsZero() {
		at = received
	}
	out.CallID, out.Saying = m.Call.ID, &ringside.Partial{Role: role, Text: strings.TrimSpace(string(m.Transcript)), At: at}
	return out
}

// final tells whether a transcript message holds words that will not change.
// A message with no word on it is one of the type that only sends such.
func (m *message) final() bool { return m.TranscriptType != "partial" }

// decoding is one message on its way to facts.
type decoding struct {
	m         *message
	pointer   string    // where in the body the message is
	at        time.Time // the vendor's; zero when it gives none
	received  time.Time
	authority ringside.Authority
	assistant assistant
	costs     []costLine
	x         ringside.Facts
}

// when is the time of the message: the vendor's, else when it came.
func (d *decoding) when() time.Time {
	if d.at.IsZero() {
		return d.received
	}
	return d.at
}

func (d *decoding) facts() error {
	d.authority = ringside.Live
	if d.m.Type == "call.deleted" || d.m.Type == "call.delete.failed" {
		return nil // that the data was erased there is no reason to copy it here once more
	}
	d.common()
	whole := d.m.Type == typeReport || d.m.Type == typeCallRead && d.m.Status == "ended"
	if whole {
		return d.report()
	}
	return d.live()
}

func (d *decoding) warnf(format string, args ...any) {
	d.x.Warnings = append(d.x.Warnings, fmt.Sprintf(format, args...))
}

// read reads a part that the call can do without.
func read[T any](d *decoding, part string, raw json.RawMessage) T {
	var v T
	if !present(raw) {
		return v
	}
	if err := provider.Unmarshal(raw, &v); err != nil {
		d.warnf("Vapi's %s could not be read.", part)
		var none T
		return none
	}
	return v
}

// readItems reads a conversation that stands beside the artifact.
func (d *decoding) readItems(field string, raw json.RawMessage) ([]item, error) {
	var items []item
	if !present(raw) {
		return nil, nil
	}
	err := provider.Unmarshal(raw, &items)
	return items, provider.Under(d.pointer+field, err)
}

// items is the conversation with times: the artifact's, else the older one.
func (d *decoding) items() ([]item, error) {
	if a := d.m.Artifact; a != nil && len(a.Messages) > 0 {
		return a.Messages, nil
	}
	return d.readItems("/messages", d.m.Messages)
}
