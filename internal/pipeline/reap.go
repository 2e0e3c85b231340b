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

// maxReaped bounds one run: the rest is for the next, a minute later.
const maxReaped = 1000

// reap gives up on calls whose end never came: longer than its agent's maximum
// duration and a grace ago, nothing more was heard. The call is unknown from
// then on; a late end still corrects it.
type reap struct {
	river.WorkerDefaults[jobs.Reap]

	cfg Config
}

// Work implements river.Worker.
func (w *reap) Work(ctx context.Context, _ *river.Job[jobs.Reap]) error {
	now := time.Now().UTC()
	var stale []store.StaleCall
	err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		stale, err = store.StaleCalls(ctx, tx, now.Add(-ringside.ReapGrace), maxReaped)
		return err
	})
	if err != nil {
		return fmt.Errorf("find calls without an end: %w", err)
	}
	n := 0
	for _, c := range stale {
		var agent ringside.Agent
		if err := json.Unmarshal([]byte(c.AgentSettings), &agent.Settings); err != nil {
			return fmt.Errorf("read agent settings: %w", err)
		}
		limit := agent.MaxDuration() + ringside.ReapGrace
		if now.Sub(c.LastHeard) < limit {
			continue
		}
		err := w.cfg.append(ctx, c.Workspace, ringside.Event{
			Provider: c.Provider, ProviderCallID: c.ProviderCallID, Name: "reaped", Authority: ringside.Guess, At: now, ReceivedAt: now,
			Facts: ringside.Facts{Reaped: true, Warnings: []string{fmt.Sprintf(
				"No end came: nothing was heard after %s for more than %s.", c.LastHeard.Format(time.RFC3339), limit)}},
		})
		if err != nil {
			return fmt.Errorf("give up on call: %w", err)
		}
		n++
	}
	if n > 0 {
		w.cfg.Log.Info("gave up on calls without an end", slog.Int("calls", n))
	}
	return nil
}
