package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// agent is an agent of the team's own that takes orders.
type agent struct {
	*httptest.Server
	mu     sync.Mutex
	orders []map[string]any // guarded by mu
	signed []string         // guarded by mu
	status int
}

func newAgent(t *testing.T) *agent {
	a := &agent{status: http.StatusOK}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		var o map[string]any
		if json.NewDecoder(r.Body).Decode(&o) == nil {
			a.orders = append(a.orders, o)
			a.signed = append(a.signed, r.Header.Get("X-Webhook-Signature"))
		}
		w.WriteHeader(a.status)
	}))
	t.Cleanup(a.Close)
	return a
}

// answer sets what the agent answers.
func (a *agent) answer(status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status = status
}

// last is the newest order, and how it was signed.
func (a *agent) last() (order map[string]any, signature string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.orders[len(a.orders)-1], a.signed[len(a.signed)-1]
}

// begin starts a call that is shown when it returns.
func (h *harness) begin(t *testing.T, who asker, name, body string) string {
	t.Helper()
	id := h.tell(t, who, name, body).ID
	for h.live.Get(h.workspace.ID, callID(t, id)) == nil {
		time.Sleep(time.Millisecond)
	}
	return id
}

// A person steps into a call: the agent is told, and what was done stands in the
// call's timeline and the audit.
func TestSteppingIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h, a := newServer(t, s), newAgent(t)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Desk","source_id":"desk","webhookUrl":"https://a.example","webhookSecret":"a-secret-for-signing"}`)
		queue := get[ringside.Queue](t, h, admin, "POST", "/v1/queues", `{"name":"Billing","number":"+14155550123"}`)
		id := h.begin(t, admin, "mine", `{"id":"1","type":"started","agent":"desk","controlUrl":"`+a.URL+`/control"}`)
		detail := get[api.LiveDetail](t, h, admin, "GET", "/v1/live-calls/mine", "")
		for _, action := range []string{"say", "transfer", "end", "listen"} {
			if !detail.Controls[action].Possible {
				t.Errorf("%s: %+v", action, detail.Controls[action])
			}
		}
		done := get[api.LiveDone](t, h, admin, "POST", "/v1/live-calls/mine/say", `{"message":"One moment."}`)
		order, signature := a.last()
		if !done.OK || order["type"] != "say" || order["message"] != "One moment." || order["call_id"] != "mine" || !strings.HasPrefix(signature, "sha256=") {
			t.Errorf("%+v, order %v, signed %q", done, order, signature)
		}
		done = get[api.LiveDone](t, h, admin, "POST", "/v1/live-calls/"+id+"/transfer", `{"transferTo":"billing","reason":"refund","context":"wants 20 back"}`)
		if order, _ := a.last(); done.Detail != "Transferred to Billing." || order["to"] != "+14155550123" || order["context"] != "wants 20 back" {
			t.Errorf("%+v, order %v", done, order)
		}
		a.answer(http.StatusTeapot)
		refused(t, h, admin, "POST", "/v1/live-calls/mine/say", `{"message":"x"}`, http.StatusConflict, "vendor_refused", "")
		a.answer(http.StatusServiceUnavailable)
		refused(t, h, admin, "POST", "/v1/live-calls/mine/end", `{}`, http.StatusServiceUnavailable, "vendor_unavailable", "")
		a.answer(http.StatusGone)
		refused(t, h, admin, "POST", "/v1/live-calls/mine/end", `{}`, http.StatusConflict, "call_ended", "")
		a.answer(http.StatusOK)
		get[api.LiveDone](t, h, admin, "POST", "/v1/live-calls/mine/end", `{"reason":"abuse"}`)

		h.tell(t, admin, "mine", `{"id":"2","type":"ended"}`)
		c := get[api.CallDetail](t, h, admin, "GET", "/v1/calls/"+id, "")
		var titles []string
		for _, sp := range c.Spans {
			if sp.Name == ringside.SpanIntervention {
				titles = append(titles, sp.Title)
				if sp.Attributes["by"] == "" || sp.StartMS == nil {
					t.Errorf("%+v", sp)
				}
			}
		}
		want := "Said through the agent: One moment.|Transferred to Billing|Not done: Said through the agent: x|Not done: Ended by |Not done: Ended by |Ended by "
		got := strings.ReplaceAll(strings.Join(titles, "|"), c.Spans[0].Attributes["by"].(string), "")
		if got != want {
			t.Errorf("timeline %q\nwant %q", got, want)
		}
		log := string(h.do(t, admin, "GET", "/v1/audit", "").Body)
		for _, action := range []string{"live.say", "live.transfer", "live.end", "queue.create"} {
			if !strings.Contains(log, action) {
				t.Errorf("no %s in the audit", action)
			}
		}
		refused(t, h, admin, "POST", "/v1/live-calls/mine/say", `{"message":"x"}`, http.StatusConflict, "call_ended", "")
		get[any](t, h, admin, "DELETE", "/v1/queues/"+queue.ID, "")
	})
}

