package ledger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func write(t testing.TB, s *store.Store, fn func(context.Context, store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func deleteCall(t testing.TB, s *store.Store, id ringside.CallID) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, id) })
}

// stored loads a call as everybody but the ledger sees it.
func stored(t testing.TB, s *store.Store, id ringside.CallID) (c *ringside.Call) {
	t.Helper()
	err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, workspace, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shown is a call as the API writes it.
func shown(t testing.TB, c *ringside.Call) string {
	t.Helper()
	b, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// toAnalyse counts the calls in the jobs that ask for their analysis.
func toAnalyse(s *store.Store) string {
	if s.Engine == store.Postgres {
		return `SELECT COALESCE(SUM(jsonb_array_length(args->'calls')), 0) FROM river_job WHERE kind = 'analyse_calls'`
	}
	return `SELECT COALESCE(SUM(json_array_length(args, '$.calls')), 0) FROM river_job WHERE kind = 'analyse_calls'`
}

// finding is what our own analysis hands in about a call.
func finding(call string, at time.Time, words int) ledger.Envelope {
	return ledger.Envelope{Workspace: workspace, Provider: "external", ReceivedAt: at, Events: []ringside.Event{{
		Provider: "external", ProviderCallID: call, Name: "measured", Authority: ringside.Guess, At: at, ReceivedAt: at,
		Facts: ringside.Facts{Ours: true, Measured: &ringside.Measured{Method: "transcript", AgentWords: words}},
	}}}
}

// A deleted call leaves nothing, comes back by no retry and no replay, and by
// a new submission does.
func TestTombstones(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		first := mustAppend(t, l, envelope(t, ended("a")))
		kept := mustAppend(t, l, envelope(t, ended("b")))
		for _, id := range []string{"a", "b"} { // a second event each: they have a state now
			mustAppend(t, l, finding(id, time.Now().UTC(), 7))
		}
		deleteCall(t, s, first.CallID)
		empty := func(when string) {
			t.Helper()
			for _, q := range []string{
				`SELECT COUNT(*) FROM calls`, `SELECT COUNT(*) FROM inbox`, `SELECT COUNT(*) - 1 FROM events`,
				`SELECT COUNT(*) FROM call_states`, `SELECT COUNT(*) FROM call_metadata`,
			} {
				if got := count(t, s, q); got != 1 {
					t.Errorf("%s, %s: %d, want those of the other call alone", when, q, got)
				}
			}
		}
		empty("deleted")
		for _, body := range []string{ended("a"), `{"id":"a","startedAt":"2026-11-01T10:00:00Z"}`} {
			r := mustAppend(t, l, envelope(t, body))
			if r.Action != ledger.Duplicate || r.Call != nil || r.CallID != first.CallID {
				t.Errorf("retry about a deleted call: %+v", r)
			}
		}
		r, err := l.Refold(t.Context(), workspace, first.DeliveryID, envelope(t, ended("a")).Events)
		if err != nil || r.Action != ledger.Ignored || r.Call != nil {
			t.Errorf("replay of a deleted call: %+v, %v", r, err)
		}
		empty("retried and replayed")

		e := envelope(t, ended("a"))
		e.Revive = true
		if r := mustAppend(t, l, e); r.Action != ledger.Created || r.CallID != first.CallID || len(r.Call.Turns) != 2 {
			t.Errorf("new submission of a deleted call: %+v", r)
		}
		if r := mustAppend(t, l, envelope(t, `{"id":"a","metadata":{"x":1}}`)); r.Action != ledger.Updated {
			t.Errorf("a delivery after that: %+v", r)
		}
		if got := count(t, s, `SELECT COUNT(*) FROM tombstones`); got != 0 || stored(t, s, kept.CallID) == nil {
			t.Errorf("%d tombstones are left", got)
		}
	})
}

