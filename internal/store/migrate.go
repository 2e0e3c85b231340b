package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed migrations
var migrations embed.FS

// Migration is one step of the schema.
type Migration struct {
	Version int
	Name    string
	SQL     string
}

// migrationLock is the advisory lock that keeps two starting processes apart
// on PostgreSQL; on SQLite the writer's transaction does.
const migrationLock = 0x72696e67 // "ring"

// Migrations lists every step of an engine's schema, in order. Numbers rise;
// one may be missing.
func Migrations(e Engine) ([]Migration, error) {
	dir := "migrations/" + string(e)
	files, err := fs.ReadDir(migrations, dir)
	if err != nil {
		return nil, err
	}
	out := make([]Migration, len(files))
	for i, f := range files {
		b, err := fs.ReadFile(migrations, dir+"/"+f.Name())
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(f.Name(), "_")
		v, err := strconv.Atoi(number)
		if err != nil || v < 1 || i > 0 && v <= out[i-1].Version {
			return nil, fmt.Errorf("the number of migration %s is not above the one before it", f.Name())
		}
		out[i] = Migration{v, strings.TrimSuffix(f.Name(), ".sql"), string(b)}
	}
	return out, nil
}

// Pending lists the steps that the database has not had.
func (s *Store) Pending(ctx context.Context) ([]Migration, error) {
	var pending []Migration
	err := s.Write(ctx, func(ctx context.Context, tx Tx) (err error) {
		pending, err = s.pending(ctx, tx)
		return err
	})
	return pending, err
}

func (s *Store) pending(ctx context.Context, tx Tx) ([]Migration, error) {
	all, err := Migrations(s.Engine)
	if err != nil {
		return nil, err
	}
	if s.Engine == Postgres {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, migrationLock); err != nil {
			return nil, fmt.Errorf("lock the schema: %w", err)
		}
	}
	if _, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_ms BIGINT NOT NULL)`); err != nil {
		return nil, fmt.Errorf("make the migrations table: %w", err)
	}
	done, newest := map[int]bool{}, 0
	rows, err := tx.Query(ctx, `SELECT version FROM migrations`)
	err = each(rows, err, func(r Rows) error {
		var v int
		err := r.Scan(&v)
		done[v], newest = true, max(newest, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	if known := all[len(all)-1].Version; newest > known {
		return nil, fmt.Errorf("the database has schema %d and this program knows %d: run the newer program, or restore a backup", newest, known)
	}
	return slices.DeleteFunc(all, func(m Migration) bool { return done[m.Version] }), nil
}

// Migrate brings the schema up to date, all steps in one transaction, and
// says which it ran.
func (s *Store) Migrate(ctx context.Context) ([]Migration, error) {
	var ran []Migration
	err := s.Write(ctx, func(ctx context.Context, tx Tx) error {
		pending, err := s.pending(ctx, tx)
		if err != nil {
			return err
		}
		for _, m := range pending {
			if err := runScript(ctx, tx, m.SQL); err != nil {
				return fmt.Errorf("migrate to %s: %w", m.Name, err)
			}
			if _, err := tx.Exec(ctx, `INSERT INTO migrations (version, name, applied_ms) VALUES ($1, $2, $3)`,
				m.Version, m.Name, time.Now().UnixMilli()); err != nil {
				return fmt.Errorf("note migration %s: %w", m.Name, err)
			}
		}
		ran = pending
		return nil
	})
	return ran, err
}

// runScript runs several statements; they take no arguments.
func runScript(ctx context.Context, tx Tx, script string) error {
	if t, ok := tx.(*sqliteTx); ok {
		_, err := t.ExecContext(ctx, script)
		return err
	}
	_, err := PgxTx(tx).Conn().PgConn().Exec(ctx, script).ReadAll()
	return err
}
