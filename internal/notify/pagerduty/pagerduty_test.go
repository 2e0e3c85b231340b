package pagerduty_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/notifytest"
	"github.com/ringsidehq/ringside/internal/notify/pagerduty"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	notifytest.Run(t, notifytest.Suite{
		New:         pagerduty.New,
		Fake:        func(t testing.TB) notifytest.Fake { return notifytest.NewPagerDuty(t) },
		StatusIsAll: true,
	})
}

func TestAnIncidentOpensAndClosesOnce(t *testing.T) {
	t.Parallel()
	p := notifytest.NewPagerDuty(t)
	for _, step := range []struct{ message, want string }{
		{"resolved", ""},
		{"triggered", "triggered"},
		{"triggered", "triggered"},
		{"acknowledged", "acknowledged"},
		{"triggered", "acknowledged"},
		{"resolved", "resolved"},
		{"resolved", "resolved"},
		{"acknowledged", "resolved"},
		{"triggered", "triggered"},
	} {
		m := notifytest.Messages()[step.message]
		sent, err := pagerduty.New().Send(t.Context(), p.Connection(), m)
		if err != nil || sent.Ref != m.Key {
			t.Fatalf("%s: %+v, %v", step.message, sent, err)
		}
		want := map[string]string{}
		if step.want != "" {
			want[m.Key] = step.want
		}
		if got := p.Incidents(); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", step.message, got, want)
		}
	}
}

func TestSeveritiesInPagerDutysWords(t *testing.T) {
	t.Parallel()
	for ours, want := range map[notify.Severity]string{
		notify.Critical: "critical", notify.High: "error", notify.Medium: "warning", notify.Low: "info", "": "warning",
	} {
		p := notifytest.NewPagerDuty(t)
		m := notifytest.Messages()["bare"]
		m.Severity = ours
		if _, err := pagerduty.New().Send(t.Context(), p.Connection(), m); err != nil {
			t.Fatal(err)
		}
		raw, _ := json.Marshal(p.Got()[0].Sent)
		if !strings.Contains(string(raw), `"severity":"`+want+`"`) {
			t.Errorf("%s: %s", ours, raw)
		}
	}
}

// elsewhere notes where a request would have gone.
type elsewhere struct{ url string }

func (e *elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	e.url = r.URL.String()
	return &http.Response{StatusCode: http.StatusAccepted, Body: io.NopCloser(strings.NewReader("no JSON"))}, nil
}

func TestEachRegionHasItsHost(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"": "https://events.pagerduty.com/v2/enqueue", "us": "https://events.pagerduty.com/v2/enqueue", "eu": "https://events.eu.pagerduty.com/v2/enqueue",
	} {
		var to elsewhere
		c := notify.Connection{Client: &http.Client{Transport: &to}, Settings: json.RawMessage(`{"routingKey":"` + strings.Repeat("a", 32) + `","region":"` + region + `"}`)}
		if _, err := pagerduty.New().Send(t.Context(), c, notifytest.Messages()["bare"]); err != nil || to.url != want {
			t.Errorf("%q: %s, %v", region, to.url, err)
		}
	}
}

func TestAnyYesBut202IsSomebodyElses(t *testing.T) {
	t.Parallel()
	p := notifytest.NewPagerDuty(t)
	p.Break(&notifytest.Fault{Status: 200, Body: "<html>Sign in</html>"})
	_, err := pagerduty.New().Send(t.Context(), p.Connection(), notifytest.Messages()["bare"])
	if e, ok := errors.AsType[*notify.Error](err); !ok || !e.Final() || e.Status != 200 {
		t.Errorf("%v", err)
	}
}

func TestSettingsThatCannotBePointToTheField(t *testing.T) {
	t.Parallel()
	key := `"routingKey":"` + strings.Repeat("a1", 16) + `"`
	for settings, want := range map[string]string{
		`{` + key + `}`: "", `{` + key + `,"region":"eu","component":"desk","group":"voice"}`: "",
		`{"routingKey":"short"}`: "/routingKey", `{"routingKey":"` + strings.Repeat("a-", 16) + `"}`: "/routingKey", `{` + key + `,"region":"asia"}`: "/region",
		`{` + key + `,"group":7}`: "/group",
	} {
		err := pagerduty.New().Validate(json.RawMessage(settings))
		e, ok := errors.AsType[*ringside.Error](err)
		if ok != (want != "") || ok && (e.Field != want || e.Kind != ringside.Invalid) {
			t.Errorf("%s: %v, want %q", settings, err, want)
		}
	}
}
