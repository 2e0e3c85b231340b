package crm

import (
	"net/http"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// Error is why a CRM did not do what it was asked. Its words can be shown: they
// hold no key, and numbers that were sent are taken out of the vendor's.
type Error struct {
	// Kind is Unauthorized, Forbidden, Invalid, RateLimited or Unavailable.
	Kind       ringside.Kind
	CRM        string        // who says so: HubSpot
	Status     int           // HTTP; 0 when there was no answer
	Code       string        // the vendor's name for it: VALIDATION_ERROR
	Message    string        // as the vendor says it, up to maxMessage
	Field      string        // the property at fault, or a pointer into the agent's settings
	RetryAfter time.Duration // how long to wait at least, where that is known
	Err        error         // the cause, where it is not the vendor's answer; not to be shown, it may tell an address
}

// maxMessage bounds what is kept of a vendor's words.
const maxMessage = 500

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.CRM + ": " + e.Message)
	if e.Field != "" {
		b.WriteString(" [" + e.Field + "]")
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Final tells whether the same request will fail again until somebody changes
// a key, a setting or something in the CRM.
func (e *Error) Final() bool {
	return e.Kind != ringside.RateLimited && e.Kind != ringside.Unavailable
}

// Complaint is what an adapter reads from the body of a refusal. What it
// leaves empty follows from the status.
type Complaint struct {
	Kind       ringside.Kind
	Code       string
	Message    string
	Field      string
	RetryAfter time.Duration
}

// kindOf tells what a status means. HubSpot locks a record with 423 and moves
// an account with 477; both pass.
func kindOf(status int) ringside.Kind {
	switch {
	case status == http.StatusUnauthorized:
		return ringside.Unauthorized
	case status == http.StatusForbidden:
		return ringside.Forbidden
	case status == http.StatusTooManyRequests:
		return ringside.RateLimited
	case status == http.StatusRequestTimeout, status == http.StatusLocked, status == http.StatusTooEarly,
		status == 477, status >= 500:
		return ringside.Unavailable
	}
	return ringside.Invalid
}

// UntilMidnight is how long a day's limit still holds.
func UntilMidnight(now time.Time, zone *time.Location) time.Duration {
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone).Sub(now)
}
