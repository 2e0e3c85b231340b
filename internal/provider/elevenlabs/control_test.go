package elevenlabs_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

// TestControls ends a conversation, whose monitor then closes with 1000, and
// transfers one, whose monitor stays open.
func TestControls(t *testing.T) {
	providertest.RunControls(t, elevenlabs.Provider.Controls, providertest.ElevenLabs)
}

// A command is done when the monitor says nothing against it or that all is
// over. Whatever else becomes of the connection does not tell.
func TestACommandWhoseConnectionEndsTooSoon(t *testing.T) {
	for name, tc := range map[string]struct {
		then   func(conn *websocket.Conn, cancel func())
		status int // of the error; -1: there is none
	}{
		"over":        {func(c *websocket.Conn, _ func()) { _ = c.Close(websocket.StatusNormalClosure, "") }, -1},
		"dropped":     {func(c *websocket.Conn, _ func()) { _ = c.CloseNow() }, 0},
		"failed":      {func(c *websocket.Conn, _ func()) { _ = c.Close(websocket.StatusInternalError, "boom") }, 1011},
		"going away":  {func(c *websocket.Conn, _ func()) { _ = c.Close(websocket.StatusGoingAway, "") }, 1001},
		"called off":  {func(_ *websocket.Conn, cancel func()) { cancel() }, 0},
		"no end told": {func(c *websocket.Conn, _ func()) { _ = c.Close(websocket.StatusNoStatusRcvd, "") }, 1005},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		fake := providertest.NewFake(t, providertest.ElevenLabs)
		fake.Instead(func(w http.ResponseWriter, r *http.Request) {
			conn, err := websocket.Accept(w, r, nil)
			if err != nil {
				return
			}
			defer func() { _ = conn.CloseNow() }()
			if _, _, err := conn.Read(r.Context()); err == nil {
				tc.then(conn, cancel)
				_, _, _ = conn.Read(r.Context())
			}
		})
		err := elevenlabs.Provider.Controls.End(ctx, fake.Line(t, providertest.LiveCall))
		cancel()
		e, failed := errors.AsType[*provider.ControlError](err)
		switch {
		case failed != (tc.status >= 0):
			t.Errorf("%s: %v", name, err)
		case failed && (e.Kind != ringside.Unavailable || e.Status != tc.status || !strings.Contains(e.Message, "whether it was taken is not known")):
			t.Errorf("%s: %+v", name, e)
		}
	}
}
