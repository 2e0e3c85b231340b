package elevenlabs

import (
	"cmp"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// decodeFailure reads a call that the agent placed and that nobody took. It
// has no conversation, so the carrier's own fields are all that tells of it.
func decodeFailure(p provider.Payload) ([]ringside.Event, error) {
	f, h, err := open[failure](p)
	if err != nil {
		return nil, err
	}
	e, err := event(p, h, f.common)
	if err != nil {
		return nil, err
	}
	x := &e.Facts
	if f.AgentName != "" {
		x.Agent = &ringside.AgentFact{SourceID: string(f.AgentID), Name: string(f.AgentName)}
	}
	x.Phase, x.Direction, x.DurationMS = ringside.PhaseEnded, ringside.Outbound, new(int64(0))
	x.EndedAt, x.CustomerID = e.At, string(f.UserID)
	x.Metadata = ringside.Values{}
	if i := part[initiation](x, "/data/conversation_initiation_client_data", f.Initiation); i != nil {
		x.Variables = i.variables()
		x.CustomerName = variable(x, "customer_name")
	}
	c := part[carrier](x, "/data/metadata/body", f.Metadata.Body)
	if c == nil {
		c = &carrier{}
	}
	x.From, x.To = string(cmp.Or(c.TwilioFrom, c.SIPFrom)), string(cmp.Or(c.TwilioTo, c.SIPTo))
	x.EndedReason = string(cmp.Or(f.Reason, c.TwilioStatus, c.SIPStatus, "unknown"))
	x.End = new(failureEnd(string(f.Reason), c, string(f.Metadata.Type)))
	note(x.Metadata, "phone_provider", f.Metadata.Type)
	note(x.Metadata, "call_sid", cmp.Or(c.TwilioSID, c.SIPCallID))
	note(x.Metadata, "carrier_status", cmp.Or(c.TwilioStatus, c.SIPStatus))
	note(x.Metadata, "carrier_error", cmp.Or(c.TwilioError, c.SIPError))
	if code := c.code(); code.Known {
		x.Metadata["sip_code"] = code.Value
	}
	return []ringside.Event{e}, nil
}

// code is what the far end answered, as SIP numbers it.
func (c *carrier) code() provider.Number {
	if c.TwilioSIP.Known {
		return c.TwilioSIP
	}
	return c.SIPStatusCode
}
