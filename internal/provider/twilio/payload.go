package twilio

import (
	"bytes"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// callback is the parameters of one request by name.
type callback map[string]string

// read reads a form, or the JSON object that newer products send.
func read(body []byte) (callback, error) {
	body = bytes.TrimSpace(body)
	if bytes.HasPrefix(body, []byte("{")) {
		var object map[string]provider.Text
		if err := provider.Unmarshal(body, &object); err != nil {
			return nil, err
		}
		c := callback{}
		for name, v := range object {
			c[name] = string(v)
		}
		return c, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, ringside.Invalidf("", "the body is neither a form nor a JSON object").WithCode("malformed")
	}
	c := callback{}
	for name := range form {
		v := form.Get(name)
		if !utf8.ValidString(name+v) || strings.ContainsRune(name+v, 0) {
			return nil, ringside.Invalidf("", "a parameter holds bytes that no text can hold")
		}
		c[name] = v
	}
	return c, nil
}

// either is the first of the parameters that says anything.
func (c callback) either(names ...string) string {
	for _, n := range names {
		if v := strings.TrimSpace(c[n]); v != "" {
			return v
		}
	}
	return ""
}

// number reads a parameter as a count of something; nil when it is none.
func (c callback) number(name string, most float64) *float64 {
	var n provider.Number
	_ = n.UnmarshalJSON([]byte(c[name])) // what is no number is not known
	if !n.Known || n.Value < 0 || n.Value > most {
		return nil
	}
	return &n.Value
}

// time reads a parameter as RFC 2822 has it; zero when it is none.
func (c callback) time(name string) time.Time {
	t, err := time.Parse(time.RFC1123Z, c[name])
	if err != nil || t.Year() < 1971 || t.Year() > 2199 {
		return time.Time{}
	}
	return t.UTC()
}
