package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/danielgtaylor/huma/v2"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/store"
)

const streamPath = "/v1/live-calls/stream"

const (
	// pulse is a Config's Pulse where it says nothing.
	pulse = 10 * time.Second
	// writeWithin is how long a write to a reader may take.
	writeWithin = 10 * time.Second
	// sendBuffer is what may wait in the kernel for a reader, in bytes. Left to
	// itself that grows to megabytes, which are filled for every reader that has
	// stalled before anybody notices.
	sendBuffer = 128 << 10
)

type connKey struct{}

// KeepConn is an http.Server's ConnContext: a stream finds its connection by it
// and bounds what waits in it.
func KeepConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// streamRoute registers the stream and describes it in the document.
func (s *Server) streamRoute() {
	s.mux.HandleFunc("GET "+streamPath, s.stream)
	text := &huma.Schema{Type: huma.TypeString}
	query := func(name, what string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: what, Schema: text}
	}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "stream-live-calls", Method: http.MethodGet, Path: streamPath, Tags: []string{"Live"},
		Summary: "Follow the calls in progress, as server-sent events or over a WebSocket",
		Description: "First a snapshot, then call_started, call_updated, transcript, alert_triggered, alert_resolved, call_ended and ping. " +
			"Each has a number; an event stream resumes behind its Last-Event-ID. A reader that is too slow gets resync and a snapshot. " +
			"Over a WebSocket, {\"type\":\"subscribe\",…} replaces what is asked for; since takes an id as the events of a stream have.\n\nNeeds the scope `read`.",
		Parameters: []*huma.Param{
			query("agents", "Agents, by id or name, between commas, 1,000 at most; all when it is left out"), query("callIds", "Calls, between commas, 1,000 at most"),
			query("includeTranscript", "true: turns and what is being said, too"), query("alertsOnly", "true: only calls with open alerts"),
			query("since", "Go on behind this event's id"),
		},
		Responses: map[string]*huma.Response{"200": {Description: "The stream", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: text}}}},
		Security:  []map[string][]string{{"bearer": {}}, {"key": {}}, {"session": {}}},
	})
}

// socketRoute registers the live events' WebSocket and describes it in the
// document.
func (s *Server) socketRoute() {
	const path = "/v1/live-calls/{id}/events"
	s.mux.HandleFunc("GET "+path, s.cfg.Ingest.LiveSocket)
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "socket-live-events", Method: http.MethodGet, Path: path, Tags: []string{"Ingest"},
		Summary:     "Tell of a call while it goes on over a WebSocket",
		Description: "Each message is a body as the POST takes it, and is answered as that is.",
		Parameters:  []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}},
		Responses:   map[string]*huma.Response{"101": {Description: "The socket"}},
		Security:    []map[string][]string{{"bearer": {}}, {"key": {}}},
	})
}

// subscribe is what a reader asks for.
type subscribe struct {
	Type              string   `json:"type"`
	Agents            []string `json:"agents"`
	CallIDs           []string `json:"callIds"`
	IncludeTranscript bool     `json:"includeTranscript"`
	AlertsOnly        bool     `json:"alertsOnly"`
	Since             string   `json:"since"`
}

func commas(s string) (out []string) {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// reader says who reads a stream: somebody who may.
func (s *Server) reader(r *http.Request) (*auth.Principal, error) {
	p, err := s.cfg.Auth.Authenticate(r)
	if err == nil {
		err = p.Require(auth.ScopeRead)
	}
	return p, err
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	p, err := s.reader(r)
	if err != nil {
		s.WriteProblem(w, r, "stream-live-calls", err)
		return
	}
	q := r.URL.Query()
	ask := subscribe{
		Agents: commas(q.Get("agents")), CallIDs: commas(q.Get("callIds")), IncludeTranscript: q.Get("includeTranscript") == "true",
		AlertsOnly: q.Get("alertsOnly") == "true", Since: q.Get("since"),
	}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		ask.Since = last
	}
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		s.streamSocket(w, r, p, ask)
		return
	}
	f, err := s.liveFilter(r.Context(), p.WorkspaceID, &ask)
	if err != nil {
		s.WriteProblem(w, r, "stream-live-calls", err)
		return
	}
	s.streamEvents(w, r, p, f, ask.Since)
}

// What a reader asks for names so many calls and agents at most, and has so many
// bytes: enough for the longest names.
const (
	maxNamed = 1000
	maxAsk   = 1 << 20
)

// liveFilter finds the calls that a reader names.
func (s *Server) liveFilter(ctx context.Context, workspace string, ask *subscribe) (live.Filter, error) {
	f := live.Filter{Agents: ask.Agents, Transcript: ask.IncludeTranscript, AlertsOnly: ask.AlertsOnly}
	switch {
	case len(ask.Agents) > maxNamed:
		return f, ringside.Invalidf("agents", "has more than %d agents", maxNamed)
	case len(ask.CallIDs) > maxNamed:
		return f, ringside.Invalidf("callIds", "has more than %d calls", maxNamed)
	case len(ask.CallIDs) == 0:
		return f, nil
	}
	return f, s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, name := range ask.CallIDs {
			id, err := store.FindCall(ctx, tx, workspace, name)
			if err != nil {
				return err
			}
			f.Calls = append(f.Calls, id)
		}
		return nil
	})
}

