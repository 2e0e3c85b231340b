package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// AgentVersion is what an agent was, as its vendor showed it.
type AgentVersion struct {
	Number        int       `json:"number" doc:"1 is the first that was seen"`
	Name          string    `json:"name" doc:"The agent's name at the vendor"`
	PromptHash    string    `json:"prompt_hash" doc:"First 16 hex digits of the SHA-256 of what the agent is told; empty when the vendor does not show it"`
	Model         string    `json:"language_model"`
	Voice         string    `json:"voice"`
	VendorVersion string    `json:"vendor_version" doc:"The vendor's own name for it; empty without"`
	Since         time.Time `json:"since" doc:"When it was seen first"`
}

// another tells whether two are different agents to talk to.
func (v *AgentVersion) another(o *AgentVersion) bool {
	return v.PromptHash != o.PromptHash || v.Model != o.Model || v.Voice != o.Voice
}

const agentVersionColumns = `number, name, prompt_hash, model, voice, vendor_version, since_ms`

func scanAgentVersion(r Row) (*AgentVersion, error) {
	var v AgentVersion
	var since int64
	err := r.Scan(&v.Number, &v.Name, &v.PromptHash, &v.Model, &v.Voice, &v.VendorVersion, &since)
	v.Since = time.UnixMilli(since).UTC()
	return &v, err
}

// AgentVersions lists what an agent was, the newest first.
func AgentVersions(ctx context.Context, tx Tx, workspace, agent string) ([]*AgentVersion, error) {
	out := []*AgentVersion{}
	rows, err := tx.Query(ctx, `SELECT `+agentVersionColumns+` FROM agent_versions WHERE workspace_id = $1 AND agent_id = $2 ORDER BY number DESC LIMIT 200`, workspace, agent)
	err = each(rows, err, func(r Rows) error {
		v, err := scanAgentVersion(r)
		out = append(out, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list versions of agent %s: %w", agent, err)
	}
	return out, nil
}

// NoteAgentVersion keeps what an agent is now: a version of its own when the
// prompt, the model or the voice is another. Before is what it was; nil for the
// first.
func NoteAgentVersion(ctx context.Context, tx Tx, workspace, agent string, v AgentVersion) (before *AgentVersion, err error) {
	last, err := scanAgentVersion(tx.QueryRow(ctx, `SELECT `+agentVersionColumns+` FROM agent_versions
WHERE workspace_id = $1 AND agent_id = $2 ORDER BY number DESC LIMIT 1`, workspace, agent))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		last, v.Number = nil, 1
	case err != nil:
		return nil, fmt.Errorf("load the version of agent %s: %w", agent, err)
	case last.another(&v):
		v.Number = last.Number + 1
	case last.Name == v.Name && last.VendorVersion == v.VendorVersion:
		return last, nil
	default:
		_, err = tx.Exec(ctx, `UPDATE agent_versions SET name = $3, vendor_version = $4 WHERE agent_id = $1 AND number = $2`, agent, last.Number, v.Name, v.VendorVersion)
		return last, err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO agent_versions (workspace_id, agent_id, `+agentVersionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		workspace, agent, v.Number, v.Name, v.PromptHash, v.Model, v.Voice, v.VendorVersion, v.Since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("insert version %d of agent %s: %w", v.Number, agent, err)
	}
	return last, nil
}
