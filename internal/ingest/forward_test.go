package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// endpoint is a team's own server, which remembers what came.
type endpoint struct {
	*httptest.Server

	mu   sync.Mutex
	seen []*http.Request // guarded by mu; their bodies are read
	body [][]byte        // guarded by mu
}

func newEndpoint(t testing.TB, handle http.HandlerFunc) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("the endpoint can't read the body: %v", err)
		}
		e.mu.Lock()
		e.seen, e.body = append(e.seen, r), append(e.body, b)
		e.mu.Unlock()
		handle(w, r)
	}))
	t.Cleanup(e.Close)
	return e
}

// count is how many deliveries came.
func (e *endpoint) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.seen)
}

const toolResult = `{"results":[{"toolCallId":"call_1",  "result":"08:30"}]}`

func toolEndpoint(t testing.TB) *endpoint {
	return newEndpoint(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, toolResult)
	})
}

// eventually waits for something that is stored after the answer.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

func (h *harness) eventuallyStored(t testing.TB, deliveries int) {
	t.Helper()
	eventually(t, "deliveries in the inbox", func() bool { return h.count(t, `SELECT COUNT(*) FROM inbox`) >= deliveries })
	h.wantCount(t, deliveries, `SELECT COUNT(*) FROM inbox`)
	h.wantCount(t, 1, `SELECT COUNT(*) FROM calls`)
}

func TestForwardedToolCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		team := newEndpoint(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.Header().Set("Set-Cookie", "session=theirs")
			w.Header().Set("X-Powered-By", "theirs")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, toolResult)
		})
		path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL+"/hook?team=1")
		body := append([]byte("\n \t"), payload(t, "vapi/tool-calls.json")...)
		a := h.send(t, path+"?agent=7", body, "X-Vapi-Secret", "k", "X-Call-Id", "c", "Connection", "X-Hop", "X-Hop", "1",
			"X-Forwarded-For", "10.0.0.1", "Cookie", "session=ours", "User-Agent", "")
		a.want(t, 201)
		if a.Body != toolResult || a.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("the vendor got %q, %v", a.Body, a.Header)
		}
		for _, name := range []string{"Set-Cookie", "X-Powered-By"} {
			if a.Header.Get(name) != "" {
				t.Errorf("%s went to the vendor", name)
			}
		}
		if !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("a browser may run the answer: %v", a.Header)
		}

		got := team.seen[0]
		if !bytes.Equal(team.body[0], body) || got.RequestURI != "/hook?team=1&agent=7" || got.ContentLength != int64(len(body)) {
			t.Errorf("%s %d bytes came, %d were sent", got.RequestURI, len(team.body[0]), len(body))
		}
		for name, want := range map[string]string{
			"X-Vapi-Secret": "k", "X-Call-Id": "c", "Content-Type": "application/json",
			"X-Hop": "", "X-Forwarded-For": "", "Cookie": "", "User-Agent": "", "Connection": "",
		} {
			if got := got.Header.Get(name); got != want {
				t.Errorf("%s came as %q, want %q", name, got, want)
			}
		}
		h.eventuallyStored(t, 1)
		h.wantCount(t, 1, `SELECT COUNT(*) FROM inbox WHERE id = $1 AND event = 'tool-calls'`, got.Header.Get("X-Ringside-Delivery"))

		// The vendor's second try is the endpoint's to answer, and stored already.
		h.send(t, path, body, "X-Vapi-Secret", "k").want(t, 201)
		if h.eventuallyStored(t, 1); team.count() != 2 {
			t.Errorf("the endpoint saw %d deliveries", team.count())
		}
	})
}

func TestUnverifiedIsNotForwarded(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	body := payload(t, "vapi/tool-calls.json")
	h.send(t, path, body).want(t, 401, "code", "signature_invalid")
	h.send(t, path, body, "X-Vapi-Secret", "guess").want(t, 401, "code", "signature_invalid")
	h.send(t, h.forwarding(t, h.workspace, "vapi", "", false, provider.HMAC{}, team.URL), body).want(t, 401, "code", "unsigned")
	h.send(t, path, make([]byte, ingest.MaxBody+1), "X-Vapi-Secret", "k").want(t, 413)
	if team.count() != 0 {
		t.Errorf("the endpoint saw %d deliveries", team.count())
	}
	h.wantCount(t, 0, `SELECT COUNT(*) FROM inbox`)
}

