package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
)

// SetupLink is the one-time link that makes the first user; empty when there
// is one.
func (a *App) SetupLink(ctx context.Context) (string, error) {
	needed, err := a.auth.NeedsSetup(ctx)
	if err != nil || !needed {
		return "", err
	}
	token, err := a.auth.SetupToken(ctx)
	if err != nil {
		return "", err
	}
	return a.public + "/setup?token=" + token, nil
}

func openStore(ctx context.Context, c config.Common) (*store.Store, error) {
	return store.Open(ctx, store.Options{URL: c.DatabaseURL, Dir: c.Data})
}

// findWorkspace finds a workspace by its name or its id.
func findWorkspace(ctx context.Context, s *store.Store, name string) (found *ringside.Workspace, err error) {
	err = s.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		all, err := store.Workspaces(ctx, tx)
		for _, w := range all {
			if w.Name == name || w.ID == name {
				found = w
			}
		}
		return err
	})
	if err == nil && found == nil {
		return nil, ringside.Errorf(ringside.NotFound, "there is no workspace named %q", name)
	}
	return found, err
}

// CreateKey makes an API key beside a running server, or before the first.
func CreateKey(ctx context.Context, c config.Common, workspace, name string, scope auth.Scope, life time.Duration) (string, error) {
	s, err := openStore(ctx, c)
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := firstWorkspaces(ctx, s, false); err != nil {
		return "", err
	}
	w, err := findWorkspace(ctx, s, workspace)
	if err != nil {
		return "", err
	}
	var expires time.Time
	if life > 0 {
		expires = time.Now().UTC().Add(life)
	}
	key, _, err := auth.New(s, slog.New(slog.DiscardHandler)).CreateKey(ctx, w.ID, name, scope, expires)
	return key, err
}

// Replay decodes kept deliveries again with this program's adapters. progress
// is called with how many have been looked at.
func Replay(ctx context.Context, c config.Common, workspace string, q store.ReplayQuery, progress func(int), log *slog.Logger) (ingest.ReplaySummary, error) {
	s, err := openStore(ctx, c)
	if err != nil {
		return ingest.ReplaySummary{}, err
	}
	defer s.Close()
	if workspace != "" {
		w, err := findWorkspace(ctx, s, workspace)
		if err != nil {
			return ingest.ReplaySummary{}, err
		}
		q.Workspace = w.ID
	}
	queue, err := jobs.New(ctx, s, jobs.Config{Hold: true, Log: log})
	if err != nil {
		return ingest.ReplaySummary{}, err
	}
	l := ledger.New(ledger.Config{Store: s, Jobs: queue, Log: log})
	l.Start()
	defer l.Stop()
	door := ingest.New(ingest.Config{Store: s, Ledger: l, Providers: providerTable(), Log: log})
	return door.Replay(ctx, q, func(sum ingest.ReplaySummary) { progress(sum.Seen) })
}

// ResetDemo removes the demo workspace and lets the next start with --demo
// make it anew. It gives how many calls it removed.
func ResetDemo(ctx context.Context, c config.Common) (int, error) {
	s, err := openStore(ctx, c)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	removed := 0
	w, err := findDemo(ctx, s)
	if err != nil {
		return 0, err
	}
	if w != nil {
		audio, err := openRecordings(ctx, &c)
		if err != nil {
			return 0, err
		}
		if removed, err = s.PurgeCalls(ctx, w.ID, audio.Remove); err != nil {
			return removed, fmt.Errorf("remove sample calls: %w", err)
		}
	}
	return removed, s.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if w != nil {
			if err := store.DeleteWorkspace(ctx, tx, w.ID); err != nil {
				return err
			}
		}
		return store.SetSetting(ctx, tx, demoRemoved, "")
	})
}
