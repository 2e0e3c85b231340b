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
	"github.com/ringsidehq/ringside/internal/ledger"
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
