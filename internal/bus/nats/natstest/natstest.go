// Package natstest gives a test a NATS server of its own, and processes that meet
// there. Only tests import it.
package natstest

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/ringsidehq/ringside/internal/bus"
	"github.com/ringsidehq/ringside/internal/bus/nats"
	"github.com/ringsidehq/ringside/internal/secret"
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

// key is what the processes of a test seal with.
const key = "4f1d8a03c96be27571fa3be0d4c8265917e0b3a86df2c4951b7e60ad38c2f94b"

// Join makes one more process's end of a bus at the server. Whoever uses it starts
// and stops it.
func (s *Server) Join() *Cord {
	s.t.Helper()
	box, err := secret.Open("", key)
	if err != nil {
		s.t.Fatal(err)
	}
	b, err := nats.New(nats.Config{Server: nats.Server{URL: s.URL}, Installation: "test", Secrets: box, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		s.t.Fatal(err)
	}
	return &Cord{Bus: b}
}

// Cord is a process's end of the bus, and can be cut both ways, as when a machine
// stops: nobody is told.
type Cord struct {
	*nats.Bus
	Cut atomic.Bool
}

// Start is the bus's, and hears nothing while the cord is cut.
func (c *Cord) Start(note func(*bus.Note), missed func()) error {
	return c.Bus.Start(func(n *bus.Note) {
		if !c.Cut.Load() {
			note(n)
		}
	}, missed)
}

// Send is the bus's, and says nothing while the cord is cut.
func (c *Cord) Send(n bus.Note) {
	if !c.Cut.Load() {
		c.Bus.Send(n)
	}
}