// A retry and a new submission of a deleted call in one batch: the later ones
// see what the earlier did.
func TestRevivalWithinABatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		id := mustAppend(t, l, envelope(t, ended("a"))).CallID
		deleteCall(t, s, id)
		var wg sync.WaitGroup
		for i := range 30 {
			wg.Go(func() {
				e := envelope(t, fmt.Sprintf(`{"id":"a","metadata":{"n":%d}}`, i))
				e.Revive = i%3 == 0
				r, err := l.Append(t.Context(), e)
				if err != nil || e.Revive && r.Action == ledger.Duplicate {
					t.Errorf("delivery %d: %+v, %v", i, r, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, s, `SELECT COUNT(*) FROM calls`); n != 1 {
			t.Errorf("%d calls", n)
		}
		if in, ev := count(t, s, `SELECT COUNT(*) FROM inbox`), count(t, s, `SELECT COUNT(*) FROM events`); in != ev || in < 10 {
			t.Errorf("%d deliveries and %d events", in, ev)
		}
	})
}

// parts are the deliveries of one call, oldest first.
func parts(t testing.TB) []ledger.Envelope {
	t.Helper()
	at := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)
	var out []ledger.Envelope
	for i, body := range []string{
		`{"id":"p","agent_id":"front-desk","metadata":{"plan":"silver","lead":"web"}}`,
		`{"id":"p","startedAt":"2026-11-01T09:00:00Z","messages":[{"role":"bot","content":"Hello"}]}`,
		`{"id":"p","metadata":{"plan":"gold"},"from_phone_number":"+15550100"}`,
		ended("p"),
	} {
		e := envelope(t, body)
		e.ReceivedAt = at.Add(time.Duration(i) * time.Second)
		for j := range e.Events {
			e.Events[j].ReceivedAt = e.ReceivedAt
		}
		out = append(out, e)
	}
	return out
}

