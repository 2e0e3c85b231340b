// Package custom steps into the calls of agents that are nobody's product: it
// POSTs an order to the control URL that the agent's events gave.
//
//	{"type": "say",      "call_id": "…", "message": "One moment.",                  "timestamp": "…"}
//	{"type": "transfer", "call_id": "…", "to": "+14155550123", "reason": "…", …,    "timestamp": "…"}
//	{"type": "end",      "call_id": "…",                                            "timestamp": "…"}
//
// An order is signed as webhooks are: X-Webhook-Signature over the body, and
// the headers of Standard Webhooks, with the secret of the agent's webhooks. The
// agent answers 2xx when it does as told, 404 or 410 when the call is over,
// and any other status with {"message": "…"} when it can't.
package custom

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/signature"
)

const name = "The agent"

// Controls are those of an agent that gives a control URL.
var Controls = provider.Controls{Say: say, Transfer: transfer, End: end, ByURL: true, Why: map[string]string{
	"listen": "An agent of your own has no sound here: there is no agreed way to ask it for any.",
}}

type order struct {
	Type      string `json:"type"`
	CallID    string `json:"call_id"`
	Message   string `json:"message,omitempty"`
	To        string `json:"to,omitempty"`
	Name      string `json:"name,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Context   string `json:"context,omitempty"`
	Timestamp string `json:"timestamp"`
}

func say(ctx context.Context, on provider.Line, message string) error {
	return send(ctx, on, order{Type: "say", Message: message})
}

func transfer(ctx context.Context, on provider.Line, to provider.Destination) error {
	address, err := to.Address(name)
	if err != nil {
		return err
	}
	return send(ctx, on, order{Type: "transfer", To: address, Name: to.Name, Reason: to.Reason, Context: to.Context})
}

func end(ctx context.Context, on provider.Line) error {
	return send(ctx, on, order{Type: "end"})
}

// send signs the bytes that go out. Where the agent has no secret they go unsigned,
// and it may refuse them.
func send(ctx context.Context, on provider.Line, o order) error {
	if on.ControlURL == "" {
		return provider.Unset(name, "the agent gave no control URL with this call")
	}
	now := time.Now().UTC() //nolint:forbidigo // an order is given now; decoding has no part in it
	o.CallID, o.Timestamp = on.ProviderCallID, now.Format("2006-01-02T15:04:05.000Z07:00")
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	header := http.Header{}
	signature.Sign(header, on.Key, "ctl_"+rand.Text(), "call_"+o.Type, now, body)
	_, err = provider.Order{Vendor: name, URL: on.ControlURL, JSON: json.RawMessage(body), Header: header}.Send(ctx, on)
	return err
}
