package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/ringsidehq/ringside/internal/simulate"
)

type liveLoadCmd struct {
	URL         string        `help:"The server." default:"http://localhost:8080"`
	Key         string        `help:"A key of scope admin." required:"" env:"RINGSIDE_KEY"`
	Calls       int           `help:"How many calls are on." default:"2000"`
	Turns       int           `help:"Turns that each has before the clock starts." default:"4"`
	Rate        float64       `help:"Events a second, over all calls." default:"2000"`
	Partials    float64       `help:"The share of them that is only shown." default:"0"`
	For         time.Duration `help:"For how long they are sent." default:"20s"`
	Subscribers int           `help:"How many follow the stream, with transcripts." default:"500"`
	Each        int           `help:"Calls that each of them follows; 0: all." default:"0"`
	Stalled     int           `help:"Subscribers more that never read." default:"0"`
	Connections int           `help:"How many send at once." short:"c" default:"64"`
	PID         int           `help:"The server's process, to say what it uses (Linux)." default:"0"`
	JSON        bool          `help:"Print JSON."`
}

// Run implements the subcommand. It fails when anything was refused.
func (c *liveLoadCmd) Run(ctx context.Context) error {
	r, err := simulate.LiveLoad(ctx, simulate.LiveLoadConfig{
		URL: c.URL, Key: c.Key, Calls: c.Calls, Turns: c.Turns, Rate: c.Rate, Partials: c.Partials, For: c.For,
		Subscribers: c.Subscribers, Each: c.Each, Stalled: c.Stalled, Connections: c.Connections, PID: c.PID,
	})
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(os.Stdout, r)
	} else {
		err = printLiveLoad(r)
	}
	if err == nil && r.Errors > 0 {
		err = fmt.Errorf("%d requests or streams failed; the first: %s", r.Errors, r.FirstError)
	}
	return err
}

func printLiveLoad(r *simulate.LiveLoadResult) error {
	row := func(name string, t simulate.Times) {
		if t.N > 0 {
			fmt.Printf("%-22s p50 %7.1f   p95 %7.1f   p99 %7.1f   max %7.1f   of %d\n", name, t.P50, t.P95, t.P99, t.Max, t.N)
		}
	}
	fmt.Printf("%d calls, %d subscribers, %d events at %.0f a second, %d errors\n", r.Calls, r.Subscribers, r.Events, r.PerSecond, r.Errors)
	row("turn to receipt, ms", r.Turns)
	row("partial to receipt, ms", r.Partials)
	row("answered in, ms", r.Answers)
	fmt.Printf("%d receipts of turns: %d lost, %d doubled, %d reordered; %d resyncs; %d partials replaced by newer ones\n",
		r.Receipts, r.Lost, r.Doubled, r.Reordered, r.Resyncs, r.Merged)
	_, err := fmt.Printf("server %.2f cores, %.3f ms an event, %.0f MB, %.0f MB at most; client %.2f cores; %.0f MB/s read\n",
		r.ServerCores, r.ServerCPUMS, r.ServerRSSMB, r.ServerPeakRSSMB, r.ClientCores, r.ReadMB)
	return err
}
