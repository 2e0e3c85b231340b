package elevenlabs

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

const (
	name = "ElevenLabs"
	base = "https://api.elevenlabs.io"
)

// controls go through the monitor of a conversation, a WebSocket that
// enterprise plans have and that the agent's settings must switch on.
var controls = provider.Controls{Transfer: transfer, End: end, Why: map[string]string{
	"say":    "ElevenLabs lets nobody speak through the agent: what its monitor takes is background that the agent need not say.",
	"listen": "ElevenLabs' monitor has the words of a call and no sound.",
}}

// command is what the monitor takes.
type command struct {
	Type       string            `json:"command_type"`
	Parameters map[string]string `json:"parameters,omitempty"`
}

func end(ctx context.Context, on provider.Line) error {
	return send(ctx, on, command{Type: "end_call"})
}

// transfer works for agents that have the transfer_to_number tool.
func transfer(ctx context.Context, on provider.Line, to provider.Destination) error {
	number, err := to.Phone(name)
	if err != nil {
		return err
	}
	return send(ctx, on, command{Type: "transfer_to_number", Parameters: map[string]string{"phone_number": number}})
}

const (
	// settle is how long the monitor gets to object. It confirms nothing.
	settle = 2 * time.Second
	// maxEvent bounds one event of the conversation, which the monitor sends
	// before it listens.
	maxEvent = 1 << 20
)

func send(ctx context.Context, on provider.Line, c command) error {
	conn, err := connect(ctx, on)
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }() // it has been closed, or is given up
	conn.SetReadLimit(maxEvent)
	if err := wsjson.Write(ctx, conn, c); err != nil {
		return provider.Unreached(name, err)
	}
	wait, cancel := context.WithTimeout(ctx, settle)
	defer cancel()
	for {
		_, _, err := conn.Read(wait)
		if err == nil {
			continue
		}
		if closed, ok := errors.AsType[websocket.CloseError](err); ok && objects(closed.Code) {
			return on.Refusal(name, ringside.Invalid, int(closed.Code), closed.Reason)
		}
		return nil
	}
}

// objects tells the closing codes that mean that the command was not taken
// from those that mean that the conversation is over.
func objects(code websocket.StatusCode) bool {
	return code >= 4000 || code == websocket.StatusPolicyViolation || code == websocket.StatusInvalidFramePayloadData || code == websocket.StatusUnsupportedData
}

func connect(ctx context.Context, on provider.Line) (*websocket.Conn, error) {
	key, err := on.NeedKey(name)
	if err != nil {
		return nil, err
	}
	address, err := on.At(name, base, "/v1/convai/conversations/{}/monitor", on.ProviderCallID)
	if err != nil {
		return nil, err
	}
	client := *on.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	options := websocket.DialOptions{HTTPClient: &client, HTTPHeader: http.Header{"Xi-Api-Key": {key}}}
	conn, res, err := websocket.Dial(ctx, address, &options) //nolint:bodyclose // the library closes it
	switch {
	case err == nil:
		return conn, nil
	case res == nil:
		return nil, provider.Unreached(name, err)
	}
	body, _ := io.ReadAll(res.Body) // the library keeps its first kilobyte
	kind, words := provider.Refused(res.StatusCode, body)
	switch kind {
	case "": // a good answer, and no WebSocket
		kind = ringside.Unavailable
	case ringside.Invalid: // a conversation can be monitored only while it is on
		kind = ringside.NotFound
	}
	return nil, on.Refusal(name, kind, res.StatusCode, words)
}
