package provider

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
)

// level is an object or a list that a walk through a body is inside of.
type level struct {
	object bool
	key    string // of the value at hand, in an object
	isKey  bool   // the next token is a key
	index  int    // of the value at hand, in a list
}

// pointerTo gives the JSON pointer (RFC 6901) to the value whose first token
// ends at an offset; "" when that is the whole body or there is none.
func pointerTo(body []byte, offset int64) string {
	dec := json.NewDecoder(bytes.NewReader(body))
	var path []level
	for {
		tok, err := dec.Token()
		if err != nil {
			return ""
		}
		if tok == json.Delim('}') || tok == json.Delim(']') {
			path = path[:len(path)-1]
			continue
		}
		if n := len(path); n > 0 {
			top := &path[n-1]
			if top.isKey {
				top.key, top.isKey = tok.(string), false
				continue
			}
			top.isKey = top.object
			top.index++
		}
		if dec.InputOffset() >= offset {
			return joinPointer(path)
		}
		if d, ok := tok.(json.Delim); ok {
			path = append(path, level{object: d == '{', isKey: d == '{', index: -1})
		}
	}
}

func joinPointer(path []level) string {
	var b strings.Builder
	for _, l := range path {
		b.WriteByte('/')
		if l.object {
			b.WriteString(escapePointer.Replace(l.key))
			continue
		}
		b.WriteString(strconv.Itoa(l.index))
	}
	return b.String()
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

// Under puts a prefix before the field that an error points at: for parts of a
// body that are decoded by themselves.
func Under(prefix string, err error) error {
	e, ok := err.(*ringside.Error) //nolint:errorlint // a wrapped error's field is not ours to move
	if !ok {
		return err
	}
	moved := *e
	moved.Field = prefix + e.Field
	return &moved
}

// Scalar reads a field that is text and that senders also write as a number.
// Null and absent are empty; anything else is an error that points at field.
func Scalar(field string, raw json.RawMessage) (string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil
	}
	switch c := raw[0]; {
	case c == '"', c == '-', c >= '0' && c <= '9':
		var t Text
		err := Unmarshal(raw, &t)
		return string(t), Under(field, err)
	case c == '{':
		return "", ringside.Invalidf(field, "must be a string, not an object")
	case c == '[':
		return "", ringside.Invalidf(field, "must be a string, not a list")
	}
	return "", ringside.Invalidf(field, "must be a string, not %s", raw)
}
