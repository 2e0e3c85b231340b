package ingest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// crashDir names the database's folder to the process that will be killed.
const crashDir = "RINGSIDE_TEST_CRASH_DIR"

// TestDoorToKill is the process that TestKilledWhileTheStoreIsSick kills: doors
// that forward, on a store that takes nothing.
func TestDoorToKill(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		return
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	must(t, err)
	h := newHarness(t, s, anyRate)
	team := toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "", true, provider.HMAC{}, team.URL)
	sicken(t, s)
	fmt.Fprintln(os.Stderr, "at", h.URL+path, h.spool)
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed, or its parent is
}

// What a vendor got an answer to is stored once after a kill -9, although the
// database had taken none of it.
func TestKilledWhileTheStoreIsSick(t *testing.T) {
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestDoorToKill$")
	child.Env = append(os.Environ(), crashDir+"="+dir, "TMPDIR="+t.TempDir())
	in, err := child.StdinPipe()
	must(t, err)
	defer in.Close()
	out, err := child.StderrPipe()
	must(t, err)
	must(t, child.Start())
	var url, spooled string
	for lines := bufio.NewScanner(out); url == "" && lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "at "); ok {
			url, spooled, _ = strings.Cut(rest, " ")
		}
	}
	acked := sendUntilKilled(t, child, url)
	_ = child.Wait()
	if len(acked) < 20 {
		t.Fatalf("%d acknowledged: too few to prove a thing", len(acked))
	}

	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	must(t, err)
	t.Cleanup(s.Close)
	_, err = s.DB().ExecContext(t.Context(), `DROP TRIGGER sick`)
	must(t, err)
	h := newHarness(t, s, anyRate)
	h.spool = spooled
	h.open(t, s, anyRate)
	eventually(t, "an empty spool", func() bool { return len(h.spooled(t)) == 0 })
	for _, id := range acked {
		h.wantCount(t, 1, `SELECT COUNT(*) FROM calls WHERE provider_call_id = $1`, id)
	}
	if n := h.count(t, `SELECT COUNT(*) FROM inbox`); n < len(acked) || n != h.count(t, `SELECT COUNT(*) FROM calls`) {
		t.Errorf("%d deliveries in the inbox, %d acknowledged", n, len(acked))
	}
}

// sendUntilKilled sends tool calls over four connections, kills the process in
// the midst of it, and gives the calls that had an answer.
func sendUntilKilled(t *testing.T, child *exec.Cmd, url string) (acked []string) {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("call-%d-%d", worker, n)
				res, err := http.Post(url, "application/json", bytes.NewReader(toolCall(t, id)))
				if err != nil {
					return
				}
				b, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || string(b) != toolResult {
					return
				}
				mu.Lock()
				acked = append(acked, id)
				mu.Unlock()
			}
		})
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		mu.Lock()
		n := len(acked)
		mu.Unlock()
		if n >= 40 {
			break
		}
	}
	_ = child.Process.Kill()
	wg.Wait()
	return acked
}
