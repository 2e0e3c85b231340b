package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// View is a set of filters that a workspace keeps under a name.
type View struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Query     string    `json:"query" doc:"The filters, as a URL query"`
	CreatedAt time.Time `json:"created_at"`
}

// InsertView keeps a view.
func InsertView(ctx context.Context, tx Tx, workspace string, v *View) error {
	_, err := tx.Exec(ctx, `INSERT INTO views (id, workspace_id, name, query, created_ms) VALUES ($1, $2, $3, $4, $5)`,
		v.ID, workspace, v.Name, v.Query, v.CreatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert view: %w", err)
	}
	return nil
}

// Views lists a workspace's views by name.
func Views(ctx context.Context, tx Tx, workspace string) ([]*View, error) {
	out := []*View{}
	rows, err := tx.Query(ctx, `SELECT id, name, query, created_ms FROM views WHERE workspace_id = $1 ORDER BY lower(name), id`, workspace)
	err = each(rows, err, func(r Rows) error {
		var v View
		var created int64
		err := r.Scan(&v.ID, &v.Name, &v.Query, &created)
		v.CreatedAt = time.UnixMilli(created).UTC()
		out = append(out, &v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list views: %w", err)
	}
	return out, nil
}

// DeleteView removes a view.
func DeleteView(ctx context.Context, tx Tx, workspace, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM views WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err != nil {
		return fmt.Errorf("delete view %s: %w", id, err)
	}
	if n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no view %q in this workspace", id)
	}
	return nil
}
