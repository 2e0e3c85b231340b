package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	fast "github.com/goccy/go-json"

	"github.com/ringsidehq/ringside"
)

// Unmarshal reads JSON into v. It is the standard library's in what it takes
// and refuses, and faster. An error is a ringside.Invalid that points at the
// field.
func Unmarshal(body []byte, v any) (err error) {
	if fastUnmarshal(body, v) == nil {
		return nil
	}
	// The fast decoder's errors do not name the field; the slow one's do.
	return pointAt(body, json.Unmarshal(body, v))
}

func fastUnmarshal(body []byte, v any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decoder panicked: %v", r)
		}
	}()
	return fast.Unmarshal(body, v)
}

// pointAt turns a decoding error into one that names the field.
func pointAt(body []byte, err error) error {
	if err == nil {
		return nil
	}
	if typ, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return ringside.Invalidf(pointerTo(body, typ.Offset), "must be %s, not %s", jsonType(typ.Type.Kind().String()), typ.Value)
	}
	if syn, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(body[:min(int(syn.Offset), len(body))], []byte("\n"))
		return ringside.Invalidf("", "the body is not valid JSON: %v, at byte %d (line %d)", syn, syn.Offset, line)
	}
	return ringside.Invalidf("", "the body is not valid JSON: %v", err)
}

func jsonType(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"), strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "struct", kind == "map":
		return "an object"
	case kind == "slice", kind == "array":
		return "a list"
	case kind == "bool":
		return "true or false"
	}
	return "a " + kind
}

// Text is a string that vendors also send as a number or a boolean. Null and
// absent are empty; an object or a list stays as its JSON.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(b []byte) error {
	switch {
	case len(b) == 0 || string(b) == "null":
		*t = ""
	case b[0] != '"':
		*t = Text(b)
	case len(b) > 1 && bytes.IndexByte(b, '\\') < 0 && utf8.Valid(b):
		*t = Text(b[1 : len(b)-1]) // stands for its own bytes, as nearly all do
	default:
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = Text(s)
	}
	return nil
}

// Number is a number that vendors also send as a string. What is neither is
// not an error: it is not known.
type Number struct {
	Value float64
	Known bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Number) UnmarshalJSON(b []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(b), `" `), 64)
	*n = Number{f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)}
	if !n.Known {
		n.Value = 0
	}
	return nil
}

// Ptr is the number, or nil when it is not known.
func (n Number) Ptr() *float64 {
	if !n.Known {
		return nil
	}
	return &n.Value
}

// Time is the number read as milliseconds since 1970; zero when not known or
// beyond what a call can have.
func (n Number) Time() time.Time {
	if !n.Known || n.Value < minEpochMS || n.Value >= maxEpochMS {
		return time.Time{}
	}
	return time.UnixMilli(int64(n.Value)).UTC()
}

// A number before the year 1971 or from the year 2200 on is no time of a call
// in milliseconds.
const (
	minEpochMS = 31536000000
	maxEpochMS = 7258118400000
)

// Moment is a point in time that vendors send as ISO 8601, or as a number of
// seconds or milliseconds since 1970. What is neither is not known.
type Moment struct {
	time.Time
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *Moment) UnmarshalJSON(b []byte) error {
	m.Time = ParseMoment(strings.Trim(string(b), `"`))
	return nil
}

// ParseMoment reads ISO 8601 text or a decimal number of seconds or
// milliseconds since 1970; the zero time when it is neither.
func ParseMoment(s string) time.Time {
	if s == "" || s == "null" {
		return time.Time{}
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if f < 1e11 { // seconds until the year 5138
			f *= 1000
		}
		return Number{f, !math.IsNaN(f)}.Time()
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() < 1971 || t.Year() > 2199 {
				return time.Time{}
			}
			return t.UTC()
		}
	}
	return time.Time{}
}

// Millis rounds seconds to milliseconds.
func Millis(seconds float64) int64 { return int64(math.Round(seconds * 1000)) }

// Offset is how far after start a moment is, in milliseconds, never negative;
// nil when either is unknown.
func Offset(start, at time.Time) *int64 {
	if start.IsZero() || at.IsZero() {
		return nil
	}
	return new(max(0, at.Sub(start).Milliseconds()))
}
