package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// WebhookEndpoint is an address of the user's that wants to hear of events.
type WebhookEndpoint struct {
	ID          string
	Workspace   string
	AgentID     string // empty: every agent's calls
	URL         string
	Description string
	Events      []string // none: those of whole calls, ringside.WebhookCallEvents
	Secret      []byte   // sealed; nil when there is none
	MaxRetries  int
	Timeout     time.Duration
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Stop        *WebhookStop // nil while it is on
}

// WebhookStop says that a target gets nothing more, and why.
type WebhookStop struct {
	URL    string // of the target, at that time: with another it is on again; empty when a person switched it off, whatever its URL
	Reason string
	At     time.Time
}

// EndpointTarget is an endpoint as the target of deliveries.
func EndpointTarget(id string) string { return endpointPrefix + id }

// AgentTarget is one of an agent's own addresses as the target of deliveries.
func AgentTarget(id, which string) string { return agentPrefix + id + ":" + which }

const (
	endpointPrefix = "endpoint:"
	agentPrefix    = "agent:"
)

const endpointSQL = `
SELECT e.id, e.workspace_id, e.agent_id, e.url, e.description, e.events, e.secret, e.max_retries, e.timeout_ms, e.created_ms, e.updated_ms,
       COALESCE(s.url, ''), COALESCE(s.reason, ''), COALESCE(s.at_ms, 0)
FROM webhook_endpoints e LEFT JOIN webhook_stops s ON s.target = '` + endpointPrefix + `' || e.id AND s.url IN ('', e.url)
`

func scanEndpoint(r Row) (*WebhookEndpoint, error) {
	var e WebhookEndpoint
	var stop WebhookStop
	var events string
	var timeout, created, updated, stopped int64
	err := r.Scan(&e.ID, &e.Workspace, &e.AgentID, &e.URL, &e.Description, &events, &e.Secret, &e.MaxRetries, &timeout, &created, &updated,
		&stop.URL, &stop.Reason, &stopped)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(events), &e.Events); err != nil {
		return nil, fmt.Errorf("decode events of webhook endpoint %s: %w", e.ID, err)
	}
	e.Timeout = time.Duration(timeout) * time.Millisecond
	e.CreatedAt, e.UpdatedAt = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	if stopped != 0 {
		stop.At = time.UnixMilli(stopped).UTC()
		e.Stop = &stop
	}
	return &e, nil
}

// InsertWebhookEndpoint makes an endpoint.
func InsertWebhookEndpoint(ctx context.Context, tx Tx, e *WebhookEndpoint) error {
	events, err := json.Marshal(e.Events)
	if err != nil {
		return fmt.Errorf("encode events: %w", err)
	}
	_, err = tx.Exec(ctx, `
INSERT INTO webhook_endpoints (id, workspace_id, agent_id, url, description, events, secret, max_retries, timeout_ms, created_ms, updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.ID, e.Workspace, e.AgentID, e.URL, e.Description, string(events), e.Secret, e.MaxRetries, e.Timeout.Milliseconds(),
		e.CreatedAt.UnixMilli(), e.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert webhook endpoint: %w", err)
	}
	return nil
}

// WebhookEndpoints lists a workspace's endpoints, oldest first.
func WebhookEndpoints(ctx context.Context, tx Tx, workspace string) ([]*WebhookEndpoint, error) {
	return webhookEndpoints(ctx, tx, endpointSQL+`WHERE e.workspace_id = $1 ORDER BY e.id`, workspace)
}

// WebhookEndpointsFor lists those that hear of an agent's calls; an agent's
// id may be empty.
func WebhookEndpointsFor(ctx context.Context, tx Tx, workspace, agent string) ([]*WebhookEndpoint, error) {
	return webhookEndpoints(ctx, tx, endpointSQL+`WHERE e.workspace_id = $1 AND e.agent_id IN ('', $2) ORDER BY e.id`, workspace, agent)
}

func webhookEndpoints(ctx context.Context, tx Tx, query string, args ...any) ([]*WebhookEndpoint, error) {
	out := []*WebhookEndpoint{}
	rows, err := tx.Query(ctx, query, args...)
	err = each(rows, err, func(r Rows) error {
		e, err := scanEndpoint(r)
		out = append(out, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list webhook endpoints: %w", err)
	}
	return out, nil
}

// WebhookEndpointByID loads an endpoint.
func WebhookEndpointByID(ctx context.Context, tx Tx, workspace, id string) (*WebhookEndpoint, error) {
	e, err := scanEndpoint(tx.QueryRow(ctx, endpointSQL+`WHERE e.workspace_id = $1 AND e.id = $2`, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no webhook endpoint %q in this workspace", id)
	}
	return e, nil
}

// UpdateWebhookEndpoint writes what of an endpoint can be changed.
func UpdateWebhookEndpoint(ctx context.Context, tx Tx, e *WebhookEndpoint) error {
	events, err := json.Marshal(e.Events)
	if err != nil {
		return fmt.Errorf("encode events: %w", err)
	}
	_, err = tx.Exec(ctx, `
UPDATE webhook_endpoints SET agent_id = $3, url = $4, description = $5, events = $6, secret = $7, max_retries = $8, timeout_ms = $9, updated_ms = $10
WHERE workspace_id = $1 AND id = $2`,
		e.Workspace, e.ID, e.AgentID, e.URL, e.Description, string(events), e.Secret, e.MaxRetries, e.Timeout.Milliseconds(), e.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("update webhook endpoint %s: %w", e.ID, err)
	}
	return nil
}

// DeleteWebhookEndpoint removes an endpoint and gives what it was. What was
// sent to it stays until retention; what waits for it will find it gone.
func DeleteWebhookEndpoint(ctx context.Context, tx Tx, workspace, id string) (*WebhookEndpoint, error) {
	e, err := WebhookEndpointByID(ctx, tx, workspace, id)
	if err != nil {
		return nil, err
	}
	if err := StartWebhook(ctx, tx, EndpointTarget(id)); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM webhook_endpoints WHERE workspace_id = $1 AND id = $2`, workspace, id); err != nil {
		return nil, fmt.Errorf("delete webhook endpoint %s: %w", id, err)
	}
	return e, nil
}

