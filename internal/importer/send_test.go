package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
)

// door answers for a server, as status says.
type door struct {
	status func(n int, r *http.Request) int // 0: take it; n counts requests from 1
	erased string                           // the file whose call was erased here before

	mu     sync.Mutex
	n      int               // guarded by mu
	calls  map[string]body   // guarded by mu: by id
	sounds map[string]string // guarded by mu: by id
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	if d.status != nil {
		if s := d.status(d.n, r); s != 0 {
			w.Header().Set("Location", "https://ringside.example.com/")
			w.WriteHeader(s)
			fmt.Fprint(w, `{"detail":"so it is"}`)
			return
		}
	}
	switch r.Method {
	case http.MethodGet:
		w.WriteHeader(http.StatusForbidden)
	case http.MethodPost:
		var b body
		_ = json.Unmarshal(sent, &b)
		if b.Metadata["file"] == d.erased {
			fmt.Fprint(w, `{"id":"erased","action":"duplicate"}`)
			return
		}
		d.calls[b.ID] = b
		fmt.Fprintf(w, `{"id":%q,"action":"created"}`, b.ID)
	case http.MethodPut:
		if strings.Contains(r.URL.Path, "/erased/") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		d.sounds[strings.Split(r.URL.Path, "/")[3]] = string(sent)
		w.WriteHeader(http.StatusAccepted)
	}
}

// requests counts what has come; of a request that was given up, too.
func (d *door) requests() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}

func (d *door) config(t *testing.T, dir string) Config {
	t.Helper()
	d.calls, d.sounds = map[string]body{}, map[string]string{}
	s := httptest.NewServer(d)
	t.Cleanup(s.Close)
	return Config{Dir: dir, Agent: "front", URL: s.URL + "/", Key: "key", Concurrency: 2, Pause: time.Millisecond}
}

// recordings writes so many of a second each, no two alike.
func recordings(t *testing.T, n int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for i := range n {
		sound := make([]float32, 8000)
		sound[i] = 0.5
		put(t, dir, map[string]string{fmt.Sprintf("20261120-0915%02d.wav", i): string(audiotest.WAV(8000, sound))})
	}
	return dir
}

func TestRunSendsWhatIsKnown(t *testing.T) {
	t.Parallel()
	var d door
	dir := recordings(t, 2)
	put(t, dir, map[string]string{
		"calls.csv": "file;agent;from;direction;campaign;transcript\n20261120-091501.wav;back;+15550100;outbound;spring;said.json\n",
		"said.json": `[{"role":"agent","text":"Hello","start_ms":100,"end_ms":900}]`,
		"cut.mp3":   "not a recording", "twin.wav": mustRead(t, filepath.Join(dir, "20261120-091500.wav")),
	})
	c := d.config(t, dir)
	c.CSV, c.Direction = filepath.Join(dir, "calls.csv"), "inbound"
	r, err := Run(t.Context(), c)
	if err != nil || r.Files != 4 || r.Sent != 2 || len(r.Skipped) != 2 || len(r.Failed) != 0 || !r.Blind {
		t.Fatalf("%+v, %v", r, err)
	}
	if !strings.Contains(r.Skipped[0].Why, "text") || r.Skipped[1].Why != "is the same recording as 20261120-091500.wav" {
		t.Errorf("skipped %v", r.Skipped)
	}
	by := map[string]body{}
	for id, b := range d.calls {
		by[b.Agent] = b
		if path := filepath.Join(dir, b.Metadata["file"]); d.sounds[id] != mustRead(t, path) {
			t.Errorf("the recording of %s is not that of %s", id, path)
		}
	}
	if b := by["front"]; b.StartedAt != "2026-11-20T09:15:00Z" || b.EndedAt != "2026-11-20T09:15:01Z" || b.Direction != "inbound" || b.Platform != "import" {
		t.Errorf("without a row: %+v", b)
	}
	b := by["back"]
	if b.Direction != "outbound" || b.From != "+15550100" || b.Metadata["campaign"] != "spring" || len(b.Messages) != 1 {
		t.Fatalf("with a row: %+v", b)
	}
	if m := b.Messages[0]; m.Content != "Hello" || *m.Start != time.Date(2026, 11, 20, 9, 15, 1, 100e6, time.UTC).UnixMilli() {
		t.Errorf("said %+v", m)
	}
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Without a time anywhere, the call ended when its file was written.
func TestTimeOfTheFile(t *testing.T) {
	t.Parallel()
	var d door
	dir := t.TempDir()
	put(t, dir, map[string]string{"a.wav": string(audiotest.WAV(8000, make([]float32, 16_000)))})
	at := time.Date(2026, 11, 20, 9, 15, 2, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "a.wav"), at, at); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), d.config(t, dir)); err != nil {
		t.Fatal(err)
	}
	for _, b := range d.calls {
		if b.StartedAt != "2026-11-20T09:15:00Z" || b.EndedAt != "2026-11-20T09:15:02Z" {
			t.Errorf("from %s to %s", b.StartedAt, b.EndedAt)
		}
	}
}

func TestTroubleThatPassesIsWaitedFor(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 500, 502, 503} {
		d := door{status: func(n int, _ *http.Request) int { return map[bool]int{true: status}[n%3 != 0] }}
		c := d.config(t, recordings(t, 3))
		c.Concurrency = 1
		r, err := Run(t.Context(), c)
		if err != nil || r.Sent != 3 || len(r.Failed) != 0 || len(d.sounds) != 3 {
			t.Errorf("%d twice, then none: %+v, %v", status, r, err)
		}
	}
}

