package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/app"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/obs"
	"github.com/ringsidehq/ringside/internal/store"
)

type keysCmd struct {
	Create keysCreateCmd `cmd:"" help:"Make an API key and print it, alone, on standard output."`
}

type keysCreateCmd struct {
	config.Common
	Name      string        `help:"What the key is for." required:""`
	Scope     string        `help:"What it may do: ingest, read or admin." enum:"ingest,read,admin" required:""`
	Workspace string        `help:"Name or id of the workspace." default:"Default"`
	Expires   time.Duration `help:"How long it is good for; 0 for ever." default:"0"`
}

// Run implements the subcommand.
func (c *keysCreateCmd) Run(ctx context.Context) error {
	key, err := app.CreateKey(ctx, c.Common, c.Workspace, c.Name, auth.Scope(c.Scope), c.Expires)
	if err != nil {
		return err
	}
	fmt.Println(key)
	return nil
}

type migrateCmd struct {
	config.Common
	DryRun bool `help:"Print what would be run."`
}

// Run implements the subcommand.
func (c *migrateCmd) Run(ctx context.Context) error {
	s, err := store.Connect(ctx, store.Options{URL: c.DatabaseURL, Dir: c.Data})
	if err != nil {
		return err
	}
	defer s.Close()
	steps, err := s.Pending(ctx)
	if err == nil && !c.DryRun {
		steps, err = s.Migrate(ctx)
	}
	if err != nil {
		return err
	}
	for _, m := range steps {
		if c.DryRun {
			fmt.Printf("-- %s\n%s\n", m.Name, m.SQL)
		} else {
			fmt.Println("ran", m.Name)
		}
	}
	if len(steps) == 0 {
		fmt.Println("-- the schema is up to date")
	}
	return nil
}

type replayCmd struct {
	config.Common
	Quarantined bool   `help:"Only what could not be decoded before."`
	Since       string `help:"Only what was received since: a time, or a duration such as 24h."`
	Workspace   string `help:"Name or id of the workspace; all of them without."`
}

// Run implements the subcommand.
func (c *replayCmd) Run(ctx context.Context) error {
	q := store.ReplayQuery{}
	if c.Quarantined {
		q.State = store.Quarantined
	}
	var err error
	if q.Since, err = since(c.Since, time.Now()); err != nil {
		return err
	}
	if !c.Quarantined && q.Since.IsZero() {
		return fmt.Errorf("say what to replay: --quarantined, --since 24h, or both")
	}
	sum, err := app.Replay(ctx, c.Common, c.Workspace, q, func(n int) {
		if n%100 == 0 {
			fmt.Fprintf(os.Stderr, "\r%d deliveries", n)
		}
	}, obs.NewLog(os.Stderr, c.LogFormat, "warn"))
	fmt.Fprint(os.Stderr, "\r")
	fmt.Printf("%d deliveries: %d folded, %d tell of no call, %d still can't be decoded\n", sum.Seen, sum.Folded, sum.Ignored, sum.Failed)
	return err
}

func since(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(s); err == nil {
		return now.Add(-d), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%q is neither a time (2026-11-20T09:00:00Z) nor a duration (24h)", s)
	}
	return t, nil
}

type demoCmd struct {
	Reset demoResetCmd `cmd:"" help:"Remove the sample calls; serve --demo loads them again."`
}

type demoResetCmd struct {
	config.Common
}

// Run implements the subcommand.
func (c *demoResetCmd) Run(ctx context.Context) error {
	n, err := app.ResetDemo(ctx, c.Common)
	if err != nil {
		return err
	}
	fmt.Printf("removed %d sample calls; ringside serve --demo loads them again\n", n)
	return nil
}

type doctorCmd struct {
	config.Common
}

// Run implements the subcommand: one line for each check.
func (c *doctorCmd) Run(ctx context.Context) error {
	failed := 0
	for _, check := range app.Doctor(ctx, c.Common) {
		mark := "ok  "
		if check.Problem != "" {
			mark = "FAIL"
			failed++
		}
		fmt.Printf("%s  %-12s %s\n", mark, check.Name, strings.TrimSpace(check.Found+" "+check.Problem))
	}
	if failed > 0 {
		return fmt.Errorf("%d of the checks failed", failed)
	}
	return nil
}

type openapiCmd struct{}

// Run implements the subcommand.
func (openapiCmd) Run() error {
	b, err := app.OpenAPI()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(b)
	return err
}

type versionCmd struct{}

// Run implements the subcommand.
func (versionCmd) Run() error {
	fmt.Println("ringside", app.Version)
	return nil
}
