package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/app"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/obs"
)

type analyzeCmd struct {
	config.Analyze
	Since     string `help:"Only calls that started since: a time, or a duration such as 24h." required:""`
	Agent     string `help:"Only this agent's calls: its name, id or source id."`
	Workspace string `help:"Name or id of the workspace." default:"Default"`
	DryRun    bool   `help:"Only count the calls that it would be."`
}

// Run implements the subcommand. What a language model, webhooks and CRMs are
// asked follows when a server works on the jobs.
func (c *analyzeCmd) Run(ctx context.Context) error {
	from, err := since(c.Since, time.Now())
	if err != nil {
		return err
	}
	started := time.Now()
	q := app.AnalyseQuery{Workspace: c.Workspace, Agent: c.Agent, Since: from, DryRun: c.DryRun, Progress: bar}
	n, err := app.Analyse(ctx, c.Serve(), q, obs.NewLog(os.Stderr, c.LogFormat, "warn"))
	if err != nil {
		return err
	}
	if c.DryRun {
		fmt.Printf("%d ended calls would be analysed again\n", n)
		return nil
	}
	fmt.Fprint(os.Stderr, "\r\x1b[K")
	fmt.Printf("%d calls analysed in %s\n", n, time.Since(started).Round(100*time.Millisecond))
	return nil
}

// bar draws how far it is on the standard error.
func bar(done, total int) {
	const width = 30
	full := width * done / max(total, 1)
	fmt.Fprintf(os.Stderr, "\r[%s%s] %d of %d calls", strings.Repeat("=", full), strings.Repeat(" ", width-full), done, total)
}
