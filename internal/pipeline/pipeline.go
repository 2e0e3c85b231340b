// Package pipeline is what happens after a call, and what happens when none
// did for too long: one file for each kind of job. Results go to the ledger as
// events, so that a job which runs twice changes nothing.
package pipeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what the jobs work with. The ledger is made after the queue that
// works on these jobs, so it is asked for when it is needed.
type Config struct {
	Store     *store.Store
	Ledger    func() *ledger.Ledger
	Log       *slog.Logger
	KeepInbox time.Duration // how long received bodies are kept
}

// Workers gives what works on every kind of job.
func Workers(c Config) *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, &analyse{cfg: c})
	river.AddWorker(w, &reap{cfg: c})
	river.AddWorker(w, &sweep{cfg: c})
	return w
}

// append hands an event of ours about a call to the ledger.
func (c *Config) append(ctx context.Context, workspace string, e ringside.Event) error {
	e.Facts.Ours = true
	_, err := c.Ledger().Append(ctx, ledger.Envelope{
		Workspace: workspace, Provider: e.Provider, ReceivedAt: e.ReceivedAt, Events: []ringside.Event{e},
	})
	return err
}

// analyse works out what a transcript tells, once its call has ended.
type analyse struct {
	river.WorkerDefaults[jobs.AnalyseCall]

	cfg Config
}

// Work implements river.Worker.
func (w *analyse) Work(ctx context.Context, job *river.Job[jobs.AnalyseCall]) error {
	var c *ringside.Call
	err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, job.Args.WorkspaceID, job.Args.CallID)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	m := measure.Transcript(c.Turns)
	if m == nil {
		return nil
	}
	now := time.Now().UTC()
	return w.cfg.append(ctx, job.Args.WorkspaceID, ringside.Event{
		Provider: c.Provider, ProviderCallID: c.ProviderCallID, Name: "measured", Authority: ringside.Guess,
		At: now, ReceivedAt: now, Facts: ringside.Facts{Measured: m},
	})
}
