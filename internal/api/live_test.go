package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// glimpse asks for a stream and gives what it begins with.
func (h *harness) glimpse(t *testing.T, who asker, path string) answer {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL+path, http.NoBody)
	must(t, err)
	who(r)
	res, err := h.Client().Do(r)
	must(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b, err := io.ReadAll(res.Body)
		must(t, err)
		return answer{res.StatusCode, res.Header, b}
	}
	first, err := bufio.NewReader(res.Body).ReadString('}')
	must(t, err)
	return answer{res.StatusCode, res.Header, []byte(first)}
}

// streamed is a frame as a reader gets it.
type streamed struct {
	id    string // of an event stream
	Seq   uint64 `json:"seq"`
	Type  string `json:"type"`
	Call  string `json:"callId"`
	Total int    `json:"totalActive"`
	Line  struct {
		Turn    int    `json:"turn"`
		Text    string `json:"text"`
		Partial bool   `json:"partial"`
	} `json:"line"`
	ActiveCalls []struct {
		ID string `json:"id"`
	} `json:"activeCalls"`
	Now struct {
		Proposals []ringside.Proposal `json:"proposals"`
	} `json:"call"`
}

// reader reads an event stream.
type reader struct {
	t    *testing.T
	stop context.CancelFunc
	in   *bufio.Reader
}

func (h *harness) follow(t *testing.T, who asker, query, last string) *reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL+"/v1/live-calls/stream?"+query, http.NoBody)
	must(t, err)
	who(r)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	res, err := h.Client().Do(r)
	must(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the stream answers %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	return &reader{t, cancel, bufio.NewReader(res.Body)}
}

// next gives the next frame.
func (r *reader) next() (f streamed) {
	r.t.Helper()
	for {
		line, err := r.in.ReadString('\n')
		must(r.t, err)
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			f.id = value
		case "data":
			must(r.t, json.Unmarshal([]byte(value), &f))
		case "":
			return f
		}
	}
}

// until reads up to a frame of a type.
func (r *reader) until(kind string) streamed {
	r.t.Helper()
	for {
		if f := r.next(); f.Type == kind {
			return f
		}
	}
}

func (h *harness) tell(t *testing.T, who asker, call, body string) ingest.LiveAnswer {
	t.Helper()
	return get[ingest.LiveAnswer](t, h, who, http.MethodPost, "/v1/live-calls/"+call+"/events", body)
}

func turn(id, role, text string) string {
	return fmt.Sprintf(`{"id":%q,"type":"turn","role":%q,"text":%q}`, id, role, text)
}

// A call is told while it goes on, is seen by who watches, and is a call like
// any other when it has ended; the log that comes later is of the same call.
func TestACallInProgress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin, sender := h.key(t, h.workspace.ID, auth.ScopeAdmin), h.key(t, h.workspace.ID, auth.ScopeIngest)
		watch := h.follow(t, admin, "includeTranscript=true", "")
		if f := watch.next(); f.Type != "snapshot" || f.Total != 0 {
			t.Fatalf("first: %+v", f)
		}
		first := h.tell(t, sender, "mine", `{"id":"e1","type":"started","at":"2026-11-26T09:00:00Z","agent":"desk","from":"+13125550147","direction":"inbound","context":"order 77","controlUrl":"https://agents.example.com/control"}`)
		if first.Accepted != 1 || first.Duplicates != 0 || !strings.HasPrefix(first.ID, "call_") {
			t.Fatalf("%+v", first)
		}
		if f := watch.until("call_started"); f.Call != first.ID {
			t.Errorf("started: %+v", f)
		}
		again := h.tell(t, sender, first.ID, turn("e2", "agent", "Hello!")+"\n"+turn("e2", "agent", "Hello!")+"\n"+`{"type":"partial","role":"user","text":"I wo"}`)
		if again.ID != first.ID || again.Accepted != 2 || again.Duplicates != 1 {
			t.Errorf("by our id: %+v", again)
		}
		said := map[bool]string{}
		for len(said) < 2 {
			f := watch.until("transcript")
			said[f.Line.Partial] = f.Line.Text
		}
		if said[false] != "Hello!" || said[true] != "I wo" {
			t.Errorf("said: %v", said)
		}
		detail := get[api.LiveDetail](t, h, admin, http.MethodGet, "/v1/live-calls/mine", "")
		if detail.ID != first.ID || len(detail.Transcript) != 1 || len(detail.Partials) != 1 || detail.Context != "order 77" || detail.Agent != "desk" {
			t.Errorf("%+v", detail)
		}
		note := get[store.Note](t, h, admin, http.MethodPost, "/v1/live-calls/mine/notes", `{"note":"calm","timestamp":3.5,"category":"positive"}`)
		if note.Text != "positive: calm" || note.AtMS == nil || *note.AtMS != 3500 {
			t.Errorf("%+v", note)
		}
		h.tell(t, sender, "mine", `[{"id":"e4","type":"ended","at":"2026-11-26T09:01:00Z","reason":"customer hung up"}]`)
		if f := watch.until("call_ended"); f.Call != first.ID {
			t.Errorf("ended: %+v", f)
		}
		refused(t, h, admin, http.MethodGet, "/v1/live-calls/mine", "", http.StatusConflict, "call_ended", "")
		get[any](t, h, admin, http.MethodPost, "/api/rest/v2/call-logs", `{"provider":"custom","payload":{"call_id":"mine","transcript":"Agent: Hello!\nUser: I would like to book.","status":"ended"}}`)
		c := get[api.CallDetail](t, h, admin, http.MethodGet, "/v1/calls/"+first.ID, "")
		if len(c.Turns) != 2 || c.EndedReason != "customer hung up" || c.Status != "completed" || *c.DurationMS != 60_000 {
			t.Errorf("the call after its log: %d turns, %q, %s", len(c.Turns), c.EndedReason, c.Status)
		}
	})
}

