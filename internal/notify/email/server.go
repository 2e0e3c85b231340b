package email

import (
	"cmp"
	"encoding/base64"
	"net"
	"net/mail"
	"regexp"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
)

// The ways to be encrypted.
const (
	startTLS    = "starttls"
	implicitTLS = "tls"
	noTLS       = "none"
)

// server is a mail server whose settings hold together.
type server struct {
	notify.MailServer
	from *mail.Address
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,253}$`)

func serverOf(s notify.MailServer) (server, error) {
	s.Security = cmp.Or(s.Security, startTLS)
	if s.Port == 0 {
		s.Port = 587
		if s.Security == implicitTLS {
			s.Port = 465
		}
	}
	from, err := mail.ParseAddress(s.From)
	switch {
	case !hostName.MatchString(s.Host):
		return server{}, ringside.Invalidf("/server/host", "needs the mail server's name, such as smtp.example.com")
	case s.Port < 1 || s.Port > 65_535:
		return server{}, ringside.Invalidf("/server/port", "is no port")
	case s.Security != startTLS && s.Security != implicitTLS && s.Security != noTLS:
		return server{}, ringside.Invalidf("/server/security", "has to be starttls, tls or none")
	case s.Security == noTLS && s.Username != "":
		return server{}, ringside.Invalidf("/server/username", "a password is not sent without encryption; use starttls or tls")
	case err != nil || !isAddress(from.Address):
		return server{}, ringside.Invalidf("/server/from", "is not an address; it looks like Ringside <alerts@example.com>")
	case strings.ContainsAny(s.Username+s.Password, "\x00\r\n"):
		return server{}, ringside.Invalidf("/server/password", "has characters in it that no password has")
	}
	return server{MailServer: s, from: from}, nil
}

// Address is where mail is handed in to a server, and whether nothing is
// encrypted on the way. An error points to the setting, below /server.
func Address(s notify.MailServer) (address string, plain bool, err error) {
	to, err := serverOf(s)
	if err != nil {
		return "", false, err
	}
	return to.address(), to.Security == noTLS, nil
}

func (s server) address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// hidden is what no error may repeat: the password, and what it is on the wire.
func (s server) hidden() []string {
	b := base64.StdEncoding.EncodeToString
	return []string{s.Password, b([]byte(s.Password)), b([]byte("\x00" + s.Username + "\x00" + s.Password))}
}

// domain is what the sender's address ends in.
func domain(a *mail.Address) string { return a.Address[strings.LastIndexByte(a.Address, '@')+1:] }
