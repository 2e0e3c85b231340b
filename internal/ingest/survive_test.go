package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// sicken makes every delivery fail that is to be stored, until it is cured.
func sicken(t testing.TB, s *store.Store) (cure func()) {
	t.Helper()
	exec := func(queries ...string) {
		t.Helper()
		for _, q := range queries {
			var err error
			if s.Engine == store.SQLite {
				_, err = s.DB().ExecContext(t.Context(), q)
			} else {
				_, err = s.Pool().Exec(t.Context(), q)
			}
			must(t, err)
		}
	}
	if s.Engine == store.SQLite {
		exec(`CREATE TRIGGER sick BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'sick'); END`)
		return func() { exec(`DROP TRIGGER sick`) }
	}
	exec(`CREATE FUNCTION sick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sick'; END $$`,
		`CREATE TRIGGER sick BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION sick()`)
	return func() { exec(`DROP TRIGGER sick ON inbox`) }
}

// spooled lists the files in the spool.
func (h *harness) spooled(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.spool, "*.delivery"))
	must(t, err)
	return files
}

// toolCall is a tool call of a call of its own.
func toolCall(t testing.TB, call string) []byte {
	t.Helper()
	body := payload(t, "vapi/tool-calls.json")
	return bytes.ReplaceAll(body, []byte(field(t, body, "message", "call", "id")), []byte(call))
}

// A store that refuses costs the agent nothing and Ringside nothing: the answer
// is the endpoint's, the delivery is on disk when it is given, and stored once,
// when the store takes it again.
func TestForwardingWithASickStore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		team := toolEndpoint(t)
		path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
		cure := sicken(t, s)
		for i := range 3 {
			body := toolCall(t, fmt.Sprint("call-", i))
			for range 2 { // the vendor sends it twice
				if a := h.send(t, path, body, "X-Vapi-Secret", "k"); a.Status != 200 || a.Body != toolResult {
					t.Fatalf("%d %s", a.Status, a.Body)
				}
			}
		}
		if files := h.spooled(t); len(files) != 6 {
			t.Fatalf("%d files in the spool", len(files))
		}
		if f := h.door.Forwarding(h.sourceOf(t, path)); f.Waiting != 6 || f.Failures != 0 {
			t.Errorf("%+v", f)
		}
		h.wantCount(t, 0, `SELECT COUNT(*) FROM inbox`)
		cure()
		eventually(t, "an empty spool", func() bool { return len(h.spooled(t)) == 0 })
		h.wantCount(t, 3, `SELECT COUNT(*) FROM inbox WHERE state = 'stored'`)
		h.wantCount(t, 3, `SELECT COUNT(*) FROM calls`)
		if f := h.door.Forwarding(h.sourceOf(t, path)); f.Waiting != 0 {
			t.Errorf("%+v", f)
		}
	})
}

// A store that is gone altogether: sources that came by before are served, and
// the next start finds what was kept.
func TestForwardingWithADeadStore(t *testing.T) {
	dir := t.TempDir()
	openStore := func() *store.Store {
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		must(t, err)
		t.Cleanup(s.Close)
		return s
	}
	h := newHarness(t, openStore(), anyRate)
	team := toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	h.open(t, h.store, anyRate) // a start: it learns what forwards before anything comes
	never := h.source(t, h.workspace, "vapi", "k", false, provider.HMAC{})
	h.store.Close()
	a := h.send(t, path, toolCall(t, "while-dead"), "X-Vapi-Secret", "k")
	if a.Status != 200 || a.Body != toolResult {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	h.send(t, path, toolCall(t, "while-dead"), "X-Vapi-Secret", "wrong").want(t, 401)
	unknown := h.send(t, never, toolCall(t, "x"), "X-Vapi-Secret", "k")
	if unknown.want(t, 503, "code", "not_stored"); unknown.Header.Get("Retry-After") == "" {
		t.Errorf("no Retry-After: %v", unknown.Header)
	}
	if len(h.spooled(t)) != 1 {
		t.Fatalf("%d files in the spool", len(h.spooled(t)))
	}
	h.door.Stop()
	h.ledger.Stop()

	h.open(t, openStore(), anyRate)
	eventually(t, "an empty spool", func() bool { return len(h.spooled(t)) == 0 })
	h.eventuallyStored(t, 1)
	h.send(t, path, toolCall(t, "while-dead"), "X-Vapi-Secret", "k").want(t, 200)
	h.eventuallyStored(t, 1)
	if team.count() != 2 {
		t.Errorf("the endpoint saw %d deliveries", team.count())
	}
}

// A store that hangs makes nobody wait.
func TestForwardingWithAStoreThatHangs(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	h.send(t, path, toolCall(t, "before"), "X-Vapi-Secret", "k").want(t, 200)
	h.eventuallyStored(t, 1)
	eventually(t, "an empty spool", func() bool { return len(h.spooled(t)) == 0 })
	hung, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = h.store.Write(context.WithoutCancel(t.Context()), func(context.Context, store.Tx) error {
			close(hung)
			<-release
			return nil
		})
	}()
	<-hung
	h.send(t, path, toolCall(t, "before"), "X-Vapi-Secret", "k").want(t, 200) // it hangs until this is answered
	if len(h.spooled(t)) != 1 {
		t.Errorf("%d files in the spool", len(h.spooled(t)))
	}
	close(release)
	eventually(t, "an empty spool", func() bool { return len(h.spooled(t)) == 0 })
	h.eventuallyStored(t, 1)
}

