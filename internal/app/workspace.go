package app

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// DefaultWorkspace is the name of the workspace that a first start makes.
const DefaultWorkspace = "Default"

// demoWorkspace is the name of the workspace with the sample calls.
const demoWorkspace = "Demo"

// firstWorkspaces makes the workspaces of a first start.
func firstWorkspaces(ctx context.Context, s *store.Store, withDemo bool) error {
	return s.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		all, err := store.Workspaces(ctx, tx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			if err := insertWorkspace(ctx, tx, DefaultWorkspace, false); err != nil {
				return err
			}
		}
		for _, w := range all {
			if w.IsDemo {
				return nil
			}
		}
		if !withDemo {
			return nil
		}
		// Removed once, the demo stays away until somebody asks for it.
		removed, err := store.Setting(ctx, tx, demoRemoved)
		if err != nil || removed != "" {
			return err
		}
		return insertWorkspace(ctx, tx, demoWorkspace, true)
	})
}

// demoRemoved is the setting that remembers that the demo was there before.
const demoRemoved = "demo_seen"

func insertWorkspace(ctx context.Context, tx store.Tx, name string, isDemo bool) error {
	now := time.Now().UTC()
	if isDemo {
		if err := store.SetSetting(ctx, tx, demoRemoved, now.Format(time.RFC3339)); err != nil {
			return err
		}
		if err := store.SetSetting(ctx, tx, demoState, ""); err != nil {
			return err
		}
	}
	return store.InsertWorkspace(ctx, tx, &ringside.Workspace{ID: ringside.NewID("ws", now), Name: name, IsDemo: isDemo, CreatedAt: now})
}

// findDemo gives the demo workspace; nil when there is none.
func findDemo(ctx context.Context, s *store.Store) (found *ringside.Workspace, err error) {
	err = s.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		all, err := store.Workspaces(ctx, tx)
		for _, w := range all {
			if w.IsDemo {
				found = w
			}
		}
		return err
	})
	return found, err
}
