package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/text"
)

const (
	// maxSends is how often a channel is tried; with pauses that double that is
	// about two hours.
	maxSends  = 10
	firstSend = 5 * time.Second
	lastSend  = time.Hour
	// sendWithin bounds one attempt.
	sendWithin = time.Minute
	// maxSaid is how many turns are told at most.
	maxSaid = 30
)

// sender sends messages.
type sender struct {
	river.WorkerDefaults[jobs.SendAlertMessage]

	cfg Config
}

// Timeout implements river.Worker.
func (*sender) Timeout(*river.Job[jobs.SendAlertMessage]) time.Duration { return sendWithin }

// parcel is a message made ready.
type parcel struct {
	row      *store.AlertMessage
	wait     bool // the incident's first message is still under way
	channel  notify.Channel
	settings []byte
	message  notify.Message
	pause    time.Duration // before it is tried again
}

// Work implements river.Worker.
func (w *sender) Work(ctx context.Context, job *river.Job[jobs.SendAlertMessage]) error {
	p, err := w.load(ctx, job.Args)
	switch {
	case ringside.KindOf(err) == ringside.NotFound:
		return nil // the call was deleted
	case err != nil && job.Attempt < job.MaxAttempts:
		return fmt.Errorf("load alert message %s: %w", job.Args.MessageID, err)
	case err != nil:
		w.cfg.Log.ErrorContext(ctx, "alert message can't be made", slog.String("message_id", job.Args.MessageID), slog.Any("error", err))
		return nil
	case p.wait:
		return river.JobSnooze(soon)
	case p.row.Status != store.MessageQueued:
		return nil
	}
	if p.row.Reason == "" {
		w.send(ctx, p)
	} else {
		p.row.Status = store.MessageFailed // it can't be sent any more
	}
	return w.settle(ctx, job.Args.WorkspaceID, p)
}

// load makes a message ready.
func (w *sender) load(ctx context.Context, args jobs.SendAlertMessage) (*parcel, error) {
	p := &parcel{}
	err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		ws := args.WorkspaceID
		if p.row, err = store.AlertMessageByID(ctx, tx, ws, args.MessageID); err != nil {
			return err
		}
		p.row.Reason = ""
		rule, err := store.AlertRule(ctx, tx, ws, p.row.RuleID)
		if ringside.KindOf(err) == ringside.NotFound {
			p.row.Reason = "The rule was deleted."
			return nil
		}
		if err != nil {
			return err
		}
		if err := w.address(p, ws, rule); err != nil {
			return err
		}
		group, err := store.IncidentAlerts(ctx, tx, ws, p.row.Incident)
		if err != nil || len(group) == 0 {
			return errors.Join(err, orGone(group))
		}
		call, err := store.Call(ctx, tx, ws, group[0].Call)
		if err != nil {
			return err
		}
		p.message = w.cfg.Tell.message(p.row, rule.Condition.Type, group)
		p.message.Transcript = transcript(call)
		if p.row.Event != string(notify.Triggered) {
			return p.first(ctx, tx, ws)
		}
		return nil
	})
	return p, err
}

func orGone(group []*store.AlertRow) error {
	if len(group) == 0 {
		return ringside.Errorf(ringside.NotFound, "the alert is not there any more")
	}
	return nil
}

// address finds the channel and its settings.
func (w *sender) address(p *parcel, workspace string, rule *store.AlertRuleRow) (err error) {
	shown, named := rule.Notifications[p.row.Channel]
	var known bool
	if p.channel, known = w.cfg.Tell.Channels[p.row.Channel]; !known || !named {
		p.row.Reason = "The rule names this channel no more."
		return nil
	}
	secrets, err := rule.OpenSecrets(w.cfg.Tell.Secrets, workspace)
	if err != nil {
		p.row.Reason = "The channel's secrets can't be opened; enter them again."
		return nil //nolint:nilerr // it is told as the reason
	}
	p.settings, err = Join(shown, secrets[p.row.Channel])
	return err
}