// What is too large or too much is refused, goes nowhere and is not stored.
func TestTooMuchIsNotForwarded(t *testing.T) {
	for name, tc := range map[string]struct {
		rate   ingest.Rate
		body   []byte
		status int
		code   string
	}{
		"a large body":  {anyRate, append(payload(t, "vapi/tool-calls.json"), make([]byte, ingest.MaxBody)...), 413, "too_large"},
		"many requests": {ingest.Rate{PerSecond: 1e-9}, payload(t, "vapi/tool-calls.json"), 429, "rate_limited"},
	} {
		t.Run(name, func(t *testing.T) {
			h, team := newHarness(t, storetest.SQLite(t), tc.rate), toolEndpoint(t)
			path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
			a := h.send(t, path, tc.body, "X-Vapi-Secret", "k")
			a.want(t, tc.status, "code", tc.code)
			if got := a.Header.Get("Retry-After"); (got == "1") != (tc.status == 429) {
				t.Errorf("Retry-After is %q", got)
			}
			if team.count() != 0 {
				t.Error("it went to the endpoint")
			}
			h.wantCount(t, 0, `SELECT COUNT(*) FROM inbox`)
		})
	}
}

// Retell's hook without a source in its URL forwards for the source that the
// signature finds.
func TestRetellHookForwards(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := newEndpoint(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	h.forwarding(t, h.workspace, "retell", "k", false, provider.HMAC{}, team.URL)
	body := payload(t, "retell/call_ended.json")
	headers := signRetell("k", body, time.Now())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+retellHook, bytes.NewReader(body))
	must(t, err)
	r.Header.Set(headers[0], headers[1])
	res, err := h.Client().Do(r)
	must(t, err)
	res.Body.Close()
	if res.StatusCode != http.StatusNoContent || team.count() != 1 || team.seen[0].Header.Get(headers[0]) != headers[1] {
		t.Errorf("%d, the endpoint saw %d", res.StatusCode, team.count())
	}
	h.eventuallyStored(t, 1)
}

// Bytes that came packed go on packed.
func TestPackedDelivery(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(payload(t, "vapi/tool-calls.json"))
	must(t, z.Close())
	h.send(t, path, packed.Bytes(), "X-Vapi-Secret", "k", "Content-Encoding", "gzip").want(t, 200)
	if !bytes.Equal(team.body[0], packed.Bytes()) || team.seen[0].Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("%d bytes came, %d were sent", len(team.body[0]), packed.Len())
	}
	h.eventuallyStored(t, 1)
}

// What an endpoint does wrong is a gateway's answer to the vendor, says why,
// and costs no delivery.
func TestEndpointsThatFail(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	vapi := h.providers["vapi"]
	vapi.AnswerWithin = func(event string) time.Duration {
		if event == "hang" {
			return 900 * time.Millisecond
		}
		return time.Minute
	}
	h.providers["vapi"] = vapi
	dead := httptest.NewServer(http.NotFoundHandler())
	dead.Close()
	stop := make(chan struct{})
	defer close(stop)
	server := func(handle http.HandlerFunc) string { return newEndpoint(t, handle).URL }
	for name, tc := range map[string]struct {
		to     string
		status int
		code   any
		reason string
	}{
		"dead":     {dead.URL, 502, "forward_failed", "the connection was refused"},
		"private":  {"https://10.0.0.1/", 502, "forward_failed", "private or reserved"},
		"metadata": {"http://169.254.169.254/", 502, "forward_failed", "metadata service"},
		"slow": {server(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-stop:
			}
		}), 504, "forward_timeout", "no answer in time"},
		"slow to end": {server(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("{"))
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-stop:
			}
		}), 504, "forward_timeout", "no answer in time"},
		"endless": {server(func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}), 502, "forward_failed", "the answer is too large"},
		"cut off": {server(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{}"))
		}), 502, "forward_failed", "closed before an answer came"},
		"redirect": {server(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}), 502, "forward_failed", "it answered 307; redirects are not followed"},
		"its error": {server(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, `{"code":"theirs"}`)
		}), 500, "theirs", "it answered 500"},
	} {
		t.Run(name, func(t *testing.T) {
			path := h.forwarding(t, h.newWorkspace(t, name), "vapi", "k", false, provider.HMAC{}, tc.to)
			begun, file := time.Now(), "vapi/tool-calls.json"
			if tc.status == 504 {
				file = "vapi/hang.json"
			}
			a := h.send(t, path, payload(t, file), "X-Vapi-Secret", "k")
			a.want(t, tc.status, "code", tc.code)
			if took := time.Since(begun); tc.status == 504 && took < 350*time.Millisecond {
				t.Errorf("given up after %v", took)
			}
			if detail, _ := a.Fields["detail"].(string); tc.code != "theirs" && !strings.Contains(detail, tc.reason) {
				t.Errorf("detail %q", detail)
			}
			source := h.sourceOf(t, path)
			eventually(t, "stored", func() bool {
				return h.count(t, `SELECT COUNT(*) FROM inbox WHERE source_id = $1 AND state = 'stored'`, source) == 1
			})
			f := h.door.Forwarding(source)
			if f.Deliveries != 1 || f.Failures != 1 || !strings.Contains(f.LastError, tc.reason) || f.LastErrorAt == nil {
				t.Errorf("%+v", f)
			}
		})
	}
}

