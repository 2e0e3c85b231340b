package connect

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what reading at vendors needs.
type Config struct {
	Store     *store.Store
	Providers map[string]provider.Provider // by id
	// Queue gives the queue: it is made after the workers that work on it.
	Queue func() *jobs.Queue
	// Line is the way to a source's vendor; without a key when it has none.
	Line func(context.Context, *store.Source) (provider.Line, error)
	// Take takes a delivery.
	Take func(context.Context, Delivery) (ledger.Result, error)
	// AgentsChanged is called after agents were made or renamed.
	AgentsChanged func()
	Log           *slog.Logger
	Times         Times // DefaultTimes when zero
}

// Delivery is a call as it was read, in the form of a webhook.
type Delivery struct {
	Workspace, Source, Provider string

	Body       []byte
	ReceivedAt time.Time
	Imported   bool // for the records
}

// Times are how long things take.
type Times struct {
	First, Longest time.Duration // pauses while a vendor is away; each is twice the last
	Pace           float64       // what a vendor's own pace is multiplied by
}

// DefaultTimes are for vendors on the internet.
var DefaultTimes = Times{First: 2 * time.Second, Longest: 5 * time.Minute, Pace: 1}

// Connector reads at vendors.
type Connector struct {
	cfg Config
}

// New makes a connector.
func New(c Config) *Connector {
	if c.Times == (Times{}) {
		c.Times = DefaultTimes
	}
	return &Connector{c}
}

// AddWorkers adds what works on the connector's jobs.
func (c *Connector) AddWorkers(w *river.Workers) {
	river.AddWorker(w, &importCalls{c: c})
	river.AddWorker(w, &keepInStep{c: c})
	river.AddWorker(w, &reconcile{c: c})
}

// source loads a source with the way to its vendor; nil when it is gone.
func (c *Connector) source(ctx context.Context, workspace, id string) (s *store.Source, on provider.Line, err error) {
	err = c.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		s, err = store.SourceByID(ctx, tx, workspace, id)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, on, nil
	}
	if err == nil {
		on, err = c.cfg.Line(ctx, s)
	}
	return s, on, err
}

// pace waits for as long as a vendor wants between two requests.
func (c *Connector) pace(ctx context.Context, p *provider.Pull) error {
	timer := time.NewTimer(time.Duration(float64(p.Pace) * c.cfg.Times.Pace))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
