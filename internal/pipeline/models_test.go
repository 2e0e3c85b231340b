package pipeline

import (
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Who asks a model beside the pipeline shares its places and its budget.
func TestTake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		if j, _, err := b.cfg.Models.Take(t.Context(), workspace); j != nil || err != nil {
			t.Fatalf("without a model: %v, %v", j, err)
		}
		b.model(llmtest.New(t), func(s *llm.Settings) { s.Concurrency, s.MonthlyBudgetUSD = 1, new(1.0) })
		j, done, err := b.cfg.Models.Take(t.Context(), workspace)
		must(t, err)
		if j.Models.Scores != llmtest.Model {
			t.Errorf("asks %q", j.Models.Scores)
		}
		if _, _, err := b.cfg.Models.Take(t.Context(), workspace); ringside.KindOf(err) != ringside.RateLimited {
			t.Errorf("a place is taken twice: %v", err)
		}
		must(t, done(t.Context(), ringside.Usage{Model: llmtest.Model, Requests: 2, PromptTokens: 40, CostUSD: new(0.75)}))
		_, done, err = b.cfg.Models.Take(t.Context(), workspace)
		must(t, err)
		must(t, done(t.Context(), ringside.Usage{})) // nothing was asked
		_, done, err = b.cfg.Models.Take(t.Context(), workspace)
		must(t, err)
		must(t, done(t.Context(), ringside.Usage{Model: llmtest.Model, Requests: 1, CostUSD: new(0.25)}))
		if n := b.count(`SELECT requests FROM llm_usage`); n != 3 {
			t.Errorf("%d requests are counted, want 3", n)
		}
		if _, _, err := b.cfg.Models.Take(t.Context(), workspace); ringside.KindOf(err) != ringside.Conflict {
			t.Errorf("past the budget: %v", err)
		}
	})
}
