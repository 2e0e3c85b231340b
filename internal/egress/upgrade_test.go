package egress

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// A WebSocket is a connection, not an answer: the bound on answers would close
// it and take away the way to write.
func TestAWebSocketIsLeftOpen(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		for {
			kind, b, err := c.Read(r.Context())
			if err != nil || c.Write(r.Context(), kind, b) != nil {
				return
			}
		}
	})
	client := loopback(t, zone{}, nil).Client(Limits{Body: 10})
	c, _, err := websocket.Dial(t.Context(), s.URL, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	for range 3 {
		if err := c.Write(t.Context(), websocket.MessageText, []byte("longer than ten bytes")); err != nil {
			t.Fatal(err)
		}
		if _, b, err := c.Read(t.Context()); err != nil || string(b) != "longer than ten bytes" {
			t.Fatalf("%q, %v", b, err)
		}
	}
}

// Without having been asked, an endpoint makes no connection of its answer:
// what follows would have no bound in size or time.
func TestAConnectionThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		defer close(closed)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		_, _ = io.Copy(io.Discard, conn) // until the other side closes it
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := loopback(t, nil, nil).Client(Limits{}).Do(r)
	if err == nil {
		res.Body.Close()
		t.Fatalf("it was handed out: %s", res.Status)
	}
	if refusal, ok := errors.AsType[*Refusal](err); !ok || !strings.Contains(refusal.Reason, "101") {
		t.Errorf("%v, want a refusal that names the status", err)
	}
	<-closed
}
