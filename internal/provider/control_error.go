package provider

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/ringsidehq/ringside"
)

// ControlError is why a call could not be stepped into. Its kind is one of
//
//	NotFound      the call is no longer active
//	Unauthorized  the vendor refused the source's key
//	Invalid       something is not configured, or the vendor won't do it
//	Unavailable   the vendor is down, overloaded or silent
//
// It unwraps to a *ringside.Error of that kind with a sentence for people.
type ControlError struct {
	Kind    ringside.Kind
	Vendor  string        // as people write it
	Status  int           // of the vendor's answer; 0 when the vendor was not asked or did not answer
	Message string        // the vendor's words, or ours where it has none; bounded, holds no secret
	After   time.Duration // how long the vendor asks to be left alone; 0 when it does not say
}

// Unset is the error of an order that can't be given: something is missing on
// our side.
func Unset(vendor, format string, args ...any) error {
	return &ControlError{Kind: ringside.Invalid, Vendor: vendor, Message: fmt.Sprintf(format, args...)}
}

// Error implements error.
func (e *ControlError) Error() string {
	said := e.Message
	if e.Status != 0 {
		said = fmt.Sprintf("%s answered %d", e.Vendor, e.Status)
		if e.Message != "" {
			said += ": " + e.Message
		}
	}
	switch {
	case e.Kind == ringside.NotFound:
		return "the call is no longer active (" + said + ")"
	case e.Kind == ringside.Unauthorized:
		return "the source's API key was refused (" + said + ")"
	case e.Kind == ringside.Unavailable && e.Status == 0:
		return e.Vendor + " can't be reached: " + said
	}
	return said
}

// Unwrap gives the error as everybody else knows errors.
func (e *ControlError) Unwrap() error {
	return ringside.Errorf(e.Kind, "%s", e.Error()).WithCode(e.code())
}

func (e *ControlError) code() string {
	switch {
	case e.Kind == ringside.NotFound:
		return "call_not_active"
	case e.Kind == ringside.Unauthorized:
		return "vendor_key_refused"
	case e.Kind == ringside.Unavailable:
		return "vendor_unavailable"
	case e.Status != 0:
		return "vendor_refused"
	}
	return "not_configured"
}

// kindOf reads an HTTP status in the way that most vendors mean it.
func kindOf(status int) ringside.Kind {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return ringside.Unauthorized
	case status == http.StatusNotFound, status == http.StatusGone:
		return ringside.NotFound
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= 500, status < 400:
		return ringside.Unavailable
	}
	return ringside.Invalid
}

// maxSaid is how many characters of a vendor's message are kept.
const maxSaid = 300

// said finds the message in a vendor's error: each puts it under one of these
// names, a few as an object or a list of its own.
func said(v any, depth int) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 && depth > 0 {
			return said(v[0], depth-1)
		}
	case map[string]any:
		for _, name := range []string{"message", "detail", "errors", "error"} {
			if s := said(v[name], depth-1); depth > 0 && s != "" {
				return s
			}
		}
	}
	return ""
}

// clean makes a vendor's words fit to be shown and stored: one line, bounded,
// and without what opens doors, should the vendor repeat it.
func (l Line) clean(words string) string {
	secrets := []string{l.ControlURL, l.ListenURL, l.Key}
	for part := range strings.SplitSeq(l.Key, ":") {
		secrets = append(secrets, part)
	}
	for _, s := range secrets {
		if len(s) > 3 {
			words = strings.ReplaceAll(words, s, "…")
		}
	}
	words = strings.Join(strings.FieldsFunc(words, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(words); len(r) > maxSaid {
		words = string(r[:maxSaid-1]) + "…"
	}
	return words
}
