package providertest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// ElevenLabs takes commands on a conversation's monitor, a WebSocket that
// first sends what has happened so far and confirms nothing.
var ElevenLabs = Vendor{
	Name: "ElevenLabs", Key: "xi_elevenlabs_secret", Bars: true,
	Error: func(_ int, message string) string {
		return fmt.Sprintf(`{"detail":{"status":"refused","message":%q}}`, message)
	},
	Serve: func(f *Fake) *http.ServeMux {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /v1/convai/conversations/{id}/monitor", func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !f.known(w, r, "Xi-Api-Key", f.vendor.Key):
			case r.PathValue("id") != LiveCall:
				f.fail(w, http.StatusNotFound, "Conversation not found or not active")
			default:
				f.monitor(w, r)
			}
		})
		return mux
	},
}

func (f *Fake) monitor(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	for i := range 100 {
		if wsjson.Write(r.Context(), conn, map[string]any{"type": "agent_response", "event_id": i}) != nil {
			return
		}
	}
	var c struct {
		Type       string `json:"command_type"`
		Parameters struct {
			Number string `json:"phone_number"`
		} `json:"parameters"`
	}
	switch err := wsjson.Read(r.Context(), conn, &c); {
	case err != nil:
	case c.Type == "end_call":
		f.took("end")
		conn.Close(websocket.StatusNormalClosure, "conversation ended")
	case c.Type == "transfer_to_number" && c.Parameters.Number == Barred:
		conn.Close(websocket.StatusPolicyViolation, "transfer_to_number is not configured")
	case c.Type == "transfer_to_number" && c.Parameters.Number != "":
		f.took("transfer %s", c.Parameters.Number)
		_, _, _ = conn.Read(r.Context()) // stays open: the conversation goes on
	default:
		f.mu.Lock()
		f.breaches = append(f.breaches, fmt.Sprintf("a command that the monitor does not know: %+v", c))
		f.mu.Unlock()
		conn.Close(websocket.StatusUnsupportedData, "unknown command")
	}
}

// Custom is an agent that keeps to our own contract for control URLs, and
// checks what is signed as the standard's own library does.
var Custom = Vendor{
	Name: "The agent", Key: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ByURL: true, Bars: true, DialsSIP: true,
	Error: func(_ int, message string) string { return fmt.Sprintf(`{"message":%q}`, message) },
	Serve: func(f *Fake) *http.ServeMux {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /control-token/{id}", func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			hook, bad := standard.NewWebhook(f.vendor.Key)
			if err != nil || bad != nil || hook.Verify(body, r.Header) != nil {
				f.fail(w, http.StatusUnauthorized, "the signature does not match")
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			f.obey(w, r)
		})
		return mux
	},
}

func (f *Fake) obey(w http.ResponseWriter, r *http.Request) {
	var o struct {
		Type      string    `json:"type"`
		CallID    string    `json:"call_id"`
		Message   string    `json:"message"`
		To        string    `json:"to"`
		Name      string    `json:"name"`
		Reason    string    `json:"reason"`
		Context   string    `json:"context"`
		Timestamp time.Time `json:"timestamp"`
	}
	switch {
	case !f.read(w, r, &o):
	case o.CallID != r.PathValue("id") || time.Since(o.Timestamp).Abs() > time.Minute || r.Header.Get("X-Event-Type") != "call_"+o.Type:
		f.breach(w, "an order for call %q at %s", o.CallID, o.Timestamp)
	case o.CallID != LiveCall:
		f.fail(w, http.StatusGone, "that call is over")
	case o.Type == "say" && o.Message != "":
		f.took("say %s", o.Message)
	case o.Type == "transfer" && o.To == Barred:
		f.fail(w, http.StatusUnprocessableEntity, "that number is not allowed")
	case o.Type == "transfer" && o.To != "":
		if o.Context != "" {
			f.took("note %s", o.Context)
		}
		f.took("transfer %s", o.To)
	case o.Type == "end":
		f.took("end")
	default:
		f.breach(w, "an order that is none: %+v", o)
	}
}
