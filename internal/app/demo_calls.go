package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// demoOn is how many calls are on in the demo at any time.
	demoOn = 5
	// demoKept is how many of them stay when they have ended: older ones are
	// removed, so that a demo that runs for months holds no more than one of an
	// hour, and the sample calls are not crowded out.
	demoKept = 100
	// trimEvery is how many calls end before old ones are looked for.
	trimEvery = 20
	// demoRun names these calls, and tells them from those that a person
	// simulates.
	demoRun = "demo"
	// demoBad is the share of them with something wrong.
	demoBad = 0.4
)

// hold ends the calls that a killed process left on, and keeps some going until
// ctx ends; then they end, too.
func (d *demo) hold(ctx context.Context, w *ringside.Workspace, calls int) error {
	left := d.left(w.ID)
	if len(left)+calls == 0 {
		return nil
	}
	key, drop, err := d.key(ctx, w.ID, "Simulated calls")
	if err != nil {
		return err
	}
	defer drop()
	now := time.Now().UTC()
	var ended atomic.Int64
	_, err = simulate.Calls(ctx, simulate.CallsConfig{
		URL: "http://" + reachable(d.app.listener.Addr()), Key: key, Concurrent: calls, Bad: demoBad, Left: left,
		Seed: uint64(now.UnixNano()), Run: demoRun + "-" + now.Format("20060102t150405"), //nolint:gosec // any seed does
		PartialEvery: 600 * time.Millisecond,
		Ended: func(string) {
			if ended.Add(1)%trimEvery == 0 {
				d.trim(ctx, w.ID)
			}
		},
	})
	return err
}

// demoPrefix begins the ids of the demo's calls.
const demoPrefix = simulate.IDPrefix + demoRun + "-"

// left are the demo's calls that are on though nobody holds them yet.
func (d *demo) left(workspace string) (ids []string) {
	for _, c := range d.app.live.Calls(workspace) {
		if strings.HasPrefix(c.ProviderCallID, demoPrefix) {
			ids = append(ids, c.ProviderCallID)
		}
	}
	return ids
}

// trim removes ended calls but for the newest. What fails is tried again with
// the next.
func (d *demo) trim(ctx context.Context, workspace string) {
	a := d.app
	err := a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		page, err := a.store.ListCalls(ctx, tx, store.CallQuery{
			CallFilter: store.CallFilter{Workspace: workspace, Simulation: new(true)}, Limit: demoKept + 5*trimEvery,
		})
		if err != nil {
			return err
		}
		kept := 0
		for _, c := range page.Items {
			if !strings.HasPrefix(c.ProviderCallID, demoPrefix) || c.Status == ringside.StatusActive {
				continue
			}
			if kept++; kept <= demoKept {
				continue
			}
			if err := a.store.DeleteCall(ctx, tx, c.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		a.log.Warn("old simulated calls could not be removed", slog.Any("error", err))
	}
}

// key makes a key of a name for as long as the demo needs it, in place of one
// that a killed process left. drop removes it.
func (d *demo) key(ctx context.Context, workspace, name string) (plain string, drop func(), err error) {
	a := d.app
	remove := func(ctx context.Context) error {
		defer a.auth.Forget()
		return a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			keys, err := store.Keys(ctx, tx, workspace)
			for _, k := range keys {
				if k.Name == name && err == nil {
					_, err = store.DeleteKey(ctx, tx, workspace, k.ID)
				}
			}
			return err
		})
	}
	if err = remove(ctx); err == nil {
		plain, _, err = a.auth.CreateKey(ctx, workspace, name, auth.ScopeIngest, time.Time{})
	}
	if err != nil {
		return "", nil, fmt.Errorf("make the demo's key: %w", err)
	}
	return plain, func() {
		if err := remove(context.WithoutCancel(ctx)); err != nil {
			a.log.Warn("the demo's key could not be removed", slog.Any("error", err))
		}
	}, nil
}
