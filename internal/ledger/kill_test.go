//go:build !race

package ledger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/pgtest"
)

// What was acknowledged is there, once, however often the program was killed
// while deliveries poured in; and everything that follows from it is there too.
func TestKillOnSQLite(t *testing.T) { killCycles(t, 26, "") }

// The same where the database is another program.
func TestKillOnPostgres(t *testing.T) { killCycles(t, 6, pgtest.URL(t)) }

func killCycles(t *testing.T, cycles int, database string) {
	if testing.Short() {
		t.Skip("builds the program and kills it for half a minute")
	}
	p := buildProgram(t, database)
	p.key = strings.TrimSpace(p.tool(t, "keys", "create", "--name", "load", "--scope", "admin"))
	sent, told := &deliveries{}, newReceiver(t)
	for cycle := range cycles {
		p.start(t)
		if cycle == 0 {
			p.subscribe(t, told.URL)
		}
		stop := p.load(cycle, sent)
		time.Sleep(time.Duration(50+rand.IntN(350)) * time.Millisecond)
		p.kill(t)
		stop()
	}
	t.Logf("%d deliveries acknowledged and %d not, over %d kills", len(sent.acked), len(sent.lost), cycles)
	if len(sent.acked) < cycles {
		t.Fatal("hardly anything was acknowledged: the kills came too early to prove a thing")
	}
	p.start(t)
	stored := p.everyCall(t)
	for _, id := range sent.acked {
		if stored[id] != 1 {
			t.Errorf("call %s was acknowledged and is there %d times", id, stored[id])
		}
		delete(stored, id)
	}
	for _, id := range sent.lost {
		if stored[id] > 1 {
			t.Errorf("call %s was not acknowledged and is there %d times", id, stored[id])
		}
		delete(stored, id)
	}
	for id, n := range stored {
		t.Errorf("call %s was never sent and is there %d times", id, n)
	}
	p.wantSearchable(t, cycles)
	if database == "" {
		p.wantFollowed(t, told, len(sent.acked))
	}
	p.stop(t)
	p.wantSound(t)
}

// deliveries are the ids of the calls that were sent.
type deliveries struct {
	mu    sync.Mutex
	acked []string // guarded by mu
	lost  []string // guarded by mu: no answer came, or a refusal
}

func (d *deliveries) note(id string, acked bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if acked {
		d.acked = append(d.acked, id)
	} else {
		d.lost = append(d.lost, id)
	}
}

// program is the server as it is shipped, on a data directory of its own.
type program struct {
	bin, data, address, key, database string

	cmd *exec.Cmd
	log bytes.Buffer
}

func buildProgram(t *testing.T, database string) *program {
	t.Helper()
	dir := t.TempDir()
	p := &program{bin: filepath.Join(dir, "ringside"), data: filepath.Join(dir, "data"), database: database}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", p.bin, "github.com/ringsidehq/ringside/cmd/ringside")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.address = l.Addr().String()
	_ = l.Close()
	return p
}

func (p *program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.bin, append(args, "--data", p.data)...)
	cmd.Env = append(os.Environ(), "RINGSIDE_DATABASE_URL="+p.database)
	return cmd
}

// tool runs a subcommand and gives what it printed.
func (p *program) tool(t *testing.T, args ...string) string {
	t.Helper()
	out, err := p.command(t.Context(), args...).Output()
	if err != nil {
		if e, ok := err.(*exec.ExitError); ok {
			t.Fatalf("%v: %v\n%s%s", args, err, out, e.Stderr)
		}
		t.Fatalf("%v: %v", args, err)
	}
	return string(out)
}

func (p *program) start(t *testing.T) {
	t.Helper()
	p.log.Reset()
	// Not the test's context: the process is ended by hand.
	p.cmd = p.command(context.WithoutCancel(t.Context()), "serve", "--listen", p.address, "--egress-allow", "127.0.0.0/8")
	p.cmd.Stderr = &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmd := p.cmd
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		res, err := http.Get("http://" + p.address + "/livez")
		if err == nil {
			_ = res.Body.Close()
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	t.Fatalf("the server did not start:\n%s", p.log.String())
}

// kill is kill -9.
func (p *program) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
}

func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v:\n%s", err, p.log.String())
	}
}

// load sends calls over eight connections until the server goes away; the
// function it gives waits for that.
func (p *program) load(cycle int, d *deliveries) (wait func()) {
	var wg sync.WaitGroup
	for conn := range 8 {
		wg.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
			for n := 0; ; n++ {
				id := fmt.Sprintf("k-%d-%d-%d", cycle, conn, n)
				status, err := p.deliver(client, id, cycle)
				d.note(id, err == nil && status == http.StatusCreated)
				if err != nil {
					return
				}
			}
		})
	}
	return wg.Wait
}

func (p *program) deliver(client *http.Client, id string, cycle int) (int, error) {
	body := fmt.Sprintf(`{"provider":"custom","metadata":{"cycle":"%d"},"payload":{"call_id":%q,"agent_id":"agent-%d","status":"ended",
"start_timestamp":1790367000000,"end_timestamp":1790367280000,"transcript":"Agent: Hello, this is cycle%d.\nUser: Good morning."}}`, cycle, id, cycle%5, cycle)
	r, err := http.NewRequest(http.MethodPost, "http://"+p.address+"/api/rest/v2/call-logs", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+p.key)
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

func (p *program) get(t *testing.T, path string, into any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.key)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
	}
}

