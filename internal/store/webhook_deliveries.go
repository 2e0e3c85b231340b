package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// WebhookStatus is what has become of an outgoing delivery.
type WebhookStatus string

// The statuses. Waiting and failed ones are open: another attempt follows.
const (
	WebhookWaiting   WebhookStatus = "waiting"
	WebhookDelivered WebhookStatus = "delivered"
	WebhookFailed    WebhookStatus = "failed"
	WebhookDead      WebhookStatus = "dead"
)

// Open tells whether another attempt follows.
func (s WebhookStatus) Open() bool { return s == WebhookWaiting || s == WebhookFailed }

// WebhookDelivery is one message to one target.
type WebhookDelivery struct {
	ID            string          `json:"id" doc:"The webhook-id header, the same for every attempt"`
	Event         string          `json:"event"`
	Status        WebhookStatus   `json:"status" enum:"waiting,delivered,failed,dead" doc:"failed is tried again, dead is not"`
	Reason        string          `json:"reason,omitempty" doc:"Why it is dead, where its last attempt does not say"`
	Target        string          `json:"target" doc:"endpoint:<id>, or agent:<id>: and webhook, speed_to_lead or knowledge_gap"`
	EndpointID    string          `json:"endpoint_id" doc:"Empty when the target is an agent's own address"`
	AgentID       string          `json:"agent_id"`
	CallID        ringside.CallID `json:"call_id"`
	CreatedAt     time.Time       `json:"created_at"`
	Attempts      int             `json:"attempt_count"`
	NextAttemptAt *time.Time      `json:"next_attempt_at" doc:"null when none follows"`
	Last          *WebhookAttempt `json:"last_attempt" doc:"null before the first"`

	Workspace string    `json:"-"`
	Base      int       `json:"-"` // attempts before it was last sent again by hand
	Due       time.Time `json:"-"`
	Payload   []byte    `json:"-"` // the body, where it was asked for
	seq       int64
	loaded    int64 // Due in milliseconds, as it was loaded
}

// WebhookAttempt is one try to send a delivery.
type WebhookAttempt struct {
	Number    int       `json:"number" doc:"From 1"`
	At        time.Time `json:"at"`
	Host      string    `json:"host" doc:"Where it went, host and port"`
	Status    int       `json:"status" doc:"Of the HTTP answer; 0 when none came"`
	LatencyMS int64     `json:"latency_ms"`
	Response  string    `json:"response" doc:"How the answer begins, up to 1 KiB"`
	Error     string    `json:"error" doc:"What was wrong; empty when it was delivered"`
}

// InsertWebhookDelivery keeps a delivery, unless one of its id is there
// already, and tells whether it is up to the caller to enqueue its job: of
// those about one call to one target, only the first open one has a job.
func InsertWebhookDelivery(ctx context.Context, tx Tx, d *WebhookDelivery) (inserted, first bool, err error) {
	var seq int64
	err = tx.QueryRow(ctx, `
INSERT INTO webhook_deliveries (id, workspace_id, target, agent_id, call_id, event, status, reason, attempts, base, due_ms, created_ms, body)
VALUES ($1, $2, $3, $4, $5, $6, 'waiting', '', 0, 0, $7, $8, $9)
ON CONFLICT (id) DO NOTHING RETURNING seq`,
		d.ID, d.Workspace, d.Target, d.AgentID, d.CallID[:], d.Event, d.Due.UnixMilli(), d.CreatedAt.UnixMilli(), Pack(d.Payload)).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	if err != nil {
		return false, false, fmt.Errorf("insert webhook delivery: %w", err)
	}
	// Writing what is there already waits for whoever settles one of these in
	// this moment, or makes them wait for us: either they see this row and
	// enqueue it, or we see that nothing is open before it.
	n, err := tx.Exec(ctx, `
UPDATE webhook_deliveries SET status = status
WHERE call_id = $1 AND target = $2 AND seq < $3 AND status IN ('waiting', 'failed')`, d.CallID[:], d.Target, seq)
	if err != nil {
		return false, false, fmt.Errorf("look for earlier webhook deliveries: %w", err)
	}
	return true, n == 0, nil
}

