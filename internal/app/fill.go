package app

import (
	"context"
	"log/slog"

	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/search"
	"github.com/ringsidehq/ringside/internal/simulate"
)

// Fill fills a workspace with generated calls, while no server runs on the
// data directory. Nothing is analysed after them.
func Fill(ctx context.Context, c config.Common, workspace string, f simulate.FillConfig) error {
	s, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := firstWorkspaces(ctx, s, false); err != nil {
		return err
	}
	w, err := findWorkspace(ctx, s, workspace)
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	l := ledger.New(ledger.Config{Store: s, Jobs: simulate.NoJobs{}, Log: log})
	l.Start()
	defer l.Stop()
	f.Ledger, f.Workspace, f.Providers, f.Index = l, w.ID, providerTable(), search.New(s, log).Step
	return simulate.Fill(ctx, f)
}
