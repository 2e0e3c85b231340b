package provider_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		`"plain"`: "plain", `""`: "", `null`: "", `7`: "7", `-1.50`: "-1.50", `true`: "true",
		`"a\"b\\c\n"`: "a\"b\\c\n", `"\u00e9"`: "é", `"é, 語"`: "é, 語", `"\ud83d\ude00"`: "😀", `"\ud800"`: "\ufffd",
		`{"a":1}`: `{"a":1}`, `[1,2]`: `[1,2]`, "\"\xff\"": "\ufffd",
	} {
		var got struct{ V provider.Text }
		if err := provider.Unmarshal([]byte(`{"V": `+in+` }`), &got); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if string(got.V) != want {
			t.Errorf("%s is %q, want %q", in, got.V, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]*float64{
		`7`: new(7.0), `-1.5`: new(-1.5), `"42"`: new(42.0), `" 3 "`: new(3.0), `0`: new(0.0), `1e3`: new(1000.0),
		`null`: nil, `""`: nil, `"abc"`: nil, `true`: nil, `{}`: nil, `[1]`: nil, `"NaN"`: nil, `"Infinity"`: nil, `1e999`: nil,
	} {
		var got struct{ V provider.Number }
		if err := provider.Unmarshal([]byte(`{"V":`+in+`}`), &got); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if p := got.V.Ptr(); (p == nil) != (want == nil) || p != nil && *p != *want {
			t.Errorf("%s is %+v", in, got.V)
		}
	}
}

func TestNumberTime(t *testing.T) {
	for n, want := range map[float64]string{
		1790367000000: "2026-09-25T20:10:00Z", 31536000000: "1971-01-01T00:00:00Z",
		0: "", -1: "", 1000: "", 31535999999: "", 7258118400000: "", 1e300: "",
	} {
		got := provider.Number{Value: n, Known: true}.Time()
		if s := text(got); s != want {
			t.Errorf("%v is %q, want %q", n, s, want)
		}
	}
	if !(provider.Number{Value: 1790367000000}).Time().IsZero() {
		t.Error("a number that is not known is a time")
	}
}

func text(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339Nano)
}

func TestParseMoment(t *testing.T) {
	for in, want := range map[string]string{
		"2026-10-15T09:22:21.787Z":      "2026-10-15T09:22:21.787Z",
		"2026-10-15T11:22:21+02:00":     "2026-10-15T09:22:21Z",
		"2026-10-15T09:22:21.123456":    "2026-10-15T09:22:21.123456Z",
		"2026-10-15 09:22:21":           "2026-10-15T09:22:21Z",
		"2026-10-15 09:22:21.5+00:00":   "2026-10-15T09:22:21.5Z",
		"1790367000":                    "2026-09-25T20:10:00Z",
		"1790367000.25":                 "2026-09-25T20:10:00.25Z",
		"1790367000000":                 "2026-09-25T20:10:00Z",
		"":                              "",
		"null":                          "",
		"yesterday":                     "",
		"NaN":                           "",
		"nan":                           "",
		"Inf":                           "",
		"-Inf":                          "",
		"0":                             "",
		"5":                             "",
		"-1790367000":                   "",
		"1e30":                          "",
		"1969-12-31T00:00:00Z":          "",
		"2200-01-01T00:00:00Z":          "",
		"9999-12-31T23:59:59.999999999": "",
	} {
		if got := text(provider.ParseMoment(in)); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestMomentInJSON(t *testing.T) {
	var got struct{ A, B, C, D, E provider.Moment }
	body := `{"A":1790367000,"B":"1790367000000","C":"2026-09-25T20:10:00Z","D":null,"E":{"x":1}}`
	if err := provider.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, 9, 25, 20, 10, 0, 0, time.UTC)
	for i, m := range []provider.Moment{got.A, got.B, got.C} {
		if !m.Equal(want) {
			t.Errorf("moment %d is %s", i, m)
		}
	}
	if !got.D.IsZero() || !got.E.IsZero() {
		t.Errorf("%v and %v are times", got.D, got.E)
	}
}

type sample struct {
	Name  string
	Count int64
	On    bool
	Items []struct {
		Word string         `json:"word"`
		Map  map[string]int `json:"map"`
	} `json:"items"`
	Slash struct {
		Deep []float64 `json:"a/b~c"`
	} `json:"x.y"`
	Any any
}

func TestUnmarshalPointsAtTheField(t *testing.T) {
	for _, tc := range []struct{ name, body, field, message string }{
		{"a field", `{"Name":1}`, "/Name", "must be a string, not number"},
		{"a number", `{"Count":"7"}`, "/Count", "must be a number, not string"},
		{"a number with a fraction", `{"Count":1.5}`, "/Count", "must be a number"},
		{"true or false", `{"On":"yes"}`, "/On", "must be true or false, not string"},
		{"a list", `{"items":{}}`, "/items", "must be a list, not object"},
		{"an item", `{"items":[{},7]}`, "/items/1", "must be an object, not number"},
		{"a field of an item", `{"items":[{"word":"a"},{"word":"b"},{"word":[]}]}`, "/items/2/word", "must be a string, not array"},
		{"a value of a map", `{"items":[{"map":{"a":1,"b/c":true}}]}`, "/items/0/map/b~1c", "must be a number, not bool"},
		{"keys that need escaping", `{"Any":[[1,{"x":2}]],"x.y":{"a/b~c":[1,2,"3"]}}`, "/x.y/a~1b~0c/2", "must be a number, not string"},
		{"spaces and lines", "{\n \"Any\" : null ,\n \"items\" : [ { \"word\" :\t5 } ] }", "/items/0/word", "must be a string"},
		{"the first of two", `{"items":[{"word":1}],"Name":2}`, "/items/0/word", "must be a string"},
		{"the whole body", `[]`, "", "must be an object, not array"},
		{"text for a body", `"x"`, "", "must be an object, not string"},
		{"no JSON", `{"Name":`, "", "not valid JSON"},
		{"nothing", ``, "", "not valid JSON"},
		{"more than one value", `{} {}`, "", "not valid JSON"},
		{"NaN", "{\n\"Any\":NaN}", "", "line 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var v sample
			err := provider.Unmarshal([]byte(tc.body), &v)
			if ringside.KindOf(err) != ringside.Invalid {
				t.Fatalf("got %v, want an invalid error", err)
			}
			e := err.(*ringside.Error)
			if e.Field != tc.field || !strings.Contains(e.Message, tc.message) {
				t.Errorf("%q: %s; want %q: %s", e.Field, e.Message, tc.field, tc.message)
			}
		})
	}
}

