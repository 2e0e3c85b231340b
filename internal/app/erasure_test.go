package app

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/pgtest"
)

// What is planted, and must be nowhere afterwards. The word is one that the
// index's pages hold whole.
const (
	plantedPhone = "+14155550142"
	plantedMail  = "planted.ann@example.com"
	plantedWord  = "quixotrywombat"
)

var planted = []string{"4155550142", "planted.ann", plantedWord}

// trace looks for what was planted.
func trace(b []byte) (found []string) {
	for _, p := range planted {
		if bytes.Contains(bytes.ToLower(b), []byte(p)) {
			found = append(found, p)
		}
	}
	return found
}

// rows finds in which tables something that was planted stands, in plain or
// packed.
func rows(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	names := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'`
	if s.Engine == store.Postgres {
		names = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`
	}
	out := map[string][]string{}
	if err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		tables, err := column(ctx, tx, names)
		if err != nil {
			return err
		}
		for _, table := range tables {
			columns := `SELECT name FROM pragma_table_info('` + table + `')`
			if s.Engine == store.Postgres {
				columns = `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '` + table + `'`
			}
			all, err := column(ctx, tx, columns)
			if err != nil {
				return err
			}
			for _, c := range all {
				cell := `CAST("` + c + `" AS BLOB)`
				if s.Engine == store.Postgres {
					cell = `CASE WHEN pg_typeof("` + c + `")::text = 'bytea' THEN "` + c + `"::text::bytea ELSE convert_to("` + c + `"::text, 'UTF8') END`
				}
				values, err := column(ctx, tx, `SELECT `+cell+` FROM "`+table+`" WHERE "`+c+`" IS NOT NULL`)
				if err != nil {
					return fmt.Errorf("%s.%s: %w", table, c, err)
				}
				for _, v := range values {
					hit := trace([]byte(v))
					if plain, err := store.Unpack([]byte(v)); err == nil {
						hit = append(hit, trace(plain)...)
					}
					if len(hit) > 0 {
						out[table] = append(out[table], c+": "+strings.Join(hit, ", "))
					}
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func column(ctx context.Context, tx store.Tx, query string) (out []string, err error) {
	r, err := tx.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for r.Next() {
		var v []byte
		if err := r.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, string(v))
	}
	return out, r.Err()
}

// files finds which files below a folder have something in them that was planted.
func files(t *testing.T, dir string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if hit := trace(b); len(hit) > 0 {
			name, _ := filepath.Rel(dir, path)
			out[name] = hit
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// plant makes a call of the person, with something of them in every place that
// can hold it, and gives its id.
func plant(t *testing.T, a *App, workspace string) ringside.CallID {
	t.Helper()
	said := "My word is " + plantedWord + ", my number " + plantedPhone + " and my address " + plantedMail
	body := `{"id":"their call","agent_id":"bot","startedAt":"2026-10-15T09:22:21.787Z","endedAt":"2026-10-15T09:24:30.229Z","from_phone_number":"` + plantedPhone + `",
"metadata":{"mail":"` + plantedMail + `"},"messages":[{"role":"bot","content":"Hello"},{"role":"user","content":"` + said + `"}]}`
	now := time.Now().UTC()
	events, err := flat.Decode(provider.Payload{Body: []byte(body), ReceivedAt: now})
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.ledger.Append(t.Context(), ledger.Envelope{Workspace: workspace, Provider: events[0].Provider, Event: "x", ReceivedAt: now, Body: []byte(body), Events: events})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.ledger.Append(t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: "acme", Event: "x", ReceivedAt: now, Body: []byte(`{"caller":"` + plantedPhone + `"}`), State: store.Quarantined, Reason: "odd",
	}); err != nil {
		t.Fatal(err)
	}
	id := r.CallID
	settled(t, a, workspace, id)
	packed, err := store.PackJSON(map[string]string{"evidence": said})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		gap := &store.Gap{ID: ringside.NewID("gap", now), Question: said, Words: plantedWord, Status: "open", UpdatedAt: now}
		if err := store.InsertGap(ctx, tx, workspace, gap); err != nil {
			return err
		}
		if err := store.ReplaceCallGaps(ctx, tx, id, now, []store.AskedIn{{GapID: gap.ID, Question: said}}); err != nil {
			return err
		}
		alarm := &ringside.Alert{ID: ringside.NewID("alert", now), Call: id, RuleID: "long_call", RuleName: "x", Severity: ringside.AlertLow, Status: ringside.AlertTriggered, Message: said, Quote: said, TriggeredAt: now}
		if _, err := store.InsertAlert(ctx, tx, workspace, alarm, false); err != nil {
			return err
		}
		if _, err := store.InsertAlertMessage(ctx, tx, workspace, &store.AlertMessage{ID: "amsg_x", Incident: alarm.ID, Channel: plantedMail, Event: "triggered", At: now, CreatedAt: now}); err != nil {
			return err
		}
		if err := store.InsertNote(ctx, tx, workspace, id, &store.Note{ID: ringside.NewID("note", now), Text: said, Author: "x", CreatedAt: now}); err != nil {
			return err
		}
		if err := store.InsertView(ctx, tx, workspace, &store.View{ID: ringside.NewID("view", now), Name: "x", Query: "q=%2B14155550142", CreatedAt: now}); err != nil {
			return err
		}
		for i, q := range []string{
			`INSERT INTO evaluations (id, workspace_id, call_id, evaluator_id, evaluator_name, scorecard_id, scorecard_version, scorecard_name, run_id, cause, status, reason, attempts, verdict, model, prompt_hash, detail, created_ms, finished_ms)
VALUES ('eval_x', $2, $1, 'e', 'e', '', 0, '', '', 'manual', 'done', '', 1, 'pass', 'm', 'h', $3, 1, 1)`,
			`INSERT INTO webhook_deliveries (id, workspace_id, target, agent_id, call_id, event, status, reason, attempts, base, due_ms, created_ms, body) VALUES ('hook_x', $2, 't', '', $1, 'call_ended', 'dead', '', 1, 0, 0, 4102444800000, $3)`,
			`INSERT INTO sounds (call_id, report) SELECT id, $3 FROM calls WHERE id = $1 AND workspace_id = $2`,
			`INSERT INTO crm_syncs (call_id, crm, workspace_id, external_id, external_url, contact_id, error, synced_ms) VALUES ($1, 'custom', $2, 'x', '', 'x', $3, 1)`,
			`INSERT INTO proposals (id, workspace_id, call_id, alert_id, rule_id, rule_name, action, goes_to, mode, status, created_ms, due_ms, ordered_ms, decided_by, decided_ms, result)
VALUES ('prop_x', $2, $1, 'a', 'r', 'r', '{}', '+14155550142', 'act', 'done', 1, 0, 0, 'x', 1, $3)`,
		} {
			held := any(packed)
			if i >= 3 { // what the others hold is text
				held = said
			}
			if _, err := tx.Exec(ctx, q, id[:], workspace, held); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO webhook_attempts (delivery, number, at_ms, host, status, latency_ms, response, error) SELECT seq, 1, 1, 'h', 200, 1, $1, '' FROM webhook_deliveries WHERE id = 'hook_x'`, said)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.audio.Keep(t.Context(), id, strings.NewReader("RIFF "+said)); err != nil {
		t.Fatal(err)
	}
	tell(t, a, workspace, "their live call", `{"id":"s","type":"started","from":"(415) 555-0142","metadata":{"mail":"`+plantedMail+`"}}`+"\n"+`{"id":"t","type":"turn","role":"user","text":"`+said+`"}`)
	return id
}

