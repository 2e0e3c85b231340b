package vapi

import (
	"encoding/json"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// directions are the types of call.
var directions = map[string]ringside.Direction{
	"inboundPhoneCall":   ringside.Inbound,
	"outboundPhoneCall":  ringside.Outbound,
	"webCall":            ringside.Web,
	"vapi.websocketCall": ringside.Web,
}

// common reads what every message says of its call.
func (d *decoding) common() {
	m, c, x := d.m, d.m.Call, &d.x
	d.assistant = read[assistant](d, "assistant", either(m.Assistant, c.Assistant))
	x.Agent = d.agent()
	x.AgentVersion = first(m.AssistantVersion, c.AssistantVersion)
	x.Direction = directions[string(c.Type)]
	x.Campaign = string(c.CampaignID)
	x.CreatedAt = c.CreatedAt.Time
	d.parties()
	x.Model = d.model()
	x.Control = d.control()
	metadata := []json.RawMessage{d.assistant.Metadata}
	for _, raw := range []json.RawMessage{c.AssistantOverrides, c.SquadOverrides, c.WorkflowOverrides} {
		overrides := read[assistant](d, "overrides", raw)
		metadata = append(metadata, overrides.Metadata)
		d.variables(overrides.VariableValues)
	}
	x.Metadata = d.metadata(append(metadata, c.Metadata))
	if m.Artifact != nil {
		d.variables(m.Artifact.VariableValues)
	}
}

// variables adds to those of the call, over what was said before.
func (d *decoding) variables(raw json.RawMessage) {
	for k, v := range d.values("variable values", raw) {
		set(&d.x.Variables, k, v)
	}
}

// agent is the assistant that was asked for. In a squad or a workflow the
// assistant of a message changes through the call, so the whole is the agent.
func (d *decoding) agent() *ringside.AgentFact {
	c, a := d.m.Call, &d.assistant
	if c.AssistantID == "" && c.SquadID != "" {
		squad := read[party](d, "squad", c.Squad)
		return &ringside.AgentFact{SourceID: string(c.SquadID), Name: string(squad.Name)}
	}
	if c.AssistantID == "" && c.WorkflowID != "" {
		return &ringside.AgentFact{SourceID: string(c.WorkflowID)}
	}
	fact := ringside.AgentFact{SourceID: first(c.AssistantID, a.ID)}
	if a.ID == "" || string(a.ID) == fact.SourceID {
		fact.Name = string(a.Name)
	}
	if fact == (ringside.AgentFact{}) {
		return nil
	}
	return &fact
}

// parties reads who was on the line. The customer is the caller of an inbound
// call and the one called of an outbound call.
func (d *decoding) parties() {
	m, c, x := d.m, d.m.Call, &d.x
	customer := read[party](d, "customer", either(m.Customer, c.Customer))
	ours := read[party](d, "phone number", either(m.PhoneNumber, c.PhoneNumber))
	x.CustomerName = string(customer.Name)
	x.CustomerID = first(customer.ExternalID, customer.SIPURI, customer.Email, c.CustomerID)
	switch x.Direction {
	case ringside.Inbound:
		x.From, x.To = customer.line(), ours.line()
	case ringside.Outbound:
		x.From, x.To = ours.line(), customer.line()
	}
}

// either is the first of two raw parts that says anything.
func either(a, b json.RawMessage) json.RawMessage {
	if present(a) {
		return a
	}
	return b
}

// model is what the assistant runs on. The prompt is the assistant's own text,
// before variables are filled in: that is what has versions.
func (d *decoding) model() ringside.Model {
	a := &d.assistant
	prompt := string(a.Model.SystemPrompt)
	for _, msg := range a.Model.Messages {
		if msg.Role == "system" && msg.Content != "" {
			prompt = strings.TrimPrefix(prompt+"\n"+string(msg.Content), "\n")
		}
	}
	return ringside.Model{
		PromptHash:  provider.PromptHash(prompt),
		Language:    join("/", a.Model.Provider, a.Model.Model),
		Voice:       a.Voice.String(),
		Transcriber: a.Transcriber.String(),
	}
}

// control is where the call can be heard and steered. Vapi's own example
// stands in angle brackets.
func (d *decoding) control() *ringside.Control {
	type monitor struct {
		Listen  provider.Text `json:"listenUrl"`
		Control provider.Text `json:"controlUrl"`
	}
	mon := read[monitor](d, "monitor", d.m.Call.Monitor)
	out := ringside.Control{
		ListenURL:  strings.Trim(string(mon.Listen), "<> "),
		ControlURL: strings.Trim(string(mon.Control), "<> "),
	}
	if out == (ringside.Control{}) {
		return nil
	}
	return &out
}

// metadata is what the user attached, the ids that lead from the call to the
// carrier's records, and what the vendor adds to the reason of the end.
func (d *decoding) metadata(attached []json.RawMessage) ringside.Values {
	c := d.m.Call
	var out ringside.Values
	for _, raw := range attached {
		for k, v := range d.values("metadata", raw) {
			set(&out, k, v)
		}
	}
	for _, f := range []struct {
		name  string
		value provider.Text
	}{
		{"name", c.Name},
		{"phoneCallProvider", c.PhoneCallProvider},
		{"phoneCallProviderId", c.PhoneCallProviderID},
		{"phoneNumberId", c.PhoneNumberID},
		{"endedMessage", c.EndedMessage},
	} {
		if f.value != "" {
			set(&out, f.name, string(f.value))
		}
	}
	return out
}

// values reads an object of names and values; null values say nothing.
func (d *decoding) values(part string, raw json.RawMessage) ringside.Values {
	v := read[ringside.Values](d, part, raw)
	for k := range v {
		if v[k] == nil {
			delete(v, k)
		}
	}
	return v
}

func set(dst *ringside.Values, k string, v any) {
	if *dst == nil {
		*dst = ringside.Values{}
	}
	(*dst)[k] = v
}

// value reads a JSON value that may stand in a string.
func value(raw json.RawMessage) any {
	if !present(raw) {
		return nil
	}
	var v any
	if provider.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	if s, ok := v.(string); ok {
		return provider.ParseText(s)
	}
	return v
}

// bounded is a number that a call can have; nil when it is unknown, negative
// or beyond the limit.
func bounded(n provider.Number, limit float64) *float64 {
	if !n.Known || n.Value < 0 || n.Value > limit {
		return nil
	}
	return &n.Value
}

// amount is a bounded number, 0 when there is none.
func amount(n provider.Number) float64 {
	if p := bounded(n, 1e12); p != nil {
		return *p
	}
	return 0
}
