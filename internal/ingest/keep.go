package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/spool"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// patience is how long a forwarded delivery is left to the database alone.
	// A database that is well commits sooner, and then there is no file.
	patience = 5 * time.Millisecond
	// tryFor bounds the first try. What is in the spool by then is tried again
	// from there.
	tryFor = 5 * time.Second
	// maxTrying bounds the bodies of first tries that go on, in bytes. Past it,
	// a delivery goes to the spool alone.
	maxTrying = 64 << 20

	drainBatch = 64
	retryIn    = 2 * time.Second
	minPause   = 100 * time.Millisecond
	maxPause   = 15 * time.Second
)

// keeper stores forwarded deliveries, for which nobody can be told to send
// again: the vendor has its answer.
type keeper struct {
	trying  atomic.Int64   // bytes
	running sync.WaitGroup // what Stop waits for
	cancel  context.CancelFunc
}

// errLater is why a delivery was not tried at once.
var errLater = ringside.Errorf(ringside.Unavailable, "many deliveries wait for the database")

// secure begins to store a delivery, and goes on when the request is over. The
// channel is closed once it is on disk, or when nothing more can be done. named
// is told first what the delivery is called.
func (d *Door) secure(in *delivery, named func(event string)) <-chan struct{} {
	safe := make(chan struct{})
	own := *in
	d.keeper.running.Go(func() {
		own.event = eventName(own.body)
		named(own.event)
		d.secureOne(&own, sync.OnceFunc(func() { close(safe) }))
	})
	return safe
}

func (d *Door) secureOne(in *delivery, safe func()) {
	defer safe()
	stored := make(chan error, 1)
	go func() { stored <- d.tryOnce(*in) }()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	var err error
	tried := false
	select {
	case err = <-stored:
		if tried = true; settled(err) {
			return
		}
	case <-timer.C:
	}
	spooled := make(chan spool.Place, 1)
	go func() { spooled <- d.cfg.Spool.Put(in.spooled()) }()
	place, put := spool.Nowhere, false
	for !tried || !put {
		select {
		case err = <-stored:
			if tried = true; settled(err) {
				safe()
			}
			stored = nil
		case place = <-spooled:
			if put = true; place == spool.Disk {
				safe()
			}
			spooled = nil
		}
	}
	d.place(in, place, err)
}

// place settles what became of a delivery's first try and of its file.
func (d *Door) place(in *delivery, place spool.Place, err error) {
	switch {
	case settled(err):
		if place != spool.Nowhere {
			d.cfg.Spool.Done(in.id)
		}
	case place == spool.Nowhere:
		d.cfg.Log.Error("forwarded delivery is lost: neither the database nor the spool took it",
			slog.String("delivery_id", in.id), slog.String("source_id", in.source), slog.Any("error", err))
	default:
		d.cfg.Spool.Release(in.id, time.Now())
	}
}

// tryOnce stores a delivery as if it had come without forwarding.
func (d *Door) tryOnce(in delivery) error {
	size := int64(len(in.body))
	defer d.keeper.trying.Add(-size)
	if d.keeper.trying.Add(size) > maxTrying {
		d.cfg.Observe(Observation{"webhook", in.provider.ID, "spooled", 0})
		return errLater
	}
	ctx, cancel := context.WithTimeout(context.Background(), tryFor)
	defer cancel()
	begun := time.Now()
	result, err := d.guarded(ctx, &in)
	o := Observation{"webhook", in.provider.ID, string(result.Action), time.Since(begun)}
	if e, ok := errors.AsType[*ringside.Error](err); ok && settled(err) {
		o.Action = e.Code
	} else if err != nil {
		o.Action = "spooled"
	}
	d.cfg.Observe(o)
	return err
}

// settled tells whether trying again would change nothing: it is stored, or it
// is not what can be.
func settled(err error) bool {
	switch ringside.KindOf(err) {
	case ringside.Invalid, ringside.TooLarge:
		return true
	}
	return err == nil
}

func (in *delivery) spooled() *spool.Delivery {
	return &spool.Delivery{
		ID: in.id, Workspace: in.workspace, Source: in.source, Provider: in.provider.ID, ReceivedAt: in.received, Body: in.body,
	}
}

// drain stores what is in the spool, until ctx ends.
func (d *Door) drain(ctx context.Context) {
	n, pause := drainBatch, time.Duration(0)
	for {
		ids, next := d.cfg.Spool.Take(time.Now(), n)
		if len(ids) == 0 {
			if !d.await(ctx, next) {
				return
			}
			continue
		}
		if d.storeSpooled(ctx, ids) > 0 {
			n, pause = drainBatch, 0
			continue
		}
		// Nothing can be stored: one at a time until something is again.
		n, pause = 1, min(max(2*pause, minPause), maxPause)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// await waits until something is due; false when ctx ended first.
func (d *Door) await(ctx context.Context, next time.Time) bool {
	wait := time.Hour
	if !next.IsZero() {
		wait = time.Until(next)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-d.cfg.Spool.Wake():
	case <-timer.C:
	}
	return true
}

// storeSpooled stores deliveries side by side, so that they share a
// transaction, and gives how many are settled.
func (d *Door) storeSpooled(ctx context.Context, ids []string) int {
	var done atomic.Int64
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			err := d.storeOne(ctx, id)
			if settled(err) {
				d.cfg.Spool.Done(id)
				done.Add(1)
				return
			}
			d.cfg.Spool.Release(id, time.Now().Add(retryIn))
			if ctx.Err() == nil {
				d.cfg.Log.Warn("spooled delivery not stored yet", slog.String("delivery_id", id), slog.Any("error", err))
			}
		})
	}
	wg.Wait()
	return int(done.Load())
}

func (d *Door) storeOne(ctx context.Context, id string) error {
	s, err := d.cfg.Spool.Read(id)
	if err != nil {
		return err
	}
	p, ok := d.cfg.Providers[s.Provider]
	if !ok {
		return ringside.Errorf(ringside.Conflict, "no adapter for the provider %q is part of this program", s.Provider)
	}
	ctx, cancel := context.WithTimeout(ctx, tryFor)
	defer cancel()
	if gone, err := d.workspaceGone(ctx, s.Workspace); gone || err != nil {
		return err // with its workspace, all that it would tell was deleted
	}
	in := delivery{
		id: s.ID, workspace: s.Workspace, source: s.Source, provider: p, body: s.Body, received: s.ReceivedAt, event: eventName(s.Body),
	}
	_, err = d.guarded(ctx, &in)
	return err
}

// guarded is accept where no server would catch a panic: one delivery must not
// end the process, and again at each start.
func (d *Door) guarded(ctx context.Context, in *delivery) (result taken, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("accept delivery %s of %s: panic: %v\n%s", in.id, in.provider.ID, v, debug.Stack())
		}
	}()
	return d.accept(ctx, in)
}

func (d *Door) workspaceGone(ctx context.Context, id string) (bool, error) {
	err := d.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := store.Workspace(ctx, tx, id)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return true, nil
	}
	return false, err
}
