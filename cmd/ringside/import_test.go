package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/app"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/importer"
)

// flaky stands before a server, and fails all requests from the nth until it is
// mended: every other after it was done.
type flaky struct {
	server  http.Handler
	from    int64
	n, puts atomic.Int64
	mended  atomic.Bool
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut {
		f.puts.Add(1)
	}
	n := f.n.Add(1)
	if f.mended.Load() || n < f.from {
		f.server.ServeHTTP(w, r)
		return
	}
	if n%2 == 0 {
		f.server.ServeHTTP(httptest.NewRecorder(), r)
	}
	w.WriteHeader(http.StatusServiceUnavailable)
}

// listening starts a server on a new data directory. sending is a key that may do
// no more.
func listening(t *testing.T, from int64) (f *flaky, at, key, sending string) {
	t.Helper()
	common := config.Common{Data: t.TempDir()}
	a, err := app.New(t.Context(), config.Serve{
		Common: common, Listen: "127.0.0.1:0", RatePerKey: 10_000, BurstPerKey: 10_000,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	for scope, plain := range map[auth.Scope]*string{auth.ScopeAdmin: &key, auth.ScopeIngest: &sending} {
		if *plain, err = app.CreateKey(t.Context(), common, "Default", "import", scope, 0); err != nil {
			t.Fatal(err)
		}
	}
	u, err := url.Parse(a.PublicURL())
	if err != nil {
		t.Fatal(err)
	}
	f = &flaky{server: httputil.NewSingleHostReverseProxy(u), from: from}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return f, s.URL, key, sending
}

func get(t *testing.T, at, key, path string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s, %v: %s", path, res.Status, err, b)
	}
	return b
}

func imported(t *testing.T, at, key string) (calls []ringside.Call) {
	t.Helper()
	var page struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(get(t, at, key, "/v1/calls?limit=100"), &page); err != nil {
		t.Fatal(err)
	}
	for _, it := range page.Items {
		var c ringside.Call
		if err := json.Unmarshal(get(t, at, key, "/v1/calls/"+it.ID), &c); err != nil {
			t.Fatal(err)
		}
		calls = append(calls, c)
	}
	return calls
}

// keptAll waits until the server has looked at every recording that it was given.
func keptAll(t *testing.T, at, key string) []ringside.Call {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		calls, waiting := imported(t, at, key), 0
		for i := range calls {
			if calls[i].Kept == nil {
				waiting++
			}
		}
		if waiting == 0 {
			return calls
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d calls have no recording", waiting, len(calls))
		}
	}
}

