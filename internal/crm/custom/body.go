package custom

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

// usual is the name of each field among the body's fields: its own.
var usual = func() map[string]string {
	m := map[string]string{}
	for _, f := range ringside.CRMFieldNames {
		m[f] = f
	}
	return m
}()

// A template is bounded, and how often it may name a value: values have bounds
// of their own, so the body has one.
const (
	maxTemplate = 16 << 10
	maxNames    = 100
)

// keyName is what a field may be called in the body.
func keyName(s string) bool { return len(s) <= 100 && utf8.ValidString(s) }

// body is what is posted about a call: JSON, whatever was said in it.
func body(r crm.Record, o crm.Options) (any, error) {
	if err := crm.CheckMapping(o.Mapping, keyName); err != nil {
		return nil, err
	}
	if o.Mapping[crm.CallID] != "" {
		return nil, ringside.Invalidf("/crmFieldMapping/call_id", "is sent as call_id; a template can give it another name")
	}
	v := values(r, o)
	if o.Template != "" {
		return fill(o.Template, v)
	}
	fields := map[string]any{}
	for _, p := range r.Place(usual, o.Mapping) {
		fields[p.Property] = r.Value(p.Fields[0])
		if len(p.Fields) > 1 {
			fields[p.Property] = r.PropertyText(p, len(p.Fields)*maxTemplate)
		}
	}
	return map[string]any{
		"type":           callEvent,
		"call_id":        v["call_id"],
		"direction":      v["direction"],
		"status":         v["status"],
		"from":           v["from"],
		"to":             v["to"],
		"started_at":     v["started_at"],
		"agent":          v["agent"],
		"customer":       map[string]any{"number": v["customer_number"], "e164": v["customer_e164"], "name": v["customer_name"]},
		"create_contact": v["create_contact"],
		"fields":         fields,
	}, nil
}

// values are what a template's names stand for; nil where the call has none.
func values(r crm.Record, o crm.Options) map[string]any {
	v := map[string]any{
		"call_id":         r.CallID.String(),
		"direction":       text(string(r.Direction)),
		"status":          text(string(r.Status)),
		"from":            text(r.From),
		"to":              text(r.To),
		"started_at":      r.StartedAt.UTC().Format(time.RFC3339),
		"agent":           text(r.Agent),
		"title":           r.Title(),
		"customer_number": text(r.Customer.Number),
		"customer_e164":   nil,
		"customer_name":   text(r.Customer.Name),
		"create_contact":  o.CreateContact,
	}
	if p, ok := r.Phone(); ok {
		v["customer_e164"] = text(p.E164)
	}
	for _, f := range ringside.CRMFieldNames {
		v[f] = r.Value(f)
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

// placeholder is a name in a template.
var placeholder = regexp.MustCompile(`\{\{\s*([a-z0-9_]*)\s*\}\}`)

// fill puts values into a template. The template is read as JSON before
// anything is put in, and nothing that was put in is looked at again: so no
// value can end a string, and none is taken for a name.
func fill(template string, values map[string]any) (any, error) {
	if len(template) > maxTemplate {
		return nil, ringside.Invalidf("/crmTemplate", "has more than %d bytes", maxTemplate)
	}
	d := json.NewDecoder(strings.NewReader(template))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, ringside.Invalidf("/crmTemplate", "is not JSON: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, ringside.Invalidf("/crmTemplate", "goes on after the end of its JSON")
	}
	f := filler{values: values, left: maxNames}
	return f.fill(tree)
}

// filler fills a template's tree.
type filler struct {
	values map[string]any
	left   int // how many more names there may be
}

func (f *filler) fill(node any) (any, error) {
	var err error
	switch n := node.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(n)) {
			if n[k], err = f.fill(n[k]); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range n {
			if n[i], err = f.fill(n[i]); err != nil {
				return nil, err
			}
		}
	case string:
		return f.text(n)
	}
	return node, nil
}

// text fills one string. A name by itself gives the value in its own type, one
// among other words its text.
func (f *filler) text(s string) (any, error) {
	var out bytes.Buffer
	end := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(s, -1) {
		name := s[at[2]:at[3]]
		v, ok := f.values[name]
		if !ok {
			return nil, ringside.Invalidf("/crmTemplate", "{{%s}} is none of %q", name, slices.Sorted(maps.Keys(f.values)))
		}
		if f.left--; f.left < 0 {
			return nil, ringside.Invalidf("/crmTemplate", "names values more than %d times", maxNames)
		}
		if at[0] == 0 && at[1] == len(s) {
			return v, nil
		}
		out.WriteString(s[end:at[0]])
		out.WriteString(words(v))
		end = at[1]
	}
	out.WriteString(s[end:])
	return out.String(), nil
}

func words(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []string:
		return strings.Join(v, ", ")
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
