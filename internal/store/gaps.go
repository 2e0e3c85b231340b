package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Gap is a question that agents could not answer, gathered over calls.
type Gap struct {
	ID        string    `json:"id"`
	Question  string    `json:"question" doc:"As it was first asked"`
	Status    string    `json:"status" enum:"open,answered,ignored"`
	Answer    string    `json:"answer" doc:"What somebody wrote down as the answer"`
	Calls     int       `json:"calls" doc:"How many calls asked it"`
	FirstAt   time.Time `json:"first_at" doc:"When the first of them was"`
	LastAt    time.Time `json:"last_at" doc:"When the newest of them was"`
	UpdatedAt time.Time `json:"updated_at"`
	Words     string    `json:"-"`
}

// GapCall is one time that a gap's question was asked.
type GapCall struct {
	CallID   ringside.CallID `json:"call_id"`
	ShortID  string          `json:"short_id"`
	Turn     *int            `json:"turn" doc:"Index of the turn; null when it is about the whole call"`
	Question string          `json:"question" doc:"As it was asked there"`
	At       time.Time       `json:"at"`
	Agent    string          `json:"agent" doc:"The agent's name"`
}

// GapStatuses are what a gap can be.
var GapStatuses = []string{"open", "answered", "ignored"}

const gapSQL = `
SELECT g.id, g.question, g.words, g.status, g.answer, g.updated_ms,
 COUNT(DISTINCT c.call_id), COALESCE(MIN(c.at_ms), g.created_ms), COALESCE(MAX(c.at_ms), g.created_ms)
FROM gaps g LEFT JOIN gap_calls c ON c.gap_id = g.id`

const gapGroup = ` GROUP BY g.id, g.question, g.words, g.status, g.answer, g.updated_ms, g.created_ms`

func scanGap(r Row) (*Gap, error) {
	var g Gap
	var updated, first, last int64
	err := r.Scan(&g.ID, &g.Question, &g.Words, &g.Status, &g.Answer, &updated, &g.Calls, &first, &last)
	g.UpdatedAt, g.FirstAt, g.LastAt = time.UnixMilli(updated).UTC(), time.UnixMilli(first).UTC(), time.UnixMilli(last).UTC()
	return &g, err
}

// maxGaps bounds a list of gaps, and what a new question is compared with.
const maxGaps = 1000

