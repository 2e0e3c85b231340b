package notify

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// Error is why a message was not taken. It holds no secret, no words of the
// call and no telephone number: they are taken out of what the receiver says.
type Error struct {
	// Kind is Unauthorized, Forbidden, Invalid, RateLimited or Unavailable.
	Kind       ringside.Kind
	Channel    string        // who says so: PagerDuty
	Status     int           // HTTP's, or SMTP's reply code; 0 when there was no answer
	Code       string        // the receiver's name for it: channel_is_archived
	Message    string        // as the receiver says it, up to maxMessage
	Field      string        // a pointer into the channel's settings
	RetryAfter time.Duration // how long to wait at least, where that is known
	Err        error         // the cause, where it is not the receiver's answer
}

const (
	// maxMessage bounds what is kept of a receiver's words, maxCode its names.
	maxMessage = 500
	maxCode    = 100
)

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Channel + ": " + e.Message)
	if e.Field != "" {
		b.WriteString(" [" + e.Field + "]")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Final tells whether the same message will fail again until somebody changes
// a setting or something at the receiver.
func (e *Error) Final() bool {
	return e.Kind != ringside.RateLimited && e.Kind != ringside.Unavailable
}

// Refused is the error of settings that Validate would have refused.
func Refused(channel string, err error) *Error {
	e := &Error{Kind: ringside.Invalid, Channel: channel, Message: err.Error()}
	if re, ok := errors.AsType[*ringside.Error](err); ok {
		e.Message, e.Field = re.Message, re.Field
	}
	return e
}

// Complaint is what a channel reads from the body of a refusal. What it leaves
// empty follows from the status.
type Complaint struct {
	Kind    ringside.Kind
	Code    string
	Message string
	Field   string
}

// kindOf tells what a status means.
func kindOf(status int) ringside.Kind {
	switch {
	case status == http.StatusUnauthorized:
		return ringside.Unauthorized
	case status == http.StatusForbidden:
		return ringside.Forbidden
	case status == http.StatusTooManyRequests:
		return ringside.RateLimited
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status >= 500:
		return ringside.Unavailable
	}
	return ringside.Invalid
}
