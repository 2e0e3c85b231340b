package llmtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/llm"
)

// Key is the key that every server here wants to see.
const Key = "sk-llmtest-0123456789abcdef"

// Model is the model that every server here offers.
const Model = "qwen3:8b"

// Server is a language model's server on the loopback.
type Server struct {
	URL string // of the API, /v1 with it

	t      testing.TB
	http   *httptest.Server
	answer func(Request) Reply

	mu     sync.Mutex
	log    []Request // sound requests, in the order in which they came
	script []Reply   // what is left of it
}

// New starts a server that plays a script. It is stopped with the test.
func New(t testing.TB, script ...Reply) *Server {
	t.Helper()
	s := &Server{t: t, script: script}
	s.answer = s.next
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.script) > 0 && !t.Failed() {
			t.Errorf("%d replies of the script were not asked for", len(s.script))
		}
	})
	return s.start()
}

// NewFunc starts a server that makes each reply from the request. The function
// is called by several goroutines at once when several requests are under way.
func NewFunc(t testing.TB, answer func(Request) Reply) *Server {
	t.Helper()
	return (&Server{t: t, answer: answer}).start()
}

func (s *Server) start() *Server {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.chat)
	mux.HandleFunc("GET /v1/models", s.models)
	s.http = httptest.NewServer(mux)
	s.t.Cleanup(s.http.Close)
	s.URL = s.http.URL + "/v1"
	return s
}

// Client is a client of the server.
func (s *Server) Client() *llm.Client {
	return &llm.Client{BaseURL: s.URL, Key: Key, HTTP: s.http.Client()}
}

// Log gives the requests so far that were sound.
func (s *Server) Log() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// Close takes the server away before the test's end.
func (s *Server) Close() { s.http.Close() }

func (s *Server) next(q Request) Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.script) == 0 {
		s.t.Errorf("a request after the end of the script:\n%s", q.Body)
		return Status(http.StatusInternalServerError)
	}
	r := s.script[0]
	s.script = s.script[1:]
	return r
}

func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	if !authorised(w, r) {
		return
	}
	if ct := r.Header.Get("Content-Type"); !strings.HasPrefix(ct, "application/json") {
		problem(w, http.StatusBadRequest, "", "the content type is "+ct+", not application/json")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<20))
	if err != nil {
		problem(w, http.StatusRequestEntityTooLarge, "", "the request is too large")
		return
	}
	q, at, err := parse(body)
	if err != nil {
		problem(w, http.StatusBadRequest, at, err.Error())
		return
	}
	s.mu.Lock()
	s.log = append(s.log, q)
	s.mu.Unlock()
	s.answer(q)(w, r, q)
}

func (s *Server) models(w http.ResponseWriter, r *http.Request) {
	if !authorised(w, r) {
		return
	}
	send(w, http.StatusOK, map[string]any{
		"object": "list",
		"data":   []map[string]any{{"id": Model, "object": "model", "created": created, "owned_by": "library"}},
	})
}

func authorised(w http.ResponseWriter, r *http.Request) bool {
	got := r.Header.Get("Authorization")
	if got == "Bearer "+Key {
		return true
	}
	send(w, http.StatusUnauthorized, failure("invalid_request_error", "", "invalid_api_key",
		"Incorrect API key provided: "+strings.TrimPrefix(got, "Bearer ")+"."))
	return false
}
