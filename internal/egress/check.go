package egress

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Refusal is the rules' answer to an address. Its sentence can be shown to
// whoever gave the address: it names nothing that was looked up.
type Refusal struct {
	Reason string
}

// Error implements error.
func (r *Refusal) Error() string { return r.Reason }

func refusef(format string, args ...any) error {
	return &Refusal{fmt.Sprintf(format, args...)}
}

// maxURL is how long an address may be.
const maxURL = 2048

// CheckURL says what is wrong with an address that somebody wants to save; nil
// when requests may go there as far as its text can tell. Its errors are
// *Refusal.
func (g *Gate) CheckURL(raw string) error {
	if len(raw) > maxURL {
		return refusef("the address is longer than %d characters", maxURL)
	}
	for _, r := range raw {
		if r <= ' ' || r == 0x7f || r == '\\' {
			return refusef("the address has spaces, control characters or backslashes in it")
		}
	}
	u, err := url.Parse(raw)
	if err != nil {
		return refusef("%q is not a web address; it looks like https://example.com/hook", raw)
	}
	return g.check(u)
}

// check is what can be told of a URL before a name in it is looked up.
func (g *Gate) check(u *url.URL) error {
	switch {
	case u.Scheme != "https" && u.Scheme != "http", u.Opaque != "", u.Host == "":
		return refusef("the address has to begin with https:// and name a host; it looks like https://example.com/hook")
	case u.User != nil:
		return refusef("the address has a user name or a password in it; give secrets where secrets go")
	case u.Scheme == "http" && len(g.allow) == 0:
		return refusef("the address has to begin with https://; http is for private networks that the operator has allowed")
	}
	if err := checkPort(u); err != nil {
		return err
	}
	return g.checkHost(u)
}

// blocked are ports from 1024 on where other protocols listen that may take a
// line of a request for a command of theirs: those that browsers refuse, and
// the usual ones of databases and caches.
var blocked = []uint16{
	1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
	1433, 1521, 2181, 2375, 2379, 3306, 3389, 5432, 5672, 5900, 6379, 9042, 11211, 27017,
}

func checkPort(u *url.URL) error {
	if strings.HasSuffix(u.Host, ":") {
		return refusef("the address ends in a colon; leave it out or give a port")
	}
	if u.Port() == "" {
		return nil
	}
	if !usable(u.Port(), 80, 443) {
		return refusef("the port %s is not one that web servers use; ports are 80, 443 or above 1023, without those of other well-known services", u.Port())
	}
	return nil
}

// usable tells whether a port is one of the usual ones of a protocol or one
// from 1024 on that is nobody else's.
func usable(port string, usual ...uint16) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	p := uint16(n)
	return err == nil && (slices.Contains(usual, p) || p >= 1024 && !slices.Contains(blocked, p))
}

// inside are names that stand for addresses in a private network, and the ends
// of such names.
var inside = []string{"localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "localdomain"}

// metadataNames are how clouds call the service that knows a machine's keys.
var metadataNames = []string{"metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal"}

// metadataAddrs are where it is.
var metadataAddrs = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"), // AWS, Google, Azure and most others
	netip.MustParseAddr("169.254.170.2"),   // AWS, for containers
	netip.MustParseAddr("169.254.170.23"),
	netip.MustParseAddr("100.100.100.200"), // Alibaba
	netip.MustParseAddr("192.0.0.192"),     // Oracle
	netip.MustParseAddr("168.63.129.16"),   // Azure's host
	netip.MustParseAddr("fd00:ec2::254"),
	netip.MustParseAddr("fd00:ec2::23"),
	netip.MustParseAddr("fd20:ce::254"), // Google
}

func (g *Gate) checkHost(u *url.URL) error {
	name := hostname(u)
	if strings.HasPrefix(u.Host, "[") || strings.Contains(name, ":") {
		return g.checkIPv6(name)
	}
	if strings.HasSuffix(name, ".") {
		return refusef("the host ends in a dot; leave it out")
	}
	labels := strings.Split(name, ".")
	if addr, err := netip.ParseAddr(name); err == nil {
		return g.checkAddr(addr, u.Scheme == "http")
	}
	if looksNumeric(labels[len(labels)-1]) {
		return refusef("the host is a number; write an IPv4 address as four decimal numbers with dots between")
	}
	if len(name) > 253 || slices.ContainsFunc(labels, badLabel) {
		return refusef("the host is not a name; use letters, digits and hyphens, and the xn-- form for other scripts")
	}
	if slices.Contains(metadataNames, name) {
		return errMetadata
	}
	if len(g.allow) > 0 {
		return nil // it may well resolve into an allowed range: the dialler will see
	}
	if len(labels) == 1 || slices.ContainsFunc(inside, func(end string) bool { return strings.HasSuffix(name, "."+end) }) {
		return errInside
	}
	return nil
}

func (g *Gate) checkIPv6(name string) error {
	addr, err := netip.ParseAddr(name)
	switch {
	case err != nil:
		return refusef("the host in brackets is not an IPv6 address")
	case addr.Zone() != "":
		return refusef("the IPv6 address names a network interface; leave out what stands after the %%")
	case addr.Is4In6():
		return refusef("the host is an IPv4 address written as IPv6; write it as four decimal numbers with dots between")
	}
	return g.checkAddr(addr, false)
}

// looksNumeric tells whether resolvers may take a host that ends so for an
// address: 127.1, 2130706433, 0x7f.1, 0177.0.0.1.
func looksNumeric(last string) bool {
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

func badLabel(s string) bool {
	return s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") != ""
}

var (
	errMetadata = refusef("the address is a cloud's metadata service, and no request goes there")
	errInside   = refusef("the address is private or reserved; an operator may allow private networks with --egress-allow")
	errPlain    = refusef("http goes to private networks that the operator has allowed; use https here")
)

// checkDial is the dialler's last question, with the address that it is about
// to connect to.
func (g *Gate) checkDial(address string, plain bool) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return refusef("the address is none of the internet")
	}
	return g.checkAddr(ap.Addr(), plain)
}

func (g *Gate) checkAddr(a netip.Addr, plain bool) error {
	a = a.Unmap()
	switch {
	case slices.Contains(metadataAddrs, a):
		return errMetadata
	case slices.ContainsFunc(g.allow, func(p netip.Prefix) bool { return p.Contains(a) }):
		return nil
	case g.public.SafeAddr(a) != nil:
		return errInside
	case plain:
		return errPlain
	}
	return nil
}

// Host is what a secret is bound to: the host and port that a URL names, in
// one way of writing; empty when it names none.
func Host(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return hostOf(u)
}

func hostOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
		if u.Scheme == "http" {
			port = "80"
		}
	}
	return net.JoinHostPort(hostname(u), port)
}

func hostname(u *url.URL) string { return strings.ToLower(u.Hostname()) }
