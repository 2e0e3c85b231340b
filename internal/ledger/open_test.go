package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// told is a body of live events as the door hands it on.
func told(t testing.TB, call string, lines ...string) ledger.Envelope {
	t.Helper()
	body, at := []byte(strings.Join(lines, "\n")), time.Now().UTC()
	events, err := stream.Decode(provider.Payload{Body: body, ReceivedAt: at, CallID: call})
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Envelope{
		Workspace: workspace, Provider: stream.ID, Event: events[0].Name, ReceivedAt: at, Body: body, Events: events,
		Context: store.DeliveryContext{CallID: call},
	}
}

func says(id int, text string) string {
	return fmt.Sprintf(`{"id":"e%d","type":"turn","role":"agent","text":%q,"at":%d}`, id, text, 1_790_000_000_000+id*1000)
}

// folded is a call made from its stored events and from nothing else.
func folded(t testing.TB, s *store.Store, id ringside.CallID) *ringside.Call {
	t.Helper()
	have := stored(t, s, id)
	c := ringside.NewCall(workspace, have.Provider, have.ProviderCallID)
	err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		rows, err := store.CallEvents(ctx, tx, workspace, id)
		for _, r := range rows {
			e := ringside.Event{ID: r.ID, Name: r.Name, Authority: r.Authority, ReceivedAt: r.ReceivedAt, Facts: r.Facts}
			if r.At != nil {
				e.At = *r.At
			}
			c.Apply(e)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.ShortID, c.Agent = have.ShortID, have.Agent
	return c
}

// While a call is on, its events are all that is written of it, but for its row
// now and then. What is read of it is exact all the same.
func TestAnOpenCallIsItsEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		first := mustAppend(t, l, told(t, "a", `{"id":"s","type":"started","agent":"desk"}`))
		outbox := count(t, s, `SELECT COUNT(*) FROM outbox`)
		for i := range 5 {
			r := mustAppend(t, l, told(t, "a", says(i, fmt.Sprint("Turn ", i))))
			if len(r.Call.Turns) != i+1 || len(stored(t, s, first.CallID).Turns) != i+1 || r.AgentID == "" {
				t.Fatalf("after turn %d: %d answered, %d stored", i, len(r.Call.Turns), len(stored(t, s, first.CallID).Turns))
			}
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM call_states`: 0,
			`SELECT COUNT(*) FROM events`:      6,
			`SELECT COUNT(*) FROM inbox`:       6,
			`SELECT COUNT(*) FROM outbox`:      outbox,
		} {
			if got := count(t, s, query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		mustAppend(t, l, told(t, "a", `{"id":"z","type":"ended","reason":"customer hung up"}`))
		if c := stored(t, s, first.CallID); c.Status != ringside.StatusCompleted || len(c.Turns) != 5 || shown(t, c) != shown(t, folded(t, s, first.CallID)) {
			t.Errorf("ended: %s, %d turns", c.Status, len(c.Turns))
		}
		if n := count(t, s, `SELECT COUNT(*) FROM call_states`); n != 1 {
			t.Errorf("%d states", n)
		}
	})
}

// Whatever two processes do to one call, with replays, repetitions and other
// names for the same events in between, what is stored is the fold of its
// events, and an event with a name is stored once.
func TestTwoProcessesTellOfOneOpenCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for seed := range uint64(12) {
			r := rand.New(rand.NewPCG(seed, 1))
			processes := []*ledger.Ledger{open(t, s), open(t, s)}
			call := fmt.Sprint("call-", seed)
			var id ringside.CallID
			var first ledger.Envelope
			var firstID string
			names := map[string]bool{}
			for step := range 30 {
				l := processes[r.IntN(2)]
				switch r.IntN(8) {
				case 0: // the same again, in another body
					n := r.IntN(step + 1)
					names[fmt.Sprint("e", n)] = true
					mustAppend(t, l, told(t, call, says(n, fmt.Sprint("Turn ", n)), says(n, fmt.Sprint("Turn ", n))))
				case 1:
					if firstID != "" {
						if _, err := l.Refold(t.Context(), workspace, firstID, first.Events); err != nil {
							t.Fatal(err)
						}
					}
				case 2:
					mustAppend(t, l, told(t, call, fmt.Sprintf(`{"id":"m%d","type":"started","metadata":{"step":%d},"scenario":"s%d"}`, step, step, step)))
					names[fmt.Sprint("m", step)] = true
				default:
					names[fmt.Sprint("e", step)] = true
					e := told(t, call, says(step, fmt.Sprint("Turn ", step)))
					res := mustAppend(t, l, e)
					if id = res.CallID; firstID == "" && res.Known == 0 {
						first, firstID = e, res.DeliveryID
					}
				}
			}
			if n := count(t, s, `SELECT COUNT(*) FROM events WHERE call_seq = (SELECT seq FROM calls WHERE id = $1)`, id[:]); n != len(names) {
				t.Errorf("seed %d: %d events stored, want %d", seed, n, len(names))
			}
			mustAppend(t, processes[r.IntN(2)], told(t, call, `{"id":"z","type":"ended"}`))
			if got, want := shown(t, stored(t, s, id)), shown(t, folded(t, s, id)); got != want {
				t.Fatalf("seed %d: stored %s\nwant %s", seed, got, want)
			}
		}
	})
}

// Events that come again after the end are as well known as before it.
func TestEventsAreKnownAfterTheEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		mustAppend(t, l, told(t, "a", `{"id":"s","type":"started","agent":"desk"}`))
		mustAppend(t, l, told(t, "a", says(1, "One.")))
		mustAppend(t, l, told(t, "a", says(2, "Two."), `{"id":"z","type":"ended"}`))
		r := mustAppend(t, l, told(t, "a", says(1, "One."), says(2, "Two."), `{"id":"z","type":"ended"}`))
		if r.Action != ledger.Duplicate || r.Known != 3 {
			t.Errorf("all of it again: %s, %d known", r.Action, r.Known)
		}
		r = mustAppend(t, l, told(t, "a", says(2, "Two."), says(3, "Three.")))
		if r.Action != ledger.Updated || r.Known != 1 || len(stored(t, s, r.CallID).Turns) != 3 {
			t.Errorf("with a late one: %s, %d known, %d turns", r.Action, r.Known, len(stored(t, s, r.CallID).Turns))
		}
		if n := count(t, s, `SELECT COUNT(*) FROM events`); n != 5 {
			t.Errorf("%d events", n)
		}
	})
}

// A call that is told of without end is bounded: what comes over is kept and
// not folded, but for the call's end and what we find ourselves.
func TestACallHasSoManyEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := ledger.New(ledger.Config{Store: s, Jobs: simulate.NoJobs{}, Log: quiet, MaxEvents: 3})
		l.Start()
		t.Cleanup(l.Stop)
		first := mustAppend(t, l, told(t, "a", `{"id":"s","type":"started","agent":"desk"}`))
		mustAppend(t, l, told(t, "a", says(1, "One."), says(2, "Two.")))
		r := mustAppend(t, l, told(t, "a", says(3, "Three.")))
		if r.Action != ledger.Ignored || len(stored(t, s, first.CallID).Turns) != 2 {
			t.Errorf("one over: %s, %d turns", r.Action, len(stored(t, s, first.CallID).Turns))
		}
		if n := count(t, s, `SELECT COUNT(*) FROM inbox WHERE state = 'ignored' AND reason LIKE 'the call has 3 events already%'`); n != 1 {
			t.Errorf("%d deliveries kept with the reason", n)
		}
		r = mustAppend(t, l, told(t, "a", says(4, "Four."), `{"id":"z","type":"ended"}`))
		if c := stored(t, s, first.CallID); r.Action != ledger.Updated || c.Status != ringside.StatusCompleted || len(c.Turns) != 3 {
			t.Errorf("its end: %s, %s with %d turns", r.Action, c.Status, len(c.Turns))
		}
	})
}

// Where one process replaces what a delivery said, the other does not go on
// with what it holds of the call.
func TestAReplayIsSeenByTheOtherProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		one, two := open(t, s), open(t, s)
		mustAppend(t, one, told(t, "a", `{"id":"s","type":"started","agent":"desk"}`))
		r := mustAppend(t, one, told(t, "a", says(1, "wrongly decoded")))
		if _, err := two.Refold(t.Context(), workspace, r.DeliveryID, told(t, "a", says(1, "rightly decoded")).Events); err != nil {
			t.Fatal(err)
		}
		mustAppend(t, one, told(t, "a", `{"id":"z","type":"ended"}`))
		if c := stored(t, s, r.CallID); len(c.Turns) != 1 || c.Turns[0].Text != "rightly decoded" {
			t.Errorf("stored for good: %+v", c.Turns)
		}
	})
}

// A finding of ours that replaces an earlier one leaves the call as its events
// in the store make it.
func TestAFindingIsReplacedInAnOpenCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		first := mustAppend(t, l, told(t, "a", `{"id":"s","type":"started","agent":"desk"}`, says(1, "One.")))
		at := time.Now().UTC()
		for i, x := range []ringside.Facts{{Scenario: "early", Campaign: "gone"}, {Scenario: "late"}} {
			x.Ours = true
			e := ringside.Event{Provider: first.Call.Provider, ProviderCallID: "a", Name: "finding", Authority: ringside.Guess, At: at, ReceivedAt: at.Add(time.Duration(i) * time.Second), Facts: x}
			mustAppend(t, l, ledger.Envelope{Workspace: workspace, Provider: e.Provider, ReceivedAt: e.ReceivedAt, Events: []ringside.Event{e}})
		}
		mustAppend(t, l, told(t, "a", says(2, "Two."), `{"id":"z","type":"ended"}`))
		c := stored(t, s, first.CallID)
		if c.Scenario != "late" || c.Campaign != "" || len(c.Turns) != 2 || shown(t, c) != shown(t, folded(t, s, first.CallID)) {
			t.Errorf("stored %s\nfolded %s", shown(t, c), shown(t, folded(t, s, first.CallID)))
		}
	})
}

// A batch that fails leaves no trace in what is remembered of an open call.
func TestAFailedBatchIsForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		mustAppend(t, l, told(t, "a", says(1, "One.")))
		write(t, s, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, `ALTER TABLE events RENAME TO hidden`)
			return err
		})
		if _, err := l.Append(t.Context(), told(t, "a", says(2, "Two."))); err == nil {
			t.Fatal("stored without a table")
		}
		write(t, s, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, `ALTER TABLE hidden RENAME TO events`)
			return err
		})
		r := mustAppend(t, l, told(t, "a", says(2, "Two.")))
		if r.Known != 0 || len(r.Call.Turns) != 2 || len(stored(t, s, r.CallID).Turns) != 2 {
			t.Errorf("again: %+v, %d turns", r, len(r.Call.Turns))
		}
	})
}

// A call that is deleted while it is on stays deleted.
func TestADeletedOpenCallStaysDeleted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		r := mustAppend(t, l, told(t, "a", says(1, "One.")))
		deleteCall(t, s, r.CallID)
		if again := mustAppend(t, l, told(t, "a", says(2, "Two."))); again.Action != ledger.Duplicate || again.Call != nil {
			t.Errorf("%+v", again)
		}
		if n := count(t, s, `SELECT COUNT(*) FROM events`); n != 0 {
			t.Errorf("%d events", n)
		}
	})
}
