package deliver

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// worker works on jobs that send.
type worker struct {
	river.WorkerDefaults[jobs.SendWebhook]

	sender *Sender
}

// Timeout implements river.Worker: the longest answer, and the database.
func (w *worker) Timeout(*river.Job[jobs.SendWebhook]) time.Duration {
	return MaxTimeout + 30*time.Second
}

// Work implements river.Worker. What is to be tried later sleeps until then.
func (w *worker) Work(ctx context.Context, job *river.Job[jobs.SendWebhook]) error {
	wait, err := w.sender.work(ctx, job.Args.DeliveryID)
	if err != nil {
		return err
	}
	if wait > 0 {
		return river.JobSnooze(wait)
	}
	return nil
}

// work makes the next attempt of a delivery, if it is due and its turn, and
// says when to come back; 0 when there is nothing more to do.
func (s *Sender) work(ctx context.Context, id string) (wait time.Duration, err error) {
	d, r, err := s.load(ctx, id)
	if err != nil || d == nil {
		return 0, err
	}
	if r == nil {
		return 0, s.record(ctx, d, nil, "")
	}
	if wait := d.Due.Sub(s.cfg.Now()); wait > 0 {
		return wait, nil
	}
	if wait := s.place(ctx, egress.Host(r.url), d.ID); wait > 0 {
		return wait, nil
	}
	a, after := s.post(ctx, r, letter{d.ID, d.Event, d.Payload})
	// The place is held until the attempt is recorded: no other job for the
	// same delivery may send it meanwhile.
	defer s.hosts.leave(d.ID, time.Duration(a.LatencyMS)*time.Millisecond)
	if ctx.Err() != nil && a.Status == 0 {
		return 0, ctx.Err() // the program stops: that was no attempt of the receiver's
	}
	return s.conclude(ctx, d, r, a, after)
}

// How long a job stands at the door of a host that answers quickly, and how
// often it looks: a place is free again sooner than a job that sleeps is
// woken. Nobody stands at the door of a host that is known to be slow, and
// standing there is short enough to hold up no other host.
const (
	patience = 300 * time.Millisecond
	glance   = 5 * time.Millisecond
)

// place takes a place at a host, or says when to come back for one.
func (s *Sender) place(ctx context.Context, host, delivery string) (wait time.Duration) {
	for stood := time.Duration(0); stood < patience && s.hosts.quick(host) && ctx.Err() == nil; stood += glance {
		if s.hosts.free(host) {
			break
		}
		time.Sleep(glance)
	}
	return s.hosts.enter(host, delivery)
}

// load gives a delivery and where it goes; no delivery when there is nothing
// to do, and no receiver when it has become dead without an attempt.
func (s *Sender) load(ctx context.Context, id string) (d *store.WebhookDelivery, r *receiver, err error) {
	err = s.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if d, err = store.WebhookDeliveryByID(ctx, tx, "", id); err != nil {
			if ringside.KindOf(err) == ringside.NotFound {
				return nil // deleted with its call
			}
			return err
		}
		// One that comes before it wakes it when it is settled.
		before := false
		if d.Status.Open() {
			if before, err = store.WebhookBefore(ctx, tx, d); err != nil {
				return err
			}
		}
		if before || !d.Status.Open() {
			d = nil
			return nil
		}
		r, err = s.receiver(ctx, tx, d.Workspace, d.Target)
		switch {
		case ringside.KindOf(err) == ringside.NotFound:
			d.Status, d.Reason = store.WebhookDead, message(err)
			return nil
		case err == nil && r.stop != nil:
			d.Status, d.Reason, r = store.WebhookDead, r.stopped(), nil
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("load webhook delivery %s: %w", id, err)
	}
	return d, r, nil
}

// schedule is the pause after each failure; the last one holds for all after.
var schedule = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// pause is how long to wait after so many failures, somewhat more at random,
// so that what failed together does not come back together; longer when the
// receiver asks for it.
func pause(failures int, asked time.Duration) time.Duration {
	base := schedule[min(failures, len(schedule))-1]
	return max(base+rand.N(base/5), asked)
}

// conclude decides what an attempt makes of a delivery and records it.
func (s *Sender) conclude(ctx context.Context, d *store.WebhookDelivery, r *receiver, a *store.WebhookAttempt, after time.Duration) (time.Duration, error) {
	var wait time.Duration
	stop := ""
	failures := d.Attempts + 1 - d.Base
	switch {
	case a.Error == "":
		d.Status = store.WebhookDelivered
	case a.Status == http.StatusGone:
		d.Status, stop = store.WebhookDead, r.url
	case failures > r.retries:
		d.Status = store.WebhookDead
	default:
		wait = pause(failures, after)
		d.Status, d.Due = store.WebhookFailed, s.cfg.Now().Add(wait)
	}
	return wait, s.record(ctx, d, a, stop)
}

// recordWithin is how long an attempt may take to be recorded. It does so even
// when the program is told to stop: the receiver has seen it.
const recordWithin = 10 * time.Second

// record keeps what has become of a delivery, and wakes the one whose turn it
// is then. stop is the URL of a target that wants nothing more.
func (s *Sender) record(ctx context.Context, d *store.WebhookDelivery, a *store.WebhookAttempt, stop string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	err := s.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if stop != "" {
			err := store.StopWebhook(ctx, tx, d.Workspace, d.Target, store.WebhookStop{URL: stop, Reason: "the receiver answered 410 Gone", At: s.cfg.Now()})
			if err != nil {
				return err
			}
		}
		next, err := store.SettleWebhook(ctx, tx, d, a)
		if err != nil || next == "" {
			return err
		}
		return s.cfg.Jobs().Enqueue(ctx, tx, []river.JobArgs{jobs.SendWebhook{DeliveryID: next}})
	})
	if err != nil {
		return fmt.Errorf("record attempt of webhook delivery %s: %w", d.ID, err)
	}
	if a != nil && s.cfg.Observe != nil {
		s.cfg.Observe(d.Status, time.Duration(a.LatencyMS)*time.Millisecond)
	}
	if d.Status == store.WebhookDead {
		s.cfg.Log.InfoContext(ctx, "webhook delivery given up", slog.String("workspace_id", d.Workspace), slog.String("delivery_id", d.ID), slog.String("target", d.Target))
	}
	return nil
}
