package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ImportState is how far an import is.
type ImportState string

// The states. Waiting is running between two tries.
const (
	ImportRunning ImportState = "running"
	ImportWaiting ImportState = "waiting"
	ImportDone    ImportState = "done"
	ImportFailed  ImportState = "failed"
	ImportStopped ImportState = "stopped"
)

// Import is how far the import of a source's past calls is.
type Import struct {
	Source    string      `json:"-"`
	Workspace string      `json:"-"`
	Run       string      `json:"-"` // which import
	Cursor    string      `json:"-"` // where the vendor's list goes on
	Tries     int         `json:"-"` // in vain, since anything came
	State     ImportState `json:"state" enum:"running,waiting,done,failed,stopped"`
	Words     string      `json:"reason,omitempty" doc:"Why it waits or failed"`
	From      time.Time   `json:"from" doc:"Calls that began from here on are read, the newest first"`
	To        time.Time   `json:"to"`
	Oldest    *time.Time  `json:"oldest" doc:"When the oldest call began that was reached; null before the first"`
	Found     int         `json:"found" doc:"Calls that the vendor listed"`
	Brought   int         `json:"imported" doc:"Of those, calls that Ringside did not have whole"`
	Known     int         `json:"known" doc:"Calls that were here already"`
	Passed    int         `json:"skipped" doc:"Calls that are not over, or that the vendor does not show any more"`
	Next      *time.Time  `json:"next_at,omitempty" doc:"While waiting: when it goes on"`
	StartedAt time.Time   `json:"started_at"`
	UpdatedAt time.Time   `json:"updated_at"`
}

// Going tells whether there is more to do.
func (i *Import) Going() bool { return i.State == ImportRunning || i.State == ImportWaiting }

const importColumns = `source_id, workspace_id, run, state, words, from_ms, to_ms, cursor, oldest_ms, found, brought, known, passed, tries, next_ms, started_ms, updated_ms`

func scanImport(r Row) (*Import, error) {
	var i Import
	var from, to, oldest, next, started, updated int64
	err := r.Scan(&i.Source, &i.Workspace, &i.Run, &i.State, &i.Words, &from, &to, &i.Cursor, &oldest, &i.Found, &i.Brought, &i.Known, &i.Passed,
		&i.Tries, &next, &started, &updated)
	i.From, i.To = time.UnixMilli(from).UTC(), time.UnixMilli(to).UTC()
	i.StartedAt, i.UpdatedAt = time.UnixMilli(started).UTC(), time.UnixMilli(updated).UTC()
	i.Oldest, i.Next = orNoTime(oldest), orNoTime(next)
	return &i, err
}

func orNoTime(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	return new(time.UnixMilli(ms).UTC())
}

func millisOr0(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

// ImportOf gives the last import of a source; nil when there was none.
func ImportOf(ctx context.Context, tx Tx, workspace, source string) (*Import, error) {
	i, err := scanImport(tx.QueryRow(ctx, `SELECT `+importColumns+` FROM imports WHERE source_id = $1 AND workspace_id = $2`, source, workspace))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // there was none
	}
	if err != nil {
		return nil, fmt.Errorf("load the import of source %s: %w", source, err)
	}
	return i, nil
}

// GoingImports lists the imports of all workspaces that are not over.
func GoingImports(ctx context.Context, tx Tx) ([]*Import, error) {
	var out []*Import
	rows, err := tx.Query(ctx, `SELECT `+importColumns+` FROM imports WHERE state IN ('running', 'waiting') ORDER BY source_id`)
	err = each(rows, err, func(r Rows) error {
		i, err := scanImport(r)
		out = append(out, i)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list imports that are going: %w", err)
	}
	return out, nil
}

// PutImport begins an import in place of the last.
func PutImport(ctx context.Context, tx Tx, i *Import) error {
	_, err := tx.Exec(ctx, `
INSERT INTO imports (`+importColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (source_id) DO UPDATE SET run = EXCLUDED.run, state = EXCLUDED.state, words = EXCLUDED.words, from_ms = EXCLUDED.from_ms,
 to_ms = EXCLUDED.to_ms, cursor = EXCLUDED.cursor, oldest_ms = EXCLUDED.oldest_ms, found = EXCLUDED.found, brought = EXCLUDED.brought,
 known = EXCLUDED.known, passed = EXCLUDED.passed, tries = EXCLUDED.tries, next_ms = EXCLUDED.next_ms, started_ms = EXCLUDED.started_ms,
 updated_ms = EXCLUDED.updated_ms`,
		i.Source, i.Workspace, i.Run, string(i.State), i.Words, i.From.UnixMilli(), i.To.UnixMilli(), i.Cursor, millisOr0(i.Oldest), i.Found,
		i.Brought, i.Known, i.Passed, i.Tries, millisOr0(i.Next), i.StartedAt.UnixMilli(), i.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("put the import of source %s: %w", i.Source, err)
	}
	return nil
}

// StepImport writes how far an import has got since it stood at a cursor; false
// when it is not the one that is going any more, or somebody else has gone on
// from there.
func StepImport(ctx context.Context, tx Tx, i *Import, at string) (bool, error) {
	n, err := tx.Exec(ctx, `
UPDATE imports SET state = $4, words = $5, cursor = $6, oldest_ms = $7, found = $8, brought = $9, known = $10, passed = $11, tries = $12,
 next_ms = $13, updated_ms = $14
WHERE source_id = $1 AND run = $2 AND cursor = $3 AND state IN ('running', 'waiting')`,
		i.Source, i.Run, at, string(i.State), i.Words, i.Cursor, millisOr0(i.Oldest), i.Found, i.Brought, i.Known, i.Passed, i.Tries,
		millisOr0(i.Next), i.UpdatedAt.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("step the import of source %s: %w", i.Source, err)
	}
	return n > 0, nil
}

// StopImport ends an import where it is.
func StopImport(ctx context.Context, tx Tx, workspace, source string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE imports SET state = 'stopped', words = '', next_ms = 0, updated_ms = $3
WHERE workspace_id = $1 AND source_id = $2 AND state IN ('running', 'waiting')`, workspace, source, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("stop the import of source %s: %w", source, err)
	}
	return nil
}
