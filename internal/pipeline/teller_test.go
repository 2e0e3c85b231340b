package pipeline

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// live takes a body of live events and gives what was committed.
func (b *bench) live(body string) ledger.Commit {
	b.t.Helper()
	return b.liveCall("live", body)
}

// liveCall does so for a call of a name.
func (b *bench) liveCall(id, body string) ledger.Commit {
	b.t.Helper()
	at := time.Now().UTC()
	events, err := stream.Decode(provider.Payload{Body: []byte(body), ReceivedAt: at, CallID: id})
	must(b.t, err)
	r, err := b.ledger.Append(b.t.Context(), ledger.Envelope{Workspace: workspace, Provider: stream.ID, Event: "live", ReceivedAt: at, Body: []byte(id + body), Events: events})
	must(b.t, err)
	return ledger.Commit{Call: r.Call, AgentID: r.AgentID}
}

// planned lists the events that were planned, with their details.
func (b *bench) planned() []string {
	b.t.Helper()
	var out []string
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) error {
		all, err := store.WebhookDeliveries(ctx, tx, store.WebhookFilter{Workspace: workspace, Limit: 100})
		for _, d := range all {
			out = append(out, d.Event)
		}
		return err
	}))
	slices.Sort(out)
	return out
}

// drain has the teller plan what waits, as its goroutine does.
func (t *Teller) drain(ctx context.Context) bool { return t.tellAll(ctx) }

// What happens in a call is told while it is on, once, to who asked for it by
// name; a process that starts anew tells nothing twice.
func TestWhatHappensIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(ringside.AgentSettings{
			WebhookURL: "https://hooks.example.com/x", WebhookEvents: []string{"message_received", "error_occurred", "sentiment.alert", "caller.authenticated", "caller.auth_failed"},
			AuthTools: []string{"check_pin"},
		}, ringside.AgentSecrets{})
		teller := NewTeller(&b.cfg)
		tell := func(body string) ledger.Commit {
			c := b.live(body)
			teller.Observe([]ledger.Commit{c})
			if !teller.drain(t.Context()) {
				t.Fatal("what waits could not be told")
			}
			return c
		}
		tell(`{"id":"1","type":"started","agent":"desk"}`)
		tell(`{"id":"2","type":"turn","role":"user","text":"Hello?"}`)
		tell(`{"id":"3","type":"turn","role":"agent","text":"Your pin, please."}`)
		tell(`{"id":"4","type":"tool_call","tool_call_id":"t","name":"check_pin"}`)
		last := tell(`{"id":"5","type":"tool_result","tool_call_id":"t","error":"wrong pin"}{"id":"6","type":"auth","result":"success","method":"voice"}{"id":"7","type":"error","component":"model","message":"slow"}`)
		teller.Upset([]*ringside.Alert{{ID: "alert_1", Call: last.Call.ID, Type: ringside.AlertFrustration, TriggeredAt: time.Now(), Message: "upset"}})
		if !teller.drain(t.Context()) {
			t.Fatal("the alert could not be told")
		}
		want := []string{"caller.auth_failed", "caller.authenticated", "error_occurred", "message_received", "sentiment.alert"}
		if got := b.planned(); !slices.Equal(got, want) {
			t.Errorf("planned %q, want %q", got, want)
		}
		again := NewTeller(&b.cfg)
		again.Observe([]ledger.Commit{last})
		if !again.drain(t.Context()) || !slices.Equal(b.planned(), want) {
			t.Errorf("after a new start: %q", b.planned())
		}
		tell(`{"id":"8","type":"turn","role":"user","text":"Bye."}{"id":"9","type":"ended"}`)
		if got := b.planned(); len(got) != len(want)+1 {
			t.Errorf("after the end: %q", got)
		}
		if len(teller.told) != 0 {
			t.Errorf("it remembers %d calls that are over", len(teller.told))
		}
	})
}

// Who chose no events hears of whole calls, and a call that was told when it
// was over is not told turn by turn.
func TestWhatNobodyAskedForIsNotTold(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.desk(ringside.AgentSettings{WebhookURL: "https://hooks.example.com/x"}, ringside.AgentSecrets{})
	teller := NewTeller(&b.cfg)
	teller.Observe([]ledger.Commit{b.live(`{"id":"1","type":"started","agent":"desk"}{"id":"2","type":"turn","role":"user","text":"Hello?"}`)})
	if !teller.drain(t.Context()) || len(b.planned()) != 0 {
		t.Errorf("planned %q", b.planned())
	}
	b.desk(ringside.AgentSettings{WebhookURL: "https://hooks.example.com/y", WebhookEvents: []string{"message_received"}}, ringside.AgentSecrets{})
	id := b.receive(0, call("over"))
	teller.Observe([]ledger.Commit{{Call: b.call(id), AgentID: b.call(id).Agent.ID}})
	if !teller.drain(t.Context()) || len(b.planned()) != 0 {
		t.Errorf("planned %q of a call that was over", b.planned())
	}
}

// What was told of a call is remembered while it is on: not of one that was
// deleted or given up, and until its end is told of one that ends meanwhile.
func TestATellerForgetsWhatIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(ringside.AgentSettings{WebhookURL: "https://hooks.example.com/x", WebhookEvents: []string{"message_received"}}, ringside.AgentSecrets{})
		teller := NewTeller(&b.cfg)
		sweep := func(c ledger.Commit) {
			teller.swept = time.Time{}
			teller.Observe([]ledger.Commit{c})
			if !teller.drain(t.Context()) {
				t.Fatal("what waits could not be told")
			}
		}
		const begins, says = `{"id":"1","type":"started","agent":"desk"}`, `{"id":"2","type":"turn","role":"user","text":"Hello?"}`
		on, gone, up, ends := b.liveCall("on", begins+says), b.liveCall("gone", begins+says), b.liveCall("up", begins+says), b.liveCall("ends", begins+says)
		for _, c := range []ledger.Commit{on, gone, up, ends} {
			sweep(c)
		}
		last := b.liveCall("ends", `{"id":"3","type":"turn","role":"user","text":"Bye."}{"id":"4","type":"ended"}`)
		b.write(func(ctx context.Context, tx store.Tx) error {
			if err := s.DeleteCall(ctx, tx, gone.Call.ID); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE calls SET status = 'unknown' WHERE id = $1`, up.Call.ID[:])
			return err
		})
		sweep(on)
		sweep(last)
		sweep(on)
		if len(teller.told) != 1 || teller.told[on.Call.ID] == nil {
			t.Errorf("%d calls are remembered, want the one that is on: %v", len(teller.told), teller.told)
		}
		if got := b.planned(); len(got) != 4 { // those of the deleted call went with it
			t.Errorf("planned %q", got)
		}
	})
}

// What can't be stored now is told when it can.
func TestATellerTriesAgain(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.desk(ringside.AgentSettings{WebhookURL: "https://hooks.example.com/x", WebhookEvents: []string{"message_received"}}, ringside.AgentSecrets{})
	teller := NewTeller(&b.cfg)
	c := b.live(`{"id":"1","type":"started","agent":"desk"}{"id":"2","type":"turn","role":"user","text":"Hello?"}`)
	rename := func(from, to string) {
		b.write(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, `ALTER TABLE `+from+` RENAME TO `+to)
			return err
		})
	}
	rename("webhook_deliveries", "lost")
	teller.Observe([]ledger.Commit{c})
	if teller.drain(t.Context()) {
		t.Error("it was told without a table")
	}
	rename("lost", "webhook_deliveries")
	if !teller.drain(t.Context()) || len(b.planned()) != 1 {
		t.Errorf("planned %q", b.planned())
	}
}
