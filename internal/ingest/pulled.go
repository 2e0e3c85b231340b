package ingest

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
)

// Pulled is a call that was read at its vendor, in the form of a webhook of the
// source whose key was used.
type Pulled struct {
	Workspace, Source, Provider string

	Body       []byte
	ReceivedAt time.Time
	Imported   bool // for the records: nobody is told of it
}

// Pulled takes a call that was read at its vendor, as if it had been sent.
func (d *Door) Pulled(ctx context.Context, p Pulled) (ledger.Result, error) {
	return d.handed(ctx, "pull", &delivery{
		workspace: p.Workspace, source: p.Source, provider: d.cfg.Providers[p.Provider], body: p.Body, received: p.ReceivedAt,
		event: eventName(p.Body), context: store.DeliveryContext{Imported: p.Imported},
	})
}
