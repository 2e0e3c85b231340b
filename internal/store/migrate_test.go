package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Both engines have the same steps, by number and name.
func TestBothEnginesHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	names := func(e store.Engine) string {
		all, err := store.Migrations(e)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, m := range all {
			out = append(out, m.Name)
		}
		return strings.Join(out, " ")
	}
	if lite, pg := names(store.SQLite), names(store.Postgres); lite != pg || lite == "" {
		t.Errorf("SQLite has %s, PostgreSQL has %s", lite, pg)
	}
}

// What has not been run is run, whatever came after it; a schema from a newer
// program is left alone.
func TestMigrate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		exec := func(query string, args ...any) {
			t.Helper()
			err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Exec(ctx, query, args...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		all, err := store.Migrations(s.Engine)
		if err != nil {
			t.Fatal(err)
		}
		if ran, err := s.Migrate(t.Context()); err != nil || len(ran) != 0 {
			t.Errorf("a second time %d steps are run, %v", len(ran), err)
		}
		exec(`DELETE FROM migrations WHERE version = 1`)
		if pending, err := s.Pending(t.Context()); err != nil || len(pending) != 1 || pending[0].Version != 1 {
			t.Errorf("pending %+v, %v, want the one step that is not noted", pending, err)
		}
		newest := all[len(all)-1].Version
		exec(`INSERT INTO migrations (version, name, applied_ms) VALUES ($1, 'future', 0)`, newest+1)
		if _, err := s.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "run the newer program") {
			t.Errorf("a schema from the future: %v", err)
		}
	})
}
