package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// AlertRow is an alert beside the call that it is about.
type AlertRow struct {
	ringside.Alert
	Told string      `json:"told" enum:",waiting,told,silenced,throttled" doc:"What became of telling people: empty when the rule names nobody to tell"`
	Of   AlertedCall `json:"call"`

	Incident string     `json:"-"` // the alert whose message tells of it, too
	ToldAt   *time.Time `json:"-"`
}

// AlertedCall is as much of a call as a list of alerts shows.
type AlertedCall struct {
	ID        ringside.CallID    `json:"id"`
	ShortID   string             `json:"short_id"`
	Status    ringside.Status    `json:"status" enum:"queued,ringing,active,completed,failed,declined,missed,unknown"`
	StartedAt time.Time          `json:"started_at" doc:"Where the call stands in lists: when it started, else when it was made or first heard of"`
	Agent     *ringside.AgentRef `json:"agent" doc:"null when no delivery names an agent"`
}

// InsertAlert keeps a new alert and tells whether it did: not when there is one
// with its id, one for the same call, rule and cause that is open or that a person
// has settled, or no call any more. It waits to be told of when its rule names somebody.
func InsertAlert(ctx context.Context, tx Tx, workspace string, a *ringside.Alert, tell bool) (bool, error) {
	told := ""
	if tell {
		told = ToldWaiting
	}
	n, err := tx.Exec(ctx, `
INSERT INTO alerts (id, workspace_id, call_id, agent_id, rule_id, rule_name, kind, cause, severity, status, message, turn, quote, at_ms, triggered_ms,
 acknowledged_ms, acknowledged_by, resolved_ms, resolved_by, told, told_ms, incident)
SELECT CAST($1 AS TEXT), c.workspace_id, c.id, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($9 AS TEXT),
 CAST($10 AS TEXT), CAST($11 AS TEXT), CAST($12 AS BIGINT), CAST($13 AS TEXT), CAST($14 AS BIGINT), CAST($15 AS BIGINT),
 CAST($16 AS BIGINT), CAST($17 AS TEXT), CAST($18 AS BIGINT), CAST($19 AS TEXT), CAST($20 AS TEXT), 0, ''
FROM calls c WHERE c.id = $3 AND c.workspace_id = $2
 -- A process that has just come to know the call may not know what was settled.
 AND NOT EXISTS (SELECT 1 FROM alerts o WHERE o.call_id = c.id AND o.rule_id = CAST($5 AS TEXT) AND o.cause = CAST($8 AS TEXT) AND o.cause <> $21
  AND o.status = 'resolved' AND o.resolved_by NOT IN ($22, $23, $24))
ON CONFLICT DO NOTHING`,
		a.ID, workspace, a.Call[:], a.AgentID, a.RuleID, a.RuleName, string(a.Type), a.Cause, string(a.Severity),
		string(a.Status), a.Message, a.Turn, a.Quote, a.AtMS, a.TriggeredAt.UnixMilli(),
		orZeroMS(a.AcknowledgedAt), a.AcknowledgedBy, orZeroMS(a.ResolvedAt), a.ResolvedBy, told,
		RateCause, ringside.ByRecovery, ringside.ByCallEnd, ringside.ByRule)
	if err != nil {
		return false, fmt.Errorf("insert alert: %w", err)
	}
	return n > 0, nil
}

// ResolveAlert notes that an alert is over, unless it was already, and tells
// whether it did.
func ResolveAlert(ctx context.Context, tx Tx, workspace, id, by string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
UPDATE alerts SET status = 'resolved', resolved_ms = $3, resolved_by = $4 WHERE workspace_id = $1 AND id = $2 AND status <> 'resolved'`,
		workspace, id, at.UnixMilli(), by)
	if err != nil {
		return false, fmt.Errorf("resolve alert %s: %w", id, err)
	}
	return n > 0, nil
}

// AcknowledgeAlert notes that somebody takes care of an alert, and tells whether
// it did: not when it is resolved, or somebody does already.
func AcknowledgeAlert(ctx context.Context, tx Tx, workspace, id, by string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
UPDATE alerts SET status = 'acknowledged', acknowledged_ms = $3, acknowledged_by = $4 WHERE workspace_id = $1 AND id = $2 AND status = 'triggered'`,
		workspace, id, at.UnixMilli(), by)
	if err != nil {
		return false, fmt.Errorf("acknowledge alert %s: %w", id, err)
	}
	return n > 0, nil
}

