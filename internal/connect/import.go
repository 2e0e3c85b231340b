package connect

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// MaxDays is how far back an import may reach.
	MaxDays = 365
	// atATime is for how long one job goes on with an import before it lets
	// others have its place.
	atATime = 3 * time.Minute
	// maxTries is how often a vendor is asked in vain before an import fails: for
	// some hours.
	maxTries = 60
)

// Begin begins the import of a source's last days, or has one go on that was
// stopped or failed, unless it is to reach back further.
func (c *Connector) Begin(ctx context.Context, tx store.Tx, s *store.Source, days int) (*store.Import, error) {
	if p := c.cfg.Providers[s.Provider]; !p.Pull.Can() {
		return nil, ringside.Errorf(ringside.Conflict, "%s has no list of past calls that can be read", p.Name).WithCode("not_possible")
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	from := now.AddDate(0, 0, -days)
	i, err := store.ImportOf(ctx, tx, s.Workspace, s.ID)
	if err != nil {
		return nil, err
	}
	if again := i != nil && i.State != store.ImportDone && now.Sub(i.To) < 24*time.Hour && !from.Before(i.From.Add(-24*time.Hour)); !again {
		i = &store.Import{Source: s.ID, Workspace: s.Workspace, From: from, To: now, StartedAt: now}
	} else if i.Going() {
		return i, nil
	}
	i.Run, i.State, i.Words, i.Tries, i.Next, i.UpdatedAt = rand.Text(), store.ImportRunning, "", 0, nil, now
	if err := store.PutImport(ctx, tx, i); err != nil {
		return nil, err
	}
	return i, c.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.ImportCalls{WorkspaceID: s.Workspace, SourceID: s.ID, Run: i.Run}})
}

// importCalls goes on with an import.
type importCalls struct {
	river.WorkerDefaults[jobs.ImportCalls]

	c *Connector
}

// Work implements river.Worker.
func (w *importCalls) Work(ctx context.Context, job *river.Job[jobs.ImportCalls]) error {
	a := job.Args
	again, err := w.c.Import(ctx, a.WorkspaceID, a.SourceID, a.Run)
	if err == nil && again > 0 {
		return river.JobSnooze(again)
	}
	return err
}

// Import goes on with an import for a while, and tells when it is to be called
// again; 0: it is over.
func (c *Connector) Import(ctx context.Context, workspace, source, run string) (again time.Duration, err error) {
	var i *store.Import
	err = c.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		i, err = store.ImportOf(ctx, tx, workspace, source)
		return err
	})
	if err != nil || i == nil || i.Run != run || !i.Going() {
		return 0, err
	}
	s, on, err := c.source(ctx, workspace, source)
	if s == nil || err != nil {
		return 0, err
	}
	if on.Key == "" {
		return 0, c.fail(ctx, i, "the source has no API key any more")
	}
	p := c.cfg.Providers[s.Provider]
	r := &reading{c: c, source: s, on: on, pull: &p.Pull, now: time.Now()}
	for until := r.now.Add(atATime); i.Going(); {
		if time.Now().After(until) {
			return time.Second, nil
		}
		on, err := r.page(ctx, i)
		switch {
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return time.Second, nil // a slow vendor: what came of the page is here
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case err != nil:
			return c.trouble(ctx, i, err)
		case !on:
			return 0, nil
		}
	}
	return 0, nil
}

// page brings one page of calls and writes how far the import is by then; false
// when somebody else has gone on with it, or it was stopped.
func (r *reading) page(ctx context.Context, i *store.Import) (bool, error) {
	if err := r.c.pace(ctx, r.pull); err != nil {
		return false, err
	}
	page, err := r.calls(ctx, provider.Span{From: i.From, To: i.To, Cursor: i.Cursor})
	if err != nil {
		return false, err
	}
	held, err := r.held(ctx, page.Calls)
	if err != nil {
		return false, err
	}
	next, lacking := *i, []provider.Listed{}
	for k := range page.Calls {
		l := &page.Calls[k]
		if !l.Began.IsZero() && (next.Oldest == nil || l.Began.Before(*next.Oldest)) {
			next.Oldest = new(l.Began.UTC())
		}
		switch h := held[r.id(l)]; {
		case h.Whole && h.Since.Before(i.StartedAt):
			next.Known++
		case h.Whole:
			next.Brought++ // on a try that broke off behind it
		case !l.Ended:
			next.Passed++ // its webhook, or the next comparison, brings it
		default:
			lacking = append(lacking, *l)
		}
	}
	brought, err := r.bring(ctx, lacking, func(*provider.Listed) bool { return true })
	if err != nil {
		if brought > 0 {
			i.Tries = 0
		}
		return false, err
	}
	next.Found += len(page.Calls)
	next.Brought += brought
	next.Passed += len(lacking) - brought
	next.Cursor, next.State, next.Words, next.Tries, next.Next = page.Next, store.ImportRunning, "", 0, nil
	if page.Next == "" {
		next.State = store.ImportDone
	}
	on, err := r.c.step(ctx, &next, i.Cursor)
	*i = next
	return on, err
}

// step writes how far an import is that stood at a cursor.
func (c *Connector) step(ctx context.Context, i *store.Import, at string) (on bool, err error) {
	i.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
	err = c.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		on, err = store.StepImport(ctx, tx, i, at)
		return err
	})
	return on, err
}

func (c *Connector) fail(ctx context.Context, i *store.Import, words string) error {
	i.State, i.Words, i.Next = store.ImportFailed, words, nil
	_, err := c.step(ctx, i, i.Cursor)
	return err
}

// trouble notes why an import can't go on now, and tells when it is tried
// again; 0: never.
func (c *Connector) trouble(ctx context.Context, i *store.Import, why error) (time.Duration, error) {
	e, vendors := errors.AsType[*provider.ControlError](why)
	if !vendors {
		return 0, fmt.Errorf("import calls of source %s: %w", i.Source, why) // ours: the job comes again
	}
	i.Tries++
	if e.Kind != ringside.Unavailable || i.Tries >= maxTries {
		return 0, c.fail(ctx, i, words(e))
	}
	pause := c.cfg.Times.Longest
	if i.Tries < 16 {
		pause = min(pause, c.cfg.Times.First<<(i.Tries-1))
	}
	pause = max(pause, e.After)
	i.State, i.Words, i.Next = store.ImportWaiting, words(e), new(time.Now().Add(pause).UTC().Truncate(time.Millisecond))
	on, err := c.step(ctx, i, i.Cursor)
	if err != nil || !on {
		return 0, err
	}
	return pause, nil
}
