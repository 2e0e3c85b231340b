package flat

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID is the provider of a call whose sender names no platform.
const ID = "external"

// Provider is the row of this adapter. It verifies nothing: the observability
// API asks for a key of ours.
var Provider = provider.Provider{ID: ID, Name: "External", Decode: Decode}

// Decode reads one flat body.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	var b payload
	if err := provider.Unmarshal(p.Body, &b); err != nil {
		return nil, err
	}
	if b.ID == nil || strings.TrimSpace(*b.ID) == "" {
		return nil, ringside.Invalidf("/id", "is required: the id of the call at the platform")
	}
	started, err := moment("/startedAt", b.StartedAt)
	if err != nil {
		return nil, err
	}
	ended, err := moment("/endedAt", b.EndedAt)
	if err != nil {
		return nil, err
	}
	turns, err := turns(b.Messages, started)
	if err != nil {
		return nil, err
	}
	rest, err := extra(p.Body)
	if err != nil {
		return nil, err
	}
	maps.Copy(rest, b.Metadata)

	e := ringside.Event{
		Provider:       Platform(b.ProviderPlatform),
		ProviderCallID: *b.ID,
		Name:           "call_updated",
		Authority:      ringside.Live,
		ReceivedAt:     p.ReceivedAt,
		Facts: ringside.Facts{
			Agent:     &ringside.AgentFact{SourceID: string(b.AgentID)},
			Direction: direction(string(b.Direction), b.FromPhoneNumber, b.ToPhoneNumber),
			From:      string(b.FromPhoneNumber),
			To:        string(b.ToPhoneNumber),
			Turns:     turns,
			Metadata:  rest,
			StartedAt: started,
			EndedAt:   ended,
		},
	}
	x := &e.Facts
	switch {
	case b.EndedAt != nil || b.EndedReason != nil:
		e.Name, e.Authority, x.Phase = "call_ended", ringside.Report, ringside.PhaseEnded
	case b.StartedAt != nil:
		e.Name, x.Phase = "call_started", ringside.PhaseActive
	}
	if b.EndedReason != nil {
		x.EndedReason = *b.EndedReason
		x.End = new(endOf(*b.EndedReason))
	}
	if b.RecordingURL != nil && *b.RecordingURL != "" {
		x.Recordings = []ringside.Recording{{Kind: ringside.RecordingMixed, URL: *b.RecordingURL}}
	}
	return []ringside.Event{e}, nil
}

// Platform is the provider that a body's provider_platform names.
func Platform(s *string) string {
	if s == nil {
		return ID
	}
	if name := strings.ToLower(strings.TrimSpace(*s)); name != "" {
		return name
	}
	return ID
}

func moment(field string, s *string) (time.Time, error) {
	if s == nil || *s == "" {
		return time.Time{}, nil
	}
	t := provider.ParseMoment(*s)
	if t.IsZero() {
		return t, ringside.Invalidf(field, "%q is not a time; it looks like 2026-10-15T09:22:21.787Z", *s)
	}
	return t, nil
}

// direction is what the body says; with two numbers and no word it is not
// known which side called.
func direction(said string, from, to provider.Text) ringside.Direction {
	switch d := ringside.Direction(strings.ToLower(said)); d {
	case ringside.Inbound, ringside.Outbound, ringside.Web:
		return d
	}
	if from == "" && to == "" {
		return ringside.Web
	}
	return ""
}

// turns reads the messages. Times are Unix milliseconds; without the call's
// start the first timed message is the start.
func turns(ms []message, start time.Time) ([]ringside.Turn, error) {
	out := make([]ringside.Turn, 0, len(ms))
	for i, m := range ms {
		role, ok := roles[strings.ToLower(m.Role)]
		if !ok {
			if m.Role == "" {
				return nil, ringside.Invalidf("/messages/"+strconv.Itoa(i)+"/role", "is required: bot, assistant or user")
			}
			continue // system prompts and tool traffic are no speech
		}
		if strings.TrimSpace(m.Content) == "" {
			continue
		}
		at := m.StartTime.Time()
		if start.IsZero() {
			start = at
		}
		out = append(out, ringside.Turn{
			Role: role, Text: m.Content,
			StartMS: provider.Offset(start, at), EndMS: provider.Offset(start, m.EndTime.Time()),
		})
	}
	return out, nil
}

var roles = map[string]ringside.Role{
	"bot": ringside.RoleAgent, "assistant": ringside.RoleAgent, "agent": ringside.RoleAgent, "ai": ringside.RoleAgent,
	"user": ringside.RoleUser, "caller": ringside.RoleUser, "customer": ringside.RoleUser, "human": ringside.RoleUser,
}
