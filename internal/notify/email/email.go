// Package email tells alerts by mail: text and HTML, to several recipients.
//
// The mail of an incident's first message is the root of a thread, to which the
// later ones refer (Message.Ref). A Message-ID is the same each time that a mail
// is tried.
//
// It is encrypted, by STARTTLS or from the first byte, or it is not sent; but
// for servers of the operator's own network, where a rule of egress allows
// that. A password is never sent without encryption. A mail that a server takes
// for some recipients only is sent to those, and the others are told of.
package email

import (
	"cmp"
	"context"
	"encoding/json"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
)

const (
	// ID is this channel's name in a rule's notifications.
	ID   = "email"
	name = "E-mail"

	usualSubject = "Alert: {{alert_name}}"
	// maxRecipients is less than the 100 that every server has to take.
	maxRecipients = 50
	maxSubject    = 200

	noServer = "needs a mail server: start Ringside with --smtp-url and --smtp-from, or give the rule a server of its own"
)

// New is the row of this channel.
func New() notify.Channel {
	return notify.Channel{ID: ID, Name: name, Secrets: []string{"/server/password"}, Validate: validate, Ready: ready, Send: send}
}

// settings are whom to write to, and what.
type settings struct {
	Recipients        []string           `json:"recipients"`
	Subject           string             `json:"subject"` // with {{names}}; usualSubject when empty
	IncludeCallLink   *bool              `json:"includeCallLink"`
	IncludeTranscript bool               `json:"includeTranscript"`
	Server            *notify.MailServer `json:"server"` // the instance's when there is none
}

func validate(raw json.RawMessage) error {
	s, err := read(raw)
	if err != nil {
		return err
	}
	if _, err := (notify.Message{}).FillText("/subject", s.Subject); err != nil {
		return err
	}
	if s.Server != nil {
		_, err = serverOf(*s.Server)
	}
	return err
}

// ready tells whether there is a server to hand mail in at.
func ready(c notify.Connection) error {
	s, err := read(c.Settings)
	if err == nil && cmp.Or(s.Server, c.Mail) == nil {
		err = ringside.Invalidf("", noServer)
	}
	return err
}

func read(raw json.RawMessage) (s settings, err error) {
	if err = notify.Read(raw, &s); err != nil {
		return s, err
	}
	switch n := len(s.Recipients); {
	case n == 0:
		return s, ringside.Invalidf("/recipients", "needs somebody to write to")
	case n > maxRecipients:
		return s, ringside.Invalidf("/recipients", "are more than %d", maxRecipients)
	case len(s.Subject) > maxSubject:
		return s, ringside.Invalidf("/subject", "has more than %d bytes", maxSubject)
	}
	for i, r := range s.Recipients {
		at := notify.Pointer("/recipients", strconv.Itoa(i))
		if !isAddress(r) {
			return s, ringside.Invalidf(at, "is not an address; it looks like team@example.com")
		}
		if slices.ContainsFunc(s.Recipients[:i], func(o string) bool { return strings.EqualFold(o, r) }) {
			return s, ringside.Invalidf(at, "is there twice")
		}
	}
	s.Subject = cmp.Or(s.Subject, usualSubject)
	return s, nil
}

// isAddress tells whether s is an address and nothing else: what stands in a
// command and in a header can't be more than that. Those in other scripts need
// servers that few have.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || strings.ContainsAny(s, `"<>()[]\,;: `) {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f })
}

func send(ctx context.Context, c notify.Connection, m notify.Message) (notify.Sent, error) {
	s, err := read(c.Settings)
	if err != nil {
		return notify.Sent{}, notify.Refused(name, err)
	}
	server := cmp.Or(s.Server, c.Mail)
	if server == nil {
		return notify.Sent{}, notify.Refused(name, ringside.Invalidf("/server", noServer))
	}
	to, err := serverOf(*server)
	if err != nil {
		return notify.Sent{}, notify.Refused(name, err)
	}
	m = m.Clean()
	subject, err := m.FillText("/subject", s.Subject)
	if err != nil {
		return notify.Sent{}, notify.Refused(name, err)
	}
	l := letter{settings: s, message: m, from: to.from, subject: notify.Oneline(m.Event.Prefix()+subject, maxSubject)}
	raw, err := l.write()
	if err != nil {
		return notify.Sent{}, err
	}
	skipped, failed := to.deliver(ctx, c, s.Recipients, raw, append(m.Private(), to.hidden()...))
	if failed != nil {
		return notify.Sent{}, failed
	}
	return notify.Sent{Ref: cmp.Or(m.Ref, l.id()), Skipped: skipped}, nil
}
