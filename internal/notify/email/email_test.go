package email_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/email"
	"github.com/ringsidehq/ringside/internal/notify/notifytest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	notifytest.Run(t, notifytest.Suite{
		New:   email.New,
		Fake:  func(t testing.TB) notifytest.Fake { return notifytest.NewSMTP(t) },
		Again: []int{421, 432, 450, 451, 452, 454, 455},
		Never: []int{500, 501, 502, 503, 504, 521, 523, 530, 534, 535, 538, 541, 550, 551, 552, 553, 554, 555, 556},
	})
}

// tell tells a message with these settings.
func tell(t *testing.T, s *notifytest.SMTP, settings json.RawMessage, m notify.Message) (notify.Sent, error) {
	t.Helper()
	c := s.Connection()
	c.Settings = settings
	return email.New().Send(t.Context(), c, m)
}

func failure(t *testing.T, err error) *notify.Error {
	t.Helper()
	e, ok := errors.AsType[*notify.Error](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	return e
}

func bare() notify.Message { return notifytest.Messages()["bare"] }

func TestServersOfEachKind(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*notifytest.SMTP){
		"STARTTLS and LOGIN":      func(s *notifytest.SMTP) { s.Ways = "LOGIN" },
		"STARTTLS, no password":   func(s *notifytest.SMTP) { s.Ways = "" },
		"TLS and PLAIN":           func(s *notifytest.SMTP) { s.Security = "tls" },
		"TLS and LOGIN":           func(s *notifytest.SMTP) { s.Security, s.Ways = "tls", "LOGIN" },
		"nothing, in one's house": func(s *notifytest.SMTP) { s.Security, s.Ways = "none", "" },
	} {
		s := notifytest.NewSMTP(t, set)
		_, err := tell(t, s, s.Settings(s.Server(), ""), bare())
		got := s.Got()
		if err != nil || len(got) != 1 || !slices.Equal(got[0].To, []string{"team@example.com", "night.shift+alerts@example.org"}) {
			t.Errorf("%s: %v; there stand %+v", name, err, got)
		}
	}
}

func TestNothingIsSentWhereNothingIsEncrypted(t *testing.T) {
	t.Parallel()
	// Somebody in between took the offer out.
	s := notifytest.NewSMTP(t, func(s *notifytest.SMTP) { s.Security, s.Ways = "none", "" })
	server := s.Server()
	server.Security, server.Username, server.Password = "starttls", "u", "p-5b1f"
	_, err := tell(t, s, s.Settings(server, ""), bare())
	if e := failure(t, err); !e.Final() || e.Field != "/server/security" || len(s.Got()) > 0 {
		t.Errorf("%+v", e)
	}
}

func TestACertificateThatNobodyVouchesForIsNotTaken(t *testing.T) {
	t.Parallel()
	for _, security := range []string{"starttls", "tls"} {
		s := notifytest.NewSMTP(t, func(s *notifytest.SMTP) { s.Security = security })
		c := s.Connection()
		c.RootCAs = nil
		_, err := email.New().Send(t.Context(), c, bare())
		if e := failure(t, err); e.Message != "the certificate is not valid for this host" || e.Field != "/server/security" || len(s.Got()) > 0 {
			t.Errorf("%s: %+v", security, e)
		}
	}
}

func TestAServerThatKnowsNoWayToAuthenticate(t *testing.T) {
	t.Parallel()
	s := notifytest.NewSMTP(t, func(s *notifytest.SMTP) { s.Ways = "CRAM-MD5 XOAUTH2" })
	_, err := tell(t, s, s.Settings(s.Server(), ""), bare())
	if e := failure(t, err); !e.Final() || e.Field != "/server/username" {
		t.Errorf("%+v", e)
	}
}

