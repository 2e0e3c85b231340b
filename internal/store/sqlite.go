package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// sqliteFile is the database's name in the data directory.
const sqliteFile = "ringside.db"

// openSQLite opens the writer and the readers. synchronous=FULL is what makes
// an acknowledged delivery survive a power cut in WAL mode; secure_delete
// overwrites what is deleted, so that erased words are in no free page.
func openSQLite(ctx context.Context, dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	path := filepath.Join(dir, sqliteFile)
	writer, err := sql.Open("sqlite", dsn(path, "immediate", "journal_mode(wal)", "synchronous(full)", "secure_delete(on)", "cache_size(-65536)", fmt.Sprintf("wal_autocheckpoint(%d)", logLimit)))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	writer.SetMaxOpenConns(1)
	writer.SetMaxIdleConns(1)
	if err := writer.PingContext(ctx); err != nil {
		_ = writer.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	reader, err := sql.Open("sqlite", dsn(path, "deferred", "query_only(true)", "cache_size(-16384)"))
	if err != nil {
		_ = writer.Close()
		return nil, fmt.Errorf("open %s for reading: %w", path, err)
	}
	reader.SetMaxOpenConns(readers())
	reader.SetMaxIdleConns(readers())
	log, err := newCheckpointer(path)
	if err != nil {
		_ = writer.Close()
		_ = reader.Close()
		return nil, fmt.Errorf("open %s for syncing: %w", path, err)
	}
	s := &Store{
		Engine: SQLite, log: log,
		writer: writer, writeStmts: &statements{db: writer, cache: map[string]*sql.Stmt{}},
		reader: reader, readerStmts: &statements{db: reader, cache: map[string]*sql.Stmt{}},
	}
	log.follow(s)
	return s, nil
}

// busyTimeout is how long a connection waits for another process.
const busyTimeout = "busy_timeout(10000)"

func dsn(path, lock string, pragmas ...string) string {
	q := url.Values{"_txlock": {lock}, "_pragma": append(pragmas, busyTimeout, "mmap_size(268435456)", "temp_store(memory)")}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// CheckIntegrity looks for damage; "ok" when there is none.
func (s *Store) CheckIntegrity(ctx context.Context) (found string, err error) {
	if s.Engine == Postgres {
		return "ok", s.pool.Ping(ctx)
	}
	if err := s.reader.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found); err != nil {
		return "", fmt.Errorf("check database: %w", err)
	}
	return found, nil
}
