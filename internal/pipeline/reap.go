package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// reapPage is how many calls are looked at in one go, and maxReapPages how many
// times: the rest is for the next run, a minute later.
const (
	reapPage     = 1000
	maxReapPages = 50
)

// reap gives up on calls whose end never came: longer than its agent's maximum
// duration and a grace ago, nothing more was heard. The call is unknown from
// then on; a late end still corrects it.
type reap struct {
	river.WorkerDefaults[jobs.Reap]

	cfg Config
}

// Work implements river.Worker. Calls of agents that allow for longer ones are
// passed over and do not hold up the others.
func (w *reap) Work(ctx context.Context, _ *river.Job[jobs.Reap]) error {
	now := time.Now().UTC()
	given, passed := 0, 0
	for range maxReapPages {
		var stale []store.StaleCall
		err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			stale, err = store.StaleCalls(ctx, tx, now.Add(-ringside.ReapGrace), passed, reapPage)
			return err
		})
		if err != nil {
			return fmt.Errorf("find calls without an end: %w", err)
		}
		for _, c := range stale {
			up, err := w.giveUp(ctx, c, now)
			if err != nil {
				return fmt.Errorf("give up on call: %w", err)
			}
			if up {
				given++ // it is open no more: the next page begins without it
			} else {
				passed++
			}
		}
		if len(stale) < reapPage {
			break
		}
	}
	if given > 0 {
		w.cfg.Log.Info("gave up on calls without an end", slog.Int("calls", given))
	}
	return nil
}

// giveUp marks a call unknown if it has lasted longer than its agent allows.
func (w *reap) giveUp(ctx context.Context, c store.StaleCall, now time.Time) (bool, error) {
	var agent ringside.Agent
	if err := json.Unmarshal([]byte(c.AgentSettings), &agent.Settings); err != nil {
		return false, fmt.Errorf("read agent settings: %w", err)
	}
	limit := agent.MaxDuration() + ringside.ReapGrace
	if now.Sub(c.LastHeard) < limit {
		return false, nil
	}
	_, err := w.cfg.hand(ctx, c.Workspace, ringside.Event{
		Provider: c.Provider, ProviderCallID: c.ProviderCallID, Name: "reaped", Authority: ringside.Guess, At: now, ReceivedAt: now,
		Facts: ringside.Facts{Reaped: true, Warnings: []string{fmt.Sprintf(
			"No end came: nothing was heard after %s for more than %s.", c.LastHeard.Format(time.RFC3339), limit)}},
	})
	return true, err
}
