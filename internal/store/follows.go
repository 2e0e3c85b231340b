package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// ClaimFollow takes a call for a process to follow, until a time; false while
// another has it.
func ClaimFollow(ctx context.Context, tx Tx, call ringside.CallID, holder string, now, until time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
INSERT INTO follows (call_id, holder, until_ms) VALUES ($1, $2, $3)
ON CONFLICT (call_id) DO UPDATE SET holder = EXCLUDED.holder, until_ms = EXCLUDED.until_ms
WHERE follows.holder = EXCLUDED.holder OR follows.until_ms < $4`, call[:], holder, until.UnixMilli(), now.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("claim call %s to follow: %w", call, err)
	}
	return n > 0, nil
}

// KeepFollows prolongs all that a process follows.
func KeepFollows(ctx context.Context, tx Tx, holder string, until time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE follows SET until_ms = $2 WHERE holder = $1`, holder, until.UnixMilli()); err != nil {
		return fmt.Errorf("keep the calls that are followed: %w", err)
	}
	return nil
}

// EndFollow gives a call up, and forgets those that nobody has followed for a
// day: their process died, and they ended.
func EndFollow(ctx context.Context, tx Tx, call ringside.CallID, holder string, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM follows WHERE call_id = $1 AND holder = $2 OR until_ms < $3`, call[:], holder, now.Add(-24*time.Hour).UnixMilli())
	if err != nil {
		return fmt.Errorf("give up call %s: %w", call, err)
	}
	return nil
}

// IsOn tells whether a call is there and has not ended.
func IsOn(ctx context.Context, tx Tx, id ringside.CallID) (on bool, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) > 0 FROM calls WHERE id = $1 AND status IN ('queued', 'ringing', 'active')`, id[:]).Scan(&on)
	if err != nil {
		return false, fmt.Errorf("ask whether call %s is on: %w", id, err)
	}
	return on, nil
}
