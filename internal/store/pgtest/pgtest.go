// Package pgtest gives a test a PostgreSQL database of its own. Only tests
// import it.
package pgtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the variable with the address of the server for tests, whose user
// may make databases. scripts/with-postgres.sh sets it.
const Env = "RINGSIDE_TEST_POSTGRES"

// timeout bounds making and dropping a database.
const timeout = 30 * time.Second

// URL makes a fresh, empty database and gives its address. It goes when the
// test ends, with whoever is still connected to it. Without a server the test
// is skipped, and fails under CI=true.
func URL(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Env)
	if server == "" {
		without(t)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("read %s: %v", Env, err)
	}
	name := "ringside_" + strings.ToLower(rand.Text())
	exec(t, server, "CREATE DATABASE "+name+" TEMPLATE template0")
	t.Cleanup(func() { exec(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

func without(t testing.TB) {
	t.Helper()
	const how = Env + " is not set: run the test by scripts/with-postgres.sh go test …, or all of them by make test"
	if os.Getenv("CI") == "true" {
		t.Fatal(how)
	}
	t.Skip(how)
}

// exec runs one statement on a connection of its own: a cleanup comes after
// the test's context has ended.
func exec(t testing.TB, server, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("connect to %s: %v", Env, err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