// first finds what became of the incident's first message.
func (p *parcel) first(ctx context.Context, tx store.Tx, workspace string) error {
	all, err := store.AlertMessages(ctx, tx, workspace, p.row.Incident)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(m *store.AlertMessage) bool {
		return m.Channel == p.row.Channel && m.Event == string(notify.Triggered)
	})
	switch {
	case i < 0 || all[i].Status == store.MessageFailed:
		p.row.Reason = "The message that it began was not sent."
	case all[i].Status == store.MessageQueued:
		p.wait = true
	default:
		p.message.Ref = all[i].Ref
	}
	return nil
}

// send tries to send a message and notes what came of it.
func (w *sender) send(ctx context.Context, p *parcel) {
	t := &w.cfg.Tell
	sent, err := p.channel.Send(ctx, t.connection(p.settings), p.message)
	p.row.Attempts++
	if err == nil {
		p.row.Status, p.row.Ref = store.MessageSent, sent.Ref
		if len(sent.Skipped) > 0 {
			p.row.Reason = fmt.Sprintf("Not reached: %q.", sent.Skipped)
		}
		return
	}
	p.row.Reason = err.Error() // without secrets: see notify.Error
	p.pause = min(firstSend<<(p.row.Attempts-1), lastSend)
	e, ok := errors.AsType[*notify.Error](err)
	if ok {
		p.pause = max(p.pause, e.RetryAfter)
	}
	if ok && e.Final() || p.row.Attempts >= maxSends {
		p.row.Status = store.MessageFailed
	}
}

func (t *Telling) connection(settings []byte) notify.Connection {
	return notify.Connection{Client: t.Client, Dial: t.Dial, RootCAs: t.RootCAs, Mail: t.Mail, BaseURL: t.BaseURL, Settings: settings}
}

// settle writes what became of a message, and has it tried again.
func (w *sender) settle(ctx context.Context, workspace string, p *parcel) error {
	if p.row.Status != store.MessageQueued {
		p.row.FinishedAt = new(moment(time.Now()))
	}
	ctx = context.WithoutCancel(ctx)
	err := w.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.UpdateAlertMessage(ctx, tx, workspace, p.row)
	})
	if err != nil || p.row.Status != store.MessageQueued {
		return err
	}
	return river.JobSnooze(p.pause)
}

// message says what there is to say of an incident.
func (t *Telling) message(row *store.AlertMessage, kind ringside.AlertConditionType, group []*store.AlertRow) notify.Message {
	m := notify.Message{Event: notify.Event(row.Event), Key: row.Incident, At: row.At, FirstAt: group[0].TriggeredAt, Count: len(group)}
	worst := 0
	for i, a := range group {
		if slices.Index(ringside.AlertSeverities, a.Severity) > slices.Index(ringside.AlertSeverities, group[worst].Severity) {
			worst = i
		}
	}
	for i, a := range group {
		if i == worst {
			m.Alert = t.alert(a, kind)
		} else {
			m.Also = append(m.Also, t.alert(a, kind))
		}
	}
	return m
}

func (t *Telling) alert(a *store.AlertRow, kind ringside.AlertConditionType) notify.Alert {
	out := notify.Alert{
		ID: a.ID, Rule: a.RuleName, Type: string(kind), Severity: notify.Severity(a.Severity), Text: a.Message, Quote: a.Quote, Turn: a.Turn,
		Seconds: new(int(a.AtMS / 1000)), Link: t.PublicURL() + "/calls/" + a.Of.ShortID,
		Call: &notify.Call{ID: a.Call, ShortID: a.Of.ShortID, StartedAt: a.Of.StartedAt},
	}
	if !a.Of.Status.Ended() && a.Of.Status != ringside.StatusUnknown {
		out.Link = t.PublicURL() + "/live/" + a.Call.String()
	}
	if a.Of.Agent != nil {
		out.Call.Agent = a.Of.Agent.Name
	}
	return out
}

// transcript is what was said last, without what should not be said in the clear.
func transcript(c *ringside.Call) (out []notify.Said) {
	said := text.Masked(c.Turns)
	if len(said) != len(c.Turns) {
		return nil // too long to be read whole
	}
	for i := max(0, len(said)-maxSaid); i < len(said); i++ {
		out = append(out, notify.Said{Role: c.Turns[i].Role, Text: said[i]})
	}
	return out
}
