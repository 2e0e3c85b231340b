// Package natstest gives a test a NATS server of its own. Only tests import it.
package natstest

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// within bounds how long the server may take to start.
const within = 30 * time.Second

// Server is a NATS server on a port of its own, on this machine alone.
type Server struct {
	URL string

	t    testing.TB
	port int
	s    *server.Server
}

// New starts a server. It ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, port: server.RANDOM_PORT}
	s.Start()
	s.URL = s.s.ClientURL()
	t.Cleanup(s.Stop)
	return s
}

// Start starts the server again where it was.
func (s *Server) Start() {
	s.t.Helper()
	o := &server.Options{Host: "127.0.0.1", Port: s.port, NoLog: true, NoSigs: true}
	var err error
	if s.s, err = server.NewServer(o); err != nil {
		s.t.Fatal(err)
	}
	go s.s.Start()
	if !s.s.ReadyForConnections(within) {
		s.t.Fatal("the NATS server does not start")
	}
	s.port = o.Port
}

// Stop ends the server, and every connection to it. Twice is once.
func (s *Server) Stop() {
	s.s.Shutdown()
	s.s.WaitForShutdown()
}
