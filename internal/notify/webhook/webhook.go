// Package webhook tells alerts to any system that takes a request with JSON.
//
// Each message is one request, with the same id each time that it is tried:
//
//	X-Event-Type         alert_triggered, alert_acknowledged or alert_resolved
//	Webhook-Id           the message's id: what comes with it again is a repetition
//	Webhook-Timestamp    of the try, in seconds
//	Webhook-Signature    as Standard Webhooks has it, with a secret
//	X-Webhook-Signature  sha256= and the HMAC-SHA256 of the body in hex, with a secret
//
// Without a payload of the receiver's own the body says all that is known; a
// payload is JSON with {{names}} in its strings. Any status from 200 to 299 is
// a yes, whatever comes with it. 410 says that the receiver wants nothing more.
package webhook

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/signature"
)

const (
	// ID is this channel's name in a rule's notifications.
	ID   = "webhook"
	name = "Webhook"

	maxHeaders = 20
	maxHeader  = 2_000
)

// New is the row of this channel.
func New() notify.Channel {
	return notify.Channel{ID: ID, Name: name, Secrets: []string{"/url", "/headers", "/secret"}, Validate: validate, Send: send}
}

// settings are where to, and what.
type settings struct {
	URL     string            `json:"url"`
	Method  string            `json:"method"` // POST when empty
	Headers map[string]string `json:"headers"`
	Payload json.RawMessage   `json:"payload"`
	Secret  string            `json:"secret"` // what is signed with; nothing is signed without
}

var (
	headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$")
	// ours are headers that a receiver has to be able to trust, and those that
	// say where a request ends.
	ours = regexp.MustCompile(`(?i)^(webhook-.*|x-webhook-signature|x-event-type|host|content-length|transfer-encoding|connection|te|trailer|upgrade|expect|user-agent|accept-encoding)$`)
)

func validate(raw json.RawMessage) error {
	s, err := read(raw)
	if err != nil {
		return err
	}
	_, err = s.body(notify.Message{})
	return err
}

func read(raw json.RawMessage) (s settings, err error) {
	switch err = notify.Read(raw, &s); {
	case err != nil:
		return s, err
	case egress.Host(s.URL) == "":
		return s, ringside.Invalidf("/url", "needs an address to post to, such as https://example.com/alerts")
	case s.Method != "" && !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, s.Method):
		return s, ringside.Invalidf("/method", "has to be POST, PUT or PATCH")
	case len(s.Headers) > maxHeaders:
		return s, ringside.Invalidf("/headers", "are more than %d", maxHeaders)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Headers)) {
		at := notify.Pointer("/headers", k)
		switch v := s.Headers[k]; {
		case !headerName.MatchString(k):
			return s, ringside.Invalidf(at, "is not the name of a header")
		case ours.MatchString(k):
			return s, ringside.Invalidf(at, "is a header that Ringside sets itself")
		case len(v) > maxHeader:
			return s, ringside.Invalidf(at, "has more than %d bytes", maxHeader)
		case strings.ContainsFunc(v, func(c rune) bool { return c < ' ' && c != '\t' || c >= 0x7f }):
			return s, ringside.Invalidf(at, "has characters in it that no header may have")
		}
	}
	return s, nil
}

func send(ctx context.Context, c notify.Connection, m notify.Message) (notify.Sent, error) {
	s, err := read(c.Settings)
	if err != nil {
		return notify.Sent{}, notify.Refused(name, err)
	}
	m = m.Clean()
	tree, err := s.body(m)
	if err != nil {
		return notify.Sent{}, notify.Refused(name, err)
	}
	body, err := json.Marshal(tree)
	if err != nil {
		return notify.Sent{}, fmt.Errorf("encode the body: %w", err)
	}
	h := http.Header{}
	for k, v := range s.Headers {
		h.Set(k, v)
	}
	signature.Sign(h, s.Secret, m.MessageID(), eventType(m), time.Now(), body)
	_, err = c.Do(ctx, notify.Request{
		Channel: name, Method: cmp.Or(s.Method, http.MethodPost), URL: s.URL, Header: h, Body: body,
		Read: complaint, Hide: append(m.Private(), s.hidden()...),
	})
	return notify.Sent{}, err
}

// hidden is what of the settings no error may repeat.
func (s settings) hidden() []string {
	all := append(notify.InURL(s.URL), s.Secret)
	for _, v := range s.Headers {
		all = append(all, v)
		all = append(all, strings.Fields(v)...) // Bearer, and a key
	}
	return all
}

func eventType(m notify.Message) string { return "alert_" + string(m.Event) }

// complaint reads an error message in the places where most APIs put it.
func complaint(status int, h http.Header, body []byte) notify.Complaint {
	var b struct {
		Message string          `json:"message"`
		Detail  string          `json:"detail"`
		Title   string          `json:"title"`
		Error   json.RawMessage `json:"error"`
		Code    string          `json:"code"`
	}
	if status == http.StatusGone {
		return notify.Complaint{Message: "answered 410: it wants nothing more"}
	}
	if json.Unmarshal(body, &b) != nil {
		if strings.HasPrefix(h.Get("Content-Type"), "text/plain") {
			return notify.Complaint{Message: string(body)}
		}
		return notify.Complaint{}
	}
	var text string
	var nested struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(b.Error, &text) != nil && json.Unmarshal(b.Error, &nested) == nil {
		text = nested.Message
	}
	return notify.Complaint{Code: b.Code, Message: cmp.Or(b.Message, b.Detail, text, b.Title)}
}