// streamEvents writes server-sent events until the reader goes, may read no
// more, or takes too long.
func (s *Server) streamEvents(w http.ResponseWriter, r *http.Request, p *auth.Principal, f live.Filter, since string) {
	if conn, ok := r.Context().Value(connKey{}).(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = conn.SetWriteBuffer(sendBuffer)
	}
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Time{}) // the request has been read; the stream has no end
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	write := func(frames []*live.Frame) error {
		_ = c.SetWriteDeadline(time.Now().Add(writeWithin)) // it passes unnoticed while nothing is written
		for _, f := range frames {
			if _, err := w.Write(f.SSE); err != nil {
				return err
			}
		}
		return c.Flush()
	}
	sub := s.cfg.Live.Subscribe(p.WorkspaceID, f)
	sub.Packed()
	s.follow(r, p, sub, since, write)
	_ = c.SetWriteDeadline(time.Now().Add(writeWithin)) // to write the stream's end, too
}

// follow hands a subscription's frames to write until one of both ends.
func (s *Server) follow(r *http.Request, p *auth.Principal, sub *live.Subscription, since string, write func([]*live.Frame) error) {
	var frames []*live.Frame
	if since == "" || !sub.Resumes(since) {
		if since != "" {
			frames = append(frames, live.Resync())
		}
		frames = append(frames, sub.Snapshot(time.Now()))
	}
	checked, wrote := time.Now(), time.Now()
	for {
		if len(frames) > 0 {
			if write(frames) != nil {
				return
			}
			wrote = time.Now()
		}
		clear(frames) // a snapshot is large, and nothing may come for long
		ctx, cancel := context.WithDeadline(r.Context(), wrote.Add(s.cfg.Pulse))
		next, lost, _ := sub.Next(ctx, frames[:0]) // it fails when nothing came for a while
		cancel()
		frames = next
		switch {
		case r.Context().Err() != nil || s.closing():
			return
		case lost:
			frames = append(frames[:0], live.Resync(), sub.Snapshot(time.Now()))
		case len(next) == 0 && time.Since(wrote) >= s.cfg.Pulse: // others' frames may come all the time
			frames = append(frames, live.Quiet(time.Now()))
		}
		if time.Since(checked) >= s.cfg.Pulse {
			checked = time.Now()
			if s.cfg.Auth.Still(r, p, auth.ScopeRead) != nil {
				return
			}
		}
	}
}

// streamSocket writes the same over a WebSocket. Each message of the reader
// begins a new subscription.
func (s *Server) streamSocket(w http.ResponseWriter, r *http.Request, p *auth.Principal, first subscribe) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	conn, err := websocket.Accept(w, r, nil) // from this site, or from no site
	if err != nil {
		return // it has answered
	}
	defer func() { _ = conn.CloseNow() }()
	asked := make(chan subscribe, 1)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go func() {
		defer cancel()
		readAsks(ctx, conn, asked)
	}()
	write := func(frames []*live.Frame) error {
		for _, f := range frames {
			within, done := context.WithTimeout(ctx, writeWithin)
			err := conn.Write(within, websocket.MessageText, f.Data)
			done()
			if err != nil {
				return err
			}
		}
		return nil
	}
	for ask := first; ; {
		f, err := s.liveFilter(ctx, p.WorkspaceID, &ask)
		if err != nil {
			_ = conn.Close(websocket.StatusPolicyViolation, clipReason(err.Error()))
			return
		}
		sub, stop := context.WithCancel(ctx)
		ended := make(chan struct{})
		since := ask.Since // the next ask may come before the goroutine begins
		go func() {
			defer close(ended)
			s.follow(r.WithContext(sub), p, s.cfg.Live.Subscribe(p.WorkspaceID, f), since, write)
		}()
		select {
		case ask = <-asked:
			stop()
			<-ended
		case <-ended:
			stop()
			_ = conn.Close(websocket.StatusGoingAway, "the stream has ended")
			return
		}
	}
}

// readAsks reads what is asked for over a WebSocket until that ends. What can't
// be taken ends it.
func readAsks(ctx context.Context, conn *websocket.Conn, asked chan<- subscribe) {
	conn.SetReadLimit(-1) // ours says what may be sent
	for {
		_, in, err := conn.Reader(ctx)
		if err != nil {
			return
		}
		b, err := io.ReadAll(io.LimitReader(in, maxAsk+1))
		if err != nil {
			return
		}
		if len(b) > maxAsk {
			_ = conn.Close(websocket.StatusMessageTooBig, fmt.Sprintf("the message has more than %d bytes; name fewer calls, %d at most", maxAsk, maxNamed))
			return
		}
		var ask subscribe
		if err := json.Unmarshal(b, &ask); err != nil || ask.Type != "subscribe" {
			_ = conn.Close(websocket.StatusPolicyViolation, `send {"type":"subscribe", …}`)
			return
		}
		select {
		case asked <- ask:
		case <-ctx.Done():
			return
		}
	}
}

// clipReason cuts a text to what a close frame holds.
func clipReason(s string) string {
	const most = 120
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "")
	}
	return s
}

// closing tells whether the server is about to end; streams would hold it up.
func (s *Server) closing() bool {
	select {
	case <-s.cfg.Closing:
		return true
	default:
		return false
	}
}
