package simulate

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/search"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/testdata/payloads"
)

// doors is a server that takes every delivery whose sender it believes.
type doors struct {
	mu     sync.Mutex
	bodies map[string][]string // guarded by mu: by door
	refuse int                 // status to answer with instead; 0: none
}

func (d *doors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if d.refuse != 0 {
		w.WriteHeader(d.refuse)
		return
	}
	door := r.URL.Path
	if p, ok := strings.CutPrefix(door, "/webhooks/"); ok {
		err := adapters[p].Verify(provider.Delivery{Method: r.Method, URL: r.URL.RequestURI(), Header: r.Header, Body: body, ReceivedAt: time.Now()},
			provider.SourceConfig{Secret: "secret of " + p})
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
	} else if r.Header.Get("Authorization") != "Bearer key" {
		http.Error(w, "no key", http.StatusUnauthorized)
		return
	}
	d.mu.Lock()
	d.bodies[door] = append(d.bodies[door], string(body))
	d.mu.Unlock()
	w.WriteHeader(http.StatusCreated)
}

func (d *doors) serve(t *testing.T) string {
	t.Helper()
	d.bodies = map[string][]string{}
	s := httptest.NewServer(d)
	t.Cleanup(s.Close)
	return s.URL
}

func demoConfig(url string) DemoConfig {
	c := DemoConfig{BaseURL: url, Key: "key", Now: until, Calls: 150, Sources: map[string]Source{}}
	for _, p := range []string{vapi, retell, bland, elevenlabs} {
		c.Sources[p] = Source{Path: "/webhooks/" + p, Secret: "secret of " + p}
	}
	return c
}

func TestDemoSendsTheSameThroughEveryDoor(t *testing.T) {
	var first, second doors
	for _, d := range []*doors{&first, &second} {
		if err := Demo(t.Context(), demoConfig(d.serve(t))); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"/webhooks/vapi", "/webhooks/retell", "/webhooks/bland", "/webhooks/elevenlabs", "/api/rest/v2/call-logs", "/api/v1/observability/calls"}
	for _, door := range want {
		a, b := first.bodies[door], second.bodies[door]
		slices.Sort(a)
		slices.Sort(b)
		if len(a) < 5 || !slices.Equal(a, b) {
			t.Errorf("%s got %d deliveries, then %d; want the same ones", door, len(a), len(b))
		}
	}
	if !slices.Contains(first.bodies["/webhooks/vapi"], string(undecodable)) {
		t.Error("no delivery for the quarantine")
	}
}

func TestTheUndecodableDeliveryIsThat(t *testing.T) {
	_, err := adapters[vapi].Decode(provider.Payload{Body: undecodable, ReceivedAt: until})
	if ringside.KindOf(err) != ringside.Invalid || !json.Valid(undecodable) {
		t.Errorf("got %v, want JSON that is refused", err)
	}
}

func TestDemoStopsAtARefusal(t *testing.T) {
	d := doors{refuse: http.StatusForbidden}
	if err := Demo(t.Context(), demoConfig(d.serve(t))); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("got %v, want the 403", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Demo(ctx, demoConfig(d.serve(t))); err == nil {
		t.Error("a cancelled demo says that it is done")
	}
}

func TestLoadCounts(t *testing.T) {
	var d doors
	r, err := Load(t.Context(), LoadConfig{URL: d.serve(t), Key: "key", Calls: 200, Connections: 8})
	if err != nil {
		t.Fatal(err)
	}
	got := d.bodies["/api/rest/v2/call-logs"]
	slices.Sort(got)
	if r.Calls != 200 || r.Errors != 0 || len(slices.Compact(got)) != 200 {
		t.Errorf("%+v, and the server saw %d", r, len(got))
	}
	if r.P50 <= 0 || r.P99 < r.P50 || r.Max < r.P99 {
		t.Errorf("times %+v", r)
	}
	refusing := doors{refuse: http.StatusTooManyRequests}
	if r, err = Load(t.Context(), LoadConfig{URL: refusing.serve(t), Key: "key", Calls: 20, Connections: 2}); err != nil {
		t.Fatal(err)
	}
	if r.Errors != 20 || r.Calls != 0 || !strings.Contains(r.FirstError, "429") {
		t.Errorf("refused: %+v", r)
	}
}

func TestLoadKeepsTheRate(t *testing.T) {
	var d doors
	r, err := Load(t.Context(), LoadConfig{URL: d.serve(t), Key: "key", Calls: 40, Rate: 100, Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	if r.Seconds < 0.38 {
		t.Errorf("40 calls at 100 a second took %.2f s", r.Seconds)
	}
}

func TestFillFillsAndIndexes(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	w := &ringside.Workspace{ID: "ws_fill", Name: "fill", CreatedAt: until}
	if err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.InsertWorkspace(ctx, tx, w) }); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	l := ledger.New(ledger.Config{Store: s, Jobs: NoJobs{}, Log: log})
	l.Start()
	t.Cleanup(l.Stop)
	const n = 120
	err = Fill(t.Context(), FillConfig{
		Ledger: l, Workspace: w.ID, Providers: adapters, Calls: n, Seed: 3, Until: until, Index: search.New(s, log).Step,
	})
	if err != nil {
		t.Fatal(err)
	}
	var page, found *store.CallPage
	err = s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		if page, err = s.ListCalls(ctx, tx, store.CallQuery{CallFilter: store.CallFilter{Workspace: w.ID}, Limit: 500}); err != nil {
			return err
		}
		found, err = s.ListCalls(ctx, tx, store.CallQuery{CallFilter: store.CallFilter{Workspace: w.ID, Query: "larkspur dental"}, Limit: 500})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	agentless := 0
	for _, it := range page.Items {
		if it.Agent == nil || it.Agent.ID == "" {
			agentless++
		}
	}
	if len(page.Items) != n || agentless > 0 || len(found.Items) == 0 {
		t.Errorf("%d calls, %d without an agent, %d found by their words; want %d, 0 and some", len(page.Items), agentless, len(found.Items), n)
	}
}

func TestSamplesAreRead(t *testing.T) {
	all, err := sampleRequests(payloads.Files)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, batch := range all {
		for _, r := range batch {
			seen[r.provider+r.path]++
			if !bytes.HasPrefix(bytes.TrimSpace(r.body), []byte("{")) {
				t.Errorf("a sample of %s%s is no object", r.provider, r.path)
			}
		}
	}
	for _, door := range []string{vapi, retell, bland, elevenlabs, "/api/rest/v2/call-logs"} {
		if seen[door] == 0 {
			t.Errorf("no sample for %s", door)
		}
	}
}