// Events are taken once, in however many bodies and whoever sends them again.
func TestAnEventIsTakenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		h.tell(t, admin, "a", turn("1", "agent", "One."))
		if r := h.tell(t, admin, "a", turn("1", "agent", "One.")+turn("2", "user", "Two.")); r.Accepted != 1 || r.Duplicates != 1 {
			t.Errorf("%+v", r)
		}
		if r := h.tell(t, admin, "a", turn("2", "user", "Two.")+turn("1", "agent", "One.")); r.Accepted != 0 || r.Duplicates != 2 {
			t.Errorf("%+v", r)
		}
		if r := h.tell(t, admin, "b", turn("1", "agent", "One.")); r.Accepted != 1 {
			t.Errorf("of another call: %+v", r)
		}
		if c := get[api.CallDetail](t, h, admin, http.MethodGet, "/v1/calls/"+h.tell(t, admin, "a", turn("2", "user", "Two.")).ID, ""); len(c.Turns) != 2 {
			t.Errorf("%d turns", len(c.Turns))
		}
	})
}

// What is wrong with an event is said with its place.
func TestEventsThatAreRefused(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	longPartial := "[" + turn("1", "agent", "x") + `,{"type":"partial","role":"user","text":"` + strings.Repeat("x", 64<<10+1) + `"}]`
	for body, pointer := range map[string]string{
		`{"type":"turn","role":"agent","text":"x"}`:                        "/id",
		`[{"id":"1","type":"turn","role":"agent","text":"x"},{"id":"2"}]`:  "/1/type",
		turn("1", "narrator", "x"):                                         "/role",
		turn("1", "agent", " "):                                            "/text",
		`{"id":"1","type":"started","at":"yesterday"}`:                     "/at",
		`{"id":"1","type":"started","controlUrl":"ftp://x"}`:               "/controlUrl",
		`{"id":"1","type":"started","direction":"up"}`:                     "/direction",
		`{"id":"1","type":"tool_call","name":"x"}`:                         "/tool_call_id",
		`{"id":"1","type":"tool_result","result":1}`:                       "/tool_call_id",
		`{"id":"1","type":"latency","turn":0,"parts":{"thinking":5}}`:      "/parts",
		`{"id":"1","type":"latency","parts":{"total":5}}`:                  "/turn",
		`{"id":"1","type":"auth","result":"perhaps"}`:                      "/result",
		`{"id":"1","type":"status","status":"ended"}`:                      "/status",
		`{"id":"1","type":"error","component":"model"}`:                    "/message",
		`{"id":"1","type":"turn","role":"agent","text":"x","start_ms":-5}`: "/start_ms",
		`{"id":"` + strings.Repeat("x", 201) + `","type":"ended"}`:         "/id",
		turn("1", "agent", strings.Repeat("x", 64<<10+1)):                  "/text",
		longPartial: "/1/text",
		`{"id":"1","type":"turn","role":"agent","text":"x","start_ms":"a word"}`: "/start_ms",
	} {
		refused(t, h, admin, http.MethodPost, "/v1/live-calls/x/events", body, http.StatusUnprocessableEntity, "invalid", pointer)
	}
	for _, body := range []string{"", "[]", "{", "7", `{"id":"1"} x`} {
		if a := h.do(t, admin, http.MethodPost, "/v1/live-calls/x/events", body); a.Status != http.StatusBadRequest && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d %s", body, a.Status, a.Body)
		}
	}
	refused(t, h, admin, http.MethodPost, "/v1/live-calls/call_aaaaaaaaaaaaaaaaaaaaaaaaaa/events", turn("1", "agent", "x"), http.StatusNotFound, "not_found", "")
}

