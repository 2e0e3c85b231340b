package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
)

// maxDepth is how deeply JSON may be nested.
const maxDepth = 64

// Check refuses what no decoder should have to meet: nesting past maxDepth,
// bytes that are not UTF-8, and strings that a database can't keep (NUL, half
// a surrogate pair). Whether it is JSON at all is the decoder's to say. Errors
// are ringside.Invalid.
func Check(body []byte) error {
	if !utf8.Valid(body) {
		return ringside.Errorf(ringside.Invalid, "the body is not UTF-8 text").WithCode("malformed")
	}
	depth := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			end, err := checkString(body, i+1)
			if err != nil {
				return err
			}
			i = end
		case '{', '[':
			if depth++; depth > maxDepth {
				return ringside.Errorf(ringside.Invalid, "the body is nested more than %d levels deep, at byte %d", maxDepth, i).WithCode("too_deep")
			}
		case '}', ']':
			depth--
		}
	}
	return nil
}

// whole tells a body that came as its vendor sent it from one that was cut off
// on the way: JSON, one value of it after the other, or a form. Only such a
// body is worth keeping when no decoder makes sense of it.
func whole(body []byte) bool {
	body = bytes.TrimSpace(body)
	if json.Valid(body) {
		return true
	}
	if len(body) > 0 && body[0] != '{' && body[0] != '[' {
		form, err := url.ParseQuery(string(body))
		return err == nil && len(form) > 1
	}
	values := json.NewDecoder(bytes.NewReader(body))
	for {
		var v json.RawMessage
		switch err := values.Decode(&v); {
		case errors.Is(err, io.EOF):
			return len(body) > 0
		case err != nil:
			return false
		}
	}
}

// checkString looks at the string whose text begins at i and gives where its
// closing quote is, or the body's end. It goes from one backslash to the next:
// most texts have none.
func checkString(body []byte, i int) (int, error) {
	quote := nextQuote(body, i)
	for {
		esc := bytes.IndexByte(body[i:quote], '\\')
		if esc < 0 {
			return quote, nil
		}
		i += esc
		skip, err := checkEscape(body, i)
		if err != nil {
			return 0, err
		}
		if i += 1 + skip; i > quote { // it was the quote that was escaped
			i = min(i, len(body))
			quote = nextQuote(body, i)
		}
	}
}

func nextQuote(body []byte, i int) int {
	if n := bytes.IndexByte(body[i:], '"'); n >= 0 {
		return i + n
	}
	return len(body)
}

// checkEscape looks at the escape that begins at i and gives how many bytes
// behind the backslash belong to it.
func checkEscape(body []byte, i int) (int, error) {
	if i+1 >= len(body) || body[i+1] != 'u' {
		return 1, nil
	}
	r, ok := hex4(body, i+2)
	switch {
	case !ok:
		return 1, nil // the decoder says what is wrong with it
	case r == 0:
		return 0, badText(body, i, "a NUL character (\\u0000)").WithCode("nul_character")
	case r < 0xd800 || r > 0xdfff:
		return 5, nil
	case r >= 0xdc00: // a second half without the first
		return 0, badText(body, i, "half of a surrogate pair").WithCode("lone_surrogate")
	}
	if low, ok := hex4(body, i+8); ok && body[i+6] == '\\' && body[i+7] == 'u' && low >= 0xdc00 && low <= 0xdfff {
		return 11, nil
	}
	return 0, badText(body, i, "half of a surrogate pair").WithCode("lone_surrogate")
}

func badText(body []byte, at int, what string) *ringside.Error {
	line := 1 + bytes.Count(body[:at], []byte("\n"))
	return ringside.Errorf(ringside.Invalid, "a string in the body has %s, at byte %d (line %d), which no text can hold", what, at, line)
}

func hex4(b []byte, at int) (rune, bool) {
	if at+4 > len(b) {
		return 0, false
	}
	var r rune
	for _, c := range b[at : at+4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
