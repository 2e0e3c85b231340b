// Package store keeps everything durable: one SQL text for two engines,
// SQLite in the data directory and PostgreSQL by URL. Each noun has a file;
// each function owns its SQL; whoever calls Write or Read owns the
// transaction.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ringsidehq/ringside"
)

// Engine is which database the store runs on.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	Engine Engine

	// On SQLite: one connection that writes, and several that read.
	writer, reader          *sql.DB
	writeStmts, readerStmts *statements
	log                     *checkpointer
	pool                    *pgxpool.Pool // on PostgreSQL
}

// Options say which database to open.
type Options struct {
	URL string // postgres://…; empty for SQLite
	Dir string // the data directory, for SQLite
}

// Open opens the database and brings its schema up to date.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := Connect(ctx, o)
	if err != nil {
		return nil, err
	}
	if _, err = s.Migrate(ctx); err == nil {
		err = s.recount(ctx)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Connect opens the database and leaves its schema alone.
func Connect(ctx context.Context, o Options) (*Store, error) {
	if o.URL != "" {
		return openPostgres(ctx, o.URL)
	}
	return openSQLite(ctx, o.Dir)
}

// Close closes the database. It waits for running transactions.
func (s *Store) Close() {
	if s.pool != nil {
		s.pool.Close()
		return
	}
	s.log.close()
	_ = s.reader.Close()
	_ = s.writer.Close()
	_ = s.log.database.Close()
}

type writingKey struct{}

// InWrite tells whether ctx is that of a function run by Write: whoever would
// wait for the writer again must not.
func InWrite(ctx context.Context) bool { return ctx.Value(writingKey{}) != nil }

// Write runs fn in a transaction and commits it unless fn fails. On SQLite one
// Write runs at a time. A cancelled ctx rolls back.
func (s *Store) Write(ctx context.Context, fn func(context.Context, Tx) error) error {
	inner := context.WithValue(ctx, writingKey{}, true)
	if s.pool != nil {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return fn(inner, pgTx{tx}) })
	}
	s.log.pace()
	ran, err := s.sqliteTx(ctx, s.writer, s.writeStmts, func(tx Tx) error { return fn(inner, tx) })
	s.log.note(ran)
	return err
}

// Read runs fn on one snapshot of the database.
func (s *Store) Read(ctx context.Context, fn func(context.Context, Tx) error) error {
	if s.pool != nil {
		o := pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead}
		return pgx.BeginTxFunc(ctx, s.pool, o, func(tx pgx.Tx) error { return fn(ctx, pgTx{tx}) })
	}
	_, err := s.sqliteTx(ctx, s.reader, s.readerStmts, func(tx Tx) error { return fn(ctx, tx) })
	return err
}

// sqliteTx says how many statements it committed.
func (s *Store) sqliteTx(ctx context.Context, db *sql.DB, stmts *statements, fn func(Tx) error) (ran int64, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("begin transaction: %w", err)
	}
	t := &sqliteTx{Tx: tx, stmts: stmts}
	done := false
	defer func() {
		if !done { // fn failed or panicked
			_ = tx.Rollback()
		}
		if len(t.fresh) > 0 {
			stmts.learn(context.WithoutCancel(ctx), t.fresh)
		}
	}()
	if err := fn(t); err != nil {
		return 0, err
	}
	done = true
	if err := tx.Commit(); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	return t.ran, nil
}

// Ping says whether the database answers and can be written.
func (s *Store) Ping(ctx context.Context) error {
	return s.Write(ctx, func(ctx context.Context, tx Tx) error {
		return SetSetting(ctx, tx, "ping", "pong")
	})
}

// DB is the writer's database, for a queue that shares it; nil on PostgreSQL.
func (s *Store) DB() *sql.DB { return s.writer }

// Pool is the connection pool, for a queue that shares it; nil on SQLite.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// SQLTx is the transaction as database/sql has it; nil on PostgreSQL.
func SQLTx(tx Tx) *sql.Tx {
	if t, ok := tx.(*sqliteTx); ok {
		return t.Tx
	}
	return nil
}

// PgxTx is the transaction as pgx has it; nil on SQLite.
func PgxTx(tx Tx) pgx.Tx {
	if t, ok := tx.(pgTx); ok {
		return t.Tx
	}
	return nil
}

// orNotFound turns a missing row into a ringside.NotFound error.
func orNotFound(err error, what string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ringside.Errorf(ringside.NotFound, what, args...)
	}
	return err
}

// each scans every row of a query.
func each(rows Rows, err error, scan func(Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// readers is how many SQLite connections read at once.
func readers() int { return max(4, 2*runtime.GOMAXPROCS(0)) }
