// Package custom writes calls to any system that takes a signed POST.
//
// Each record is one request, and the same one each time it is tried:
//
//	X-Event-Type         crm.call, or crm.test
//	Idempotency-Key      the call's id; what came with it before is replaced
//	Webhook-Id           the same
//	X-Webhook-Signature  sha256= and the HMAC-SHA256 of the body in hex
//
// The body is JSON. Without a template it has every field under its own name,
// or the one that the mapping gives it; a template says all of it.
//
// Any status from 200 to 299 is a yes. An answer that is a JSON object may say
// id, url and contact_id, which are kept.
package custom

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

const (
	// ID is this CRM's name in an agent's settings.
	ID   = "custom"
	name = "Your CRM"

	callEvent = "crm.call"
	testEvent = "crm.test"

	// maxID bounds what is kept of an answer's ids, maxLink of its link.
	maxID   = 255
	maxLink = 2_000
)

// New is the row of this CRM.
func New() crm.Adapter {
	return crm.Adapter{ID: ID, Name: "Custom", Fields: usual, Sync: sync, Test: test, Preview: preview}
}

// answer is what a receiver may say of what it made.
type answer struct {
	ID        objectID `json:"id"`
	URL       string   `json:"url"`
	ContactID objectID `json:"contact_id"`
}

// objectID is an id, which some write as a number.
type objectID string

// UnmarshalJSON implements json.Unmarshaler.
func (n *objectID) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err == nil {
		*n = objectID(crm.Clip(s, maxID))
		return nil
	}
	var num json.Number
	if err := json.Unmarshal(b, &num); err != nil {
		return fmt.Errorf("read an id: %w", err)
	}
	*n = objectID(crm.Clip(num.String(), maxID))
	return nil
}

func sync(ctx context.Context, c crm.Connection, r crm.Record, o crm.Options) (crm.Result, error) {
	b, err := body(r, o)
	if err != nil {
		return crm.Result{}, crm.Refused(name, err)
	}
	got, err := post(ctx, c, r, callEvent, b)
	if err != nil {
		return crm.Result{ContactID: o.KnownContact}, err
	}
	res := crm.Result{
		ID:        cmp.Or(string(got.ID), o.Known, r.CallID.String()),
		URL:       got.URL,
		ContactID: cmp.Or(string(got.ContactID), o.KnownContact),
		Updated:   o.Known != "",
	}
	return res, nil
}

func test(ctx context.Context, c crm.Connection) (string, error) {
	if _, err := post(ctx, c, crm.Record{}, testEvent, map[string]any{"type": testEvent}); err != nil {
		return "", err
	}
	return "Your CRM took a signed test event.", nil
}

func preview(r crm.Record, o crm.Options) (crm.Preview, error) {
	b, err := body(r, o)
	return crm.Preview{Method: http.MethodPost, Body: b}, err
}

// post sends a signed event.
func post(ctx context.Context, c crm.Connection, r crm.Record, event string, body any) (answer, error) {
	if c.Key == "" {
		return answer{}, &crm.Error{Kind: ringside.Unauthorized, CRM: name, Field: "/crmApiKey", Message: "needs a key to sign with"}
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" {
		return answer{}, &crm.Error{Kind: ringside.Invalid, CRM: name, Field: "/crmUrl", Message: "needs the address to post to"}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, fmt.Errorf("encode the event: %w", err)
	}
	h := http.Header{"X-Event-Type": {event}, "X-Webhook-Signature": {sign(c.Key, raw)}}
	if event == callEvent {
		h.Set("Idempotency-Key", r.CallID.String())
		h.Set("Webhook-Id", r.CallID.String())
	}
	got, err := c.Do(ctx, crm.Request{
		CRM: name, Method: http.MethodPost, URL: c.BaseURL, Header: h, Body: raw,
		Read: complaint, Hide: crm.Private(c, r),
	})
	if err != nil {
		return answer{}, err
	}
	return read(got.Body), nil
}

// sign is the signature of a body, as our webhooks have it.
func sign(key string, body []byte) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write(body)
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

// read takes from an answer what it says of what was made. It need not say
// anything.
func read(body []byte) answer {
	var a answer
	if json.Unmarshal(body, &a) != nil {
		return answer{}
	}
	if u, err := url.Parse(a.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || len(a.URL) > maxLink {
		a.URL = ""
	}
	return a
}

// complaint reads an error message in the places where most APIs put it.
func complaint(_ int, h http.Header, body []byte) crm.Complaint {
	var b struct {
		Message string          `json:"message"`
		Detail  string          `json:"detail"`
		Title   string          `json:"title"`
		Error   json.RawMessage `json:"error"`
		Code    string          `json:"code"`
	}
	if json.Unmarshal(body, &b) != nil {
		if strings.HasPrefix(h.Get("Content-Type"), "text/plain") {
			return crm.Complaint{Message: string(body)}
		}
		return crm.Complaint{}
	}
	var text string
	var nested struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(b.Error, &text) != nil && json.Unmarshal(b.Error, &nested) == nil {
		text = nested.Message
	}
	return crm.Complaint{Code: b.Code, Message: cmp.Or(b.Message, b.Detail, text, b.Title)}
}
