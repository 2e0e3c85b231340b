package app

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/email"
)

// mailServer is the instance's own mail server, by which alerts go whose rule
// names none; nil when none is set. check says whether mail may go to an address.
// No error repeats the URL: a password is in it.
func mailServer(c *config.Serve, check func(address string, plain bool) error) (*notify.MailServer, error) {
	switch {
	case c.SMTPURL == "" && c.SMTPFrom == "":
		return nil, nil
	case c.SMTPURL == "":
		return nil, errors.New("--smtp-from is given without --smtp-url, the server that takes the mail")
	case c.SMTPFrom == "":
		return nil, errors.New("--smtp-url is given without --smtp-from, the address that mail comes from")
	}
	m, err := mailURL(c.SMTPURL)
	if err != nil {
		return nil, fmt.Errorf("--smtp-url: %w", err)
	}
	m.From = c.SMTPFrom
	address, plain, err := email.Address(*m)
	if e, ok := errors.AsType[*ringside.Error](err); ok {
		flag := "--smtp-url"
		if e.Field == "/server/from" {
			flag = "--smtp-from"
		}
		return nil, fmt.Errorf("%s: %s", flag, e.Message)
	}
	if err := check(address, plain); err != nil {
		return nil, fmt.Errorf("--smtp-url: %w", err)
	}
	return m, nil
}

// mailSecurity is how mail is encrypted, by the URL's scheme and what its query
// asks for as security.
var mailSecurity = map[[2]string]string{{"smtp", ""}: "starttls", {"smtps", ""}: "tls", {"smtp", "none"}: "none"}

// mailURL reads smtp://user:password@host:port; the sender is not in it.
func mailURL(s string) (*notify.MailServer, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return nil, errors.New("is not a mail server's address; it looks like smtp://user:password@smtp.example.com:587, with what is special in a URL written as %40 for @, %2F for / and so on")
	}
	security, known := mailSecurity[[2]string{u.Scheme, u.Query().Get("security")}]
	if !known {
		return nil, errors.New("begins with smtp:// (STARTTLS) or smtps:// (TLS from the first byte); smtp://…?security=none is for servers in your own network that offer neither")
	}
	m := &notify.MailServer{Host: u.Hostname(), Security: security, Username: u.User.Username()}
	m.Password, _ = u.User.Password()
	if (m.Username == "") != (m.Password == "") {
		return nil, errors.New("has a user name without a password, or the other way round")
	}
	if u.Port() != "" {
		if m.Port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("has a port that is none")
		}
	}
	return m, nil
}
