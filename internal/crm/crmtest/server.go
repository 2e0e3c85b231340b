// Package crmtest is what CRM adapters are tested with: fakes of HubSpot, of
// Salesforce and of a custom receiver that hold calls and contacts and are as
// strict as the real ones, and the one suite that every adapter passes.
package crmtest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Fault is something that goes wrong when a call is written.
type Fault struct {
	Status int           // answer this instead of doing it, with Header and Body
	Header http.Header   //
	Body   string        //
	Hang   chan struct{} // say nothing until the asker gives up; closed once it hangs
	Flood  bool          // do it and answer without an end
	Lose   bool          // do it and break off before the answer
	Times  int           // how often; 0 is each time
}

// Request is one that a fake got.
type Request struct {
	Method string          `json:"method"`
	Path   string          `json:"path"` // with the query
	Header http.Header     `json:"-"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// server is the part that all fakes share.
type server struct {
	writes func(*http.Request) bool // tells the requests that write a call
	serve  func(http.ResponseWriter, *http.Request, []byte)

	mu       sync.Mutex
	requests []Request // guarded by mu
	fault    *Fault    // guarded by mu
	failed   int       // how often the fault has struck; guarded by mu
}

// maxBody bounds what a fake reads of a request.
const maxBody = 4 << 20

// start serves a fake until the test ends.
func (s *server) start(t testing.TB) *httptest.Server {
	t.Helper()
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		h.CloseClientConnections()
		h.Close()
	})
	return h
}

// Break makes the requests that write a call go wrong; nil ends that.
func (s *server) Break(f *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.failed = f, 0
}

// Requests are those that came, oldest first.
func (s *server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return
	}
	f := s.note(r, body)
	switch {
	case f == nil:
		s.serve(w, r, body)
	case f.Hang != nil:
		close(f.Hang)
		<-r.Context().Done()
	case f.Lose:
		s.serve(httptest.NewRecorder(), r, body)
		panic(http.ErrAbortHandler) // closes the connection
	case f.Flood:
		s.serve(httptest.NewRecorder(), r, body)
		flood(w)
	default:
		maps.Copy(w.Header(), f.Header)
		w.WriteHeader(f.Status)
		io.WriteString(w, f.Body)
	}
}

// note keeps a request and tells whether it goes wrong, and how.
func (s *server) note(r *http.Request, body []byte) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := Request{Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header.Clone()}
	if json.Valid(body) {
		kept.Body = bytes.Clone(body)
	}
	s.requests = append(s.requests, kept)
	f := s.fault
	if f == nil || !s.writes(r) || f.Times > 0 && s.failed >= f.Times {
		return nil
	}
	s.failed++
	return f
}

// flood answers until nobody listens.
func flood(w http.ResponseWriter) {
	io.WriteString(w, `{"id":"`)
	for chunk := strings.Repeat("x", 64<<10); ; {
		if _, err := io.WriteString(w, chunk); err != nil {
			return
		}
	}
}

// answer writes a JSON answer.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(status)
	if v == nil {
		return
	}
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err) // of what the fake made itself
	}
}

// limit allows some requests within a window that moves along.
type limit struct {
	max    int
	window time.Duration
	spent  []time.Time
}

// take spends one; false when there is none left.
func (l *limit) take(now time.Time) bool {
	for len(l.spent) > 0 && now.Sub(l.spent[0]) >= l.window {
		l.spent = l.spent[1:]
	}
	if len(l.spent) >= l.max {
		return false
	}
	l.spent = append(l.spent, now)
	return true
}

// onlyDigits are the digits of a number that somebody wrote down, up to its
// extension.
func onlyDigits(s string) string {
	s, _, _ = strings.Cut(strings.ToLower(s), "x")
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}
