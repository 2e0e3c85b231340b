package store

import (
	"context"
	"fmt"

	"github.com/ringsidehq/ringside"
)

// PutSourceKey keeps the sealed key by which a source's vendor takes orders; an
// empty one removes it.
func PutSourceKey(ctx context.Context, tx Tx, workspace, source string, sealed []byte) error {
	query, args := `DELETE FROM source_keys WHERE source_id = $1 AND workspace_id = $2`, []any{source, workspace}
	if len(sealed) > 0 {
		query = `INSERT INTO source_keys (source_id, workspace_id, key) VALUES ($1, $2, $3) ON CONFLICT (source_id) DO UPDATE SET key = EXCLUDED.key`
		args = append(args, sealed)
	}
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return fmt.Errorf("put key of source %s: %w", source, err)
	}
	return nil
}

// SourceKey is a source with the sealed key by which its vendor takes orders.
type SourceKey struct {
	SourceID string
	Key      []byte
}

// SourceKeys lists the keys of a workspace's sources of a provider; of all
// providers when it is empty.
func SourceKeys(ctx context.Context, tx Tx, workspace, provider string) ([]SourceKey, error) {
	var out []SourceKey
	rows, err := tx.Query(ctx, `SELECT k.source_id, k.key FROM source_keys k JOIN sources s ON s.id = k.source_id
WHERE k.workspace_id = $1 AND ($2 = '' OR s.provider = $2) ORDER BY s.created_ms, s.id`, workspace, provider)
	err = each(rows, err, func(r Rows) error {
		var k SourceKey
		err := r.Scan(&k.SourceID, &k.Key)
		out = append(out, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list keys of sources: %w", err)
	}
	return out, nil
}

// SourceOf gives the source that the newest delivery about a call came by;
// empty when none did.
func SourceOf(ctx context.Context, tx Tx, id ringside.CallID) (source string, err error) {
	rows, err := tx.Query(ctx, `SELECT i.source_id FROM inbox i WHERE i.source_id <> '' AND i.id IN (
 SELECT `+deliveryOfEvent+` FROM events WHERE call_seq = (SELECT seq FROM calls WHERE id = $1)) ORDER BY i.seq DESC LIMIT 1`, id[:])
	err = each(rows, err, func(r Rows) error { return r.Scan(&source) })
	return source, err
}
