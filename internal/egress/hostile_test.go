package egress

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// inwards are addresses that lead, or pretend not to lead, where no request
// may go. PORT is where a trap listens on 127.0.0.1.
var inwards = []string{
	// This machine, said plainly and otherwise.
	"https://127.0.0.1:PORT/", "https://127.0.0.2:PORT/", "https://127.255.255.254:PORT/", "https://0.0.0.0:PORT/", "https://0.1.2.3/",
	"https://2130706433:PORT/", "https://0x7f000001:PORT/", "https://0X7F000001:PORT/", "https://017700000001:PORT/",
	"https://127.1:PORT/", "https://127.0.1:PORT/", "https://0177.0.0.1:PORT/", "https://0x7f.0.0.1:PORT/", "https://127.0.0.0x1:PORT/",
	"https://127.0.0.1.:PORT/", "https://127.000.000.001:PORT/", "https://127.0.0.256:PORT/", "https://4294967297:PORT/", "https://0:PORT/", "https://0x:PORT/",
	"https://１２７.０.０.１:PORT/", "https://①②⑦.⓪.⓪.①:PORT/", "https://127。0。0。1:PORT/", "https://%31%32%37.0.0.1:PORT/",
	"https://localhost:PORT/", "https://LOCALHOST:PORT/", "https://localhost.:PORT/", "https://a.localhost:PORT/", "https://localhost.localdomain:PORT/", "https://ip6-localhost:PORT/",
	// The same as IPv6, and IPv6 that holds an IPv4 address.
	"https://[::1]:PORT/", "https://[::]:PORT/", "https://[0:0:0:0:0:0:0:1]:PORT/", "https://[::127.0.0.1]:PORT/",
	"https://[::ffff:127.0.0.1]:PORT/", "https://[::ffff:7f00:1]:PORT/", "https://[0:0:0:0:0:ffff:127.0.0.1]:PORT/", "https://[::ffff:0:127.0.0.1]:PORT/", "https://[::ffff:8.8.8.8]/",
	"https://[64:ff9b::7f00:1]:PORT/", "https://[64:ff9b:1::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/",
	"https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://[::1%25lo]:PORT/", "https://[fc00::1]/", "https://[fd12:3456::1]/", "https://[ff02::1]/", "https://[fec0::1]/",
	"https://[2001:db8::1]/", "https://[100::1]/", "https://[::1/", "https://::1:PORT/", "https://[127.0.0.1]:PORT/", "https://[v1.a]/",
	// Private, shared, reserved.
	"https://10.0.0.1/", "https://10.255.255.255/", "https://172.16.0.1/", "https://172.31.255.254/", "https://192.168.1.1/", "https://100.64.0.1/", "https://100.127.255.255/",
	"https://169.254.1.1/", "https://192.0.0.1/", "https://192.0.2.1/", "https://198.18.0.1/", "https://198.51.100.7/", "https://203.0.113.9/",
	"https://224.0.0.1/", "https://239.255.255.255/", "https://240.0.0.1/", "https://255.255.255.255/", "https://3232235777/",
	// What knows a machine's keys.
	"https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/", "https://100.100.100.200/", "https://168.63.129.16/", "https://192.0.0.192/",
	"https://metadata.google.internal/computeMetadata/v1/", "https://METADATA.google.INTERNAL/", "https://metadata/", "https://instance-data/", "https://2852039166/", "https://0xa9fea9fe/",
	// Names of inside.
	"https://redis/", "https://db.internal/", "https://printer.local/", "https://nas.lan/", "https://router.home.arpa/",
	// Names that a name server leads inside.
	"https://inside.example.com:PORT/", "https://inside6.example.com:PORT/", "https://mapped.example.com:PORT/", "https://mixed.example.com:PORT/",
	"https://ten.example.com/", "https://meta.example.com/", "https://turns.example.com:PORT/", "https://nowhere.example.com/", "https://INSIDE.example.com:PORT/",
	// Users, passwords and other ways to be misread.
	"https://example.com@127.0.0.1:PORT/", "https://127.0.0.1:PORT@example.com/", "https://user:pass@example.com/", "https://@127.0.0.1:PORT/", "https://example.com:443@127.0.0.1:PORT/",
	"https://example.com\\@127.0.0.1:PORT/", "https:\\\\127.0.0.1:PORT/", "https://127.0.0.1:PORT\\.example.com/", "https://example.com#@127.0.0.1:PORT/\\",
	"https:/127.0.0.1:PORT/", "https:127.0.0.1:PORT", "https:///127.0.0.1:PORT/", "//127.0.0.1:PORT/", "127.0.0.1:PORT", "/hook", "", "https://", "https://?a=b", "https://:PORT/",
	// Lines and spaces.
	"https://example.com/\r\nHost: 127.0.0.1", "https://example.com\r\n/", "https://exa\tmple.com/", "https://example.com/a b", " https://example.com/", "https://example.com/\n", "https://example.com/\x00", "https://127.0.0.1:PORT/\x7f",
	"https://example.com%0d%0a/", "https://exa mple.com/", "https://example.com%00.127.0.0.1/",
	// Other schemes.
	"http://127.0.0.1:PORT/", "http://example.com/", "ftp://127.0.0.1:PORT/", "file:///etc/passwd", "gopher://127.0.0.1:PORT/_x", "dict://127.0.0.1:PORT/", "javascript:alert(1)", "data:,x", "ws://127.0.0.1:PORT/",
	"unix:///var/run/docker.sock", "jar:https://example.com/!/", "ldap://127.0.0.1:PORT/", "httpſ://127.0.0.1:PORT/",
	// Ports of other things.
	"https://example.com:22/", "https://example.com:25/", "https://example.com:0/", "https://example.com:65536/", "https://example.com:-1/", "https://example.com:6379/", "https://example.com:5432/",
	"https://example.com:6000/", "https://example.com:/", "https://example.com:443:80/", "https://example.com:４４３/", "https://example.com:2375/", "https://example.com:11211/",
	// Hosts that are none.
	"https://-a.example.com/", "https://a..example.com/", "https://.example.com/", "https://exa$mple.com/", "https://exämple.com/", "https://example.com./", "https://" + strings.Repeat("a", 64) + ".com/",
	"https://" + strings.Repeat("a.", 130) + "com/", "https://example.com/" + strings.Repeat("a", maxURL),
}

