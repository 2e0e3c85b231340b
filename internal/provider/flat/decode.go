package flat

import (
	"maps"
	"regexp"
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
	if strings.TrimSpace(given(b.ID)) == "" {
		return nil, ringside.Invalidf("/id", "is required: the id of the call at the platform")
	}
	platform, err := Platform(b.ProviderPlatform)
	if err != nil {
		return nil, err
	}
	e := ringside.Event{
		Provider: platform, ProviderCallID: *b.ID, Name: "call_updated",
		Authority: ringside.Live, ReceivedAt: p.ReceivedAt,
	}
	x := &e.Facts
	if x.Metadata, err = extra(p.Body); err != nil {
		return nil, err
	}
	maps.Copy(x.Metadata, b.Metadata)
	for _, read := range []func(*ringside.Facts) error{b.people, b.times, b.conversation} {
		if err := read(x); err != nil {
			return nil, err
		}
	}
	b.recording(x)
	switch {
	case given(b.EndedAt) != "" || given(b.EndedReason) != "":
		e.Name, e.Authority, x.Phase = "call_ended", ringside.Report, ringside.PhaseEnded
	case given(b.StartedAt) != "":
		e.Name, x.Phase = "call_started", ringside.PhaseActive
	}
	if x.EndedReason = given(b.EndedReason); x.EndedReason != "" {
		x.End = new(provider.EndOf(x.EndedReason))
	}
	return []ringside.Event{e}, nil
}

// given is a field that may be absent or null; an empty one says as little.
func given(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

var platformName = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)

// Platform is the provider that a body's provider_platform names: a word that
// can stand in an address.
func Platform(s *string) (string, error) {
	name := strings.ToLower(strings.TrimSpace(given(s)))
	if name == "" {
		return ID, nil
	}
	if !platformName.MatchString(name) {
		return "", ringside.Invalidf("/provider_platform", "%q is not the name of a platform: up to 40 letters, digits, - and _", *s)
	}
	return name, nil
}

// people reads who took part. A body may tell a call in part, so a number that
// is not there says nothing; two numbers do not tell which side called.
func (b *payload) people(x *ringside.Facts) (err error) {
	agent, err := provider.Scalar("/agent_id", b.AgentID)
	if err != nil {
		return err
	}
	if agent != "" {
		x.Agent = &ringside.AgentFact{SourceID: agent}
	}
	if x.From, err = provider.Scalar("/from_phone_number", b.FromPhoneNumber); err != nil {
		return err
	}
	if x.To, err = provider.Scalar("/to_phone_number", b.ToPhoneNumber); err != nil {
		return err
	}
	said := strings.ToLower(given(b.Direction))
	for _, d := range []ringside.Direction{ringside.Inbound, ringside.Outbound, ringside.Web} {
		if strings.HasPrefix(said, string(d)) {
			x.Direction = d
			return nil
		}
	}
	if said != "" {
		x.Metadata["direction"] = *b.Direction
	}
	return nil
}

func (b *payload) times(x *ringside.Facts) (err error) {
	if x.StartedAt, err = moment("/startedAt", b.StartedAt); err != nil {
		return err
	}
	x.EndedAt, err = moment("/endedAt", b.EndedAt)
	return err
}

func moment(field string, s *string) (time.Time, error) {
	if given(s) == "" {
		return time.Time{}, nil
	}
	t := provider.ParseMoment(*s)
	if t.IsZero() {
		return t, ringside.Invalidf(field, "%q is not a time; it looks like 2026-10-15T09:22:21.787Z", *s)
	}
	return t, nil
}

// recording takes the address of the recording. One that no browser or client
// can follow is kept as metadata, with a warning.
func (b *payload) recording(x *ringside.Facts) {
	switch s := given(b.RecordingURL); {
	case s == "":
	case provider.IsWebAddress(s):
		x.Recordings = []ringside.Recording{{Kind: ringside.RecordingMixed, URL: s}}
	default:
		x.Metadata["recording_url"] = s
		x.Warnings = append(x.Warnings, "recording_url is not an http or https address: kept as metadata")
	}
}
