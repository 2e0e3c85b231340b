package elevenlabs

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

var errAbsent = errors.New("the part is not there")

// readPart reads a part that was kept raw. Absent and null are errAbsent.
func readPart(raw json.RawMessage, v any) error {
	if absent(raw) {
		return errAbsent
	}
	return provider.Unmarshal(raw, v)
}

// part reads a part that a call can do without: one that is not what the
// vendor documents costs a warning and is taken as absent.
func part[T any](x *ringside.Facts, field string, raw json.RawMessage) *T {
	var v T
	switch err := readPart(raw, &v); {
	case err == nil:
		return &v
	case !errors.Is(err, errAbsent):
		x.Warnings = append(x.Warnings, "not read: "+provider.Under(field, err).Error())
	}
	return nil
}

func absent(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || string(raw) == "null"
}

// note keeps a value under a name of its own unless it says nothing.
func note(m ringside.Values, name string, v any) {
	switch v := v.(type) {
	case nil:
		return
	case provider.Text:
		if v != "" {
			m[name] = string(v)
		}
		return
	case []any:
		if len(v) == 0 {
			return
		}
	case map[string]any:
		if len(v) == 0 {
			return
		}
	}
	m[name] = v
}

// value reads any JSON; nil when there is none.
func value(raw json.RawMessage) any {
	var v any
	if readPart(raw, &v) != nil {
		return nil
	}
	return v
}
