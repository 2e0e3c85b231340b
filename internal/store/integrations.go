package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Integration is what a workspace is connected to beside its vendors.
type Integration struct {
	Kind      string          // llm, stt, hubspot, salesforce
	Settings  json.RawMessage // without secrets
	Secret    []byte          // sealed; nil when there is none
	UpdatedAt time.Time
}

// Integrations lists what a workspace is connected to, by kind.
func Integrations(ctx context.Context, tx Tx, workspace string) ([]*Integration, error) {
	out := []*Integration{}
	rows, err := tx.Query(ctx, `SELECT kind, settings, secret, updated_ms FROM integrations WHERE workspace_id = $1 ORDER BY kind`, workspace)
	err = each(rows, err, func(r Rows) error {
		i, err := scanIntegration(r)
		out = append(out, i)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list integrations: %w", err)
	}
	return out, nil
}

func scanIntegration(r Row) (*Integration, error) {
	var i Integration
	var settings string
	var updated int64
	err := r.Scan(&i.Kind, &settings, &i.Secret, &updated)
	i.Settings, i.UpdatedAt = json.RawMessage(settings), time.UnixMilli(updated).UTC()
	return &i, err
}

// IntegrationOf loads one integration; a NotFound error when there is none.
func IntegrationOf(ctx context.Context, tx Tx, workspace, kind string) (*Integration, error) {
	i, err := scanIntegration(tx.QueryRow(ctx, `SELECT kind, settings, secret, updated_ms FROM integrations WHERE workspace_id = $1 AND kind = $2`, workspace, kind))
	if err != nil {
		return nil, orNotFound(err, "this workspace has no %s integration", kind)
	}
	return i, nil
}

// PutIntegration makes an integration or replaces it.
func PutIntegration(ctx context.Context, tx Tx, workspace string, i *Integration) error {
	_, err := tx.Exec(ctx, `
INSERT INTO integrations (workspace_id, kind, settings, secret, updated_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, kind) DO UPDATE SET settings = EXCLUDED.settings, secret = EXCLUDED.secret, updated_ms = EXCLUDED.updated_ms`,
		workspace, i.Kind, string(i.Settings), i.Secret, i.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("keep %s integration: %w", i.Kind, err)
	}
	return nil
}

// DeleteIntegration removes an integration.
func DeleteIntegration(ctx context.Context, tx Tx, workspace, kind string) error {
	n, err := tx.Exec(ctx, `DELETE FROM integrations WHERE workspace_id = $1 AND kind = $2`, workspace, kind)
	if err == nil && n == 0 {
		return ringside.Errorf(ringside.NotFound, "this workspace has no %s integration", kind)
	}
	return err
}

// ModelUsage is what a language model was asked in a month.
type ModelUsage struct {
	Month            string  `json:"month" doc:"2026-11, UTC"`
	Model            string  `json:"model"`
	Requests         int64   `json:"requests"`
	PromptTokens     int64   `json:"prompt_tokens"`
	CompletionTokens int64   `json:"completion_tokens"`
	CostUSD          float64 `json:"cost_usd" doc:"Of the requests whose model had a price"`
}

// month names the calendar month of a time, in UTC.
func month(t time.Time) string { return t.UTC().Format("2006-01") }

// monthsBefore names the month that lies so many before that of a time: counted
// from its first day, for eleven months before the 31st of January there is no
// 31st.
func monthsBefore(t time.Time, n int) string {
	t = t.UTC()
	return month(time.Date(t.Year(), t.Month()-time.Month(n), 1, 0, 0, 0, 0, time.UTC))
}

// AddUsage adds what a question to a model took.
func AddUsage(ctx context.Context, tx Tx, workspace string, at time.Time, u *ringside.Usage) error {
	cost := 0.0
	if u.CostUSD != nil {
		cost = *u.CostUSD
	}
	_, err := tx.Exec(ctx, `
INSERT INTO llm_usage (workspace_id, month, model, requests, prompt_tokens, completion_tokens, cost_usd) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (workspace_id, month, model) DO UPDATE SET requests = llm_usage.requests + EXCLUDED.requests,
 prompt_tokens = llm_usage.prompt_tokens + EXCLUDED.prompt_tokens,
 completion_tokens = llm_usage.completion_tokens + EXCLUDED.completion_tokens, cost_usd = llm_usage.cost_usd + EXCLUDED.cost_usd`,
		workspace, month(at), u.Model, u.Requests, u.PromptTokens, u.CompletionTokens, cost)
	if err != nil {
		return fmt.Errorf("count model usage: %w", err)
	}
	return nil
}

// Spent is what a workspace's models cost in the month of a time, in US
// dollars.
func Spent(ctx context.Context, tx Tx, workspace string, at time.Time) (usd float64, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(SUM(cost_usd), 0) FROM llm_usage WHERE workspace_id = $1 AND month = $2`, workspace, month(at)).Scan(&usd)
	return usd, err
}

// UsageByMonth lists what models were asked, newest month first.
func UsageByMonth(ctx context.Context, tx Tx, workspace string, months int) ([]ModelUsage, error) {
	out := []ModelUsage{}
	rows, err := tx.Query(ctx, `
SELECT month, model, requests, prompt_tokens, completion_tokens, cost_usd FROM llm_usage
WHERE workspace_id = $1 AND month >= $2 ORDER BY month DESC, model`, workspace, monthsBefore(time.Now(), months-1))
	err = each(rows, err, func(r Rows) error {
		var u ModelUsage
		err := r.Scan(&u.Month, &u.Model, &u.Requests, &u.PromptTokens, &u.CompletionTokens, &u.CostUSD)
		out = append(out, u)
		return err
	})
	return out, err
}
