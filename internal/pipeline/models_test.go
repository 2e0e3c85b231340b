package pipeline

import (
	"context"
	"testing"
	"time"

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

// A client is kept while its settings hold and no longer, however soon after
// one another they were saved.
func TestAModelIsTheOneSavedLast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		at := time.Now()
		of := func(settings, key string) *Model {
			i := &store.Integration{Kind: LLM, Settings: []byte(settings), Secret: b.cfg.Secrets.Seal(IntegrationSecret(workspace, LLM), []byte(key)), UpdatedAt: at}
			b.write(func(ctx context.Context, tx store.Tx) error { return store.PutIntegration(ctx, tx, workspace, i) })
			m, err := b.cfg.Models.Of(t.Context(), workspace)
			must(t, err)
			return m
		}
		const here, there = `{"base_url":"http://127.0.0.1:1/v1","default_model":"a"}`, `{"base_url":"http://127.0.0.1:2/v1","default_model":"a"}`
		first := of(here, "k")
		if again, err := b.cfg.Models.Of(t.Context(), workspace); again != first || err != nil {
			t.Errorf("the same settings make another client, %v", err)
		}
		if m := of(there, "k"); m.Settings.BaseURL != "http://127.0.0.1:2/v1" {
			t.Errorf("asks %s", m.Settings.BaseURL)
		}
		if m := of(there, "k2"); m.Client.Key != "k2" {
			t.Errorf("goes by the key %q", m.Client.Key)
		}
	})
}
