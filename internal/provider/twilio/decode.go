package twilio

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID is the provider of calls that Twilio alone tells of.
const ID = "twilio"

const name = "Twilio"

// Provider is the row of this adapter.
var Provider = provider.Provider{ID: ID, Name: name, Decode: Decode, Verify: Verify, Controls: controls, Recordings: recordingAPI}

// Decode reads one callback.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	c, err := read(p.Body)
	if err != nil {
		return nil, err
	}
	if c.either("CallSid") == "" {
		return nil, ringside.Invalidf("/CallSid", "is required: Twilio's id of the call")
	}
	if parent := c.either("ParentCallSid"); parent != "" && c["Direction"] == "outbound-dial" {
		return nil, &provider.Ignored{Reason: "a leg of call " + parent + ", to whom that call was put through"}
	}
	e := ringside.Event{
		Provider: ID, ProviderCallID: c.either("CallSid"), Name: "callback",
		Authority: ringside.Live, At: c.time("Timestamp"), ReceivedAt: p.ReceivedAt,
	}
	c.parties(&e.Facts)
	switch {
	case c.either("RecordingStatus") != "":
		c.recorded(&e)
	case c.either("CallStatus") != "":
		c.status(&e)
	case c.either("AnsweredBy") != "":
		c.answered(&e)
	}
	return []ringside.Event{e}, nil
}

var directions = map[string]ringside.Direction{
	"inbound": ringside.Inbound, "outbound-api": ringside.Outbound, "outbound-dial": ringside.Outbound,
}

// parties reads who is on the line, and the ids that lead to Twilio's records.
func (c callback) parties(x *ringside.Facts) {
	x.Direction = directions[c["Direction"]]
	x.From, x.To = c.either("From", "Caller"), c.either("To", "Called")
	if x.Direction == ringside.Inbound {
		x.CustomerName = c.either("CallerName")
	}
	for _, f := range []struct{ name, parameter string }{
		{"account_sid", "AccountSid"},
		{"parent_call_sid", "ParentCallSid"},
		{"forwarded_from", "ForwardedFrom"},
		{"answered_by", "AnsweredBy"},
		{"sip_code", "SipResponseCode"},
	} {
		if v := c.either(f.parameter); v != "" {
			if x.Metadata == nil {
				x.Metadata = ringside.Values{}
			}
			x.Metadata[f.name] = v
		}
	}
}

var phases = map[string]ringside.Phase{
	"queued": ringside.PhaseQueued, "initiated": ringside.PhaseQueued,
	"ringing":     ringside.PhaseRinging,
	"in-progress": ringside.PhaseActive,
	"completed":   ringside.PhaseEnded, "busy": ringside.PhaseEnded, "failed": ringside.PhaseEnded,
	"no-answer": ringside.PhaseEnded, "canceled": ringside.PhaseEnded,
}

// maxSeconds bounds a call: Twilio ends one after a day.
const maxSeconds = 7 * 24 * 3600

// status reads how far the call has got. A status that is new to us says
// nothing of that.
func (c callback) status(e *ringside.Event) {
	x, status := &e.Facts, c.either("CallStatus")
	e.Name, x.Phase = status, phases[status]
	at := e.At
	if at.IsZero() {
		at = e.ReceivedAt
	}
	switch x.Phase {
	case ringside.PhaseQueued:
		x.CreatedAt = at
	case ringside.PhaseRinging:
		x.RingingAt = at
	case ringside.PhaseActive:
		x.AnsweredAt = at
	case ringside.PhaseEnded:
		e.Authority = ringside.Report
		x.EndedAt, x.EndedReason, x.End = at, status, c.end(status)
		if s := c.number("CallDuration", maxSeconds); s != nil {
			x.DurationMS = new(provider.Millis(*s))
			if status == "completed" { // the others were never answered
				x.StartedAt = at.Add(-time.Duration(*s) * time.Second)
			}
		}
		x.Recordings = c.recordings(ringside.RecordingMixed, "")
	}
}

// recorded reads what became of a recording.
func (c callback) recorded(e *ringside.Event) {
	x, status := &e.Facts, c.either("RecordingStatus")
	e.Name, e.Authority = "recording-"+status, ringside.Report
	switch status {
	case "completed":
		kind, query := ringside.RecordingMixed, ""
		switch {
		case c["RecordingChannels"] == "2":
			kind, query = ringside.RecordingStereo, "?RequestedChannels=2"
		case c["RecordingTrack"] == "inbound": // from the line into Twilio
			kind = ringside.RecordingCustomer
		case c["RecordingTrack"] == "outbound":
			kind = ringside.RecordingAgent
		}
		x.Recordings = c.recordings(kind, query)
	case "absent", "failed":
		code := c.either("ErrorCode")
		if code == "0" { // none: there was nothing to record
			code = ""
		}
		x.Span = &ringside.Span{Name: "event", Title: "No recording was made", Error: code}
	}
}

// recordingAPI takes the account's SID and token, SID:token. Of two channels the
// first has the call that was recorded, the customer's, and the second whoever is
// connected to it.
var recordingAPI = provider.RecordingAPI{Base: base, AgentChannel: new(1), Authorize: func(h http.Header, key string) {
	h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(key)))
}}

// recordings is the one that Twilio keeps, as the way to ask for it.
func (c callback) recordings(kind ringside.RecordingKind, query string) []ringside.Recording {
	u, err := url.Parse(c.either("RecordingUrl"))
	if err != nil || u.Host == "" {
		return nil
	}
	r := ringside.Recording{Kind: kind, Via: "GET " + u.EscapedPath() + ".wav" + query}
	if n := c.number("RecordingChannels", 2); n != nil {
		r.Channels = int(*n)
	}
	return []ringside.Recording{r}
}

// answered reads what answering machine detection found. With it a call that is
// completed has come to a machine: its last status need not say so again.
func (c callback) answered(e *ringside.Event) {
	e.Name, e.Facts.End = "machine-detection", c.machine()
	e.Facts.Span = &ringside.Span{
		Name: "voicemail", Title: "Answered by " + c.either("AnsweredBy"), DurationMS: c.number("MachineDetectionDuration", maxSeconds*1000),
	}
}
