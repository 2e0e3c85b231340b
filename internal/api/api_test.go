package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/blob"
	"github.com/ringsidehq/ringside/internal/connect"
	"github.com/ringsidehq/ringside/internal/crm"
	crmcustom "github.com/ringsidehq/ringside/internal/crm/custom"
	"github.com/ringsidehq/ringside/internal/crm/hubspot"
	"github.com/ringsidehq/ringside/internal/crm/salesforce"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/evaluate"
	"github.com/ringsidehq/ringside/internal/follow"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/intervene"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/notify/email"
	"github.com/ringsidehq/ringside/internal/notify/slack"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/calllog"
	"github.com/ringsidehq/ringside/internal/provider/custom"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/scenario"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/spool"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	publicURL = "https://ringside.example.com"
	password  = "a stapled battery"
)

// harness is the API over HTTP, on a real store, with one workspace and nobody
// in it.
type harness struct {
	config api.Config
	*httptest.Server
	store     *store.Store
	auth      *auth.Auth
	secrets   *secret.Box
	ledger    *ledger.Ledger
	live      *live.Engine
	sound     string // where calls can be heard
	alerts    *alert.Engine
	deliver   *deliver.Sender
	workspace *ringside.Workspace
	pipeline  *pipeline.Config
	model     *judge.Judge // what evaluations ask; nil: no workspace has a model
}

// vendors are two that may be connected: one that signs, and one that neither
// does nor confirms orders.
func vendors() []api.ProviderInfo {
	verify := func(d provider.Delivery, c provider.SourceConfig) error { return c.HMAC.Verify(d, c.Secret) }
	return []api.ProviderInfo{
		{Provider: provider.Provider{ID: "acme", Name: "Acme", Verify: verify}, SecretLabel: "signing key", Steps: []string{"Open Acme."}},
		{Provider: provider.Provider{
			ID: "mute", Name: "Mute", Decode: func(provider.Payload) ([]ringside.Event, error) { return nil, nil },
			Controls: provider.Controls{Unconfirmed: true, Transfer: func(context.Context, provider.Line, provider.Destination) error { return nil }},
			Follow:   func(context.Context, provider.Line, func(provider.Told) error) error { return nil },
			Pull: provider.Pull{
				Calls: func(context.Context, provider.Line, provider.Span) (provider.CallPage, error) {
					return provider.CallPage{}, nil
				},
				Hooks: provider.Hooks{
					Look: func(context.Context, provider.Line) ([]provider.Hook, error) {
						return []provider.Hook{{Agent: "a", Name: "Desk", URL: "https://theirs.example.com/hook"}}, nil
					},
					Set:   func(context.Context, provider.Line, string, string, string) error { return nil },
					Steps: []string{"Open Mute."},
				},
			},
		}},
	}
}

func newServer(t *testing.T, s *store.Store) *harness {
	t.Helper()
	return newServerWithPulse(t, s, 0)
}

// newServerWithRecordings makes one that keeps recordings.
func newServerWithRecordings(t *testing.T, s *store.Store) (*harness, *blob.Store) {
	t.Helper()
	h := newServer(t, s)
	files, err := blob.Open(t.TempDir())
	must(t, err)
	h.config.Audio = files
	h.Server = httptest.NewServer(api.New(h.config))
	t.Cleanup(h.Close)
	return h, files
}

