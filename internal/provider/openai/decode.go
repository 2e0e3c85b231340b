package openai

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID is the provider of OpenAI's Realtime calls.
const ID = "openai"

const name = "OpenAI Realtime"

// Provider is the row of this adapter.
var Provider = provider.Provider{ID: ID, Name: name, Decode: Decode, Verify: Verify, Part: Part, Controls: controls}

// Decode reads forwarded events, or one webhook of OpenAI's. The events of one
// call stand together, for the ledger takes a call at a time.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	values, many, err := split(p.Body)
	if err != nil {
		return nil, err
	}
	if len(values) > maxEvents {
		return nil, ringside.Invalidf("", "the body holds more than %d events; send fewer at a time", maxEvents)
	}
	var out []ringside.Event
	var all []forwarded
	for i, v := range values {
		d := delivery{}
		if err := provider.Unmarshal(v, &d); err != nil && !d.bare(v, err) {
			return nil, provider.Under(pointer(i, many), err)
		}
		if d.Event == nil && d.Data != nil && d.Type != "" {
			if e, ok := d.webhook(p); ok {
				out = append(out, e)
			}
			continue
		}
		if err := d.check(); err != nil {
			return nil, provider.Under(pointer(i, many), err)
		}
		all = append(all, forwarded{event: d.Event, call: d.about(), at: moment{d.ReceivedAt.Time, i + 1}})
	}
	slices.SortStableFunc(all, func(a, b forwarded) int { return strings.Compare(a.call, b.call) })
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].call == all[0].call {
			n++
		}
		out = append(out, read(all[:n], p)...)
		all = all[n:]
	}
	if len(out) == 0 {
		return nil, &provider.Ignored{Reason: "pieces of what is said, and no fact yet"}
	}
	return out, nil
}

// Part gives the values of a body that are about one call, as lines. Kept with
// each call, the whole would hold what was said in others, which may be redacted
// or erased.
func Part(body []byte, call string) []byte {
	values, _, err := split(body)
	if err != nil { // such a body has no events
		return nil
	}
	var out []byte
	for _, v := range values {
		d := delivery{}
		if err := provider.Unmarshal(v, &d); err != nil && !d.bare(v, err) {
			continue
		}
		if d.about() == call {
			out = append(append(out, bytes.TrimSpace(v)...), '\n')
		}
	}
	return out
}

// about is the id of the call that a value tells of.
func (d *delivery) about() string {
	if d.Event == nil && d.Data != nil {
		return strings.TrimSpace(string(d.Data.CallID))
	}
	return strings.TrimSpace(string(d.CallID))
}

func (d *delivery) check() error {
	switch {
	case d.Event == nil:
		return ringside.Invalidf("/event", `is required: forward {"call_id":…,"received_at":…,"event":{…}}`)
	case d.Event.Type == "":
		return ringside.Invalidf("/event/type", "is required: the type of the server event")
	case len(d.Event.ID) > maxKey:
		return ringside.Invalidf("/event/event_id", "has more than %d bytes", maxKey)
	case d.about() == "":
		return ringside.Invalidf("/call_id", "is required: the id of the call, the same for all its events")
	}
	return nil
}

// webhook reads OpenAI's own, which tells of a SIP call that comes in; ok is
// false for those that tell of no call.
func (d *delivery) webhook(p provider.Payload) (e ringside.Event, ok bool) {
	id := d.about()
	if id == "" {
		return e, false
	}
	e = ringside.Event{
		Provider: ID, ProviderCallID: id, Name: string(d.Type), Authority: ringside.Live, At: d.CreatedAt.Time, ReceivedAt: p.ReceivedAt,
	}
	if !strings.HasSuffix(e.Name, ".incoming") {
		return e, true
	}
	x := &e.Facts
	x.Phase, x.Direction, x.RingingAt = ringside.PhaseRinging, ringside.Inbound, e.At
	for _, h := range d.Data.Headers {
		switch strings.ToLower(string(h.Name)) {
		case "from":
			x.From = party(string(h.Value))
		case "to":
			x.To = party(string(h.Value))
		case "call-id":
			x.Metadata = ringside.Values{"sip_call_id": string(h.Value)}
		}
	}
	return e, true
}

// uri is the address in a SIP header, its scheme apart.
var uri = regexp.MustCompile(`(?i)\b(sips?|tel):([^>;?\s]+)`)

// party is whom a SIP header names: the number where it is one, else the
// address.
func party(header string) string {
	found := uri.FindStringSubmatch(header)
	if found == nil {
		return strings.TrimSpace(header)
	}
	scheme, address := strings.ToLower(found[1]), found[2]
	user, _, _ := strings.Cut(address, "@")
	if user != "" && (strings.Trim(user, "+0123456789") == "" || scheme == "tel") {
		return user
	}
	return scheme + ":" + address
}
