package email

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
)

const (
	// maxWait is what handing a mail in may take.
	maxWait = 60 * time.Second
	// maxHeard is what is read of a server in all. Certificates are the most
	// of it.
	maxHeard = 256 << 10
	maxReply = 500
)

// errs makes errors of what a server says, or does not say.
type errs struct {
	ctx  context.Context
	hide []string
}

// at is the error of a step, with the setting that it is about.
func (e errs) at(field string, err error) *notify.Error {
	reply, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		silent := notify.Silence(e.ctx, name, err)
		silent.Field = field
		return silent
	}
	out := &notify.Error{
		Kind: kindOf(reply.Code), Channel: name, Status: reply.Code, Field: field,
		Message: notify.Oneline(notify.Hide(reply.Msg, e.hide), maxReply),
	}
	if out.Message == "" {
		out.Message = "answered " + strconv.Itoa(reply.Code)
	}
	return out
}

// kindOf tells what a reply code means: 4xx is for now, 5xx for good.
func kindOf(code int) ringside.Kind {
	switch {
	case code >= 400 && code <= 499:
		return ringside.Unavailable
	case code == 530, code == 534, code == 535, code == 538:
		return ringside.Unauthorized
	}
	return ringside.Invalid
}

// deliver hands a mail in. It tells who was skipped where others were not.
func (s server) deliver(ctx context.Context, c notify.Connection, recipients []string, raw []byte, hide []string) (skipped []string, failed *notify.Error) {
	waiting, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	e := errs{ctx, hide}
	conn, err := c.Dial(waiting, s.address(), s.Security == noTLS)
	if err != nil {
		return nil, e.at("/server/host", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(waiting, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	client, failed := s.greet(waiting, &bounded{Conn: conn, left: maxHeard}, c, e)
	if failed != nil {
		return nil, failed
	}
	if failed := s.authenticate(client, e); failed != nil {
		return nil, failed
	}
	if ok, size := client.Extension("SIZE"); ok {
		if most, err := strconv.Atoi(size); err == nil && most > 0 && most < len(raw) {
			return nil, &notify.Error{Kind: ringside.Invalid, Channel: name, Message: "the mail is larger than the server takes"}
		}
	}
	if err := client.Mail(s.from.Address); err != nil {
		return nil, e.at("/server/from", err)
	}
	if skipped, failed = invite(client, recipients, e); failed != nil {
		return nil, failed
	}
	if err := write(client, raw); err != nil {
		return nil, e.at("", err)
	}
	_ = client.Quit() // the mail was taken, whatever is said to that
	return skipped, nil
}

// greet begins a session, encrypted unless the settings say otherwise.
func (s server) greet(ctx context.Context, conn net.Conn, c notify.Connection, e errs) (*smtp.Client, *notify.Error) {
	trust := &tls.Config{ServerName: s.Host, RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12}
	if s.Security == implicitTLS {
		secure := tls.Client(conn, trust)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, e.at("/server/security", err)
		}
		conn = secure
	}
	client, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return nil, e.at("/server/host", err)
	}
	if err := client.Hello(domain(s.from)); err != nil {
		return nil, e.at("/server/host", err)
	}
	if s.Security != startTLS {
		return client, nil
	}
	if ok, _ := client.Extension("STARTTLS"); !ok {
		return nil, &notify.Error{
			Kind: ringside.Invalid, Channel: name, Field: "/server/security",
			Message: "the server offers no encryption, so nothing was sent",
		}
	}
	if err := client.StartTLS(trust); err != nil {
		return nil, e.at("/server/security", err)
	}
	return client, nil
}

func (s server) authenticate(client *smtp.Client, e errs) *notify.Error {
	if s.Username == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	var auth smtp.Auth
	switch ways := strings.Fields(strings.ToUpper(offered)); {
	case slices.Contains(ways, "PLAIN"):
		auth = smtp.PlainAuth("", s.Username, s.Password, s.Host)
	case slices.Contains(ways, "LOGIN"):
		auth = &login{answers: []string{s.Username, s.Password}}
	default:
		return &notify.Error{
			Kind: ringside.Invalid, Channel: name, Field: "/server/username",
			Message: "the server takes no user name and password, neither by PLAIN nor by LOGIN",
		}
	}
	if err := client.Auth(auth); err != nil {
		return e.at("/server/username", err)
	}
	return nil
}

// login is AUTH LOGIN: the server asks for the name, then for the password, in
// whatever words.
type login struct{ answers []string }

// Start implements smtp.Auth.
func (*login) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

// Next implements smtp.Auth.
func (l *login) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if len(l.answers) == 0 {
		return nil, &textproto.Error{Code: 535, Msg: "the server asks for more than a name and a password"}
	}
	next := l.answers[0]
	l.answers = l.answers[1:]
	return []byte(next), nil
}

// invite names the recipients. That some are refused does not keep the mail
// from the others; when all are, one that may be taken later decides.
func invite(client *smtp.Client, recipients []string, e errs) (skipped []string, failed *notify.Error) {
	for i, r := range recipients {
		err := client.Rcpt(r)
		if err == nil {
			continue
		}
		refused := e.at(notify.Pointer("/recipients", strconv.Itoa(i)), err)
		if refused.Status == 0 || refused.Status == 421 { // the session is over, whoever it was about
			refused.Field = ""
			return nil, refused
		}
		skipped = append(skipped, refused.Field+": "+strconv.Itoa(refused.Status)+" "+refused.Message)
		if failed == nil || failed.Final() && !refused.Final() {
			failed = refused
		}
	}
	if len(skipped) < len(recipients) {
		return skipped, nil
	}
	return nil, failed
}

func write(client *smtp.Client, raw []byte) error {
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	return w.Close()
}

// bounded ends a conversation in which the server does not stop talking.
type bounded struct {
	net.Conn
	left int
}

// Read implements net.Conn.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