// Of a vendor that confirms nothing, neither the answer nor the timeline says
// more than that the order was sent.
func TestAnOrderThatNobodyConfirms(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	get[any](t, h, admin, "POST", "/api/v1/observability/calls", `{"id":"far","provider_platform":"mute","startedAt":"2026-11-26T10:00:00Z"}`)
	for len(h.live.Calls(h.workspace.ID)) < 1 {
		time.Sleep(time.Millisecond)
	}
	const title = "Sent, not confirmed: Transferred to +14155550123"
	done := get[api.LiveDone](t, h, admin, "POST", "/v1/live-calls/far/transfer", `{"transferTo":"+14155550123"}`)
	if done.Detail != title+". Mute does not say whether it was done." {
		t.Errorf("%+v", done)
	}
	c := get[api.CallDetail](t, h, admin, "GET", "/v1/calls/"+h.live.Calls(h.workspace.ID)[0].ID, "")
	if len(c.Spans) != 1 || c.Spans[0].Title != title {
		t.Errorf("%+v", c.Spans)
	}
	if log := string(h.do(t, admin, "GET", "/v1/audit", "").Body); !strings.Contains(log, title) {
		t.Errorf("the audit has no %q: %s", title, log)
	}
}

// Where a call can go is said before anybody is asked.
func TestTransfersThatAreRefused(t *testing.T) {
	h, a := newServer(t, storetest.SQLite(t)), newAgent(t)
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	other := get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Other","source_id":"other"}`)
	create := func(body string) ringside.Queue {
		return get[ringside.Queue](t, h, admin, "POST", "/v1/queues", body)
	}
	create(`{"name":"Others","number":"+14155550123","agents":["` + other.ID + `"]}`)
	day := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[(int(time.Now().UTC().Weekday())+2)%7]
	create(`{"name":"Closed","sip":"sip:desk@example.com","hours":{"windows":[{"days":["` + day + `"],"from":"09:00","to":"10:00"}]}}`)
	h.begin(t, admin, "mine", `{"id":"1","type":"started","agent":"desk","controlUrl":"`+a.URL+`"}`)
	h.begin(t, admin, "mute", `{"id":"1","type":"started","agent":"desk"}`)
	to := func(name string) string { return `{"transferTo":"` + name + `"}` }
	refused(t, h, admin, "POST", "/v1/live-calls/mine/transfer", to("nobody"), http.StatusUnprocessableEntity, "queue_unknown", "/transferTo")
	refused(t, h, admin, "POST", "/v1/live-calls/mine/transfer", to("others"), http.StatusConflict, "transfer_not_configured", "")
	refused(t, h, admin, "POST", "/v1/live-calls/mine/transfer", to("Closed"), http.StatusConflict, "queue_closed", "")
	refused(t, h, admin, "POST", "/v1/live-calls/mute/say", `{"message":"x"}`, http.StatusConflict, "not_configured", "")
	get[any](t, h, admin, "POST", "/api/v1/observability/calls", `{"id":"ext","startedAt":"2026-11-26T10:00:00Z"}`)
	for len(h.live.Calls(h.workspace.ID)) < 3 {
		time.Sleep(time.Millisecond)
	}
	refused(t, h, admin, "POST", "/v1/live-calls/ext/say", `{"message":"x"}`, http.StatusConflict, "not_possible", "")
	if len(a.orders) != 0 {
		t.Errorf("the agent was told %v", a.orders)
	}
	for body, pointer := range map[string]string{
		`{"name":"x"}`:                                                          "/number",
		`{"name":"x","number":"555"}`:                                           "/number",
		`{"number":"+14155550123"}`:                                             "/name",
		`{"name":"others","number":"+1415555012"}`:                              "/name",
		`{"name":"x","number":"+14155550123","sip":"sip:a@b.example"}`:          "/sip",
		`{"name":"x","number":"+14155550123","agents":["nobody"]}`:              "/agents/0",
		`{"name":"x","number":"+14155550123","hours":{"timezone":"Mars/Base"}}`: "/hours/timezone",
		`{"name":"x","number":"+14155550123","hours":{"windows":[{"days":["mon"],"from":"10:00","to":"09:00"}]}}`:                   "/hours/windows/0/to",
		`{"name":"x","number":"+14155550123","hours":{"windows":[{"days":["someday"],"from":"10:00","to":"11:00"}]}}`:               "/hours/windows/0/days",
		`{"name":"x","number":"+14155550123","hours":{"windows":[{"days":["mon"],"from":"25:00","to":"26:00"}]}}`:                   "/hours/windows/0/from",
		`{"name":"x","number":"+14155550123","hours":{"timezone":"Local","windows":[{"days":["mon"],"from":"8:00","to":"09:00"}]}}`: "/hours/timezone",
	} {
		refused(t, h, admin, "POST", "/v1/queues", body, http.StatusUnprocessableEntity, "invalid", pointer)
	}
}