// A stream goes on where it broke off, as long as that is known, and says so
// when it is not.
func TestAStreamGoesOn(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	watch := h.follow(t, admin, "includeTranscript=true", "")
	h.tell(t, admin, "a", turn("1", "agent", "One."))
	last := watch.until("transcript").id
	watch.stop()
	h.tell(t, admin, "a", turn("2", "user", "Two."))
	h.tell(t, admin, "a", turn("3", "agent", "Three."))
	watch = h.follow(t, admin, "includeTranscript=true", last)
	for _, want := range []string{"Two.", "Three."} {
		if f := watch.until("transcript"); f.Line.Text != want {
			t.Errorf("after the break: %+v, want %s", f, want)
		}
	}
	elsewhere := h.follow(t, admin, "", "ANOTHER-7")
	if f := elsewhere.next(); f.Type != "resync" {
		t.Errorf("with another server's number: %+v", f)
	}
	if f := elsewhere.next(); f.Type != "snapshot" || f.Total != 1 {
		t.Errorf("then: %+v", f)
	}
}

// A reader gets what it asks for and no more.
func TestAStreamIsFiltered(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	mine := h.tell(t, admin, "mine", `{"id":"0","type":"started","agent":"desk"}`)
	h.tell(t, admin, "other", `{"id":"0","type":"started","agent":"night"}`)
	for h.live.Get(h.workspace.ID, callID(t, mine.ID)) == nil || len(h.live.Calls(h.workspace.ID)) < 2 {
		time.Sleep(time.Millisecond)
	}
	for _, query := range []string{"includeTranscript=true&agents=desk", "includeTranscript=true&callIds=mine"} {
		watch := h.follow(t, admin, query, "")
		if f := watch.next(); f.Type != "snapshot" || len(f.ActiveCalls) != 1 || f.ActiveCalls[0].ID != mine.ID {
			t.Errorf("%s: %+v", query, f)
		}
		h.tell(t, admin, "other", turn(query, "agent", "Not for you."))
		h.tell(t, admin, "mine", turn(query, "agent", "For you, "+query))
		if f := watch.until("transcript"); f.Call != mine.ID {
			t.Errorf("%s: %+v", query, f)
		}
		watch.stop()
	}
	refused(t, h, admin, http.MethodGet, "/v1/live-calls/stream?callIds=nope", "", http.StatusNotFound, "not_found", "")
}

// A reader whose own calls are silent is told that the stream is alive, however
// much others say.
func TestASilentStreamIsPinged(t *testing.T) {
	h := newServerWithPulse(t, storetest.SQLite(t), 200*time.Millisecond)
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	h.begin(t, admin, "mine", `{"id":"0","type":"started"}`)
	other := callID(t, h.begin(t, admin, "other", `{"id":"0","type":"started"}`))
	watch := h.follow(t, admin, "includeTranscript=true&callIds=mine", "")
	watch.until("snapshot")
	stop, busy := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(busy)
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				h.live.Partials(h.workspace.ID, other, []ringside.Partial{{Role: ringside.RoleUser, Text: "on and on", At: time.Now()}})
			}
		}
	}()
	for range 3 {
		watch.until("ping")
	}
	close(stop)
	<-busy
}

