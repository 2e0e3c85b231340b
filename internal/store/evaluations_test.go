package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func (b *shelf) write(fn func(context.Context, store.Tx) error) {
	b.t.Helper()
	if err := b.store.Write(b.t.Context(), fn); err != nil {
		b.t.Fatal(err)
	}
}

// judged keeps an evaluation, and tells whether it was kept.
func (b *shelf) judged(id string, call ringside.CallID, at time.Time) (kept bool) {
	b.t.Helper()
	b.write(func(ctx context.Context, tx store.Tx) (err error) {
		kept, err = store.InsertEvaluation(ctx, tx, home, &ringside.Evaluation{
			ID: id, CallID: call, EvaluatorID: "evaluator_a", EvaluatorName: "Weekly", Trigger: ringside.TriggerManual, Status: ringside.EvaluationQueued, CreatedAt: at,
		})
		return err
	})
	return kept
}

// pages walks through a list and gives its ids.
func (b *shelf) pages(f store.EvaluationFilter, limit int) (ids []string) {
	b.t.Helper()
	f.Workspace = home
	for cursor := ""; ; {
		var page *store.EvaluationPage
		b.read(func(ctx context.Context, tx store.Tx) (err error) {
			page, err = store.Evaluations(ctx, tx, f, cursor, limit)
			return err
		})
		for _, e := range page.Items {
			ids = append(ids, e.ID)
		}
		if cursor = page.NextCursor; cursor == "" {
			return ids
		}
	}
}

// Many are made in one millisecond: a page goes on where the last ended.
func TestEvaluationsPageByPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		call := b.put("a", ringside.Facts{})
		at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
		var want []string
		for i := range 23 {
			id := fmt.Sprintf("eval_%02d", i)
			b.judged(id, call, at.Add(time.Duration(i/10)*time.Millisecond))
			want = append(want, id)
		}
		slices.Reverse(want)
		for _, limit := range []int{1, 7, 23, 24} {
			if got := b.pages(store.EvaluationFilter{}, limit); !slices.Equal(got, want) {
				t.Errorf("by %d: %q", limit, got)
			}
		}
		if got := b.pages(store.EvaluationFilter{Statuses: []string{"queued", "done"}, Call: call}, 10); !slices.Equal(got, want) {
			t.Errorf("filtered: %q", got)
		}
	})
}

func TestAnEvaluationIsKeptOnceAndNeedsItsCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		call, at := b.put("a", ringside.Facts{}), time.Now()
		if !b.judged("eval_a", call, at) || b.judged("eval_a", call, at) {
			t.Error("an evaluation is not kept exactly once")
		}
		if b.judged("eval_b", ringside.NewCallID(home, "acme", "nobody"), at) {
			t.Error("an evaluation was kept of no call")
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			e, err := store.BeginEvaluation(ctx, tx, home, "eval_a")
			if err != nil {
				return err
			}
			if e.Attempts != 1 || e.Status != ringside.EvaluationRunning || !e.CreatedAt.Equal(at.Truncate(time.Millisecond)) {
				t.Errorf("begun: %+v", e)
			}
			e.Status, e.Reason, e.FinishedAt, e.Usage = ringside.EvaluationFailed, "refused", &at, &ringside.Usage{Requests: 2}
			if err := store.UpdateEvaluation(ctx, tx, home, e); err != nil {
				return err
			}
			if e, err = store.BeginEvaluation(ctx, tx, home, "eval_a"); err != nil {
				return err
			}
			if e.Attempts != 1 || e.Status != ringside.EvaluationFailed || e.Usage.Requests != 2 {
				t.Errorf("begun though it is finished: %+v", e)
			}
			if _, err := store.BeginEvaluation(ctx, tx, "ws_other", "eval_a"); ringside.KindOf(err) != ringside.NotFound {
				t.Errorf("another workspace begins it: %v", err)
			}
			return nil
		})
	})
}

// Each version of a scorecard stays as it was; two writers make two versions.
func TestScorecardVersionsStay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		at := time.Now().UTC().Truncate(time.Millisecond)
		card := &ringside.Scorecard{ID: "scorecard_a", Name: "First", CreatedAt: at, UpdatedAt: at, Categories: []ringside.ScorecardCategory{}}
		b.write(func(ctx context.Context, tx store.Tx) error { return store.InsertScorecard(ctx, tx, home, card, "ada") })
		failed := make(chan error)
		for i := range 8 {
			go func() {
				failed <- s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
					if err := store.LockScorecard(ctx, tx, home, card.ID); err != nil {
						return err
					}
					c, err := store.Scorecard(ctx, tx, home, card.ID)
					if err != nil {
						return err
					}
					c.Name, c.PassMark = "Later", float64(i)
					return store.UpdateScorecard(ctx, tx, home, c, "bob")
				})
			}()
		}
		for range 8 {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		b.read(func(ctx context.Context, tx store.Tx) error {
			versions, err := store.ScorecardVersions(ctx, tx, home, card.ID)
			if err != nil || len(versions) != 9 || versions[0].Version != 9 || versions[0].Author != "bob" || versions[8].Name != "First" {
				t.Errorf("%+v, %v", versions, err)
			}
			first, err := store.ScorecardAt(ctx, tx, home, card.ID, 1)
			if err != nil || first.Name != "First" || first.Version != 1 {
				t.Errorf("%+v, %v", first, err)
			}
			seen := map[float64]bool{}
			for v := 2; v <= 9; v++ {
				c, err := store.ScorecardAt(ctx, tx, home, card.ID, v)
				if err != nil || c.Version != v {
					return fmt.Errorf("version %d is %+v: %w", v, c, err)
				}
				seen[c.PassMark] = true
			}
			if len(seen) != 8 {
				t.Errorf("of eight changes %d are kept", len(seen))
			}
			if _, err := store.ScorecardAt(ctx, tx, "ws_other", card.ID, 1); ringside.KindOf(err) != ringside.NotFound {
				t.Errorf("another workspace's: %v", err)
			}
			return nil
		})
		if err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.LockScorecard(ctx, tx, "ws_other", card.ID) }); ringside.KindOf(err) != ringside.NotFound {
			t.Errorf("another workspace locks it: %v", err)
		}
	})
}
