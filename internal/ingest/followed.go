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
	started := time.Now()
	result, err := d.accept(ctx, &delivery{
		workspace: f.Workspace, source: f.Source, provider: d.cfg.Providers[f.Provider], body: f.Body, received: f.ReceivedAt,
		event: eventName(f.Body),
	})
	action := string(result.Action)
	if e, ok := errors.AsType[*ringside.Error](err); ok {
		action = e.Code
	} else if err != nil {
		action = "internal"
	}
	d.cfg.Observe(Observation{"follow", f.Provider, action, time.Since(started)})
	return result.Result, err
}