// A queue follows its agents, and can be changed when they are gone.
func TestQueuesOfAgentsThatGo(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	agent := func(name string) string {
		return get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"`+name+`"}`).ID
	}
	one, two := agent("One"), agent("Two")
	queue := get[ringside.Queue](t, h, admin, "POST", "/v1/queues", `{"name":"Billing","number":"+14155550123","agents":["`+one+`"]}`)
	get[api.AgentView](t, h, admin, "POST", "/v1/agents/"+one+"/merge", `{"into":"`+two+`"}`)
	if q := get[ringside.Queue](t, h, admin, "PATCH", "/v1/queues/"+queue.ID, `{"name":"Bills"}`); !slices.Equal(q.Agents, []string{two}) {
		t.Errorf("after the merge it is for %q", q.Agents)
	}
	get[any](t, h, admin, "DELETE", "/v1/agents/"+two, "")
	if q := get[ringside.Queue](t, h, admin, "PATCH", "/v1/queues/"+queue.ID, `{"name":"Invoices","agents":["`+two+`"]}`); q.Name != "Invoices" || !slices.Equal(q.Agents, []string{two}) {
		t.Errorf("after the agent is gone: %+v", q)
	}
	refused(t, h, admin, "PATCH", "/v1/queues/"+queue.ID, `{"agents":["`+one+`"]}`, http.StatusUnprocessableEntity, "invalid", "/agents/0")
}

// A call is heard as its vendor sends it, and that somebody listened is noted.
func TestListening(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		for _, b := range []string{"so", "und"} {
			if conn.Write(r.Context(), websocket.MessageBinary, []byte(b)) != nil {
				return
			}
		}
		_ = conn.Close(websocket.StatusNormalClosure, "over")
	}))
	defer vendor.Close()
	h.sound = "ws" + strings.TrimPrefix(vendor.URL, "http") + "/sound"
	h.begin(t, admin, "mine", `{"id":"1","type":"started"}`)
	r, err := http.NewRequest(http.MethodGet, h.URL, http.NoBody)
	must(t, err)
	admin(r)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(h.URL, "http")+"/v1/live-calls/mine/listen", &websocket.DialOptions{HTTPHeader: r.Header})
	must(t, err)
	defer conn.CloseNow()
	var got []string
	for {
		_, b, err := conn.Read(ctx)
		if err != nil {
			break
		}
		got = append(got, strings.TrimSpace(string(b)))
	}
	if len(got) != 3 || got[0] != `{"channels":1,"encoding":"pcm_s16le","sampleRate":16000}` || got[1]+got[2] != "sound" {
		t.Errorf("heard %q", got)
	}
	if log := string(h.do(t, admin, "GET", "/v1/audit", "").Body); !strings.Contains(log, "live.listen") {
		t.Errorf("no live.listen in the audit: %s", log)
	}
}

// A listener is told why there is nothing to hear: a program by the answer, a
// page by the close, which is all that it sees.
func TestWhyNothingIsHeard(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	h.begin(t, admin, "mine", `{"id":"1","type":"started"}`)
	cases := []struct {
		name, call, origin string
		vendor             http.HandlerFunc
		status             int // of the answer
		closed             websocket.StatusCode
		says               string
	}{
		{"a program is refused", "mine", "", http.NotFound, http.StatusServiceUnavailable, 0, "status 404"},
		{"a page is refused", "mine", h.URL, http.NotFound, http.StatusSwitchingProtocols, 4000, "the vendor's sound can't be reached (status 404)"},
		{"a page asks for no call", "other", h.URL, http.NotFound, http.StatusSwitchingProtocols, 4000, "call"},
		{"a page of another site is not let in", "mine", "https://evil.example", http.NotFound, http.StatusForbidden, 0, ""},
		{"the sound breaks off", "mine", h.URL, func(w http.ResponseWriter, r *http.Request) {
			if conn, err := websocket.Accept(w, r, nil); err == nil {
				_ = conn.CloseNow()
			}
		}, http.StatusSwitchingProtocols, websocket.StatusBadGateway, "broke off"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			vendor := httptest.NewServer(c.vendor)
			defer vendor.Close()
			h.sound = "ws" + strings.TrimPrefix(vendor.URL, "http")
			r, err := http.NewRequest(http.MethodGet, h.URL, http.NoBody)
			must(t, err)
			admin(r)
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			conn, res, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(h.URL, "http")+"/v1/live-calls/"+c.call+"/listen", &websocket.DialOptions{HTTPHeader: r.Header})
			if res.StatusCode != c.status {
				t.Fatalf("answered %d, want %d", res.StatusCode, c.status)
			}
			var told string
			if conn == nil {
				b, _ := io.ReadAll(res.Body)
				told = string(b)
			}
			for conn != nil && err == nil {
				_, _, err = conn.Read(ctx)
			}
			var end websocket.CloseError
			if errors.As(err, &end) {
				told = end.Reason
			}
			if end.Code != c.closed || !strings.Contains(told, c.says) {
				t.Errorf("closed with %d, %q; want %d and %q", end.Code, told, c.closed, c.says)
			}
		})
	}
}