// RateCause is the cause of an alert that is about many calls: its own call's end
// does not resolve it.
const RateCause = "error_rate"

// ClosedAlert is an alert that its call's end has resolved.
type ClosedAlert struct{ Workspace, ID, Told string }

// CloseAlerts resolves what is open about calls that are not on any more: their
// ends came while nobody looked. It does so for one call, or for all when that is
// zero.
func CloseAlerts(ctx context.Context, tx Tx, call ringside.CallID, at time.Time) (out []ClosedAlert, err error) {
	q, args := `
UPDATE alerts SET status = 'resolved', resolved_ms = $1, resolved_by = $2
WHERE status <> 'resolved' AND cause <> $3
 AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.id = alerts.call_id AND c.status IN ('queued', 'ringing', 'active'))`,
		[]any{at.UnixMilli(), ringside.ByCallEnd, RateCause}
	if !call.IsZero() {
		q, args = q+` AND call_id = $4`, append(args, call[:])
	}
	rows, err := tx.Query(ctx, q+` RETURNING workspace_id, id, told`, args...)
	err = each(rows, err, func(r Rows) error {
		var c ClosedAlert
		err := r.Scan(&c.Workspace, &c.ID, &c.Told)
		out = append(out, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("resolve alerts of ended calls: %w", err)
	}
	return out, nil
}

const alertColumns = `x.id, x.call_id, x.agent_id, x.rule_id, x.rule_name, x.kind, x.cause, x.severity, x.status, x.message, x.turn, x.quote, x.at_ms,
 x.triggered_ms, x.acknowledged_ms, x.acknowledged_by, x.resolved_ms, x.resolved_by, x.told, x.told_ms, x.incident,
 c.short_id, c.status, c.ord, c.agent_id, COALESCE(a.name, ''), COALESCE(a.source_id, '')`

const alertTables = ` FROM alerts x JOIN calls c ON c.id = x.call_id LEFT JOIN agents a ON a.id = c.agent_id `

func scanAlert(r Row, more ...any) (*AlertRow, error) {
	var a AlertRow
	var call []byte
	var turn *int64
	var triggered, acknowledged, resolved, told, ord int64
	var agent ringside.AgentRef
	err := r.Scan(append([]any{
		&a.ID, &call, &a.AgentID, &a.RuleID, &a.RuleName, &a.Type, &a.Cause, &a.Severity, &a.Status, &a.Message, &turn, &a.Quote, &a.AtMS,
		&triggered, &acknowledged, &a.AcknowledgedBy, &resolved, &a.ResolvedBy, &a.Told, &told, &a.Incident,
		&a.Of.ShortID, &a.Of.Status, &ord, &agent.ID, &agent.Name, &agent.SourceID,
	}, more...)...)
	if err != nil {
		return nil, err
	}
	if turn != nil {
		a.Turn = new(int(*turn))
	}
	a.Call = ringside.CallID(call)
	a.Of.ID, a.Of.StartedAt = a.Call, time.UnixMilli(ord>>ordHash).UTC()
	if agent.ID != "" {
		a.Of.Agent = &agent
	}
	a.TriggeredAt, a.AcknowledgedAt, a.ResolvedAt = time.UnixMilli(triggered).UTC(), momentOrNil(acknowledged), momentOrNil(resolved)
	a.ToldAt = momentOrNil(told)
	return &a, nil
}

func scanAlerts(rows Rows, err error) ([]*AlertRow, error) {
	out := []*AlertRow{}
	err = each(rows, err, func(r Rows) error {
		a, err := scanAlert(r)
		out = append(out, a)
		return err
	})
	return out, err
}

// Alert loads one alert.
func Alert(ctx context.Context, tx Tx, workspace, id string) (*AlertRow, error) {
	a, err := scanAlert(tx.QueryRow(ctx, "SELECT "+alertColumns+alertTables+"WHERE x.workspace_id = $1 AND x.id = $2", workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no alert %q in this workspace", id)
	}
	return a, nil
}

// StandingAlerts gives the alerts of a call that are open, and those that a
// person has resolved: they are not to be triggered again.
func StandingAlerts(ctx context.Context, tx Tx, workspace string, call ringside.CallID) ([]*ringside.Alert, error) {
	rows, err := tx.Query(ctx, "SELECT "+alertColumns+alertTables+
		"WHERE x.workspace_id = $1 AND x.call_id = $2 AND x.cause <> $5 AND (x.status <> 'resolved' OR x.resolved_by NOT IN ($3, $4, $6)) ORDER BY x.triggered_ms, x.id",
		workspace, call[:], ringside.ByRecovery, ringside.ByCallEnd, RateCause, ringside.ByRule)
	return plainAlerts(rows, err, call)
}

func plainAlerts(rows Rows, err error, call ringside.CallID) ([]*ringside.Alert, error) {
	all, err := scanAlerts(rows, err)
	if err != nil {
		return nil, fmt.Errorf("list alerts of call %s: %w", call, err)
	}
	out := make([]*ringside.Alert, len(all))
	for i := range all {
		out[i] = &all[i].Alert
	}
	return out, nil
}

// CallAlerts gives the alerts of a call, open and over, in the order in which they
// were triggered, but for those that are about many calls.
func CallAlerts(ctx context.Context, tx Tx, workspace string, call ringside.CallID) ([]*ringside.Alert, error) {
	rows, err := tx.Query(ctx, "SELECT "+alertColumns+alertTables+
		"WHERE x.workspace_id = $1 AND x.call_id = $2 AND x.cause <> $3 ORDER BY x.triggered_ms, x.id", workspace, call[:], RateCause)
	return plainAlerts(rows, err, call)
}

// OpenRates lists, by workspace, the open alerts that are about many calls.
func OpenRates(ctx context.Context, tx Tx) (map[string][]*AlertRow, error) {
	out := map[string][]*AlertRow{}
	rows, err := tx.Query(ctx, "SELECT "+alertColumns+", x.workspace_id"+alertTables+"WHERE x.status <> 'resolved' AND x.cause = $1", RateCause)
	err = each(rows, err, func(r Rows) error {
		var workspace string
		a, err := scanAlert(r, &workspace)
		out[workspace] = append(out[workspace], a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list open alerts of error rates: %w", err)
	}
	return out, nil
}

// AlertFilter says which alerts of a workspace are meant. A zero field asks for
// nothing; values of one field are alternatives.
type AlertFilter struct {
	Workspace  string
	Statuses   []string // open: triggered and acknowledged
	Severities []string
	Types      []string
	Agents     []string // the calls'; none for calls without an agent
	Rules      []string
	Call       ringside.CallID
	After      time.Time // inclusive
	Before     time.Time // exclusive
}

// AlertPage is one page of a list.
type AlertPage struct {
	Items        []*AlertRow `json:"items"`
	Open         int         `json:"open" doc:"All alerts of the workspace that are not resolved, whatever the filter"`
	Acknowledged int         `json:"acknowledged" doc:"How many of the open ones somebody has taken on"`
	NextCursor   string      `json:"next_cursor" doc:"Give it as cursor to get the next page; empty on the last"`
}

// Alerts lists alerts, newest first.
func Alerts(ctx context.Context, tx Tx, f AlertFilter, cursor string, limit int) (*AlertPage, error) {
	w := f.build()
	if cursor != "" {
		end, err := parsePageEnd(cursor)
		if err != nil {
			return nil, err
		}
		w.add("(x.triggered_ms, x.id) < (%s, %s)", w.arg(end.at), w.arg(end.id))
	}
	rows, err := tx.Query(ctx, "SELECT "+alertColumns+alertTables+"WHERE "+w.String()+
		fmt.Sprintf(" ORDER BY x.triggered_ms DESC, x.id DESC LIMIT %d", limit+1), w.args...)
	page := &AlertPage{}
	if page.Items, err = scanAlerts(rows, err); err != nil {
		return nil, fmt.Errorf("list alerts: %w", err)
	}
	if len(page.Items) > limit {
		page.Items = page.Items[:limit]
		last := page.Items[limit-1]
		page.NextCursor = pageEnd{last.TriggeredAt.UnixMilli(), last.ID}.String()
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*), COUNT(CASE WHEN status = 'acknowledged' THEN 1 END) FROM alerts WHERE workspace_id = $1 AND status IN ('triggered', 'acknowledged')`,
		f.Workspace).Scan(&page.Open, &page.Acknowledged)
	if err != nil {
		return nil, fmt.Errorf("count open alerts: %w", err)
	}
	return page, nil
}

func (f *AlertFilter) build() *where {
	w := &where{}
	w.add("x.workspace_id = %s", w.arg(f.Workspace))
	if !f.Call.IsZero() {
		w.add("x.call_id = %s", w.arg(f.Call[:]))
	}
	w.in("x.status", openToo(f.Statuses))
	w.in("x.severity", f.Severities)
	w.in("x.kind", f.Types)
	w.in("x.rule_id", f.Rules)
	w.in("c.agent_id", agentIDs(f.Agents))
	if !f.After.IsZero() {
		w.add("x.triggered_ms >= %s", w.arg(f.After.UnixMilli()))
	}
	if !f.Before.IsZero() {
		w.add("x.triggered_ms < %s", w.arg(f.Before.UnixMilli()))
	}
	return w
}

// openToo puts the two statuses that are open in the place of the word.
func openToo(statuses []string) (out []string) {
	for _, s := range statuses {
		if s == "open" {
			out = append(out, string(ringside.AlertTriggered), string(ringside.AlertAcknowledged))
			continue
		}
		out = append(out, s)
	}
	return out
}

// AlertCount is how many alerts of a kind there were.
type AlertCount struct {
	Type  ringside.AlertType `json:"type"`
	Count int                `json:"count"`
}

// CountAlerts counts the alerts that a filter means by what they are about.
func CountAlerts(ctx context.Context, tx Tx, f AlertFilter) ([]AlertCount, error) {
	w := f.build()
	out := []AlertCount{}
	rows, err := tx.Query(ctx, "SELECT x.kind, COUNT(*)"+alertTables+"WHERE "+w.String()+" GROUP BY x.kind ORDER BY 2 DESC, 1", w.args...)
	err = each(rows, err, func(r Rows) error {
		var c AlertCount
		err := r.Scan(&c.Type, &c.Count)
		out = append(out, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count alerts: %w", err)
	}
	return out, nil
}

// moveAlerts has alerts and the rules that name agents follow an agent that
// becomes another, or that goes when into is empty.
func moveAlerts(ctx context.Context, tx Tx, workspace, from, into string) error {
	if _, err := tx.Exec(ctx, `UPDATE alerts SET agent_id = $3 WHERE workspace_id = $1 AND agent_id = $2`, workspace, from, into); err != nil {
		return fmt.Errorf("move alerts of agent %s: %w", from, err)
	}
	return moveAlertRules(ctx, tx, workspace, from, into)
}

// CallRate is how many of some ended calls failed.
type CallRate struct {
	Ended, Failed int
	Newest        ringside.CallID // of those that failed
	Agent         string          // of that one
}

// ErrorRate counts the calls that began since a time and have ended, of some
// agents; of every agent when there are none.
func ErrorRate(ctx context.Context, tx Tx, workspace string, agents []string, since time.Time) (r CallRate, err error) {
	w := &where{}
	w.add("workspace_id = %s", w.arg(workspace))
	w.add("ord >= %s", w.arg(OrdAt(since)))
	w.in("agent_id", agents)
	err = tx.QueryRow(ctx, `SELECT COUNT(CASE WHEN status IN ('completed', 'failed') THEN 1 END), COUNT(CASE WHEN status = 'failed' THEN 1 END) FROM calls WHERE `+w.String(), w.args...).
		Scan(&r.Ended, &r.Failed)
	if err != nil || r.Failed == 0 {
		return r, err
	}
	var id []byte
	err = tx.QueryRow(ctx, `SELECT id, agent_id FROM calls WHERE `+w.String()+` AND status = 'failed' ORDER BY ord DESC LIMIT 1`, w.args...).Scan(&id, &r.Agent)
	if err != nil {
		return r, fmt.Errorf("find the newest failed call: %w", err)
	}
	r.Newest = ringside.CallID(id)
	return r, nil
}
