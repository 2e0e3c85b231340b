package retell

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// facts reads what every event's call object says.
func facts(c *call, received time.Time) ringside.Facts {
	x := ringside.Facts{
		AgentVersion: string(c.AgentVersion),
		Direction:    direction(c),
		From:         string(c.FromNumber),
		To:           string(c.ToNumber),
		StartedAt:    c.StartTimestamp.Time(),
		EndedAt:      c.EndTimestamp.Time(),
		EndedReason:  string(c.DisconnectionReason),
		Withheld:     withheld(c),
		Recordings:   recordings(c, received),
	}
	if c.AgentID != "" || c.AgentName != "" {
		x.Agent = &ringside.AgentFact{SourceID: string(c.AgentID), Name: string(c.AgentName)}
	}
	if ms := c.DurationMS; ms.Known && ms.Value >= 0 && ms.Value < maxSeconds*1000 {
		x.DurationMS = new(int64(ms.Value))
	}
	if x.EndedReason != "" {
		x.End = new(endOf(x.EndedReason))
	}
	if !neverConnected(x.EndedReason, string(c.CallStatus)) {
		x.AnsweredAt = x.StartedAt
	}
	c.readBags(&x)
	c.readTranscript(&x)
	c.readLatency(&x)
	c.readCost(&x)
	c.readAnalysis(&x)
	return x
}

func direction(c *call) ringside.Direction {
	switch d := ringside.Direction(strings.ToLower(string(c.Direction))); d {
	case ringside.Inbound, ringside.Outbound:
		return d
	}
	if c.CallType == "web_call" {
		return ringside.Web
	}
	return ""
}

// readBags reads what the team attached to the call, and beside it the vendor's
// handles for finding the call elsewhere. Variables that the agent collected
// beat those that it started with.
func (c *call) readBags(x *ringside.Facts) {
	lenient(x, "metadata", c.Metadata, &x.Metadata)
	lenient(x, "retell_llm_dynamic_variables", c.DynamicVariables, &x.Variables)
	var collected ringside.Values
	if lenient(x, "collected_dynamic_variables", c.CollectedVariables, &collected) && len(collected) > 0 {
		if x.Variables == nil {
			x.Variables = ringside.Values{}
		}
		maps.Copy(x.Variables, collected)
	}
	x.Campaign, _ = x.Metadata["campaign"].(string)
	x.CustomerName, _ = x.Variables["customer_name"].(string)

	var phone struct {
		TwilioCallSID provider.Text `json:"twilio_call_sid"`
	}
	lenient(x, "telephony_identifier", c.TelephonyIdentifier, &phone)
	to, _ := destination(c.TransferDestination)
	for name, v := range map[string]string{
		"agent_tag": string(c.AgentTag), "twilio_call_sid": string(phone.TwilioCallSID), "transfer_destination": to,
	} {
		if _, taken := x.Metadata[name]; v == "" || taken {
			continue
		}
		if x.Metadata == nil {
			x.Metadata = ringside.Values{}
		}
		x.Metadata[name] = v
	}
}

// readAnalysis reads the vendor's own view of the call.
func (c *call) readAnalysis(x *ringside.Facts) {
	var a analysis
	if !lenient(x, "call_analysis", c.CallAnalysis, &a) {
		return
	}
	out := ringside.ProviderAnalysis{Summary: string(a.Summary), Sentiment: strings.ToLower(string(a.Sentiment))}
	if success, err := strconv.ParseBool(string(a.Successful)); err == nil {
		out.Success = string(a.Successful)
		x.Success = &success
	}
	lenient(x, "custom_analysis_data", a.Custom, &out.Structured)
	x.Analysis = &out
	if a.InVoicemail == "true" {
		if x.End == nil {
			x.End = &ringside.End{}
		}
		if x.End.Failure == ringside.FailureNone {
			x.End.Failure = ringside.FailureVoicemail
		}
	}
}

// stale is how long after a call's start a live delivery tells no more when a
// thing happened: it was sent again, or replayed.
const stale = 24 * time.Hour

// transfer reads a transfer event. Only the end of one has a time of its own;
// the others happened when they were received.
func (d *delivery) transfer(kind string, c *call, e *ringside.Event) ringside.Span {
	s := ringside.Span{Name: "transfer", Title: kind, Attributes: map[string]any{}}
	to, extension := destination(d.TransferDestination)
	if to == "" {
		to, extension = destination(c.TransferDestination)
	}
	if to != "" {
		s.Attributes["destination"] = to
	}
	if extension != "" {
		s.Attributes["extension"] = extension
	}
	var option map[string]any
	if given(d.TransferOption) && provider.Unmarshal(d.TransferOption, &option) == nil {
		s.Attributes["option"] = option
	}
	switch kind {
	case "cancelled":
		s.Error = "the transfer was cancelled or did not connect"
	case "ended":
		s.StartMS = provider.Offset(c.StartTimestamp.Time(), c.TransferEndTimestamp.Time())
	}
	turns := e.Facts.Turns
	if s.StartMS == nil && len(turns) > 0 && e.ReceivedAt.Sub(e.Facts.StartedAt) > stale {
		s.StartMS = turns[len(turns)-1].EndMS
		warn(&e.Facts, "a transfer event came long after the call; it is placed at the end of the words before it")
	}
	return s
}

// destination reads where a call was transferred to: {number, extension} in
// transfer events, a string in the call object.
func destination(raw json.RawMessage) (number, extension string) {
	if !given(raw) {
		return "", ""
	}
	var plain string
	if provider.Unmarshal(raw, &plain) == nil {
		return plain, ""
	}
	var to struct {
		Number    provider.Text `json:"number"`
		Extension provider.Text `json:"extension"`
	}
	if provider.Unmarshal(raw, &to) != nil {
		return "", ""
	}
	return string(to.Number), string(to.Extension)
}
