package custom

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

// FuzzTemplate fills any template with any words. A template that is taken
// gives JSON of the shape of the template: no value changes what is around it.
func FuzzTemplate(f *testing.F) {
	f.Add(`{"a":["{{summary}}","x {{outcome}} y"],"b":{"c":"{{tags}}"}}`, `"}],"x":[{" {{call_id}}`)
	f.Add(`"{{ summary }}{{summary}}"`, "{{")
	f.Add(`[1e999,"{{",null]`, "\x00\xff")
	f.Fuzz(func(t *testing.T, template, said string) {
		c := ringside.NewCall("ws", "vapi", "1")
		c.Summary = &ringside.Summary{Overview: said, ActionItems: []string{said}, Outcome: "resolved"}
		c.Tags = []string{said}
		c.From = said
		r := crm.NewRecord(c, ringside.CRMFieldNames, said)
		got, err := fill(template, values(r, crm.Options{}))
		if err != nil {
			if ringside.KindOf(err) != ringside.Invalid {
				t.Errorf("%v", err)
			}
			return
		}
		raw, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var sent, plain any
		if err := json.Unmarshal(raw, &sent); err != nil {
			t.Skip() // a number that no float can hold
		}
		if err := json.Unmarshal([]byte(template), &plain); err != nil {
			t.Skip()
		}
		if !alike(plain, sent) {
			t.Errorf("%s became %s", template, raw)
		}
	})
}

// alike tells whether b is a with its strings filled: objects have the same
// keys, lists the same length, and what was no string is as it was.
func alike(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k := range a {
			if _, there := b[k]; !there || !alike(a[k], b[k]) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !alike(a[i], b[i]) {
				return false
			}
		}
		return true
	case string:
		return true // a value of any type may stand for it
	}
	return reflect.DeepEqual(a, b)
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"id":"a","url":"https://crm.example.com/a","contact_id":7}`))
	f.Add([]byte(`{"error":{"message":"no"},"code":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if a := read(body); len(a.ID) > 4*maxID || len(a.URL) > maxLink {
			t.Errorf("kept %d and %d bytes", len(a.ID), len(a.URL))
		}
		complaint(http.StatusBadRequest, http.Header{}, body)
	})
}
