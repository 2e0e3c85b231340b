package providertest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/ringsidehq/ringside/internal/provider"
)

// MonitorKey is the key that a Monitor takes.
const MonitorKey = "key_retell_secret"

// maxWatchers is how many may watch a call at Retell.
const maxWatchers = 5

// Monitor is Retell's monitor of one call: it shows who comes with the key what
// was said so far, then what is new, and takes nothing.
type Monitor struct {
	*httptest.Server

	t    testing.TB
	call string

	mu       sync.Mutex // guards all below
	rows     []json.RawMessage
	watchers []*websocket.Conn
	came     int
	closes   *websocket.CloseError // what everybody is closed with at once; nil: the call is on
	status   int                   // what everybody is answered; 0: a WebSocket
}

// NewMonitor starts the monitor of a call that is on.
func NewMonitor(t testing.TB, call string) *Monitor {
	t.Helper()
	m := &Monitor{t: t, call: call}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/monitor-call/{id}", m.watch)
	m.Server = httptest.NewServer(mux)
	t.Cleanup(m.Close)
	return m
}

// Line is the way to the call, by a client that keeps to the rules.
func (m *Monitor) Line(t testing.TB) provider.Line {
	t.Helper()
	return provider.Line{HTTP: client(t), Key: MonitorKey, BaseURL: m.URL, ProviderCallID: m.call}
}

func (m *Monitor) watch(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	status := m.status
	m.mu.Unlock()
	if status != 0 {
		http.Error(w, `{"status":"error","message":"try later"}`, status)
		return
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		m.t.Errorf("monitor: not a WebSocket: %v", err)
		return
	}
	defer conn.CloseNow()
	if why := m.admit(r, conn); why != nil {
		conn.Close(why.Code, why.Reason)
		return
	}
	if _, b, err := conn.Read(r.Context()); err == nil {
		m.t.Errorf("monitor: somebody sent %q, and only the monitor speaks", b)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watchers = slices.DeleteFunc(m.watchers, func(c *websocket.Conn) bool { return c == conn })
}

// admit lets somebody watch, with the snapshot first.
func (m *Monitor) admit(r *http.Request, conn *websocket.Conn) *websocket.CloseError {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.came++
	switch {
	case r.Header.Get("Authorization") != "Bearer "+MonitorKey:
		return &websocket.CloseError{Code: 4001, Reason: "Unauthorized"}
	case m.closes != nil:
		return m.closes
	case r.PathValue("id") != m.call:
		return &websocket.CloseError{Code: 4004, Reason: "Call is not ongoing"}
	case len(m.watchers) >= maxWatchers:
		return &websocket.CloseError{Code: 4008, Reason: "Too many watchers"}
	}
	m.watchers = append(m.watchers, conn)
	m.send(conn, map[string]any{"type": "transcript_snapshot", "transcripts": m.rows, "pre_session_transcripts": []any{}})
	return nil
}

// send writes one frame. The caller holds mu.
func (m *Monitor) send(conn *websocket.Conn, frame any) {
	b, err := json.Marshal(frame)
	if err != nil {
		m.t.Errorf("monitor: %v", err)
	}
	_ = conn.Write(m.t.Context(), websocket.MessageText, b) // who is gone hears nothing
}

// Say tells rows, each JSON with an id that no other has, to who watches now or
// later.
func (m *Monitor) Say(rows ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	news := make([]json.RawMessage, len(rows))
	for i, r := range rows {
		news[i] = json.RawMessage(r)
	}
	m.rows = append(m.rows, news...)
	for _, c := range m.watchers {
		m.send(c, map[string]any{"type": "transcript_updated", "transcripts": news})
	}
}

// Drop breaks every connection off.
func (m *Monitor) Drop() {
	for _, c := range m.all() {
		c.CloseNow()
	}
}

// End ends the call; said: with a message, and not by the close alone.
func (m *Monitor) End(reason string, said bool) {
	m.Closes(4004, "Call is not ongoing")
	for _, c := range m.all() {
		if said {
			m.mu.Lock()
			m.send(c, map[string]any{"type": "call_ended", "event_timestamp": 1790008270480, "disconnection_reason": reason})
			m.mu.Unlock()
		}
		go c.Close(websocket.StatusNormalClosure, "call_ended") // it waits for the other side
	}
}

// Closes has everybody who comes be closed at once; with 0 nobody any more.
func (m *Monitor) Closes(code websocket.StatusCode, reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closes = nil; code != 0 {
		m.closes = &websocket.CloseError{Code: code, Reason: reason}
	}
}

// Answers has everybody who comes be answered with a status; with 0 no more.
func (m *Monitor) Answers(status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status = status
}

// Watchers is how many watch, and how many came.
func (m *Monitor) Watchers() (now, ever int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.watchers), m.came
}

func (m *Monitor) all() []*websocket.Conn {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.watchers)
}
