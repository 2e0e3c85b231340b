package ringside

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure an error is: what a caller can do about it,
// not where it came from. The API maps each kind to one HTTP status.
type Kind string

// The kinds. Internal is the kind of every error that is not an *Error.
const (
	Invalid      Kind = "invalid"      // the input is wrong; Field says where
	Unauthorized Kind = "unauthorized" // nobody known asked
	Forbidden    Kind = "forbidden"    // somebody known may not
	NotFound     Kind = "not_found"
	Conflict     Kind = "conflict"  // the state does not allow it
	TooLarge     Kind = "too_large" // over a documented limit
	RateLimited  Kind = "rate_limited"
	Unavailable  Kind = "unavailable" // try again later
	Internal     Kind = "internal"
)

// Error is a failure that a person or a program outside can act on.
type Error struct {
	Kind    Kind
	Code    string // stable, snake_case; the kind's name unless something more exact is known
	Message string // a sentence for people: what happened and what to do
	Field   string // JSON pointer to the offending input, "" when there is none
	Err     error  // the cause, for logs only
}

// Error implements error.
func (e *Error) Error() string {
	msg := e.Message
	if e.Field != "" {
		msg = e.Field + ": " + msg
	}
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	return msg
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error of a kind.
func Errorf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Code: string(k), Message: fmt.Sprintf(format, args...)}
}

// Invalidf makes an Invalid error that points at a field (a JSON pointer).
func Invalidf(field, format string, args ...any) *Error {
	e := Errorf(Invalid, format, args...)
	e.Field = field
	return e
}

// WithCode gives the error a more exact code.
func (e *Error) WithCode(code string) *Error {
	e.Code = code
	return e
}

// KindOf tells the kind of an error; Internal for one that nobody classified.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
