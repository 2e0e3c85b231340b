package retell

import (
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID is the provider of Retell's calls.
const ID = "retell"

// bareCall names the event of a call object that came without one.
const bareCall = "get-call"

// Provider is the row of this adapter.
var Provider = provider.Provider{ID: ID, Name: name, Decode: Decode, Verify: Verify, Controls: controls, Follow: follow, Pull: pull}

// Decode reads one webhook, or one call object of the API.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	var d delivery
	if err := provider.Unmarshal(p.Body, &d); err != nil {
		return nil, err
	}
	if d.Event != nil && strings.HasPrefix(*d.Event, "chat_") {
		return nil, &provider.Ignored{Reason: *d.Event + " is about a text chat, not a call"}
	}
	c, at, err := d.theCall(p.Body)
	if err != nil {
		return nil, err
	}
	if c.CallID == nil || strings.TrimSpace(*c.CallID) == "" {
		return nil, ringside.Invalidf(at+"/call_id", "is required: Retell's id of the call")
	}
	e := ringside.Event{
		Provider:       ID,
		ProviderCallID: *c.CallID,
		Name:           bareCall,
		ReceivedAt:     p.ReceivedAt,
		Facts:          facts(c, p.ReceivedAt),
	}
	if d.Event != nil {
		e.Name = *d.Event
	}
	c.place(&e)
	if kind, ok := strings.CutPrefix(e.Name, "transfer_"); ok {
		e.Facts.Span = new(d.transfer(kind, c, &e))
	}
	return []ringside.Event{e}, nil
}

// theCall finds the call object in a body, and where it stands there.
func (d *delivery) theCall(body []byte) (*call, string, error) {
	switch {
	case d.Event == nil && d.Call == nil && d.CallID != "":
		c := new(call)
		return c, "", provider.Unmarshal(body, c)
	case d.Event == nil || strings.TrimSpace(*d.Event) == "":
		return nil, "", ringside.Invalidf("/event", "is required: the name of the event, such as call_ended")
	case d.Call != nil:
		return d.Call, "/call", nil
	case given(d.Data):
		c := new(call)
		return c, "/data", provider.Under("/data", provider.Unmarshal(d.Data, c))
	}
	return nil, "", ringside.Invalidf("/call", "is required: the call that the event is about")
}

// place says how much the event is to be believed and how far the call had
// got. The event's name is trusted before call_status, which documented
// samples show stale: a call_ended that says registered.
func (c *call) place(e *ringside.Event) {
	x := &e.Facts
	switch e.Name {
	case "call_started":
		e.Authority, x.Phase = ringside.Live, ringside.PhaseActive
	case "call_ended":
		e.Authority, x.Phase, e.At = ringside.Report, ringside.PhaseEnded, x.EndedAt
	case "call_analyzed":
		e.Authority, x.Phase = ringside.Analysed, ringside.PhaseEnded
	case bareCall:
		x.Phase = phases[string(c.CallStatus)]
		switch {
		case x.Phase != ringside.PhaseEnded:
			e.Authority = ringside.Live
		case x.Analysis != nil:
			e.Authority = ringside.Analysed
		default:
			e.Authority, e.At = ringside.Report, x.EndedAt
		}
	default:
		e.Authority, x.Phase = ringside.Live, phases[string(c.CallStatus)]
	}
	if x.Phase == ringside.PhaseEnded && x.End == nil {
		x.End = endWithout(string(c.CallStatus))
	}
}

var phases = map[string]ringside.Phase{
	"registered":    ringside.PhaseQueued,
	"ongoing":       ringside.PhaseActive,
	"ended":         ringside.PhaseEnded,
	"error":         ringside.PhaseEnded,
	"not_connected": ringside.PhaseEnded,
}
