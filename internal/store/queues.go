package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
)

const queueColumns = `id, name, number, sip, hours, agents, created_ms, updated_ms`

func scanQueue(r Row) (*ringside.Queue, error) {
	var q ringside.Queue
	var hours, agents string
	var created, updated int64
	if err := r.Scan(&q.ID, &q.Name, &q.Number, &q.SIP, &hours, &agents, &created, &updated); err != nil {
		return nil, err
	}
	q.CreatedAt, q.UpdatedAt = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	if err := json.Unmarshal([]byte(hours), &q.Hours); err != nil {
		return nil, fmt.Errorf("decode hours of queue %s: %w", q.ID, err)
	}
	if err := json.Unmarshal([]byte(agents), &q.Agents); err != nil {
		return nil, fmt.Errorf("decode agents of queue %s: %w", q.ID, err)
	}
	return &q, nil
}

// Queues lists a workspace's queues by name.
func Queues(ctx context.Context, tx Tx, workspace string) ([]*ringside.Queue, error) {
	out := []*ringside.Queue{}
	rows, err := tx.Query(ctx, `SELECT `+queueColumns+` FROM queues WHERE workspace_id = $1 ORDER BY name, id`, workspace)
	err = each(rows, err, func(r Rows) error {
		q, err := scanQueue(r)
		out = append(out, q)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list queues: %w", err)
	}
	return out, nil
}

// Queue loads a queue.
func Queue(ctx context.Context, tx Tx, workspace, id string) (*ringside.Queue, error) {
	q, err := scanQueue(tx.QueryRow(ctx, `SELECT `+queueColumns+` FROM queues WHERE workspace_id = $1 AND id = $2`, workspace, id))
	return q, orNotFound(err, "there is no queue %q in this workspace", id)
}

// PutQueue makes a queue, or replaces what it is.
func PutQueue(ctx context.Context, tx Tx, workspace string, q *ringside.Queue) error {
	hours, err := json.Marshal(q.Hours)
	if err != nil {
		return fmt.Errorf("encode hours: %w", err)
	}
	agents, err := json.Marshal(append([]string{}, q.Agents...))
	if err != nil {
		return fmt.Errorf("encode agents: %w", err)
	}
	_, err = tx.Exec(ctx, `
INSERT INTO queues (id, workspace_id, name, number, sip, hours, agents, created_ms, updated_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, number = EXCLUDED.number, sip = EXCLUDED.sip, hours = EXCLUDED.hours,
 agents = EXCLUDED.agents, updated_ms = EXCLUDED.updated_ms`,
		q.ID, workspace, q.Name, q.Number, q.SIP, string(hours), string(agents), q.CreatedAt.UnixMilli(), q.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("put queue %s: %w", q.ID, err)
	}
	return nil
}

// DeleteQueue removes a queue.
func DeleteQueue(ctx context.Context, tx Tx, workspace, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM queues WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err == nil && n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no queue %q in this workspace", id)
	}
	return err
}

// moveQueues has the queues that name an agent follow it: it becomes another, or
// goes when into is empty. A queue for that agent alone keeps naming it then, so
// that it is not for all of a sudden for every agent.
func moveQueues(ctx context.Context, tx Tx, workspace, from, into string) error {
	_, err := tx.Exec(ctx, `UPDATE queues SET workspace_id = workspace_id WHERE workspace_id = $1 AND agents LIKE '%' || $2 || '%'`, workspace, from)
	if err != nil {
		return fmt.Errorf("lock queues of agent %s: %w", from, err)
	}
	all, err := Queues(ctx, tx, workspace)
	if err != nil {
		return err
	}
	for _, q := range all {
		i := slices.Index(q.Agents, from)
		if i < 0 || into == "" && len(q.Agents) == 1 {
			continue
		}
		q.Agents = slices.Delete(q.Agents, i, i+1)
		if into != "" && !slices.Contains(q.Agents, into) {
			q.Agents = append(q.Agents, into)
			slices.Sort(q.Agents)
		}
		q.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
		if err := PutQueue(ctx, tx, workspace, q); err != nil {
			return err
		}
	}
	return nil
}
