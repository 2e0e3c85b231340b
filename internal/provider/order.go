package provider

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
)

// Order is one request to a vendor about a call that is on.
type Order struct {
	Vendor string // as people write it
	Method string // POST when empty
	URL    string
	Header http.Header
	JSON   any        // the body; nil for none
	Form   url.Values // the body of vendors that take forms

	// Refused reads an answer: the empty kind when the order was taken, else
	// what is wrong and the vendor's words. Nil means Refused.
	Refused func(status int, body []byte) (ringside.Kind, string)
}

// maxAnswer is how much of an answer is read.
const maxAnswer = 64 << 10

// Send gives the order and returns the answer's body. The status decides: what
// breaks off after a good one was taken all the same, and giving an order
// twice could do harm. Redirects are not followed: they could carry the key
// away.
func (o Order) Send(ctx context.Context, on Line) ([]byte, error) {
	body, err := o.exchange(ctx, on, maxAnswer)
	if errors.Is(err, errBrokeOff) {
		err = nil // what came of it will do
	}
	return body, err
}

// errBrokeOff is why a good answer is not whole.
var errBrokeOff = errors.New("the answer broke off")

// exchange gives the order and reads up to most bytes of the answer. With a
// good one that broke off it gives what came, and an error that is errBrokeOff.
func (o Order) exchange(ctx context.Context, on Line, most int64) ([]byte, error) {
	req, err := o.request(ctx)
	if err != nil {
		return nil, Unset(o.Vendor, "%s gave an address for this call that is none", o.Vendor)
	}
	client := *on.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return nil, Unreached(o.Vendor, err)
	}
	defer res.Body.Close()
	body, broke := io.ReadAll(io.LimitReader(res.Body, most))
	refused := o.Refused
	if refused == nil {
		refused = Refused
	}
	if kind, words := refused(res.StatusCode, body); kind != "" {
		err := on.refusal(o.Vendor, kind, res.StatusCode, words)
		err.After = egress.RetryAfter(res.Header, time.Now(), maxAfter) //nolint:forbidigo // an order is no decoding
		return nil, err
	}
	if broke != nil {
		e := Unreached(o.Vendor, broke)
		return body, errors.Join(e, errBrokeOff)
	}
	return body, nil
}

// maxAfter is how long a vendor may ask to be left alone.
const maxAfter = time.Hour

func (o Order) request(ctx context.Context) (*http.Request, error) {
	method, body, contentType := o.Method, io.Reader(nil), ""
	if method == "" {
		method = http.MethodPost
	}
	switch {
	case o.Form != nil:
		body, contentType = strings.NewReader(o.Form.Encode()), "application/x-www-form-urlencoded"
	case o.JSON != nil:
		b, err := json.Marshal(o.JSON)
		if err != nil {
			return nil, err
		}
		body, contentType = strings.NewReader(string(b)), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, method, o.URL, body)
	if err != nil {
		return nil, err
	}
	if o.Header != nil {
		req.Header = o.Header.Clone()
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return req, nil
}

// Refused reads an answer in the way that most vendors write theirs.
func Refused(status int, body []byte) (ringside.Kind, string) {
	if status >= 200 && status < 300 {
		return "", ""
	}
	return kindOf(status), Said(body)
}

// Said is the message in a vendor's answer; empty when it has none.
func Said(body []byte) string {
	var answer any
	_ = json.Unmarshal(body, &answer) // an answer in another form says nothing
	return said(answer, 3)
}

// Refusal is the error of an order that the vendor did not take.
func (l Line) Refusal(vendor string, kind ringside.Kind, status int, words string) error {
	return l.refusal(vendor, kind, status, words)
}

func (l Line) refusal(vendor string, kind ringside.Kind, status int, words string) *ControlError {
	return &ControlError{Kind: kind, Vendor: vendor, Status: status, Message: l.clean(words)}
}

// Unreached is the error of a request that got no answer. It holds nothing of
// the address, which may be secret.
func Unreached(vendor string, err error) error {
	if refusal, ok := errors.AsType[*egress.Refusal](err); ok {
		return Unset(vendor, "%s's address is not one that requests may go to: %s", vendor, refusal.Reason)
	}
	return &ControlError{Kind: ringside.Unavailable, Vendor: vendor, Message: egress.Explain(err)}
}
