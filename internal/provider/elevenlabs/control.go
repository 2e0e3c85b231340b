package elevenlabs

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/provider"
)

const (
	name = "ElevenLabs"
	base = "https://api.elevenlabs.io"
)

// controls go through the monitor of a conversation, a WebSocket that
// enterprise plans have and that the agent's settings must switch on. Nothing
// there says that a command was carried out.
var controls = provider.Controls{Transfer: transfer, End: end, Unconfirmed: true, Why: map[string]string{
	"say":    "ElevenLabs lets nobody speak through the agent: what its monitor takes is background that the agent need not say.",
	"listen": "ElevenLabs' monitor has the words of a call and no sound.",
}}

// command is what the monitor takes, as ElevenLabs' page on real-time
// monitoring shows it. Nobody has tried these on a real conversation.
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
	// settle is how long the monitor gets to object.
	settle = 2 * time.Second
	// maxEvent bounds one event of the conversation, which the monitor sends
	// before it listens.
	maxEvent = 1 << 20
)

// send gives a command. It is done when the monitor has not objected for a
// while, or says that the conversation is over; whatever else ends the
// connection leaves it open whether the command was taken.
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
	for err == nil {
		_, _, err = conn.Read(wait)
	}
	closed, ok := errors.AsType[websocket.CloseError](err)
	switch {
	case ok && closed.Code == websocket.StatusNormalClosure:
		return nil
	case ok && objects(closed.Code):
		return on.Refusal(name, ringside.Invalid, int(closed.Code), closed.Reason)
	case ok:
		return on.Refusal(name, ringside.Unavailable, int(closed.Code), cmp.Or(closed.Reason, "no reason given")+unsettled)
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil: // the time to object is over
		return nil
	}
	return on.Refusal(name, ringside.Unavailable, 0, egress.Explain(err)+unsettled)
}

// unsettled is what is known of a command whose connection ended too soon.
const unsettled = "; the command was sent, and whether it was taken is not known"

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
