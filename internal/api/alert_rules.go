package api

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// AlertRuleList is the rules of a workspace.
type AlertRuleList struct {
	Items []*ringside.AlertRule `json:"items" doc:"The built-in ones in their order, then your own, oldest first"`
}

type alertRulesOutput struct{ Body AlertRuleList }

func (s *Server) listAlertRules(ctx context.Context, _ *struct{}) (*alertRulesOutput, error) {
	out := &alertRulesOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		rows, err := store.AlertRules(ctx, tx, auth.From(ctx).WorkspaceID)
		stored := make([]*ringside.AlertRule, len(rows))
		for i := range rows {
			stored[i] = &rows[i].AlertRule
		}
		out.Body.Items = alert.All(stored)
		return err
	})
	return out, err
}

type alertRuleOutput struct{ Body *ringside.AlertRule }

func (s *Server) getAlertRule(ctx context.Context, in *IDPath) (*alertRuleOutput, error) {
	out := &alertRuleOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		row, err := alertRule(ctx, tx, in.ID)
		if err == nil {
			out.Body = &row.AlertRule
		}
		return err
	})
	return out, err
}

// alertRule loads a rule; a built-in one that nobody has changed as it came.
func alertRule(ctx context.Context, tx store.Tx, id string) (*store.AlertRuleRow, error) {
	row, err := store.AlertRule(ctx, tx, auth.From(ctx).WorkspaceID, id)
	if r := alert.BuiltIn(id); r != nil && ringside.KindOf(err) == ringside.NotFound {
		return &store.AlertRuleRow{AlertRule: *r}, nil
	}
	return row, err
}

// AlertRuleBody is a rule as it is sent. A field that is left out stays as it is.
type AlertRuleBody struct {
	Name            *string                   `json:"name,omitempty" maxLength:"200" doc:"Needed to make one"`
	Condition       *ringside.AlertCondition  `json:"condition,omitempty" doc:"Needed to make one; replaced as a whole"`
	Severity        *ringside.AlertSeverity   `json:"severity,omitempty" enum:"low,medium,high,critical" doc:"medium to begin with"`
	Agents          []string                  `json:"agents,omitempty" doc:"Agents, by id or name; empty: every agent"`
	Active          *bool                     `json:"active,omitempty" doc:"true to begin with"`
	Notifications   map[string]any            `json:"notifications,omitempty" doc:"Whom to tell, by channel: email, slack, webhook, pagerduty; replaced as a whole but for secrets that are left out. A list of addresses is good for email, which goes by the mail server that Ringside was started with, or by one given as server"`
	Throttling      *ringside.AlertThrottling `json:"throttling,omitempty"`
	Grouping        *ringside.AlertGrouping   `json:"grouping,omitempty"`
	SilenceSchedule *ringside.AlertSilence    `json:"silenceSchedule,omitempty"`
}

// apply changes a rule, all but its channels.
func (b *AlertRuleBody) apply(r *ringside.AlertRule) error {
	switch {
	case r.BuiltIn && b.Name != nil && strings.TrimSpace(*b.Name) != r.Name:
		return ringside.Invalidf("/name", "of a built-in rule stays %q", r.Name)
	case r.BuiltIn && b.Condition != nil && b.Condition.Type != r.Condition.Type:
		return ringside.Invalidf("/condition/type", "of a built-in rule stays %s", r.Condition.Type)
	}
	if b.Name != nil {
		r.Name = strings.TrimSpace(*b.Name)
	}
	if b.Condition != nil {
		r.Condition = *b.Condition
		r.Condition.Complete()
	}
	set(&r.Severity, b.Severity)
	set(&r.Active, b.Active)
	set(&r.Throttling, b.Throttling)
	set(&r.Grouping, b.Grouping)
	set(&r.SilenceSchedule, b.SilenceSchedule)
	if b.Agents != nil {
		r.Agents = b.Agents
	}
	return r.Validate()
}

// set takes a value over that was given.
func set[T any](dst, v *T) {
	if v != nil {
		*dst = *v
	}
}

// settings are the channels as they are sent.
func (b *AlertRuleBody) settings() (alert.Settings, error) {
	out := alert.Settings{}
	for channel, v := range b.Notifications {
		switch x := v.(type) {
		case map[string]any:
			out[channel] = x
		case []any:
			out[channel] = ringside.Values{"recipients": x}
		case nil:
		default:
			return nil, ringside.Invalidf("/notifications/"+channel, "is an object with the channel's settings")
		}
	}
	return out, nil
}

// edit applies a body to a rule, with its channels and their secrets.
func (s *Server) editAlertRule(ctx context.Context, tx store.Tx, row *store.AlertRuleRow, b *AlertRuleBody) error {
	if err := b.apply(&row.AlertRule); err != nil {
		return err
	}
	if b.Agents != nil {
		if err := nameAgents(ctx, tx, row.Agents); err != nil {
			return err
		}
		slices.Sort(row.Agents)
		row.Agents = slices.Compact(row.Agents)
	}
	if b.Notifications == nil {
		return nil
	}
	ws := auth.From(ctx).WorkspaceID
	kept, err := row.OpenSecrets(s.cfg.Secrets, ws)
	if err != nil {
		kept = nil // sealed under another key: they are to be entered again
	}
	sent, err := b.settings()
	if err != nil {
		return err
	}
	had := alert.Settings{}
	for channel, v := range row.Notifications {
		had[channel] = v
	}
	shown, secrets, err := s.cfg.Alerts.Part(sent, had, kept)
	if err != nil {
		return err
	}
	row.Notifications = shown
	return row.SealSecrets(s.cfg.Secrets, ws, secrets)
}

