package store

import (
	"context"
	"fmt"
)

// mergePages is how much of the index one step rewrites: few enough pages that
// the ledger waits for less than 50 ms.
const mergePages = 64

// Scrub leaves nothing of what was deleted in SQLite's files. Pages and cells
// are overwritten as they are freed; what is left are the words of the index,
// which are dropped when it is rewritten, and the log, which is cut off. It
// tells whether it is done: while somebody reads what was, the log stays. On
// PostgreSQL it has nothing to do: the rows are the server's to vacuum.
func (s *Store) Scrub(ctx context.Context) (done bool, err error) {
	if s.Engine == Postgres {
		return true, nil
	}
	// A negative number of pages begins to make one segment of all.
	for pages := -mergePages; ; pages = mergePages {
		var before, after int64
		err := s.Write(ctx, func(ctx context.Context, tx Tx) error {
			const changes = `SELECT total_changes()`
			if err := tx.QueryRow(ctx, changes).Scan(&before); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO search (search, rank) VALUES ('merge', $1)`, pages); err != nil {
				return err
			}
			return tx.QueryRow(ctx, changes).Scan(&after)
		})
		if err != nil {
			return false, fmt.Errorf("rewrite the search index: %w", err)
		}
		if after-before < 2 { // the statement itself counts for one
			break
		}
	}
	if _, _, err := s.moveLog(ctx); err != nil {
		return false, err
	}
	return s.endLog(ctx, "TRUNCATE")
}
