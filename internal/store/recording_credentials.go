package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// RecordingCredential is a header by which recordings are fetched from a host.
type RecordingCredential struct {
	Host      string    `json:"host"`
	Header    string    `json:"header"`
	SecretSet bool      `json:"secret_set" doc:"Always true: the secret itself is never shown"`
	CreatedAt time.Time `json:"created_at"`
	Secret    []byte    `json:"-"` // sealed
}

// RecordingCredentials lists those of a workspace, by host.
func RecordingCredentials(ctx context.Context, tx Tx, workspace string) ([]*RecordingCredential, error) {
	out := []*RecordingCredential{}
	rows, err := tx.Query(ctx, `SELECT host, header, secret, created_ms FROM recording_credentials WHERE workspace_id = $1 ORDER BY host`, workspace)
	err = each(rows, err, func(r Rows) error {
		c := &RecordingCredential{SecretSet: true}
		var at int64
		err := r.Scan(&c.Host, &c.Header, &c.Secret, &at)
		c.CreatedAt = time.UnixMilli(at).UTC()
		out = append(out, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list recording credentials: %w", err)
	}
	return out, nil
}

// PutRecordingCredential keeps one, in place of what the host had.
func PutRecordingCredential(ctx context.Context, tx Tx, workspace string, c *RecordingCredential) error {
	_, err := tx.Exec(ctx, `INSERT INTO recording_credentials (workspace_id, host, header, secret, created_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, host) DO UPDATE SET header = EXCLUDED.header, secret = EXCLUDED.secret, created_ms = EXCLUDED.created_ms`,
		workspace, c.Host, c.Header, c.Secret, c.CreatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("put recording credential of %s: %w", c.Host, err)
	}
	return nil
}

// DeleteRecordingCredential removes a host's.
func DeleteRecordingCredential(ctx context.Context, tx Tx, workspace, host string) error {
	n, err := tx.Exec(ctx, `DELETE FROM recording_credentials WHERE workspace_id = $1 AND host = $2`, workspace, host)
	if err == nil && n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no recording credential for %q in this workspace", host)
	}
	return err
}
