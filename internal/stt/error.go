package stt

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/egress"
)

// Kind is what became of a request: what can be done, not where it failed.
type Kind string

// The kinds of failure.
const (
	RateLimited  Kind = "rate_limited"
	Unavailable  Kind = "unavailable"
	Unauthorized Kind = "unauthorized"
	BadRequest   Kind = "bad_request"
	Malformed    Kind = "malformed"
)

// Error is speech that was not written down.
type Error struct {
	Kind       Kind
	Status     int           // of HTTP; 0 when no answer came
	RetryAfter time.Duration // how long the server asks to be left alone; 0 when it does not say
	Message    string        // for people: no key, no words of the call
	Err        error         // the cause, where there is one

	complaint string // the server's words in lower case, to see what it does not take
}

// Error implements error.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Later tells whether the same may succeed at another time.
func (e *Error) Later() bool { return e.Kind == RateLimited || e.Kind == Unavailable }

// KindOf tells the kind of an error; "" for one that is not from here.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// maxRetryAfter bounds what a server may ask for, and maxWords how much of what
// it says is kept.
const (
	maxRetryAfter = time.Hour
	maxWords      = 300
)

// refusedBy is the error of an answer that is no 2xx.
func refusedBy(res *http.Response, body []byte, key string) *Error {
	e := &Error{Status: res.StatusCode, RetryAfter: egress.RetryAfter(res.Header, time.Now(), maxRetryAfter)}
	switch s := res.StatusCode; {
	case s == http.StatusTooManyRequests:
		e.Kind = RateLimited
	case s == http.StatusUnauthorized, s == http.StatusPaymentRequired, s == http.StatusForbidden:
		e.Kind = Unauthorized
	case s == http.StatusRequestTimeout, s >= 500:
		e.Kind = Unavailable
	default:
		e.Kind = BadRequest
	}
	e.Message = "the server answers " + strconv.Itoa(res.StatusCode)
	if t := http.StatusText(res.StatusCode); t != "" {
		e.Message += " " + t
	}
	words := complaint(body)
	e.complaint = strings.ToLower(words)
	if key != "" {
		words = strings.ReplaceAll(words, key, "[key]")
	}
	if words != "" {
		e.Message += ": " + cut(words, maxWords)
	}
	return e
}

// complaint is what a server says in an error's body, in one of the shapes that
// are about: {"error":{"message","param"}}, {"error":"…"}, {"detail":…},
// Deepgram's {"err_code","err_msg"}, or plain text.
func complaint(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return strings.Join(strings.Fields(string(body[:min(len(body), 4*maxWords)])), " ")
	}
	var words []string
	collect(v, 0, &words)
	return strings.Join(words, " ")
}

func collect(v any, depth int, words *[]string) {
	switch v := v.(type) {
	case string:
		if v = strings.TrimSpace(v); v != "" {
			*words = append(*words, v)
		}
	case []any:
		for _, item := range v[:min(len(v), 20)] {
			collect(item, depth+1, words)
		}
	case map[string]any:
		if depth > 5 {
			return
		}
		for _, name := range []string{"error", "err_msg", "message", "detail", "loc", "msg", "param", "code"} {
			collect(v[name], depth+1, words)
		}
	}
}

// cut shortens text to n letters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// unreachable is the error of a request without an answer. The address, which
// net/http puts into its own, is left out.
func unreachable(ctx context.Context, err error) *Error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	switch e := ctx.Err(); {
	case errors.Is(e, context.DeadlineExceeded) || errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: Unavailable, Message: "the server did not answer in time", Err: context.DeadlineExceeded}
	case e != nil:
		return &Error{Kind: Unavailable, Message: "the request was given up", Err: e}
	}
	return &Error{Kind: Unavailable, Message: "the server can't be reached", Err: err}
}
