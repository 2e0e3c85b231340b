package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/secret"
)

// AlertRuleRow is a rule with its channels' sealed secrets.
type AlertRuleRow struct {
	ringside.AlertRule
	Secrets []byte
}

// PutAlertRule keeps a rule as its next version. Of an own rule there is a row
// already, or the version is 0; a built-in one gets its row with its first
// change.
func PutAlertRule(ctx context.Context, tx Tx, workspace string, r *AlertRuleRow, author string) error {
	r.Version++
	body, err := json.Marshal(r.AlertRule)
	if err != nil {
		return fmt.Errorf("encode alert rule: %w", err)
	}
	_, err = tx.Exec(ctx, `
INSERT INTO alert_rules (workspace_id, id, version, secrets, created_ms, updated_ms) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, id) DO UPDATE SET version = excluded.version, secrets = excluded.secrets, updated_ms = excluded.updated_ms`,
		workspace, r.ID, r.Version, r.Secrets, r.CreatedAt.UnixMilli(), r.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("put alert rule %s: %w", r.ID, err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO alert_rule_versions (workspace_id, rule_id, version, body, author, created_ms) VALUES ($1, $2, $3, $4, $5, $6)`,
		workspace, r.ID, r.Version, string(body), author, r.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert version %d of alert rule %s: %w", r.Version, r.ID, err)
	}
	return nil
}

const alertRuleSQL = `
SELECT v.body, r.secrets FROM alert_rules r JOIN alert_rule_versions v ON v.workspace_id = r.workspace_id AND v.rule_id = r.id AND v.version = r.version `

func scanAlertRule(r Row, more ...any) (*AlertRuleRow, error) {
	var body string
	var out AlertRuleRow
	if err := r.Scan(append([]any{&body, &out.Secrets}, more...)...); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(body), &out.AlertRule); err != nil {
		return nil, fmt.Errorf("decode alert rule: %w", err)
	}
	return &out, nil
}

// AlertRules lists the rules that a workspace has made or changed, oldest first.
func AlertRules(ctx context.Context, tx Tx, workspace string) ([]*AlertRuleRow, error) {
	out := []*AlertRuleRow{}
	rows, err := tx.Query(ctx, alertRuleSQL+`WHERE r.workspace_id = $1 ORDER BY r.created_ms, r.id`, workspace)
	err = each(rows, err, func(r Rows) error {
		a, err := scanAlertRule(r)
		out = append(out, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list alert rules: %w", err)
	}
	return out, nil
}

// AllAlertRules lists the rules of every workspace that has made or changed any.
func AllAlertRules(ctx context.Context, tx Tx) (map[string][]*ringside.AlertRule, error) {
	out := map[string][]*ringside.AlertRule{}
	rows, err := tx.Query(ctx, `
SELECT v.body, NULL, r.workspace_id FROM alert_rules r JOIN alert_rule_versions v ON v.workspace_id = r.workspace_id AND v.rule_id = r.id AND v.version = r.version
ORDER BY r.created_ms, r.id`)
	err = each(rows, err, func(r Rows) error {
		var workspace string
		a, err := scanAlertRule(r, &workspace)
		if err == nil {
			out[workspace] = append(out[workspace], &a.AlertRule)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list alert rules: %w", err)
	}
	return out, nil
}

// AlertRule loads a rule that a workspace has made or changed.
func AlertRule(ctx context.Context, tx Tx, workspace, id string) (*AlertRuleRow, error) {
	r, err := scanAlertRule(tx.QueryRow(ctx, alertRuleSQL+`WHERE r.workspace_id = $1 AND r.id = $2`, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no alert rule %q in this workspace", id)
	}
	return r, nil
}

// AlertRuleVersion is a rule as it was, and who made it so.
type AlertRuleVersion struct {
	Version   int                `json:"version"`
	Author    string             `json:"author" doc:"The name of the person or the key, as it was then"`
	CreatedAt time.Time          `json:"createdAt"`
	Rule      ringside.AlertRule `json:"rule"`
}

// AlertRuleVersions lists the versions of a rule, newest first; none of a
// built-in one that nobody has changed.
func AlertRuleVersions(ctx context.Context, tx Tx, workspace, id string) ([]*AlertRuleVersion, error) {
	out := []*AlertRuleVersion{}
	rows, err := tx.Query(ctx, `
SELECT version, author, created_ms, body FROM alert_rule_versions WHERE workspace_id = $1 AND rule_id = $2 ORDER BY version DESC`, workspace, id)
	err = each(rows, err, func(r Rows) error {
		var v AlertRuleVersion
		var created int64
		var body string
		if err := r.Scan(&v.Version, &v.Author, &created, &body); err != nil {
			return err
		}
		v.CreatedAt = time.UnixMilli(created).UTC()
		out = append(out, &v)
		return json.Unmarshal([]byte(body), &v.Rule)
	})
	if err != nil {
		return nil, fmt.Errorf("list versions of alert rule %s: %w", id, err)
	}
	return out, nil
}

// DeleteAlertRule removes a rule with its versions. Its alerts stay.
func DeleteAlertRule(ctx context.Context, tx Tx, workspace, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM alert_rule_versions WHERE workspace_id = $1 AND rule_id = $2`, workspace, id); err != nil {
		return fmt.Errorf("delete versions of alert rule %s: %w", id, err)
	}
	n, err := tx.Exec(ctx, `DELETE FROM alert_rules WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err != nil {
		return fmt.Errorf("delete alert rule %s: %w", id, err)
	}
	if n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no alert rule %q in this workspace", id)
	}
	return nil
}

// moveAlertRules has rules follow an agent that becomes another, or that goes
// when into is empty: a rule for that agent alone is switched off, so that it is
// not for all of a sudden for every agent.
func moveAlertRules(ctx context.Context, tx Tx, workspace, from, into string) error {
	all, err := AlertRules(ctx, tx, workspace)
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
		r.UpdatedAt = new(time.Now().UTC().Truncate(time.Millisecond))
		if err := PutAlertRule(ctx, tx, workspace, r, "Ringside"); err != nil {
			return err
		}
	}
	return nil
}

// OpenSecrets unseals the secrets of a rule's channels: by channel and pointer.
func (r *AlertRuleRow) OpenSecrets(box *secret.Box, workspace string) (map[string]map[string]any, error) {
	out := map[string]map[string]any{}
	if len(r.Secrets) == 0 {
		return out, nil
	}
	plain, err := box.Open(r.purpose(workspace), r.Secrets)
	if err != nil {
		return out, fmt.Errorf("unseal secrets of alert rule %s: %w", r.ID, err)
	}
	return out, json.Unmarshal(plain, &out)
}

// SealSecrets puts the secrets of its channels into the row.
func (r *AlertRuleRow) SealSecrets(box *secret.Box, workspace string, s map[string]map[string]any) error {
	if r.Secrets = nil; len(s) == 0 {
		return nil
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode secrets of alert rule %s: %w", r.ID, err)
	}
	r.Secrets = box.Seal(r.purpose(workspace), plain)
	return nil
}

// purpose is what the secrets are sealed for: built-in rules have one id everywhere.
func (r *AlertRuleRow) purpose(workspace string) string {
	return "alert_rule:" + workspace + ":" + r.ID
}
