package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// AnalyseQuery says which ended calls to analyse again.
type AnalyseQuery struct {
	Workspace string // name or id
	Agent     string // name, id or source id; empty for all
	Since     time.Time
	DryRun    bool // count only
	Progress  func(done, total int)
}

// analysePage is how many calls are analysed side by side.
const analysePage = 64

// Analyse analyses ended calls again, beside a running server or without one.
// What a model, webhooks and CRMs are for is left to the server as jobs. It
// gives how many calls were meant.
func Analyse(ctx context.Context, c config.Serve, q AnalyseQuery, log *slog.Logger) (int, error) {
	a := &App{cfg: c, log: log, public: c.PublicURL}
	var err error
	if a.store, err = openStore(ctx, c.Common); err != nil {
		return 0, err
	}
	defer a.store.Close()
	if a.secrets, err = secret.Open(c.Data, c.SecretKey); err != nil {
		return 0, err
	}
	a.egress = egress.New(egress.Config{Allow: c.EgressAllow})
	defer a.egress.Close()
	a.afterwards()
	if a.queue, err = jobs.New(ctx, a.store, jobs.Config{Hold: true, Log: log}); err != nil {
		return 0, err
	}
	a.ledger = ledger.New(ledger.Config{Store: a.store, Jobs: a.queue, Stamp: a.secrets.Stamp, Log: log})
	a.ledger.Start()
	defer a.ledger.Stop()
	refs, err := a.meant(ctx, q)
	if err != nil || q.DryRun {
		return len(refs), err
	}
	for i := 0; i < len(refs); i += analysePage {
		if err := a.pipeline.Analyse(ctx, refs[i:min(i+analysePage, len(refs))]); err != nil {
			return len(refs), err
		}
		q.Progress(min(i+analysePage, len(refs)), len(refs))
	}
	return len(refs), nil
}

// meant lists the ended calls that a query means, newest first.
func (a *App) meant(ctx context.Context, q AnalyseQuery) ([]jobs.CallRef, error) {
	w, err := findWorkspace(ctx, a.store, q.Workspace)
	if err != nil {
		return nil, err
	}
	f := store.CallFilter{Workspace: w.ID, StartedAfter: q.Since}
	for _, s := range ringside.Statuses {
		if s.Ended() {
			f.Statuses = append(f.Statuses, string(s))
		}
	}
	if q.Agent != "" {
		if f.Agents, err = a.agentNamed(ctx, w.ID, q.Agent); err != nil {
			return nil, err
		}
	}
	var refs []jobs.CallRef
	page := store.CallQuery{CallFilter: f, Limit: 500}
	for {
		err := a.store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
			p, err := a.store.ListCalls(ctx, tx, page)
			if err != nil {
				return err
			}
			for _, it := range p.Items {
				refs = append(refs, jobs.CallRef{WorkspaceID: w.ID, CallID: it.ID})
			}
			page.Cursor = p.NextCursor
			return nil
		})
		if err != nil || page.Cursor == "" {
			return refs, err
		}
	}
}

func (a *App) agentNamed(ctx context.Context, workspace, name string) (ids []string, err error) {
	err = a.store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		all, err := store.Agents(ctx, tx, workspace)
		for _, row := range all {
			if row.ID == name || row.SourceID == name || row.Name == name {
				ids = append(ids, row.ID)
			}
		}
		return err
	})
	if err == nil && len(ids) == 0 {
		return nil, ringside.Errorf(ringside.NotFound, "there is no agent named %q in this workspace", name)
	}
	if err != nil {
		return nil, fmt.Errorf("find agent: %w", err)
	}
	return ids, nil
}