func TestUnder(t *testing.T) {
	inner := ringside.Invalidf("/b", "no")
	if got := provider.Under("/a", inner).(*ringside.Error).Field; got != "/a/b" || inner.Field != "/b" {
		t.Errorf("moved to %q, the first is at %q", got, inner.Field)
	}
	if provider.Under("/a", nil) != nil {
		t.Error("an error out of nothing")
	}
}

func TestScalar(t *testing.T) {
	for in, want := range map[string]string{`"a"`: "a", ` 7 `: "7", `-0.5`: "-0.5", `null`: "", ``: "", `"+1"`: "+1"} {
		if got, err := provider.Scalar("/f", json.RawMessage(in)); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", in, got, err, want)
		}
	}
	for _, in := range []string{`true`, `false`, `{}`, `[]`, `"open`, `-`} {
		_, err := provider.Scalar("/f", json.RawMessage(in))
		if e, ok := err.(*ringside.Error); !ok || e.Kind != ringside.Invalid || e.Field != "/f" {
			t.Errorf("%s: got %v", in, err)
		}
	}
}

func TestContent(t *testing.T) {
	for in, want := range map[string]string{
		`"hi"`: "hi", `null`: "", ``: "", `[]`: "",
		`[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"x"}},{"type":"refusal","refusal":"b"},{"type":"input_audio","transcript":"c"}]`: "a b c",
	} {
		if got, err := provider.Content("/c", json.RawMessage(in)); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", in, got, err, want)
		}
	}
	for in, field := range map[string]string{`7`: "/c", `{}`: "/c", `[1]`: "/c/0", `[{},{"text":1}]`: "/c/1/text"} {
		_, err := provider.Content("/c", json.RawMessage(in))
		if e, ok := err.(*ringside.Error); !ok || e.Field != field {
			t.Errorf("%s: got %v, want it at %s", in, err, field)
		}
	}
}

func TestValue(t *testing.T) {
	for in, want := range map[string]any{
		`"{\"a\":1}"`: map[string]any{"a": 1.0}, `{"a":1}`: map[string]any{"a": 1.0}, `"plain"`: "plain", `"42"`: "42", `7`: 7.0, `null`: nil, ``: nil, `{`: nil,
	} {
		if got := provider.Value(json.RawMessage(in)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", in, got, want)
		}
	}
}

func TestPromptHash(t *testing.T) {
	if got := provider.PromptHash("abc"); got != "ba7816bf8f01cfea" {
		t.Errorf("got %q", got)
	}
	if got := provider.PromptHash(" \n"); got != "" {
		t.Errorf("a blank prompt is %q", got)
	}
}

func FuzzParseMoment(f *testing.F) {
	for _, s := range []string{"", "NaN", "-Inf", "1790367000", "1790367000000.5", "2026-10-15T09:22:21.787Z", "2026-10-15 09:22:21+02", "9e99", "0x1p-2", "1_000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := provider.ParseMoment(s)
		if at.IsZero() {
			return
		}
		if y := at.Year(); y < 1971 || y > 2199 {
			t.Errorf("%q is in the year %d", s, y)
		}
		if at.Location() != time.UTC {
			t.Errorf("%q is not in UTC", s)
		}
	})
}

// FuzzUnmarshal holds the fast decoder to the standard library's: the same
// bodies are taken, with the same values, and an error never lacks its kind.
func FuzzUnmarshal(f *testing.F) {
	for _, s := range []string{
		`{"Name":"a","Count":1,"items":[{"word":"b","map":{"c":2}}],"x.y":{"a/b~c":[1.5]},"Any":{"k":[null,true]}}`,
		`{"Name":1}`, `{"items":[{},7]}`, `[]`, `null`, `{"Any":"\ud800"}`, `{"Any":1e400}`, `{"name":"case"}`, "{\"Any\":\"\x00\"}", `{"Name":"a","Name":"b"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var fast, std sample
		err := provider.Unmarshal(bytes.Clone(body), &fast)
		want := json.Unmarshal(body, &std)
		if (err == nil) != (want == nil) {
			t.Fatalf("%q: %v, but the standard library says %v", body, err, want)
		}
		if err != nil {
			if ringside.KindOf(err) != ringside.Invalid {
				t.Errorf("%q: kind %s", body, ringside.KindOf(err))
			}
			return
		}
		if !reflect.DeepEqual(fast, std) {
			t.Errorf("%q: %+v, but the standard library gives %+v", body, fast, std)
		}
	})
}
