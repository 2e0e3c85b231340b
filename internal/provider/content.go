package provider

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
)

// Content is what a chat message says, as OpenAI's API writes it: text, null,
// or a list of parts of which those with text count. Anything else is an error
// that points at field.
func Content(field string, raw json.RawMessage) (string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil
	}
	if raw[0] != '[' {
		var text string
		err := Unmarshal(raw, &text)
		return text, Under(field, err)
	}
	var parts []struct {
		Text       string `json:"text"`
		Refusal    string `json:"refusal"`
		Transcript string `json:"transcript"` // of a part that is sound
	}
	if err := Unmarshal(raw, &parts); err != nil {
		return "", Under(field, err)
	}
	var said []string
	for _, p := range parts {
		for _, s := range []string{p.Text, p.Refusal, p.Transcript} {
			if strings.TrimSpace(s) != "" {
				said = append(said, s)
			}
		}
	}
	return strings.Join(said, " "), nil
}

// Value reads what senders write as JSON in a string or as the JSON itself,
// such as the arguments of a tool; nil when there is none.
func Value(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	var v any
	if Unmarshal(raw, &v) != nil {
		return nil
	}
	if s, ok := v.(string); ok {
		return ParseText(s)
	}
	return v
}

// ParseText reads text that may be JSON: objects and lists become values,
// anything else stays the text that it is. "42" is text: a vendor that sends
// everything as strings means the string. So is JSON that the door would not
// let in as a body, where it saw no more than a text.
func ParseText(s string) any {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' || tooDeep(trimmed) || strings.Contains(trimmed, `\u0000`) {
		return s
	}
	var v any
	if fastUnmarshal([]byte(trimmed), &v) != nil {
		return s
	}
	return v
}

// maxNested is how deeply JSON in a text may be nested to become values. What
// is stored has to be readable again, and readers of JSON have limits, too.
const maxNested = 64

func tooDeep(s string) bool {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxNested {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// IsWebAddress tells whether a browser can follow s: an http or https URL with
// a host.
func IsWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}
