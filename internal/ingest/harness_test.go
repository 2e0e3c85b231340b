package ingest_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/blob"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/calllog"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/provider/openai"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/provider/twilio"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/spool"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	callLogs    = "/api/rest/v2/call-logs"
	observe     = "/api/v1/observability/calls"
	retellHook  = "/api/v1/observability/calls/retell/webhook"
	hookByKey   = "/api/v1/observability/calls/webhook/"
	retellByKey = "/api/v1/observability/calls/webhook/retell/"
)

// harness is the doors over HTTP, with the real adapters and a real store, and
// one workspace with a key.
type harness struct {
	*httptest.Server
	store     *store.Store
	auth      *auth.Auth
	secrets   *secret.Box
	audio     *blob.Store
	ledger    *ledger.Ledger
	door      *ingest.Door
	gate      *egress.Gate
	spool     string // its folder
	forwarded func(ingest.Forwarded)
	providers map[string]provider.Provider
	workspace string
	key       string // of the scope ingest
}

func newHarness(t testing.TB, s *store.Store, rate ingest.Rate) *harness {
	t.Helper()
	box, err := secret.Open(t.TempDir(), "")
	must(t, err)
	audio, err := blob.Open(t.TempDir())
	must(t, err)
	h := &harness{secrets: box, audio: audio, spool: t.TempDir(), providers: map[string]provider.Provider{}}
	h.gate = egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(h.gate.Close)
	for _, p := range []provider.Provider{vapi.Provider, retell.Provider, bland.Provider, elevenlabs.Provider, twilio.Provider, openai.Provider, calllog.Provider, flat.Provider, stream.Provider} {
		h.providers[p.ID] = p
	}
	h.open(t, s, rate)
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+callLogs, h.door.CallLogs)
	mux.HandleFunc("POST "+observe, h.door.Observe)
	mux.HandleFunc("POST "+hookByKey+"{key}", h.door.Observe)
	mux.HandleFunc("POST "+retellByKey+"{key}", h.door.ObserveRetell)
	mux.HandleFunc("POST "+retellHook, h.door.RetellHook)
	mux.HandleFunc("POST /webhooks/{provider}/{source}", func(w http.ResponseWriter, r *http.Request) { h.door.Webhook(w, r) })
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	h.workspace = h.newWorkspace(t, "Default")
	h.key = h.newKey(t, h.workspace, auth.ScopeIngest)
	return h
}

// open opens the doors on a store, in place of those that there were.
func (h *harness) open(t testing.TB, s *store.Store, rate ingest.Rate) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: log})
	must(t, err)
	waiting, err := spool.Open(h.spool, spool.DefaultLimits)
	must(t, err)
	h.store, h.auth = s, auth.New(s, log)
	h.ledger = ledger.New(ledger.Config{Store: s, Jobs: q, Log: log})
	h.ledger.Start()
	t.Cleanup(h.ledger.Stop)
	h.door = ingest.New(ingest.Config{
		Store: s, Ledger: h.ledger, Auth: h.auth, Secrets: h.secrets, Providers: h.providers, Audio: h.audio, Rate: rate, Log: log,
		Egress: h.gate, Spool: waiting, ObserveForward: h.forwarded,
	})
	h.door.Start(t.Context())
	t.Cleanup(h.door.Stop)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *harness) write(t testing.TB, fn func(context.Context, store.Tx) error) {
	t.Helper()
	must(t, h.store.Write(t.Context(), fn))
}

func (h *harness) newWorkspace(t testing.TB, name string) string {
	t.Helper()
	now := time.Now().UTC()
	w := &ringside.Workspace{ID: ringside.NewID("ws", now), Name: name, CreatedAt: now}
	h.write(t, func(ctx context.Context, tx store.Tx) error { return store.InsertWorkspace(ctx, tx, w) })
	return w.ID
}

func (h *harness) newKey(t testing.TB, workspace string, scope auth.Scope) string {
	t.Helper()
	plain, _, err := h.auth.CreateKey(t.Context(), workspace, "test", scope, time.Time{})
	must(t, err)
	return plain
}

// source makes a webhook source and gives its path.
func (h *harness) source(t testing.TB, workspace, providerID, plain string, unsigned bool, scheme provider.HMAC) string {
	t.Helper()
	return h.forwarding(t, workspace, providerID, plain, unsigned, scheme, "")
}

