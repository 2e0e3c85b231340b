package store

import (
	"context"
	"fmt"
	"time"
)

// What became of telling people of an alert.
const (
	ToldWaiting   = "waiting" // for the decision, or for others to be told with
	ToldSent      = "told"
	ToldSilenced  = "silenced"
	ToldThrottled = "throttled"
)

// AlertMessageStatus is how far a message has got.
type AlertMessageStatus string

// The statuses of a message.
const (
	MessageQueued AlertMessageStatus = "queued"
	MessageSent   AlertMessageStatus = "sent"
	MessageFailed AlertMessageStatus = "failed"
)

// AlertMessage is what is told about an incident, one alert or several, to one
// channel.
type AlertMessage struct {
	ID         string             `json:"id"`
	Incident   string             `json:"incident" doc:"The first of the alerts that it is about"`
	RuleID     string             `json:"rule_id"`
	Channel    string             `json:"channel"`
	Event      string             `json:"event" enum:"triggered,acknowledged,resolved"`
	At         time.Time          `json:"at" doc:"When that was"`
	Status     AlertMessageStatus `json:"status" enum:"queued,sent,failed"`
	Reason     string             `json:"reason,omitempty" doc:"Why it failed, or who was left out"`
	Attempts   int                `json:"attempts"`
	CreatedAt  time.Time          `json:"created_at"`
	FinishedAt *time.Time         `json:"finished_at"`

	Ref string `json:"-"` // what the channel knows it by
}

// InsertAlertMessage keeps a message, and tells whether it did: not when the same
// was told there already.
func InsertAlertMessage(ctx context.Context, tx Tx, workspace string, m *AlertMessage) (bool, error) {
	n, err := tx.Exec(ctx, `
INSERT INTO alert_messages (id, workspace_id, incident, rule_id, channel, event, at_ms, status, reason, ref, attempts, created_ms, finished_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', '', '', 0, $8, 0) ON CONFLICT DO NOTHING`,
		m.ID, workspace, m.Incident, m.RuleID, m.Channel, m.Event, m.At.UnixMilli(), m.CreatedAt.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("insert alert message: %w", err)
	}
	return n > 0, nil
}

// UpdateAlertMessage writes what became of a message.
func UpdateAlertMessage(ctx context.Context, tx Tx, workspace string, m *AlertMessage) error {
	_, err := tx.Exec(ctx, `
UPDATE alert_messages SET status = $3, reason = $4, ref = $5, attempts = $6, finished_ms = $7 WHERE workspace_id = $1 AND id = $2`,
		workspace, m.ID, string(m.Status), m.Reason, m.Ref, m.Attempts, orZeroMS(m.FinishedAt))
	if err != nil {
		return fmt.Errorf("update alert message %s: %w", m.ID, err)
	}
	return nil
}

const alertMessageSQL = `SELECT id, incident, rule_id, channel, event, at_ms, status, reason, ref, attempts, created_ms, finished_ms FROM alert_messages `

func scanAlertMessage(r Row) (*AlertMessage, error) {
	var m AlertMessage
	var at, created, finished int64
	err := r.Scan(&m.ID, &m.Incident, &m.RuleID, &m.Channel, &m.Event, &at, &m.Status, &m.Reason, &m.Ref, &m.Attempts, &created, &finished)
	m.At, m.CreatedAt, m.FinishedAt = time.UnixMilli(at).UTC(), time.UnixMilli(created).UTC(), momentOrNil(finished)
	return &m, err
}

// AlertMessageByID loads one message.
func AlertMessageByID(ctx context.Context, tx Tx, workspace, id string) (*AlertMessage, error) {
	m, err := scanAlertMessage(tx.QueryRow(ctx, alertMessageSQL+`WHERE workspace_id = $1 AND id = $2`, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no alert message %q in this workspace", id)
	}
	return m, nil
}

// AlertMessages lists what was told about an incident, in order.
func AlertMessages(ctx context.Context, tx Tx, workspace, incident string) ([]*AlertMessage, error) {
	out := []*AlertMessage{}
	rows, err := tx.Query(ctx, alertMessageSQL+`WHERE workspace_id = $1 AND incident = $2 ORDER BY created_ms, id`, workspace, incident)
	err = each(rows, err, func(r Rows) error {
		m, err := scanAlertMessage(r)
		out = append(out, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list messages about alert %s: %w", incident, err)
	}
	return out, nil
}

// SetAlertTold notes what became of telling people of an alert.
func SetAlertTold(ctx context.Context, tx Tx, workspace, id, told, incident string, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE alerts SET told = $3, incident = $4, told_ms = $5 WHERE workspace_id = $1 AND id = $2`,
		workspace, id, told, incident, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("note that alert %s is told of: %w", id, err)
	}
	return nil
}

// ToldSince counts the alerts of a rule that were told of since a time, and gives
// when the newest was; the zero time when none ever was.
func ToldSince(ctx context.Context, tx Tx, workspace, rule string, since time.Time) (n int, last time.Time, err error) {
	var ms int64
	err = tx.QueryRow(ctx, `
SELECT COUNT(CASE WHEN told_ms >= $3 THEN 1 END), COALESCE(MAX(told_ms), 0) FROM alerts WHERE workspace_id = $1 AND rule_id = $2 AND told = $4`,
		workspace, rule, since.UnixMilli(), ToldSent).Scan(&n, &ms)
	if err != nil {
		return 0, last, fmt.Errorf("count what rule %s told: %w", rule, err)
	}
	if ms > 0 {
		last = time.UnixMilli(ms).UTC()
	}
	return n, last, nil
}

// WaitingAlerts lists the alerts of a rule that wait to be told of together,
// oldest first; without those that nothing was decided about yet.
func WaitingAlerts(ctx context.Context, tx Tx, workspace, rule string) ([]*AlertRow, error) {
	rows, err := tx.Query(ctx, "SELECT "+alertColumns+alertTables+"WHERE x.workspace_id = $1 AND x.rule_id = $2 AND x.told = $3 AND x.told_ms > 0 ORDER BY x.triggered_ms, x.id",
		workspace, rule, ToldWaiting)
	return scanAlerts(rows, err)
}

// IncidentAlerts lists the alerts that are told of together, oldest first.
func IncidentAlerts(ctx context.Context, tx Tx, workspace, incident string) ([]*AlertRow, error) {
	rows, err := tx.Query(ctx, "SELECT "+alertColumns+alertTables+"WHERE x.workspace_id = $1 AND x.incident = $2 ORDER BY x.triggered_ms, x.id", workspace, incident)
	return scanAlerts(rows, err)
}

// LockAlertRule locks a rule that a workspace has made or changed.
func LockAlertRule(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "alert_rules", workspace, id)
	return err
}
