package notifytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/notify"
)

const (
	receiverSecret = "whsec_Zml4dHVyZS1vZi1hLXNpZ25pbmctc2VjcmV0LTVi"
	receiverToken  = "fixture-token-5b1f"
	receiverPath   = "/hooks/fixture-path-5b1f"
)

// Receiver is a user's own system. It checks the signature as the standard's
// library does, and keeps each message once.
type Receiver struct {
	server
	client *http.Client
}

// NewReceiver starts a receiver.
func NewReceiver(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{client: gate(t).Client(egress.Limits{})}
	r.serve = r.handle
	r.start(t)
	return r
}

// Settings are ones that post here, with others beside them.
func (r *Receiver) Settings(more string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"url":%q,"headers":{"Authorization":"Bearer %s"},"secret":%q%s}`, r.url+receiverPath+"?key=in-the-query-5b1f", receiverToken, receiverSecret, more))
}

// Connection is one that the receiver takes.
func (r *Receiver) Connection() notify.Connection {
	return notify.Connection{Client: r.client, Settings: r.Settings("")}
}

// Wrong is a connection that signs with another secret.
func (r *Receiver) Wrong() (notify.Connection, string) {
	const another = "another-secret-of-theirs"
	c := r.Connection()
	c.Settings = json.RawMessage(strings.Replace(string(c.Settings), receiverSecret, another, 1))
	return c, another
}

// Secrets are what nobody may repeat.
func (*Receiver) Secrets() []string {
	return []string{receiverSecret, receiverToken, receiverPath, "in-the-query-5b1f"}
}

// Complaint is a refusal with a message.
func (*Receiver) Complaint(message string) (string, http.Header) {
	return encode(map[string]string{"message": message}), nil
}

func (r *Receiver) handle(w http.ResponseWriter, req *http.Request, body []byte) {
	refuse := func(status int, message string) {
		text, _ := r.Complaint(message)
		answer(w, status, text)
	}
	check, err := standard.NewWebhook(receiverSecret)
	if err != nil {
		panic(err)
	}
	var tree any
	switch {
	case req.URL.Path != receiverPath || req.Header.Get("Authorization") != "Bearer "+receiverToken:
		refuse(http.StatusForbidden, "not known here")
		return
	case check.Verify(body, req.Header) != nil:
		refuse(http.StatusUnauthorized, "the signature does not match")
		return
	case json.Unmarshal(body, &tree) != nil || req.Header.Get("Content-Type") != "application/json":
		refuse(http.StatusBadRequest, "not JSON")
		return
	}
	g := Got{
		Event: notify.Event(strings.TrimPrefix(req.Header.Get("X-Event-Type"), "alert_")), Name: req.Header.Get("Webhook-Id"),
		Text: texts(tree), Sent: map[string]any{"method": req.Method, "event": req.Header.Get("X-Event-Type"), "id": req.Header.Get("Webhook-Id"), "body": json.RawMessage(body)},
	}
	var ours struct {
		Data struct {
			Incident string `json:"incident"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &ours) == nil { // not so with a payload of its own
		g.Thread = ours.Data.Incident
	}
	r.keep(g)
	answer(w, http.StatusOK, `{"taken":true}`)
}
