package custom_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/crm/crmtest"
	"github.com/ringsidehq/ringside/internal/crm/custom"
	"github.com/ringsidehq/ringside/internal/golden"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	crmtest.Run(t, crmtest.Suite{
		New:    custom.New,
		Vendor: func(t testing.TB) crmtest.Vendor { return crmtest.NewReceiver(t) }, NoContacts: true, MayLoseAnswer: true,
	})
}

// record is a record of one of the suite's calls, with all fields.
func record(name string) crm.Record {
	return crm.NewRecord(crmtest.Calls()[name], ringside.CRMFieldNames, "https://ringside.example.com/calls/1")
}

const template = `{
  "kind": "call",
  "ref": "{{call_id}}",
  "who": {"phone": "{{customer_e164}}", "name": "{{ customer_name }}"},
  "seconds": "{{duration}}",
  "score": "{{score}}",
  "tags": "{{tags}}",
  "rating": "{{sentiment}}",
  "text": "{{title}}: {{summary}} ({{outcome}}, {{score}}, {{tags}})",
  "make": "{{create_contact}}",
  "version": 12345678901234567890,
  "lines": ["{{next_steps}}", {"link": "{{link}}"}, null, true, "{{ not a name", "{summary}"]
}`

func TestATemplateSaysAllOfTheBody(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"inbound", "web", "hostile"} {
		v := crmtest.NewReceiver(t)
		o := crm.Options{Template: template, CreateContact: true}
		p, err := custom.New().Preview(record(name), o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := custom.New().Sync(t.Context(), v.Connection(), record(name), o); err != nil {
			t.Fatal(err)
		}
		golden.JSON(t, "template "+name, v.Requests()[0].Body)
		if want, err := json.Marshal(p.Body); err != nil || string(want) != string(v.Requests()[0].Body) {
			t.Errorf("preview %s, sent %s, %v", want, v.Requests()[0].Body, err)
		}
	}
}

func TestATemplateThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"not JSON":             `{"a": {{summary}}}`,
		"more than JSON":       `{"a": "{{summary}}"} {}`,
		"an unknown name":      `{"a": "{{mood}}"}`,
		"no name":              `{"a": "{{}}"}`,
		"too long":             `"` + strings.Repeat("x", 20_000) + `"`,
		"too many names":       `"` + strings.Repeat("{{summary}}", 101) + `"`,
		"a name in a list":     `["{{ mood }} and {{summary}}"]`,
		"a name in an object":  `{"a": {"b": "{{mood}}"}}`,
		"nested without bound": strings.Repeat("[", 12_000),
	} {
		_, err := custom.New().Preview(record("inbound"), crm.Options{Template: bad})
		if e, ok := errors.AsType[*ringside.Error](err); !ok || e.Field != "/crmTemplate" {
			t.Errorf("%s: the preview says %v", name, err)
		}
		v := crmtest.NewReceiver(t)
		_, err = custom.New().Sync(t.Context(), v.Connection(), record("inbound"), crm.Options{Template: bad})
		if e, ok := errors.AsType[*crm.Error](err); !ok || e.Kind != ringside.Invalid || e.Field != "/crmTemplate" || len(v.Requests()) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFieldsHaveTheNamesOfTheMapping(t *testing.T) {
	t.Parallel()
	v := crmtest.NewReceiver(t)
	o := crm.Options{Mapping: map[string]string{"summary": "Notes & more", "score": "rating", "sentiment": "mood", "tags": "mood"}}
	if _, err := custom.New().Sync(t.Context(), v.Connection(), record("inbound"), o); err != nil {
		t.Fatal(err)
	}
	golden.JSON(t, "mapped", v.Requests()[0].Body)
	for field, bad := range map[string]string{"call_id": "id", "mood": "x", "score": strings.Repeat("x", 101)} {
		_, err := custom.New().Preview(record("inbound"), crm.Options{Mapping: map[string]string{field: bad}})
		if e, ok := errors.AsType[*ringside.Error](err); !ok || !strings.HasPrefix(e.Field, "/crmFieldMapping") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestEachTryIsTheSameRequest(t *testing.T) {
	t.Parallel()
	v := crmtest.NewReceiver(t)
	v.Break(&crmtest.Fault{Status: 503, Times: 1})
	for range 2 {
		_, err := custom.New().Sync(t.Context(), v.Connection(), record("inbound"), crm.Options{})
		if e, ok := errors.AsType[*crm.Error](err); ok && e.Final() {
			t.Fatal(err)
		}
	}
	sent := v.Requests()
	if len(sent) != 2 || string(sent[0].Body) != string(sent[1].Body) {
		t.Fatalf("sent %+v", sent)
	}
	for _, h := range []string{"Idempotency-Key", "Webhook-Id", "X-Webhook-Signature", "X-Event-Type"} {
		if a := sent[0].Header.Get(h); a == "" || a != sent[1].Header.Get(h) {
			t.Errorf("%s: %q, then %q", h, a, sent[1].Header.Get(h))
		}
	}
}

func TestNothingIsSentUnsignedOrNowhere(t *testing.T) {
	t.Parallel()
	v := crmtest.NewReceiver(t)
	c := v.Connection()
	unsigned, nowhere := c, c
	unsigned.Key, nowhere.BaseURL = "", ""
	for field, c := range map[string]crm.Connection{"/crmApiKey": unsigned, "/crmUrl": nowhere} {
		_, err := custom.New().Sync(t.Context(), c, record("inbound"), crm.Options{})
		if e, ok := errors.AsType[*crm.Error](err); !ok || e.Field != field || !e.Final() {
			t.Errorf("%s: %v", field, err)
		}
	}
	if n := len(v.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

func TestAYesIsAYesWhateverComesWithIt(t *testing.T) {
	t.Parallel()
	r := record("inbound")
	for body, want := range map[string]crm.Result{
		``:                            {ID: r.CallID.String()},
		`OK`:                          {ID: r.CallID.String()},
		`[1]`:                         {ID: r.CallID.String()},
		`{"id":{}}`:                   {ID: r.CallID.String()},
		`{"id":42,"contact_id":"c7"}`: {ID: "42", ContactID: "c7"},
		`{"id":"a","url":"https://crm.example.com/a"}`: {ID: "a", URL: "https://crm.example.com/a"},
		`{"id":"a","url":"javascript:alert(1)"}`:       {ID: "a"},
	} {
		v := crmtest.NewReceiver(t)
		v.Break(&crmtest.Fault{Status: 202, Body: body})
		got, err := custom.New().Sync(t.Context(), v.Connection(), r, crm.Options{})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives %+v, %v; want %+v", body, got, err, want)
		}
	}
}

func TestAnErrorIsFoundWhereMostAPIsPutIt(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message":"no such pipeline"}`:           "no such pipeline",
		`{"error":"no such pipeline"}`:             "no such pipeline",
		`{"error":{"message":"no such pipeline"}}`: "no such pipeline",
		`{"title":"Bad","detail":"no such stage"}`: "no such stage",
		`{"title":"Bad"}`:                          "Bad",
		`no such pipeline`:                         "no such pipeline",
		`{}`:                                       "answered 400 Bad Request",
	} {
		v := crmtest.NewReceiver(t)
		v.Break(&crmtest.Fault{Status: 400, Body: body, Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}})
		_, err := custom.New().Sync(t.Context(), v.Connection(), record("inbound"), crm.Options{})
		if e, ok := errors.AsType[*crm.Error](err); !ok || e.Message != want {
			t.Errorf("%s gives %v, want %q", body, err, want)
		}
	}
}
