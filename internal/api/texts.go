package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ingest"
)

// defaultBody is how large a body may be whose route does not say.
const defaultBody = 1 << 20

// checkTexts refuses a body with a text that no database can hold, before
// anything is done. What is larger than most is left to who reads it.
func checkTexts(r *http.Request, most int64) error {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	rest := r.Body
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), broken{err}, rest), rest}
	bad := ingest.Check(body)
	e, is := errors.AsType[*ringside.Error](bad)
	if err != nil || int64(len(body)) > most || !is {
		return nil //nolint:nilerr // the reader meets it again
	}
	var v any
	if json.Unmarshal(body, &v) == nil {
		e.Field, _ = odd(v)
	}
	return e
}

// broken is a reader that gives an error, or nothing.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	return 0, io.EOF
}

// odd points to the first text of a JSON value that no database can hold: one
// with a NUL in it, or with what stands for half a surrogate pair.
func odd(v any) (pointer string, found bool) {
	switch v := v.(type) {
	case string:
		return "", strings.ContainsAny(v, "\x00"+string(utf8.RuneError))
	case []any:
		for i, e := range v {
			if p, found := odd(e); found {
				return "/" + strconv.Itoa(i) + p, true
			}
		}
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if p, found := odd(v[name]); found {
				return "/" + name + p, true
			}
		}
	}
	return "", false
}
