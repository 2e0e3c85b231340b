package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/ringsidehq/ringside/internal/bus/nats"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/obs"
	"github.com/ringsidehq/ringside/internal/store"
)

// liveCalls makes the engine of the calls that are on, with a bus to the other
// processes where one is set.
func (a *App) liveCalls(ctx context.Context) (err error) {
	c := live.Config{Store: a.store, Watch: a.alerts, Log: a.log, Loaded: func(c ledger.Commit) {
		a.teller.Observe([]ledger.Commit{c})
		a.follower.Observe([]ledger.Commit{c})
	}}
	if a.cfg.NATS != "" {
		if a.bus, err = a.openBus(ctx); err != nil {
			return err
		}
		c.Bus = a.bus
		a.metrics.WatchBus(func() obs.Bus {
			f := a.bus.Figures()
			return obs.Bus{Sent: f.Sent, Received: f.Received, Dropped: f.Dropped, Connected: f.Connected, Behind: a.live.Behind()}
		})
	}
	a.live = live.New(c)
	return nil
}

// installation is the setting that names the database to those who share a NATS
// server with others.
const installation = "installation"

var errBusAlone = errors.New("--nats is for several processes on one PostgreSQL; set --database-url, or leave it out")

func (a *App) openBus(ctx context.Context) (*nats.Bus, error) {
	if a.store.Engine != store.Postgres {
		return nil, errBusAlone
	}
	var name string
	err := a.store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		name, err = store.OnceSetting(ctx, tx, installation, rand.Text())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("name the installation: %w", err)
	}
	return nats.New(nats.Config{Server: natsServer(a.cfg.Common), Installation: name, Secrets: a.secrets, Log: a.log})
}

func natsServer(c config.Common) nats.Server { return nats.Server{URL: c.NATS, Creds: c.NATSCreds} }
