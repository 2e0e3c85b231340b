package llm

import (
	"errors"
	"time"
)

// Kind is what became of a question: what can be done, not where it failed.
type Kind string

// The kinds of failure.
const (
	Refused      Kind = "refused"
	Truncated    Kind = "truncated"
	RateLimited  Kind = "rate_limited"
	Unavailable  Kind = "unavailable"
	Unauthorized Kind = "unauthorized"
	BadRequest   Kind = "bad_request"
	Malformed    Kind = "malformed"
)

// Error is a question that got no usable answer.
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

// Later tells whether the same question may be answered at another time.
func (e *Error) Later() bool { return e.Kind == RateLimited || e.Kind == Unavailable }

// KindOf tells the kind of an error; "" for one that is not from here.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}
