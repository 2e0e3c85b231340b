package main

import (
	"context"
	"fmt"
	"os"

	"github.com/ringsidehq/ringside/internal/app"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/obs"
)

type serveCmd struct {
	config.Serve
}

// Run implements the subcommand. The address and the set-up link go to
// standard output, the log to standard error.
func (c *serveCmd) Run(ctx context.Context) error {
	tuneCollector(ctx)
	a, err := app.New(ctx, c.Serve, obs.NewLog(os.Stderr, c.LogFormat, c.LogLevel))
	if err != nil {
		return err
	}
	link, err := a.SetupLink(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Ringside is at %s\n", a.PublicURL())
	if link != "" {
		fmt.Printf("Set it up here, once: %s\n", link)
	}
	return a.Run(ctx)
}