type page struct {
	Items []struct {
		ProviderCallID string `json:"provider_call_id"`
		Turns          int    `json:"turns"`
	} `json:"items"`
	NextCursor string `json:"next_cursor"`
	Total      int    `json:"total"`
}

// everyCall counts how often each call is in the list.
func (p *program) everyCall(t *testing.T) map[string]int {
	t.Helper()
	out := map[string]int{}
	for cursor := ""; ; {
		var got page
		p.get(t, "/v1/calls?limit=500&cursor="+url.QueryEscape(cursor), &got)
		for _, it := range got.Items {
			out[it.ProviderCallID]++
			if it.Turns != 2 {
				t.Errorf("call %s has %d turns, want 2", it.ProviderCallID, it.Turns)
			}
		}
		if cursor = got.NextCursor; cursor == "" {
			return out
		}
	}
}

// wantSearchable waits until the index has caught up, and then wants the words
// of each call to find it.
func (p *program) wantSearchable(t *testing.T, cycles int) {
	t.Helper()
	var ready struct {
		Lag float64 `json:"search_lag_rows"`
	}
	deadline := time.Now().Add(time.Minute)
	for p.get(t, "/readyz", &ready); ready.Lag != 0; p.get(t, "/readyz", &ready) {
		if time.Now().After(deadline) {
			t.Fatalf("the search index is %v changes behind", ready.Lag)
		}
		time.Sleep(20 * time.Millisecond)
	}
	for cycle := range cycles {
		var listed, found page
		p.get(t, fmt.Sprintf("/v1/calls?limit=1&metadata.cycle=%d", cycle), &listed)
		p.get(t, fmt.Sprintf("/v1/calls?limit=1&q=cycle%d", cycle), &found)
		if listed.Total != found.Total {
			t.Errorf("cycle %d: %d calls, and a search finds %d", cycle, listed.Total, found.Total)
		}
	}
}

// receiver takes webhooks, and counts the ids that each call is told under.
type receiver struct {
	*httptest.Server

	mu  sync.Mutex
	ids map[string]map[string]bool // by call; guarded by mu
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{ids: map[string]map[string]bool{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		var body struct {
			Data struct {
				ProviderCallID string  `json:"provider_call_id"`
				Summary        *string `json:"summary"`
			} `json:"data"`
		}
		if err := json.NewDecoder(req.Body).Decode(&body); err != nil || body.Data.Summary == nil {
			t.Errorf("told of %+v, %v", body, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		ids := r.ids[body.Data.ProviderCallID]
		if ids == nil {
			ids = map[string]bool{}
			r.ids[body.Data.ProviderCallID] = ids
		}
		ids[req.Header.Get("webhook-id")] = true
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) calls() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.ids)
}

// subscribe makes an endpoint that hears of every end.
func (p *program) subscribe(t *testing.T, address string) {
	t.Helper()
	body := fmt.Sprintf(`{"url":%q,"events":["call_ended"]}`, address)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.address+"/v1/webhook-endpoints", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.key)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		t.Fatalf("make an endpoint: %d", res.StatusCode)
	}
}

// wantFollowed waits until every call has been analysed and told of, and then
// wants each told under one id, however often it was told.
func (p *program) wantFollowed(t *testing.T, told *receiver, least int) {
	t.Helper()
	var all, open page
	p.get(t, "/v1/calls?limit=1", &all)
	if all.Total < least {
		t.Errorf("%d calls, and %d were acknowledged", all.Total, least)
	}
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		p.get(t, "/v1/calls?limit=1&sentiment=positive,neutral,negative,mixed,unknown", &open)
		if open.Total == all.Total && told.calls() == all.Total {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("of %d calls %d are analysed and %d told of", all.Total, open.Total, told.calls())
		}
	}
	told.mu.Lock()
	defer told.mu.Unlock()
	for call, ids := range told.ids {
		if len(ids) != 1 {
			t.Errorf("call %s was told under %d ids", call, len(ids))
		}
	}
}

// wantSound looks at the database that is left.
func (p *program) wantSound(t *testing.T) {
	t.Helper()
	out, _ := p.command(t.Context(), "doctor").Output() // fails where a limit of this machine is low
	if !strings.Contains(string(out), ": ok") {
		t.Errorf("doctor says of the database:\n%s", out)
	}
	s, err := store.Connect(t.Context(), store.Options{URL: p.database, Dir: p.data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Engine == store.SQLite {
		var found string
		if err := s.DB().QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&found); err != nil || found != "ok" {
			t.Errorf("integrity: %s, %v", found, err)
		}
	}
	calls := count(t, s, `SELECT COUNT(*) FROM calls`)
	for query, what := range map[string]string{
		`SELECT COUNT(*) FROM inbox`:                                      "deliveries",
		`SELECT COUNT(DISTINCT id) FROM events WHERE name = 'call_ended'`: "ends",
		`SELECT COUNT(*) FROM calls c WHERE EXISTS (SELECT 1 FROM call_states s WHERE s.seq = c.seq)
OR (SELECT COUNT(*) FROM events e WHERE e.call_seq = c.seq) = 1`: "folds",
		`SELECT COUNT(*) FROM call_metadata`: "rows of metadata",
		toAnalyse(s):                         "calls to analyse",
	} {
		if got := count(t, s, query); got != calls {
			t.Errorf("%d %s for %d calls", got, what, calls)
		}
	}
}