const webhookColumns = `d.seq, d.id, d.workspace_id, d.target, d.agent_id, d.call_id, d.event, d.status, d.reason, d.attempts, d.base, d.due_ms, d.created_ms,
 COALESCE(a.number, 0), COALESCE(a.at_ms, 0), COALESCE(a.host, ''), COALESCE(a.status, 0), COALESCE(a.latency_ms, 0), COALESCE(a.response, ''), COALESCE(a.error, '')`

const webhookFrom = ` FROM webhook_deliveries d LEFT JOIN webhook_attempts a ON a.delivery = d.seq AND a.number = d.attempts `

func scanWebhook(r Row, more ...any) (*WebhookDelivery, error) {
	var d WebhookDelivery
	var last WebhookAttempt
	var call []byte
	var due, created, at int64
	dst := append([]any{
		&d.seq, &d.ID, &d.Workspace, &d.Target, &d.AgentID, &call, &d.Event, &d.Status, &d.Reason, &d.Attempts, &d.Base, &due, &created,
		&last.Number, &at, &last.Host, &last.Status, &last.LatencyMS, &last.Response, &last.Error,
	}, more...)
	if err := r.Scan(dst...); err != nil {
		return nil, err
	}
	d.CallID, d.loaded = ringside.CallID(call), due
	d.EndpointID, _ = strings.CutPrefix(d.Target, endpointPrefix)
	if d.EndpointID == d.Target {
		d.EndpointID = ""
	}
	d.Due, d.CreatedAt = time.UnixMilli(due).UTC(), time.UnixMilli(created).UTC()
	if d.Status.Open() {
		d.NextAttemptAt = &d.Due
	}
	if last.Number > 0 {
		last.At = time.UnixMilli(at).UTC()
		d.Last = &last
	}
	return &d, nil
}

// WebhookDeliveryByID loads a delivery with its body; an empty workspace means
// any.
func WebhookDeliveryByID(ctx context.Context, tx Tx, workspace, id string) (*WebhookDelivery, error) {
	var packed []byte
	d, err := scanWebhook(tx.QueryRow(ctx, "SELECT "+webhookColumns+", d.body"+webhookFrom+"WHERE d.id = $1 AND $2 IN ('', d.workspace_id)", id, workspace), &packed)
	if err != nil {
		return nil, orNotFound(err, "there is no webhook delivery %q in this workspace", id)
	}
	if d.Payload, err = Unpack(packed); err != nil {
		return nil, fmt.Errorf("unpack webhook delivery %s: %w", id, err)
	}
	return d, nil
}

// WebhookFilter says which deliveries a list shows. An empty field asks for
// nothing.
type WebhookFilter struct {
	Workspace string
	Status    WebhookStatus
	Target    string
	Agent     string
	Call      ringside.CallID
	Event     string
	Cursor    string // where the page before ended
	Limit     int
}

// Cursor is where the page ends that a delivery is the last of.
func (d *WebhookDelivery) Cursor() string { return pageEnd{d.seq, d.ID}.String() }

