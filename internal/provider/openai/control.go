package openai

import (
	"context"
	"net/http"

	"github.com/ringsidehq/ringside/internal/provider"
)

const base = "https://api.openai.com"

// controls work for calls whose id is OpenAI's own (rtc_…): those by WebRTC
// and, for a transfer, those by SIP.
var controls = provider.Controls{Transfer: transfer, End: end, Why: map[string]string{
	"say":    "OpenAI takes words for a session only over the connection that carries it, which your program holds.",
	"listen": "OpenAI's sound goes to the connection that carries the session, and to nobody else.",
}}

func end(ctx context.Context, on provider.Line) error {
	return order(ctx, on, "hangup", nil)
}

// transfer hands a SIP call over to another address.
func transfer(ctx context.Context, on provider.Line, to provider.Destination) error {
	address, err := to.Address(name)
	if err != nil {
		return err
	}
	if to.SIP == "" {
		address = "tel:" + address
	}
	return order(ctx, on, "refer", map[string]string{"target_uri": address})
}

func order(ctx context.Context, on provider.Line, verb string, body any) error {
	key, err := on.NeedKey(name)
	if err != nil {
		return err
	}
	address, err := on.At(name, base, "/v1/realtime/calls/{}/"+verb, on.ProviderCallID)
	if err != nil {
		return err
	}
	_, err = provider.Order{
		Vendor: name, URL: address, JSON: body, Header: http.Header{"Authorization": {"Bearer " + key}},
	}.Send(ctx, on)
	return err
}
