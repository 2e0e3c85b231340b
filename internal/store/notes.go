package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
)

// Note is what a person wrote about a call.
type Note struct {
	ID        string    `json:"id"`
	Text      string    `json:"text"`
	AtMS      *int64    `json:"at_ms" doc:"Where in the call, in milliseconds; null when it is about the whole"`
	Author    string    `json:"author"`
	CreatedAt time.Time `json:"created_at"`
}

// InsertNote keeps a note.
func InsertNote(ctx context.Context, tx Tx, workspace string, call ringside.CallID, n *Note) error {
	_, err := tx.Exec(ctx, `INSERT INTO notes (id, workspace_id, call_id, author, text, at_ms, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		n.ID, workspace, call[:], n.Author, n.Text, n.AtMS, n.CreatedAt.UnixMilli())
	return err
}

// Notes lists a call's notes, oldest first.
func Notes(ctx context.Context, tx Tx, workspace string, call ringside.CallID) ([]*Note, error) {
	out := []*Note{}
	rows, err := tx.Query(ctx, `SELECT id, author, text, at_ms, created_ms FROM notes WHERE call_id = $1 AND workspace_id = $2 ORDER BY id`, call[:], workspace)
	err = each(rows, err, func(r Rows) error {
		var n Note
		var created int64
		err := r.Scan(&n.ID, &n.Author, &n.Text, &n.AtMS, &created)
		n.CreatedAt = time.UnixMilli(created).UTC()
		out = append(out, &n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list notes: %w", err)
	}
	return out, nil
}

// DeleteNote removes a note.
func DeleteNote(ctx context.Context, tx Tx, workspace string, call ringside.CallID, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM notes WHERE workspace_id = $1 AND call_id = $2 AND id = $3`, workspace, call[:], id)
	if err == nil && n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no note %q on this call", id)
	}
	return err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