// A program follows over a WebSocket, and asks for something else on the way.
func TestASocketFollows(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	ctx, conn := h.dial(t, admin, "/v1/live-calls/stream")
	read := func(kind string) (f streamed) {
		t.Helper()
		for f.Type != kind {
			_, b, err := conn.Read(ctx)
			must(t, err)
			f = streamed{}
			must(t, json.Unmarshal(b, &f))
		}
		return f
	}
	read("snapshot")
	h.tell(t, admin, "a", turn("1", "agent", "One."))
	read("call_started")
	must(t, conn.Write(ctx, websocket.MessageText, []byte(`{"type":"subscribe","includeTranscript":true}`)))
	if f := read("snapshot"); f.Total != 1 {
		t.Errorf("%+v", f)
	}
	h.tell(t, admin, "a", turn("2", "user", "Two."))
	if f := read("transcript"); f.Line.Text != "Two." {
		t.Errorf("%+v", f)
	}
	must(t, conn.Write(ctx, websocket.MessageText, []byte(`{"type":"dance"}`)))
	if why := closing(ctx, t, conn); why.Code != websocket.StatusPolicyViolation {
		t.Errorf("closed with %v", why)
	}
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	admin(r)
	foreign := r.Header
	foreign.Set("Origin", "https://evil.example")
	if _, res, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(h.URL, "http")+"/v1/live-calls/stream", &websocket.DialOptions{HTTPHeader: foreign}); err == nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("another site gets %v", err)
	}
}

// A socket takes as many names as the stream allows, and says what is too much.
func TestASocketFollowsManyCalls(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	long := strings.Repeat("x", 512)
	h.begin(t, admin, long, `{"id":"1","type":"started"}`)
	ask := func(agents, calls int) []byte {
		b, err := json.Marshal(map[string]any{"type": "subscribe", "agents": make([]string, agents), "callIds": slices.Repeat([]string{long}, calls)})
		must(t, err)
		return b
	}
	ctx, conn := h.dial(t, admin, "/v1/live-calls/stream?callIds="+long)
	conn.SetReadLimit(-1)
	must(t, conn.Write(ctx, websocket.MessageText, ask(0, 1000)))
	for range 2 { // one for what the address asks for
		for kind := ""; kind != "snapshot"; {
			_, b, err := conn.Read(ctx)
			must(t, err)
			var f streamed
			must(t, json.Unmarshal(b, &f))
			kind = f.Type
		}
	}
	for _, tc := range []struct {
		body   []byte
		code   websocket.StatusCode
		reason string
	}{
		{ask(0, 1001), websocket.StatusPolicyViolation, "callIds: has more than 1000 calls"},
		{ask(1001, 0), websocket.StatusPolicyViolation, "agents: has more than 1000 agents"},
		{ask(0, 3000), websocket.StatusMessageTooBig, "the message has more than 1048576 bytes; name fewer calls, 1000 at most"},
	} {
		ctx, conn := h.dial(t, admin, "/v1/live-calls/stream")
		must(t, conn.Write(ctx, websocket.MessageText, tc.body))
		if why := closing(ctx, t, conn); why.Code != tc.code || why.Reason != tc.reason {
			t.Errorf("%d bytes: closed with %v", len(tc.body), why)
		}
	}
}

// A key that is revoked ends its streams.
func TestARevokedKeyReadsNoMore(t *testing.T) {
	h := newServerWithPulse(t, storetest.SQLite(t), 100*time.Millisecond)
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	made := get[struct{ ID, Key string }](t, h, admin, http.MethodPost, "/v1/keys", `{"name":"short","scope":"read"}`)
	watch := h.follow(t, as(made.Key), "", "")
	watch.until("snapshot")
	h.do(t, admin, http.MethodDelete, "/v1/keys/"+made.ID, "")
	for {
		if _, err := watch.in.ReadByte(); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Errorf("the stream ends with %v", err)
			}
			return
		}
	}
}

// dial opens a WebSocket that is closed with the test.
func (h *harness) dial(t *testing.T, who asker, path string) (context.Context, *websocket.Conn) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, h.URL, http.NoBody)
	must(t, err)
	who(r)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(h.URL, "http")+path, &websocket.DialOptions{HTTPHeader: r.Header})
	must(t, err)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return ctx, conn
}

// closing reads until a socket is closed, and gives why.
func closing(ctx context.Context, t *testing.T, conn *websocket.Conn) (why websocket.CloseError) {
	t.Helper()
	for {
		_, _, err := conn.Read(ctx)
		if err != nil && !errors.As(err, &why) {
			t.Fatalf("it ends with %v", err)
		}
		if err != nil {
			return why
		}
	}
}

