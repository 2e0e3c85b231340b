package slack_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/golden"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/notifytest"
	"github.com/ringsidehq/ringside/internal/notify/slack"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	notifytest.Run(t, notifytest.Suite{
		New:      slack.New,
		Fake:     func(t testing.TB) notifytest.Fake { return notifytest.NewSlack(t) },
		Nameless: true,
	})
}

// text tells a message with these settings, and gives what people read.
func text(t *testing.T, more string, m notify.Message) string {
	t.Helper()
	s := notifytest.NewSlack(t)
	c := s.Connection()
	c.Settings = s.Settings(more)
	if _, err := slack.New().Send(t.Context(), c, m); err != nil {
		t.Fatal(err)
	}
	return s.Got()[0].Text
}

func TestOnlyWhatIsCriticalAndBeginsCallsPeople(t *testing.T) {
	t.Parallel()
	m := notifytest.Messages()
	high := m["triggered"]
	high.Severity = notify.High
	for _, tc := range []struct {
		settings string
		message  notify.Message
		want     string
	}{
		{`,"mentionOnCritical":true`, m["triggered"], "‹!here›"},
		{`,"mentionOnCritical":true,"mention":"channel"`, m["triggered"], "‹!channel›"},
		{`,"mentionOnCritical":true,"mention":"U012AB3CD"`, m["triggered"], "‹@U012AB3CD›"},
		{`,"mentionOnCritical":true,"mention":"S012AB3CD"`, m["triggered"], "‹!subteam^S012AB3CD›"},
		{`,"mention":"here"`, m["triggered"], ""},
		{`,"mentionOnCritical":true`, high, ""},
		{`,"mentionOnCritical":true`, m["resolved"], ""},
		{`,"mentionOnCritical":true`, m["acknowledged"], ""},
	} {
		got := text(t, tc.settings, tc.message)
		if tc.want == "" && (strings.Contains(got, "‹!") || strings.Contains(got, "‹@")) || !strings.HasPrefix(got, tc.want) {
			t.Errorf("%s, %s: %s", tc.settings, tc.message.Event, got)
		}
	}
}

func TestTheWayToTheCallIsALinkOrAButton(t *testing.T) {
	t.Parallel()
	m := notifytest.Messages()["triggered"]
	if got := text(t, "", m); !strings.HasSuffix(got, "‹https://ringside.example.com/live/call_abc?tab=alerts&turn=14|View call›") {
		t.Error(got)
	}
	s := notifytest.NewSlack(t)
	c := s.Connection()
	c.Settings = s.Settings(`,"includeActions":true,"channel":"#ai-alerts"`)
	if _, err := slack.New().Send(t.Context(), c, m); err != nil {
		t.Fatal(err)
	}
	golden.JSON(t, "with a button", s.Got()[0].Sent)
}

func TestOneMessageASecond(t *testing.T) {
	t.Parallel()
	s := notifytest.NewSlack(t)
	s.Limit()
	m := notifytest.Messages()["bare"]
	if _, err := slack.New().Send(t.Context(), s.Connection(), m); err != nil {
		t.Fatal(err)
	}
	_, err := slack.New().Send(t.Context(), s.Connection(), m)
	e, ok := errors.AsType[*notify.Error](err)
	if !ok || e.Kind != ringside.RateLimited || e.RetryAfter != time.Second || len(s.Got()) != 1 {
		t.Errorf("%v; there stand %+v", err, s.Got())
	}
}

func TestARefusalSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]notify.Error{
		"no_service":          {Status: 404, Message: "the webhook was removed or switched off; make a new one"},
		"channel_is_archived": {Status: 410, Message: "the channel is archived", Field: "/channel"},
		"action_prohibited":   {Status: 403, Message: "an administrator of the workspace does not allow it"},
		"something_new":       {Status: 400, Message: "something_new"},
	} {
		s := notifytest.NewSlack(t)
		s.Break(&notifytest.Fault{Status: want.Status, Body: code, Header: http.Header{"Content-Type": {"text/plain"}}})
		_, err := slack.New().Send(t.Context(), s.Connection(), notifytest.Messages()["bare"])
		e, ok := errors.AsType[*notify.Error](err)
		if !ok || e.Message != want.Message || e.Code != code || e.Field != want.Field || e.Status != want.Status || !e.Final() {
			t.Errorf("%s: %+v", code, e)
		}
	}
}

// What answers with something else is some other page.
func TestAYesThatIsNotSlacksIsNotBelieved(t *testing.T) {
	t.Parallel()
	for body, status := range map[string]int{"<html>Sign in</html>": 200, "": 200, "{}": 200, "ok": 201} {
		s := notifytest.NewSlack(t)
		s.Break(&notifytest.Fault{Status: status, Body: body})
		_, err := slack.New().Send(t.Context(), s.Connection(), notifytest.Messages()["bare"])
		if e, ok := errors.AsType[*notify.Error](err); !ok || !e.Final() || e.Field != "/webhook" {
			t.Errorf("%d %s: %v", status, body, err)
		}
	}
}

func TestSettingsThatCannotBePointToTheField(t *testing.T) {
	t.Parallel()
	const hook = `"webhook":"https://hooks.slack.com/services/T0/B0/x"`
	for settings, want := range map[string]string{
		`{` + hook + `}`: "", `{` + hook + `,"channel":"#alerts","mention":"here","mentionOnCritical":true}`: "",
		`{"webhook":""}`: "/webhook", `{"webhook":"hooks.slack.com"}`: "/webhook", `{` + hook + `,"mention":"@bob"}`: "/mention", `{` + hook + `,"mention":"here> <!channel"}`: "/mention",
		`{` + hook + `,"channel":"a b"}`: "/channel", `{` + hook + `,"mentionOnCritical":"yes"}`: "/mentionOnCritical",
	} {
		err := slack.New().Validate(json.RawMessage(settings))
		e, ok := errors.AsType[*ringside.Error](err)
		if ok != (want != "") || ok && (e.Field != want || e.Kind != ringside.Invalid) {
			t.Errorf("%s: %v, want %q", settings, err, want)
		}
	}
}
