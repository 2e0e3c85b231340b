package notifytest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/notify"
)

const (
	mailUser     = "alerts@example.com"
	mailPassword = "fixture-of-a-password-5b1f"
	maxMail      = 1 << 20
)

// SMTP is a mail server: RFC 5321 with STARTTLS or TLS from the first byte, a
// certificate that only its own pool vouches for, PLAIN or LOGIN, a bound on
// size, and recipients that it does not know. Lines have to end in CRLF and be
// as short as the RFC wants them, and mails have to be ones that can be read.
type SMTP struct {
	faults
	gate     *egress.Gate
	listener net.Listener
	roots    *x509.CertPool
	trust    *tls.Config
	sessions sync.WaitGroup

	// Set while it is made.
	Security string            // starttls, tls or none
	Ways     string            // to authenticate; none when empty
	Refuses  map[string]string // recipients, and the reply that they get
	MaxSize  int
}

// NewSMTP starts a server with STARTTLS that wants a password, but for what is
// set otherwise.
func NewSMTP(t testing.TB, set ...func(*SMTP)) *SMTP {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &SMTP{gate: gate(t), listener: l, Security: "starttls", Ways: "PLAIN LOGIN", MaxSize: maxMail}
	s.certify()
	for _, f := range set {
		f(s)
	}
	accepting := make(chan struct{})
	open := &connections{all: map[net.Conn]bool{}}
	go func() {
		defer close(accepting)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.add(c)
			s.sessions.Go(func() {
				defer open.drop(c)
				s.session(c)
			})
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-accepting
		open.close()
		s.sessions.Wait()
	})
	return s
}

// connections are those that are open, so that none outlives its test.
type connections struct {
	mu  sync.Mutex
	all map[net.Conn]bool // guarded by mu
}

func (o *connections) add(c net.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all[c] = true
}

func (o *connections) drop(c net.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.all, c)
	c.Close()
}

func (o *connections) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for c := range o.all {
		c.Close()
	}
}

// certify takes over the certificate of a test server, which signed it itself.
func (s *SMTP) certify() {
	h := httptest.NewUnstartedServer(http.NotFoundHandler())
	h.StartTLS()
	defer h.Close()
	s.roots = x509.NewCertPool()
	s.roots.AddCert(h.Certificate())
	s.trust = &tls.Config{Certificates: h.TLS.Certificates, MinVersion: tls.VersionTLS12}
}

// Server is the server as settings have it.
func (s *SMTP) Server() notify.MailServer {
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		panic(err) // of what the listener made
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		panic(err)
	}
	m := notify.MailServer{Host: host, Port: n, Security: s.Security, From: "Ringside Alerts <" + mailUser + ">"}
	if s.Ways != "" {
		m.Username, m.Password = mailUser, mailPassword
	}
	return m
}

// Settings are ones that send by this server, with others beside them.
func (s *SMTP) Settings(server notify.MailServer, more string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"recipients":["team@example.com","night.shift+alerts@example.org"],"server":%s%s}`, encode(server), more))
}

// Connection is one that the server takes.
func (s *SMTP) Connection() notify.Connection {
	return notify.Connection{Dial: s.gate.DialMail, RootCAs: s.roots, Settings: s.Settings(s.Server(), `,"includeTranscript":true`)}
}

// Wrong is a connection with another password.
func (s *SMTP) Wrong() (notify.Connection, string) {
	c, server := s.Connection(), s.Server()
	server.Password = "another-password-of-theirs"
	c.Settings = s.Settings(server, "")
	return c, server.Password
}

// Secrets are what nobody may repeat: the password, and what it is on the wire.
func (*SMTP) Secrets() []string {
	b := base64.StdEncoding.EncodeToString
	return []string{mailPassword, b([]byte(mailPassword)), b([]byte("\x00" + mailUser + "\x00" + mailPassword))}
}

// Complaint is how a server refuses.
func (*SMTP) Complaint(message string) (string, http.Header) { return message, nil }

// errQuit ends a session.
var errQuit = errors.New("the session is over")
