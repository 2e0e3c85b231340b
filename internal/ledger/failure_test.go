package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// refuseCommits makes the commit of every transaction fail that stores a call
// whose id begins with doomed, when all its statements have gone well.
func refuseCommits(t *testing.T, s *store.Store) {
	t.Helper()
	if s.Engine == store.SQLite {
		// The writer is one connection, so the setting stays.
		for _, q := range []string{
			`PRAGMA foreign_keys = on`,
			`CREATE TABLE nobody (id INTEGER PRIMARY KEY)`,
			`CREATE TABLE doomed (id INTEGER REFERENCES nobody (id) DEFERRABLE INITIALLY DEFERRED)`,
			`CREATE TRIGGER doom AFTER INSERT ON calls WHEN NEW.provider_call_id LIKE 'doomed%' BEGIN INSERT INTO doomed VALUES (1); END`,
		} {
			if _, err := s.DB().ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	for _, q := range []string{
		`CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'doomed'; END $$`,
		`CREATE CONSTRAINT TRIGGER doom AFTER INSERT ON calls DEFERRABLE INITIALLY DEFERRED
		 FOR EACH ROW WHEN (NEW.provider_call_id LIKE 'doomed%') EXECUTE FUNCTION doom()`,
	} {
		if _, err := s.Pool().Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
}

// A commit that fails fails every caller of its batch, nothing of it is
// stored, and the next batch is not hindered.
func TestFailedCommitFailsAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		refuseCommits(t, s)
		q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var batches []ledger.Batch
		l := ledger.New(ledger.Config{Store: s, Jobs: q, Log: quiet, Observe: func(b ledger.Batch) {
			mu.Lock()
			defer mu.Unlock()
			batches = append(batches, b)
		}})
		l.Start()
		t.Cleanup(l.Stop)
		const n = 60
		results := make([]error, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				id := fmt.Sprint("fine", i)
				if i%10 == 0 {
					id = fmt.Sprint("doomed", i)
				}
				_, results[i] = l.Append(t.Context(), envelope(t, ended(id)))
			})
		}
		wg.Wait()
		stored := 0
		for i, err := range results {
			if i%10 == 0 && err == nil {
				t.Errorf("item %d was acknowledged, and its commit failed", i)
			}
			if err == nil {
				stored++
			}
		}
		if got := count(t, s, `SELECT COUNT(*) FROM calls`); got != stored {
			t.Errorf("%d calls stored, %d acknowledged", got, stored)
		}
		for _, query := range []string{
			`SELECT COUNT(*) FROM inbox`, `SELECT COUNT(*) FROM events`, `SELECT COUNT(*) FROM outbox`, toAnalyse(s),
		} {
			if got := count(t, s, query); got != stored {
				t.Errorf("%s: %d, %d acknowledged", query, got, stored)
			}
		}
		if r := mustAppend(t, l, envelope(t, ended("after"))); r.Action != ledger.Created {
			t.Errorf("after failed commits: %+v", r)
		}
		l.Stop() // every batch has been told of
		for _, b := range batches {
			if b.Failed != 0 && b.Failed != b.Items {
				t.Errorf("%d of a batch of %d failed", b.Failed, b.Items)
			}
		}
	})
}

// A delivery that is tried again after its commit failed is a first time.
func TestAfterAFailedCommitTheSameDeliveryIsNew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		refuseCommits(t, s)
		l := open(t, s)
		if _, err := l.Append(t.Context(), envelope(t, ended("doomed"))); err == nil {
			t.Fatal("the commit went well")
		}
		drop := `DROP TRIGGER doom ON calls`
		if s.Engine == store.SQLite {
			drop = `DROP TRIGGER doom`
		}
		err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, drop)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		r := mustAppend(t, l, envelope(t, ended("doomed")))
		if r.Action != ledger.Created || r.AgentID == "" || count(t, s, `SELECT COUNT(*) FROM agents WHERE id = $1`, r.AgentID) != 1 {
			t.Errorf("second try: %+v", r)
		}
	})
}

// A closed database fails the callers and nothing else.
func TestAppendOnAClosedDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		mustAppend(t, l, envelope(t, ended("a")))
		s.Close()
		if _, err := l.Append(t.Context(), envelope(t, ended("b"))); err == nil {
			t.Error("acknowledged without a database")
		}
	})
}

// Stop writes what waits; what comes after is refused and may be sent again.
func TestStopDrains(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := open(t, s)
		mustAppend(t, l, envelope(t, ended("before"))) // it has looked at the settings by then
		const n = 100
		var wg sync.WaitGroup
		results := make([]error, n)
		begun := make(chan struct{}, n)
		for i := range n {
			wg.Go(func() {
				e := envelope(t, ended(fmt.Sprint(i)))
				begun <- struct{}{}
				_, results[i] = l.Append(t.Context(), e)
			})
		}
		for range n / 2 {
			<-begun
		}
		l.Stop()
		l.Stop() // twice is once
		wg.Wait()
		acked := 1
		for _, err := range results {
			if err == nil {
				acked++
			}
		}
		if got := count(t, s, `SELECT COUNT(*) FROM calls`); got != acked || acked == 1 {
			t.Errorf("%d calls stored, %d acknowledged", got, acked)
		}
		if _, err := l.Append(t.Context(), envelope(t, ended("late"))); err == nil {
			t.Error("took a delivery after Stop")
		}
	})
}

func TestAppendInsideWritePanics(t *testing.T) {
	s := storetest.SQLite(t)
	l := open(t, s)
	for name, call := range map[string]func(context.Context){
		"Append": func(ctx context.Context) { _, _ = l.Append(ctx, envelope(t, ended("a"))) },
		"Refold": func(ctx context.Context) { _, _ = l.Refold(ctx, workspace, "dlv_1", envelope(t, ended("a")).Events) },
	} {
		err := s.Write(t.Context(), func(ctx context.Context, _ store.Tx) error {
			defer func() {
				if recover() == nil {
					t.Errorf("%s waits inside of a transaction that it would wait for", name)
				}
			}()
			call(ctx)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
