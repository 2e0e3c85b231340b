// Package storetest gives tests a real, empty store on each engine.
package storetest

import (
	"testing"

	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/pgtest"
)

// Each runs a test on SQLite and on PostgreSQL, each with a store of its own.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite opens an empty SQLite store in a folder of the test's.
func SQLite(t testing.TB) *store.Store { return open(t, store.Options{Dir: t.TempDir()}) }

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
