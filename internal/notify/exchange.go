package notify

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
)

const (
	// maxAnswer is what is read of an answer: receivers say little.
	maxAnswer = 64 << 10
	// maxWait is what one exchange may take, whatever the client allows.
	maxWait = 30 * time.Second
	// maxRetryAfter bounds what a receiver may ask us to wait.
	maxRetryAfter = 24 * time.Hour
)

// Request is one thing that is asked of a receiver.
type Request struct {
	Channel string // whose name an error bears
	Method  string
	URL     string
	Header  http.Header
	Body    []byte // JSON unless the header says otherwise

	// Read reads the body of a refusal.
	Read func(status int, h http.Header, body []byte) Complaint
	// Hide is what no error may repeat: keys, and what the message says.
	Hide []string
}

// Answer is a receiver's yes: a status from 200 to 299.
type Answer struct {
	Status int
	Body   []byte // the first maxAnswer bytes
}

// Do asks and gives the answer, or an *Error. It follows no redirect: a secret
// goes to the host that it was saved for.
func (c Connection) Do(ctx context.Context, r Request) (Answer, error) {
	waiting, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	req, err := http.NewRequestWithContext(waiting, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return Answer{}, &Error{Kind: ringside.Invalid, Channel: r.Channel, Message: "the address is not one that a request can go to"}
	}
	if r.Header != nil {
		req.Header = r.Header.Clone()
	}
	req.Header.Set("User-Agent", "Ringside")
	if req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	client := *c.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return Answer{}, Silence(ctx, r.Channel, err)
	}
	defer res.Body.Close()
	// The status is the answer. That not all of what follows comes changes
	// nothing: the message was taken, or it was not.
	body, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return Answer{}, r.refusal(res, body)
	}
	return Answer{Status: res.StatusCode, Body: body}, nil
}

// Silence is the error of a receiver that gave no answer.
func Silence(ctx context.Context, channel string, err error) *Error {
	e := &Error{Kind: ringside.Unavailable, Channel: channel, Message: egress.Explain(err)}
	if _, ok := errors.AsType[*egress.Refusal](err); ok {
		e.Kind = ringside.Invalid // until an operator allows it
	}
	if ctx.Err() != nil {
		e.Message, e.Err = "the message was given up", ctx.Err()
	}
	return e
}

// refusal is the error of an answer that is no yes.
func (r Request) refusal(res *http.Response, body []byte) *Error {
	c := r.Read(res.StatusCode, res.Header, body)
	e := &Error{
		Kind:       cmp.Or(c.Kind, kindOf(res.StatusCode)),
		Channel:    r.Channel,
		Status:     res.StatusCode,
		Code:       Oneline(Hide(c.Code, r.Hide), maxCode),
		Message:    Oneline(Hide(c.Message, r.Hide), maxMessage),
		Field:      c.Field,
		RetryAfter: egress.RetryAfter(res.Header, time.Now(), maxRetryAfter),
	}
	if e.Message == "" {
		e.Message = "answered " + strconv.Itoa(res.StatusCode) + " " + http.StatusText(res.StatusCode)
	}
	return e
}

// Hide takes out of a receiver's words what is not to be repeated.
func Hide(s string, hidden []string) string {
	// The longest first: what is left of a secret without its end is a secret.
	hidden = slices.SortedFunc(slices.Values(hidden), func(a, b string) int { return len(b) - len(a) })
	for _, h := range hidden {
		if len(h) >= 4 {
			s = strings.ReplaceAll(s, h, "…")
		}
	}
	return s
}

// minKey is how long a part of a path is that may be a key. Shorter ones are
// words.
const minKey = 12

// InURL are the parts of an address that may be secret: all but its host.
func InURL(raw string) []string {
	u, err := url.Parse(raw)
	if err != nil {
		return []string{raw}
	}
	password, _ := u.User.Password()
	all := []string{raw, password, u.RequestURI(), u.EscapedPath(), u.Path}
	for part := range strings.SplitSeq(u.Path, "/") {
		if len(part) >= minKey {
			all = append(all, part)
		}
	}
	for _, values := range u.Query() {
		all = append(all, values...)
	}
	return all
}
