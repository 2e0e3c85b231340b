package notify

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Read reads a channel's settings into v. An error points to the field that
// has the wrong type; fields that nobody knows are left alone.
func Read(settings json.RawMessage, v any) error {
	err := json.Unmarshal(settings, v)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		at := ""
		if e.Field != "" {
			at = Pointer("", strings.Split(e.Field, ".")...)
		}
		return ringside.Invalidf(at, "can't be a %s", e.Value)
	}
	return ringside.Invalidf("", "is not JSON")
}

// Pointer is the JSON pointer to what is below another by these names.
func Pointer(at string, names ...string) string {
	for _, n := range names {
		at += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(n)
	}
	return at
}