// In whatever order the deliveries come, one by one or together, the call is
// the same, and stored it is what was answered.
func TestOrderOfArrivalLeavesNoTrace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		var want string
		for round, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {3, 1, 3, 0, 2, 1}, nil} {
			var last ledger.Result
			if order == nil {
				var wg sync.WaitGroup
				for _, e := range parts(t) {
					wg.Go(func() {
						if _, err := l.Append(t.Context(), e); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				last = mustAppend(t, l, parts(t)[0]) // a duplicate: tells of the call as it is
			}
			for _, i := range order {
				last = mustAppend(t, l, parts(t)[i])
			}
			got := shown(t, stored(t, s, last.CallID))
			if answered := shown(t, last.Call); order != nil && last.Action == ledger.Updated && answered != got {
				t.Errorf("round %d: answered %s, stored %s", round, answered, got)
			}
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("round %d: %s\nwant %s", round, got, want)
			}
			if n := count(t, s, `SELECT COUNT(*) FROM call_metadata`); n != 2 {
				t.Errorf("round %d: %d rows of metadata, want 2", round, n)
			}
			// Again from nothing, with the same id: no tombstone, so no revival.
			deleteCall(t, s, last.CallID)
			write(t, s, func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM tombstones`)
				return err
			})
		}
	})
}

// Many deliveries of one call at once: each is stored once and none is lost.
func TestManyDeliveriesOfOneCallAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		const n = 120
		var wg sync.WaitGroup
		var mu sync.Mutex
		actions := map[ledger.Action]int{}
		for i := range n {
			wg.Go(func() {
				r, err := l.Append(t.Context(), envelope(t, fmt.Sprintf(`{"id":"one","metadata":{"m%d":%d}}`, i/2, i/2)))
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				actions[r.Action]++
			})
		}
		wg.Wait()
		if actions[ledger.Created] != 1 || actions[ledger.Updated] != n/2-1 || actions[ledger.Duplicate] != n/2 {
			t.Errorf("actions %v", actions)
		}
		c := stored(t, s, ringside.NewCallID(workspace, "external", "one"))
		if len(c.Metadata) != n/2 {
			t.Errorf("%d of %d deliveries are in the call", len(c.Metadata), n/2)
		}
		for table, want := range map[string]int{"inbox": n / 2, "events": n / 2, "calls": 1, "call_metadata": n / 2} {
			if got := count(t, s, `SELECT COUNT(*) FROM `+table); got != want {
				t.Errorf("%d rows in %s, want %d", got, table, want)
			}
		}
	})
}

// list gives the ids at the vendor of the calls that a filter means.
func list(t testing.TB, s *store.Store, f store.CallFilter) (ids []string) {
	t.Helper()
	f.Workspace = workspace
	err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		page, err := s.ListCalls(ctx, tx, store.CallQuery{CallFilter: f, Limit: 100})
		if err == nil {
			for _, it := range page.Items {
				ids = append(ids, it.ProviderCallID)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// When a start becomes known, the call moves to its place in the list, and the
// index over metadata with it.
func TestACallMovesWhenItsStartBecomesKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		mustAppend(t, l, envelope(t, `{"id":"moves","metadata":{"plan":"gold"}}`))
		mustAppend(t, l, envelope(t, `{"id":"stays","startedAt":"2026-10-01T10:00:00Z","metadata":{"plan":"gold"}}`))
		gold := store.CallFilter{Metadata: map[string]string{"plan": "gold"}}
		october := store.CallFilter{StartedBefore: time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)}
		for name, f := range map[string]store.CallFilter{"all": {}, "metadata": gold} {
			if got := list(t, s, f); !slices.Equal(got, []string{"moves", "stays"}) {
				t.Errorf("%s before: %v", name, got)
			}
		}
		mustAppend(t, l, envelope(t, `{"id":"moves","startedAt":"2026-09-01T10:00:00Z"}`))
		mustAppend(t, l, envelope(t, `{"id":"moves","metadata":{"plan":"lead"}}`))
		for name, f := range map[string]store.CallFilter{"all": {}, "October": october} {
			if got := list(t, s, f); !slices.Equal(got, []string{"stays", "moves"}) {
				t.Errorf("%s after: %v", name, got)
			}
		}
		if got := list(t, s, gold); !slices.Equal(got, []string{"stays"}) {
			t.Errorf("gold after: %v", got)
		}
		if got := list(t, s, store.CallFilter{Metadata: map[string]string{"plan": "lead"}}); !slices.Equal(got, []string{"moves"}) {
			t.Errorf("lead after: %v", got)
		}
		if n := count(t, s, `SELECT COUNT(*) FROM call_metadata`); n != 2 {
			t.Errorf("%d rows of metadata, want 2", n)
		}
	})
}

// Calls whose short ids would be the same have different ones, and each is
// found by its own.
func TestShortIDsClash(t *testing.T) {
	// Found by trying a few million names in the workspace of these tests.
	names := []string{"n755053", "n1305445"}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		var ids []ringside.CallID
		for _, n := range names {
			ids = append(ids, ringside.NewCallID(workspace, "external", n))
		}
		if ids[0].Short(ringside.ShortIDLen) != ids[1].Short(ringside.ShortIDLen) {
			t.Fatal("these two names no longer clash")
		}
		shorts := map[string]bool{}
		for i, n := range names {
			r := mustAppend(t, l, envelope(t, ended(n)))
			if shorts[r.ShortID] || !strings.HasPrefix(ids[i].Short(26), r.ShortID) {
				t.Errorf("%s has the short id %s, beside %v", n, r.ShortID, shorts)
			}
			shorts[r.ShortID] = true
			if r := mustAppend(t, l, envelope(t, `{"id":"`+n+`","metadata":{"more":1}}`)); r.Action != ledger.Updated || !shorts[r.ShortID] {
				t.Errorf("%s later: %+v", n, r)
			}
		}
		for i, n := range names {
			c := stored(t, s, ids[i])
			err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
				got, err := store.ResolveCall(ctx, tx, workspace, c.ShortID)
				if err == nil && got != ids[i] {
					t.Errorf("%s leads to another call than %s", c.ShortID, n)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// Two processes on one database: an agent that both meet at once is made once,
// and a call that both hear of is one.
func TestTwoProcessesDiscoverTheSameAgents(t *testing.T) {
	s := storetest.Postgres(t)
	ledgers := []*ledger.Ledger{open(t, s), open(t, s)}
	var wg sync.WaitGroup
	for i := range 160 {
		wg.Go(func() {
			// The two meet the agents in opposite order.
			agent := i / 2 % 20
			if i%2 == 1 {
				agent = 19 - agent
			}
			body := fmt.Sprintf(`{"id":"c%d","agent_id":"agent-%d","metadata":{"who":%d}}`, i/4, agent, i)
			if _, err := ledgers[i%2].Append(t.Context(), envelope(t, body)); err != nil {
				t.Errorf("delivery %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	// Of a call's agents the one told last counts; the others may not have been made.
	for agent := range 20 {
		mustAppend(t, ledgers[agent%2], envelope(t, fmt.Sprintf(`{"id":"last-%d","agent_id":"agent-%d"}`, agent, agent)))
	}
	if n := count(t, s, `SELECT COUNT(*) FROM agents`); n != 20 {
		t.Errorf("%d agents, want 20", n)
	}
	if n := count(t, s, `SELECT COUNT(*) FROM calls`); n != 60 {
		t.Errorf("%d calls, want 60", n)
	}
	if n := count(t, s, `SELECT COUNT(*) FROM calls c WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.id = c.agent_id)`); n != 0 {
		t.Errorf("%d calls of an agent that is not there", n)
	}
}

// An agent's name that no index can hold fails nobody else's delivery.
func TestALongAgentIDSparesItsNeighbours(t *testing.T) {
	var long bytes.Buffer // text that does not compress
	for i := range 1500 {
		id := ringside.NewCallID(workspace, "x", fmt.Sprint(i))
		long.WriteString(id.Short(26))
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				e := envelope(t, ended(fmt.Sprint(i)))
				if i%8 == 3 {
					e.Events[0].Facts.LinkedAgent = long.String()
					e.Events[0].Facts.Campaign = long.String()
					e.Events[0].Facts.EndedReason = long.String()
				}
				if _, err := l.Append(t.Context(), e); err != nil && i%8 != 3 {
					t.Errorf("item %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, s, `SELECT COUNT(*) FROM calls`); n < 35 {
			t.Errorf("%d calls stored, want the 35 that can be", n)
		}
	})
}

// What was decoded wrongly and is decoded again gives the call that decoding
// right at once would have given, with the first times of receipt.
func TestRefold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		right := parts(t)
		var want string
		for _, e := range right {
			want = shown(t, mustAppend(t, l, e).Call)
		}
		id := ringside.NewCallID(workspace, "external", "p")
		agent := stored(t, s, id).Agent.ID
		deleteCall(t, s, id)
		write(t, s, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM tombstones`)
			return err
		})

		var deliveries []string
		for i, e := range right {
			if i == 1 || i == 3 { // what the old decoder made of them
				e.Events = slices.Clone(e.Events)
				e.Events[0].Facts = ringside.Facts{Metadata: ringside.Values{"plan": "wrong"}, EndedReason: "wrong", Phase: ringside.PhaseActive, To: ""}
			}
			deliveries = append(deliveries, mustAppend(t, l, e).DeliveryID)
		}
		for _, i := range []int{3, 1, 1} { // in any order, and again
			r, err := l.Refold(t.Context(), workspace, deliveries[i], parts(t)[i].Events)
			if err != nil || r.Action != ledger.Updated || r.AgentID != agent {
				t.Fatalf("refold of delivery %d: %+v, %v", i, r, err)
			}
		}
		c := stored(t, s, id)
		if got := shown(t, c); got != want {
			t.Errorf("refolded: %s\nwant %s", got, want)
		}
		if !c.ReceivedAt.Equal(right[0].ReceivedAt) || !c.LastHeard().Equal(right[3].ReceivedAt) {
			t.Errorf("heard from %s to %s", c.ReceivedAt, c.LastHeard())
		}
		for table, want := range map[string]int{"inbox": 4, "events": 4, "calls": 1, "call_metadata": 2} {
			if got := count(t, s, `SELECT COUNT(*) FROM `+table); got != want {
				t.Errorf("%d rows in %s, want %d", got, table, want)
			}
		}
	})
}

