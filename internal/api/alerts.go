package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

type alertsInput struct {
	Status          []string `query:"status,explode" doc:"triggered, acknowledged, resolved; open: not resolved"`
	Severity        []string `query:"severity,explode" doc:"low, medium, high, critical"`
	Type            []string `query:"type,explode" doc:"quality_drop, compliance_issue, customer_frustration, agent_stuck, dead_air, long_call, slow_response, tool_failing, call_error, custom_rule"`
	Agent           []string `query:"agent,explode" doc:"Agent ids; none for calls without an agent"`
	Rule            []string `query:"rule,explode" doc:"Rule ids; of a built-in rule its type"`
	Call            string   `query:"call" maxLength:"64" doc:"A call: call_…, its UUID, or its short id"`
	TriggeredAfter  string   `query:"triggered_after" doc:"RFC 3339, or Unix seconds or milliseconds; inclusive"`
	TriggeredBefore string   `query:"triggered_before" doc:"RFC 3339, or Unix seconds or milliseconds; exclusive"`
	Limit           int      `query:"limit" minimum:"1" maximum:"500" default:"50"`
	Cursor          string   `query:"cursor" maxLength:"100" doc:"next_cursor of the page before"`
}

// filter is what the parameters mean, but for the call.
func (in *alertsInput) filter(ctx context.Context) (f store.AlertFilter, err error) {
	f = store.AlertFilter{
		Workspace: auth.From(ctx).WorkspaceID, Statuses: split(in.Status), Severities: split(in.Severity), Types: split(in.Type),
		Agents: split(in.Agent), Rules: split(in.Rule),
	}
	if f.After, err = moment("triggered_after", in.TriggeredAfter); err == nil {
		f.Before, err = moment("triggered_before", in.TriggeredBefore)
	}
	return f, err
}

type alertsOutput struct {
	Body *store.AlertPage
}

func (s *Server) listAlerts(ctx context.Context, in *alertsInput) (*alertsOutput, error) {
	f, err := in.filter(ctx)
	if err != nil {
		return nil, err
	}
	out := &alertsOutput{}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if in.Call != "" {
			if f.Call, err = store.ResolveCall(ctx, tx, f.Workspace, in.Call); err != nil {
				return err
			}
		}
		out.Body, err = store.Alerts(ctx, tx, f, in.Cursor, in.Limit)
		return err
	})
	return out, err
}

// AlertDetail is an alert with what people were told of it.
type AlertDetail struct {
	*store.AlertRow
	Messages []*store.AlertMessage `json:"messages" doc:"What was told to each channel, in order"`
}

type alertOutput struct {
	Body AlertDetail
}

func (s *Server) getAlert(ctx context.Context, in *IDPath) (*alertOutput, error) {
	out := &alertOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = alertDetail(ctx, tx, in.ID)
		return err
	})
	return out, err
}

func alertDetail(ctx context.Context, tx store.Tx, id string) (d AlertDetail, err error) {
	ws := auth.From(ctx).WorkspaceID
	if d.AlertRow, err = store.Alert(ctx, tx, ws, id); err != nil {
		return d, err
	}
	d.Messages = []*store.AlertMessage{}
	if d.Incident != "" {
		d.Messages, err = store.AlertMessages(ctx, tx, ws, d.Incident)
	}
	return d, err
}

// settling is what a person does to an alert.
type settling func(ctx context.Context, tx store.Tx, workspace, id, by string) (*store.AlertRow, error)

func (s *Server) acknowledgeAlert(ctx context.Context, in *IDPath) (*alertOutput, error) {
	return s.settleAlert(ctx, in.ID, "alert.acknowledge", s.cfg.Alerts.Acknowledge)
}

func (s *Server) resolveAlert(ctx context.Context, in *IDPath) (*alertOutput, error) {
	return s.settleAlert(ctx, in.ID, "alert.resolve", s.cfg.Alerts.Resolve)
}

// settleAlert does it, and tells the call, if it is on.
func (s *Server) settleAlert(ctx context.Context, id, action string, settle settling) (*alertOutput, error) {
	out := &alertOutput{}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		who := auth.From(ctx)
		a, err := settle(ctx, tx, who.WorkspaceID, id, who.Name)
		if err != nil {
			return err
		}
		if err := audit(ctx, tx, action, named(a.RuleName, id)); err != nil {
			return err
		}
		out.Body, err = alertDetail(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	a := out.Body.Alert
	s.cfg.Live.Revise(&a)
	s.showProposals(ctx, nil, a.Call)
	return out, nil
}

type triggeredInput struct {
	TimeRange string   `query:"timeRange" default:"24h" doc:"How far back: 90m, 24h, 7d"`
	Severity  []string `query:"severity,explode"`
	Limit     int      `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// TriggeredAlerts are alerts in Chanl's fields.
type TriggeredAlerts struct {
	Alerts []TriggeredAlert `json:"alerts"`
	Total  int              `json:"total" doc:"In the time range"`
}

// TriggeredAlert is an alert in Chanl's fields.
type TriggeredAlert struct {
	ID          string                 `json:"id"`
	AlertID     string                 `json:"alertId" doc:"The rule"`
	AlertName   string                 `json:"alertName"`
	CallID      string                 `json:"callId"`
	TriggeredAt time.Time              `json:"triggeredAt"`
	Severity    ringside.AlertSeverity `json:"severity"`
	Resolved    bool                   `json:"resolved"`
	Details     TriggeredDetails       `json:"details"`
}

// TriggeredDetails say what it is about.
type TriggeredDetails struct {
	Type    ringside.AlertType `json:"type"`
	Message string             `json:"message"`
	Turn    *int               `json:"turn"`
	Quote   string             `json:"quote,omitempty"`
	Agent   string             `json:"agent"`
}

type triggeredOutput struct{ Body TriggeredAlerts }

func (s *Server) listTriggered(ctx context.Context, in *triggeredInput) (*triggeredOutput, error) {
	d, err := timeRange(in.TimeRange)
	if err != nil {
		return nil, err
	}
	f := store.AlertFilter{Workspace: auth.From(ctx).WorkspaceID, Severities: split(in.Severity), After: time.Now().Add(-d)}
	out := &triggeredOutput{TriggeredAlerts{Alerts: []TriggeredAlert{}}}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		page, err := store.Alerts(ctx, tx, f, "", in.Limit)
		if err != nil {
			return err
		}
		for _, a := range page.Items {
			out.Body.Alerts = append(out.Body.Alerts, chanls(a))
		}
		counts, err := store.CountAlerts(ctx, tx, f)
		for _, c := range counts {
			out.Body.Total += c.Count
		}
		return err
	})
	return out, err
}

// chanls is an alert in Chanl's fields.
func chanls(a *store.AlertRow) TriggeredAlert {
	t := TriggeredAlert{
		ID: a.ID, AlertID: a.RuleID, AlertName: a.RuleName, CallID: a.Call.String(), TriggeredAt: a.TriggeredAt, Severity: a.Severity, Resolved: !a.Open(),
		Details: TriggeredDetails{Type: a.Type, Message: a.Message, Turn: a.Turn, Quote: a.Quote},
	}
	if a.Of.Agent != nil {
		t.Details.Agent = a.Of.Agent.Name
	}
	return t
}

// timeRange reads how far back a list goes.
func timeRange(s string) (time.Duration, error) {
	if days, is := strings.CutSuffix(s, "d"); is {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= 366 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, ringside.Invalidf("timeRange", "%q is not a time such as 90m, 24h or 7d", s)
	}
	return d, nil
}
