package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/secret"
)

// AgentBySource finds the agent that a vendor's agent id means; an empty id
// when none does.
func AgentBySource(ctx context.Context, tx Tx, workspace, source string) (id, name string, err error) {
	err = tx.QueryRow(ctx, `
SELECT a.id, a.name FROM agent_sources s JOIN agents a ON a.id = s.agent_id
WHERE s.workspace_id = $1 AND s.source_id = $2`, workspace, source).Scan(&id, &name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return id, name, err
}

// InsertAgent makes an agent and links its source id to it. When the source
// id already means another agent, nothing is made. Secrets are sealed.
func InsertAgent(ctx context.Context, tx Tx, workspace string, a *ringside.Agent, secrets []byte) error {
	if a.SourceID != "" {
		n, err := tx.Exec(ctx, `INSERT INTO agent_sources (workspace_id, source_id, agent_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			workspace, a.SourceID, a.ID)
		if err != nil || n == 0 {
			return err
		}
	}
	settings, err := json.Marshal(a.Settings)
	if err != nil {
		return fmt.Errorf("encode agent settings: %w", err)
	}
	_, err = tx.Exec(ctx, `
INSERT INTO agents (id, workspace_id, name, source_id, provider, discovered, settings, secrets, created_ms, updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.ID, workspace, a.Name, a.SourceID, a.Provider, a.Discovered, string(settings), secrets,
		a.CreatedAt.UnixMilli(), a.UpdatedAt.UnixMilli())
	return err
}

// AgentRow is an agent with its sealed secrets and what its calls say.
type AgentRow struct {
	ringside.Agent
	Secrets []byte
	Stats   AgentStats
	Stops   map[string]*WebhookStop // of its webhooks, by which; only where they were filled in
}

// OpenSecrets unseals the agent's secrets.
func (a *AgentRow) OpenSecrets(box *secret.Box) (ringside.AgentSecrets, error) {
	var s ringside.AgentSecrets
	if len(a.Secrets) == 0 {
		return s, nil
	}
	plain, err := box.Open(a.purpose(), a.Secrets)
	if err != nil {
		return s, fmt.Errorf("unseal secrets of agent %s: %w", a.ID, err)
	}
	return s, json.Unmarshal(plain, &s)
}

// SealSecrets puts secrets into the row.
func (a *AgentRow) SealSecrets(box *secret.Box, s ringside.AgentSecrets) error {
	if a.Secrets = nil; s == (ringside.AgentSecrets{}) {
		return nil
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode secrets of agent %s: %w", a.ID, err)
	}
	a.Secrets = box.Seal(a.purpose(), plain)
	return nil
}

// purpose is what the agent's secrets are sealed for.
func (a *AgentRow) purpose() string { return "agent:" + a.ID }

// AgentStats sum up an agent's calls.
type AgentStats struct {
	Calls      int64      `json:"calls"`
	Judged     int64      `json:"judged" doc:"Calls of which somebody says whether they succeeded"`
	Succeeded  int64      `json:"succeeded"`
	LastCallAt *time.Time `json:"last_call_at"`
}

const agentColumns = `id, name, source_id, provider, discovered, settings, secrets, created_ms, updated_ms`

func scanAgent(r Row) (*AgentRow, error) {
	var a AgentRow
	var settings string
	var created, updated int64
	if err := r.Scan(&a.ID, &a.Name, &a.SourceID, &a.Provider, &a.Discovered, &settings, &a.Secrets, &created, &updated); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(settings), &a.Settings); err != nil {
		return nil, fmt.Errorf("decode settings of agent %s: %w", a.ID, err)
	}
	a.CreatedAt, a.UpdatedAt = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	return &a, nil
}

// Agents lists a workspace's agents by name.
func Agents(ctx context.Context, tx Tx, workspace string) ([]*AgentRow, error) {
	out := []*AgentRow{}
	rows, err := tx.Query(ctx, `SELECT `+agentColumns+` FROM agents WHERE workspace_id = $1 ORDER BY lower(name), id`, workspace)
	err = each(rows, err, func(r Rows) error {
		a, err := scanAgent(r)
		out = append(out, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list agents: %w", err)
	}
	return out, nil
}

// Agent loads one agent.
func Agent(ctx context.Context, tx Tx, workspace, id string) (*AgentRow, error) {
	a, err := scanAgent(tx.QueryRow(ctx, `SELECT `+agentColumns+` FROM agents WHERE workspace_id = $1 AND id = $2`, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no agent %q in this workspace", id)
	}
	return a, nil
}

// AgentNames gives the names of a workspace's agents by id.
func AgentNames(ctx context.Context, tx Tx, workspace string) (map[string]string, error) {
	out := map[string]string{}
	rows, err := tx.Query(ctx, `SELECT id, name FROM agents WHERE workspace_id = $1`, workspace)
	err = each(rows, err, func(r Rows) error {
		var id, name string
		err := r.Scan(&id, &name)
		out[id] = name
		return err
	})
	return out, err
}

// FillAgentStats sums up the calls of each agent since a time.
func FillAgentStats(ctx context.Context, tx Tx, workspace string, agents []*AgentRow, since time.Time) error {
	for _, a := range agents {
		var last int64
		err := tx.QueryRow(ctx, `
SELECT COUNT(*), COUNT(success), COUNT(CASE WHEN success THEN 1 END), COALESCE(MAX(ord), 0)
FROM calls WHERE workspace_id = $1 AND agent_id = $2 AND ord >= $3`, workspace, a.ID, OrdAt(since)).
			Scan(&a.Stats.Calls, &a.Stats.Judged, &a.Stats.Succeeded, &last)
		if err != nil {
			return fmt.Errorf("sum up calls of agent %s: %w", a.ID, err)
		}
		if last == 0 { // none since then: the last of all
			err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(ord), 0) FROM calls WHERE workspace_id = $1 AND agent_id = $2`, workspace, a.ID).Scan(&last)
			if err != nil {
				return fmt.Errorf("find last call of agent %s: %w", a.ID, err)
			}
		}
		if last != 0 {
			a.Stats.LastCallAt = new(time.UnixMilli(last >> ordHash).UTC())
		}
	}
	return nil
}

// UpdateAgent writes an agent's name, settings and secrets; one that a person
// edited is no longer merely discovered.
func UpdateAgent(ctx context.Context, tx Tx, workspace string, a *AgentRow) error {
	settings, err := json.Marshal(a.Settings)
	if err != nil {
		return fmt.Errorf("encode agent settings: %w", err)
	}
	_, err = tx.Exec(ctx, `
UPDATE agents SET name = $3, source_id = $4, provider = $5, discovered = $6, settings = $7, secrets = $8, updated_ms = $9
WHERE workspace_id = $1 AND id = $2`,
		workspace, a.ID, a.Name, a.SourceID, a.Provider, a.Discovered, string(settings), a.Secrets, a.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("update agent %s: %w", a.ID, err)
	}
	return nil
}

// LinkSource makes a source id mean an agent. It fails with Conflict when the
// id means another one.
func LinkSource(ctx context.Context, tx Tx, workspace, source, agent string) error {
	id, name, err := AgentBySource(ctx, tx, workspace, source)
	if err != nil {
		return err
	}
	if id != "" && id != agent {
		e := ringside.Errorf(ringside.Conflict, "the source id %q already belongs to the agent %q; merge the two agents instead", source, name)
		e.Field = "/source_id"
		return e
	}
	_, err = tx.Exec(ctx, `INSERT INTO agent_sources (workspace_id, source_id, agent_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, workspace, source, agent)
	return err
}

// agentInViews has saved views that ask for an agent's calls ask for those of
// another. An id is long enough to stand in a query only as itself.
const agentInViews = `UPDATE views SET query = replace(query, $2, $3) WHERE workspace_id = $1 AND query LIKE '%' || $2 || '%'`

// MergeAgents moves the calls of one agent to another, with its source ids,
// evaluators, alert rules, queues, webhook endpoints and what was sent to those,
// and deletes it.
func MergeAgents(ctx context.Context, tx Tx, workspace, from, into string) error {
	for _, q := range []string{
		`UPDATE agent_sources SET agent_id = $3 WHERE workspace_id = $1 AND agent_id = $2`,
		`UPDATE calls SET agent_id = $3 WHERE workspace_id = $1 AND agent_id = $2`,
		agentInViews,
		// Its source id goes on meaning the agent that it went into.
		`INSERT INTO agent_sources (workspace_id, source_id, agent_id)
SELECT workspace_id, source_id, $3 FROM agents WHERE workspace_id = $1 AND id = $2 AND source_id <> '' ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.Exec(ctx, q, workspace, from, into); err != nil {
			return fmt.Errorf("merge agents: %w", err)
		}
	}
	if err := moveEvaluators(ctx, tx, workspace, from, into); err != nil {
		return err
	}
	if err := moveAlerts(ctx, tx, workspace, from, into); err != nil {
		return err
	}
	if err := moveQueues(ctx, tx, workspace, from, into); err != nil {
		return err
	}
	if err := moveInterventionRules(ctx, tx, workspace, from, into); err != nil {
		return err
	}
	if err := moveScenarios(ctx, tx, workspace, from, into); err != nil {
		return err
	}
	if err := dropAgentWebhooks(ctx, tx, workspace, from, into); err != nil {
		return err
	}
	for _, q := range []string{
		`DELETE FROM agent_versions WHERE workspace_id = $1 AND agent_id = $2`, // two that became one have no history in common
		`DELETE FROM agents WHERE workspace_id = $1 AND id = $2`,
	} {
		if _, err := tx.Exec(ctx, q, workspace, from); err != nil {
			return fmt.Errorf("merge agents: %w", err)
		}
	}
	return nil
}

// ReplaceAgent hands what an agent has over to one that is about to be made
// under another id.
func ReplaceAgent(ctx context.Context, tx Tx, workspace, old, id string) error {
	for _, q := range []string{
		`UPDATE calls SET agent_id = $3 WHERE workspace_id = $1 AND agent_id = $2`,
		agentInViews,
		`DELETE FROM agent_sources WHERE workspace_id = $1 AND agent_id = $2 AND source_id = (SELECT source_id FROM agents WHERE id = $2 AND workspace_id = $1)`,
		`UPDATE agent_sources SET agent_id = $3 WHERE workspace_id = $1 AND agent_id = $2`,
		`UPDATE agent_versions SET agent_id = $3 WHERE workspace_id = $1 AND agent_id = $2`,
	} {
		args := []any{workspace, old, id}
		if !strings.Contains(q, "$3") {
			args = args[:2]
		}
		if _, err := tx.Exec(ctx, q, args...); err != nil {
			return fmt.Errorf("replace agent %s: %w", old, err)
		}
	}
	if err := moveEvaluators(ctx, tx, workspace, old, id); err != nil {
		return err
	}
	if err := moveAlerts(ctx, tx, workspace, old, id); err != nil {
		return err
	}
	if err := moveQueues(ctx, tx, workspace, old, id); err != nil {
		return err
	}
	if err := moveInterventionRules(ctx, tx, workspace, old, id); err != nil {
		return err
	}
	if err := moveScenarios(ctx, tx, workspace, old, id); err != nil {
		return err
	}
	if err := dropAgentWebhooks(ctx, tx, workspace, old, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM agents WHERE workspace_id = $1 AND id = $2`, workspace, old)
	return err
}

// DeleteAgent deletes an agent, and the webhook endpoints that are for it
// alone. Its calls stay, without an agent; the next call that names it makes
// it anew.
func DeleteAgent(ctx context.Context, tx Tx, workspace, id string) error {
	if err := dropAgentWebhooks(ctx, tx, workspace, id, ""); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE calls SET agent_id = '' WHERE workspace_id = $1 AND agent_id = $2`,
		`DELETE FROM agent_sources WHERE workspace_id = $1 AND agent_id = $2`,
		`DELETE FROM agent_versions WHERE workspace_id = $1 AND agent_id = $2`,
		`DELETE FROM agents WHERE workspace_id = $1 AND id = $2`,
	} {
		if _, err := tx.Exec(ctx, q, workspace, id); err != nil {
			return fmt.Errorf("delete agent %s: %w", id, err)
		}
	}
	if err := moveAlerts(ctx, tx, workspace, id, ""); err != nil {
		return err
	}
	if err := moveQueues(ctx, tx, workspace, id, ""); err != nil {
		return err
	}
	if err := moveInterventionRules(ctx, tx, workspace, id, ""); err != nil {
		return err
	}
	if err := moveScenarios(ctx, tx, workspace, id, ""); err != nil {
		return err
	}
	return moveEvaluators(ctx, tx, workspace, id, "")
}
