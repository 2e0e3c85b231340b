package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Key is an API key without the key itself: of that only the SHA-256 is kept.
type Key struct {
	ID         string     `json:"id"`
	Workspace  string     `json:"-"`
	Name       string     `json:"name"`
	Scope      string     `json:"scope" enum:"ingest,read,admin"`
	Preview    string     `json:"preview" doc:"How the key begins"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  *time.Time `json:"expires_at" doc:"Null: never"`
	LastUsedAt *time.Time `json:"last_used_at" doc:"To the minute; null: not yet"`
	Hash       []byte     `json:"-"`
}

const keyColumns = `id, workspace_id, name, scope, preview, created_ms, expires_ms, last_used_ms, hash`

func scanKey(r Row) (*Key, error) {
	var k Key
	var created, expires, used int64
	if err := r.Scan(&k.ID, &k.Workspace, &k.Name, &k.Scope, &k.Preview, &created, &expires, &used, &k.Hash); err != nil {
		return nil, err
	}
	k.CreatedAt = time.UnixMilli(created).UTC()
	k.ExpiresAt, k.LastUsedAt = momentOrNil(expires), momentOrNil(used)
	return &k, nil
}

// momentOrNil reads a time that is stored as 0 when there is none.
func momentOrNil(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	return new(time.UnixMilli(ms).UTC())
}

// orZeroMS undoes momentOrNil.
func orZeroMS(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

// InsertKey keeps a key.
func InsertKey(ctx context.Context, tx Tx, k *Key) error {
	_, err := tx.Exec(ctx, `
INSERT INTO keys (id, workspace_id, name, hash, preview, scope, created_ms, expires_ms, last_used_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`,
		k.ID, k.Workspace, k.Name, k.Hash, k.Preview, k.Scope, k.CreatedAt.UnixMilli(), orZeroMS(k.ExpiresAt))
	if err != nil {
		return fmt.Errorf("insert key: %w", err)
	}
	return nil
}

// KeyByHash finds the key with a hash; NotFound when there is none.
func KeyByHash(ctx context.Context, tx Tx, hash []byte) (*Key, error) {
	k, err := scanKey(tx.QueryRow(ctx, `SELECT `+keyColumns+` FROM keys WHERE hash = $1`, hash))
	if err != nil {
		return nil, orNotFound(err, "there is no such key")
	}
	return k, nil
}

// Keys lists a workspace's keys, oldest first.
func Keys(ctx context.Context, tx Tx, workspace string) ([]*Key, error) {
	out := []*Key{}
	rows, err := tx.Query(ctx, `SELECT `+keyColumns+` FROM keys WHERE workspace_id = $1 ORDER BY id`, workspace)
	err = each(rows, err, func(r Rows) error {
		k, err := scanKey(r)
		out = append(out, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return out, nil
}

// DeleteKey revokes a key and gives what it was.
func DeleteKey(ctx context.Context, tx Tx, workspace, id string) (*Key, error) {
	k, err := scanKey(tx.QueryRow(ctx, `DELETE FROM keys WHERE workspace_id = $1 AND id = $2 RETURNING `+keyColumns, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no key %q in this workspace", id)
	}
	return k, nil
}

// KeysUsed notes when keys were last used. Times only go forward.
func KeysUsed(ctx context.Context, tx Tx, used map[string]time.Time) error {
	for _, id := range sortedKeys(used) { // one order everywhere: no two wait crosswise
		_, err := tx.Exec(ctx, `UPDATE keys SET last_used_ms = $2 WHERE id = $1 AND last_used_ms < $2`, id, used[id].UnixMilli())
		if err != nil {
			return fmt.Errorf("note use of key %s: %w", id, err)
		}
	}
	return nil
}

// DropAccess takes away every key and source of a workspace: nothing more
// comes in or goes out by them.
func DropAccess(ctx context.Context, tx Tx, workspace string) error {
	for _, table := range []string{"keys", "sources"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE workspace_id = $1`, workspace); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	return nil
}

// errNoUser is the answer for a person who is not there.
func errNoUser(id string) error {
	return ringside.Errorf(ringside.NotFound, "there is no user %q", id)
}
