package egress

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Config says where requests may go.
type Config struct {
	// Allow are ranges that may be reached although they are private, such as
	// 10.20.0.0/16. Public addresses need none.
	Allow    []netip.Prefix
	Resolver *net.Resolver  // nil: the system's
	RootCAs  *x509.CertPool // nil: the system's
}

// Gate holds the rules and the connections. It is safe for concurrent use.
type Gate struct {
	allow   []netip.Prefix
	public  *ssrf.Guardian
	resolve *net.Resolver

	// By https anywhere that is permitted, by http to the allowed ranges.
	secure, plain *http.Transport
}

// Limits bound one exchange.
type Limits struct {
	Timeout time.Duration // from the dialling to the last byte of the answer; 30 s when 0
	// Body is the largest answer in bytes; 1 MiB when 0. Reading on fails with
	// *http.MaxBytesError.
	Body int64
	// Redirects is how many are followed, on the same host, at most 3. Without
	// any, a 3xx is an answer like another.
	Redirects int
}

// The bounds where none are given, and the times that belong to all requests.
const (
	defaultTimeout = 30 * time.Second
	defaultBody    = 1 << 20
	maxRedirects   = 3
	maxHeader      = 64 << 10
	dialTimeout    = 10 * time.Second
	idleTimeout    = time.Minute
)

// New makes a gate.
func New(c Config) *Gate {
	g := &Gate{allow: c.Allow, public: ssrf.New(ssrf.WithAnyPort()), resolve: c.Resolver}
	g.secure = g.transport(c.RootCAs, false)
	g.plain = g.transport(c.RootCAs, true)
	return g
}

func (g *Gate) transport(roots *x509.CertPool, plain bool) *http.Transport {
	return &http.Transport{
		Proxy:                  nil, // not the environment's: it would dial in our place
		DialContext:            g.dialer(plain).DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second},
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    32, // the endpoint that deliveries are forwarded to is asked many times at once
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// dialer connects to what the rules permit; plain means without encryption.
func (g *Gate) dialer(plain bool) *net.Dialer {
	return &net.Dialer{
		Timeout: dialTimeout, Resolver: g.resolve,
		Control: func(_, address string, _ syscall.RawConn) error { return g.checkDial(address, plain) },
	}
}

// Client gives a client that keeps to the rules and to limits. All clients of
// a gate share its connections.
func (g *Gate) Client(l Limits) *http.Client {
	if l.Timeout == 0 {
		l.Timeout = defaultTimeout
	}
	if l.Body == 0 {
		l.Body = defaultBody
	}
	return &http.Client{
		Transport:     &bounded{gate: g, body: l.Body},
		Timeout:       l.Timeout,
		CheckRedirect: follow(min(l.Redirects, maxRedirects)),
	}
}

// Close closes the connections that nobody uses.
func (g *Gate) Close() {
	g.secure.CloseIdleConnections()
	g.plain.CloseIdleConnections()
}

// bounded checks each request before it goes, those of redirects too, and
// bounds its answer.
type bounded struct {
	gate *Gate
	body int64
}

// RoundTrip implements http.RoundTripper.
func (b *bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := b.gate.check(r.URL); err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, err
	}
	t := b.gate.secure
	if r.URL.Scheme == "http" {
		t = b.gate.plain
	}
	res, err := t.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusSwitchingProtocols {
		return switched(r, res)
	}
	res.Body = http.MaxBytesReader(nil, res.Body, b.body)
	return res, nil
}

// switched hands out a connection where the request asked for one: from here
// on it is no answer, and its user bounds it. To another request it would be a
// body without an end, which no time limit of the client's reaches.
func switched(r *http.Request, res *http.Response) (*http.Response, error) {
	if r.Header.Get("Upgrade") != "" {
		return res, nil
	}
	res.Body.Close()
	return nil, refusef("it answered %d, and no other protocol was asked for", res.StatusCode)
}

// CloseIdleConnections lets http.Client.CloseIdleConnections work.
func (b *bounded) CloseIdleConnections() { b.gate.Close() }

// follow gives the policy of a client that follows that many redirects.
func follow(most int) func(*http.Request, []*http.Request) error {
	return func(r *http.Request, via []*http.Request) error {
		switch {
		case most <= 0:
			return http.ErrUseLastResponse
		case len(via) > most:
			return refusef("it redirects more than %d times", most)
		case !SameHost(via[0].URL, r.URL):
			return refusef("it redirects to another host, and that is not followed")
		}
		return nil
	}
}

// SameHost tells whether a redirect stays where the request was meant to go, so
// that a secret may go along.
// From http to https on the usual ports is the same place, better locked.
func SameHost(from, to *url.URL) bool {
	if from.Scheme == to.Scheme {
		return hostOf(from) == hostOf(to)
	}
	upgrade := from.Scheme == "http" && to.Scheme == "https"
	return upgrade && hostOf(from) == hostname(to)+":80" && hostOf(to) == hostname(to)+":443"
}
