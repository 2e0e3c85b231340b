// Command ringside is the server and its tools: one binary. Each subcommand
// has a file.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // hours of queues and alerts name zones, and not every machine knows them

	"github.com/alecthomas/kong"
)

// cli is every subcommand.
type cli struct {
	Serve    serveCmd    `cmd:"" help:"Run the server."`
	Keys     keysCmd     `cmd:"" help:"Make API keys."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database's schema up to date; a start does the same."`
	Replay   replayCmd   `cmd:"" help:"Decode kept deliveries again and fold them."`
	Analyze  analyzeCmd  `cmd:"" help:"Analyse ended calls again."`
	Doctor   doctorCmd   `cmd:"" help:"Check disk, clock, limits, database and keys."`
	Demo     demoCmd     `cmd:"" help:"Work with the sample calls."`
	Import   importCmd   `cmd:"" help:"Send recordings that lie in a folder to a running server."`
	Simulate SimulateCmd `cmd:"" help:"Make calls for load tests."`
	Audio    audioCmd    `cmd:"" help:"Tell what is heard in a recording: turns, latency, interruptions, silence."`
	OpenAPI  openapiCmd  `cmd:"" name:"openapi" help:"Print the API's document."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c,
		kong.Name("ringside"),
		kong.Description("The monitor for AI voice agents that a team runs itself."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		configFile(),
	)
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "ringside:", err)
		os.Exit(1)
	}
}
