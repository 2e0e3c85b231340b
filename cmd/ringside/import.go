package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/importer"
	"github.com/ringsidehq/ringside/internal/obs"
)

type importCmd struct {
	Dir         string `arg:"" help:"The folder: each WAV, MP3, Ogg Opus and FLAC file below it becomes a call." type:"existingdir"`
	Agent       string `help:"Whose calls these are: your id for the agent." required:""`
	URL         string `help:"The server." default:"http://localhost:8080"`
	Key         string `help:"A key of scope ingest. One of scope admin may also look what is there already, and saves sending that again." env:"RINGSIDE_KEY"`
	CSV         string `help:"What is known of the calls: a header row with file, and id, agent, started_at, direction, from, to, customer, campaign, transcript where you have them; other columns become metadata." type:"existingfile"`
	Direction   string `help:"Who called whom, where the CSV does not say: inbound or outbound." enum:"inbound,outbound," default:""`
	Timezone    string `help:"Time zone of times that name none, such as Europe/Berlin." default:"UTC"`
	Concurrency int    `help:"How many are sent at once." short:"c" default:"4"`
	DryRun      bool   `help:"Check all of it, say what would be done, and send nothing."`
	JSON        bool   `help:"Print JSON."`
}

// Run implements the subcommand. It fails when a file was not taken.
func (c *importCmd) Run(ctx context.Context) error {
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return fmt.Errorf("--timezone: %q is no time zone; it looks like Europe/Berlin", c.Timezone)
	}
	cfg := importer.Config{
		Dir: c.Dir, CSV: c.CSV, Agent: c.Agent, Direction: ringside.Direction(c.Direction), Zone: zone,
		URL: c.URL, Key: c.Key, Concurrency: c.Concurrency, DryRun: c.DryRun,
	}
	onScreen := terminal(os.Stderr)
	if onScreen {
		cfg.Progress = func(done, total int, _ importer.Seen) { bar(done, total) }
	} else {
		cfg.Log = obs.NewLog(os.Stderr, "text", "info")
		cfg.Progress = logged(ctx, cfg.Log, time.Now)
	}
	r, err := importer.Run(ctx, cfg)
	if onScreen {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
	switch {
	case r == nil: // it did not begin
	case c.JSON:
		err = errors.Join(err, printJSON(os.Stdout, r))
	default:
		printImport(os.Stdout, r, c.DryRun)
	}
	if err == nil && len(r.Failed) > 0 {
		err = fmt.Errorf("%d files were not taken; the first: %s: %s", len(r.Failed), r.Failed[0].File, r.Failed[0].Why)
	}
	return err
}

// terminal tells whether somebody may be watching.
func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// logEvery is how often the log says how far an import is.
const logEvery = 10 * time.Second

// logged tells the log how far it is, now and then and at the end.
func logged(ctx context.Context, log *slog.Logger, now func() time.Time) func(int, int, importer.Seen) {
	last := now()
	return func(done, total int, s importer.Seen) {
		if done < total && now().Sub(last) < logEvery {
			return
		}
		last = now()
		log.InfoContext(ctx, "importing", slog.Int("done", done), slog.Int("files", total), slog.Int("taken", s.Sent),
			slog.Int("already_there", s.There), slog.Int("skipped", s.Skipped), slog.Int("failed", s.Failed))
	}
}

// printImport prints what would be done, what was left out and why, and the sums.
func printImport(w io.Writer, r *importer.Result, dry bool) {
	from := map[string]string{"csv": "by the CSV", "name": "by its name", "file": "by when the file was written"}
	for i := range r.Calls {
		c := &r.Calls[i]
		state := "would be sent"
		if c.There {
			state = "is there already"
		}
		fmt.Fprintf(w, "%s  %s as %s: of %s, %s %s, %.1f s\n", c.File, state, c.ID, c.Agent, c.StartedAt.Format(time.RFC3339), from[c.TimeFrom], c.Seconds)
	}
	printSkipped(w, r.Skipped)
	for _, l := range r.Failed {
		fmt.Fprintf(w, "failed   %s: %s\n", l.File, l.Why)
	}
	sent := "sent"
	if dry {
		sent = "would be sent"
	}
	fmt.Fprintf(w, "%d %s, %d already there, %d skipped, %d failed\n", r.Sent, sent, r.There, len(r.Skipped), len(r.Failed))
	if r.Blind {
		fmt.Fprintln(w, "the key may not read: some may have been there already; with a key of scope admin that is looked up")
	}
}

// printSkipped prints each reason once, with some of the files that it is true
// of: a folder may hold thousands.
func printSkipped(w io.Writer, skipped []importer.Left) {
	const shown = 3
	files := map[string][]string{}
	for _, l := range skipped {
		files[l.Why] = append(files[l.Why], l.File)
	}
	for _, why := range slices.Sorted(maps.Keys(files)) {
		names := files[why]
		more := ""
		if n := len(names) - shown; n > 0 {
			names, more = names[:shown], fmt.Sprintf(" and %d more", n)
		}
		fmt.Fprintf(w, "skipped  %s%s: %s\n", strings.Join(names, ", "), more, why)
	}
}