// erased orders an erasure and waits until it is done.
func erased(t *testing.T, a *App, workspace, kind, value string) *store.Erasure {
	t.Helper()
	now := time.Now().UTC()
	e := &store.Erasure{ID: ringside.NewID("erasure", now), Workspace: workspace, Kind: kind, Reason: "they asked", By: "x", Status: store.ErasureWaiting, CreatedAt: now}
	e.Subject = a.secrets.Seal(pipeline.ErasureSubject(e.ID), []byte(value))
	if err := a.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertErasure(ctx, tx, e); err != nil {
			return err
		}
		return a.queue.Enqueue(ctx, tx, []river.JobArgs{jobs.Erase{WorkspaceID: workspace, ErasureID: e.ID}})
	}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(60 * time.Second); e.Status != store.ErasureDone; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the erasure is %+v", e)
		}
		if err := a.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			e, err = store.ErasureByID(ctx, tx, workspace, e.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// settled waits until the queue has done what it was asked and the index has
// followed.
func settled(t *testing.T, a *App, workspace string, id ringside.CallID) {
	t.Helper()
	for {
		var c *ringside.Call
		var lag int64
		if err := a.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			if c, err = store.Call(ctx, tx, workspace, id); err == nil {
				lag, err = store.OutboxLag(ctx, tx, "search")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if c.Summary != nil && lag == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// After an erasure by phone nothing of the person is in any row, on SQLite in
// any byte of the data directory; and nothing brings it back.
func TestAnErasureLeavesNothing(t *testing.T) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			dir := t.TempDir()
			cfg := config.Serve{Common: config.Common{Data: dir}, Listen: "127.0.0.1:0", RatePerKey: 10_000, BurstPerKey: 10_000, KeepInbox: 90 * 24 * time.Hour}
			if engine == store.Postgres {
				cfg.DatabaseURL = pgtest.URL(t)
			}
			a, err := New(t.Context(), cfg, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			if err := a.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			defer a.Stop()
			var ws string
			if err := a.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
				all, err := store.Workspaces(ctx, tx)
				ws = all[0].ID
				return err
			}); err != nil {
				t.Fatal(err)
			}
			// Others' calls, before and after, so that pages are shared.
			other := func(from, to int) {
				for i := from; i < to; i++ {
					tell(t, a, ws, fmt.Sprintf("other-%d", i), `{"id":"s","type":"started","from":"+14155550177"}`+"\n"+`{"id":"t","type":"turn","role":"user","text":"Something else that somebody says"}`+"\n"+`{"id":"e","type":"ended"}`)
				}
			}
			other(0, 30)
			id := plant(t, a, ws)
			other(30, 60)
			settled(t, a, ws, id) // with others' calls after it
			before := rows(t, a.store)
			for _, table := range []string{
				"inbox", "events", "calls", "call_states", "call_metadata", "sounds", "notes", "evaluations", "alerts", "gaps", "gap_calls", "crm_syncs",
				"webhook_deliveries", "webhook_attempts", "proposals", "alert_messages", "views",
			} {
				if before[table] == nil {
					t.Errorf("nothing was planted in %s", table)
				}
			}
			if len(files(t, dir)) == 0 {
				t.Error("nothing was planted in any file")
			}

			e := erased(t, a, ws, pipeline.ErasePhone, plantedPhone)
			if r := e.Removed; r.Calls != 2 || r.Recordings != 1 || r.Notes != 1 || r.Evaluations != 1 || r.Alerts < 1 || r.Messages < 1 || r.Webhooks < 1 ||
				r.CRMSyncs != 1 || r.Gaps != 1 || r.Views != 1 || r.Deliveries < 3 || r.Proposals != 1 {
				t.Errorf("removed %+v", r)
			}
			if left := rows(t, a.store); len(left) > 0 {
				t.Errorf("rows still hold something: %v", left)
			}
			if left := files(t, dir); len(left) > 0 {
				t.Errorf("files still hold something: %v", left)
			}
			if a.live.Get(ws, ringside.NewCallID(ws, "custom", "their live call")) != nil {
				t.Error("the call that was on is still shown")
			}

			// What comes late changes nothing, and leaves nothing but why.
			tell(t, a, ws, "their live call", `{"id":"u","type":"turn","role":"user","text":"again `+plantedWord+`"}`)
			if left := rows(t, a.store); len(left) > 0 {
				t.Errorf("a late delivery brought back %v", left)
			}
		})
	}
}