// A time of receipt is kept as exactly as it is stored, so that folding again
// changes nothing.
func TestReceiptIsKeptExactly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		e := envelope(t, ended("a"))
		e.ReceivedAt = time.Date(2026, 11, 1, 10, 0, 0, 123456789, time.UTC)
		e.Events[0].ReceivedAt = e.ReceivedAt
		first := mustAppend(t, l, e)
		before := shown(t, stored(t, s, first.CallID))
		second := mustAppend(t, l, envelope(t, `{"id":"a"}`))
		if _, err := l.Refold(t.Context(), workspace, second.DeliveryID, envelope(t, `{"id":"a"}`).Events); err != nil {
			t.Fatal(err)
		}
		if after := shown(t, stored(t, s, first.CallID)); after != before {
			t.Errorf("after folding again: %s\nbefore %s", after, before)
		}
	})
}

// A finding of ours replaces the one before it, leaves the inbox alone and
// makes no call by itself.
func TestFindingsOfOurs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		finding := func(at time.Time, words int) ledger.Envelope { return finding("a", at, words) }
		now := time.Now().UTC()
		if r := mustAppend(t, l, finding(now, 1)); r.Action != ledger.Duplicate || count(t, s, `SELECT COUNT(*) FROM calls`) != 0 {
			t.Errorf("a finding about no call: %+v", r)
		}
		first := mustAppend(t, l, envelope(t, ended("a")))
		heard := stored(t, s, first.CallID).LastHeard()
		for i := range 3 {
			if r := mustAppend(t, l, finding(now.Add(time.Duration(i)*time.Second), i)); r.Action != ledger.Updated {
				t.Errorf("finding %d: %+v", i, r)
			}
		}
		c := stored(t, s, first.CallID)
		if c.Analysis.Measured == nil || c.Analysis.Measured.AgentWords != 2 || !c.LastHeard().Equal(heard) || c.LastEvent != "call_ended" {
			t.Errorf("after three findings: %+v, heard %s, last event %s", c.Analysis.Measured, c.LastHeard(), c.LastEvent)
		}
		if in, ev := count(t, s, `SELECT COUNT(*) FROM inbox`), count(t, s, `SELECT COUNT(*) FROM events`); in != 1 || ev != 2 {
			t.Errorf("%d deliveries and %d events, want 1 and 2", in, ev)
		}
		if n := count(t, s, `SELECT COUNT(*) FROM river_job`); n != 1 {
			t.Errorf("%d jobs: our own findings ask for no analysis", n)
		}
		deleteCall(t, s, first.CallID)
		if r := mustAppend(t, l, finding(now, 9)); r.Action != ledger.Duplicate || count(t, s, `SELECT COUNT(*) FROM calls`) != 0 {
			t.Errorf("a finding about a deleted call: %+v", r)
		}
	})
}

// A job exists for each end and for each later report, and for nothing else.
func TestJobsFollowFromTransitions(t *testing.T) {
	s := storetest.SQLite(t)
	l := open(t, s)
	wantJobs := func(want int) {
		t.Helper()
		if n := count(t, s, toAnalyse(s)); n != want {
			t.Errorf("%d calls to analyse, want %d", n, want)
		}
	}
	mustAppend(t, l, envelope(t, `{"id":"a","startedAt":"2026-11-01T10:00:00Z"}`))
	wantJobs(0)
	mustAppend(t, l, envelope(t, ended("a")))
	wantJobs(1)
	mustAppend(t, l, envelope(t, ended("a")))
	wantJobs(1)
	mustAppend(t, l, envelope(t, `{"id":"a","metadata":{"late":true}}`))
	wantJobs(1)
	mustAppend(t, l, envelope(t, strings.Replace(ended("a"), "Hello", "Good day", 1)))
	wantJobs(2)
}
