package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// keptRuns is how many runs of a scenario are kept.
const keptRuns = 200

// OpenRun is a run that is not settled yet.
type OpenRun struct {
	Workspace string
	HeardAt   time.Time // when its process last said that it is at it
	Run       *ringside.ScenarioRun
}

func scanRun(r Row) (*OpenRun, error) {
	out := &OpenRun{Run: &ringside.ScenarioRun{}}
	var body string
	var heard int64
	if err := r.Scan(&out.Workspace, &heard, &body); err != nil {
		return nil, err
	}
	out.HeardAt = time.UnixMilli(heard).UTC()
	if err := json.Unmarshal([]byte(body), out.Run); err != nil {
		return nil, fmt.Errorf("decode scenario run: %w", err)
	}
	return out, nil
}

const runColumns = `workspace_id, heard_ms, body`

// InsertScenarioRun keeps a run that begins, and lets the oldest go.
func InsertScenarioRun(ctx context.Context, tx Tx, workspace string, r *ringside.ScenarioRun) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode scenario run: %w", err)
	}
	at := r.CreatedAt.UnixMilli()
	_, err = tx.Exec(ctx, `
INSERT INTO scenario_runs (id, workspace_id, scenario_id, state, wanted, heard_ms, body, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.ID, workspace, r.ScenarioID, string(r.State), r.Wanted, at, string(body), at)
	if err == nil {
		_, err = tx.Exec(ctx, `
DELETE FROM scenario_runs WHERE scenario_id = $1 AND state NOT IN ('queued', 'running', 'judging') AND id NOT IN (
  SELECT id FROM scenario_runs WHERE scenario_id = $1 ORDER BY created_ms DESC, id DESC LIMIT $2)`, r.ScenarioID, keptRuns)
	}
	if err != nil {
		return fmt.Errorf("insert scenario run %s: %w", r.ID, err)
	}
	return nil
}

// UpdateScenarioRun keeps what has become of a run that is in a state, and tells
// whether it was: of several who change one, the first does.
func UpdateScenarioRun(ctx context.Context, tx Tx, from ringside.ScenarioState, r *ringside.ScenarioRun, heard time.Time) (bool, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return false, fmt.Errorf("encode scenario run: %w", err)
	}
	n, err := tx.Exec(ctx, `UPDATE scenario_runs SET state = $3, heard_ms = $4, body = $5 WHERE id = $1 AND state = $2`,
		r.ID, string(from), string(r.State), heard.UnixMilli(), string(body))
	if err != nil {
		return false, fmt.Errorf("update scenario run %s: %w", r.ID, err)
	}
	return n == 1, nil
}

// HearScenarioRun says that a run's process is still at it.
func HearScenarioRun(ctx context.Context, tx Tx, id string, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE scenario_runs SET heard_ms = $2 WHERE id = $1 AND state = 'running'`, id, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("hear of scenario run %s: %w", id, err)
	}
	return nil
}

// ScenarioRun loads a run of a scenario.
func ScenarioRun(ctx context.Context, tx Tx, workspace, scenario, id string) (*ringside.ScenarioRun, error) {
	r, err := scanRun(tx.QueryRow(ctx, `SELECT `+runColumns+` FROM scenario_runs WHERE workspace_id = $1 AND scenario_id = $2 AND id = $3`, workspace, scenario, id))
	if err != nil {
		return nil, orNotFound(err, "there is no run %q of this scenario", id)
	}
	return r.Run, nil
}

// ScenarioRuns lists the newest runs of a scenario, newest first.
func ScenarioRuns(ctx context.Context, tx Tx, workspace, scenario string, limit int) ([]*ringside.ScenarioRun, error) {
	out := []*ringside.ScenarioRun{}
	rows, err := tx.Query(ctx, `
SELECT `+runColumns+` FROM scenario_runs WHERE workspace_id = $1 AND scenario_id = $2 ORDER BY created_ms DESC, id DESC LIMIT $3`, workspace, scenario, limit)
	err = each(rows, err, func(r Rows) error {
		run, err := scanRun(r)
		if err == nil {
			out = append(out, run.Run)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list runs of scenario %s: %w", scenario, err)
	}
	return out, nil
}

// RunsIn lists the runs that are in a state, of every workspace, oldest first.
func RunsIn(ctx context.Context, tx Tx, state ringside.ScenarioState) (out []*OpenRun, err error) {
	rows, err := tx.Query(ctx, `SELECT `+runColumns+` FROM scenario_runs WHERE state = $1 ORDER BY created_ms, id`, string(state))
	err = each(rows, err, func(r Rows) error {
		run, err := scanRun(r)
		out = append(out, run)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list scenario runs that are %s: %w", state, err)
	}
	return out, nil
}

// Simulated tells how many calls the runs of a workspace hold or are about to,
// and whether one of them is a scenario's.
func Simulated(ctx context.Context, tx Tx, workspace, scenario string) (calls int, playing bool, err error) {
	var own int
	err = tx.QueryRow(ctx, `
SELECT COALESCE(SUM(wanted), 0), COALESCE(SUM(CASE WHEN scenario_id = $2 THEN 1 ELSE 0 END), 0)
FROM scenario_runs WHERE workspace_id = $1 AND state IN ('queued', 'running')`, workspace, scenario).Scan(&calls, &own)
	if err != nil {
		return 0, false, fmt.Errorf("count simulated calls: %w", err)
	}
	return calls, own > 0, nil
}
