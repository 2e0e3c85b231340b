package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Retainer is an agent with a retention.
type Retainer struct {
	Workspace, Agent string
	Retention        ringside.Retention
}

// Retainers lists the agents of all workspaces that have one.
func Retainers(ctx context.Context, tx Tx) (out []Retainer, err error) {
	rows, err := tx.Query(ctx, `SELECT workspace_id, id, settings FROM agents WHERE settings LIKE '%"retention"%' ORDER BY id`)
	err = each(rows, err, func(r Rows) error {
		var a Retainer
		var raw string
		if err := r.Scan(&a.Workspace, &a.Agent, &raw); err != nil {
			return err
		}
		var s ringside.AgentSettings
		if err := json.Unmarshal([]byte(raw), &s); err != nil {
			return fmt.Errorf("decode settings of agent %s: %w", a.Agent, err)
		}
		if s.Retention != nil {
			a.Retention = *s.Retention
			out = append(out, a)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list agents with a retention: %w", err)
	}
	return out, nil
}

// DueCall is a call of which something is to be removed.
type DueCall struct {
	Ord                      int64
	ID                       ringside.CallID
	Provider, ProviderCallID string
}

// DueCalls lists an agent's calls after a place that had ended by a time, in
// order. With a part, those of which it was removed since the newest delivery
// are left out; without one, all are listed.
func DueCalls(ctx context.Context, tx Tx, a *Retainer, part ringside.Part, by time.Time, after int64, limit int) (out []DueCall, err error) {
	rows, err := tx.Query(ctx, `
SELECT c.ord, c.id, c.provider, c.provider_call_id FROM calls c
WHERE c.workspace_id = $1 AND c.agent_id = $2 AND c.status NOT IN ('queued', 'ringing', 'active') AND c.ord > $3
  AND CASE WHEN c.ended_ms > 0 THEN c.ended_ms ELSE c.heard_ms END <= $4
  AND NOT EXISTS (SELECT 1 FROM expired x WHERE x.call_id = c.id AND x.part = $5 AND x.at_ms >= c.heard_ms)
ORDER BY c.ord LIMIT $6`, a.Workspace, a.Agent, after, by.UnixMilli(), string(part), limit)
	err = each(rows, err, func(r Rows) error {
		var c DueCall
		var raw []byte
		err := r.Scan(&c.Ord, &raw, &c.Provider, &c.ProviderCallID)
		if err == nil {
			c.ID = ringside.CallID(raw)
		}
		out = append(out, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list calls past retention: %w", err)
	}
	return out, nil
}

// NoteExpiry keeps that a part of a call was removed.
func NoteExpiry(ctx context.Context, tx Tx, call ringside.CallID, part ringside.Part, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO expired (call_id, part, at_ms) SELECT id, $2, $3 FROM calls WHERE id = $1
ON CONFLICT (call_id, part) DO UPDATE SET at_ms = EXCLUDED.at_ms`, call[:], string(part), at.UnixMilli())
	return err
}

// DropQuotes removes what tells in words what was said in a call, outside of
// its events: the deliveries that brought it and those that passed it on,
// questions, quotes of alerts, reasons of evaluations. words gives what
// questions are compared by.
func DropQuotes(ctx context.Context, tx Tx, workspace string, call ringside.CallID, words func(string) string) error {
	asked, err := gapsAskedIn(ctx, tx, call)
	if err != nil {
		return err
	}
	if err := dropReasons(ctx, tx, call); err != nil {
		return err
	}
	for _, q := range []string{
		`DELETE FROM inbox WHERE id IN (` + deliveriesOfCall + `)`,
		`DELETE FROM gap_calls WHERE call_id = $1`,
		`DELETE FROM webhook_attempts WHERE delivery IN (SELECT seq FROM webhook_deliveries WHERE call_id = $1)`,
		`DELETE FROM webhook_deliveries WHERE call_id = $1`,
		`UPDATE alerts SET quote = '', message = rule_name WHERE call_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, call[:]); err != nil {
			return fmt.Errorf("remove quotes of call %s: %w", call, err)
		}
	}
	return rewordGaps(ctx, tx, workspace, asked, words)
}

// dropReasons keeps of a call's evaluations the scores and verdicts.
func dropReasons(ctx context.Context, tx Tx, call ringside.CallID) error {
	details := map[string][]byte{}
	rows, err := tx.Query(ctx, `SELECT id, detail FROM evaluations WHERE call_id = $1 AND detail IS NOT NULL`, call[:])
	err = each(rows, err, func(r Rows) error {
		var id string
		var packed []byte
		err := r.Scan(&id, &packed)
		details[id] = packed
		return err
	})
	if err != nil {
		return fmt.Errorf("load evaluations of call %s: %w", call, err)
	}
	for id, packed := range details {
		var d evaluationDetail
		if err := UnpackJSON(packed, &d); err != nil {
			return fmt.Errorf("load evaluation %s: %w", id, err)
		}
		ringside.DropReasons(d.Scores)
		if packed, err = PackJSON(d); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE evaluations SET detail = $2 WHERE id = $1`, id, packed); err != nil {
			return fmt.Errorf("update evaluation %s: %w", id, err)
		}
	}
	return nil
}
