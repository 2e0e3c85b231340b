package alert

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// Telling is how people are told.
type Telling struct {
	Channels  Channels
	Secrets   *secret.Box
	Client    *http.Client // the guarded one
	Dial      func(ctx context.Context, address string, plain bool) (net.Conn, error)
	RootCAs   *x509.CertPool     // who vouches for a mail server; nil: the system's
	Mail      *notify.MailServer // the instance's own; nil: rules have to name theirs
	BaseURL   string             // of PagerDuty's events, when not its own
	PublicURL func() string
}

// AddWorkers adds what tells people, asks models and takes rates.
func (e *Engine) AddWorkers(w *river.Workers) {
	river.AddWorker(w, &asker{engine: e})
	river.AddWorker(w, &rates{engine: e})
	river.AddWorker(w, &router{cfg: e.cfg})
	river.AddWorker(w, &sender{cfg: e.cfg})
}

// soon is when a job comes again that has to wait for another.
const soon = 2 * time.Second

// router decides who is told of an alert, and when.
type router struct {
	river.WorkerDefaults[jobs.TellAlert]

	cfg Config
}

// Work implements river.Worker.
func (w *router) Work(ctx context.Context, job *river.Job[jobs.TellAlert]) error {
	var wait time.Duration
	err := w.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		r := &routing{w.cfg, tx, job.Args.WorkspaceID, moment(time.Now())}
		a, err := store.Alert(ctx, tx, r.workspace, job.Args.AlertID)
		if err != nil {
			return err
		}
		wait, err = r.route(ctx, a, notify.Event(job.Args.Event))
		return err
	})
	switch {
	case ringside.KindOf(err) == ringside.NotFound:
		return nil // the call was deleted
	case err != nil:
		return fmt.Errorf("tell of alert %s: %w", job.Args.AlertID, err)
	case wait > 0:
		return river.JobSnooze(wait)
	}
	return nil
}

// routing is one decision, in its transaction.
type routing struct {
	cfg       Config
	tx        store.Tx
	workspace string
	now       time.Time
}

// route has what happened to an alert told: first that it was triggered, as far as
// that was not decided yet. It locks the rule; of one that is gone nobody is told.
func (r *routing) route(ctx context.Context, a *store.AlertRow, event notify.Event) (wait time.Duration, err error) {
	if err := store.LockAlertRule(ctx, r.tx, r.workspace, a.RuleID); err != nil {
		return 0, err
	}
	rule, err := store.AlertRule(ctx, r.tx, r.workspace, a.RuleID)
	switch {
	case ringside.KindOf(err) == ringside.NotFound:
		rule = &store.AlertRuleRow{}
	case err != nil:
		return 0, err
	}
	if a.Told == store.ToldWaiting {
		if wait, err = r.triggered(ctx, a, &rule.AlertRule); wait > 0 || err != nil {
			return wait, err
		}
	}
	if event == notify.Triggered {
		return 0, nil
	}
	return 0, r.later(ctx, a.ID, event)
}

// triggered has an alert told that waits for it: now, later together with others,
// or not at all.
func (r *routing) triggered(ctx context.Context, a *store.AlertRow, rule *ringside.AlertRule) (wait time.Duration, err error) {
	switch {
	case len(rule.Notifications) == 0:
		return 0, r.settle(ctx, "", "", a)
	case a.ToldAt == nil && rule.SilenceSchedule.Silent(a.TriggeredAt):
		return 0, r.settle(ctx, store.ToldSilenced, "", a)
	}
	hour, last, err := store.ToldSince(ctx, r.tx, r.workspace, rule.ID, r.now.Add(-time.Hour))
	if err != nil {
		return 0, err
	}
	if throttled(&rule.Throttling, hour, last, r.now) {
		return 0, r.settle(ctx, store.ToldThrottled, "", a)
	}
	if !rule.Grouping.Enabled {
		return 0, r.tell(ctx, rule, []*store.AlertRow{a})
	}
	if a.ToldAt == nil {
		if err := r.settle(ctx, store.ToldWaiting, "", a); err != nil {
			return 0, err
		}
	}
	group, err := store.WaitingAlerts(ctx, r.tx, r.workspace, rule.ID)
	if err != nil {
		return 0, err
	}
	full := rule.Grouping.MaxGroupSize > 0 && len(group) >= rule.Grouping.MaxGroupSize
	if until := last.Add(rule.Grouping.Window()); !full && r.now.Before(until) {
		return until.Sub(r.now) + time.Millisecond, nil
	}
	return 0, r.tell(ctx, rule, group)
}

// throttled tells whether a rule has told enough.
func throttled(t *ringside.AlertThrottling, hour int, last, now time.Time) bool {
	if !t.Enabled {
		return false
	}
	return t.MaxAlertsPerHour > 0 && hour >= t.MaxAlertsPerHour || now.Before(last.Add(time.Duration(t.CooldownMinutes)*time.Minute))
}

func (r *routing) settle(ctx context.Context, told, incident string, alerts ...*store.AlertRow) error {
	for _, a := range alerts {
		if err := store.SetAlertTold(ctx, r.tx, r.workspace, a.ID, told, incident, r.now); err != nil {
			return err
		}
	}
	return nil
}

// tell has alerts told as one incident, which bears the name of the first.
func (r *routing) tell(ctx context.Context, rule *ringside.AlertRule, group []*store.AlertRow) error {
	if err := r.settle(ctx, store.ToldSent, group[0].ID, group...); err != nil {
		return err
	}
	for channel := range rule.Notifications {
		if err := r.message(ctx, rule.ID, group[0].ID, channel, notify.Triggered); err != nil {
			return err
		}
	}
	return nil
}

// later tells those of an incident's progress who were told of its beginning,
// once it is so for all of its alerts.
func (r *routing) later(ctx context.Context, id string, event notify.Event) error {
	a, err := store.Alert(ctx, r.tx, r.workspace, id)
	if err != nil || a.Told != store.ToldSent {
		return err
	}
	group, err := store.IncidentAlerts(ctx, r.tx, r.workspace, a.Incident)
	if err != nil {
		return err
	}
	for _, b := range group {
		if event == notify.Resolved && b.Open() || b.Status == ringside.AlertTriggered {
			return nil
		}
	}
	sent, err := store.AlertMessages(ctx, r.tx, r.workspace, a.Incident)
	if err != nil {
		return err
	}
	for _, m := range sent {
		if m.Event == string(notify.Triggered) {
			if err := r.message(ctx, m.RuleID, a.Incident, m.Channel, event); err != nil {
				return err
			}
		}
	}
	return nil
}

// message has one channel told.
func (r *routing) message(ctx context.Context, rule, incident, channel string, event notify.Event) error {
	m := &store.AlertMessage{
		ID: ringside.NewID("message", r.now), Incident: incident, RuleID: rule, Channel: channel, Event: string(event), At: r.now, CreatedAt: r.now,
	}
	kept, err := store.InsertAlertMessage(ctx, r.tx, r.workspace, m)
	if err != nil || !kept {
		return err
	}
	return r.cfg.Queue().Enqueue(ctx, r.tx, []river.JobArgs{jobs.SendAlertMessage{WorkspaceID: r.workspace, MessageID: m.ID}})
}
