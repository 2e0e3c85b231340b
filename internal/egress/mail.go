package egress

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
)

// mailPorts are where mail is handed in: by relays, by implicit TLS, by
// STARTTLS, and where a provider finds the usual ones closed.
var mailPorts = []uint16{25, 465, 587, 2525}

// CheckMail says what is wrong with a mail server, host and port, that
// somebody wants to save; nil when mail may go there as far as its text can
// tell. plain means that nothing is encrypted. Its errors are *Refusal.
func (g *Gate) CheckMail(address string, plain bool) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return refusef("the mail server is not a host and a port; it looks like smtp.example.com and 587")
	}
	if !usable(port, mailPorts...) {
		return refusef("the port %q is not one that mail servers use; ports are 25, 465, 587 or above 1023, without those of other well-known services", port)
	}
	if strings.ContainsAny(host, "[]%/\\@?# ") {
		return refusef("the mail server's host has characters in it that no host has")
	}
	u := &url.URL{Scheme: "https", Host: address}
	if plain {
		u.Scheme = "http"
		if len(g.allow) == 0 {
			return errPlainMail
		}
	}
	return mailWords(g.checkHost(u))
}

var errPlainMail = refusef("mail goes unencrypted to private networks that the operator has allowed; use STARTTLS or TLS here")

// DialMail connects to a mail server. Encryption is the caller's, who says
// plain when there will be none; then it connects within allowed ranges only.
func (g *Gate) DialMail(ctx context.Context, address string, plain bool) (net.Conn, error) {
	if err := g.CheckMail(address, plain); err != nil {
		return nil, err
	}
	c, err := g.dialer(plain).DialContext(ctx, "tcp", address)
	return c, mailWords(err)
}

// mailWords says of mail what the rules say of http.
func mailWords(err error) error {
	if errors.Is(err, errPlain) {
		return errPlainMail
	}
	return err
}
