// Package notifytest is what notification channels are tested with: fakes of a
// Slack webhook, of PagerDuty's events, of a mail server and of a receiver of
// webhooks, as strict as the real ones, and the one suite that every channel
// passes.
package notifytest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/notify"
)

// Fault is something that goes wrong when a message comes.
type Fault struct {
	Status int           // answer this instead of taking it: HTTP's, or SMTP's reply code
	Header http.Header   // of an HTTP answer
	Body   string        // its body, or the words of the reply
	At     string        // of a mail server: the command that is answered so; the end of the mail when empty
	Hang   chan struct{} // say nothing until the other gives up; closed once it hangs
	Flood  bool          // take it and answer without an end
	Lose   bool          // take it and break off before the answer
	Times  int           // how often; 0 is each time
}

// Got is a message as it stands at a receiver.
type Got struct {
	Event  notify.Event
	Name   string   // by which a repetition is known; empty where there is none
	Thread string   // by which an incident is known; empty where there is none
	Text   string   // all of it, as a person reads it
	To     []string // whom it reached, where a receiver is more than one
	Sent   any      // what came over the wire
}

// faults is what all fakes share: what came, and what is to go wrong.
type faults struct {
	mu     sync.Mutex
	got    []Got  // guarded by mu
	tries  int    // guarded by mu
	fault  *Fault // guarded by mu
	failed int    // how often the fault has struck; guarded by mu
}

// Break makes what comes go wrong; nil ends that.
func (f *faults) Break(x *Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.failed = x, 0
}

// Got are the messages that were taken, oldest first.
func (f *faults) Got() []Got {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Got(nil), f.got...)
}

// Tries are how many requests or sessions there were.
func (f *faults) Tries() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tries
}

func (f *faults) tried() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries++
}

func (f *faults) keep(g Got) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.got = append(f.got, g)
}

// strike tells whether something goes wrong at this point, and what.
func (f *faults) strike(at string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	x := f.fault
	if x == nil || x.At != at || x.Times > 0 && f.failed >= x.Times {
		return nil
	}
	f.failed++
	return x
}

// server is a fake that speaks HTTP.
type server struct {
	faults
	url   string
	serve func(http.ResponseWriter, *http.Request, []byte)
}

// start serves until the test ends.
func (s *server) start(t testing.TB) {
	t.Helper()
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		h.CloseClientConnections()
		h.Close()
	})
	s.url = h.URL
}

// gate is the way out, open to this machine's fakes.
func gate(t testing.TB) *egress.Gate {
	t.Helper()
	g := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(g.Close)
	return g
}

// maxBody is the largest that any of the fakes takes.
const maxBody = 512 << 10

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	s.tried()
	f := s.strike("")
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
		taken := httptest.NewRecorder()
		s.serve(taken, r, body)
		w.WriteHeader(taken.Code)
		for chunk := strings.Repeat("x", 64<<10); err == nil; {
			_, err = io.WriteString(w, chunk)
		}
	default:
		maps.Copy(w.Header(), f.Header)
		w.WriteHeader(f.Status)
		io.WriteString(w, f.Body)
	}
}

// encode is JSON of what a fake made itself.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// texts are all strings of a JSON tree, a line each.
func texts(node any) string {
	switch n := node.(type) {
	case map[string]any:
		var all []string
		for k, v := range n {
			all = append(all, k, texts(v))
		}
		return strings.Join(all, "\n")
	case []any:
		var all []string
		for _, v := range n {
			all = append(all, texts(v))
		}
		return strings.Join(all, "\n")
	case string:
		return n
	}
	return ""
}

// answer gives a JSON answer.
func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}
