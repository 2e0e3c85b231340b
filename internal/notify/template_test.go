package notify

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
)

func message() Message {
	began := time.Date(2026, 11, 17, 23, 8, 10, 0, time.UTC)
	return Message{
		Event: Triggered, Key: "rule:agent", At: began, FirstAt: began, Count: 1,
		Alert: Alert{
			ID: "alert_1", Rule: "Low quality", Type: "score_threshold", Severity: High, Text: "It fell.", Turn: new(3), Seconds: new(75),
			Call: &Call{ID: ringside.NewCallID("ws", "vapi", "1"), ShortID: "abc", Agent: "Front desk", From: "+12025550143", StartedAt: began, IsSimulation: true},
		},
	}
}

func TestNamesStandForValues(t *testing.T) {
	t.Parallel()
	m := message()
	got, err := m.FillText("/subject", "{{ severity }}: {{alert_name}} ({{turn}}, {{quote}}) {not} {{ 1+1 }} {{seconds}}")
	if want := "high: Low quality (3, ) {not} {{ 1+1 }} 75"; err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	tree, err := m.FillJSON("/payload", []byte(`{"a":"{{turn}}","b":["{{is_simulation}}","at {{timestamp}}",null,1.50],"c":{"{{turn}}":"{{to}}"},"d":"{{call_id}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	got = marshal(t, tree)
	want := `{"a":3,"b":[true,"at 2026-11-17T23:08:10Z",null,1.50],"c":{"{{turn}}":null},"d":"` + m.Call.ID.String() + `"}`
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestATemplateThatCannotBePointsToItsFault(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		`{"a":{{turn}}}`:                  "/payload",
		`{} {}`:                           "/payload",
		``:                                "/payload",
		`{"a":[1,{"b/c":"{{nobody}}"}]}`:  "/payload/a/1/b~1c",
		`"{{}}"`:                          "/payload",
		`"` + strings.Repeat("x", 20_000): "/payload",
		`["` + strings.Repeat("{{turn}} ", 101) + `"]`: "/payload/0",
	} {
		_, err := message().FillJSON("/payload", []byte(template))
		if e, ok := errors.AsType[*ringside.Error](err); !ok || e.Kind != ringside.Invalid || e.Field != want {
			t.Errorf("%.40s: %v, want %s", template, err, want)
		}
	}
	_, err := message().FillText("/subject", "{{nobody}}")
	if e, ok := errors.AsType[*ringside.Error](err); !ok || e.Field != "/subject" || !strings.Contains(e.Message, "alert_name") {
		t.Errorf("%v", err)
	}
}

// FuzzFillJSON fills any template with any words. A template that is taken
// gives JSON of the shape of the template: no value changes what is around it.
func FuzzFillJSON(f *testing.F) {
	f.Add(`{"a":["{{message}}","x {{quote}} y"],"b":{"c":"{{agent}}"}}`, `"}],"x":[{" {{call_id}}`)
	f.Add(`"{{ message }}{{message}}"`, "{{")
	f.Add(`[1e999,"{{",null]`, "\x00\xff")
	f.Fuzz(func(t *testing.T, template, said string) {
		m := message()
		m.Text, m.Quote, m.Call.Agent = said, said, said
		got, err := m.Clean().FillJSON("/payload", []byte(template))
		if err != nil {
			if ringside.KindOf(err) != ringside.Invalid {
				t.Errorf("%v", err)
			}
			return
		}
		var sent, plain any
		if json.Unmarshal([]byte(marshal(t, got)), &sent) != nil || json.Unmarshal([]byte(template), &plain) != nil {
			t.Skip() // a number that no float can hold
		}
		if !alike(plain, sent) {
			t.Errorf("%s became %s", template, marshal(t, got))
		}
	})
}

// alike tells whether b is a with its strings filled.
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
		return true
	}
	return reflect.DeepEqual(a, b)
}
