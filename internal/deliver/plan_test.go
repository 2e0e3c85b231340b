package deliver

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// targets lists who has been told of an event, sorted.
func (b *bench) targets(event string) (out []string) {
	for _, d := range b.list(store.WebhookFilter{Event: event}) {
		out = append(out, d.Target)
	}
	slices.Sort(out)
	return out
}

func TestWhoHearsOfAnEvent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		c := b.call("a")
		all := b.endpoint("https://example.com/all", nil)
		this := b.endpoint("https://example.com/this", func(e *store.WebhookEndpoint) { e.AgentID, e.Events = c.Agent.ID, []string{"call_ended"} })
		b.endpoint("https://example.com/other", func(e *store.WebhookEndpoint) { e.AgentID = "agent_other" })
		b.endpoint("https://example.com/deaf", func(e *store.WebhookEndpoint) { e.Events = []string{"call_started"} })
		b.endpoint("https://example.com/foreign", func(e *store.WebhookEndpoint) { e.Workspace = "ws_other" })
		off := b.endpoint("https://example.com/off", nil)
		b.write(func(ctx context.Context, tx store.Tx) error {
			return store.StopWebhook(ctx, tx, workspace, store.EndpointTarget(off.ID), store.WebhookStop{URL: off.URL, Reason: "x", At: b.clock()})
		})
		b.settings(c.Agent.ID, ringside.AgentSettings{WebhookURL: "https://example.com/own", WebhookEvents: []string{"call_started", "call_ended"}}, ringside.AgentSecrets{})

		if n := b.plan(b.ended(c)); n != 3 {
			t.Errorf("%d are told of the end", n)
		}
		want := []string{store.AgentTarget(c.Agent.ID, "webhook"), store.EndpointTarget(all.ID), store.EndpointTarget(this.ID)}
		slices.Sort(want)
		if got := b.targets("call_ended"); !slices.Equal(got, want) {
			t.Errorf("%q are told of the end, want %q", got, want)
		}
		if n := b.plan(Event{Name: "call_analyzed", At: b.clock(), Call: c}); n != 1 {
			t.Errorf("%d are told of the analysis, want the one that hears of all", n)
		}
		if len(b.jobs()) != 3 {
			t.Errorf("%d jobs, want one for each target: the second event waits for the first", len(b.jobs()))
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			if _, err := b.sender.Plan(ctx, tx, Event{Name: "call_exploded", Call: c}); err == nil {
				t.Error("an event that nobody knows is planned")
			}
			return nil
		})
	})
}

func TestPlanningTwiceHasOneEffect(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		c := b.call("a")
		b.endpoint("https://example.com/", nil)
		first, again := b.plan(b.ended(c)), b.plan(b.ended(c))
		if first != 1 || again != 0 || len(b.jobs()) != 1 {
			t.Errorf("planned %d and then %d, with %d jobs", first, again, len(b.jobs()))
		}
		for i, n := range []int{1, 1, 0} {
			e := Event{Name: "call_analyzed", At: b.clock(), Call: c, Key: string(rune('a' + i%2))}
			if got := b.plan(e); got != n {
				t.Errorf("analysis %s is planned %d times, want %d", e.Key, got, n)
			}
		}
	})
}

// An agent's other addresses get posts of their own, and only where they are
// set.
func TestPlanTarget(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		c := b.call("a")
		target := func(which string, data any) (planned bool, err error) {
			e := Event{Name: which, At: b.clock(), Call: c}
			failed := b.store.Write(b.Context(), func(ctx context.Context, tx store.Tx) error {
				planned, err = b.sender.PlanTarget(ctx, tx, which, e, data)
				return err
			})
			return planned, failed
		}
		b.settings(c.Agent.ID, ringside.AgentSettings{SpeedToLeadWebhookURL: "https://example.com/speed"}, ringside.AgentSecrets{})
		for _, want := range []bool{true, false} {
			if got, err := target(store.WebhookSpeedToLead, map[string]int{"response_ms": 1200}); got != want || err != nil {
				t.Errorf("planned %t, %v, want %t", got, err, want)
			}
		}
		if got, err := target(store.WebhookKnowledgeGap, nil); got || err != nil {
			t.Errorf("planned %t, %v for an address that is not set", got, err)
		}
		var body struct {
			Type, ID string
			Agent    string         `json:"agent_id"`
			Data     map[string]int `json:"data"`
		}
		d := b.delivery(b.only().ID)
		b.must(json.Unmarshal(d.Payload, &body))
		if body.Type != "speed_to_lead" || body.ID != d.ID || body.Agent != c.Agent.ID || body.Data["response_ms"] != 1200 {
			t.Errorf("%s", d.Payload)
		}
		c = b.call("b")
		if got, err := target(store.WebhookSpeedToLead, strings.Repeat("x", maxBody)); got || ringside.KindOf(err) != ringside.TooLarge {
			t.Errorf("planned %t, %v for a body that is too large", got, err)
		}
	})
}

// A call that is deleted takes what was to be told of it along, and nobody is
// told of it any more.
func TestDeletedCallsAreNotTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		c := b.call("a")
		b.endpoint("https://10.0.0.1/", nil)
		b.plan(b.ended(c))
		id := b.only().ID
		b.work(id)
		b.write(func(ctx context.Context, tx store.Tx) error { return b.store.DeleteCall(ctx, tx, c.ID) })
		if n := b.count(`SELECT COUNT(*) FROM webhook_deliveries`) + b.count(`SELECT COUNT(*) FROM webhook_attempts`); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		if wait := b.work(id); wait != 0 {
			t.Errorf("its job comes back after %s", wait)
		}
		if n := b.plan(b.ended(c)); n != 0 {
			t.Errorf("%d are told of a call that is gone", n)
		}
	})
}

func (b *bench) count(query string) (n int) {
	b.Helper()
	b.must(b.store.Read(b.Context(), func(ctx context.Context, tx store.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) }))
	return n
}
