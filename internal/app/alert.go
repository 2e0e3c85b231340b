package app

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/email"
	"github.com/ringsidehq/ringside/internal/notify/pagerduty"
	"github.com/ringsidehq/ringside/internal/notify/slack"
	"github.com/ringsidehq/ringside/internal/notify/webhook"
)

// watcher makes what looks for trouble in calls that are on. The teller is made
// later.
func (a *App) watcher(queue func() *jobs.Queue) *alert.Engine {
	return alert.New(alert.Config{
		Store: a.store, Queue: queue, Tell: a.telling(), Log: a.log,
		Upset: func(all []*ringside.Alert) { a.teller.Upset(all) },
		Raise: func(one *ringside.Alert) { a.live.Revise(one) },
		Kept:  func(call ringside.CallID) { a.live.Kept(call) },
		Model: a.ruleModel, Propose: a.hand,
	})
}

// ruleModel takes a workspace's language model for a question of an alert rule.
func (a *App) ruleModel(ctx context.Context, workspace string) (*alert.Model, error) {
	j, done, err := a.models.Take(ctx, workspace)
	if j == nil || err != nil {
		return nil, err
	}
	return &alert.Model{Judge: j, Done: done}, nil
}

// telling is how people are told of alerts.
func (a *App) telling() alert.Telling {
	return alert.Telling{
		Channels: channelTable(), Secrets: a.secrets, Client: a.egress.Client(egress.Limits{Timeout: time.Minute, Body: maxAnswer}),
		Dial: a.egress.DialMail, Mail: a.mail, PublicURL: a.PublicURL,
	}
}

// channelTable is every channel that people can be told by.
func channelTable() alert.Channels {
	out := alert.Channels{}
	for _, c := range []notify.Channel{email.New(), pagerduty.New(), slack.New(), webhook.New()} {
		out[c.ID] = c
	}
	return out
}