func (h *harness) sourceOf(t testing.TB, path string) (id string) {
	t.Helper()
	must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.QueryRow(ctx, `SELECT id FROM sources WHERE token = $1`, path[strings.LastIndex(path, "/")+1:]).Scan(&id)
	}))
	return id
}

// Nothing goes to a private network that nobody has allowed.
func TestForwardingKeepsToTheGate(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	h.gate = egress.New(egress.Config{})
	h.open(t, h.store, anyRate)
	team := toolEndpoint(t)
	for _, to := range []string{team.URL, strings.Replace(team.URL, "http:", "https:", 1), "https://localhost/"} {
		path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, to)
		h.send(t, path, payload(t, "vapi/tool-calls.json"), "X-Vapi-Secret", "k").want(t, 502, "code", "forward_failed")
	}
	if team.count() != 0 {
		t.Errorf("the endpoint saw %d deliveries", team.count())
	}
}

// A source that forwards to itself is told so, after few rounds.
func TestForwardingInACircle(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, "https://example.com/")
	h.write(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sources SET forward_url = $1`, h.URL+path)
		return err
	})
	a := h.send(t, path, payload(t, "vapi/tool-calls.json"), "X-Vapi-Secret", "k")
	if a.want(t, 502, "code", "forward_failed"); !strings.Contains(a.Body, "lead back here") {
		t.Errorf("%s", a.Body)
	}
	h.eventuallyStored(t, 1)
}

// When the vendor hangs up, so does the relay, and the delivery is kept.
func TestVendorHangsUp(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	came, left := make(chan struct{}), make(chan struct{})
	team := newEndpoint(t, func(_ http.ResponseWriter, r *http.Request) {
		close(came)
		<-r.Context().Done()
		close(left)
	})
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL+path, bytes.NewReader(payload(t, "vapi/tool-calls.json")))
	must(t, err)
	r.Header.Set("X-Vapi-Secret", "k")
	go func() {
		<-came
		cancel()
	}()
	if res, err := h.Client().Do(r); err == nil {
		res.Body.Close()
		t.Error("there was an answer")
	}
	<-left
	h.eventuallyStored(t, 1)
}

// What an answer says of its times: the endpoint's and ours.
func TestForwardingFigures(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := newEndpoint(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(30 * time.Millisecond)
		_, _ = io.WriteString(w, `{}`)
	})
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	for range 5 {
		h.send(t, path, payload(t, "vapi/tool-calls.json"), "X-Vapi-Secret", "k").want(t, 200)
	}
	id := h.sourceOf(t, path)
	eventually(t, "all in the books", func() bool { return h.door.Forwarding(id).Deliveries == 5 })
	f := h.door.Forwarding(id)
	if f.Failures != 0 || f.Measured != 5 || f.LastError != "" || *f.EndpointP50MS < 30 || *f.EndpointP99MS < *f.EndpointP50MS || *f.AddedP50MS <= 0 {
		t.Errorf("%+v", f)
	}
	h.door.SourceGone(&store.Source{ID: id, Provider: "vapi", Token: path, ForwardURL: team.URL})
	if f := h.door.Forwarding(id); f.Deliveries != 0 {
		t.Errorf("after it is gone: %+v", f)
	}
}

// A change of a source holds from the next delivery on.
func TestChangedSourceForwardsElsewhere(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	first, second := toolEndpoint(t), toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, first.URL)
	send := func() answer { return h.send(t, path, payload(t, "vapi/tool-calls.json"), "X-Vapi-Secret", "k") }
	send().want(t, 200)
	change := func(to string) {
		var src *store.Source
		h.write(t, func(ctx context.Context, tx store.Tx) (err error) {
			if src, err = store.SourceByToken(ctx, tx, "vapi", path[strings.LastIndex(path, "/")+1:]); err != nil {
				return err
			}
			src.ForwardURL = to
			return store.UpdateSource(ctx, tx, src)
		})
		h.door.SourceChanged(src)
	}
	change(second.URL)
	send().want(t, 200)
	change("")
	send().want(t, 200, "action", "duplicate")
	if !slices.Equal([]int{first.count(), second.count()}, []int{1, 1}) {
		t.Errorf("%d and %d deliveries", first.count(), second.count())
	}
	id := h.sourceOf(t, path)
	h.write(t, func(ctx context.Context, tx store.Tx) error {
		_, err := store.DeleteSource(ctx, tx, h.workspace, id)
		return err
	})
	h.door.SourceGone(&store.Source{Provider: "vapi", Token: path[strings.LastIndex(path, "/")+1:]})
	send().want(t, 404)
}
