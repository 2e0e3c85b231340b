// Package provider says what an adapter to a voice vendor is: a row of
// functions, nil where the vendor can't. Each adapter lives in a folder of its
// own below this one; only app knows which there are.
//
// Decoding is pure. A decoder sees the body and the time it was received at,
// and nothing else: no clock, no network, no state. So it can be tested with
// golden files, fuzzed, and run again over the inbox when it has been mended.
package provider

import (
	"errors"
	"net/http"
	"time"

	"github.com/ringsidehq/ringside"
)

// Provider is what a vendor's adapter can do. A nil function means that the
// vendor can't.
type Provider struct {
	ID   string // lower case, as in URLs and in Call.Provider
	Name string // as people write it

	// Decode reads one delivery into events, oldest first. It returns a
	// ringside.Invalid error that points at the offending field when the body
	// is not what the vendor sends, and an *Ignored error when it is one but
	// tells nothing about a call.
	Decode func(Payload) ([]ringside.Event, error)

	// Verify says whether a delivery comes from the vendor: nil, or a
	// ringside.Unauthorized error that says what to check.
	Verify func(Delivery, SourceConfig) error

	// Identity hashes what makes two bodies the same delivery. Nil means the
	// whole body.
	Identity func(body []byte) []byte

	// Part is what a body that tells of several calls tells of one. Nil where
	// bodies tell of one alone.
	Part func(body []byte, call string) []byte

	// Controls step into a call that is on.
	Controls Controls

	// Recordings is how the vendor's API hands out recordings.
	Recordings RecordingAPI

	// Follow reads calls that are on at the vendor. Nil means that the vendor
	// can't, or that its webhooks tell as much.
	Follow Follow

	// Pull reads agents and calls that are over at the vendor. The zero one means
	// that the vendor can't.
	Pull Pull

	// AnswerWithin is how long the vendor waits for the answer to a delivery
	// whose event has that name. Nil means DefaultAnswerWithin.
	AnswerWithin func(event string) time.Duration
}

// DefaultAnswerWithin is how long vendors wait that don't say.
const DefaultAnswerWithin = 10 * time.Second

// Payload is a body to decode.
type Payload struct {
	Body       []byte
	ReceivedAt time.Time // stamped at the door

	// Of a body that does not say itself which call it is about, the call: its
	// id at its provider, and that provider where it is another than usual.
	CallID, CallProvider string
}

// Delivery is a request to verify, as it came.
type Delivery struct {
	Method     string
	URL        string // path and query, as requested
	PublicURL  string // what stands before that in the address that vendors were given
	Header     http.Header
	Body       []byte // raw, before any decompression is undone: what the vendor signed
	ReceivedAt time.Time
}

// SourceConfig is how a source's deliveries are verified.
type SourceConfig struct {
	Secret string // the vendor's shared secret, unsealed
	HMAC   HMAC   // for vendors whose signature scheme can be configured
}

// Ignored is a delivery that is what the vendor sends and tells nothing about
// a call. It is kept in the inbox with its reason.
type Ignored struct {
	Reason string

	// Of words that are still being said: they are shown and not kept.
	CallID string
	Saying *ringside.Partial
}

// Error implements error.
func (e *Ignored) Error() string { return "ignored: " + e.Reason }

// IsIgnored gives the reason when err is an *Ignored.
func IsIgnored(err error) (reason string, ok bool) {
	if e, ok := errors.AsType[*Ignored](err); ok {
		return e.Reason, true
	}
	return "", false
}

// Unverified is the error of a delivery whose sender could not be told.
func Unverified(format string, args ...any) error {
	return ringside.Errorf(ringside.Unauthorized, format, args...).WithCode("signature_invalid")
}
