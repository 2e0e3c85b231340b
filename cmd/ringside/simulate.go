package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ringsidehq/ringside/internal/app"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/simulate"
)

// SimulateCmd makes calls that never were.
type SimulateCmd struct {
	Calls callsCmd    `cmd:"" help:"Hold calls in progress on a running server, in real time."`
	Load  loadCmd     `cmd:"" help:"Send calls to a running server as fast as it takes them, and measure."`
	Ask   askCmd      `cmd:"" help:"Ask a running server what people ask most, and measure."`
	Fill  fillCmd     `cmd:"" help:"Fill a data directory with calls while no server runs on it."`
	Live  liveLoadCmd `cmd:"" name:"live-load" hidden:"" help:"Send events of many calls to a running server, follow them, and measure."`
}

type loadCmd struct {
	URL         string        `help:"The server." default:"http://localhost:8080"`
	Key         string        `help:"A key of scope ingest." required:"" env:"RINGSIDE_KEY"`
	Calls       int           `help:"How many calls; 0: for as long as --for says." default:"0"`
	For         time.Duration `help:"For how long." default:"0"`
	Rate        float64       `help:"Calls a second; 0: as many as it takes." default:"0"`
	Connections int           `help:"How many send at once." short:"c" default:"64"`
	Body        string        `help:"vapi6k: Vapi reports of about 6 KB; mixed: of Vapi, Retell, custom agents, and flat ones." enum:"vapi6k,mixed" default:"vapi6k"`
	PID         int           `help:"The server's process, to say what it uses (Linux)." default:"0"`
	Data        string        `help:"The server's data directory, to say how it grows." type:"path"`
	Analysed    bool          `help:"Then wait until the calls have been analysed, and say how soon each was. The key has to be one that may read."`
	JSON        bool          `help:"Print JSON."`
}

// Run implements the subcommand. It fails when any call was refused.
func (c *loadCmd) Run(ctx context.Context) error {
	r, err := simulate.Load(ctx, simulate.LoadConfig{
		URL: c.URL, Key: c.Key, Calls: c.Calls, For: c.For, Rate: c.Rate, Connections: c.Connections,
		Mixed: c.Body == "mixed", PID: c.PID, Data: c.Data,
	})
	if err == nil && c.Analysed {
		r.Analysis, err = simulate.Analysed(ctx, c.URL, c.Key, r.Calls)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(os.Stdout, r)
	} else {
		err = printLoad(os.Stdout, c, r)
	}
	if err == nil && r.Errors > 0 {
		err = fmt.Errorf("%d calls were not taken; the first: %s", r.Errors, r.FirstError)
	}
	return err
}

func printLoad(w io.Writer, c *loadCmd, r *simulate.LoadResult) error {
	_, err := fmt.Fprintf(w, "%d calls of %d bytes in %.1f s over %d connections: %.0f calls/s, %d errors\n"+
		"answered in ms   p50 %.1f   p90 %.1f   p99 %.1f   max %.1f\n"+
		"client CPU       %.3f ms a call\n",
		r.Calls, r.BodyBytes, r.Seconds, c.Connections, r.CallsPerSecond, r.Errors, r.P50, r.P90, r.P99, r.Max, r.ClientCPUMS)
	if err == nil && c.PID != 0 {
		_, err = fmt.Fprintf(w, "server CPU       %.3f ms a call\nserver memory    %.0f MB, %.0f MB at most\n", r.ServerCPUMS, r.ServerRSSMB, r.ServerPeakRSSMB)
	}
	if err == nil && c.Data != "" {
		_, err = fmt.Fprintf(w, "disk             %.0f bytes a call\n", r.DiskPerCall)
	}
	if a := r.Analysis; err == nil && a != nil {
		_, err = fmt.Fprintf(w, "analysed in ms   p50 %.0f   p95 %.0f   p99 %.0f   max %.0f   of %d; the last %.0f ms after the last came\n", a.P50, a.P95, a.P99, a.Max, a.N, a.LastAfter)
	}
	return err
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

type askCmd struct {
	URL    string `help:"The server." default:"http://localhost:8080"`
	Key    string `help:"A key of scope read." required:"" env:"RINGSIDE_KEY"`
	Rounds int    `help:"How often to ask each thing." default:"300"`
	Wait   bool   `help:"Wait for the search index to catch up first."`
	JSON   bool   `help:"Print JSON."`
}

// Run implements the subcommand.
func (c *askCmd) Run(ctx context.Context) error {
	each := func(r simulate.AskResult) {
		fmt.Printf("| %-44s | %8.1f | %8.1f | %8.1f |\n", r.Question, r.P50, r.P99, r.Max)
	}
	if c.JSON {
		each = nil
	}
	results, err := simulate.Ask(ctx, simulate.AskConfig{URL: c.URL, Key: c.Key, Rounds: c.Rounds, Wait: c.Wait, Each: each})
	if c.JSON {
		err = errors.Join(err, printJSON(os.Stdout, results))
	}
	return err
}

type fillCmd struct {
	config.Common
	Calls     int    `help:"How many calls." required:""`
	Days      int    `help:"Over how many days." default:"90"`
	Seed      uint64 `help:"Another seed makes other calls." default:"1"`
	Workspace string `help:"Name or id of the workspace." default:"Default"`
}

// Run implements the subcommand.
func (c *fillCmd) Run(ctx context.Context) error {
	started := time.Now()
	err := app.Fill(ctx, c.Common, c.Workspace, simulate.FillConfig{
		Calls: c.Calls, Days: c.Days, Seed: c.Seed, Until: started.UTC(),
		Progress: func(calls, indexed int) { fmt.Fprintf(os.Stderr, "\r%d calls, %d indexed", calls, indexed) },
	})
	took := time.Since(started)
	fmt.Fprint(os.Stderr, "\r")
	if err == nil {
		fmt.Printf("%d calls in %.1f s: %.0f calls/s\n", c.Calls, took.Seconds(), float64(c.Calls)/took.Seconds())
	}
	return err
}
