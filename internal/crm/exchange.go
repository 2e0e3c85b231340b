package crm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
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
	// maxAnswer is what is read of an answer. The largest that is asked for,
	// twenty contacts with their numbers, has a few kilobytes.
	maxAnswer = 1 << 20
	// maxWait is what one exchange may take, whatever the client allows.
	maxWait = 30 * time.Second
	// maxRetryAfter bounds what a vendor may ask us to wait.
	maxRetryAfter = 24 * time.Hour
	// afterSilence is how long to wait when nobody knows whether a request was
	// carried out: until the CRM's own search can be expected to find what it
	// made.
	afterSilence = 30 * time.Second
)

// Request is one thing that is asked of a CRM.
type Request struct {
	CRM    string // whose name an error bears
	Method string
	URL    string
	Header http.Header
	Body   []byte // nil for none; JSON unless the header says otherwise

	// Read reads the body of a refusal.
	Read func(status int, h http.Header, body []byte) Complaint
	// Hide is what no error may repeat: keys, and the people's numbers.
	Hide []string
}

// Answer is a CRM's yes: a status from 200 to 299.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // the first maxAnswer bytes; of one that is longer, no JSON can be read
	crm    string
}

// Do asks and gives the answer, or an *Error. It follows no redirect: a key
// goes to the host that it was saved for.
func (c Connection) Do(ctx context.Context, r Request) (Answer, error) {
	waiting, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	req, err := http.NewRequestWithContext(waiting, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return Answer{}, &Error{Kind: ringside.Invalid, CRM: r.CRM, Message: "its address is not one that can be asked"}
	}
	if r.Header != nil {
		req.Header = r.Header.Clone()
	}
	req.Header.Set("User-Agent", "Ringside")
	req.Header.Set("Accept", "application/json")
	if r.Body != nil && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	client := *c.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return Answer{}, r.silence(ctx, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return Answer{}, r.silence(ctx, err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return Answer{}, r.refusal(res, body)
	}
	return Answer{Status: res.StatusCode, Header: res.Header, Body: body, crm: r.CRM}, nil
}

// silence is the error of a request that got no whole answer. One that may not
// go to its address at all may not go there later either.
func (r Request) silence(ctx context.Context, err error) *Error {
	e := &Error{Kind: ringside.Unavailable, CRM: r.CRM, Message: "did not answer: " + egress.Explain(err), RetryAfter: afterSilence, Err: err}
	_, refused := errors.AsType[*egress.Refusal](err)
	switch {
	case refused:
		e.Kind, e.Message, e.RetryAfter = ringside.Invalid, "was not asked: "+egress.Explain(err), 0
	case ctx.Err() != nil:
		e.Message, e.Err = "did not answer: "+egress.Explain(ctx.Err()), ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		e.Message, e.Err = "did not answer within "+maxWait.String(), nil
	}
	return e
}

// refusal is the error of an answer that is no yes.
func (r Request) refusal(res *http.Response, body []byte) *Error {
	c := r.Read(res.StatusCode, res.Header, body)
	e := &Error{
		Kind:       cmp.Or(c.Kind, kindOf(res.StatusCode)),
		CRM:        r.CRM,
		Status:     res.StatusCode,
		Code:       line(r.hide(c.Code), maxTag),
		Message:    line(r.hide(c.Message), maxMessage),
		Field:      line(r.hide(c.Field), maxName),
		RetryAfter: cmp.Or(c.RetryAfter, egress.RetryAfter(res.Header, time.Now(), maxRetryAfter)),
	}
	if e.Message == "" {
		e.Message = "answered " + strconv.Itoa(res.StatusCode) + " " + http.StatusText(res.StatusCode)
	}
	return e
}

// hide takes out of a vendor's words what is not to be repeated.
func (r Request) hide(s string) string {
	for _, h := range r.Hide {
		if len(h) >= 4 {
			s = strings.ReplaceAll(s, h, "…")
		}
	}
	return s
}

// Private are the parts of a connection and a record that no error may repeat.
func Private(c Connection, r Record) []string {
	all := []string{c.Key, c.ClientSecret, r.From, r.To, r.Customer.Number}
	if p, ok := r.Phone(); ok {
		all = append(all, p.E164, p.Pretty(), p.National)
	}
	if u, err := url.Parse(c.BaseURL); err == nil { // a custom CRM's address may hold a key
		password, _ := u.User.Password()
		all = append(all, password, u.RequestURI(), u.EscapedPath())
		for _, values := range u.Query() {
			all = append(all, values...)
		}
	}
	// The longest first: what is left of a number without its end is a number.
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// JSON reads the answer into v. The error says what went wrong without
// repeating the answer; what was asked may have been done all the same.
func (a Answer) JSON(v any) error {
	if json.Unmarshal(a.Body, v) == nil {
		return nil
	}
	return &Error{
		Kind: ringside.Unavailable, CRM: a.crm, Status: a.Status, RetryAfter: afterSilence,
		Message: "answered with something that is not the JSON it should be",
	}
}
