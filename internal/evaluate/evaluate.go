package evaluate

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what evaluations are made with.
type Config struct {
	Store *store.Store
	// Queue gives the queue: it is made after the workers that work on it.
	Queue func() *jobs.Queue
	// Model gives a workspace's language model; nil when it has none, and Model
	// itself is nil where no workspace has. It may wait for a place at the model.
	// Of its errors, RateLimited means that every place is taken and is tried
	// again soon without being counted, Unavailable is tried again with growing
	// pauses, and the other kinds but Internal are final: the budget is spent.
	Model func(ctx context.Context, workspace string) (*Model, error)
	Log   *slog.Logger
}

// Model is a workspace's language model, taken for one evaluation.
type Model struct {
	Judge *judge.Judge
	// Done gives the model back and counts what it was asked, failed questions
	// too. It is called once; nil where nothing is counted.
	Done func(ctx context.Context, used ringside.Usage) error
}

// Examiner has calls evaluated.
type Examiner struct {
	cfg Config
}

// New makes an examiner.
func New(c Config) *Examiner { return &Examiner{cfg: c} }

// AddWorkers adds what works on evaluations.
func (x *Examiner) AddWorkers(w *river.Workers) {
	river.AddWorker(w, &evaluation{x: x})
	river.AddWorker(w, &run{x: x})
}

// model gives the workspace's language model; nil when it has none.
func (x *Examiner) model(ctx context.Context, workspace string) (*Model, error) {
	if x.cfg.Model == nil {
		return nil, nil //nolint:nilnil // none is set up
	}
	return x.cfg.Model(ctx, workspace)
}
