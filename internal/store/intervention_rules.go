package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
)

func scanInterventionRule(r Row) (*ringside.InterventionRule, error) {
	var body string
	var out ringside.InterventionRule
	if err := r.Scan(&body); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		return nil, fmt.Errorf("decode intervention rule: %w", err)
	}
	return &out, nil
}

// InterventionRules lists a workspace's rules, oldest first.
func InterventionRules(ctx context.Context, tx Tx, workspace string) ([]*ringside.InterventionRule, error) {
	out := []*ringside.InterventionRule{}
	rows, err := tx.Query(ctx, `SELECT body FROM intervention_rules WHERE workspace_id = $1 ORDER BY created_ms, id`, workspace)
	err = each(rows, err, func(r Rows) error {
		rule, err := scanInterventionRule(r)
		out = append(out, rule)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list intervention rules: %w", err)
	}
	return out, nil
}

// InterventionRule loads a rule.
func InterventionRule(ctx context.Context, tx Tx, workspace, id string) (*ringside.InterventionRule, error) {
	r, err := scanInterventionRule(tx.QueryRow(ctx, `SELECT body FROM intervention_rules WHERE workspace_id = $1 AND id = $2`, workspace, id))
	return r, orNotFound(err, "there is no intervention rule %q in this workspace", id)
}

// PutInterventionRule makes a rule, or replaces what it is.
func PutInterventionRule(ctx context.Context, tx Tx, workspace string, r *ringside.InterventionRule) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode intervention rule: %w", err)
	}
	_, err = tx.Exec(ctx, `
INSERT INTO intervention_rules (id, workspace_id, body, created_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body`,
		r.ID, workspace, string(body), r.CreatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("put intervention rule %s: %w", r.ID, err)
	}
	return nil
}

// DeleteInterventionRule removes a rule. What it proposed stays.
func DeleteInterventionRule(ctx context.Context, tx Tx, workspace, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM intervention_rules WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err == nil && n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no intervention rule %q in this workspace", id)
	}
	return err
}

// moveInterventionRules has rules follow an agent that becomes another, or that
// goes when into is empty: a rule for that agent alone is switched off, so that
// it is not for every agent all of a sudden.
func moveInterventionRules(ctx context.Context, tx Tx, workspace, from, into string) error {
	all, err := InterventionRules(ctx, tx, workspace)
	if err != nil {
		return err
	}
	for _, r := range all {
		i := slices.Index(r.Agents, from)
		if i < 0 {
			continue
		}
		r.Agents = slices.Delete(r.Agents, i, i+1)
		if into != "" && !slices.Contains(r.Agents, into) {
			r.Agents = append(r.Agents, into)
		}
		if len(r.Agents) == 0 {
			r.Active = false
		}
		r.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
		if err := PutInterventionRule(ctx, tx, workspace, r); err != nil {
			return err
		}
	}
	return nil
}
