package deliver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/store"
)

// letter is what is sent: the same for every attempt.
type letter struct {
	id, event string
	body      []byte
}

// maxExcerpt is how much of an answer is kept.
const maxExcerpt = 1024

// userAgent tells receivers who asks.
const userAgent = "Ringside-Webhooks/1"

// post sends a letter once and says how it went: an attempt without an error
// was a success. after is how long the receiver asks to be left alone.
func (s *Sender) post(ctx context.Context, r *receiver, l letter) (a *store.WebhookAttempt, after time.Duration) {
	now := s.cfg.Now()
	a = &store.WebhookAttempt{At: now, Host: egress.Host(r.url)}
	if r.sealed != nil {
		a.Error = "not sent, because its signing secret can't be opened: enter the secret again"
		return a, 0
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(l.body))
	if err != nil {
		a.Error = "the address is not one that a request can go to"
		return a, 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", userAgent)
	sign(req.Header, r.secret, l.id, l.event, now, l.body)
	started := time.Now()
	res, err := s.client.Do(req)
	if err != nil {
		a.LatencyMS = time.Since(started).Milliseconds()
		a.Error = egress.Explain(err)
		return a, 0
	}
	defer res.Body.Close()
	// The status is the answer. What comes after it, and whether all of it
	// comes, changes nothing.
	text, _ := io.ReadAll(io.LimitReader(res.Body, maxExcerpt))
	a.LatencyMS = time.Since(started).Milliseconds()
	a.Status, a.Response = res.StatusCode, printable(text)
	switch {
	case a.Status >= 200 && a.Status < 300:
	case a.Status >= 300 && a.Status < 400:
		a.Error = fmt.Sprintf("answered %d; redirects are not followed", a.Status)
	case a.Status == http.StatusGone:
		a.Error = "answered 410: it wants nothing more"
	default:
		a.Error = fmt.Sprintf("answered %d", a.Status)
	}
	if a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable {
		after = egress.RetryAfter(res.Header, now, maxPause)
	}
	return a, after
}

// printable makes a text that every database stores of bytes from outside.
func printable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(b), "\uFFFD"))
}

// maxPause bounds what a receiver may ask for.
const maxPause = 24 * time.Hour

// TestEvent is the event that Test sends.
const TestEvent = "webhook.test"

// Test sends an event to a target now, whether it is on or off, and gives the
// answer as it came. Nothing of it is kept.
func (s *Sender) Test(ctx context.Context, workspace, target string) (*store.WebhookAttempt, error) {
	var r *receiver
	err := s.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		r, err = s.receiver(ctx, tx, workspace, target)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	l := letter{id: ringside.NewID("msg", now), event: TestEvent}
	l.body, err = write(l.id, Event{Name: TestEvent, At: now}, map[string]string{"message": "A test from Ringside. Real events look like this, with a call in data."})
	if err != nil {
		return nil, err
	}
	a, _ := s.post(ctx, r, l)
	return a, nil
}

// message is the sentence of an error that we made.
func message(err error) string {
	if e, ok := errors.AsType[*ringside.Error](err); ok {
		return e.Message
	}
	return err.Error()
}
