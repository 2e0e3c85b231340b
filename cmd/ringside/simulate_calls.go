package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/ringsidehq/ringside/internal/simulate"
)

type callsCmd struct {
	URL        string        `help:"The server." default:"http://localhost:8080"`
	Key        string        `help:"A key of scope ingest." required:"" env:"RINGSIDE_KEY"`
	Concurrent int           `help:"How many calls at once." short:"c" default:"10"`
	Scenario   string        `help:"What is talked about: an agent, agent/conversation, or a file of conversations. All without."`
	Variant    string        `help:"How every call goes: normal, frustrated, stuck, slow, failing_tool, silent or non_compliant."`
	Bad        float64       `help:"Without --variant: the share of calls that something is wrong with." default:"0.3"`
	For        time.Duration `help:"For how long; 0: until it is interrupted. Calls that are on then are ended." default:"0"`
	Speed      float64       `help:"How many seconds of a call pass in one." default:"1"`
	Seed       uint64        `help:"Another seed makes other calls." default:"1"`
	JSON       bool          `help:"Print JSON."`
}

// Run implements the subcommand. An interrupt ends the calls and is no
// failure.
func (c *callsCmd) Run(ctx context.Context) error {
	cfg := simulate.CallsConfig{
		URL: c.URL, Key: c.Key, Concurrent: c.Concurrent, Scenario: c.Scenario, Variant: simulate.Variant(c.Variant),
		Bad: c.Bad, For: c.For, Speed: c.Speed, Seed: c.Seed,
	}
	switch text, err := os.ReadFile(c.Scenario); {
	case err == nil:
		cfg.Script = text
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	r, err := simulate.Calls(ctx, cfg)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(os.Stdout, r)
	} else {
		_, err = fmt.Printf("%d calls of %d events, %d not taken to their end\n", r.Calls, r.Events, r.Errors)
	}
	if err == nil && r.Errors > 0 {
		err = fmt.Errorf("%d calls were given up; the first: %s", r.Errors, r.FirstError)
	}
	return err
}
