package calllog

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID is the provider of a call that no vendor ran.
const ID = "custom"

// Provider is the row of this adapter. It verifies nothing: the call-log API
// asks for a key of ours.
var Provider = provider.Provider{ID: ID, Name: "Custom", Decode: Decode}

// Decode reads one payload.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	var f fields
	if err := provider.Unmarshal(p.Body, &f); err != nil {
		return nil, err
	}
	id, err := f.text("call_id")
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(id) == "" {
		return nil, ringside.Invalidf("/call_id", "is required: the id of the call in your system")
	}
	e := ringside.Event{Provider: ID, ProviderCallID: id, Authority: ringside.Report, ReceivedAt: p.ReceivedAt}
	x := &e.Facts
	for _, read := range []func(*ringside.Facts) error{f.metadata, f.people, f.times, f.recording, f.transcript} {
		if err := read(x); err != nil {
			return nil, err
		}
	}
	if e.Name, err = f.status(x); err != nil {
		return nil, err
	}
	if x.Phase == ringside.PhaseActive {
		e.Authority = ringside.Live
	}
	return []ringside.Event{e}, nil
}

// text reads a field that is a string, or a number taken as text.
func (f fields) text(name string) (string, error) { return provider.Scalar("/"+name, f[name]) }

// str reads a field that is a string and nothing else.
func (f fields) str(name string) (string, error) {
	if f.has(name) && bytes.TrimSpace(f[name])[0] != '"' {
		return "", ringside.Invalidf("/"+name, "must be a string")
	}
	return f.text(name)
}

func (f fields) has(name string) bool { return !null(f[name]) }

func null(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || string(raw) == "null"
}

// metadata keeps the fields that are not known, under their own names, and
// those of an object named metadata, which hold against them.
func (f fields) metadata(x *ringside.Facts) error {
	x.Metadata = ringside.Values{}
	for name, raw := range f {
		if known[name] || null(raw) {
			continue
		}
		var v any
		if err := provider.Unmarshal(raw, &v); err != nil {
			return provider.Under("/"+name, err)
		}
		x.Metadata[name] = v
	}
	if !f.has("metadata") {
		return nil
	}
	var own map[string]any
	if err := provider.Unmarshal(f["metadata"], &own); err != nil {
		return provider.Under("/metadata", err)
	}
	maps.Copy(x.Metadata, own)
	return nil
}

// people reads who took part. Two numbers do not tell which side called.
func (f fields) people(x *ringside.Facts) error {
	var agent, name, direction string
	for _, row := range []struct {
		field string
		dst   *string
	}{
		{"from_number", &x.From},
		{"to_number", &x.To},
		{"agent_id", &agent},
		{"agent_name", &name},
		{"direction", &direction},
	} {
		var err error
		if *row.dst, err = f.text(row.field); err != nil {
			return err
		}
	}
	if agent != "" || name != "" {
		x.Agent = &ringside.AgentFact{SourceID: agent, Name: name}
	}
	switch d := ringside.Direction(strings.ToLower(direction)); d {
	case ringside.Inbound, ringside.Outbound, ringside.Web:
		x.Direction = d
	case "":
	default:
		return ringside.Invalidf("/direction", "%q is not inbound, outbound or web", direction)
	}
	return nil
}

func (f fields) times(x *ringside.Facts) (err error) {
	if x.StartedAt, err = f.moment("start_timestamp"); err != nil {
		return err
	}
	if x.EndedAt, err = f.moment("end_timestamp"); err != nil {
		return err
	}
	if !x.StartedAt.IsZero() && x.EndedAt.Before(x.StartedAt) && !x.EndedAt.IsZero() {
		x.Warnings = append(x.Warnings, "end_timestamp is before start_timestamp")
	}
	return nil
}

// moment reads Unix milliseconds. Seconds and ISO 8601 are taken too, and 0 is
// what many programs write for a time that they don't know.
func (f fields) moment(name string) (time.Time, error) {
	s, err := f.text(name)
	if err != nil || s == "" || s == "0" {
		return time.Time{}, err
	}
	t := provider.ParseMoment(s)
	if t.IsZero() {
		return t, ringside.Invalidf("/"+name, "%q is not a time in Unix milliseconds, such as 1790367000000", s)
	}
	return t, nil
}

// recording takes the address of the recording. One that no browser or client
// can follow is kept as metadata, with a warning.
func (f fields) recording(x *ringside.Facts) error {
	s, err := f.str("recording_url")
	if err != nil || s == "" {
		return err
	}
	if !provider.IsWebAddress(s) {
		x.Metadata["recording_url"] = s
		x.Warnings = append(x.Warnings, "recording_url is not an http or https address: kept as metadata")
		return nil
	}
	x.Recordings = []ringside.Recording{{Kind: ringside.RecordingMixed, URL: s}}
	return nil
}

// status reads how far the call has got and gives the event its name. A log
// without one is of a finished call when it holds anything that only a
// finished call has.
func (f fields) status(x *ringside.Facts) (event string, err error) {
	s, err := f.str("status")
	if err != nil {
		return "", err
	}
	switch word := strings.ToLower(strings.TrimSpace(s)); word {
	case "ended", "completed", "done":
		x.Phase, x.End = ringside.PhaseEnded, &ringside.End{By: ringside.EndedByUnknown}
	case "error", "failed":
		x.Phase, x.EndedReason = ringside.PhaseEnded, word
		x.End = &ringside.End{By: ringside.EndedByUnknown, Failure: ringside.FailureUnknown}
	case "active", "in_progress", "in-progress", "ongoing", "started":
		x.Phase = ringside.PhaseActive
		return "call_started", nil
	case "":
		if !f.has("recording_url") && !f.has("end_timestamp") && !f.has("transcript") {
			return "call_updated", nil
		}
		x.Phase = ringside.PhaseEnded
	default:
		return "", ringside.Invalidf("/status", "%q is not ended or error, nor active while the call is on; leave it out when you can't tell", s)
	}
	return "call_ended", nil
}