// newServerWithPulse makes one that looks after its streams so often.
func newServerWithPulse(t *testing.T, s *store.Store, pulse time.Duration) *harness {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: log})
	must(t, err)
	box, err := secret.Open(t.TempDir(), "")
	must(t, err)
	gate := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(gate.Close)
	h := &harness{store: s, auth: auth.New(s, log), secrets: box}
	own := calllog.Provider
	own.Controls = custom.Controls
	own.Controls.Listen = func(context.Context, provider.Line) (provider.Audio, error) {
		return provider.Audio{URL: h.sound, Encoding: "pcm_s16le", SampleRate: 16000, Channels: 1}, nil
	}
	rows := map[string]provider.Provider{calllog.ID: own, flat.ID: flat.Provider, stream.ID: stream.Provider}
	for _, v := range vendors() {
		rows[v.ID] = v.Provider
	}
	hand := intervene.New(intervene.Config{
		Store: s, Ledger: func() *ledger.Ledger { return h.ledger }, Secrets: box, Providers: rows, Log: log,
		HTTP: gate.Client(egress.Limits{Timeout: time.Minute, Body: 1 << 20}), Queue: func() *jobs.Queue { return q },
		Show: func(call ringside.CallID, all []*ringside.Proposal) { h.live.Propose(call, all) },
	})
	h.alerts = alert.New(alert.Config{Store: s, Queue: func() *jobs.Queue { return q }, Log: log, Tell: alert.Telling{
		Channels: alert.Channels{slack.ID: slack.New(), email.ID: email.New()}, Secrets: box, PublicURL: func() string { return publicURL },
		Client: gate.Client(egress.Limits{Timeout: time.Second, Body: 1 << 20}),
	}, Propose: hand})
	h.live = live.New(live.Config{Store: s, Watch: h.alerts, Log: log})
	h.ledger = ledger.New(ledger.Config{Store: s, Jobs: q, Log: log, Committed: h.live.Observe})
	must(t, h.alerts.Start(t.Context()))
	t.Cleanup(h.alerts.Stop)
	must(t, h.live.Start(t.Context()))
	t.Cleanup(h.live.Stop)
	h.ledger.Start()
	t.Cleanup(h.ledger.Stop)
	h.deliver = deliver.New(deliver.Config{
		Store: s, Jobs: func() *jobs.Queue { return q }, Secrets: box, Egress: gate, PublicURL: func() string { return publicURL }, Log: log,
	})
	h.pipeline = &pipeline.Config{
		Store: s, Ledger: func() *ledger.Ledger { return h.ledger }, Queue: func() *jobs.Queue { return q }, Secrets: box,
		Models:       &pipeline.Models{Store: s, Secrets: box, HTTP: func(d time.Duration) *http.Client { return gate.Client(egress.Limits{Timeout: d, Body: 1 << 20}) }},
		Transcribers: &pipeline.Transcribers{Store: s, Secrets: box, HTTP: gate.Client(egress.Limits{Timeout: time.Minute, Body: 1 << 20})},
		CRMs: &pipeline.CRMs{
			Adapters: map[string]crm.Adapter{"hubspot": hubspot.New(), "salesforce": salesforce.New(), "custom": crmcustom.New()},
			Store:    s, Secrets: box, HTTP: gate.Client(egress.Limits{Timeout: time.Minute, Body: 1 << 20}),
		},
		Webhooks: h.deliver, PublicURL: func() string { return publicURL }, Log: log,
	}
	waiting, err := spool.Open(t.TempDir(), spool.DefaultLimits)
	must(t, err)
	door := ingest.New(ingest.Config{
		Store: s, Ledger: h.ledger, Auth: h.auth, Secrets: box, Providers: rows, Egress: gate, Spool: waiting, Log: log,
		Split: stream.Split, Partials: h.live.Partials, Socket: ingest.SocketTimes{Check: pulse, Answer: pulse},
	})
	examiner := evaluate.New(evaluate.Config{Store: s, Queue: func() *jobs.Queue { return q }, Log: log, Model: func(context.Context, string) (*evaluate.Model, error) {
		if h.model == nil {
			return nil, nil
		}
		return &evaluate.Model{Judge: h.model}, nil
	}})
	h.config = api.Config{
		Store: s, Ledger: h.ledger, Ingest: door, Auth: h.auth, Secrets: box, Egress: gate, Deliver: h.deliver,
		Models: h.pipeline.Models, Transcribers: h.pipeline.Transcribers, CRMs: h.pipeline.CRMs, Pipeline: h.pipeline, Examiner: examiner, Providers: vendors(),
		PublicURL: publicURL, Version: "test", Log: log, Live: h.live, Alerts: h.alerts, Pulse: pulse,
		Follow: follow.New(follow.Config{Log: log}), Hand: hand,
		Connect:   connect.New(connect.Config{Store: s, Providers: rows, Queue: func() *jobs.Queue { return q }, Line: hand.SourceLine, Log: log}),
		Scenarios: scenario.New(scenario.Config{Store: s, Queue: func() *jobs.Queue { return q }, Log: log}),
	}
	server := api.New(h.config)
	h.workspace = h.newWorkspace(t, "Default")
	h.Server = httptest.NewServer(http.NewCrossOriginProtection().Handler(server))
	t.Cleanup(h.Close)
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *harness) newWorkspace(t *testing.T, name string) *ringside.Workspace {
	t.Helper()
	now := time.Now().UTC()
	w := &ringside.Workspace{ID: ringside.NewID("ws", now), Name: name, CreatedAt: now}
	h.write(t, func(ctx context.Context, tx store.Tx) error { return store.InsertWorkspace(ctx, tx, w) })
	return w
}

