package app

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/scenario"
)

// scenarios makes what plays scenarios: through the live API's own door, as a
// key of the workspace would.
func (a *App) scenarios(queue func() *jobs.Queue) *scenario.Runner {
	return scenario.New(scenario.Config{
		Store: a.store, Queue: queue, Log: a.log,
		Tell: func(ctx context.Context, workspace, name string, body []byte) error {
			_, err := a.door.Live(ctx, &auth.Principal{WorkspaceID: workspace, Name: "Scenarios", Scope: auth.ScopeIngest}, name, body, time.Now().UTC())
			return err
		},
	})
}