// Gaps lists the questions of a workspace that at least one call asked, those
// of most calls first; all statuses when status is empty.
func Gaps(ctx context.Context, tx Tx, workspace, status string) ([]*Gap, error) {
	w := &where{}
	w.add("g.workspace_id = %s", w.arg(workspace))
	if status != "" {
		w.add("g.status = %s", w.arg(status))
	}
	out := []*Gap{}
	rows, err := tx.Query(ctx, gapSQL+" WHERE "+w.String()+gapGroup+
		fmt.Sprintf(" HAVING COUNT(c.call_id) > 0 ORDER BY COUNT(DISTINCT c.call_id) DESC, MAX(c.at_ms) DESC, g.id LIMIT %d", maxGaps), w.args...)
	err = each(rows, err, func(r Rows) error {
		g, err := scanGap(r)
		out = append(out, g)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list knowledge gaps: %w", err)
	}
	return out, nil
}

// GapWords gives the questions of a workspace by id, as they are compared:
// those that were asked last. What no call asks any more is not among them.
func GapWords(ctx context.Context, tx Tx, workspace string) (map[string]string, error) {
	out := map[string]string{}
	rows, err := tx.Query(ctx, fmt.Sprintf(`
SELECT g.id, g.words FROM gaps g JOIN gap_calls c ON c.gap_id = g.id
WHERE g.workspace_id = $1 GROUP BY g.id, g.words ORDER BY MAX(c.at_ms) DESC, g.id LIMIT %d`, maxGaps), workspace)
	err = each(rows, err, func(r Rows) error {
		var id, words string
		err := r.Scan(&id, &words)
		out[id] = words
		return err
	})
	return out, err
}

// GapByID loads a gap.
func GapByID(ctx context.Context, tx Tx, workspace, id string) (*Gap, error) {
	g, err := scanGap(tx.QueryRow(ctx, gapSQL+" WHERE g.workspace_id = $1 AND g.id = $2"+gapGroup, workspace, id))
	if err != nil {
		return nil, orNotFound(err, "there is no knowledge gap %q in this workspace", id)
	}
	return g, nil
}

// GapCalls lists the calls that asked a gap's question, newest first.
func GapCalls(ctx context.Context, tx Tx, workspace, id string, limit int) ([]*GapCall, error) {
	out := []*GapCall{}
	rows, err := tx.Query(ctx, `
SELECT g.call_id, c.short_id, g.turn, g.question, g.at_ms, COALESCE(a.name, '')
FROM gap_calls g JOIN calls c ON c.id = g.call_id LEFT JOIN agents a ON a.id = c.agent_id
WHERE g.gap_id = $1 AND c.workspace_id = $2 ORDER BY g.at_ms DESC, g.call_id, g.turn LIMIT $3`, id, workspace, limit)
	err = each(rows, err, func(r Rows) error {
		var c GapCall
		var raw []byte
		var turn int
		var at int64
		if err := r.Scan(&raw, &c.ShortID, &turn, &c.Question, &at, &c.Agent); err != nil {
			return err
		}
		c.CallID, c.At = ringside.CallID(raw), time.UnixMilli(at).UTC()
		if turn >= 0 {
			c.Turn = &turn
		}
		out = append(out, &c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list calls of knowledge gap %s: %w", id, err)
	}
	return out, nil
}

// InsertGap makes a gap of a question that is like no other.
func InsertGap(ctx context.Context, tx Tx, workspace string, g *Gap) error {
	_, err := tx.Exec(ctx, `
INSERT INTO gaps (id, workspace_id, question, words, status, answer, created_ms, updated_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		g.ID, workspace, g.Question, g.Words, g.Status, g.Answer, g.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("make knowledge gap: %w", err)
	}
	return nil
}

// UpdateGap writes what somebody decided about a gap.
func UpdateGap(ctx context.Context, tx Tx, workspace string, g *Gap) error {
	_, err := tx.Exec(ctx, `UPDATE gaps SET status = $3, answer = $4, updated_ms = $5 WHERE workspace_id = $1 AND id = $2`,
		workspace, g.ID, g.Status, g.Answer, g.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("update knowledge gap %s: %w", g.ID, err)
	}
	return nil
}

// AskedIn is one question of a call, and the gap that it belongs to.
type AskedIn struct {
	GapID    string
	Turn     int // -1: about the whole call
	Question string
}

// ReplaceCallGaps writes which gaps a call asks about, in place of what was
// known of it.
func ReplaceCallGaps(ctx context.Context, tx Tx, call ringside.CallID, at time.Time, asked []AskedIn) error {
	if _, err := tx.Exec(ctx, `DELETE FROM gap_calls WHERE call_id = $1`, call[:]); err != nil {
		return fmt.Errorf("forget what call %s asked: %w", call, err)
	}
	for _, a := range asked {
		_, err := tx.Exec(ctx, `INSERT INTO gap_calls (gap_id, call_id, turn, question, at_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			a.GapID, call[:], a.Turn, a.Question, at.UnixMilli())
		if err != nil {
			return fmt.Errorf("note what call %s asked: %w", call, err)
		}
	}
	return nil
}

// gapsAskedIn lists the gaps whose question a call asked.
func gapsAskedIn(ctx context.Context, tx Tx, call ringside.CallID) (out []string, err error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT gap_id FROM gap_calls WHERE call_id = $1`, call[:])
	err = each(rows, err, func(r Rows) error {
		var id string
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// rewordGaps puts gaps in the words of the first call that still asked them,
// and removes those of the workspace that no call asks: their words were a
// caller's, and nobody is shown them.
func rewordGaps(ctx context.Context, tx Tx, workspace string, ids []string, words func(string) string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM gaps WHERE workspace_id = $1 AND NOT EXISTS (SELECT 1 FROM gap_calls c WHERE c.gap_id = gaps.id)`, workspace); err != nil {
		return fmt.Errorf("remove knowledge gaps without calls: %w", err)
	}
	for _, id := range ids {
		var question string
		err := tx.QueryRow(ctx, `SELECT question FROM gap_calls WHERE gap_id = $1 ORDER BY at_ms, call_id, turn LIMIT 1`, id).Scan(&question)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err == nil {
			_, err = tx.Exec(ctx, `UPDATE gaps SET question = $2, words = $3 WHERE id = $1`, id, question, words(question))
		}
		if err != nil {
			return fmt.Errorf("reword knowledge gap %s: %w", id, err)
		}
	}
	return nil
}
