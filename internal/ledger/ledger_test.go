package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const workspace = "ws_test"

var quiet = slog.New(slog.DiscardHandler)

// open starts a ledger on a store, with a queue that works on nothing.
func open(t testing.TB, s *store.Store) *ledger.Ledger {
	t.Helper()
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(ledger.Config{Store: s, Jobs: q, Log: quiet})
	l.Start()
	t.Cleanup(l.Stop)
	return l
}

// envelope decodes a flat body as the door does.
func envelope(t testing.TB, body string) ledger.Envelope {
	t.Helper()
	at := time.Now().UTC()
	events, err := flat.Decode(provider.Payload{Body: []byte(body), ReceivedAt: at})
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Envelope{
		Workspace: workspace, Provider: events[0].Provider, Event: events[0].Name,
		ReceivedAt: at, Body: []byte(body), Events: events,
	}
}

func ended(id string) string {
	return fmt.Sprintf(`{"id":%q,"agent_id":"front-desk","startedAt":"2026-11-01T10:00:00Z","endedAt":"2026-11-01T10:01:00Z",
"messages":[{"role":"bot","content":"Hello"},{"role":"user","content":"Hi"}],"metadata":{"plan":"gold"},"endedReason":"customer-ended-call"}`, id)
}

func mustAppend(t testing.TB, l *ledger.Ledger, e ledger.Envelope) ledger.Result {
	t.Helper()
	r, err := l.Append(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// count runs a query that gives one number.
func count(t testing.TB, s *store.Store, query string, args ...any) (n int) {
	t.Helper()
	err := s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAppendCreatesUpdatesAndKnowsDuplicates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		first := mustAppend(t, l, envelope(t, `{"id":"a","startedAt":"2026-11-01T10:00:00Z","agent_id":"front-desk"}`))
		if first.Action != ledger.Created || first.AgentID == "" || len(first.ShortID) != ringside.ShortIDLen {
			t.Fatalf("first: %+v", first)
		}
		second := mustAppend(t, l, envelope(t, ended("a")))
		if second.Action != ledger.Updated || second.CallID != first.CallID || second.AgentID != first.AgentID {
			t.Fatalf("second: %+v", second)
		}
		if second.Call.Status != ringside.StatusCompleted || len(second.Call.Turns) != 2 {
			t.Errorf("call after its end: status %s, %d turns", second.Call.Status, len(second.Call.Turns))
		}
		third := mustAppend(t, l, envelope(t, ended("a")))
		if third.Action != ledger.Duplicate || third.DeliveryID != second.DeliveryID {
			t.Fatalf("third: %+v", third)
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM calls`:                         1,
			`SELECT COUNT(*) FROM inbox`:                         2,
			`SELECT COUNT(*) FROM events`:                        2,
			`SELECT COUNT(*) FROM agents`:                        1,
			`SELECT COUNT(*) FROM outbox`:                        2,
			`SELECT COUNT(*) FROM call_metadata`:                 1,
			`SELECT COUNT(*) FROM river_job`:                     2,
			`SELECT COUNT(*) FROM calls WHERE has_recording`:     0,
			`SELECT COUNT(*) FROM calls WHERE duration_ms=60000`: 1,
		} {
			if got := count(t, s, query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
	})
}

// The same call from many callers at once, some of whom go away: every answer
// is true, and the call is one.
func TestAppendConcurrentlyWithCallersThatLeave(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		const n = 120
		var wg sync.WaitGroup
		acked := make([]bool, n)
		for i := range n {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if rand.IntN(3) == 0 {
					time.AfterFunc(time.Duration(rand.IntN(3000))*time.Microsecond, cancel)
				}
				_, err := l.Append(ctx, envelope(t, ended(fmt.Sprint(i/2))))
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Errorf("append %d: %v", i, err)
				}
				acked[i] = err == nil
			})
		}
		wg.Wait()
		for i := range n {
			id := ringside.NewCallID(workspace, "external", fmt.Sprint(i/2))
			if acked[i] && count(t, s, `SELECT COUNT(*) FROM calls WHERE id = $1`, id[:]) != 1 {
				t.Errorf("call %d was acknowledged and is not there once", i/2)
			}
		}
	})
}

// A row that can't be written fails its own caller and nobody else.
func TestOneBadItemSparesItsNeighbours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		refuse := `ALTER TABLE calls ADD CONSTRAINT refuse CHECK (provider_call_id NOT LIKE 'bad%')`
		if s.Engine == store.SQLite {
			refuse = `CREATE TRIGGER refuse BEFORE INSERT ON calls WHEN NEW.provider_call_id LIKE 'bad%' BEGIN SELECT RAISE(ABORT, 'refused'); END`
		}
		err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, refuse)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		l := open(t, s)
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				id, bad := fmt.Sprint(i), i%8 == 3
				if bad {
					id = "bad" + id
				}
				if _, err := l.Append(t.Context(), envelope(t, ended(id))); bad != (err != nil) {
					t.Errorf("item %s: %v", id, err)
				}
			})
		}
		wg.Wait()
		if got := count(t, s, `SELECT COUNT(*) FROM calls`); got != 35 {
			t.Errorf("%d calls stored, want 35", got)
		}
		if got := count(t, s, `SELECT COUNT(*) FROM inbox`); got != 35 {
			t.Errorf("%d deliveries stored, want 35", got)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	l := open(b, storetest.SQLite(b))
	var n int64
	var mu sync.Mutex
	next := func() string { mu.Lock(); defer mu.Unlock(); n++; return ended(fmt.Sprint(n)) }
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := l.Append(context.Background(), envelope(b, next())); err != nil {
				b.Error(err)
			}
		}
	})
}
