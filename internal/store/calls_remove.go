package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// DeleteCall removes a call and all that was received about it, and leaves a
// tombstone against its return.
func (s *Store) DeleteCall(ctx context.Context, tx Tx, id ringside.CallID) error {
	var ord int64
	if err := tx.QueryRow(ctx, `SELECT ord FROM calls WHERE id = $1`, id[:]).Scan(&ord); err != nil {
		return orNotFound(err, "there is no call %q", id)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO tombstones (hash, deleted_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING`, Tombstone(id), time.Now().UnixMilli()); err != nil {
		return fmt.Errorf("leave tombstone: %w", err)
	}
	_, err := s.removeCall(ctx, tx, id, ord)
	return err
}

// EraseCall removes a call as DeleteCall does, and for good: nobody's
// submission makes it anew. Questions that it asked first are put in the words
// of another call that asked them; words gives what those are compared by.
func (s *Store) EraseCall(ctx context.Context, tx Tx, id ringside.CallID, words func(string) string) (Removed, error) {
	var ord int64
	var workspace string
	if err := tx.QueryRow(ctx, `SELECT ord, workspace_id FROM calls WHERE id = $1`, id[:]).Scan(&ord, &workspace); err != nil {
		return Removed{}, orNotFound(err, "there is no call %q", id)
	}
	_, err := tx.Exec(ctx, `INSERT INTO tombstones (hash, deleted_ms, erased) VALUES ($1, $2, TRUE)
ON CONFLICT (hash) DO UPDATE SET erased = TRUE`, Tombstone(id), time.Now().UnixMilli())
	if err != nil {
		return Removed{}, fmt.Errorf("leave tombstone: %w", err)
	}
	asked, err := gapsAskedIn(ctx, tx, id)
	if err != nil {
		return Removed{}, err
	}
	removed, err := s.removeCall(ctx, tx, id, ord)
	if err != nil {
		return Removed{}, err
	}
	return removed, rewordGaps(ctx, tx, workspace, asked, words)
}

// removeCall removes every row of a call, and counts them.
func (s *Store) removeCall(ctx context.Context, tx Tx, id ringside.CallID, ord int64) (r Removed, err error) {
	c, err := callOf(ctx, tx, id)
	if err != nil {
		return r, err
	}
	for _, e := range Entries(c) {
		if _, err := tx.Exec(ctx, e.table.remove, c.WorkspaceID, ord, e.name, e.value); err != nil {
			return r, fmt.Errorf("remove what the call was found by: %w", err)
		}
	}
	var uncounted int64
	for _, q := range []struct {
		sql   string
		count *int64
	}{
		{`DELETE FROM inbox WHERE id IN (` + deliveriesOfCall + `)`, &r.Deliveries},
		{`DELETE FROM events WHERE call_seq = (SELECT seq FROM calls WHERE id = $1)`, &r.Events},
		{`DELETE FROM sounds WHERE call_id = $1`, &uncounted},
		{`DELETE FROM sound_figures WHERE call_id = $1`, &uncounted},
		{`DELETE FROM redactions WHERE call_id = $1`, &uncounted},
		{`DELETE FROM expired WHERE call_id = $1`, &uncounted},
		{`DELETE FROM follows WHERE call_id = $1`, &uncounted},
		{`DELETE FROM notes WHERE call_id = $1`, &r.Notes},
		{`DELETE FROM evaluations WHERE call_id = $1`, &r.Evaluations},
		{`DELETE FROM alert_messages WHERE incident IN (SELECT id FROM alerts WHERE call_id = $1)`, &r.Messages},
		{`DELETE FROM proposals WHERE call_id = $1`, &r.Proposals},
		{`DELETE FROM alerts WHERE call_id = $1`, &r.Alerts},
		{`DELETE FROM gap_calls WHERE call_id = $1`, &r.Gaps},
		{`DELETE FROM crm_syncs WHERE call_id = $1`, &r.CRMSyncs},
		{`DELETE FROM webhook_attempts WHERE delivery IN (SELECT seq FROM webhook_deliveries WHERE call_id = $1)`, &uncounted},
		{`DELETE FROM webhook_deliveries WHERE call_id = $1`, &r.Webhooks},
		{`DELETE FROM call_states WHERE seq = (SELECT seq FROM calls WHERE id = $1)`, &uncounted},
		{`DELETE FROM calls WHERE id = $1`, &r.Calls},
	} {
		n, err := tx.Exec(ctx, q.sql, id[:])
		if err != nil {
			return r, fmt.Errorf("remove call %s: %w", id, err)
		}
		*q.count += n
	}
	// Followers may have the call where it stood before changes that they have
	// not seen yet, or be about to write it: they are told that it has gone.
	if _, err := tx.Exec(ctx, `INSERT INTO outbox (workspace_id, call_id, was) VALUES ($1, $2, $3)`, c.WorkspaceID, id[:], ord); err != nil {
		return r, fmt.Errorf("tell followers that call %s has gone: %w", id, err)
	}
	return r, s.Unindex(ctx, tx, ord)
}

// callOf loads a call of any workspace.
func callOf(ctx context.Context, tx Tx, id ringside.CallID) (*ringside.Call, error) {
	var workspace string
	if err := tx.QueryRow(ctx, `SELECT workspace_id FROM calls WHERE id = $1`, id[:]).Scan(&workspace); err != nil {
		return nil, orNotFound(err, "there is no call %q", id)
	}
	return Call(ctx, tx, workspace, id)
}

// PurgeCalls removes every call of a workspace, in chunks, and gives how many
// there were. Before each is removed, also is called to remove what is kept of
// it elsewhere.
func (s *Store) PurgeCalls(ctx context.Context, workspace string, also func(ringside.CallID) error) (int, error) {
	total := 0
	for {
		n := 0
		err := s.Write(ctx, func(ctx context.Context, tx Tx) error {
			ids := map[ringside.CallID]int64{}
			rows, err := tx.Query(ctx, `SELECT id, ord FROM calls WHERE workspace_id = $1 LIMIT 50`, workspace)
			err = each(rows, err, func(r Rows) error {
				var raw []byte
				var ord int64
				err := r.Scan(&raw, &ord)
				ids[ringside.CallID(raw)] = ord
				return err
			})
			if err != nil {
				return fmt.Errorf("find calls to remove: %w", err)
			}
			for id, ord := range ids {
				if err := also(id); err != nil {
					return err
				}
				if _, err := s.removeCall(ctx, tx, id, ord); err != nil {
					return err
				}
			}
			if n = len(ids); n == 0 {
				return dropStrays(ctx, tx, workspace)
			}
			return nil
		})
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

// dropStrays removes what is left of a workspace when its calls are gone:
// deliveries that made no call, and webhooks that were planned as it went.
func dropStrays(ctx context.Context, tx Tx, workspace string) error {
	for _, q := range []string{
		`DELETE FROM inbox WHERE workspace_id = $1`,
		`DELETE FROM webhook_attempts WHERE delivery IN (SELECT seq FROM webhook_deliveries WHERE workspace_id = $1)`,
		`DELETE FROM webhook_deliveries WHERE workspace_id = $1`,
		`DELETE FROM erasures WHERE workspace_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, workspace); err != nil {
			return fmt.Errorf("remove what is left of workspace %s: %w", workspace, err)
		}
	}
	return nil
}
