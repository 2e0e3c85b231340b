package alert_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/email"
	"github.com/ringsidehq/ringside/internal/notify/pagerduty"
	"github.com/ringsidehq/ringside/internal/notify/slack"
	"github.com/ringsidehq/ringside/internal/notify/webhook"
)

var all = alert.Channels{slack.ID: slack.New(), email.ID: email.New(), pagerduty.ID: pagerduty.New(), webhook.ID: webhook.New()}

// values reads settings as they are sent.
func values(t *testing.T, s string) (out alert.Settings) {
	t.Helper()
	decode(t, s, &out)
	return out
}

// joined is a channel's settings whole again.
func joined(t *testing.T, shown alert.Settings, secrets alert.Secrets, channel string) string {
	t.Helper()
	b, err := alert.Join(shown[channel], secrets[channel])
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const settings = `{
 "webhook":{"url":"https://hooks.example.com/secretpath","headers":{"Authorization":"Bearer secretheader"},"secret":"secretkey-of-16-bytes-or-more","method":"POST"},
 "email":{"recipients":["team@example.com"],"server":{"host":"smtp.example.com","username":"u","password":"secretpassword","from":"a@example.com"}}}`

// What is secret is sealed and not shown, and stays when it is left out.
func TestSecretsAreKeptApart(t *testing.T) {
	t.Parallel()
	shown, secrets, err := all.Part(values(t, settings), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(shown)
	if err != nil || strings.Contains(string(b), "secretp") || strings.Contains(string(b), "secreth") || strings.Contains(string(b), "secretk") {
		t.Errorf("shown: %s, %v", b, err)
	}
	if shown["webhook"]["headers_set"] != true || shown["webhook"]["secret_set"] != true || len(secrets["webhook"]) != 3 || len(secrets["email"]) != 1 {
		t.Errorf("%v, %d and %d secrets", shown, len(secrets["webhook"]), len(secrets["email"]))
	}
	again, kept, err := all.Part(shown, shown, secrets) // as a page sends back what it was shown
	if err != nil {
		t.Fatal(err)
	}
	for _, channel := range []string{"webhook", "email"} {
		if a, b := joined(t, shown, secrets, channel), joined(t, again, kept, channel); a != b || !strings.Contains(a, "secretp") {
			t.Errorf("%s: %s, then %s", channel, a, b)
		}
	}
	gone, left, err := all.Part(values(t, `{"email":{"recipients":["team@example.com"]}}`), shown, secrets)
	if err != nil || len(gone) != 1 || len(left["webhook"]) != 0 {
		t.Errorf("a channel that is gone: %v, %v, %v", gone, left, err)
	}
}

// A secret goes to the host that it was given for and to no other.
func TestASecretGoesToNoOtherHost(t *testing.T) {
	t.Parallel()
	shown, secrets, err := all.Part(values(t, settings), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	moved, kept, err := all.Part(values(t, `{
 "webhook":{"url":"https://thief.example.org/x"},
 "email":{"recipients":["team@example.com"],"server":{"host":"smtp.thief.example.org","username":"u","from":"a@example.com"}}}`), shown, secrets)
	if err != nil {
		t.Fatal(err)
	}
	for _, channel := range []string{"webhook", "email"} {
		if s := joined(t, moved, kept, channel); strings.Contains(s, "secret") {
			t.Errorf("%s: %s", channel, s)
		}
	}
	same, kept, err := all.Part(values(t, `{"webhook":{"url":"https://hooks.example.com/another"}}`), shown, secrets)
	if s := joined(t, same, kept, "webhook"); err != nil || !strings.Contains(s, "secretheader") || !strings.Contains(s, "another") {
		t.Errorf("on the same host: %s, %v", s, err)
	}
}

// Mail without a server of its own goes by the instance's. Without that it is
// refused when it is saved, but for what stands there since there was one.
func TestMailNeedsAServer(t *testing.T) {
	t.Parallel()
	const bare = `{"email":{"recipients":["team@example.com"]}}`
	alone := alert.New(alert.Config{Tell: alert.Telling{Channels: all}})
	with := alert.New(alert.Config{Tell: alert.Telling{Channels: all, Mail: &notify.MailServer{Host: "smtp.example.com", From: "a@example.com"}}})
	before, _, err := with.Part(values(t, bare), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = alone.Part(values(t, bare), nil, nil)
	if e, is := err.(*ringside.Error); !is || e.Field != "/notifications/email" || e.Kind != ringside.Invalid || !strings.Contains(e.Message, "--smtp-url") {
		t.Errorf("with neither server: %v", err)
	}
	if _, _, err := alone.Part(values(t, settings), nil, nil); err != nil {
		t.Errorf("with the rule's own: %v", err)
	}
	if _, _, err := alone.Part(values(t, bare), before, nil); err != nil {
		t.Errorf("as it was before: %v", err)
	}
	if _, _, err := alone.Part(values(t, `{"email":{"recipients":["other@example.com"]}}`), before, nil); err == nil {
		t.Error("changed, and still with neither server: it is saved")
	}
}

func TestChannelsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	for sent, field := range map[string]string{
		`{"pigeon":{}}`: "/notifications/pigeon", `{"slack":{}}`: "/notifications/slack/webhook", `{"slack":{"webhook":3}}`: "/notifications/slack/webhook",
		`{"pagerduty":{"routingKey":"x"}}`: "/notifications/pagerduty/routingKey", `{"email":{"recipients":["x"]}}`: "/notifications/email/recipients/0",
	} {
		_, _, err := all.Part(values(t, sent), nil, nil)
		e, is := err.(*ringside.Error)
		if !is || e.Field != field {
			t.Errorf("%s: %v, want a fault at %s", sent, err, field)
		}
	}
}
