package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/text"
)

const (
	// erasePage is how many calls are looked at before the erasure's place is kept.
	erasePage = 500
	// eraseChunk is how many calls one transaction removes: few enough that the
	// ledger waits for less than 50 ms.
	eraseChunk = 5
	// eraseAgain is the pause before what is in the way is looked at again.
	eraseAgain = time.Second
	// eraseTimeout bounds one attempt; the next goes on where it ended.
	eraseTimeout = 30 * time.Minute
)

// ErasureSubject is what the subject of an erasure is sealed for.
func ErasureSubject(id string) string { return "erasure:" + id }

// erase carries out an erasure: call by call until a whole round has found
// none, then what names the person outside of calls, then what the files still
// have of it. What is done is counted in the transaction that does it, so that
// it can be cut off anywhere.
type erase struct {
	river.WorkerDefaults[jobs.Erase]

	cfg Config
}

// Timeout implements river.Worker.
func (w *erase) Timeout(*river.Job[jobs.Erase]) time.Duration { return eraseTimeout }

// Work implements river.Worker.
func (w *erase) Work(ctx context.Context, job *river.Job[jobs.Erase]) error {
	var e *store.Erasure
	err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		e, err = store.ErasureByID(ctx, tx, job.Args.WorkspaceID, job.Args.ErasureID)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil // its workspace was deleted
	}
	if err != nil || e.Status == store.ErasureDone {
		return err
	}
	// What waits for the database may be about the call, too.
	if w.cfg.Spooled != nil && w.cfg.Spooled() > 0 {
		return river.JobSnooze(eraseAgain)
	}
	value, err := w.cfg.Secrets.Open(ErasureSubject(e.ID), e.Subject)
	if err != nil {
		return fmt.Errorf("open what erasure %s is about: %w", e.ID, err)
	}
	subject, err := ParseSubject(e.Kind, string(value))
	if err != nil {
		return fmt.Errorf("read what erasure %s is about: %w", e.ID, err)
	}
	if err := w.carryOut(ctx, e, &subject); err != nil {
		return fmt.Errorf("carry out erasure %s: %w", e.ID, err)
	}
	clean, err := w.cfg.Store.Scrub(ctx)
	if err != nil {
		return err
	}
	if !clean {
		return river.JobSnooze(eraseAgain)
	}
	return w.finish(ctx, e)
}

func (w *erase) carryOut(ctx context.Context, e *store.Erasure, s *Subject) error {
	e.Status = store.ErasureRunning
	if s.Kind == EraseCall {
		id, _ := ringside.ParseCallID(s.Value)
		return w.remove(ctx, e, []ringside.CallID{id})
	}
	for {
		last, err := w.page(ctx, e, s)
		if err != nil {
			return err
		}
		if !last {
			continue
		}
		if !e.Found {
			break
		}
		e.Place, e.Found = 0, false // again: a call may have moved, or come meanwhile
	}
	return w.outside(ctx, e, s)
}

// page looks at the next calls and removes those of the subject.
func (w *erase) page(ctx context.Context, e *store.Erasure, s *Subject) (last bool, err error) {
	found, place, last, err := w.cfg.find(ctx, e.Workspace, s, e.Place)
	if err != nil {
		return false, err
	}
	e.Found = e.Found || len(found) > 0
	for chunk := range slices.Chunk(found, eraseChunk) {
		if err := w.remove(ctx, e, chunk); err != nil {
			return false, err
		}
	}
	e.Place = place
	return last, w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error { return store.UpdateErasure(ctx, tx, e) })
}

// find gives those of the next calls after a place that are of a subject.
func (c *Config) find(ctx context.Context, workspace string, s *Subject, after int64) (found []ringside.CallID, place int64, last bool, err error) {
	place = after
	err = c.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		calls, err := store.Parties(ctx, tx, workspace, after, erasePage)
		if err != nil {
			return err
		}
		last = len(calls) < erasePage
		for i := range calls {
			is, err := s.in(ctx, tx, workspace, &calls[i])
			if err == nil && !is && s.Kind == EraseEmail { // what was hidden is known by its mark alone
				is, err = store.HasRedaction(ctx, tx, calls[i].ID, ledger.RedactionMark(c.Secrets.Stamp, calls[i].ID, ringside.RedactEmail, s.Value))
			}
			if err != nil {
				return err
			}
			if is {
				found = append(found, calls[i].ID)
			}
			place = calls[i].Ord
		}
		return nil
	})
	return found, place, last, err
}

// remove removes some calls, in one transaction. One that is gone was removed
// by an attempt before this, or by somebody else.
func (w *erase) remove(ctx context.Context, e *store.Erasure, calls []ringside.CallID) error {
	before := e.Removed
	err := w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		e.Removed = before
		for _, id := range calls {
			removed, err := w.cfg.eraseCall(ctx, tx, id)
			if err != nil {
				return err
			}
			e.Removed.Add(&removed)
		}
		return store.UpdateErasure(ctx, tx, e)
	})
	if err != nil {
		e.Removed = before
		return err
	}
	if w.cfg.Forget != nil {
		for _, id := range calls {
			w.cfg.Forget(e.Workspace, id)
		}
	}
	return nil
}

// eraseCall removes a call and its recording. The file goes first: cut off in
// between, the call is erased again.
func (c *Config) eraseCall(ctx context.Context, tx store.Tx, id ringside.CallID) (store.Removed, error) {
	recordings := int64(0)
	if c.Recordings != nil && c.Recordings.Files.Has(id) {
		recordings = 1
		if err := c.Recordings.Files.Remove(id); err != nil {
			return store.Removed{}, err
		}
	}
	removed, err := c.Store.EraseCall(ctx, tx, id, text.QuestionWords)
	if ringside.KindOf(err) == ringside.NotFound {
		err = nil
	}
	removed.Recordings = recordings
	return removed, err
}

// finish forgets what the erasure was about.
func (w *erase) finish(ctx context.Context, e *store.Erasure) error {
	now := time.Now().UTC().Truncate(time.Millisecond)
	e.Status, e.Subject, e.FinishedAt, e.Place, e.Found = store.ErasureDone, nil, &now, 0, false
	err := w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error { return store.UpdateErasure(ctx, tx, e) })
	if err == nil {
		w.cfg.Log.Info("erasure is done", slog.String("workspace_id", e.Workspace), slog.String("erasure_id", e.ID), slog.Int64("calls", e.Removed.Calls))
	}
	return err
}

// Found is what an erasure would remove.
type Found struct {
	Calls         int  `json:"calls"`
	Recordings    int  `json:"recordings" doc:"Of the calls, those whose recording Ringside keeps"`
	AreLowerBound bool `json:"are_lower_bound" doc:"There are too many calls to look at them all in one request: the erasure may find more"`
}

// Preview counts what an erasure would remove, for as long as within.
func (c *Config) Preview(ctx context.Context, workspace string, s *Subject, within time.Duration) (out Found, err error) {
	until := time.Now().Add(within)
	count := func(ids []ringside.CallID) {
		out.Calls += len(ids)
		for _, id := range ids {
			if c.Recordings != nil && c.Recordings.Files.Has(id) {
				out.Recordings++
			}
		}
	}
	if s.Kind == EraseCall {
		id, _ := ringside.ParseCallID(s.Value)
		count([]ringside.CallID{id})
		return out, nil
	}
	for place, last := int64(0), false; !last; {
		if time.Now().After(until) {
			out.AreLowerBound = true
			return out, nil
		}
		var found []ringside.CallID
		if found, place, last, err = c.find(ctx, workspace, s, place); err != nil {
			return out, err
		}
		count(found)
	}
	return out, nil
}
