package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

const evaluatorColumns = `id, name, scorecard_id, criteria, model, agent_ids, sampling_rate, enabled, created_ms, updated_ms`

func scanEvaluator(r Row) (*ringside.Evaluator, error) {
	var e ringside.Evaluator
	var criteria, agents string
	var created, updated int64
	err := r.Scan(&e.ID, &e.Name, &e.ScorecardID, &criteria, &e.Model, &agents, &e.SamplingRate, &e.Enabled, &created, &updated)
	if err != nil {
		return nil, err
	}
	for _, l := range []struct {
		text string
		list *[]string
	}{{criteria, &e.Criteria}, {agents, &e.AgentIDs}} {
		if err := json.Unmarshal([]byte(l.text), l.list); err != nil {
			return nil, fmt.Errorf("decode evaluator %s: %w", e.ID, err)
		}
	}
	e.CreatedAt, e.UpdatedAt = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	return &e, nil
}

// evaluatorLists are an evaluator's lists as they are stored.
func evaluatorLists(e *ringside.Evaluator) (criteria, agents string, err error) {
	c, err := json.Marshal(append([]string{}, e.Criteria...))
	if err != nil {
		return "", "", fmt.Errorf("encode evaluator: %w", err)
	}
	a, err := json.Marshal(append([]string{}, e.AgentIDs...))
	if err != nil {
		return "", "", fmt.Errorf("encode evaluator: %w", err)
	}
	return string(c), string(a), nil
}

// InsertEvaluator keeps an evaluator.
func InsertEvaluator(ctx context.Context, tx Tx, workspace string, e *ringside.Evaluator) error {
	criteria, agents, err := evaluatorLists(e)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO evaluators (workspace_id, `+evaluatorColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		workspace, e.ID, e.Name, e.ScorecardID, criteria, e.Model, agents, e.SamplingRate, e.Enabled, e.CreatedAt.UnixMilli(), e.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert evaluator: %w", err)
	}
	return nil
}

// UpdateEvaluator writes a changed evaluator.
func UpdateEvaluator(ctx context.Context, tx Tx, workspace string, e *ringside.Evaluator) error {
	criteria, agents, err := evaluatorLists(e)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
UPDATE evaluators SET name = $3, scorecard_id = $4, criteria = $5, model = $6, agent_ids = $7, sampling_rate = $8, enabled = $9, updated_ms = $10
WHERE workspace_id = $1 AND id = $2`,
		workspace, e.ID, e.Name, e.ScorecardID, criteria, e.Model, agents, e.SamplingRate, e.Enabled, e.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("update evaluator %s: %w", e.ID, err)
	}
	if n == 0 {
		return errNoEvaluator(e.ID)
	}
	return nil
}

func errNoEvaluator(id string) error {
	return ringside.Errorf(ringside.NotFound, "there is no evaluator %q in this workspace", id)
}

// Evaluators lists a workspace's evaluators by name.
func Evaluators(ctx context.Context, tx Tx, workspace string) ([]*ringside.Evaluator, error) {
	out := []*ringside.Evaluator{}
	rows, err := tx.Query(ctx, `SELECT `+evaluatorColumns+` FROM evaluators WHERE workspace_id = $1`, workspace)
	err = each(rows, err, func(r Rows) error {
		e, err := scanEvaluator(r)
		out = append(out, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list evaluators: %w", err)
	}
	slices.SortFunc(out, func(a, b *ringside.Evaluator) int { return compareNames(a.Name, b.Name, a.ID, b.ID) })
	return out, nil
}

// compareNames orders by name without case, and by id where names are equal.
func compareNames(a, b, idA, idB string) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(idA, idB))
}

// Evaluator loads one evaluator.
func Evaluator(ctx context.Context, tx Tx, workspace, id string) (*ringside.Evaluator, error) {
	e, err := scanEvaluator(tx.QueryRow(ctx, `SELECT `+evaluatorColumns+` FROM evaluators WHERE workspace_id = $1 AND id = $2`, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no evaluator %q in this workspace", id)
	}
	return e, nil
}

// DeleteEvaluator removes an evaluator. What it has judged stays.
func DeleteEvaluator(ctx context.Context, tx Tx, workspace, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM evaluators WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err != nil {
		return fmt.Errorf("delete evaluator %s: %w", id, err)
	}
	if n == 0 {
		return errNoEvaluator(id)
	}
	return nil
}

// moveEvaluators has evaluators follow an agent that becomes another, or that
// goes when into is empty.
func moveEvaluators(ctx context.Context, tx Tx, workspace, from, into string) error {
	all, err := Evaluators(ctx, tx, workspace)
	if err != nil {
		return err
	}
	for _, e := range all {
		i := slices.Index(e.AgentIDs, from)
		if i < 0 {
			continue
		}
		e.AgentIDs = slices.Delete(e.AgentIDs, i, i+1)
		if into != "" && !slices.Contains(e.AgentIDs, into) {
			e.AgentIDs = append(e.AgentIDs, into)
		}
		if err := UpdateEvaluator(ctx, tx, workspace, e); err != nil {
			return err
		}
	}
	return nil
}
