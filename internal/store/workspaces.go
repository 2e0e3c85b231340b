package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// InsertWorkspace makes a workspace.
func InsertWorkspace(ctx context.Context, tx Tx, w *ringside.Workspace) error {
	_, err := tx.Exec(ctx, `INSERT INTO workspaces (id, name, is_demo, created_ms) VALUES ($1, $2, $3, $4)`,
		w.ID, w.Name, w.IsDemo, w.CreatedAt.UnixMilli())
	return err
}

// Workspaces lists every workspace, oldest first.
func Workspaces(ctx context.Context, tx Tx) ([]*ringside.Workspace, error) {
	out := []*ringside.Workspace{}
	rows, err := tx.Query(ctx, `SELECT id, name, is_demo, created_ms FROM workspaces ORDER BY id`)
	err = each(rows, err, func(r Rows) error {
		var w ringside.Workspace
		var created int64
		err := r.Scan(&w.ID, &w.Name, &w.IsDemo, &created)
		w.CreatedAt = time.UnixMilli(created).UTC()
		out = append(out, &w)
		return err
	})
	return out, err
}

// Workspace loads one workspace.
func Workspace(ctx context.Context, tx Tx, id string) (*ringside.Workspace, error) {
	var w ringside.Workspace
	var created int64
	err := tx.QueryRow(ctx, `SELECT id, name, is_demo, created_ms FROM workspaces WHERE id = $1`, id).Scan(&w.ID, &w.Name, &w.IsDemo, &created)
	if err != nil {
		return nil, orNotFound(err, "there is no workspace %q", id)
	}
	w.CreatedAt = time.UnixMilli(created).UTC()
	return &w, nil
}

// RenameWorkspace gives a workspace another name.
func RenameWorkspace(ctx context.Context, tx Tx, id, name string) error {
	n, err := tx.Exec(ctx, `UPDATE workspaces SET name = $2 WHERE id = $1`, id, name)
	if err == nil && n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no workspace %q", id)
	}
	return err
}

// workspaceTables hold rows of one workspace each, in an order in which they
// can be emptied.
var workspaceTables = []string{
	"keys", "source_keys", "imports", "reconciliations", "sources", "queues", "webhook_endpoints", "webhook_stops", "agent_sources", "agent_versions", "agents", "notes", "views", "audit", "sessions",
	"integrations", "llm_usage", "gaps", "evaluations", "evaluators", "scorecard_versions", "scorecards",
	"alert_messages", "alerts", "alert_rule_versions", "alert_rules", "proposals", "intervention_rules",
	"scenario_runs", "scenarios", "recording_credentials", "erasures", "providers",
}

// DeleteWorkspace removes a workspace and what belongs to it but its calls,
// which PurgeCalls removes in chunks.
func DeleteWorkspace(ctx context.Context, tx Tx, id string) error {
	for _, t := range workspaceTables {
		if _, err := tx.Exec(ctx, `DELETE FROM `+t+` WHERE workspace_id = $1`, id); err != nil {
			return fmt.Errorf("empty %s: %w", t, err)
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM workspaces WHERE id = $1`, id)
	return err
}
