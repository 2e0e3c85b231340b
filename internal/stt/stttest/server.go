package stttest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/stt"
)

// Key is the key that every server here wants to see.
const Key = "sk-stttest-0123456789abcdef"

// Model is the model that every server here offers.
const Model = "whisper-1"

// Server writes speech down on the loopback.
type Server struct {
	URL string

	t      testing.TB
	kind   stt.Protocol
	http   *httptest.Server
	answer func(Request) Reply

	mu     sync.Mutex
	log    []Request // sound requests, in the order in which they came; under mu
	script []Reply   // what is left of it; under mu
}

// New starts a server that plays a script. It is stopped with the test.
func New(t testing.TB, kind stt.Protocol, script ...Reply) *Server {
	t.Helper()
	s := &Server{t: t, kind: kind, script: script}
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
func NewFunc(t testing.TB, kind stt.Protocol, answer func(Request) Reply) *Server {
	t.Helper()
	return (&Server{t: t, kind: kind, answer: answer}).start()
}

func (s *Server) start() *Server {
	mux := http.NewServeMux()
	if s.kind == stt.Deepgram {
		mux.HandleFunc("POST /v1/listen", s.listen)
	} else {
		mux.HandleFunc("POST /v1/audio/transcriptions", s.transcriptions)
	}
	s.http = httptest.NewServer(mux)
	s.t.Cleanup(s.http.Close)
	s.URL = s.http.URL
	return s
}

// Settings are those of a workspace that uses the server.
func (s *Server) Settings() stt.SpeechSettings {
	return stt.SpeechSettings{Kind: s.kind, BaseURL: s.URL, Model: Model}
}

// Client is a client of the server.
func (s *Server) Client() *stt.Client {
	return &stt.Client{Settings: s.Settings(), Key: Key, HTTP: s.http.Client()}
}

// Log gives the requests so far that were sound.
func (s *Server) Log() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// Close takes the server away before the test's end.
func (s *Server) Close() { s.http.Close() }

func (s *Server) next(Request) Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.script) == 0 {
		s.t.Error("a request after the end of the script")
		return Problem(http.StatusInternalServerError, "", "the script is over")
	}
	r := s.script[0]
	s.script = s.script[1:]
	return r
}

// transcriptions is OpenAI's endpoint.
func (s *Server) transcriptions(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+Key {
		Problem(http.StatusUnauthorized, "", "Incorrect API key provided: "+r.Header.Get("Authorization")+".")(w, Request{})
		return
	}
	if r.ContentLength <= 0 || r.ContentLength > 25_000_000 {
		Problem(http.StatusRequestEntityTooLarge, "", "Maximum content size limit (25000000) exceeded")(w, Request{})
		return
	}
	q, param, err := readForm(r)
	if err != nil {
		Problem(http.StatusBadRequest, param, err.Error())(w, Request{})
		return
	}
	s.reply(w, q)
}

// listen is Deepgram's endpoint.
func (s *Server) listen(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Token "+Key {
		DeepgramProblem(http.StatusUnauthorized, "INVALID_AUTH", "Invalid credentials.")(w, Request{})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 25_000_000))
	if err != nil {
		DeepgramProblem(http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", "the file is too large")(w, Request{})
		return
	}
	q, err := readQuery(r, body)
	if err != nil {
		DeepgramProblem(http.StatusBadRequest, "Bad Request", "Bad Request: "+err.Error())(w, Request{})
		return
	}
	s.reply(w, q)
}

func (s *Server) reply(w http.ResponseWriter, q Request) {
	s.mu.Lock()
	s.log = append(s.log, q)
	s.mu.Unlock()
	s.answer(q)(w, q)
}
