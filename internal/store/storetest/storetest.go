// Package storetest gives tests a real, empty store on each engine.
package storetest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/pgtest"
)

// Each runs a test on SQLite and on PostgreSQL, each with a store of its own.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite opens an empty SQLite store in a folder of the test's: a copy of one
// that was migrated, since under the race detector that takes half a second.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	dir := t.TempDir()
	files, err := migrated()
	if err == nil {
		for name, body := range files {
			err = errors.Join(err, os.WriteFile(dir+"/"+name, body, 0o600))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return open(t, store.Options{Dir: dir})
}

// migrated gives the files of an empty SQLite store.
var migrated = sync.OnceValues(func() (files map[string][]byte, err error) {
	dir, err := os.MkdirTemp("", "storetest")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	s.Close()
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files = map[string][]byte{}
	for _, f := range list {
		if files[f.Name()], err = os.ReadFile(dir + "/" + f.Name()); err != nil {
			return nil, err
		}
	}
	return files, nil
})

// Postgres opens an empty database on the test server.
func Postgres(t testing.TB) *store.Store { return open(t, store.Options{URL: pgtest.URL(t)}) }

func open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}
