package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// AuditEntry says who did what to a workspace.
type AuditEntry struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor" doc:"The name of the person or the key, as it was then"`
	ActorID string    `json:"actor_id" doc:"A user's or a key's id; empty: Ringside itself"`
	Action  string    `json:"action" doc:"Such as key.create"`
	Subject string    `json:"subject" doc:"What it was done to"`
}

// InsertAudit keeps an entry. It belongs in the transaction of what it tells
// of.
func InsertAudit(ctx context.Context, tx Tx, workspace string, e *AuditEntry) error {
	_, err := tx.Exec(ctx, `INSERT INTO audit (id, workspace_id, actor, actor_id, action, subject, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, workspace, e.Actor, e.ActorID, e.Action, e.Subject, e.At.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert audit entry: %w", err)
	}
	return nil
}

// HeardSince tells whether it was noted since a time that somebody began to hear
// the recording of a subject.
func HeardSince(ctx context.Context, tx Tx, workspace, actorID, subject string, since time.Time) (heard bool, err error) {
	err = tx.QueryRow(ctx, `
SELECT COUNT(*) > 0 FROM audit
WHERE workspace_id = $1 AND id >= $2 AND actor_id = $3 AND subject = $4 AND action IN ('recording.play', 'recording.download')`,
		workspace, ringside.NewID("audit", since), actorID, subject).Scan(&heard)
	if err != nil {
		return false, fmt.Errorf("look for audit entries of %s: %w", subject, err)
	}
	return heard, nil
}

// Cursor is where the page ends that an entry is the last of.
func (e *AuditEntry) Cursor() string { return pageEnd{e.At.UnixMilli(), e.ID}.String() }

// Audit lists a workspace's entries, newest first, from behind a cursor unless
// that is empty.
func Audit(ctx context.Context, tx Tx, workspace, cursor string, limit int) ([]*AuditEntry, error) {
	out := []*AuditEntry{}
	var end pageEnd
	if cursor != "" {
		var err error
		if end, err = parsePageEnd(cursor); err != nil {
			return nil, err
		}
	}
	rows, err := tx.Query(ctx, `
SELECT id, actor, actor_id, action, subject, at_ms FROM audit
WHERE workspace_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, workspace, end.id, limit)
	err = each(rows, err, func(r Rows) error {
		var e AuditEntry
		var at int64
		err := r.Scan(&e.ID, &e.Actor, &e.ActorID, &e.Action, &e.Subject, &at)
		e.At = time.UnixMilli(at).UTC()
		out = append(out, &e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list audit entries: %w", err)
	}
	return out, nil
}
