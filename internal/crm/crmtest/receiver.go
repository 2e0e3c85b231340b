package crmtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/ringsidehq/ringside/internal/crm"
)

// A receiver is known by its key; that its address holds secrets too is not
// rare.
const (
	receiverKey   = "fixture-signing-key-5b1f"
	receiverToken = "fixture-token-5b1f"
	receiverPath  = "/hooks/fixture-path-5b1f"
)

// Receiver is a customer's own system that takes signed posts: it checks the
// signature over the raw body, and keeps one call for each idempotency key.
type Receiver struct {
	server
	http  *httptest.Server
	calls []receivedCall
}

type receivedCall struct {
	key  string
	body map[string]any
}

// NewReceiver starts a receiver.
func NewReceiver(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{}
	r.server.serve = r.handle
	r.writes = func(*http.Request) bool { return true }
	r.http = r.start(t)
	return r
}

// Connection is one that the receiver accepts.
func (r *Receiver) Connection() crm.Connection {
	return crm.Connection{Client: r.http.Client(), BaseURL: r.http.URL + receiverPath + "?token=" + receiverToken, Key: receiverKey}
}

// Secrets are what nobody may repeat.
func (r *Receiver) Secrets() []string { return []string{receiverKey, receiverToken, receiverPath} }

// AddContact gives nothing: a receiver's contacts are its own affair.
func (*Receiver) AddContact(string, string) string { return "" }

// Contacts are none that anybody sees.
func (*Receiver) Contacts() []string { return nil }

// Logged are the calls that were kept.
func (r *Receiver) Logged() []Logged {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Logged
	for i, c := range r.calls {
		l := Logged{ID: receivedID(i), Text: map[string]string{}}
		collect(l.Text, "", c.body)
		out = append(out, l)
	}
	return out
}

func receivedID(i int) string { return "crm-" + strconv.Itoa(i+1) }

// Complaint is the body of a refusal with a message.
func (*Receiver) Complaint(_ int, message string) string {
	b, err := json.Marshal(map[string]string{"message": message})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (r *Receiver) handle(w http.ResponseWriter, req *http.Request, body []byte) {
	m := hmac.New(sha256.New, []byte(receiverKey))
	m.Write(body)
	want := "sha256=" + hex.EncodeToString(m.Sum(nil))
	var in map[string]any
	switch err := json.Unmarshal(body, &in); {
	case !hmac.Equal([]byte(req.Header.Get("X-Webhook-Signature")), []byte(want)):
		answer(w, http.StatusUnauthorized, map[string]string{"message": "the signature does not match"})
		return
	case err != nil || req.Header.Get("Content-Type") != "application/json":
		answer(w, http.StatusBadRequest, map[string]string{"message": "not JSON"})
		return
	case req.Header.Get("X-Event-Type") == "crm.test":
		w.WriteHeader(http.StatusNoContent)
		return
	}
	key := req.Header.Get("Idempotency-Key")
	if key == "" || req.Header.Get("X-Event-Type") != "crm.call" {
		answer(w, http.StatusBadRequest, map[string]string{"message": "Idempotency-Key and X-Event-Type are required"})
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := len(r.calls)
	for i, c := range r.calls {
		if c.key == key {
			at = i
		}
	}
	if at == len(r.calls) {
		r.calls = append(r.calls, receivedCall{key: key})
	}
	r.calls[at].body = in
	answer(w, http.StatusOK, map[string]string{"id": receivedID(at), "url": "https://crm.example.com/calls/" + receivedID(at)})
}

// collect gathers the texts of a JSON tree by their path.
func collect(into map[string]string, path string, node any) {
	switch n := node.(type) {
	case map[string]any:
		for k, v := range n {
			collect(into, path+"/"+k, v)
		}
	case []any:
		for i, v := range n {
			collect(into, path+"/"+strconv.Itoa(i), v)
		}
	case string:
		into[path] = n
	case float64:
		into[path] = strconv.FormatFloat(n, 'f', -1, 64)
	}
}