// A refusal says which setting it is about.
func TestARefusalOfEachCommand(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		at     string
		status int
		field  string
		kind   ringside.Kind
	}{
		{"EHLO", 421, "/server/host", ringside.Unavailable},
		{"STARTTLS", 454, "/server/security", ringside.Unavailable},
		{"AUTH", 454, "/server/username", ringside.Unavailable},
		{"AUTH", 535, "/server/username", ringside.Unauthorized},
		{"MAIL", 550, "/server/from", ringside.Invalid},
		{"MAIL", 451, "/server/from", ringside.Unavailable},
		{"RCPT", 450, "/recipients/0", ringside.Unavailable},
		{"RCPT", 550, "/recipients/0", ringside.Invalid},
		{"RCPT", 421, "", ringside.Unavailable},
		{"DATA", 451, "", ringside.Unavailable},
		{"DATA", 554, "", ringside.Invalid},
		{"", 552, "", ringside.Invalid},
	} {
		s := notifytest.NewSMTP(t)
		s.Break(&notifytest.Fault{At: tc.at, Status: tc.status, Body: "4.2.0 not\nnow"})
		if tc.at == "EHLO" { // a server that is so busy does not take HELO either
			s.Break(&notifytest.Fault{At: "EHLO", Lose: true})
			tc.status = 0
		}
		_, err := tell(t, s, s.Settings(s.Server(), ""), bare())
		e := failure(t, err)
		if e.Status != tc.status || e.Field != tc.field || e.Kind != tc.kind || len(s.Got()) > 0 {
			t.Errorf("%s %d: %+v", tc.at, tc.status, e)
		}
		if tc.status != 0 && e.Message != "4.2.0 not now" {
			t.Errorf("%s %d: message %q", tc.at, tc.status, e.Message)
		}
	}
}

func TestOneRecipientKeepsTheMailFromNobodyElse(t *testing.T) {
	t.Parallel()
	const one, other = "team@example.com", "night.shift+alerts@example.org"
	for _, tc := range []struct {
		refuses map[string]string
		to      []string
		skipped []string
		field   string
		kind    ringside.Kind
	}{
		{map[string]string{one: "550 5.1.1 no such user"}, []string{other}, []string{"/recipients/0: 550 5.1.1 no such user"}, "", ""},
		{map[string]string{other: "450 4.2.1 greylisted"}, []string{one}, []string{"/recipients/1: 450 4.2.1 greylisted"}, "", ""},
		{map[string]string{one: "550 no", other: "450 later"}, nil, nil, "/recipients/1", ringside.Unavailable},
		{map[string]string{one: "450 later", other: "550 no"}, nil, nil, "/recipients/0", ringside.Unavailable},
		{map[string]string{one: "550 no", other: "551 no"}, nil, nil, "/recipients/0", ringside.Invalid},
	} {
		s := notifytest.NewSMTP(t, func(s *notifytest.SMTP) { s.Refuses = tc.refuses })
		sent, err := tell(t, s, s.Settings(s.Server(), ""), bare())
		if tc.field != "" {
			if e := failure(t, err); e.Field != tc.field || e.Kind != tc.kind || len(s.Got()) > 0 {
				t.Errorf("%v: %+v", tc.refuses, e)
			}
			continue
		}
		if err != nil || !slices.Equal(sent.Skipped, tc.skipped) || !slices.Equal(s.Got()[0].To, tc.to) {
			t.Errorf("%v: %+v, %v", tc.refuses, sent, err)
		}
	}
}

func TestAMailThatIsTooLargeIsNotSent(t *testing.T) {
	t.Parallel()
	s := notifytest.NewSMTP(t, func(s *notifytest.SMTP) { s.MaxSize = 500 })
	_, err := tell(t, s, s.Settings(s.Server(), ""), bare())
	if e := failure(t, err); !e.Final() || e.Message != "the mail is larger than the server takes" {
		t.Errorf("%+v", e)
	}
}

func TestWhatTheSettingsWantTold(t *testing.T) {
	t.Parallel()
	m := notifytest.Messages()["triggered"]
	for more, want := range map[string][3]bool{ // the subject's word, a link, the transcript
		``: {false, true, false}, `,"includeCallLink":false`: {}, `,"includeTranscript":true`: {false, true, true},
		`,"subject":"{{agent}}: urgent {{severity}} {{turn}}","includeCallLink":true`: {true, true, false},
	} {
		s := notifytest.NewSMTP(t)
		if _, err := tell(t, s, s.Settings(s.Server(), more), m); err != nil {
			t.Fatal(err)
		}
		text := s.Got()[0].Text
		got := [3]bool{strings.HasPrefix(text, "Subject: Front desk: urgent critical 14\n"), strings.Contains(text, "/live/call_abc"), strings.Contains(text, "Customer: I have told you")}
		if got != want {
			t.Errorf("%s: %v, want %v: %s", more, got, want, text)
		}
	}
}