func (h *harness) write(t *testing.T, fn func(context.Context, store.Tx) error) {
	t.Helper()
	must(t, h.store.Write(t.Context(), fn))
}

// asker puts who asks on a request.
type asker func(*http.Request)

func nobody(*http.Request) {}

// as asks with an API key.
func as(key string) asker {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }
}

// in asks from a signed-in browser.
func in(session string) asker {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: auth.SessionCookie, Value: session}) }
}

// key makes an API key and asks with it.
func (h *harness) key(t *testing.T, workspace string, scope auth.Scope) asker {
	t.Helper()
	plain, _, err := h.auth.CreateKey(t.Context(), workspace, string(scope), scope, time.Time{})
	must(t, err)
	return as(plain)
}

// person makes a user and signs them in.
func (h *harness) person(t *testing.T, name string, role store.Role) (asker, *store.User) {
	t.Helper()
	u, err := h.auth.NewUser(t.Context(), auth.Newcomer{Name: name, Email: name + "@example.com", Password: password, Role: role})
	must(t, err)
	h.write(t, func(ctx context.Context, tx store.Tx) error { return store.InsertUser(ctx, tx, u) })
	token, err := h.auth.SignIn(t.Context(), u.Email, password, name)
	must(t, err)
	return in(token), u
}

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

func (h *harness) do(t *testing.T, who asker, method, path, body string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader(body))
	must(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	who(r)
	res, err := h.Client().Do(r)
	must(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	return answer{res.StatusCode, res.Header, b}
}

// get asks and decodes a success.
func get[T any](t *testing.T, h *harness, who asker, method, path, body string) (v T) {
	t.Helper()
	a := h.do(t, who, method, path, body)
	if a.Status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	if len(a.Body) > 0 {
		must(t, json.Unmarshal(a.Body, &v))
	}
	return v
}

// refused asks and wants a problem with a status, a code and, unless empty, a
// pointer.
func refused(t *testing.T, h *harness, who asker, method, path, body string, status int, code, pointer string) {
	t.Helper()
	a := h.do(t, who, method, path, body)
	var p api.Problem
	if a.Status != status || a.Header.Get("Content-Type") != "application/problem+json" || json.Unmarshal(a.Body, &p) != nil {
		t.Errorf("%s %s %s: %d %s, want %d", method, path, body, a.Status, a.Body, status)
		return
	}
	if p.Code != code || p.Status != status || p.Detail == "" {
		t.Errorf("%s %s %s: %s, want code %s", method, path, body, a.Body, code)
	}
	if pointer != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != pointer) {
		t.Errorf("%s %s %s: %s, want pointer %s", method, path, body, a.Body, pointer)
	}
}
