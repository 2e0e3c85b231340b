package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/text"
)

// retainPage is how many calls are looked up at once.
const retainPage = 200

// retain removes what agents' retention does not keep any longer: recordings,
// what was said, whole calls. It is safe to be cut off: what is not noted as
// removed is removed again.
type retain struct {
	river.WorkerDefaults[jobs.Retain]

	cfg Config
	now func() time.Time
}

// Timeout implements river.Worker.
func (w *retain) Timeout(*river.Job[jobs.Retain]) time.Duration { return eraseTimeout }

// rule is one part of a retention.
type rule struct {
	part   ringside.Part // empty: the whole call
	days   *int
	remove func(context.Context, *store.Retainer, []store.DueCall, int) error
}

// Work implements river.Worker. Whole calls go first: of those nothing else has
// to be removed.
func (w *retain) Work(ctx context.Context, _ *river.Job[jobs.Retain]) error {
	var agents []store.Retainer
	err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		agents, err = store.Retainers(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	removed := 0
	for i := range agents {
		a := &agents[i]
		for _, r := range []rule{
			{"", a.Retention.EverythingDays, w.everything},
			{ringside.PartTranscript, a.Retention.TranscriptDays, w.transcripts},
			{ringside.PartRecording, a.Retention.RecordingDays, w.recordings},
		} {
			n, err := w.apply(ctx, a, r)
			if err != nil {
				return fmt.Errorf("apply retention of agent %s: %w", a.Agent, err)
			}
			removed += n
		}
	}
	if removed > 0 {
		w.cfg.Log.Info("retention removed parts of calls", slog.Int("parts", removed))
	}
	return w.scrub(ctx, removed > 0)
}

// scrubDue names the setting that says since when files may hold what rows do
// not; scrubAfter is for how long they may: it rewrites the whole index.
const (
	scrubDue   = "scrub_due"
	scrubAfter = 24 * time.Hour
)

// scrub cleans the files once a day, if there is something to clean.
func (w *retain) scrub(ctx context.Context, removed bool) error {
	now, since := w.now(), ""
	err := w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if since, err = store.Setting(ctx, tx, scrubDue); err == nil && since == "" && removed {
			since = now.Format(time.RFC3339)
			err = store.SetSetting(ctx, tx, scrubDue, since)
		}
		return err
	})
	if err != nil || since == "" {
		return err
	}
	if at, err := time.Parse(time.RFC3339, since); err == nil && now.Sub(at) < scrubAfter {
		return nil
	}
	done, err := w.cfg.Store.Scrub(ctx)
	if err != nil || !done { // somebody reads: the next run tries again
		return err
	}
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := store.TakeSetting(ctx, tx, scrubDue, since)
		return err
	})
}

// apply removes one part of all calls that are past its days, and counts them.
func (w *retain) apply(ctx context.Context, a *store.Retainer, r rule) (removed int, err error) {
	if r.days == nil || *r.days == 0 {
		return 0, nil
	}
	by := w.now().Add(-time.Duration(*r.days) * 24 * time.Hour)
	for after := int64(0); ; {
		var due []store.DueCall
		err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			due, err = store.DueCalls(ctx, tx, a, r.part, by, after, retainPage)
			return err
		})
		if err != nil || len(due) == 0 {
			return removed, err
		}
		for chunk := range slices.Chunk(due, eraseChunk) {
			if err := r.remove(ctx, a, chunk, *r.days); err != nil {
				return removed, err
			}
			removed += len(chunk)
		}
		after = due[len(due)-1].Ord
	}
}

func (w *retain) everything(ctx context.Context, a *store.Retainer, calls []store.DueCall, _ int) error {
	err := w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		for i := range calls {
			if _, err := w.cfg.eraseCall(ctx, tx, calls[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && w.cfg.Forget != nil {
		for i := range calls {
			w.cfg.Forget(a.Workspace, calls[i].ID)
		}
	}
	return err
}

// transcripts tells of the removal before it removes: cut off in between, the
// call is not noted, and the next run does both again.
func (w *retain) transcripts(ctx context.Context, a *store.Retainer, calls []store.DueCall, days int) error {
	for i := range calls {
		c := &calls[i]
		if err := w.tell(ctx, a.Workspace, c, ringside.PartTranscript, days); err != nil {
			return err
		}
		k := store.AppendKey{Workspace: a.Workspace, Provider: c.Provider, ProviderCallID: c.ProviderCallID, Call: c.ID}
		err := w.cfg.Ledger().DropWords(ctx, k, func(ctx context.Context, tx store.Tx) error {
			if err := store.DropQuotes(ctx, tx, a.Workspace, c.ID, text.QuestionWords); err != nil {
				return err
			}
			return store.NoteExpiry(ctx, tx, c.ID, ringside.PartTranscript, w.now())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recordings removes the files and what is drawn of them. What was heard stays
// in figures.
func (w *retain) recordings(ctx context.Context, a *store.Retainer, calls []store.DueCall, days int) error {
	for i := range calls {
		c := &calls[i]
		if w.cfg.Recordings != nil && w.cfg.Recordings.Files.Has(c.ID) {
			if err := w.tell(ctx, a.Workspace, c, ringside.PartRecording, days); err != nil {
				return err
			}
			if err := w.cfg.Recordings.Files.Remove(c.ID); err != nil {
				return err
			}
		}
		if err := w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
			var heard audio.Report
			err := store.Sound(ctx, tx, c.ID, &heard)
			if err == nil {
				heard.Peaks = nil
				err = store.SaveSound(ctx, tx, c.ID, &heard)
			}
			if err != nil && ringside.KindOf(err) != ringside.NotFound {
				return err
			}
			return store.NoteExpiry(ctx, tx, c.ID, ringside.PartRecording, w.now())
		}); err != nil {
			return err
		}
	}
	return nil
}

// tell puts into the call that a part of it is removed.
func (w *retain) tell(ctx context.Context, workspace string, c *store.DueCall, part ringside.Part, days int) error {
	now := w.now().UTC().Truncate(time.Millisecond)
	_, err := w.cfg.hand(ctx, workspace, ringside.Event{
		Provider: c.Provider, ProviderCallID: c.ProviderCallID, Name: "retention." + string(part), Authority: ringside.Guess, At: now, ReceivedAt: now,
		Facts: ringside.Facts{Expired: &ringside.Expiry{Part: part, Days: days, At: now}},
	})
	return err
}

// ExpiredStep says why a step of a call can't be done again: retention has
// removed what it is made from. Empty when it can.
func ExpiredStep(c *ringside.Call, step string) string {
	part := ringside.PartTranscript
	switch step {
	case ringside.StepRecording:
		part = ringside.PartRecording
	case ringside.StepAnalysis, ringside.StepTranscription, ringside.StepJudge:
	default:
		return ""
	}
	e := c.ExpiryOf(part)
	if e == nil {
		return ""
	}
	return fmt.Sprintf("The %s was removed after %d days by this agent's retention.", part, e.Days)
}
