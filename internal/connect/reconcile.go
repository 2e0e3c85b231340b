package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// grace is how long after a call's end its webhook may take.
	grace = 10 * time.Minute
	// overlap is how much of the time before the last look is looked at again:
	// calls are listed by their beginning and may last.
	overlap = 3 * time.Hour
	// deepEvery is how often the days before are looked at once more, and deep
	// how many: what a vendor was late with.
	deepEvery = 24 * time.Hour
	deep      = 3 * 24 * time.Hour
	// furthest is how far back calls are looked for at all.
	furthest = 30 * 24 * time.Hour
	// news is for how long after its end people are told of a call.
	news = 24 * time.Hour
)

// reconcile has every source with a key compared with its vendor.
type reconcile struct {
	river.WorkerDefaults[jobs.Reconcile]

	c *Connector
}

// Work implements river.Worker.
func (w *reconcile) Work(ctx context.Context, _ *river.Job[jobs.Reconcile]) error {
	return w.c.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		all, err := store.KeyedSources(ctx, tx)
		if err != nil {
			return err
		}
		going, err := store.GoingImports(ctx, tx)
		if err != nil {
			return err
		}
		var args []river.JobArgs
		for _, i := range going { // should the job of one have been given up
			args = append(args, jobs.ImportCalls{WorkspaceID: i.Workspace, SourceID: i.Source, Run: i.Run})
		}
		for _, s := range all {
			if p := w.c.cfg.Providers[s.Provider]; p.Pull.Can() {
				args = append(args, jobs.KeepInStep{WorkspaceID: s.Workspace, SourceID: s.ID})
			}
		}
		return w.c.cfg.Queue().Enqueue(ctx, tx, args)
	})
}

// Ask asks for a source to be compared with its vendor soon.
func (c *Connector) Ask(ctx context.Context, tx store.Tx, s *store.Source) error {
	if p := c.cfg.Providers[s.Provider]; !p.Pull.Can() {
		return nil
	}
	return c.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.KeepInStep{WorkspaceID: s.Workspace, SourceID: s.ID}})
}

// keepInStep compares a source with its vendor.
type keepInStep struct {
	river.WorkerDefaults[jobs.KeepInStep]

	c *Connector
}

// Work implements river.Worker.
func (w *keepInStep) Work(ctx context.Context, job *river.Job[jobs.KeepInStep]) error {
	again, err := w.c.Reconcile(ctx, job.Args.WorkspaceID, job.Args.SourceID)
	if err == nil && again > 0 {
		return river.JobSnooze(again)
	}
	return err
}

// Reconcile takes a source's agents over and fetches its calls whose webhook
// never came. What the vendor refuses is noted, and tried at the next look; when
// it asks for a pause, again is how long that is.
func (c *Connector) Reconcile(ctx context.Context, workspace, source string) (again time.Duration, err error) {
	s, on, err := c.source(ctx, workspace, source)
	if s == nil || err != nil || on.Key == "" {
		return 0, err
	}
	p := c.cfg.Providers[s.Provider]
	r := &reading{c: c, source: s, on: on, pull: &p.Pull, now: time.Now().UTC().Truncate(time.Millisecond)}
	was, err := c.reconciliation(ctx, s, r.now)
	if err != nil {
		return 0, err
	}
	now := *was
	agents, err := r.agents(ctx)
	if err == nil {
		now.Agents = agents
	}
	e, vendors := errors.AsType[*provider.ControlError](err)
	if err == nil || vendors && e.Kind != ringside.Unavailable { // a key that may not read agents may read calls
		if uncompared := r.compare(ctx, &now); uncompared != nil {
			err = uncompared
			e, vendors = errors.AsType[*provider.ControlError](err)
		}
	}
	switch {
	case err == nil:
		now.Words = ""
	case vendors:
		now.Words, again = words(e), e.After
		c.cfg.Log.Info("a source can't be compared with its vendor", slog.String("source_id", s.ID), slog.Any("error", err))
	default:
		return 0, err
	}
	return again, c.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := store.SourceByID(ctx, tx, workspace, source); err != nil {
			return nil //nolint:nilerr // it was deleted meanwhile
		}
		return store.PutReconciliation(ctx, tx, &now)
	})
}

// reconciliation is how it stands; before the first look, calls are looked for
// from the source's beginning on.
func (c *Connector) reconciliation(ctx context.Context, s *store.Source, now time.Time) (r *store.Reconciliation, err error) {
	err = c.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		r, err = store.ReconciliationOf(ctx, tx, s.Workspace, s.ID)
		return err
	})
	if r == nil && err == nil {
		r = &store.Reconciliation{Source: s.ID, Workspace: s.Workspace, Until: now.Add(-deepEvery), Deep: now}
	}
	return r, err
}

// compare fetches the calls since the last look that are not here whole.
func (r *reading) compare(ctx context.Context, now *store.Reconciliation) error {
	from, to := now.Until.Add(-overlap), r.now.Add(-grace)
	deeper := r.now.Sub(now.Deep) >= deepEvery
	if deeper {
		from = earlier(from, r.now.Add(-deep))
	}
	// Of the time before the source there is no webhook to miss.
	from = later(later(from, r.source.CreatedAt), r.now.Add(-furthest))
	for span := (provider.Span{From: from, To: to}); ; {
		if err := r.c.pace(ctx, r.pull); err != nil {
			return err
		}
		page, err := r.calls(ctx, span)
		if err != nil {
			return err
		}
		n, err := r.fetch(ctx, page.Calls)
		now.Fetched += n
		if err != nil {
			return err
		}
		if span.Cursor = page.Next; span.Cursor == "" {
			break
		}
	}
	if now.Until, now.LookedAt = to, &r.now; deeper {
		now.Deep = r.now
	}
	return nil
}

// fetch brings those of some calls that are over, and not here whole.
func (r *reading) fetch(ctx context.Context, calls []provider.Listed) (int, error) {
	held, err := r.held(ctx, calls)
	if err != nil {
		return 0, err
	}
	var lacking []provider.Listed
	for i := range calls {
		l := &calls[i]
		if l.Ended && !held[r.id(l)].Whole && r.since(l) >= grace {
			lacking = append(lacking, *l)
		}
	}
	return r.bring(ctx, lacking, func(l *provider.Listed) bool { return r.since(l) > news })
}

// since is for how long a call has been over, or has been at most where its
// list gives no end.
func (r *reading) since(l *provider.Listed) time.Duration {
	if l.Over.IsZero() {
		return r.now.Sub(l.Began)
	}
	return r.now.Sub(l.Over)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
