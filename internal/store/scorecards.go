package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
)

// InsertScorecard keeps a new scorecard as its first version.
func InsertScorecard(ctx context.Context, tx Tx, workspace string, s *ringside.Scorecard, author string) error {
	s.Version = 1
	_, err := tx.Exec(ctx, `INSERT INTO scorecards (id, workspace_id, version, created_ms, updated_ms) VALUES ($1, $2, $3, $4, $5)`,
		s.ID, workspace, s.Version, s.CreatedAt.UnixMilli(), s.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert scorecard: %w", err)
	}
	return insertVersion(ctx, tx, workspace, s, author)
}

// UpdateScorecard keeps a changed scorecard as its next version. The caller
// has locked it: see LockScorecard.
func UpdateScorecard(ctx context.Context, tx Tx, workspace string, s *ringside.Scorecard, author string) error {
	s.Version++
	_, err := tx.Exec(ctx, `UPDATE scorecards SET version = $3, updated_ms = $4 WHERE workspace_id = $1 AND id = $2`,
		workspace, s.ID, s.Version, s.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("update scorecard %s: %w", s.ID, err)
	}
	return insertVersion(ctx, tx, workspace, s, author)
}

func insertVersion(ctx context.Context, tx Tx, workspace string, s *ringside.Scorecard, author string) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode scorecard: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO scorecard_versions (scorecard_id, version, workspace_id, body, author, created_ms) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, s.Version, workspace, string(body), author, s.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert version %d of scorecard %s: %w", s.Version, s.ID, err)
	}
	return nil
}

func errNoScorecard(id string) error {
	return ringside.Errorf(ringside.NotFound, "there is no scorecard %q in this workspace", id)
}

const scorecardSQL = `
SELECT v.body FROM scorecards s JOIN scorecard_versions v ON v.scorecard_id = s.id AND v.version = s.version WHERE s.workspace_id = $1`

func scanScorecard(r Row) (*ringside.Scorecard, error) {
	var body string
	if err := r.Scan(&body); err != nil {
		return nil, err
	}
	var s ringside.Scorecard
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return nil, fmt.Errorf("decode scorecard: %w", err)
	}
	return &s, nil
}

// Scorecards lists a workspace's scorecards in their newest versions, by name.
func Scorecards(ctx context.Context, tx Tx, workspace string) ([]*ringside.Scorecard, error) {
	out := []*ringside.Scorecard{}
	rows, err := tx.Query(ctx, scorecardSQL, workspace)
	err = each(rows, err, func(r Rows) error {
		s, err := scanScorecard(r)
		out = append(out, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list scorecards: %w", err)
	}
	slices.SortFunc(out, func(a, b *ringside.Scorecard) int { return compareNames(a.Name, b.Name, a.ID, b.ID) })
	return out, nil
}

// Scorecard loads the newest version of a scorecard.
func Scorecard(ctx context.Context, tx Tx, workspace, id string) (*ringside.Scorecard, error) {
	s, err := scanScorecard(tx.QueryRow(ctx, scorecardSQL+` AND s.id = $2`, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no scorecard %q in this workspace", id)
	}
	return s, nil
}

// ScorecardAt loads a version of a scorecard.
func ScorecardAt(ctx context.Context, tx Tx, workspace, id string, version int) (*ringside.Scorecard, error) {
	s, err := scanScorecard(tx.QueryRow(ctx, `SELECT body FROM scorecard_versions WHERE workspace_id = $1 AND scorecard_id = $2 AND version = $3`, workspace, id, version))
	if err != nil {
		return nil, orNotFound(err, "there is no version %d of a scorecard %q in this workspace", version, id)
	}
	return s, nil
}

// ScorecardVersion says when a version of a scorecard was made, and by whom.
type ScorecardVersion struct {
	Version   int       `json:"version"`
	Name      string    `json:"name" doc:"What the scorecard was called in it"`
	Author    string    `json:"author" doc:"The name of the person or the key, as it was then"`
	CreatedAt time.Time `json:"created_at"`
}

// ScorecardVersions lists the versions of a scorecard, newest first.
func ScorecardVersions(ctx context.Context, tx Tx, workspace, id string) ([]*ScorecardVersion, error) {
	out := []*ScorecardVersion{}
	rows, err := tx.Query(ctx, `
SELECT version, author, created_ms, body FROM scorecard_versions WHERE workspace_id = $1 AND scorecard_id = $2 ORDER BY version DESC`, workspace, id)
	err = each(rows, err, func(r Rows) error {
		var v ScorecardVersion
		var created int64
		var body string
		if err := r.Scan(&v.Version, &v.Author, &created, &body); err != nil {
			return err
		}
		v.CreatedAt = time.UnixMilli(created).UTC()
		out = append(out, &v)
		return json.Unmarshal([]byte(body), &struct {
			Name *string `json:"name"`
		}{&v.Name})
	})
	if err != nil {
		return nil, fmt.Errorf("list versions of scorecard %s: %w", id, err)
	}
	if len(out) == 0 {
		return nil, errNoScorecard(id)
	}
	return out, nil
}

// ScorecardUse is something that goes by a scorecard.
type ScorecardUse struct {
	Kind string `json:"kind" enum:"evaluator,agent"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ScorecardUses lists what goes by each scorecard of a workspace.
func ScorecardUses(ctx context.Context, tx Tx, workspace string) (map[string][]ScorecardUse, error) {
	out := map[string][]ScorecardUse{}
	evaluators, err := Evaluators(ctx, tx, workspace)
	if err != nil {
		return nil, err
	}
	for _, e := range evaluators {
		if e.ScorecardID != "" {
			out[e.ScorecardID] = append(out[e.ScorecardID], ScorecardUse{"evaluator", e.ID, e.Name})
		}
	}
	agents, err := Agents(ctx, tx, workspace)
	if err != nil {
		return nil, err
	}
	for _, a := range agents {
		if id := a.Settings.ScorecardID; id != "" {
			out[id] = append(out[id], ScorecardUse{"agent", a.ID, a.Name})
		}
	}
	return out, nil
}

// DeleteScorecard removes a scorecard with all its versions. Results that were
// judged by it stay: they hold what they need.
func DeleteScorecard(ctx context.Context, tx Tx, workspace, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM scorecard_versions WHERE workspace_id = $1 AND scorecard_id = $2`, workspace, id); err != nil {
		return fmt.Errorf("delete versions of scorecard %s: %w", id, err)
	}
	n, err := tx.Exec(ctx, `DELETE FROM scorecards WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err != nil {
		return fmt.Errorf("delete scorecard %s: %w", id, err)
	}
	if n == 0 {
		return errNoScorecard(id)
	}
	return nil
}
