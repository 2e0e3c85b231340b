package vapi

import (
	"context"

	"github.com/ringsidehq/ringside/internal/provider"
)

const name = "Vapi"

// controls go to the control URL of the call, which Vapi sends in every
// message. No key goes there: an assistant that asks for one at that URL can't
// be controlled.
var controls = provider.Controls{Say: say, Transfer: transfer, End: end, Listen: listen, ByURL: true}

// order is what the control URL takes; which fields belong to which type is
// below.
type order struct {
	Type        string       `json:"type"`
	Content     string       `json:"content,omitempty"`
	Destination *destination `json:"destination,omitempty"`
	Message     *note        `json:"message,omitempty"`
	Respond     *bool        `json:"triggerResponseEnabled,omitempty"`
}

type destination struct {
	Type   string `json:"type"`
	Number string `json:"number,omitempty"`
	SIPURI string `json:"sipUri,omitempty"`
}

type note struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

func say(ctx context.Context, on provider.Line, message string) error {
	return send(ctx, on, order{Type: "say", Content: message})
}

func end(ctx context.Context, on provider.Line) error {
	return send(ctx, on, order{Type: "end-call"})
}

// transfer first adds what the person should know to the conversation, without
// having the assistant speak of it: a transfer that hands over with a summary
// then tells it.
func transfer(ctx context.Context, on provider.Line, to provider.Destination) error {
	address, err := to.Address(name)
	if err != nil {
		return err
	}
	where := destination{Type: "number", Number: address}
	if to.SIP != "" {
		where = destination{Type: "sip", SIPURI: address}
	}
	if to.Context != "" {
		err := send(ctx, on, order{Type: "add-message", Message: &note{Role: "system", Content: to.Context}, Respond: new(false)})
		if err != nil {
			return err
		}
	}
	return send(ctx, on, order{Type: "transfer", Destination: &where})
}

func send(ctx context.Context, on provider.Line, o order) error {
	if on.ControlURL == "" {
		return provider.Unset(name, "Vapi sent no control URL with this call; switch control on in the assistant's monitor plan")
	}
	_, err := provider.Order{Vendor: name, URL: on.ControlURL, JSON: o}.Send(ctx, on)
	return err
}

// listen takes the sound to be what Vapi's WebSocket transport sends by
// default, for the format of this one is not documented. Text frames among the
// binary ones are JSON and no sound.
func listen(_ context.Context, on provider.Line) (provider.Audio, error) {
	if on.ListenURL == "" {
		return provider.Audio{}, provider.Unset(name, "Vapi sent no listen URL with this call; switch listening on in the assistant's monitor plan")
	}
	return provider.Heard(name, provider.Audio{URL: on.ListenURL, Encoding: "pcm_s16le", SampleRate: 16000, Channels: 1})
}
