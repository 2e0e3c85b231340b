package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// backtestTimeout bounds what waits for many calls, or for other servers.
const backtestTimeout = time.Minute

type backtestInput struct {
	Body struct {
		Rule   AlertRuleBody `json:"rule" doc:"As it would be saved; its agents and channels may be left out"`
		From   string        `json:"from,omitempty" doc:"RFC 3339; 7 days before the end when left out"`
		To     string        `json:"to,omitempty" doc:"RFC 3339; now when left out"`
		Agents []string      `json:"agents,omitempty" doc:"Agents, by id or name; the rule's when left out"`
	}
}

type backtestOutput struct{ Body *alert.Backtest }

func (s *Server) backtestAlertRule(ctx context.Context, in *backtestInput) (*backtestOutput, error) {
	draft := newAlertRule("draft")
	in.Body.Rule.Name = new("Draft")
	if in.Body.Rule.Condition == nil {
		return nil, ringside.Invalidf("/rule/condition", "is required")
	}
	if err := in.Body.Rule.apply(&draft); err != nil {
		return nil, within("/rule", err)
	}
	d := alert.Draft{Rule: &draft, Agents: in.Body.Agents}
	var err error
	if d.To, err = moment("/to", in.Body.To); err != nil {
		return nil, err
	}
	if d.To.IsZero() {
		d.To = time.Now().UTC().Truncate(time.Millisecond)
	}
	if d.From, err = moment("/from", in.Body.From); err != nil {
		return nil, err
	}
	if d.From.IsZero() {
		d.From = d.To.AddDate(0, 0, -7)
	}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := nameAgents(ctx, tx, draft.Agents); err != nil {
			return within("/rule", err)
		}
		return nameAgents(ctx, tx, d.Agents)
	})
	if err != nil {
		return nil, err
	}
	out, err := s.cfg.Alerts.Backtest(ctx, auth.From(ctx).WorkspaceID, d)
	return &backtestOutput{out}, err
}

// within moves an error's field below another.
func within(at string, err error) error {
	e, ok := err.(*ringside.Error) //nolint:errorlint // ours, unwrapped
	if !ok {
		return err
	}
	moved := *e
	moved.Field = at + e.Field
	return &moved
}

type tryAlertRuleInput struct {
	IDPath
	Channel string `query:"channel" maxLength:"50" doc:"One of the rule's channels; all when left out"`
}

// AlertRuleTried is what came of test messages.
type AlertRuleTried struct {
	Items []alert.Tried `json:"items"`
}

type alertRuleTriedOutput struct{ Body AlertRuleTried }

func (s *Server) tryAlertRule(ctx context.Context, in *tryAlertRuleInput) (*alertRuleTriedOutput, error) {
	var row *store.AlertRuleRow
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		row, err = alertRule(ctx, tx, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &alertRuleTriedOutput{AlertRuleTried{Items: []alert.Tried{}}}
	for channel := range row.Notifications {
		if in.Channel == "" || in.Channel == channel {
			out.Body.Items = append(out.Body.Items, s.cfg.Alerts.Try(ctx, auth.From(ctx).WorkspaceID, row, channel))
		}
	}
	slices.SortFunc(out.Body.Items, func(a, b alert.Tried) int { return strings.Compare(a.Channel, b.Channel) })
	return out, nil
}
