package pgtest_test

import (
	"runtime"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ringsidehq/ringside/internal/store/pgtest"
)

func TestURLGivesADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("while the test runs", func(t *testing.T) {
		a, b := pgtest.URL(t), pgtest.URL(t)
		gone = a
		ca, cb := connect(t, a), connect(t, b)
		if _, err := ca.Exec(t.Context(), "CREATE TABLE here (x int)"); err != nil {
			t.Fatal(err)
		}
		var there bool
		if err := cb.QueryRow(t.Context(), "SELECT to_regclass('here') IS NOT NULL").Scan(&there); err != nil {
			t.Fatal(err)
		}
		if there {
			t.Error("a table of one database is seen in the other")
		}
	})
	if gone == "" {
		return // URL has skipped the test above, or failed it
	}
	if conn, err := pgx.Connect(t.Context(), gone); err == nil {
		conn.Close(t.Context())
		t.Error("the database is still there after its test")
	}
}

func TestURLWithoutAServer(t *testing.T) {
	t.Setenv(pgtest.Env, "")
	for _, tc := range []struct{ ci, want string }{{"", "skipped"}, {"true", "failed"}} {
		t.Setenv("CI", tc.ci)
		r := &recorder{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			pgtest.URL(r)
		}()
		<-done
		if r.did != tc.want {
			t.Errorf("CI=%q: the test was %s, want %s", tc.ci, r.did, tc.want)
		}
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	// Left open on purpose: dropping the database has to cope with that.
	return conn
}

// recorder is a test that only notes how it was ended.
type recorder struct {
	testing.TB
	did string
}

func (r *recorder) Fatal(...any) { r.end("failed") }
func (r *recorder) Skip(...any)  { r.end("skipped") }

func (r *recorder) end(how string) {
	r.did = how
	runtime.Goexit()
}