func TestTheInstancesServerIsUsedWhereThereIsNoOther(t *testing.T) {
	t.Parallel()
	s := notifytest.NewSMTP(t)
	c := s.Connection()
	c.Settings = json.RawMessage(`{"recipients":["team@example.com"]}`)
	_, err := email.New().Send(t.Context(), c, bare())
	if e := failure(t, err); e.Field != "/server" || !e.Final() {
		t.Errorf("%+v", e)
	}
	server := s.Server()
	c.Mail = &server
	if _, err := email.New().Send(t.Context(), c, bare()); err != nil || len(s.Got()) != 1 {
		t.Errorf("%v", err)
	}
}

// What was kept as a reference goes into a header: only one of ours does.
func TestAReferenceThatIsNoneIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"<msg_1@example.com>\r\nBcc: victim@example.com", "msg_1@example.com", "<msg_1@example.com> <x@y.z>", "<x@example.com>", "<msg_1>", strings.Repeat("<msg_", 200)} {
		s := notifytest.NewSMTP(t)
		m := notifytest.Messages()["resolved"]
		m.Ref = ref
		if _, err := tell(t, s, s.Settings(s.Server(), ""), m); err != nil {
			t.Fatal(err)
		}
		if got := s.Got()[0]; got.Thread != got.Name || strings.Contains(strings.Join(got.To, " "), "victim") {
			t.Errorf("%q became %+v", ref, got)
		}
	}
}

func TestSettingsThatCannotBePointToTheField(t *testing.T) {
	t.Parallel()
	server := map[string]any{"host": "smtp.example.com", "from": "Ringside <alerts@example.com>", "username": "u", "password": "p"}
	for _, tc := range []struct {
		name  string
		value any
		want  string
	}{
		{"recipients", []string{}, "/recipients"},
		{"recipients", slices.Repeat([]string{"a@example.com"}, 51), "/recipients"},
		{"recipients", []string{"a@example.com", "A@example.com"}, "/recipients/1"},
		{"recipients", []string{"a@example.com", "Bob <b@example.com>"}, "/recipients/1"},
		{"recipients", []string{"a@example.com\r\nBcc: b@example.com"}, "/recipients/0"},
		{"recipients", []string{"a@example.com, b@example.com"}, "/recipients/0"},
		{"recipients", []string{"a@example.com>"}, "/recipients/0"},
		{"recipients", []string{`"a b"@example.com`}, "/recipients/0"},
		{"recipients", []string{"ä@example.com"}, "/recipients/0"},
		{"recipients", "a@example.com", "/recipients"},
		{"subject", "{{nobody}}", "/subject"},
		{"subject", strings.Repeat("x", 201), "/subject"},
		{"server.host", "smtp.example.com\r\n", "/server/host"},
		{"server.host", "", "/server/host"},
		{"server.port", 70_000, "/server/port"},
		{"server.port", "587", "/server/port"},
		{"server.security", "ssl", "/server/security"},
		{"server.security", "none", "/server/username"},
		{"server.from", "nobody", "/server/from"},
		{"server.from", "x <a@example.com>\r\nBcc: b@example.com", "/server/from"},
		{"server.password", "p\r\nQUIT", "/server/password"},
		{"subject", "Alert: {{alert_name}}", ""},
		{"server.security", "tls", ""},
	} {
		settings, own := map[string]any{"recipients": []string{"team@example.com"}}, maps.Clone(server)
		settings["server"] = own
		if name, ok := strings.CutPrefix(tc.name, "server."); ok {
			own[name] = tc.value
		} else {
			settings[tc.name] = tc.value
		}
		raw, err := json.Marshal(settings)
		if err != nil {
			t.Fatal(err)
		}
		err = email.New().Validate(raw)
		e, ok := errors.AsType[*ringside.Error](err)
		if ok != (tc.want != "") || ok && (e.Field != tc.want || e.Kind != ringside.Invalid) {
			t.Errorf("%s %v: %v, want %q", tc.name, tc.value, err, tc.want)
		}
	}
}
