package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// payload is an event of any type; each reads the fields that it has.
type payload struct {
	ID   provider.Text   `json:"id"`
	Type string          `json:"type"`
	At   json.RawMessage `json:"at"` // RFC 3339, or milliseconds since 1970

	// started
	Agent        provider.Text   `json:"agent"` // the agent's id at its source
	AgentName    string          `json:"agentName"`
	AgentVersion provider.Text   `json:"agentVersion"`
	From         provider.Text   `json:"from"`
	To           provider.Text   `json:"to"`
	Direction    string          `json:"direction"`
	IsSimulation *bool           `json:"isSimulation"`
	Scenario     string          `json:"scenario"`
	Context      provider.Text   `json:"context"`
	Metadata     ringside.Values `json:"metadata"`
	ControlURL   string          `json:"controlUrl"`

	// turn, partial
	Role    string `json:"role"`
	Text    string `json:"text"`
	StartMS *int64 `json:"start_ms"`
	EndMS   *int64 `json:"end_ms"`

	// tool_call, tool_result
	ToolCallID provider.Text   `json:"tool_call_id"`
	Name       string          `json:"name"`
	Arguments  json.RawMessage `json:"arguments"`
	Result     json.RawMessage `json:"result"`
	Error      provider.Text   `json:"error"`

	Method    string             `json:"method"`    // auth
	Component string             `json:"component"` // error
	Message   string             `json:"message"`   // error
	By        string             `json:"by"`        // interruption
	AtMS      *int64             `json:"at_ms"`     // interruption
	Turn      *int               `json:"turn"`      // latency
	Parts     map[string]float64 `json:"parts"`     // latency, ms
	Status    string             `json:"status"`    // status
	Reason    string             `json:"reason"`    // ended
	Success   *bool              `json:"success"`   // ended

	at time.Time
}

// MaxEvents bounds the events of one body.
const MaxEvents = 1000

// split gives the events of a body with the pointer to each: a list, or objects
// one after the other, in lines or not.
func split(body []byte) (items []json.RawMessage, at func(int) string, err error) {
	body = bytes.TrimSpace(body)
	at = func(i int) string { return "/" + strconv.Itoa(i) }
	switch {
	case len(body) == 0:
		return nil, nil, ringside.Invalidf("", "the body is empty: send an event, a list of events, or one in each line")
	case body[0] == '[':
		err = provider.Unmarshal(body, &items)
	default:
		for d := json.NewDecoder(bytes.NewReader(body)); len(items) <= MaxEvents; {
			var item json.RawMessage
			err := d.Decode(&item)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, nil, ringside.Invalidf("", "event %d of the body is not valid JSON: %v", len(items)+1, err)
			}
			items = append(items, item)
		}
		if len(items) == 1 {
			at = func(int) string { return "" }
		}
	}
	switch {
	case err != nil:
		return nil, nil, err
	case len(items) == 0:
		return nil, nil, ringside.Invalidf("", "the body holds no event")
	case len(items) > MaxEvents:
		return nil, nil, ringside.Invalidf("", "the body holds more than %d events; send them in several", MaxEvents)
	}
	return items, at, nil
}

// maxKey bounds an event's id, in bytes.
const maxKey = 200

// read reads one event as far as all types have it in common.
func read(raw json.RawMessage, received time.Time) (*payload, error) {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' {
		return nil, ringside.Invalidf("", "is not an event: an object with id, type and at")
	}
	p := &payload{at: received}
	if err := provider.Unmarshal(raw, p); err != nil {
		return nil, err
	}
	if p.ID == "" && p.Type != "partial" {
		return nil, ringside.Invalidf("/id", "is required: it keeps an event that is sent again from counting twice")
	}
	if len(p.ID) > maxKey {
		return nil, ringside.Invalidf("/id", "has more than %d bytes", maxKey)
	}
	if at := bytes.TrimSpace(p.At); len(at) > 0 && string(at) != "null" {
		var t provider.Moment
		if err := t.UnmarshalJSON(at); err != nil || t.IsZero() {
			return nil, ringside.Invalidf("/at", "%s is not a time: RFC 3339, or milliseconds since 1970", clip(string(at)))
		}
		p.at = t.Time
	}
	return p, nil
}

func clip(s string) string {
	const most = 60
	if len(s) > most {
		return fmt.Sprintf("%.60s…", s)
	}
	return s
}
