package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ringsidehq/ringside"
)

// Position is how far a follower of the outbox has got.
type Position struct {
	Tx, Seq int64
}

// OutboxRow is one change of a call.
type OutboxRow struct {
	Position
	Workspace string
	Call      ringside.CallID
	Was       int64
}

// FollowerPosition gives how far a follower has got; it starts at the
// beginning.
func FollowerPosition(ctx context.Context, tx Tx, name string) (p Position, err error) {
	err = tx.QueryRow(ctx, `SELECT tx, seq FROM followers WHERE name = $1`, name).Scan(&p.Tx, &p.Seq)
	if errors.Is(err, sql.ErrNoRows) {
		return Position{}, nil
	}
	return p, err
}

// AdvanceFollower keeps how far a follower gets by what the transaction does, and
// tells whether it did: not when the follower is not where the caller thinks. So of
// several processes that follow by one name, each batch is one's.
func AdvanceFollower(ctx context.Context, tx Tx, name string, from, to Position) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO followers (name, tx, seq) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET tx = EXCLUDED.tx, seq = EXCLUDED.seq WHERE followers.tx = $4 AND followers.seq = $5`, name, to.Tx, to.Seq, from.Tx, from.Seq)
	return n > 0, err
}

// settled is the condition for rows that no running transaction can still
// come before. On SQLite commits come one after the other.
func (s *Store) settled() string {
	if s.Engine == Postgres {
		return ` AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`
	}
	return ``
}

// behind is the condition for rows after the position $1, $2. On SQLite tx is
// always 0, and its own order is the table's: comparing pairs would read every
// row.
func behind(tx Tx) string {
	if PgxTx(tx) != nil {
		return `(tx, seq) > ($1, $2)`
	}
	return `tx = $1 AND seq > $2`
}

// passed is the condition for rows that no follower is behind; like behind.
func passed(tx Tx) string {
	if PgxTx(tx) != nil {
		return `(tx, seq) <= (SELECT tx, seq FROM followers ORDER BY tx, seq LIMIT 1)`
	}
	return `tx = 0 AND seq <= (SELECT MIN(seq) FROM followers)`
}

// recount puts the changes, and how far the followers are, in the order of a
// server that counts its transactions from less, as one does into which a copy of
// the database was loaded. Else all that comes would lie behind the followers: they
// would see none of it.
func (s *Store) recount(ctx context.Context) error {
	if s.Engine != Postgres {
		return nil
	}
	return s.Write(ctx, func(ctx context.Context, tx Tx) error {
		const ahead = `tx >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`
		for _, q := range []string{
			`UPDATE outbox SET tx = 0 WHERE ` + ahead,
			`UPDATE followers SET tx = 0, seq = 0 WHERE ` + ahead, // what is there is seen once more
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return fmt.Errorf("put the outbox in this server's order: %w", err)
			}
		}
		return nil
	})
}

// OutboxAfter lists the changes after a position, oldest first.
func (s *Store) OutboxAfter(ctx context.Context, tx Tx, p Position, limit int) ([]OutboxRow, error) {
	var out []OutboxRow
	rows, err := tx.Query(ctx, `SELECT tx, seq, workspace_id, call_id, was FROM outbox
WHERE `+behind(tx)+s.settled()+` ORDER BY tx, seq LIMIT $3`, p.Tx, p.Seq, limit)
	err = each(rows, err, func(r Rows) error {
		var o OutboxRow
		var raw []byte
		err := r.Scan(&o.Tx, &o.Seq, &o.Workspace, &raw, &o.Was)
		if err == nil {
			o.Call = ringside.CallID(raw)
		}
		out = append(out, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return out, nil
}

// OutboxLag counts the changes that a follower has not seen.
func OutboxLag(ctx context.Context, tx Tx, name string) (n int64, err error) {
	p, err := FollowerPosition(ctx, tx, name)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM outbox WHERE `+behind(tx), p.Tx, p.Seq).Scan(&n)
	return n, err
}

// TrimOutbox removes, in one chunk, the oldest rows that every follower has
// passed, and gives how many.
func TrimOutbox(ctx context.Context, tx Tx, chunk int) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE `+passed(tx)+` ORDER BY tx, seq LIMIT $1)`, chunk)
}

// TrimInbox removes, in one chunk, deliveries that came before a time, and
// gives how many. The calls that they made stay.
func TrimInbox(ctx context.Context, tx Tx, beforeUS int64, chunk int) (int64, error) {
	return tx.Exec(ctx, `
DELETE FROM inbox WHERE seq IN (
  SELECT seq FROM (SELECT seq, received_us FROM inbox ORDER BY seq LIMIT $2) AS oldest WHERE received_us < $1)`, beforeUS, chunk)
}

// CallAt loads a call with its place; nil when it is gone.
func CallAt(ctx context.Context, tx Tx, workspace string, id ringside.CallID) (*ringside.Call, int64, error) {
	ord, err := OrdOf(ctx, tx, id)
	if err != nil || ord == 0 {
		return nil, 0, err
	}
	c, err := Call(ctx, tx, workspace, id)
	return c, ord, err
}

// OrdOf gives the place of a call; 0 when it is gone.
func OrdOf(ctx context.Context, tx Tx, id ringside.CallID) (ord int64, err error) {
	err = tx.QueryRow(ctx, `SELECT ord FROM calls WHERE id = $1`, id[:]).Scan(&ord)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return ord, err
}
