package alert

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/store"
)

// Acknowledge notes that a person takes care of an alert; to do so twice is the
// same as once.
func (e *Engine) Acknowledge(ctx context.Context, tx store.Tx, workspace, id, by string) (*store.AlertRow, error) {
	did, err := store.AcknowledgeAlert(ctx, tx, workspace, id, by, moment(time.Now()))
	if err != nil {
		return nil, err
	}
	a, err := e.settled(ctx, tx, workspace, id, did, notify.Acknowledged)
	if err == nil && !did && !a.Open() {
		err = ringside.Errorf(ringside.Conflict, "the alert is resolved already, by %s", a.ResolvedBy).WithCode("alert_resolved")
	}
	return a, err
}

// Resolve notes that a person has settled what an alert was about. It does not
// come again in the call, and what was proposed because of it lapses; one that is
// over already stays as it is.
func (e *Engine) Resolve(ctx context.Context, tx store.Tx, workspace, id, by string) (*store.AlertRow, error) {
	now := moment(time.Now())
	did, err := store.ResolveAlert(ctx, tx, workspace, id, by, now)
	if err == nil && did {
		_, err = store.LapseForAlert(ctx, tx, workspace, id, lapseWords(by), now)
	}
	if err != nil {
		return nil, err
	}
	return e.settled(ctx, tx, workspace, id, did, notify.Resolved)
}

// settled loads an alert and has people told of what a person did.
func (e *Engine) settled(ctx context.Context, tx store.Tx, workspace, id string, did bool, event notify.Event) (*store.AlertRow, error) {
	a, err := store.Alert(ctx, tx, workspace, id)
	if err != nil || !did || !e.of(workspace).tells(a.RuleID) {
		return a, err
	}
	return a, e.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.TellAlert{WorkspaceID: workspace, AlertID: id, Event: string(event)}})
}

// Part takes a rule's channels apart (Channels.Part). One that leaves to the
// instance what the instance does not have is refused, unless it was saved so
// before: a rule can still be changed when the instance has lost its mail server.
func (e *Engine) Part(sent, had Settings, kept Secrets) (Settings, Secrets, error) {
	t := &e.cfg.Tell
	shown, secrets, err := t.Channels.Part(sent, had, kept)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(shown)) {
		ready := t.Channels[id].Ready
		if ready == nil || reflect.DeepEqual(shown[id], had[id]) {
			continue
		}
		whole, err := Join(shown[id], secrets[id])
		if err == nil {
			err = ready(t.connection(whole))
		}
		if err != nil {
			return nil, nil, under("/notifications/"+id, err)
		}
	}
	return shown, secrets, nil
}

// Tried is what came of a test message.
type Tried struct {
	Channel string `json:"channel"`
	OK      bool   `json:"ok"`
	Detail  string `json:"detail"`
}

// Try sends a sample to a channel of a rule, now.
func (e *Engine) Try(ctx context.Context, workspace string, rule *store.AlertRuleRow, channel string) Tried {
	t, out := &e.cfg.Tell, Tried{Channel: channel}
	secrets, err := rule.OpenSecrets(t.Secrets, workspace)
	if err != nil {
		out.Detail = "The channel's secrets can't be opened; enter them again."
		return out
	}
	var settings json.RawMessage
	if settings, err = Join(rule.Notifications[channel], secrets[channel]); err == nil {
		var sent notify.Sent
		now := moment(time.Now())
		sent, err = t.Channels[channel].Send(ctx, t.connection(settings), notify.Message{
			Event: notify.Triggered, Key: ringside.NewID("test", now), At: now, FirstAt: now,
			Alert: notify.Alert{
				ID: "test", Rule: rule.Name, Type: string(rule.Condition.Type), Severity: notify.Severity(rule.Severity),
				Text: "This is a test of the rule's notifications. Nothing has happened.", Link: t.PublicURL() + "/live",
			},
		})
		if err == nil && len(sent.Skipped) > 0 {
			out.Detail = "Sent, but not to everybody."
		}
	}
	if out.OK = err == nil; err != nil {
		out.Detail = err.Error()
	} else if out.Detail == "" {
		out.Detail = "Sent."
	}
	return out
}
