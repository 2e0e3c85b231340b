package storetest

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/ringsidehq/ringside/internal/store"
)

// Holds gives the values that are in any row of any table, packed or not, and of
// SQLite in any byte of its files, with where: a row before a file.
func Holds(t testing.TB, s *store.Store, values ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	look := func(where string, b []byte) {
		for _, v := range values {
			if found[v] == "" && bytes.Contains(b, []byte(v)) {
				found[v] = where
			}
		}
	}
	ctx, list := t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table'`
	if s.Engine == store.Postgres {
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	err := s.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		tables, err := texts(ctx, tx, list)
		if err != nil {
			return err
		}
		for _, table := range tables {
			columns := `SELECT name FROM pragma_table_info('` + table + `')`
			if s.Engine == store.Postgres {
				columns = `SELECT column_name FROM information_schema.columns WHERE data_type IN ('text', 'bytea', 'jsonb') AND table_schema = current_schema() AND table_name = '` + table + `'`
			}
			names, err := texts(ctx, tx, columns)
			if err != nil {
				return err
			}
			for _, column := range names {
				if err := cells(ctx, tx, table, column, s.Engine, look); err != nil {
					return err
				}
			}
		}
		if s.Engine == store.SQLite {
			return files(ctx, tx, look)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func texts(ctx context.Context, tx store.Tx, query string) (out []string, err error) {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}

// cells shows every value of a column, and what it is unpacked.
func cells(ctx context.Context, tx store.Tx, table, column string, e store.Engine, look func(string, []byte)) error {
	cast := `"` + column + `"`
	if e == store.SQLite {
		cast = `CAST(` + cast + ` AS BLOB)`
	}
	rows, err := tx.Query(ctx, `SELECT `+cast+` FROM "`+table+`"`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return err
		}
		look(table+"."+column, b)
		if plain, err := store.Unpack(b); err == nil {
			look(table+"."+column+", unpacked", plain)
		}
	}
	return rows.Err()
}

func files(ctx context.Context, tx store.Tx, look func(string, []byte)) error {
	paths, err := texts(ctx, tx, `SELECT file FROM pragma_database_list WHERE file <> ''`)
	if err != nil {
		return err
	}
	for _, path := range paths {
		for _, end := range []string{"", "-wal"} {
			b, err := os.ReadFile(path + end)
			if err != nil && !os.IsNotExist(err) {
				return err
			}
			look("the file "+end, b)
		}
	}
	return nil
}
