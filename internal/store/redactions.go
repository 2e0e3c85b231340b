package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ringsidehq/ringside"
)

// RedactionPolicy is what is hidden in the calls of one agent.
type RedactionPolicy struct {
	Workspace, Agent string
	Settings         ringside.RedactionSettings
}

// RedactionPolicies lists the agents of all workspaces in whose calls something
// is hidden.
func RedactionPolicies(ctx context.Context, tx Tx) ([]RedactionPolicy, error) {
	var out []RedactionPolicy
	rows, err := tx.Query(ctx, `SELECT workspace_id, id, settings FROM agents WHERE settings LIKE '%"redactionMode":%'`)
	err = each(rows, err, func(r Rows) error {
		var p RedactionPolicy
		var settings string
		if err := r.Scan(&p.Workspace, &p.Agent, &settings); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(settings), &p.Settings); err != nil {
			return fmt.Errorf("decode settings of agent %s: %w", p.Agent, err)
		}
		if p.Settings.Redacts() {
			out = append(out, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list redaction policies: %w", err)
	}
	return out, nil
}

// CallAgent gives the agent of a call, empty where it has none, and whether the
// call is on; known is false when there is no such call.
func CallAgent(ctx context.Context, tx Tx, id ringside.CallID) (agent string, on, known bool, err error) {
	err = tx.QueryRow(ctx, `SELECT agent_id, status IN ('queued', 'ringing', 'active') FROM calls WHERE id = $1`, id[:]).Scan(&agent, &on)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, false, nil
	}
	return agent, on, err == nil, err
}

// maxNumbering is how often a number is tried that others may take first.
const maxNumbering = 16

// RedactionNumber is the number of a value in a call's tokens: the one that it
// has, else the next of its kind.
func RedactionNumber(ctx context.Context, tx Tx, call ringside.CallID, kind ringside.RedactionKind, mark []byte) (int, error) {
	for range maxNumbering {
		var n int
		err := tx.QueryRow(ctx, `SELECT number FROM redactions WHERE call_id = $1 AND mark = $2`, call[:], mark).Scan(&n)
		if !errors.Is(err, sql.ErrNoRows) {
			return n, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO redactions (call_id, mark, kind, number)
VALUES ($1, $2, $3, (SELECT COALESCE(MAX(number), 0) + 1 FROM redactions WHERE call_id = $1 AND kind = $3))
ON CONFLICT DO NOTHING`, call[:], mark, string(kind))
		if err != nil {
			return 0, fmt.Errorf("number what is hidden in call %s: %w", call, err)
		}
	}
	return 0, fmt.Errorf("number what is hidden in call %s: %d others came first", call, maxNumbering)
}

// HasRedaction tells whether a value was hidden in a call, by its mark.
func HasRedaction(ctx context.Context, tx Tx, call ringside.CallID, mark []byte) (has bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM redactions WHERE call_id = $1 AND mark = $2)`, call[:], mark).Scan(&has)
	return has, err
}

// RedactionCounts says how many values of each kind were hidden in a call.
func RedactionCounts(ctx context.Context, tx Tx, call ringside.CallID) (map[ringside.RedactionKind]int, error) {
	out := map[ringside.RedactionKind]int{}
	rows, err := tx.Query(ctx, `SELECT kind, COUNT(*) FROM redactions WHERE call_id = $1 GROUP BY kind`, call[:])
	err = each(rows, err, func(r Rows) error {
		var kind string
		var n int
		err := r.Scan(&kind, &n)
		out[ringside.RedactionKind(kind)] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count what is hidden in call %s: %w", call, err)
	}
	return out, nil
}

// LastTurns are the turns of a call that its newest events tell of, n at most, in
// order.
func LastTurns(ctx context.Context, tx Tx, call ringside.CallID, n int) (out []ringside.Turn, err error) {
	rows, err := tx.Query(ctx, `SELECT facts FROM events WHERE id IN (
  SELECT id FROM events WHERE call_seq = (SELECT seq FROM calls WHERE id = $1) ORDER BY received_us DESC, id DESC LIMIT $2
) ORDER BY received_us DESC, id DESC`, call[:], 3*n)
	err = each(rows, err, func(r Rows) error {
		var packed []byte
		var x ringside.Facts
		if err := r.Scan(&packed); err != nil || len(out) >= n {
			return err
		}
		if err := UnpackJSON(packed, &x); err != nil {
			return err
		}
		all := x.Turns
		if x.Turn != nil {
			all = append(all, *x.Turn)
		}
		out = append(slices.Clone(all[max(0, len(all)-n):]), out...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load what was said last in call %s: %w", call, err)
	}
	return out[max(0, len(out)-n):], nil
}

// HasDelivery tells whether a delivery is kept that is recognised by dedupe.
func HasDelivery(ctx context.Context, tx Tx, dedupe []byte) (has bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM inbox WHERE dedupe = $1)`, dedupe).Scan(&has)
	return has, err
}

// Rewrite gives what is to stand in place of something stored.
type Rewrite func(body []byte) ([]byte, error)

// rewritten are texts about a call beside its events that say what was said, and
// where they stand.
var rewritten = []struct {
	read, write string
	packed      bool
}{
	{
		`SELECT id, body FROM webhook_deliveries WHERE call_id = $1`,
		`UPDATE webhook_deliveries SET body = $2 WHERE id = $1`, true,
	},
	{`SELECT id, quote FROM alerts WHERE call_id = $1`, `UPDATE alerts SET quote = $2 WHERE id = $1`, false},
	{`SELECT id, message FROM alerts WHERE call_id = $1`, `UPDATE alerts SET message = $2 WHERE id = $1`, false},
	{`SELECT id, reason FROM inbox WHERE call_id = $1`, `UPDATE inbox SET reason = $2 WHERE id = $1`, false},
	{`SELECT id, context FROM inbox WHERE call_id = $1`, `UPDATE inbox SET context = $2 WHERE id = $1`, false},
}

// RewriteTold rewrites what was told of a call, and what alerts quote of it.
func RewriteTold(ctx context.Context, tx Tx, call ringside.CallID, rewrite Rewrite) error {
	for _, q := range rewritten {
		found := map[string][]byte{}
		rows, err := tx.Query(ctx, q.read, call[:])
		err = each(rows, err, func(r Rows) error {
			var id string
			var body []byte
			err := r.Scan(&id, &body)
			found[id] = body
			return err
		})
		if err != nil {
			return fmt.Errorf("read what was told of call %s: %w", call, err)
		}
		for id, was := range found {
			if q.packed {
				if was, err = Unpack(was); err != nil {
					return err
				}
			}
			is, err := rewrite(was)
			if err != nil {
				return err
			}
			if string(is) == string(was) {
				continue
			}
			var value any = string(is)
			if q.packed {
				value = Pack(is)
			}
			if _, err := tx.Exec(ctx, q.write, id, value); err != nil {
				return fmt.Errorf("rewrite what was told of call %s: %w", call, err)
			}
		}
	}
	return nil
}

// RewriteDeliveries rewrites the bodies that were received about a call, and what
// they are recognised by: stamp gives that of the one before.
func RewriteDeliveries(ctx context.Context, tx Tx, call ringside.CallID, rewrite Rewrite, stamp func(dedupe []byte) []byte) error {
	type kept struct {
		id           string
		body, dedupe []byte
	}
	var all []kept
	rows, err := tx.Query(ctx, `SELECT id, body, dedupe FROM inbox
WHERE id IN (`+deliveriesOfCall+`)`, call[:])
	err = each(rows, err, func(r Rows) error {
		var k kept
		err := r.Scan(&k.id, &k.body, &k.dedupe)
		all = append(all, k)
		return err
	})
	if err != nil {
		return fmt.Errorf("read deliveries of call %s: %w", call, err)
	}
	for _, k := range all {
		was, err := Unpack(k.body)
		if err != nil {
			return fmt.Errorf("unpack delivery %s: %w", k.id, err)
		}
		is, err := rewrite(was)
		if err != nil {
			return err
		}
		if string(is) == string(was) {
			continue
		}
		_, err = tx.Exec(ctx, `UPDATE inbox SET body = $2, size = $3, dedupe = $4 WHERE id = $1`, k.id, Pack(is), len(is), stamp(k.dedupe))
		if err != nil {
			return fmt.Errorf("rewrite delivery %s: %w", k.id, err)
		}
	}
	return nil
}
