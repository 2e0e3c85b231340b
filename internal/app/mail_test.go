package app

import (
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/notifytest"
	"github.com/ringsidehq/ringside/internal/store"
)

const from = "Ringside <alerts@example.com>"

func TestTheMailServerIsReadFromItsURL(t *testing.T) {
	t.Parallel()
	gate := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.5/32")}})
	defer gate.Close()
	for url, want := range map[string]notify.MailServer{
		"smtp://smtp.example.com":                         {Host: "smtp.example.com", Security: "starttls", From: from},
		"smtp://u%40example.com:p%2F%3A@smtp.example.com": {Host: "smtp.example.com", Security: "starttls", Username: "u@example.com", Password: "p/:", From: from},
		"smtps://u:p@smtp.example.com:2465/":              {Host: "smtp.example.com", Port: 2465, Security: "tls", Username: "u", Password: "p", From: from},
		"smtp://10.0.0.5:25?security=none":                {Host: "10.0.0.5", Port: 25, Security: "none", From: from},
	} {
		m, err := mailServer(&config.Serve{SMTPURL: url, SMTPFrom: from}, gate.CheckMail)
		if err != nil || *m != want {
			t.Errorf("%s: %+v, %v", url, m, err)
		}
	}
	if m, err := mailServer(&config.Serve{}, gate.CheckMail); m != nil || err != nil {
		t.Errorf("nothing set: %+v, %v", m, err)
	}
}

// What is half given or can't be ends the start, and says which setting it is
// about. The password is not told.
func TestAMailServerThatCannotBe(t *testing.T) {
	t.Parallel()
	gate := egress.New(egress.Config{})
	defer gate.Close()
	const good = "smtp://u:hush-5b1f@smtp.example.com"
	for _, tc := range []struct{ url, from, want string }{
		{"", from, "--smtp-from is given without --smtp-url"},
		{good, "", "--smtp-url is given without --smtp-from"},
		{good, "nobody", "--smtp-from: is not an address"},
		{"smtp.example.com:587", from, "--smtp-url: is not a mail server's address"},
		{"smtp://u:hush-5b1f/x@smtp.example.com", from, "--smtp-url: is not a mail server's address"},
		{"smtp://u:hush-5b1f#x@smtp.example.com", from, "--smtp-url: is not a mail server's address"},
		{"smtp://u:hush-5b1f%zz@smtp.example.com", from, "--smtp-url: is not a mail server's address"},
		{"https://u:hush-5b1f@smtp.example.com", from, "--smtp-url: begins with smtp://"},
		{"smtps://smtp.example.com?security=none", from, "--smtp-url: begins with smtp://"},
		{"smtp://u@smtp.example.com", from, "--smtp-url: has a user name without a password"},
		{"smtp://:hush-5b1f@smtp.example.com", from, "--smtp-url: has a user name without a password"},
		{good + ":70000", from, "--smtp-url: is no port"},
		{good + ":22", from, "--smtp-url: the port"},
		{good + ":587?security=none", from, "--smtp-url: a password is not sent without encryption"},
		{"smtp://10.0.0.5", from, "--smtp-url: "},
		{"smtp://smtp.example.com?security=none", from, "--smtp-url: mail goes unencrypted"},
	} {
		_, err := mailServer(&config.Serve{SMTPURL: tc.url, SMTPFrom: tc.from}, gate.CheckMail)
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s from %q: %v, want %s…", tc.url, tc.from, err, tc.want)
		}
	}
}

// An alert by mail whose rule names no server goes by the instance's.
func TestAlertsGoByTheInstancesMailServer(t *testing.T) {
	t.Parallel()
	smtp := notifytest.NewSMTP(t, func(s *notifytest.SMTP) { s.Security, s.Ways = "none", "" })
	server := smtp.Server()
	a, err := New(t.Context(), config.Serve{
		Common: config.Common{Data: t.TempDir()}, Listen: "127.0.0.1:0",
		EgressAllow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		SMTPURL:     fmt.Sprintf("smtp://%s:%d?security=none", server.Host, server.Port), SMTPFrom: from,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Stop()
	rule := &store.AlertRuleRow{}
	rule.Name, rule.Notifications = "Long calls", map[string]ringside.Values{"email": {"recipients": []string{"desk@example.com"}}}
	tried, got := a.alerts.Try(t.Context(), "ws_home", rule, "email"), smtp.Got()
	if !tried.OK || len(got) != 1 || !slices.Equal(got[0].To, []string{"desk@example.com"}) || !strings.Contains(fmt.Sprint(got[0].Sent), "From: "+from) {
		t.Errorf("%+v, %+v", tried, got)
	}
}