// What the next file would meet as well ends the import, and the error says what
// to do.
func TestTroubleThatStaysEndsIt(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		401: "ringside keys create", 403: "ringside keys create", 404: "--url", 301: "give that as --url", 308: "give that as --url", 503: "run the same command again",
	} {
		d := door{status: func(_ int, r *http.Request) int {
			if r.Method == http.MethodGet && status == 403 {
				return 0
			}
			return status
		}}
		r, err := Run(t.Context(), d.config(t, recordings(t, 12)))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "so it is") || r.Sent != 0 || len(r.Failed) > maxAway {
			t.Errorf("%d: %+v, %v", status, r, err)
		}
		if n := d.requests(); status != 503 && n > 6 {
			t.Errorf("%d: %d requests", status, n)
		}
	}
	c := Config{Dir: recordings(t, 8), Agent: "front", URL: "http://127.0.0.1:1", Key: "key", Pause: time.Microsecond}
	if r, err := Run(t.Context(), c); err == nil || len(r.Failed) != maxAway || !strings.Contains(err.Error(), "refused") {
		t.Errorf("nobody there: %+v, %v", r, err)
	}
}

// A file that is refused for itself fails alone.
func TestARefusedFileFailsAlone(t *testing.T) {
	t.Parallel()
	d := door{status: func(_ int, r *http.Request) int {
		return map[bool]int{true: http.StatusRequestEntityTooLarge}[r.Method == http.MethodPut && r.ContentLength > 20_000]
	}}
	dir := recordings(t, 5)
	put(t, dir, map[string]string{"long.wav": string(audiotest.WAV(8000, make([]float32, 16_000)))})
	r, err := Run(t.Context(), d.config(t, dir))
	if err != nil || r.Sent != 5 || len(r.Failed) != 1 || r.Failed[0].File != "long.wav" || !strings.Contains(r.Failed[0].Why, "413 Request Entity Too Large: so it is") {
		t.Errorf("%+v, %v", r, err)
	}
}

// A call that was erased does not come back, and keeps no other from coming.
func TestAnErasedCallIsPassedOver(t *testing.T) {
	t.Parallel()
	d := door{erased: "20261120-091501.wav"}
	c := d.config(t, recordings(t, 5))
	c.Concurrency = 1
	r, err := Run(t.Context(), c)
	if err != nil || r.Sent != 4 || len(r.Failed) != 0 || len(r.Skipped) != 1 || r.Skipped[0].File != d.erased || !strings.Contains(r.Skipped[0].Why, "erased") {
		t.Errorf("%+v, %v", r, err)
	}
}

// A recording in which something was muted since is not sent again.
func TestWhatWasMutedIsThere(t *testing.T) {
	t.Parallel()
	r := &recording{sha: "as it came"}
	for want, k := range map[bool]*ringside.Kept{true: {SHA256: "muted", Original: "as it came"}, false: {SHA256: "muted", Original: "another"}} {
		if got := (&kept{Kept: k}).has(r); got != want {
			t.Errorf("%+v: there is %v", k, got)
		}
	}
}

func TestAnInterruptSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	d := door{status: func(n int, _ *http.Request) int {
		if n == 5 {
			cancel()
		}
		return 0
	}}
	r, err := Run(ctx, d.config(t, recordings(t, 9)))
	if err == nil || !strings.Contains(err.Error(), "of 9 files; run the same command again") || len(r.Failed) != 0 || r.Sent > 5 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Nothing is sent before all of the CSV was checked, nor in a dry run.
func TestNothingIsSent(t *testing.T) {
	t.Parallel()
	var d door
	dir := recordings(t, 2)
	put(t, dir, map[string]string{"calls.csv": "file,direction\n20261120-091500.wav,inbound\n20261120-091501.wav,up\n"})
	c := d.config(t, dir)
	c.CSV = filepath.Join(dir, "calls.csv")
	if r, err := Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "calls.csv: row 3, column direction") || r != nil {
		t.Errorf("%+v, %v", r, err)
	}
	c.CSV, c.DryRun, c.Key = "", true, ""
	r, err := Run(t.Context(), c)
	if err != nil || r.Sent != 2 || len(r.Calls) != 2 || r.Calls[0].File != "20261120-091500.wav" || r.Calls[0].TimeFrom != "name" || r.Calls[0].Seconds != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if n := d.requests(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	good := Config{Dir: t.TempDir(), Agent: "front", URL: "https://ringside.example.com", Key: "key"}
	for want, bend := range map[string]func(*Config){
		"--url":       func(c *Config) { c.URL = "localhost:8080" },
		"--agent":     func(c *Config) { c.Agent = " " },
		"--key":       func(c *Config) { c.Key = "" },
		"--direction": func(c *Config) { c.Direction = "up" },
		"folder":      func(c *Config) { c.Dir = filepath.Join(c.Dir, "none") },
	} {
		c := good
		bend(&c)
		if _, err := Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if r, err := Run(t.Context(), good); err != nil || r.Files != 0 {
		t.Errorf("an empty folder: %+v, %v", r, err)
	}
}