// hostileZone leads names inside. The one that turns gives a public address at
// first and another later.
var hostileZone = zone{
	"inside.example.com": {{"127.0.0.1"}}, "inside6.example.com": {{"::1"}}, "mapped.example.com": {{"::ffff:127.0.0.1"}},
	"mixed.example.com": {{"127.0.0.1", "10.1.1.1", "fd00::1"}}, "ten.example.com": {{"10.0.0.1"}}, "meta.example.com": {{"169.254.169.254"}},
	"turns.example.com": {{"192.168.0.1"}, {"127.0.0.1"}},
}

// trap listens on 127.0.0.1 and counts who comes.
func trap(t *testing.T) (port string, caught *atomic.Int32) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	caught = new(atomic.Int32)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			caught.Add(1)
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, caught
}

// Nothing gets in: not when an address is saved, where its text alone tells,
// and not when a request is made.
func TestNoHostileAddressIsReached(t *testing.T) {
	t.Parallel()
	port, caught := trap(t)
	g := New(Config{Resolver: hostileZone.resolver(t)})
	t.Cleanup(g.Close)
	client := g.Client(Limits{Timeout: 5 * time.Second, Redirects: 3})
	if len(inwards) < 60 {
		t.Fatalf("only %d addresses are tried", len(inwards))
	}
	saved := 0
	for _, raw := range inwards {
		raw = strings.ReplaceAll(raw, "PORT", port)
		err := g.CheckURL(raw)
		if err == nil {
			saved++
			if !strings.Contains(strings.ToLower(raw), ".example.com") {
				t.Errorf("%q may be saved", raw)
			}
		} else if r, ok := errors.AsType[*Refusal](err); !ok || r.Reason == "" {
			t.Errorf("%q: %v is no refusal", raw, err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, raw, strings.NewReader("{}"))
		if err != nil {
			continue // no request can be made of it
		}
		if res, err := client.Do(r); err == nil {
			res.Body.Close()
			t.Errorf("%q was answered: %s", raw, res.Status)
		}
	}
	if saved != 9 {
		t.Errorf("%d addresses may be saved, want the 9 that only a look-up gives away", saved)
	}
	if n := caught.Load(); n > 0 {
		t.Errorf("%d requests reached this machine", n)
	}
}

// What is public may be saved.
func TestOrdinaryAddressesMayBeSaved(t *testing.T) {
	t.Parallel()
	g := New(Config{})
	for _, raw := range []string{
		"https://example.com", "https://example.com/hook", "https://EXAMPLE.com:443/hook?token=a%20b&c=d#part", "https://hooks.example.com:8443/", "https://a-b.c_d.example.co.uk/x",
		"https://8.8.8.8/", "https://[2606:4700::1111]/", "https://[2606:4700::1111]:8443/hook", "https://xn--exmple-cua.com/", "https://1.example.com/", "https://example.com:65535/",
	} {
		if err := g.CheckURL(raw); err != nil {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

// An allowed range opens that range: by http too, and nothing beside it.
func TestAllowedRanges(t *testing.T) {
	t.Parallel()
	g := New(Config{Allow: prefixes("10.20.0.0/16", "fd12::/16", "169.254.0.0/16", "0.0.0.0/1")})
	for raw, want := range map[string]bool{
		"http://10.20.3.4:8080/": true, "https://10.20.3.4/": true, "http://[fd12::5]/": true, "http://crm:8080/": true, "http://crm.internal/": true, "https://example.com/": true,
		"http://[fd13::5]/": false, "https://172.16.0.1/": false, "https://192.168.0.1/": false, "http://203.0.113.1/": false, "http://199.1.1.1/": false, "https://199.1.1.1/": true,
		"https://169.254.169.254/": false, "https://100.100.100.200/": false, "https://metadata.google.internal/": false, "http://10.20.3.4:22/": false, "http://u@10.20.3.4/": false, "https://[::ffff:10.20.3.4]/": false,
	} {
		if err := g.CheckURL(raw); (err == nil) != want {
			t.Errorf("%s: %v, want it let through %t", raw, err, want)
		}
	}
}

func prefixes(all ...string) (out []netip.Prefix) {
	for _, s := range all {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

func FuzzCheckURL(f *testing.F) {
	for _, raw := range inwards {
		f.Add(strings.ReplaceAll(raw, "PORT", "8080"))
	}
	f.Add("https://example.com/hook")
	strict, open := New(Config{}), New(Config{Allow: prefixes("127.0.0.0/8")})
	f.Fuzz(func(t *testing.T, raw string) {
		err := strict.CheckURL(raw)
		if err == nil {
			if !strings.HasPrefix(strings.ToLower(raw), "https://") {
				t.Errorf("%q may be saved without https", raw)
			}
			if Host(raw) == "" {
				t.Errorf("%q may be saved and has no host to bind a secret to", raw)
			}
			if open.CheckURL(raw) != nil {
				t.Errorf("%q is refused because something more is allowed", raw)
			}
		}
		_ = fmt.Sprint(err)
	})
}
