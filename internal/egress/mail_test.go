package egress

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

// The doors that are shut to requests are shut to mail.
func TestMailReachesNoHostileAddress(t *testing.T) {
	t.Parallel()
	port, caught := trap(t)
	g := New(Config{Resolver: hostileZone.resolver(t)})
	hosts := []string{
		"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1%25lo]",
		"localhost", "mail", "mail.internal", "relay.lan", "10.0.0.1", "192.168.1.1", "169.254.169.254", "metadata.google.internal", "100.64.0.1",
		"inside.example.com", "inside6.example.com", "mapped.example.com", "mixed.example.com", "ten.example.com", "meta.example.com", "turns.example.com",
		"example.com@127.0.0.1", "user:pass@127.0.0.1", "127.0.0.1/", "127.0.0.1\\", "127.0.0.1\r\n", "exa mple.com", "１２７.０.０.１", "", ".", "-a.example.com",
	}
	for _, host := range hosts {
		for _, plain := range []bool{false, true} {
			c, err := g.DialMail(t.Context(), host+":"+port, plain)
			if err == nil {
				c.Close()
				t.Errorf("%q was reached", host)
			}
		}
	}
	if n := caught.Load(); n > 0 {
		t.Errorf("%d connections reached this machine", n)
	}
}

func TestMailServersThatMayBeSaved(t *testing.T) {
	t.Parallel()
	strict, open := New(Config{}), New(Config{Allow: prefixes("10.20.0.0/16")})
	for address, want := range map[string]string{
		"smtp.example.com:587": "", "smtp.example.com:465": "", "smtp.example.com:25": "", "SMTP.example.com:2525": "", "8.8.8.8:587": "", "[2606:4700::1111]:587": "",
		"smtp.example.com:22": "port", "smtp.example.com:6379": "port", "smtp.example.com:0": "port", "smtp.example.com:80": "port", "smtp.example.com:": "port", "smtp.example.com:smtp": "port",
		"smtp.example.com": "host and a port", ":587": "host and a port", "10.20.0.1:587": "private", "127.0.0.1:587": "private",
	} {
		if err := strict.CheckMail(address, false); (err == nil) != (want == "") || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
		if err := strict.CheckMail(address, true); err == nil {
			t.Errorf("%s may be saved without encryption", address)
		}
	}
	for address, want := range map[string]bool{"10.20.0.1:25": true, "relay:25": true, "relay.internal:25": true, "10.30.0.1:25": false, "8.8.8.8:25": false, "169.254.169.254:25": false} {
		if err := open.CheckMail(address, true); (err == nil) != want {
			t.Errorf("%s: %v, want it let through %t", address, err, want)
		}
	}
}

func TestPlainMailStaysInside(t *testing.T) {
	t.Parallel()
	port, caught := trap(t)
	g := loopback(t, zone{"relay.example.com": {{"127.0.0.1"}}, "public.example.com": {{"8.8.8.8"}}}, nil)
	c, err := g.DialMail(t.Context(), net.JoinHostPort("relay.example.com", port), true)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := g.DialMail(t.Context(), "public.example.com:25", true); !errors.Is(err, errPlainMail) {
		t.Errorf("%v", err)
	}
	if n := caught.Load(); n > 1 {
		t.Errorf("%d connections", n)
	}
}
