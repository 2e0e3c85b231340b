package connect_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

const apiKey = "key-of-the-account"

// call is one that a fake vendor has.
type call struct {
	id    string
	began time.Time
	ended bool
}

// vendor is a fake one: it checks the key and the paging, and asks for a pause
// again and again.
type vendor struct {
	*httptest.Server
	t *testing.T

	mu        sync.Mutex // guards all below
	calls     []call     // newest first
	agents    []map[string]any
	limitEach int // every so many requests are refused with 429
	away      bool
	circle    bool // the second page of calls goes on at the second page
	agentless bool // the key may not read agents
	whirl     bool // the second page of agents goes on at the second page
	requests  int
	read      map[string]int // how often each call was read whole
	onRequest func(n int)
}

// newVendor makes a vendor with calls a minute apart, the newest an hour old.
// Two of them began in one moment at the edge of each page of Vapi's.
func newVendor(t *testing.T, id string, n int) *vendor {
	v := &vendor{t: t, read: map[string]int{}}
	newest := time.Now().UTC().Truncate(time.Second).Add(-time.Hour)
	for i := range n {
		at := newest.Add(-time.Duration(i) * time.Minute)
		if i%50 == 0 && i > 0 {
			at = v.calls[i-1].began
		}
		v.calls = append(v.calls, call{fmt.Sprintf("call-%05d", i), at, true})
	}
	mux := http.NewServeMux()
	map[string]func(*http.ServeMux){vapi.ID: v.vapi, retell.ID: v.retell, bland.ID: v.bland, elevenlabs.ID: v.elevenlabs}[id](mux)
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v.admit(w, r) {
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(v.Close)
	return v
}

// admit counts a request and turns away what has no key, or is one too many.
func (v *vendor) admit(w http.ResponseWriter, r *http.Request) bool {
	v.mu.Lock()
	v.requests++
	n, away, limited, on := v.requests, v.away, v.limitEach > 0 && v.requests%v.limitEach == 0, v.onRequest
	v.mu.Unlock()
	if on != nil {
		on(n)
	}
	given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") + r.Header.Get("Xi-Api-Key")
	switch {
	case away:
		w.WriteHeader(http.StatusBadGateway)
	case given != apiKey:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"message":"Invalid API key: ` + given + `"}`))
	case limited:
		w.Header().Set("Retry-After", "0.01")
		w.WriteHeader(http.StatusTooManyRequests)
	default:
		return true
	}
	return false
}

func (v *vendor) set(change func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	change()
}

// span lists the calls that began from a time up to another.
func (v *vendor) span(from, to time.Time) (out []call) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range v.calls {
		if !c.began.Before(from) && c.began.Before(to) {
			out = append(out, c)
		}
	}
	return out
}

// one finds a call that is read whole.
func (v *vendor) one(w http.ResponseWriter, id string) (call, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.read[id]++
	i := slices.IndexFunc(v.calls, func(c call) bool { return c.id == id })
	if i < 0 {
		w.WriteHeader(http.StatusNotFound)
		return call{}, false
	}
	return v.calls[i], true
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func (v *vendor) number(r *http.Request, name string, most int) int {
	n, err := strconv.Atoi(r.FormValue(name))
	if err != nil || n < 1 || n > most {
		v.t.Errorf("%s asks with %s=%q", r.URL, name, r.FormValue(name))
	}
	return n
}

const day = 24 * time.Hour

func (v *vendor) moment(r *http.Request, name string, none time.Time) time.Time {
	s := r.FormValue(name)
	if s == "" {
		return none
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.Unix(n, 0)
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		v.t.Errorf("%s asks with %s=%q", r.URL, name, s)
	}
	return at
}

func (v *vendor) vapi(mux *http.ServeMux) {
	mux.HandleFunc("GET /call", func(w http.ResponseWriter, r *http.Request) {
		limit, never := v.number(r, "limit", 1000), time.Now().Add(day)
		upTo := v.moment(r, "createdAtLe", never).Add(time.Millisecond)
		if before := v.moment(r, "createdAtLt", never); before.Before(upTo) {
			upTo = before
		}
		out := []any{}
		for _, c := range v.span(v.moment(r, "createdAtGe", time.Time{}), upTo) {
			if len(out) < limit {
				out = append(out, vapiCall(c))
			}
		}
		answer(w, out)
	})
	mux.HandleFunc("GET /assistant", func(w http.ResponseWriter, r *http.Request) {
		v.number(r, "limit", 1000)
		answer(w, v.listed())
	})
	mux.HandleFunc("GET /assistant/{id}", func(w http.ResponseWriter, r *http.Request) {
		for _, a := range v.listed() {
			if a["id"] == r.PathValue("id") {
				answer(w, a)
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
	})
	mux.HandleFunc("PATCH /assistant/{id}", func(w http.ResponseWriter, r *http.Request) { v.patch(w, r, "id") })
}

func (v *vendor) listed() []map[string]any {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]map[string]any{}, v.agents...)
}

// patch changes an agent.
func (v *vendor) patch(w http.ResponseWriter, r *http.Request, key string) {
	var change map[string]any
	if err := json.NewDecoder(r.Body).Decode(&change); err != nil {
		v.t.Error(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, a := range v.agents {
		if a[key] == r.PathValue("id") {
			next := map[string]any{}
			for k, x := range a {
				next[k] = x
			}
			for k, x := range change {
				next[k] = x
			}
			v.agents[i] = next
			answer(w, next)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

func vapiCall(c call) map[string]any {
	status, end := "ended", c.began.Add(30*time.Second)
	out := map[string]any{
		"id": c.id, "type": "inboundPhoneCall", "createdAt": c.began.Format(time.RFC3339Nano), "startedAt": c.began.Format(time.RFC3339Nano),
		"assistantId": "asst-1", "customer": map[string]any{"number": "+14155550100"},
	}
	if !c.ended {
		status = "in-progress"
	} else {
		out["endedAt"], out["updatedAt"], out["endedReason"] = end.Format(time.RFC3339Nano), end.Format(time.RFC3339Nano), "customer-ended-call"
		out["artifact"] = map[string]any{"messages": []any{
			map[string]any{"role": "bot", "message": "Good morning.", "secondsFromStart": 1.0},
			map[string]any{"role": "user", "message": "I want to book " + c.id, "secondsFromStart": 3.0},
		}}
	}
	out["status"] = status
	return out
}

func (v *vendor) retell(mux *http.ServeMux) {
	mux.HandleFunc("POST /v3/list-calls", func(w http.ResponseWriter, r *http.Request) {
		var ask struct {
			Filter struct {
				Start struct {
					Type, Op string
					Value    [2]int64
				} `json:"start_timestamp"`
			} `json:"filter_criteria"`
			Limit int    `json:"limit"`
			After string `json:"pagination_key"`
		}
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || ask.Filter.Start.Type != "range" || ask.Filter.Start.Op != "bt" || ask.Limit < 1 || ask.Limit > 1000 {
			v.t.Errorf("asked with %+v, %v", ask, err)
		}
		all := v.span(time.UnixMilli(ask.Filter.Start.Value[0]), time.UnixMilli(ask.Filter.Start.Value[1]))
		from := 1 + slices.IndexFunc(all, func(c call) bool { return c.id == ask.After })
		page := all[from:min(from+ask.Limit, len(all))]
		items := []any{}
		for _, c := range page {
			short := retellCall(c)
			delete(short, "transcript_object")
			items = append(items, short)
		}
		out := map[string]any{"items": items, "has_more": from+len(page) < len(all)}
		if len(page) > 0 {
			out["pagination_key"] = page[len(page)-1].id
		}
		answer(w, out)
	})
	mux.HandleFunc("GET /v2/get-call/{id}", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := v.one(w, r.PathValue("id")); ok {
			answer(w, retellCall(c))
		}
	})
	mux.HandleFunc("POST /v2/list-agents", func(w http.ResponseWriter, r *http.Request) {
		v.number(r, "limit", 1000)
		items := []any{}
		for _, a := range v.listed() {
			items = append(items, map[string]any{"agent_id": a["agent_id"], "agent_name": a["agent_name"], "channel": "voice"})
		}
		answer(w, map[string]any{"items": items, "has_more": false})
	})
	mux.HandleFunc("GET /get-agent/{id}", func(w http.ResponseWriter, r *http.Request) {
		for _, a := range v.listed() {
			if a["agent_id"] == r.PathValue("id") {
				answer(w, a)
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
	})
	mux.HandleFunc("GET /get-retell-llm/{id}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"llm_id": r.PathValue("id"), "version": 0, "model": "gpt-4.1", "general_prompt": "Book tables."})
	})
	mux.HandleFunc("PATCH /update-agent/{id}", func(w http.ResponseWriter, r *http.Request) { v.patch(w, r, "agent_id") })
}

func retellCall(c call) map[string]any {
	out := map[string]any{
		"call_id": c.id, "call_type": "phone_call", "direction": "inbound", "agent_id": "asst-1", "start_timestamp": c.began.UnixMilli(),
		"call_status": "ongoing",
	}
	if c.ended {
		out["call_status"], out["end_timestamp"], out["duration_ms"] = "ended", c.began.Add(30*time.Second).UnixMilli(), 30_000
		out["disconnection_reason"] = "user_hangup"
		out["transcript_object"] = []any{
			map[string]any{"role": "agent", "content": "Good morning."}, map[string]any{"role": "user", "content": "I want to book " + c.id},
		}
	}
	return out
}

func (v *vendor) bland(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/calls", func(w http.ResponseWriter, r *http.Request) {
		limit := v.number(r, "limit", 1000)
		from, err := strconv.Atoi(r.FormValue("from"))
		if err != nil || r.FormValue("ascending") != "false" {
			v.t.Errorf("asked with %s", r.URL)
		}
		all := v.span(v.moment(r, "start_date", time.Time{}), v.moment(r, "end_date", time.Now()))
		from = min(from, len(all))
		items := []any{}
		for _, c := range all[from:min(from+limit, len(all))] {
			short := blandCall(c)
			delete(short, "transcripts")
			items = append(items, short)
		}
		answer(w, map[string]any{"count": len(items), "calls": items})
	})
	mux.HandleFunc("GET /v1/calls/{id}", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := v.one(w, r.PathValue("id")); ok {
			answer(w, blandCall(c))
		}
	})
	mux.HandleFunc("GET /v1/pathway", func(w http.ResponseWriter, _ *http.Request) { answer(w, v.listed()) })
}

func blandCall(c call) map[string]any {
	out := map[string]any{
		"call_id": c.id, "created_at": c.began.Format(time.RFC3339Nano), "started_at": c.began.Format(time.RFC3339Nano), "completed": c.ended,
		"queue_status": "started", "inbound": true, "pathway_id": "asst-1", "from": "+14155550100", "to": "+14155550101",
	}
	if c.ended {
		out["queue_status"], out["status"], out["corrected_duration"] = "complete", "completed", "30"
		out["transcripts"] = []any{
			map[string]any{"id": 1, "user": "assistant", "text": "Good morning.", "created_at": c.began.Format(time.RFC3339Nano)},
			map[string]any{"id": 2, "user": "user", "text": "I want to book " + c.id, "created_at": c.began.Add(time.Second).Format(time.RFC3339Nano)},
		}
	}
	return out
}

func (v *vendor) elevenlabs(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/convai/conversations", func(w http.ResponseWriter, r *http.Request) {
		size := v.number(r, "page_size", 100)
		all := v.span(v.moment(r, "call_start_after_unix", time.Time{}), v.moment(r, "call_start_before_unix", time.Now()))
		from := 0
		if cursor := r.FormValue("cursor"); cursor != "" {
			from = slices.IndexFunc(all, func(c call) bool { return "after "+c.id == cursor }) + 1
		}
		items := []any{}
		page := all[from:min(from+size, len(all))]
		for _, c := range page {
			status := "in-progress"
			if c.ended {
				status = "done"
			}
			items = append(items, map[string]any{
				"conversation_id": c.id, "agent_id": "asst-1", "status": status, "start_time_unix_secs": c.began.Unix(), "call_duration_secs": 30,
			})
		}
		out := map[string]any{"conversations": items, "has_more": from+len(page) < len(all)}
		if len(page) > 0 {
			out["next_cursor"] = "after " + page[len(page)-1].id
		}
		if v.circle && from > 0 {
			out["has_more"], out["next_cursor"] = true, r.FormValue("cursor")
		}
		answer(w, out)
	})
	mux.HandleFunc("GET /v1/convai/conversations/{id}", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := v.one(w, r.PathValue("id")); ok {
			answer(w, map[string]any{
				"conversation_id": c.id, "agent_id": "asst-1", "status": "done",
				"metadata":   map[string]any{"start_time_unix_secs": c.began.Unix(), "call_duration_secs": 30},
				"transcript": []any{map[string]any{"role": "agent", "message": "Good morning."}, map[string]any{"role": "user", "message": "I want to book " + c.id}},
			})
		}
	})
	mux.HandleFunc("GET /v1/convai/agents", func(w http.ResponseWriter, _ *http.Request) {
		if v.agentless {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		answer(w, map[string]any{"agents": v.listed(), "has_more": v.whirl, "next_cursor": "again"})
	})
	mux.HandleFunc("GET /v1/convai/agents/{id}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"agent_id": r.PathValue("id"), "name": "Desk", "conversation_config": map[string]any{
			"agent": map[string]any{"prompt": map[string]any{"prompt": "Book tables.", "llm": "gpt-4.1"}}, "tts": map[string]any{"voice_id": "anna"},
		}})
	})
}
