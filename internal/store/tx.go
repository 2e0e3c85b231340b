package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Tx is a transaction on either engine. Placeholders are $1…$n.
type Tx interface {
	Exec(ctx context.Context, query string, args ...any) (affected int64, err error)
	Query(ctx context.Context, query string, args ...any) (Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) Row
}

// Rows are the rows of a query. Close after use; Err says why Next ended.
type Rows interface {
	Next() bool
	Scan(dst ...any) error
	Err() error
	Close()
}

// Row is one row; Scan says sql.ErrNoRows when there is none.
type Row interface {
	Scan(dst ...any) error
}

// sqliteTx runs each statement from the cache when it has been prepared, else
// as text, and notes the text to be prepared once the connection is free.
type sqliteTx struct {
	*sql.Tx
	stmts *statements
	bound map[string]*sql.Stmt // of stmts, those that the transaction has run
	fresh []string
	ran   int64 // statements that may have written
}

func (t *sqliteTx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.exec(ctx, query, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *sqliteTx) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	t.ran++
	if s := t.prepared(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return t.ExecContext(ctx, query, args...)
}

func (t *sqliteTx) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	var rows *sql.Rows
	var err error
	if s := t.prepared(ctx, query); s != nil {
		rows, err = s.QueryContext(ctx, args...)
	} else {
		rows, err = t.QueryContext(ctx, query, args...)
	}
	if err != nil {
		return nil, err
	}
	return sqliteRows{rows}, nil
}

func (t *sqliteTx) QueryRow(ctx context.Context, query string, args ...any) Row {
	if s := t.prepared(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return t.QueryRowContext(ctx, query, args...)
}

func (t *sqliteTx) prepared(ctx context.Context, query string) *sql.Stmt {
	if s := t.bound[query]; s != nil {
		return s
	}
	s := t.stmts.get(query)
	if s == nil {
		t.fresh = append(t.fresh, query)
		return nil
	}
	if t.bound == nil {
		t.bound = map[string]*sql.Stmt{}
	}
	s = t.StmtContext(ctx, s)
	t.bound[query] = s
	return s
}

type sqliteRows struct{ *sql.Rows }

func (r sqliteRows) Close() { _ = r.Rows.Close() }

// statements keeps what has been prepared on one database. A list query is
// built from its filters, so there is no end of them: past the bound, what is
// new runs as text.
type statements struct {
	db *sql.DB

	mu    sync.RWMutex
	cache map[string]*sql.Stmt // guarded by mu
}

const maxStatements = 300

func (s *statements) get(query string) *sql.Stmt {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.cache[query]
}

// learn prepares what a finished transaction ran as text. It must not be
// called while the caller holds a connection: with one writer that would wait
// for itself. A statement that can't be prepared goes on running as text.
func (s *statements) learn(ctx context.Context, queries []string) {
	for _, q := range queries {
		s.mu.RLock()
		skip := s.cache[q] != nil || len(s.cache) >= maxStatements
		s.mu.RUnlock()
		if skip {
			continue
		}
		st, err := s.db.PrepareContext(ctx, q)
		if err != nil {
			continue
		}
		s.mu.Lock()
		if s.cache[q] != nil {
			_ = st.Close() // another transaction learnt it meanwhile
		} else {
			s.cache[q] = st
		}
		s.mu.Unlock()
	}
}

// pgTx is a pgx transaction.
type pgTx struct{ pgx.Tx }

func (t pgTx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := t.Tx.Exec(ctx, query, args...)
	return tag.RowsAffected(), err
}

func (t pgTx) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	rows, err := t.Tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return rows, nil
}

func (t pgTx) QueryRow(ctx context.Context, query string, args ...any) Row {
	return t.Tx.QueryRow(ctx, query, args...)
}

// Contended tells whether a transaction was ended because of what others did
// meanwhile, so that the same once more may go well.
func Contended(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40P01" || e.Code == "40001")
}

// isConflict tells whether a unique constraint refused a row.
func isConflict(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		c := e.Code()
		return c == sqlite3.SQLITE_CONSTRAINT_UNIQUE || c == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || c == sqlite3.SQLITE_CONSTRAINT_ROWID
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505"
}
