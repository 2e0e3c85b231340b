package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
)

// demo fills the demo workspace with sample calls and holds some live, through
// the same doors as everybody's.
type demo struct {
	app *App

	mu     sync.Mutex
	cancel context.CancelFunc // guarded by mu; nil before the start
	done   chan struct{}      // guarded by mu
}

// demoKeyName is the name of the key that the sample calls are sent with. It is
// removed when they are in.
const demoKeyName = "Sample calls"

// start loads the sample calls in the background, and keeps some calls going.
// Sample calls that are there already are duplicates and change nothing. A
// server that is to have no demo only ends what one before it left on.
func (d *demo) start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel, d.done = cancel, make(chan struct{})
	done := d.done
	go func() {
		defer close(done)
		d.run(ctx)
	}()
}

func (d *demo) run(ctx context.Context) {
	w, err := findDemo(ctx, d.app.store)
	if w == nil {
		d.report(ctx, err)
		return
	}
	if !d.app.cfg.Demo {
		d.report(ctx, d.hold(ctx, w, 0))
		return
	}
	var both sync.WaitGroup
	both.Go(func() { d.report(ctx, d.load(ctx, w)) })
	both.Go(func() { d.report(ctx, d.hold(ctx, w, demoOn)) })
	both.Wait()
}

// report logs an error, unless it comes of a stop, or of the demo's removal:
// then its keys are gone.
func (d *demo) report(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	if w, gone := findDemo(ctx, d.app.store); w == nil && gone == nil {
		return
	}
	d.app.log.Error("the demo's calls could not be sent", slog.Any("error", err))
}

// stop ends loading, if it goes on, and the calls that are on.
func (d *demo) stop() {
	d.mu.Lock()
	cancel, done := d.cancel, d.done
	d.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}

func (d *demo) load(ctx context.Context, w *ringside.Workspace) error {
	a := d.app
	anchor, done, err := d.anchor(ctx, w)
	if err != nil || done {
		return err
	}
	sources, err := d.sources(ctx, w.ID)
	if err != nil {
		return fmt.Errorf("make the demo's sources: %w", err)
	}
	if err := d.nameAgents(ctx, w.ID); err != nil {
		return fmt.Errorf("name the demo's agents: %w", err)
	}
	key, drop, err := d.key(ctx, w.ID, demoKeyName)
	if err != nil {
		return err
	}
	defer drop()
	if err := simulate.Demo(ctx, simulate.DemoConfig{
		BaseURL: "http://" + reachable(a.listener.Addr()), Key: key, Sources: sources, Now: anchor, Log: a.log,
	}); err != nil {
		return err
	}
	return a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.SetSetting(ctx, tx, demoState, loaded)
	})
}

// demoState is the setting that holds the moment that the sample calls end at,
// and after they are in, that they are.
const (
	demoState = "demo_calls"
	loaded    = "loaded"
)

// anchor gives the moment that the sample calls end at: that of the first try,
// so that calls of a try that was cut off are the same again. done says that
// they are all in.
func (d *demo) anchor(ctx context.Context, w *ringside.Workspace) (at time.Time, done bool, err error) {
	err = d.app.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		state, err := store.Setting(ctx, tx, demoState)
		if err != nil {
			return err
		}
		id, rest, _ := strings.Cut(state, " ")
		if state == loaded {
			done = true
			return nil
		}
		if at, err = time.Parse(time.RFC3339, rest); err == nil && id == w.ID {
			return nil
		}
		at = time.Now().UTC().Truncate(time.Second)
		return store.SetSetting(ctx, tx, demoState, w.ID+" "+at.Format(time.RFC3339))
	})
	return at, done, err
}

// nameAgents makes the agents that the deliveries name only by an id.
func (d *demo) nameAgents(ctx context.Context, workspace string) error {
	defer d.app.ledger.AgentsChanged()
	return d.app.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, n := range simulate.AgentNames() {
			now := time.Now().UTC()
			err := store.InsertAgent(ctx, tx, workspace, &ringside.Agent{
				ID: ringside.NewID("agent", now), Name: n.Name, SourceID: n.SourceID, Provider: n.Provider, CreatedAt: now, UpdatedAt: now,
			}, nil)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// sources makes a webhook source for each vendor, with a secret of its own, or
// finds those of an earlier start.
func (d *demo) sources(ctx context.Context, workspace string) (map[string]simulate.Source, error) {
	out := map[string]simulate.Source{}
	err := d.app.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		have, err := store.Sources(ctx, tx, workspace)
		if err != nil {
			return err
		}
		for _, s := range have {
			plain, err := d.app.secrets.Open("source:"+s.ID, s.Secret)
			if err != nil {
				return err
			}
			out[s.Provider] = simulate.Source{Path: "/webhooks/" + s.Provider + "/" + s.Token, Secret: string(plain)}
		}
		for _, p := range providers {
			if _, ok := out[p.ID]; ok {
				continue
			}
			secret, now := rand.Text(), time.Now().UTC()
			s := &store.Source{
				ID: ringside.NewID("src", now), Workspace: workspace, Provider: p.ID, Name: p.Name + " (sample)",
				Token: rand.Text(), HMAC: "{}", CreatedAt: now,
			}
			s.Secret = d.app.secrets.Seal("source:"+s.ID, []byte(secret))
			if err := store.InsertSource(ctx, tx, s); err != nil {
				return err
			}
			out[p.ID] = simulate.Source{Path: "/webhooks/" + s.Provider + "/" + s.Token, Secret: secret}
		}
		return nil
	})
	return out, err
}
