package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Source is where a vendor's webhooks come in: a URL with an unguessable
// token, and how to tell that a delivery is the vendor's.
type Source struct {
	ID            string
	Workspace     string
	Provider      string
	Name          string
	Token         string
	Secret        []byte // sealed; nil when there is none
	HMAC          string // JSON of provider.HMAC
	AllowUnsigned bool
	ForwardURL    string // where its deliveries are passed on to; empty: nowhere
	CreatedAt     time.Time
}

const sourceColumns = `s.id, s.workspace_id, s.provider, s.name, s.token, s.secret, s.hmac, s.allow_unsigned, s.forward_url, s.created_ms`

func scanSource(r Row) (*Source, error) {
	var s Source
	var created int64
	if err := r.Scan(&s.ID, &s.Workspace, &s.Provider, &s.Name, &s.Token, &s.Secret, &s.HMAC, &s.AllowUnsigned, &s.ForwardURL, &created); err != nil {
		return nil, err
	}
	s.CreatedAt = time.UnixMilli(created).UTC()
	return &s, nil
}

// InsertSource makes a source.
func InsertSource(ctx context.Context, tx Tx, s *Source) error {
	_, err := tx.Exec(ctx, `
INSERT INTO sources (id, workspace_id, provider, name, token, secret, hmac, allow_unsigned, forward_url, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.ID, s.Workspace, s.Provider, s.Name, s.Token, s.Secret, s.HMAC, s.AllowUnsigned, s.ForwardURL, s.CreatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert source: %w", err)
	}
	return nil
}

// Sources lists a workspace's sources, oldest first.
func Sources(ctx context.Context, tx Tx, workspace string) ([]*Source, error) {
	out, err := sources(ctx, tx, `SELECT `+sourceColumns+` FROM sources s WHERE s.workspace_id = $1 ORDER BY s.id`, workspace)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	return out, nil
}

func sources(ctx context.Context, tx Tx, query string, args ...any) ([]*Source, error) {
	out := []*Source{}
	rows, err := tx.Query(ctx, query, args...)
	err = each(rows, err, func(r Rows) error {
		s, err := scanSource(r)
		out = append(out, s)
		return err
	})
	return out, err
}

// ForwardingSources lists the sources of all workspaces whose deliveries are
// passed on, newest first.
func ForwardingSources(ctx context.Context, tx Tx, limit int) ([]*Source, error) {
	out, err := sources(ctx, tx, `SELECT `+sourceColumns+` FROM sources s WHERE s.forward_url <> '' ORDER BY s.id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list forwarding sources: %w", err)
	}
	return out, nil
}

// SourceByID loads a source.
func SourceByID(ctx context.Context, tx Tx, workspace, id string) (*Source, error) {
	s, err := scanSource(tx.QueryRow(ctx, `SELECT `+sourceColumns+` FROM sources s WHERE s.workspace_id = $1 AND s.id = $2`, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no source %q in this workspace", id)
	}
	return s, nil
}

// SourceByToken finds the source that a webhook's URL names, in whichever
// workspace it is.
func SourceByToken(ctx context.Context, tx Tx, provider, token string) (*Source, error) {
	s, err := scanSource(tx.QueryRow(ctx, `SELECT `+sourceColumns+` FROM sources s WHERE s.token = $1 AND s.provider = $2`, token, provider))
	if err != nil {
		return nil, orNotFound(err, "no source has this address; copy it again from Settings → Sources")
	}
	return s, nil
}

// SourcesByProvider lists the sources that a delivery without a key or an
// address of its own may belong to, those first whose workspace knows the
// agent that the body names. A source without a secret could verify nothing
// and is left out.
func SourcesByProvider(ctx context.Context, tx Tx, provider, agentSourceID string, limit int) ([]*Source, error) {
	out, err := sources(ctx, tx, `
SELECT `+sourceColumns+` FROM sources s
LEFT JOIN agent_sources a ON a.workspace_id = s.workspace_id AND a.source_id = $2
WHERE s.provider = $1 AND s.secret IS NOT NULL
ORDER BY CASE WHEN a.agent_id IS NULL THEN 1 ELSE 0 END, s.id LIMIT $3`, provider, agentSourceID, limit)
	if err != nil {
		return nil, fmt.Errorf("list sources of %s: %w", provider, err)
	}
	return out, nil
}

// UpdateSource writes what of a source can be changed.
func UpdateSource(ctx context.Context, tx Tx, s *Source) error {
	_, err := tx.Exec(ctx, `UPDATE sources SET name = $3, secret = $4, hmac = $5, allow_unsigned = $6, forward_url = $7 WHERE workspace_id = $1 AND id = $2`,
		s.Workspace, s.ID, s.Name, s.Secret, s.HMAC, s.AllowUnsigned, s.ForwardURL)
	if err != nil {
		return fmt.Errorf("update source %s: %w", s.ID, err)
	}
	return nil
}

// DeleteSource removes a source and gives what it was. Its deliveries stay.
func DeleteSource(ctx context.Context, tx Tx, workspace, id string) (*Source, error) {
	s, err := SourceByID(ctx, tx, workspace, id)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sources WHERE workspace_id = $1 AND id = $2`, workspace, id); err != nil {
		return nil, fmt.Errorf("delete source %s: %w", id, err)
	}
	for _, t := range []string{"imports", "reconciliations"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+t+` WHERE workspace_id = $1 AND source_id = $2`, workspace, id); err != nil {
			return nil, fmt.Errorf("delete %s of source %s: %w", t, id, err)
		}
	}
	return s, PutSourceKey(ctx, tx, workspace, id, nil)
}

// SourceTraffic is what came by a source, counted over its newest 10,000
// deliveries.
type SourceTraffic struct {
	Deliveries     int        `json:"deliveries" doc:"At most 10,000"`
	Quarantined    int        `json:"quarantined" doc:"Of the newest 10,000 deliveries"`
	LastDeliveryAt *time.Time `json:"last_delivery_at"`
}

// TrafficOf counts what came by a source.
func TrafficOf(ctx context.Context, tx Tx, source string) (SourceTraffic, error) {
	var t SourceTraffic
	var last int64
	// The condition on source_id <> '' lets SQLite use the partial index.
	err := tx.QueryRow(ctx, `
SELECT COUNT(*), COUNT(CASE WHEN n.state = 'quarantined' THEN 1 END), COALESCE(MAX(n.seq), 0)
FROM (SELECT seq, state FROM inbox WHERE source_id = $1 AND source_id <> '' ORDER BY seq DESC LIMIT 10000) AS n`, source).
		Scan(&t.Deliveries, &t.Quarantined, &last)
	if err != nil {
		return t, fmt.Errorf("count deliveries of source %s: %w", source, err)
	}
	var received int64
	err = tx.QueryRow(ctx, `SELECT received_us FROM inbox WHERE seq = $1`, last).Scan(&received)
	if errors.Is(err, sql.ErrNoRows) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("find last delivery of source %s: %w", source, err)
	}
	t.LastDeliveryAt = new(time.UnixMicro(received).UTC())
	return t, nil
}
