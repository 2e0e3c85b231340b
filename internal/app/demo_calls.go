package app

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
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
		Seed: uint64(now.UnixNano()), Run: demoRun + "-" + now.Format(demoStamp), //nolint:gosec // any seed does
		PartialEvery: 600 * time.Millisecond,
		Ended: func(string) {
			if ended.Add(1)%trimEvery == 0 {
				d.trim(ctx, w.ID)
			}
		},
	})
	return err
}

// demoStamp is the rest of a run's name, when it began.
const demoStamp = "20060102t150405"

// demoCall is what the ids of the demo's calls look like: a person's may begin
// like them.
var demoCall = regexp.MustCompile("^" + simulate.IDPrefix + demoRun + `-\d{8}t\d{6}-\d+$`)

// left are the demo's calls that are on though nobody holds them yet.
func (d *demo) left(workspace string) (ids []string) {
	for _, c := range d.app.live.Calls(workspace) {
		if demoCall.MatchString(c.ProviderCallID) {
			ids = append(ids, c.ProviderCallID)
		}
	}
	return ids
}

// trim removes ended calls but for the newest. What fails is tried again with
// the next.
func (d *demo) trim(ctx context.Context, workspace string) {
	a := d.app
	var gone []ringside.CallID
	err := a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		page, err := a.store.ListCalls(ctx, tx, store.CallQuery{
			CallFilter: store.CallFilter{Workspace: workspace, Simulation: new(true)}, Limit: demoKept + 5*trimEvery,
		})
		if err != nil {
			return err
		}
		kept := 0
		for _, c := range page.Items {
			if !demoCall.MatchString(c.ProviderCallID) || c.Status == ringside.StatusActive {
				continue
			}
			if kept++; kept <= demoKept {
				continue
			}
			if err := a.store.DeleteCall(ctx, tx, c.ID); err != nil {
				return err
			}
			gone = append(gone, c.ID)
		}
		return nil
	})
	if err == nil {
		for _, id := range gone {
			a.live.Forget(workspace, id)
		}
	}
	if err != nil && ctx.Err() == nil {
		a.log.Warn("old simulated calls could not be removed", slog.Any("error", err))
	}
}

// demoKey is the setting that holds the id of the key of a name, while there is
// one: a person's key may bear the same name.
func demoKey(name string) string { return "demo_key " + name }

// key makes a key for as long as the demo needs it, in place of the one that a
// killed process left. drop removes it.
func (d *demo) key(ctx context.Context, workspace, name string) (plain string, drop func(), err error) {
	plain, k, err := auth.NewKey(workspace, name, auth.ScopeIngest, time.Time{})
	if err == nil {
		err = d.swapKey(ctx, workspace, name, k)
	}
	if err != nil {
		return "", nil, fmt.Errorf("make the demo's key: %w", err)
	}
	return plain, func() {
		if err := d.swapKey(context.WithoutCancel(ctx), workspace, name, nil); err != nil {
			d.app.log.Warn("the demo's key could not be removed", slog.Any("error", err))
		}
	}, nil
}

// swapKey puts a key in the place of the demo's own of that name; nil: none.
func (d *demo) swapKey(ctx context.Context, workspace, name string, k *store.Key) error {
	defer d.app.auth.Forget()
	return d.app.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.Setting(ctx, tx, demoKey(name))
		if err != nil {
			return err
		}
		if _, err := store.DeleteKey(ctx, tx, workspace, id); err != nil && ringside.KindOf(err) != ringside.NotFound {
			return err
		}
		if k == nil {
			_, err := store.TakeSetting(ctx, tx, demoKey(name), id)
			return err
		}
		if err := store.InsertKey(ctx, tx, k); err != nil {
			return err
		}
		if err := store.SetSetting(ctx, tx, demoKey(name), k.ID); err != nil {
			return err
		}
		return store.InsertAudit(ctx, tx, workspace, &store.AuditEntry{
			ID: ringside.NewID("audit", k.CreatedAt), At: k.CreatedAt, Actor: "Ringside", Action: "key.create", Subject: k.Name + " (" + k.ID + ")",
		})
	})
}
