package app

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/scenario"
	"github.com/ringsidehq/ringside/internal/store"
)

// scenarios makes what plays scenarios: through the live API's own door, as a
// key of the workspace would.
func (a *App) scenarios(queue func() *jobs.Queue) *scenario.Runner {
	return scenario.New(scenario.Config{
		Store: a.store, Queue: queue, Log: a.log,
		Tell: func(ctx context.Context, workspace, name string, body []byte) error {
			err := a.store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
				_, err := store.Workspace(ctx, tx, workspace) // a deleted one takes no more
				return err
			})
			if err != nil {
				return err
			}
			_, err = a.door.Live(ctx, &auth.Principal{WorkspaceID: workspace, Name: "Scenarios", Scope: auth.ScopeIngest}, name, body, time.Now().UTC())
			return err
		},
	})
}
