package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// A template is bounded, and how often it may name a value: values have bounds
// of their own, so what is made of them has one.
const (
	maxTemplate = 16 << 10
	maxNames    = 100
)

// values are what a template's names stand for; nil where there is none.
func (m Message) values() map[string]any {
	v := map[string]any{
		"event":      text(string(m.Event)),
		"incident":   text(m.Key),
		"timestamp":  moment(m.At),
		"first_at":   moment(m.FirstAt),
		"count":      m.Count,
		"alert_id":   text(m.ID),
		"alert_name": text(m.Rule),
		"alert_type": text(m.Type),
		"severity":   text(string(m.Severity)),
		"message":    text(m.Text),
		"quote":      text(m.Quote),
		"turn":       number(m.Turn),
		"seconds":    number(m.Seconds),
		"link":       text(m.Link),
		"call_id":    nil, "short_id": nil, "agent": nil, "from": nil, "to": nil, "started_at": nil, "is_simulation": nil,
	}
	if c := m.Call; c != nil {
		v["call_id"], v["short_id"], v["agent"] = c.ID.String(), text(c.ShortID), text(c.Agent)
		v["from"], v["to"] = text(c.From), text(c.To)
		v["started_at"], v["is_simulation"] = moment(c.StartedAt), c.IsSimulation
	}
	return v
}

// text is s as a value, which an empty one is none of.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// FillText puts the message's values into a line of text, where {{names}}
// stand. An error points to field at.
func (m Message) FillText(at, template string) (string, error) {
	f := filler{values: m.values(), left: maxNames}
	out, err := f.text(at, template)
	return words(out), err
}

// FillJSON puts the message's values into a JSON document's strings. Nothing
// that was put in is looked at again, and the document is read before: so no
// value can end a string, and none is taken for a name. A string that is a name
// alone becomes the value in its own type. An error points to field at, or to
// what is below it.
func (m Message) FillJSON(at string, template []byte) (any, error) {
	if len(template) > maxTemplate {
		return nil, ringside.Invalidf(at, "has more than %d bytes", maxTemplate)
	}
	d := json.NewDecoder(strings.NewReader(string(template)))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, ringside.Invalidf(at, "is not JSON: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, ringside.Invalidf(at, "goes on after the end of its JSON")
	}
	f := filler{values: m.values(), left: maxNames}
	return f.fill(at, tree)
}

// filler fills templates.
type filler struct {
	values map[string]any
	left   int // how many more names there may be
}

func (f *filler) fill(at string, node any) (any, error) {
	var err error
	switch n := node.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(n)) {
			if n[k], err = f.fill(Pointer(at, k), n[k]); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range n {
			if n[i], err = f.fill(Pointer(at, strconv.Itoa(i)), n[i]); err != nil {
				return nil, err
			}
		}
	case string:
		return f.text(at, n)
	}
	return node, nil
}

// placeholder is a name in a template.
var placeholder = regexp.MustCompile(`\{\{\s*([a-z0-9_]*)\s*\}\}`)

// text fills one string.
func (f *filler) text(at, s string) (any, error) {
	var out strings.Builder
	end := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(s, -1) {
		name := s[m[2]:m[3]]
		v, ok := f.values[name]
		if !ok {
			return nil, ringside.Invalidf(at, "{{%s}} is none of %q", Clip(name, maxName), slices.Sorted(maps.Keys(f.values)))
		}
		if f.left--; f.left < 0 {
			return nil, ringside.Invalidf(at, "names values more than %d times", maxNames)
		}
		if m[0] == 0 && m[1] == len(s) {
			return v, nil
		}
		out.WriteString(s[end:m[0]])
		out.WriteString(words(v))
		end = m[1]
	}
	out.WriteString(s[end:])
	return out.String(), nil
}

func words(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
