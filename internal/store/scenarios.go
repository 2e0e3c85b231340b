package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// ScenarioRow is a scenario with when it is due and how it went last.
type ScenarioRow struct {
	ringside.Scenario

	Workspace string                `json:"-"`
	NextAt    *time.Time            `json:"next_run_at" doc:"When its schedule is due; null when it has none or is switched off. What was due while Ringside was not running is not caught up"`
	LastRun   *ringside.ScenarioRun `json:"last_run" doc:"Without its calls, which its runs have; null when it was never played"`
}

const scenarioColumns = `s.workspace_id, s.body, s.next_ms, (
  SELECT r.body FROM scenario_runs r WHERE r.scenario_id = s.id ORDER BY r.created_ms DESC, r.id DESC LIMIT 1)`

func scanScenario(r Row) (*ScenarioRow, error) {
	var out ScenarioRow
	var body string
	var last *string
	var next int64
	if err := r.Scan(&out.Workspace, &body, &next, &last); err != nil {
		return nil, err
	}
	out.NextAt = momentOrNil(next)
	if err := json.Unmarshal([]byte(body), &out.Scenario); err != nil {
		return nil, fmt.Errorf("decode scenario: %w", err)
	}
	if last == nil {
		return &out, nil
	}
	out.LastRun = &ringside.ScenarioRun{}
	if err := json.Unmarshal([]byte(*last), out.LastRun); err != nil {
		return nil, fmt.Errorf("decode the last run of a scenario: %w", err)
	}
	out.LastRun.Calls = []ringside.ScenarioCall{}
	return &out, nil
}

func scanScenarios(rows Rows, err error) ([]*ScenarioRow, error) {
	out := []*ScenarioRow{}
	err = each(rows, err, func(r Rows) error {
		s, err := scanScenario(r)
		out = append(out, s)
		return err
	})
	return out, err
}

// Scenarios lists a workspace's scenarios, oldest first.
func Scenarios(ctx context.Context, tx Tx, workspace string) ([]*ScenarioRow, error) {
	rows, err := tx.Query(ctx, `SELECT `+scenarioColumns+` FROM scenarios s WHERE s.workspace_id = $1 ORDER BY s.created_ms, s.id`, workspace)
	out, err := scanScenarios(rows, err)
	if err != nil {
		return nil, fmt.Errorf("list scenarios: %w", err)
	}
	return out, nil
}

// Scenario loads a scenario.
func Scenario(ctx context.Context, tx Tx, workspace, id string) (*ScenarioRow, error) {
	s, err := scanScenario(tx.QueryRow(ctx, `SELECT `+scenarioColumns+` FROM scenarios s WHERE s.workspace_id = $1 AND s.id = $2`, workspace, id))
	return s, orNotFound(err, "there is no scenario %q in this workspace", id)
}

// DueScenarios are those whose schedule is due, of every workspace.
func DueScenarios(ctx context.Context, tx Tx, now time.Time) ([]*ScenarioRow, error) {
	rows, err := tx.Query(ctx, `SELECT `+scenarioColumns+` FROM scenarios s WHERE s.next_ms > 0 AND s.next_ms <= $1 ORDER BY s.next_ms, s.id`, now.UnixMilli())
	out, err := scanScenarios(rows, err)
	if err != nil {
		return nil, fmt.Errorf("list due scenarios: %w", err)
	}
	return out, nil
}

// PutScenario makes a scenario, or replaces what it is.
func PutScenario(ctx context.Context, tx Tx, workspace string, s *ScenarioRow) error {
	body, err := json.Marshal(&s.Scenario)
	if err != nil {
		return fmt.Errorf("encode scenario: %w", err)
	}
	_, err = tx.Exec(ctx, `
INSERT INTO scenarios (id, workspace_id, body, next_ms, created_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, next_ms = EXCLUDED.next_ms`,
		s.ID, workspace, string(body), orZeroMS(s.NextAt), s.CreatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("put scenario %s: %w", s.ID, err)
	}
	return nil
}

// TakeDueScenario sets when a scenario is due next, if it is due when the caller
// thinks, and tells whether it was: of several processes, one takes it.
func TakeDueScenario(ctx context.Context, tx Tx, id string, due time.Time, next *time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE scenarios SET next_ms = $3 WHERE id = $1 AND next_ms = $2`, id, due.UnixMilli(), orZeroMS(next))
	if err != nil {
		return false, fmt.Errorf("take due scenario %s: %w", id, err)
	}
	return n == 1, nil
}

// DeleteScenario removes a scenario with its runs. Their calls stay.
func DeleteScenario(ctx context.Context, tx Tx, workspace, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM scenarios WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err == nil && n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no scenario %q in this workspace", id)
	}
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM scenario_runs WHERE scenario_id = $1`, id)
	}
	if err != nil {
		return fmt.Errorf("delete scenario %s: %w", id, err)
	}
	return nil
}

// moveScenarios has scenarios follow an agent that becomes another, or that goes
// when into is empty: a scenario whose agent has gone is switched off, so that
// its calls are not shown as another's all of a sudden.
func moveScenarios(ctx context.Context, tx Tx, workspace, from, into string) error {
	all, err := Scenarios(ctx, tx, workspace)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.AgentID != from {
			continue
		}
		s.AgentID = into
		if into == "" {
			s.Active, s.NextAt = false, nil
		}
		s.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
		if err := PutScenario(ctx, tx, workspace, s); err != nil {
			return err
		}
	}
	return nil
}