// StopWebhook makes a target get nothing more. What a person has switched off
// stays so for their reason.
func StopWebhook(ctx context.Context, tx Tx, workspace, target string, s WebhookStop) error {
	_, err := tx.Exec(ctx, `
INSERT INTO webhook_stops (target, workspace_id, url, reason, at_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (target) DO UPDATE SET url = EXCLUDED.url, reason = EXCLUDED.reason, at_ms = EXCLUDED.at_ms
WHERE webhook_stops.url <> '' OR EXCLUDED.url = ''`,
		target, workspace, s.URL, s.Reason, s.At.UnixMilli())
	if err != nil {
		return fmt.Errorf("stop webhook: %w", err)
	}
	return nil
}

// StartWebhook undoes StopWebhook.
func StartWebhook(ctx context.Context, tx Tx, target string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM webhook_stops WHERE target = $1`, target); err != nil {
		return fmt.Errorf("start webhook: %w", err)
	}
	return nil
}

// WebhookStopOf says why a target with that URL gets nothing; nil when it does.
func WebhookStopOf(ctx context.Context, tx Tx, target, url string) (*WebhookStop, error) {
	s := WebhookStop{URL: url}
	var at int64
	err := tx.QueryRow(ctx, `SELECT reason, at_ms FROM webhook_stops WHERE target = $1 AND url IN ('', $2)`, target, url).Scan(&s.Reason, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing stops it
	}
	if err != nil {
		return nil, fmt.Errorf("look up stop of webhook: %w", err)
	}
	s.At = time.UnixMilli(at).UTC()
	return &s, nil
}

// FillAgentStops looks up which of the agents' addresses get nothing more.
func FillAgentStops(ctx context.Context, tx Tx, workspace string, agents []*AgentRow) error {
	stops := map[string]*WebhookStop{}
	rows, err := tx.Query(ctx, `SELECT target, url, reason, at_ms FROM webhook_stops WHERE workspace_id = $1`, workspace)
	err = each(rows, err, func(r Rows) error {
		var target string
		var s WebhookStop
		var at int64
		err := r.Scan(&target, &s.URL, &s.Reason, &at)
		s.At = time.UnixMilli(at).UTC()
		stops[target] = &s
		return err
	})
	if err != nil {
		return fmt.Errorf("list stops of webhooks: %w", err)
	}
	for _, a := range agents {
		a.Stops = map[string]*WebhookStop{}
		for _, which := range AgentWebhooks {
			if s := stops[AgentTarget(a.ID, which)]; s != nil && (s.URL == "" || s.URL == a.WebhookURL(which)) {
				a.Stops[which] = s
			}
		}
	}
	return nil
}

// WebhookURL is one of the agent's own addresses; empty when it is not set.
func (a *AgentRow) WebhookURL(which string) string {
	switch which {
	case WebhookOwn:
		return a.Settings.WebhookURL
	case WebhookSpeedToLead:
		return a.Settings.SpeedToLeadWebhookURL
	case WebhookKnowledgeGap:
		return a.Settings.KnowledgeGapWebhookURL
	}
	return ""
}

// dropAgentWebhooks removes what belongs to the addresses of an agent that is
// about to go. What was sent about its calls goes along with those, to heir or
// to no agent. Endpoints that hear of its calls alone go to heir; without one
// they go too, since nothing would ever reach them.
func dropAgentWebhooks(ctx context.Context, tx Tx, workspace, agent, heir string) error {
	for _, which := range AgentWebhooks {
		if err := StartWebhook(ctx, tx, AgentTarget(agent, which)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE webhook_deliveries SET agent_id = $3 WHERE workspace_id = $1 AND agent_id = $2`, workspace, agent, heir)
	if err != nil {
		return fmt.Errorf("move webhook deliveries of agent %s: %w", agent, err)
	}
	if heir != "" {
		_, err = tx.Exec(ctx, `UPDATE webhook_endpoints SET agent_id = $3 WHERE workspace_id = $1 AND agent_id = $2`, workspace, agent, heir)
	} else {
		_, err = tx.Exec(ctx, `DELETE FROM webhook_endpoints WHERE workspace_id = $1 AND agent_id = $2`, workspace, agent)
	}
	if err != nil {
		return fmt.Errorf("let go of webhook endpoints of agent %s: %w", agent, err)
	}
	return nil
}

// AgentWebhooks are which addresses an agent's settings can hold.
var AgentWebhooks = []string{WebhookOwn, WebhookSpeedToLead, WebhookKnowledgeGap}

// The addresses in an agent's settings: webhookUrl, speedToLeadWebhookUrl and
// knowledgeGapWebhookUrl.
const (
	WebhookOwn          = "webhook"
	WebhookSpeedToLead  = "speed_to_lead"
	WebhookKnowledgeGap = "knowledge_gap"
)