// A server that fails in the middle, a second run, and a third from another
// place: every file is one call, with its recording, and nothing is sent again
// that is there.
func TestImportGoesOnAfterAServerThatFailed(t *testing.T) {
	t.Parallel()
	const files = 12
	dir := filepath.Join(t.TempDir(), "calls")
	content := map[string][]byte{} // by name
	for i := range files {
		sound := make([]float32, 8000+80*i)
		for j := range sound {
			sound[j] = float32(j*(i+7)%101)/500 - 0.1
		}
		name := fmt.Sprintf("day %d/20261120-0915%02d.wav", i%3, i)
		content[name] = audiotest.WAV(8000, sound)
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content[name], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, at, key, _ := listening(t, 14)
	c := importer.Config{Dir: dir, Agent: "front-desk", URL: at, Key: key, Concurrency: 3, Pause: time.Millisecond}
	first, err := importer.Run(t.Context(), c)
	if err == nil || len(first.Failed) == 0 || first.Sent == 0 || first.Sent == files {
		t.Fatalf("with a server that fails: %+v, %v", first, err)
	}
	f.mended.Store(true)
	keptBefore := len(keptAllGiven(t, at, key))
	before := f.puts.Load()
	second, err := importer.Run(t.Context(), c)
	if err != nil || len(second.Failed) != 0 || second.Sent+second.There != files || second.There != keptBefore {
		t.Fatalf("the second run: %+v, %v; %d were there", second, err, keptBefore)
	}
	if n := f.puts.Load() - before; n != int64(files-keptBefore) {
		t.Errorf("the second run sent %d recordings, %d were missing", n, files-keptBefore)
	}
	calls := keptAll(t, at, key)
	if len(calls) != files {
		t.Errorf("%d calls, want %d", len(calls), files)
	}
	for i := range calls {
		call := &calls[i]
		name, _ := call.Metadata["file"].(string)
		if got := get(t, at, key, "/v1/calls/"+call.ID.String()+"/recording"); !bytes.Equal(got, content[name]) {
			t.Errorf("the recording of %q has %d bytes, want %d, the same", name, len(got), len(content[name]))
		}
		if call.Status != ringside.StatusCompleted || call.Agent == nil || call.Agent.Name != "front-desk" ||
			!strings.HasPrefix(filepath.Base(name), call.StartedAt.Format("20060102-150405")) {
			t.Errorf("%q: %s of %v, began %v", name, call.Status, call.Agent, call.StartedAt)
		}
	}
	moved := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	before = f.puts.Load()
	c.Dir = filepath.Dir(moved)
	third, err := importer.Run(t.Context(), c)
	if err != nil || third.There != files || third.Sent != 0 || f.puts.Load() != before || len(imported(t, at, key)) != files {
		t.Errorf("from another place: %+v, %v", third, err)
	}
}

// keptAllGiven waits until what is being looked at is, and gives the calls whose
// recording is kept.
func keptAllGiven(t *testing.T, at, key string) (kept []ringside.Call) {
	t.Helper()
	last := -1
	for range 100 {
		kept = kept[:0]
		for _, c := range imported(t, at, key) {
			if c.Kept != nil {
				kept = append(kept, c)
			}
		}
		if len(kept) > 0 && len(kept) == last {
			return kept
		}
		last = len(kept)
		time.Sleep(500 * time.Millisecond)
	}
	t.Fatal("no recording is kept")
	return nil
}

func TestImportCommand(t *testing.T) {
	t.Parallel()
	f, at, key, sending := listening(t, 1<<40)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "1763630100.wav"), audiotest.WAV(8000, make([]float32, 8000)), 0o600); err != nil {
		t.Fatal(err)
	}
	c := importCmd{Dir: dir, Agent: "front-desk", URL: at, Key: key, Timezone: "UTC", Concurrency: 4, DryRun: true}
	for _, dry := range []bool{true, false} {
		c.DryRun = dry
		if err := c.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(imported(t, at, key)); (n == 0) != dry {
			t.Errorf("dry run %v, and there are %d calls", dry, n)
		}
	}
	c.Key = sending
	if err := c.Run(t.Context()); err != nil || f.puts.Load() != 2 || len(imported(t, at, key)) != 1 {
		t.Errorf("a key that may not look: %v, %d recordings sent, want the same twice to one call", err, f.puts.Load())
	}
	c.Timezone = "Mars"
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "--timezone") {
		t.Errorf("another zone: %v", err)
	}
	c.Timezone, c.Key = "UTC", "rs_live_none"
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "does not know the key") {
		t.Errorf("another key: %v", err)
	}
}

func TestPrintImport(t *testing.T) {
	t.Parallel()
	skipped := []importer.Left{{File: "a.mp3", Why: "is empty"}}
	for i := range 5 {
		skipped = append(skipped, importer.Left{File: fmt.Sprintf("%d.txt", i), Why: "is text"})
	}
	var b bytes.Buffer
	printImport(&b, &importer.Result{
		Files: 4, Sent: 1, There: 1, Skipped: skipped, Failed: []importer.Left{{File: "b.wav", Why: "no"}}, Blind: true,
		Calls: []importer.Call{{File: "c.wav", ID: "recording-1", Agent: "front", StartedAt: time.Unix(1763630100, 0).UTC(), TimeFrom: "name", Seconds: 12.34}},
	}, true)
	want := "c.wav  would be sent as recording-1: of front, 2025-11-20T09:15:00Z by its name, 12.3 s\n" +
		"skipped  a.mp3: is empty\nskipped  0.txt, 1.txt, 2.txt and 2 more: is text\nfailed   b.wav: no\n1 would be sent, 1 already there, 6 skipped, 1 failed\n" +
		"the key may not read: some may have been there already; with a key of scope admin that is looked up\n"
	if b.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", &b, want)
	}
}
