package webhook_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/golden"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/notifytest"
	"github.com/ringsidehq/ringside/internal/notify/webhook"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	notifytest.Run(t, notifytest.Suite{
		New:         webhook.New,
		Fake:        func(t testing.TB) notifytest.Fake { return notifytest.NewReceiver(t) },
		StatusIsAll: true,
	})
}

const payload = `{
  "alertId": "{{alert_id}}", "callId": "{{call_id}}", "severity": "{{severity}}", "timestamp": "{{timestamp}}",
  "text": "{{alert_name}}: {{message}} ({{quote}}, turn {{turn}})", "turn": "{{turn}}", "test": "{{is_simulation}}",
  "tags": ["ringside", {"agent": "{{ agent }}"}, null, true, "{{ not a name", "{severity}"], "version": 12345678901234567890
}`

func TestAPayloadSaysAllOfTheBody(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"triggered", "bare", "hostile"} {
		r := notifytest.NewReceiver(t)
		c := r.Connection()
		c.Settings = r.Settings(`,"method":"PUT","payload":` + payload)
		if err := webhook.New().Validate(c.Settings); err != nil {
			t.Fatal(err)
		}
		if _, err := webhook.New().Send(t.Context(), c, notifytest.Messages()[name]); err != nil {
			t.Fatal(err)
		}
		golden.JSON(t, "payload "+name, r.Got()[0].Sent)
	}
}

// caught keeps what would have been sent.
type caught struct {
	header http.Header
	body   string
}

func (c *caught) RoundTrip(r *http.Request) (*http.Response, error) {
	b, err := io.ReadAll(r.Body)
	c.header, c.body = r.Header, string(b)
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, err
}

func TestHeadersAreTheReceiversAndOurs(t *testing.T) {
	t.Parallel()
	var got caught
	c := notify.Connection{Client: &http.Client{Transport: &got}, Settings: json.RawMessage(
		`{"url":"https://example.com/alerts","headers":{"authorization":"Bearer x","Content-Type":"application/vnd.alert+json"}}`)}
	m := notifytest.Messages()["triggered"]
	if _, err := webhook.New().Send(t.Context(), c, m); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer x", "Content-Type": "application/vnd.alert+json", "X-Event-Type": "alert_triggered", "Webhook-Id": m.MessageID(),
		"User-Agent": "Ringside", "X-Webhook-Signature": "", "Webhook-Signature": "", // there is no secret to sign with
	} {
		if v := got.header.Get(name); v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
}

func TestAnErrorIsFoundWhereMostAPIsPutIt(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message":"no such board"}`:               "no such board",
		`{"error":"no such board"}`:                 "no such board",
		`{"error":{"message":"no such board"}}`:     "no such board",
		`{"title":"Bad","detail":"no such column"}`: "no such column",
		`{"title":"Bad"}`:                           "Bad",
		`no such board`:                             "no such board",
		`{}`:                                        "answered 400 Bad Request",
	} {
		r := notifytest.NewReceiver(t)
		r.Break(&notifytest.Fault{Status: 400, Body: body, Header: http.Header{"Content-Type": {"text/plain"}}})
		_, err := webhook.New().Send(t.Context(), r.Connection(), notifytest.Messages()["bare"])
		if e, ok := errors.AsType[*notify.Error](err); !ok || e.Message != want {
			t.Errorf("%s gives %v, want %s", body, err, want)
		}
	}
}

func TestSettingsThatCannotBePointToTheField(t *testing.T) {
	t.Parallel()
	const url = `"url":"https://example.com/alerts"`
	for settings, want := range map[string]string{
		`{` + url + `}`: "", `{` + url + `,"method":"PATCH","headers":{"X-Key":"a b"},"payload":null}`: "", `{` + url + `,"payload":["{{severity}}"]}`: "",
		`{"url":"example.com"}`: "/url", `{` + url + `,"method":"GET"}`: "/method", `{` + url + `,"method":"POST / HTTP/1.1"}`: "/method",
		`{` + url + `,"headers":{"a b":"x"}}`: "/headers/a b", `{` + url + `,"headers":{"a":"x\r\nHost: y"}}`: "/headers/a", `{` + url + `,"headers":{"webhook-ID":"x"}}`: "/headers/webhook-ID",
		`{` + url + `,"headers":{"Host":"x"}}`: "/headers/Host", `{` + url + `,"headers":{"a/b":"x"}}`: "/headers/a~1b", `{` + url + `,"headers":{"a":1}}`: "/headers",
		`{` + url + `,"payload":{"a":["{{nobody}}"]}}`: "/payload/a/0", `{` + url + `,"payload":"` + strings.Repeat("x", 20_000) + `"}`: "/payload",
	} {
		err := webhook.New().Validate(json.RawMessage(settings))
		e, ok := errors.AsType[*ringside.Error](err)
		if ok != (want != "") || ok && (e.Field != want || e.Kind != ringside.Invalid) {
			t.Errorf("%.80s: %v, want %q", settings, err, want)
		}
	}
}

func FuzzSettings(f *testing.F) {
	f.Add([]byte(`{"url":"https://example.com/","headers":{"a":"b"},"payload":{"a":"{{severity}}"}}`))
	f.Add([]byte(`{"url":"https://example.com/","headers":{"a\u0000":"b\r\n"},"secret":"x"}`))
	f.Fuzz(func(t *testing.T, settings []byte) {
		if webhook.New().Validate(settings) != nil {
			return
		}
		var got caught
		c := notify.Connection{Client: &http.Client{Transport: &got}, Settings: settings}
		if _, err := webhook.New().Send(t.Context(), c, notifytest.Messages()["hostile"]); err != nil {
			t.Errorf("%s may be saved, and nothing is sent: %v", settings, err)
		}
		if !json.Valid([]byte(got.body)) {
			t.Errorf("sent %q", got.body)
		}
	})
}