// nameAgents makes ids of the names of agents.
func nameAgents(ctx context.Context, tx store.Tx, agents []string) error {
	names, err := store.AgentNames(ctx, tx, auth.From(ctx).WorkspaceID)
	if err != nil {
		return err
	}
	for i, a := range agents {
		if _, is := names[a]; is || a == ringside.AllAgents {
			continue
		}
		found := ""
		for id, name := range names {
			if name == a {
				found = id
			}
		}
		if found == "" {
			return ringside.Invalidf("/agents/"+strconv.Itoa(i), "%q is not an agent of this workspace", a)
		}
		agents[i] = found
	}
	return nil
}

type createAlertRuleInput struct{ Body AlertRuleBody }

func (s *Server) createAlertRule(ctx context.Context, in *createAlertRuleInput) (*alertRuleOutput, error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	row := &store.AlertRuleRow{AlertRule: newAlertRule(ringside.NewID("rule", now))}
	row.CreatedAt = &now
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := s.editAlertRule(ctx, tx, row, &in.Body); err != nil {
			return err
		}
		return putAlertRule(ctx, tx, row, now, "alert_rule.create")
	})
	return s.ruleSaved(ctx, row, err)
}

// newAlertRule is a rule before anything is said of it.
func newAlertRule(id string) ringside.AlertRule {
	return ringside.AlertRule{ID: id, Severity: ringside.AlertMedium, Active: true, Agents: []string{}, Notifications: map[string]ringside.Values{}}
}

// putAlertRule keeps a rule as its next version, and notes who made it.
func putAlertRule(ctx context.Context, tx store.Tx, row *store.AlertRuleRow, now time.Time, action string) error {
	if row.UpdatedAt = &now; row.CreatedAt == nil {
		row.CreatedAt = &now
	}
	who := auth.From(ctx)
	if err := store.PutAlertRule(ctx, tx, who.WorkspaceID, row, who.Name); err != nil {
		return err
	}
	return audit(ctx, tx, action, named(row.Name, row.ID))
}

// ruleSaved has the calls that are on looked at by the rules as they are now.
func (s *Server) ruleSaved(ctx context.Context, row *store.AlertRuleRow, err error) (*alertRuleOutput, error) {
	if err != nil {
		return nil, err
	}
	s.cfg.Alerts.Reload(ctx)
	return &alertRuleOutput{&row.AlertRule}, nil
}

type patchAlertRuleInput struct {
	IDPath
	Body AlertRuleBody
}

// changeAlertRule has a rule changed by a function, as one step.
func (s *Server) changeAlertRule(ctx context.Context, id, action string, change func(context.Context, store.Tx, *store.AlertRuleRow) error) (*alertRuleOutput, error) {
	var row *store.AlertRuleRow
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err := store.LockAlertRule(ctx, tx, auth.From(ctx).WorkspaceID, id); err != nil {
			return err
		}
		if row, err = alertRule(ctx, tx, id); err != nil {
			return err
		}
		if err := change(ctx, tx, row); err != nil {
			return err
		}
		return putAlertRule(ctx, tx, row, time.Now().UTC().Truncate(time.Millisecond), action)
	})
	return s.ruleSaved(ctx, row, err)
}

func (s *Server) patchAlertRule(ctx context.Context, in *patchAlertRuleInput) (*alertRuleOutput, error) {
	return s.changeAlertRule(ctx, in.ID, "alert_rule.update", func(ctx context.Context, tx store.Tx, row *store.AlertRuleRow) error {
		return s.editAlertRule(ctx, tx, row, &in.Body)
	})
}

// resetAlertRule sets a built-in rule back, as another version. Whom it tells
// stays.
func (s *Server) resetAlertRule(ctx context.Context, in *IDPath) (*alertRuleOutput, error) {
	return s.changeAlertRule(ctx, in.ID, "alert_rule.reset", func(_ context.Context, _ store.Tx, row *store.AlertRuleRow) error {
		r := alert.BuiltIn(in.ID)
		if r == nil {
			return ringside.Errorf(ringside.Conflict, "only built-in rules can be set back; this one is your own").WithCode("not_built_in")
		}
		r.Version, r.CreatedAt, r.Notifications = row.Version, row.CreatedAt, row.Notifications
		row.AlertRule = *r
		return nil
	})
}

func (s *Server) deleteAlertRule(ctx context.Context, in *IDPath) (*struct{}, error) {
	if alert.BuiltIn(in.ID) != nil {
		return nil, ringside.Errorf(ringside.Conflict, "a built-in rule can't be deleted; switch it off with active").WithCode("built_in")
	}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		ws := auth.From(ctx).WorkspaceID
		r, err := store.AlertRule(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if err := store.DeleteAlertRule(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "alert_rule.delete", named(r.Name, r.ID))
	})
	if err == nil {
		s.cfg.Alerts.Reload(ctx)
	}
	return nil, err
}

// AlertRuleVersions are how a rule was.
type AlertRuleVersions struct {
	Items []*store.AlertRuleVersion `json:"items" doc:"Newest first; none of a built-in rule that nobody has changed"`
}

type alertRuleVersionsOutput struct{ Body AlertRuleVersions }

func (s *Server) listAlertRuleVersions(ctx context.Context, in *IDPath) (*alertRuleVersionsOutput, error) {
	out := &alertRuleVersionsOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if _, err := alertRule(ctx, tx, in.ID); err != nil {
			return err
		}
		out.Body.Items, err = store.AlertRuleVersions(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		return err
	})
	return out, err
}
