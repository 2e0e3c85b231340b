package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/bus/nats/natstest"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/pgtest"
)

// beside starts a server among several on one database.
func beside(t *testing.T, database, server string) *App {
	t.Helper()
	a, err := New(t.Context(), config.Serve{
		Common: config.Common{Data: t.TempDir(), DatabaseURL: database, NATS: server, SecretKey: "4f1d8a03c96be27571fa3be0d4c8265917e0b3a86df2c4951b7e60ad38c2f94b"},
		Listen: "127.0.0.1:0", RatePerKey: 10_000, BurstPerKey: 10_000, KeepInbox: 90 * 24 * time.Hour,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	return a
}

func (a *App) until(t *testing.T, workspace string, call ringside.CallID, is func(*live.Call) bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !is(a.live.Get(workspace, call)); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the call is shown as %+v", a.live.Get(workspace, call))
		}
	}
}

// Two servers on one PostgreSQL show the same calls, with what is being said and
// what was found in them, and an erasure at one leaves neither anything.
func TestTwoServersShowTheSame(t *testing.T) {
	database, server := pgtest.URL(t), natstest.New(t)
	a, b := beside(t, database, server.URL), beside(t, database, server.URL)
	var ws string
	if err := a.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		all, err := store.Workspaces(ctx, tx)
		if err != nil {
			return err
		}
		ws = all[0].ID
		return store.PutInterventionRule(ctx, tx, ws, &ringside.InterventionRule{
			ID: "rule", Name: "Say sorry", When: ringside.InterventionWhen{MinSeverity: ringside.AlertLow}, Mode: ringside.ModeSuggest,
			Do: ringside.InterventionStep{Action: ringside.StepSay, Message: "Sorry."}, Active: true, CreatedAt: time.Now(), UpdatedAt: time.Now(),
		})
	}); err != nil {
		t.Fatal(err)
	}
	call := ringside.NewCallID(ws, "custom", "one")
	tell(t, a, ws, "one", `{"id":"s","type":"started","from":"`+plantedPhone+`"}`)
	b.until(t, ws, call, func(c *live.Call) bool { return c != nil && c.From == plantedPhone })
	tell(t, a, ws, "one", `{"id":"p","type":"partial","role":"user","text":"My wo"}`)
	b.until(t, ws, call, func(c *live.Call) bool { return len(c.Saying()) == 1 && c.Saying()[0].Text == "My wo" })
	tell(t, b, ws, "one", `{"id":"t","type":"turn","role":"user","text":"My word is `+plantedWord+`."}`)
	a.until(t, ws, call, func(c *live.Call) bool { return c.Turns == 1 })
	tell(t, a, ws, "one", `{"id":"x","type":"error","component":"model","message":"overloaded"}`)
	for _, p := range []*App{a, b} {
		p.until(t, ws, call, func(c *live.Call) bool { return len(c.Alerts) == 1 && len(c.Proposals) == 1 })
	}
	one, other := a.live.Get(ws, call), b.live.Get(ws, call)
	if one.Alerts[0].ID != other.Alerts[0].ID || one.Proposals[0].ID != other.Proposals[0].ID {
		t.Errorf("one shows %+v, %+v, the other %+v, %+v", one.Alerts[0], one.Proposals[0], other.Alerts[0], other.Proposals[0])
	}
	erased(t, a, ws, pipeline.ErasePhone, plantedPhone)
	for _, p := range []*App{a, b} {
		p.until(t, ws, call, func(c *live.Call) bool { return c == nil })
	}
	w := httptest.NewRecorder()
	b.metrics.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if !strings.Contains(w.Body.String(), "ringside_bus_connected 1") {
		t.Error("the metrics don't tell of the bus")
	}
	if k := checkBus(b.cfg.Common); k.Problem != "" || !strings.Contains(k.Found, "answers") {
		t.Errorf("the doctor says %+v", k)
	}
}

// A bus is for several processes, and SQLite is for one.
func TestABusNeedsPostgreSQL(t *testing.T) {
	_, err := New(t.Context(), config.Serve{Common: config.Common{Data: t.TempDir(), NATS: "nats://127.0.0.1:1"}, Listen: "127.0.0.1:0"}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "--database-url") {
		t.Errorf("%v", err)
	}
	if k := checkBus(config.Common{NATS: "nats://127.0.0.1:1"}); k.Problem == "" {
		t.Errorf("the doctor says %+v", k)
	}
}