// With neither a store nor a disk, the agent is answered all the same, and the
// delivery waits in memory.
func TestForwardingWithoutStoreAndDisk(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	cure := sicken(t, h.store)
	must(t, os.RemoveAll(h.spool))
	a := h.send(t, path, toolCall(t, "in-memory"), "X-Vapi-Secret", "k")
	if a.Status != 200 || a.Body != toolResult {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if f := h.door.Forwarding(h.sourceOf(t, path)); f.Waiting != 1 {
		t.Errorf("%+v", f)
	}
	cure()
	h.eventuallyStored(t, 1)
}

// What can never be stored is passed on, and does not stay in the spool.
func TestForwardingWhatIsNoJSON(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	h.send(t, path, []byte("not JSON"), "X-Vapi-Secret", "k").want(t, 200)
	h.send(t, path, []byte(`{"message":{"type":"tool-calls"}}`), "X-Vapi-Secret", "k").want(t, 200)
	eventually(t, "the readable one in quarantine", func() bool { return h.count(t, `SELECT COUNT(*) FROM inbox WHERE state = 'quarantined'`) == 1 })
	h.door.Stop()
	if files := h.spooled(t); len(files) != 0 || team.count() != 2 {
		t.Errorf("spool %v, the endpoint saw %d", files, team.count())
	}
}

// A workspace that was deleted in the meantime takes nothing.
func TestSpooledForADeletedWorkspace(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := toolEndpoint(t)
	ws := h.newWorkspace(t, "Leaving")
	path := h.forwarding(t, ws, "vapi", "k", false, provider.HMAC{}, team.URL)
	cure := sicken(t, h.store)
	h.send(t, path, toolCall(t, "left"), "X-Vapi-Secret", "k").want(t, 200)
	h.door.Stop()
	h.write(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM workspaces WHERE id = $1`, ws)
		return err
	})
	cure()
	h.open(t, h.store, anyRate)
	eventually(t, "an empty spool", func() bool { return len(h.spooled(t)) == 0 })
	h.wantCount(t, 0, `SELECT COUNT(*) FROM inbox`)
	h.wantCount(t, 0, `SELECT COUNT(*) FROM calls`)
}

// A decoder that panics ends neither the process nor the relay.
func TestForwardingPastADecoderThatPanics(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := toolEndpoint(t)
	vapi := h.providers["vapi"]
	mended := vapi.Decode
	vapi.Decode = func(provider.Payload) ([]ringside.Event, error) { panic("a mistake of ours") }
	h.providers["vapi"] = vapi
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	h.send(t, path, toolCall(t, "a"), "X-Vapi-Secret", "k").want(t, 200)
	if len(h.spooled(t)) != 1 {
		t.Errorf("%d files in the spool", len(h.spooled(t)))
	}
	h.door.Stop()
	vapi.Decode = mended
	h.providers = map[string]provider.Provider{"vapi": vapi}
	h.open(t, h.store, anyRate)
	h.eventuallyStored(t, 1)
}

// A delivery that is poisoned keeps no other from being stored.
func TestOnePoisonedDeliveryInTheSpool(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := toolEndpoint(t)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	cure := sicken(t, h.store)
	for i := range 9 {
		h.send(t, path, toolCall(t, fmt.Sprint("call-", i)), "X-Vapi-Secret", "k").want(t, 200)
	}
	first := h.spooled(t)[0]
	b, err := os.ReadFile(first)
	must(t, err)
	must(t, os.WriteFile(first, []byte(strings.Replace(string(b), `"provider":"vapi"`, `"provider":"gone"`, 1)), 0o600))
	cure()
	eventually(t, "all others stored", func() bool { return h.count(t, `SELECT COUNT(*) FROM inbox`) == 8 })
	eventually(t, "the poisoned one alone in the spool", func() bool { return slices.Equal(h.spooled(t), []string{first}) })
}
