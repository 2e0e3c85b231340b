package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/store"
)

func open(t *testing.T, dir string, demo bool) *App {
	t.Helper()
	a, err := New(t.Context(), config.Serve{
		Common: config.Common{Data: dir}, Listen: "127.0.0.1:0", Demo: demo, RatePerKey: 10_000, BurstPerKey: 10_000,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a
}

// simulated are the demo's simulated calls, as the store has them.
func simulated(t *testing.T, a *App, workspace string) (on, ended int) {
	t.Helper()
	err := a.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		page, err := a.store.ListCalls(ctx, tx, store.CallQuery{CallFilter: store.CallFilter{Workspace: workspace, Simulation: new(true)}, Limit: 500})
		for _, c := range page.Items {
			switch {
			case !demoCall.MatchString(c.ProviderCallID):
			case c.Status == ringside.StatusActive:
				on++
			default:
				ended++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return on, ended
}

// The demo holds calls, ends them when it stops, and the next start ends those
// of a process that was killed.
func TestTheDemoLeavesNoCallOn(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, true)
	w, err := findDemo(t.Context(), a.store)
	if err != nil {
		t.Fatal(err)
	}
	for on := 0; on == 0; {
		on, _ = simulated(t, a, w.ID)
	}
	a.demo.stop()
	on, held := simulated(t, a, w.ID)
	if on > 0 || held == 0 {
		t.Errorf("the demo has stopped, and %d calls are on, %d ended", on, held)
	}
	tell(t, a, w.ID, demoID(1), `{"id":"start","type":"started","isSimulation":true}`)
	a.Stop()

	a = open(t, dir, false)
	defer a.Stop()
	for on = 1; on > 0; {
		on, _ = simulated(t, a, w.ID)
	}
	if _, ended := simulated(t, a, w.ID); ended != held+1 {
		t.Errorf("%d calls ended, want %d", ended, held+1)
	}
}

func tell(t *testing.T, a *App, workspace, call, body string) {
	t.Helper()
	if _, err := a.door.Live(t.Context(), &auth.Principal{WorkspaceID: workspace}, call, []byte(body), time.Now().UTC()); err != nil {
		t.Fatal(err)
	}
}

// A demo that runs for long keeps its newest calls, and nobody else's fewer.
func TestTheDemoKeepsItsNewestCalls(t *testing.T) {
	a := open(t, t.TempDir(), false)
	defer a.Stop()
	w := &ringside.Workspace{ID: "ws_demo", Name: "demo"}
	if err := a.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.InsertWorkspace(ctx, tx, w) }); err != nil {
		t.Fatal(err)
	}
	const body = `{"id":"start","type":"started","isSimulation":true}` + "\n" + `{"id":"end","type":"ended"}`
	for i := range demoKept + 3 {
		tell(t, a, w.ID, demoID(i), body)
	}
	tell(t, a, w.ID, demoID(1000), `{"id":"start","type":"started","isSimulation":true}`)
	mine := []string{"sim-mine", "sim-demo-mine", "sim-demo-20261126t090000"}
	for _, id := range mine {
		tell(t, a, w.ID, id, body)
	}
	for i := range trimEvery { // so that they would go if they were the demo's
		tell(t, a, w.ID, demoID(2000+i), body)
	}
	(&demo{app: a}).trim(t.Context(), w.ID)
	on, ended := simulated(t, a, w.ID)
	if on != 1 || ended != demoKept {
		t.Errorf("%d calls on, %d ended", on, ended)
	}
	for _, id := range mine {
		err := a.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := store.FindCall(ctx, tx, w.ID, id)
			return err
		})
		if err != nil {
			t.Errorf("a call that is not the demo's is gone: %v", err)
		}
	}
}

// demoID is what the demo calls its nth call.
func demoID(n int) string { return fmt.Sprintf("sim-demo-20260101t000000-%d", n) }

// The demo's key is gone when it is needed no more, also after a kill; a person's
// key of the same name stays.
func TestTheDemoRevokesItsOwnKey(t *testing.T) {
	a := open(t, t.TempDir(), false)
	defer a.Stop()
	w := &ringside.Workspace{ID: "ws_demo", Name: "demo"}
	if err := a.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.InsertWorkspace(ctx, tx, w) }); err != nil {
		t.Fatal(err)
	}
	_, mine, err := a.auth.CreateKey(t.Context(), w.ID, "Simulated calls", auth.ScopeIngest, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	keys := func() (ids []string) {
		err := a.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			all, err := store.Keys(ctx, tx, w.ID)
			for _, k := range all {
				ids = append(ids, k.ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	d := &demo{app: a}
	if _, _, err := d.key(t.Context(), w.ID, "Simulated calls"); err != nil { // as a process that is killed
		t.Fatal(err)
	}
	_, drop, err := d.key(t.Context(), w.ID, "Simulated calls")
	if err != nil {
		t.Fatal(err)
	}
	if got := keys(); len(got) != 2 || !slices.Contains(got, mine.ID) {
		t.Errorf("while it is needed there are %q", got)
	}
	drop()
	drop()
	if got := keys(); len(got) != 1 || got[0] != mine.ID {
		t.Errorf("afterwards there are %q, want %q", got, mine.ID)
	}
}