// Who may not send or listen any more is told so, and is sent away.
func TestSocketsEndWithTheRightToThem(t *testing.T) {
	const events, listen = "/v1/live-calls/mine/events", "/v1/live-calls/mine/listen"
	quiet := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // a vendor that sends no sound
		if conn, err := websocket.Accept(w, r, nil); err == nil {
			_, _, _ = conn.Read(r.Context())
			_ = conn.CloseNow()
		}
	}))
	t.Cleanup(quiet.Close)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, tc := range []struct {
			name, path string
			scope      auth.Scope
			take       func(t *testing.T, h *harness, admin asker, key, call string)
			reason     string
		}{
			{"a sender's key is revoked", events, auth.ScopeIngest, func(t *testing.T, h *harness, admin asker, key, _ string) {
				h.do(t, admin, http.MethodDelete, "/v1/keys/"+key, "")
			}, "the key is not known: it was revoked, or it is another server's"},
			{"a listener's key is revoked", listen, auth.ScopeRead, func(t *testing.T, h *harness, admin asker, key, _ string) {
				h.do(t, admin, http.MethodDelete, "/v1/keys/"+key, "")
			}, "the key is not known: it was revoked, or it is another server's"},
			{"a listener's key may only send", listen, auth.ScopeRead, func(t *testing.T, h *harness, _ asker, key, _ string) {
				h.write(t, func(ctx context.Context, tx store.Tx) error {
					_, err := tx.Exec(ctx, `UPDATE keys SET scope = 'ingest' WHERE id = $1`, key)
					return err
				})
				h.auth.Forget()
			}, `this needs the scope "read"; the key or person asking has "ingest"`},
			{"the call is deleted", listen, auth.ScopeRead, func(t *testing.T, h *harness, admin asker, _, call string) {
				h.do(t, admin, http.MethodDelete, "/v1/calls/"+call, "")
			}, "the call was deleted"},
		} {
			t.Run(tc.name, func(t *testing.T) {
				h := newServerWithPulse(t, s, 100*time.Millisecond)
				h.sound = "ws" + strings.TrimPrefix(quiet.URL, "http")
				admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
				call := h.begin(t, admin, "mine", `{"id":"1","type":"started"}`)
				made := get[struct{ ID, Key string }](t, h, admin, http.MethodPost, "/v1/keys", `{"name":"short","scope":"`+string(tc.scope)+`"}`)
				ctx, conn := h.dial(t, as(made.Key), tc.path)
				time.Sleep(300 * time.Millisecond) // it is asked for anew, and goes on
				tc.take(t, h, admin, made.ID, call)
				if why := closing(ctx, t, conn); why.Code != websocket.StatusPolicyViolation || why.Reason != tc.reason {
					t.Errorf("closed with %v", why)
				}
			})
		}
	})
}

// A sender that reads no answers is not waited for.
func TestASenderMustReadItsAnswers(t *testing.T) {
	h := newServerWithPulse(t, storetest.SQLite(t), 100*time.Millisecond)
	ctx, conn := h.dial(t, h.key(t, h.workspace.ID, auth.ScopeIngest), "/v1/live-calls/mine/events")
	for conn.Write(ctx, websocket.MessageText, []byte(`{"type":"?"}`)) == nil { // its answer is long
	}
	must(t, ctx.Err())
}

// An agent keeps a socket open and tells what happens; a message that is wrong
// is answered, and the next one counts.
func TestEventsOverASocket(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	ctx, conn := h.dial(t, h.key(t, h.workspace.ID, auth.ScopeIngest), "/v1/live-calls/mine/events")
	for _, tc := range []struct {
		body               string
		accepted, repeated int
		code               string
	}{
		{`{"id":"1","type":"started"}`, 1, 0, ""},
		{turn("2", "agent", "Hello.") + turn("1", "agent", "again"), 1, 1, ""},
		{turn("3", "nobody", "?"), 0, 0, "invalid"},
		{`{`, 0, 0, "invalid"},
		{`{"id":"4","type":"ended"}`, 1, 0, ""},
	} {
		must(t, conn.Write(ctx, websocket.MessageText, []byte(tc.body)))
		_, b, err := conn.Read(ctx)
		must(t, err)
		var a struct {
			ingest.LiveAnswer
			Code string `json:"code"`
		}
		must(t, json.Unmarshal(b, &a))
		if a.Accepted != tc.accepted || a.Duplicates != tc.repeated || a.Code != tc.code {
			t.Errorf("%s: %s", tc.body, b)
		}
	}
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	refused(t, h, admin, http.MethodGet, "/v1/live-calls/mine/events", "", http.StatusBadRequest, "websocket_required", "")
}