// WebhookDeliveries lists deliveries, newest first, without their bodies.
func WebhookDeliveries(ctx context.Context, tx Tx, f WebhookFilter) ([]*WebhookDelivery, error) {
	w := &where{}
	w.add("d.workspace_id = %s", w.arg(f.Workspace))
	for _, c := range []struct{ column, value string }{
		{"d.status", string(f.Status)}, {"d.target", f.Target}, {"d.agent_id", f.Agent}, {"d.event", f.Event},
	} {
		if c.value != "" {
			w.add("%s = %s", c.column, w.arg(c.value))
		}
	}
	if !f.Call.IsZero() {
		w.add("d.call_id = %s", w.arg(f.Call[:]))
	}
	if f.Cursor != "" {
		end, err := parsePageEnd(f.Cursor)
		if err != nil {
			return nil, err
		}
		w.add("d.seq < %s", w.arg(end.at))
	}
	out := []*WebhookDelivery{}
	rows, err := tx.Query(ctx, "SELECT "+webhookColumns+webhookFrom+"WHERE "+w.String()+fmt.Sprintf(" ORDER BY d.seq DESC LIMIT %d", f.Limit), w.args...)
	err = each(rows, err, func(r Rows) error {
		d, err := scanWebhook(r)
		out = append(out, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list webhook deliveries: %w", err)
	}
	return out, nil
}

// WebhooksOf lists what was planned about a call, first to last: of each its
// id, target, event and body.
func WebhooksOf(ctx context.Context, tx Tx, call ringside.CallID) ([]*WebhookDelivery, error) {
	var out []*WebhookDelivery
	rows, err := tx.Query(ctx, `SELECT id, target, event, body FROM webhook_deliveries WHERE call_id = $1 ORDER BY seq`, call[:])
	err = each(rows, err, func(r Rows) error {
		d := &WebhookDelivery{CallID: call}
		var packed []byte
		if err := r.Scan(&d.ID, &d.Target, &d.Event, &packed); err != nil {
			return err
		}
		out = append(out, d)
		var err error
		d.Payload, err = Unpack(packed)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list webhook deliveries of call %s: %w", call, err)
	}
	return out, nil
}

// WebhookAttempts lists the attempts of a delivery, first to last.
func WebhookAttempts(ctx context.Context, tx Tx, d *WebhookDelivery) ([]*WebhookAttempt, error) {
	out := []*WebhookAttempt{}
	rows, err := tx.Query(ctx, `SELECT number, at_ms, host, status, latency_ms, response, error FROM webhook_attempts WHERE delivery = $1 ORDER BY number`, d.seq)
	err = each(rows, err, func(r Rows) error {
		var a WebhookAttempt
		var at int64
		err := r.Scan(&a.Number, &at, &a.Host, &a.Status, &a.LatencyMS, &a.Response, &a.Error)
		a.At = time.UnixMilli(at).UTC()
		out = append(out, &a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list attempts of webhook delivery %s: %w", d.ID, err)
	}
	return out, nil
}

// WebhookBefore tells whether another delivery about the same call to the same
// target has to be settled first.
func WebhookBefore(ctx context.Context, tx Tx, d *WebhookDelivery) (bool, error) {
	var before bool
	err := tx.QueryRow(ctx, `
SELECT EXISTS (SELECT 1 FROM webhook_deliveries WHERE call_id = $1 AND target = $2 AND seq < $3 AND status IN ('waiting', 'failed'))`,
		d.CallID[:], d.Target, d.seq).Scan(&before)
	if err != nil {
		return false, fmt.Errorf("look for webhook deliveries before %s: %w", d.ID, err)
	}
	return before, nil
}

// SettleWebhook keeps an attempt, unless it is nil, and what d has become.
// When d is closed by it, next is the delivery whose turn it is then. It does
// nothing when another has settled the same attempt or the delivery is gone.
// One that was opened again during the attempt stays open, with all its
// retries, unless the attempt delivered it; d says what holds.
func SettleWebhook(ctx context.Context, tx Tx, d *WebhookDelivery, a *WebhookAttempt) (next string, err error) {
	const holds = `due_ms = $7 OR $3 = 'delivered'`
	err = tx.QueryRow(ctx, `
UPDATE webhook_deliveries SET
  status = CASE WHEN `+holds+` THEN $3 ELSE status END,
  reason = CASE WHEN `+holds+` THEN $4 ELSE reason END,
  due_ms = CASE WHEN `+holds+` THEN $5 ELSE due_ms END,
  base = CASE WHEN `+holds+` THEN base ELSE base + $6 END,
  attempts = attempts + $6
WHERE seq = $1 AND attempts = $2 AND status IN ('waiting', 'failed')
RETURNING status`,
		d.seq, d.Attempts, string(d.Status), d.Reason, d.Due.UnixMilli(), boolInt(a != nil), d.loaded).Scan(&d.Status)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("settle webhook delivery %s: %w", d.ID, err)
	}
	if a != nil {
		a.Number = d.Attempts + 1
		_, err := tx.Exec(ctx, `INSERT INTO webhook_attempts (delivery, number, at_ms, host, status, latency_ms, response, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			d.seq, a.Number, a.At.UnixMilli(), a.Host, a.Status, a.LatencyMS, a.Response, a.Error)
		if err != nil {
			return "", fmt.Errorf("keep attempt of webhook delivery %s: %w", d.ID, err)
		}
	}
	if d.Status.Open() {
		return "", nil
	}
	err = tx.QueryRow(ctx, `
SELECT id FROM webhook_deliveries WHERE call_id = $1 AND target = $2 AND status IN ('waiting', 'failed') ORDER BY seq LIMIT 1`,
		d.CallID[:], d.Target).Scan(&next)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find webhook delivery after %s: %w", d.ID, err)
	}
	return next, nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ReopenWebhook makes a delivery due at once, with all its retries before it.
// It is due at another time than before: that tells whoever is in the middle of
// an attempt.
func ReopenWebhook(ctx context.Context, tx Tx, d *WebhookDelivery, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE webhook_deliveries SET status = 'waiting', reason = '', base = attempts, due_ms = CASE WHEN due_ms = $2 THEN $2 - 1 ELSE $2 END WHERE seq = $1`, d.seq, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("open webhook delivery %s again: %w", d.ID, err)
	}
	return nil
}

// WebhookTraffic is what went to a target, over its newest 1,000 deliveries.
type WebhookTraffic struct {
	Delivered      int        `json:"delivered" doc:"Of the newest 1,000 deliveries"`
	Open           int        `json:"open" doc:"Waiting, or to be tried again"`
	Dead           int        `json:"dead"`
	LastDeliveryAt *time.Time `json:"last_delivery_at" doc:"When the newest was made"`
}

// WebhookTrafficOf counts what went to a target.
func WebhookTrafficOf(ctx context.Context, tx Tx, target string) (WebhookTraffic, error) {
	var t WebhookTraffic
	var last int64
	err := tx.QueryRow(ctx, `
SELECT COUNT(CASE WHEN n.status = 'delivered' THEN 1 END), COUNT(CASE WHEN n.status IN ('waiting', 'failed') THEN 1 END),
       COUNT(CASE WHEN n.status = 'dead' THEN 1 END), COALESCE(MAX(n.created_ms), 0)
FROM (SELECT status, created_ms FROM webhook_deliveries WHERE target = $1 ORDER BY seq DESC LIMIT 1000) AS n`, target).
		Scan(&t.Delivered, &t.Open, &t.Dead, &last)
	if err != nil {
		return t, fmt.Errorf("count webhook deliveries: %w", err)
	}
	if last != 0 {
		t.LastDeliveryAt = new(time.UnixMilli(last).UTC())
	}
	return t, nil
}

// TrimWebhooks removes, in one chunk, deliveries that were made before a time
// with their attempts, and gives how many.
func TrimWebhooks(ctx context.Context, tx Tx, before time.Time, chunk int) (int64, error) {
	const old = `(SELECT seq FROM (SELECT seq, created_ms FROM webhook_deliveries ORDER BY seq LIMIT $2) AS oldest WHERE created_ms < $1)`
	if _, err := tx.Exec(ctx, `DELETE FROM webhook_attempts WHERE delivery IN `+old, before.UnixMilli(), chunk); err != nil {
		return 0, fmt.Errorf("remove old webhook attempts: %w", err)
	}
	return tx.Exec(ctx, `DELETE FROM webhook_deliveries WHERE seq IN `+old, before.UnixMilli(), chunk)
}
