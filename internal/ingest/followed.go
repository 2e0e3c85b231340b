package ingest

import (
	"context"
	"errors"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
)

// Followed is what a vendor told who asked it, in the form of a webhook of the
// source whose key was used.
type Followed struct {
	Workspace, Source, Provider string

	Body       []byte
	ReceivedAt time.Time
}

// Followed takes what was told of a call that is followed, as if it had been
// sent.
func (d *Door) Followed(ctx context.Context, f Followed) (ledger.Result, error) {
	return d.handed(ctx, "follow", &delivery{
		workspace: f.Workspace, source: f.Source, provider: d.cfg.Providers[f.Provider], body: f.Body, received: f.ReceivedAt,
		event: eventName(f.Body),
	})
}

// handed takes a delivery that nobody sent. The door is what it is counted
// under.
func (d *Door) handed(ctx context.Context, door string, in *delivery) (ledger.Result, error) {
	started := time.Now()
	result, err := d.guarded(ctx, in)
	action := string(result.Action)
	if e, ok := errors.AsType[*ringside.Error](err); ok {
		action = e.Code
	} else if err != nil {
		action = "internal"
	}
	d.cfg.Observe(Observation{door, in.provider.ID, action, time.Since(started)})
	return result.Result, err
}