func (h *harness) forwarding(t testing.TB, workspace, providerID, plain string, unsigned bool, scheme provider.HMAC, to string) string {
	t.Helper()
	now := time.Now().UTC()
	settings, err := json.Marshal(scheme)
	must(t, err)
	s := &store.Source{
		ID: ringside.NewID("src", now), Workspace: workspace, Provider: providerID, Name: providerID, Token: rand.Text(),
		HMAC: string(settings), AllowUnsigned: unsigned, ForwardURL: to, CreatedAt: now,
	}
	if plain != "" {
		s.Secret = h.secrets.Seal("source:"+s.ID, []byte(plain))
	}
	h.write(t, func(ctx context.Context, tx store.Tx) error { return store.InsertSource(ctx, tx, s) })
	return "/webhooks/" + providerID + "/" + s.Token
}

// answer is what came back, with its JSON taken apart.
type answer struct {
	Status int
	Header http.Header
	Body   string
	Fields map[string]any
}

// send posts a body. Headers come in pairs.
func (h *harness) send(t testing.TB, path string, body []byte, headers ...string) answer {
	t.Helper()
	return h.stream(t, path, bytes.NewReader(body), headers...)
}

func (h *harness) stream(t testing.TB, path string, body io.Reader, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+path, body)
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := h.Client().Do(r)
	must(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	a := answer{Status: res.StatusCode, Header: res.Header, Body: string(b)}
	if err := json.Unmarshal(b, &a.Fields); err != nil {
		t.Fatalf("%s answers %d with what is no JSON object: %s", path, a.Status, b)
	}
	return a
}

// post sends a body with the workspace's key.
func (h *harness) post(t testing.TB, path string, body []byte) answer {
	t.Helper()
	return h.send(t, path, body, "Authorization", "Bearer "+h.key)
}

// want fails unless an answer has a status and, in pairs, fields.
func (a answer) want(t testing.TB, status int, fields ...any) {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	for i := 0; i < len(fields); i += 2 {
		if got := a.Fields[fields[i].(string)]; got != fields[i+1] {
			t.Errorf("%s is %v, want %v: %s", fields[i], got, fields[i+1], a.Body)
		}
	}
}

// text is a field of an answer that is a string.
func (a answer) text(t testing.TB, field string) string {
	t.Helper()
	s, ok := a.Fields[field].(string)
	if !ok || s == "" {
		t.Fatalf("%s is %v, want text: %s", field, a.Fields[field], a.Body)
	}
	return s
}

// pointer is the place that a refusal names.
func (a answer) pointer() string {
	problems, _ := a.Fields["errors"].([]any)
	if len(problems) != 1 {
		return ""
	}
	first, _ := problems[0].(map[string]any)
	s, _ := first["pointer"].(string)
	return s
}

func (h *harness) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) }))
	return n
}

func (h *harness) wantCount(t testing.TB, want int, query string, args ...any) {
	t.Helper()
	if got := h.count(t, query, args...); got != want {
		t.Errorf("%s: %d, want %d", query, got, want)
	}
}

// call loads a call of a workspace.
func (h *harness) call(t testing.TB, workspace, providerID, id string) (c *ringside.Call) {
	t.Helper()
	must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, workspace, ringside.NewCallID(workspace, providerID, id))
		return err
	}))
	return c
}

// payload reads a vendor's body.
func payload(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../testdata/payloads", name))
	must(t, err)
	return b
}

// field digs a text out of a body.
func field(t testing.TB, body []byte, names ...string) string {
	t.Helper()
	var v any
	must(t, json.Unmarshal(body, &v))
	for _, n := range names {
		m, _ := v.(map[string]any)
		v = m[n]
	}
	s, ok := v.(string)
	if !ok {
		t.Fatalf("the body has no text at %v", names)
	}
	return s
}

func sum(key, msg string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(msg))
	return hex.EncodeToString(m.Sum(nil))
}

// The headers that the vendors sign with.
func signRetell(key string, body []byte, at time.Time) []string {
	ms := strconv.FormatInt(at.UnixMilli(), 10)
	return []string{"X-Retell-Signature", "v=" + ms + ",d=" + sum(key, string(body)+ms)}
}

func signElevenLabs(key string, body []byte, at time.Time) []string {
	s := strconv.FormatInt(at.Unix(), 10)
	return []string{"ElevenLabs-Signature", "t=" + s + ",v0=" + sum(key, s+"."+string(body))}
}

func signBland(key string, body []byte, _ time.Time) []string {
	return []string{"X-Webhook-Signature", sum(key, string(body))}
}

func signVapi(key string, _ []byte, _ time.Time) []string { return []string{"X-Vapi-Secret", key} }

// recording reads the recording that is kept of a call.
func (h *harness) recording(t testing.TB, id ringside.CallID) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	h.audio.Serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), id)
	return w.Body.Bytes()
}
