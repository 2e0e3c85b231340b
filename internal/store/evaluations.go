package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// EvaluationRow is an evaluation beside the call that it is about.
type EvaluationRow struct {
	ringside.Evaluation
	Call EvaluatedCall `json:"call"`
}

// EvaluatedCall is as much of a call as a list of evaluations shows.
type EvaluatedCall struct {
	ID         ringside.CallID    `json:"id"`
	ShortID    string             `json:"short_id"`
	StartedAt  time.Time          `json:"started_at" doc:"Where the call stands in lists: when it started, else when it was made or first heard of"`
	DurationMS *int64             `json:"duration_ms"`
	Agent      *ringside.AgentRef `json:"agent" doc:"null when no delivery names an agent"`
}

// evaluationDetail is what an evaluation holds beside its columns.
type evaluationDetail struct {
	Result *ringside.ScorecardResult `json:"result"`
	Scores []ringside.Score          `json:"scores"`
	Usage  *ringside.Usage           `json:"usage"`
}

// InsertEvaluation keeps a new evaluation, and tells whether it did: not when
// there is one with its id, or no call any more.
func InsertEvaluation(ctx context.Context, tx Tx, workspace string, e *ringside.Evaluation) (bool, error) {
	n, err := tx.Exec(ctx, `
INSERT INTO evaluations (id, workspace_id, call_id, evaluator_id, evaluator_name, scorecard_id, scorecard_version, scorecard_name, run_id, cause,
 status, reason, attempts, verdict, score, coverage, model, prompt_hash, detail, created_ms, finished_ms)
SELECT CAST($1 AS TEXT), c.workspace_id, c.id, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS BIGINT), CAST($8 AS TEXT), CAST($9 AS TEXT), CAST($10 AS TEXT),
 CAST($11 AS TEXT), '', 0, '', NULL, NULL, '', '', NULL, CAST($12 AS BIGINT), 0
FROM calls c WHERE c.id = $3 AND c.workspace_id = $2 ON CONFLICT (id) DO NOTHING`,
		e.ID, workspace, e.CallID[:], e.EvaluatorID, e.EvaluatorName, e.ScorecardID, e.ScorecardVersion, e.ScorecardName, e.RunID, string(e.Trigger),
		string(e.Status), e.CreatedAt.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("insert evaluation: %w", err)
	}
	return n > 0, nil
}

// BeginEvaluation notes that an evaluation is begun, and gives it. It is not
// begun when it is finished already: see its status.
func BeginEvaluation(ctx context.Context, tx Tx, workspace, id string) (*ringside.Evaluation, error) {
	_, err := tx.Exec(ctx, `
UPDATE evaluations SET status = 'running', attempts = attempts + 1 WHERE workspace_id = $1 AND id = $2 AND status IN ('queued', 'running')`, workspace, id)
	if err != nil {
		return nil, fmt.Errorf("begin evaluation %s: %w", id, err)
	}
	row, err := Evaluation(ctx, tx, workspace, id)
	if err != nil {
		return nil, err
	}
	return &row.Evaluation, nil
}

// UpdateEvaluation writes what became of an evaluation, unless it has been
// finished meanwhile: what is finished stays as it is.
func UpdateEvaluation(ctx context.Context, tx Tx, workspace string, e *ringside.Evaluation) error {
	var detail []byte
	if e.Result != nil || e.Usage != nil || len(e.Scores) > 0 {
		var err error
		if detail, err = PackJSON(evaluationDetail{e.Result, e.Scores, e.Usage}); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
UPDATE evaluations SET status = $3, reason = $4, attempts = $5, verdict = $6, score = $7, coverage = $8, model = $9, prompt_hash = $10, detail = $11, finished_ms = $12
WHERE workspace_id = $1 AND id = $2 AND status IN ('queued', 'running')`,
		workspace, e.ID, string(e.Status), e.Reason, e.Attempts, string(e.Verdict), e.Score, e.Coverage, e.Model, e.PromptHash, detail, orZeroMS(e.FinishedAt))
	if err != nil {
		return fmt.Errorf("update evaluation %s: %w", e.ID, err)
	}
	return nil
}

// RequeueEvaluation has a failed evaluation wait to be tried anew, by a
// version of the scorecard, and tells whether it had failed.
func RequeueEvaluation(ctx context.Context, tx Tx, workspace string, e *ringside.Evaluation) (bool, error) {
	n, err := tx.Exec(ctx, `
UPDATE evaluations SET status = 'queued', reason = '', attempts = 0, model = '', prompt_hash = '', detail = NULL, finished_ms = 0,
 evaluator_name = $3, scorecard_id = $4, scorecard_version = $5, scorecard_name = $6
WHERE workspace_id = $1 AND id = $2 AND status = 'failed'`,
		workspace, e.ID, e.EvaluatorName, e.ScorecardID, e.ScorecardVersion, e.ScorecardName)
	if err != nil {
		return false, fmt.Errorf("queue evaluation %s anew: %w", e.ID, err)
	}
	return n > 0, nil
}

const evaluationColumns = `e.id, e.call_id, e.evaluator_id, e.evaluator_name, e.scorecard_id, e.scorecard_version, e.scorecard_name, e.run_id, e.cause,
 e.status, e.reason, e.attempts, e.verdict, e.score, e.coverage, e.model, e.prompt_hash, e.created_ms, e.finished_ms,
 c.short_id, c.ord, c.duration_ms, c.agent_id, COALESCE(a.name, ''), COALESCE(a.source_id, '')`

const evaluationTables = ` FROM evaluations e JOIN calls c ON c.id = e.call_id LEFT JOIN agents a ON a.id = c.agent_id `

// scanEvaluation reads evaluationColumns and more.
func scanEvaluation(r Row, more ...any) (*EvaluationRow, error) {
	var e EvaluationRow
	var call []byte
	var created, finished, ord int64
	var agent ringside.AgentRef
	dst := []any{
		&e.ID, &call, &e.EvaluatorID, &e.EvaluatorName, &e.ScorecardID, &e.ScorecardVersion, &e.ScorecardName, &e.RunID, &e.Trigger,
		&e.Status, &e.Reason, &e.Attempts, &e.Verdict, &e.Score, &e.Coverage, &e.Model, &e.PromptHash, &created, &finished,
		&e.Call.ShortID, &ord, &e.Call.DurationMS, &agent.ID, &agent.Name, &agent.SourceID,
	}
	if err := r.Scan(append(dst, more...)...); err != nil {
		return nil, err
	}
	e.CallID = ringside.CallID(call)
	e.Call.ID, e.Call.StartedAt = e.CallID, time.UnixMilli(ord>>ordHash).UTC()
	if agent.ID != "" {
		e.Call.Agent = &agent
	}
	e.CreatedAt, e.FinishedAt = time.UnixMilli(created).UTC(), momentOrNil(finished)
	return &e, nil
}

// Evaluation loads one evaluation, whole.
func Evaluation(ctx context.Context, tx Tx, workspace, id string) (*EvaluationRow, error) {
	var packed []byte
	e, err := scanEvaluation(tx.QueryRow(ctx, "SELECT "+evaluationColumns+", e.detail"+evaluationTables+
		"WHERE e.workspace_id = $1 AND e.id = $2", workspace, id), &packed)
	if err != nil {
		return nil, orNotFound(err, "there is no evaluation %q in this workspace", id)
	}
	if packed == nil {
		return e, nil
	}
	var d evaluationDetail
	if err := UnpackJSON(packed, &d); err != nil {
		return nil, fmt.Errorf("load evaluation %s: %w", id, err)
	}
	e.Result, e.Scores, e.Usage = d.Result, d.Scores, d.Usage
	return e, nil
}

// EvaluationFilter says which evaluations of a workspace are meant. A zero
// field asks for nothing; values of one field are alternatives.
type EvaluationFilter struct {
	Workspace  string
	Evaluators []string
	Scorecards []string
	Call       ringside.CallID
	Agents     []string // the calls'; none for calls without an agent
	Statuses   []string
	Verdicts   []string
	Triggers   []string
	Run        string
}

// EvaluationPage is one page of a list.
type EvaluationPage struct {
	Items      []*EvaluationRow `json:"items"`
	NextCursor string           `json:"next_cursor" doc:"Give it as cursor to get the next page; empty on the last"`
}

// Evaluations lists evaluations, newest first, without their details.
func Evaluations(ctx context.Context, tx Tx, f EvaluationFilter, cursor string, limit int) (*EvaluationPage, error) {
	w := f.build()
	if cursor != "" {
		end, err := parsePageEnd(cursor)
		if err != nil {
			return nil, err
		}
		w.add("(e.created_ms, e.id) < (%s, %s)", w.arg(end.at), w.arg(end.id))
	}
	page := &EvaluationPage{Items: []*EvaluationRow{}}
	rows, err := tx.Query(ctx, "SELECT "+evaluationColumns+evaluationTables+"WHERE "+w.String()+
		fmt.Sprintf(" ORDER BY e.created_ms DESC, e.id DESC LIMIT %d", limit+1), w.args...)
	err = each(rows, err, func(r Rows) error {
		e, err := scanEvaluation(r)
		page.Items = append(page.Items, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list evaluations: %w", err)
	}
	if len(page.Items) > limit {
		page.Items = page.Items[:limit]
		last := page.Items[limit-1]
		page.NextCursor = pageEnd{last.CreatedAt.UnixMilli(), last.ID}.String()
	}
	return page, nil
}

func (f *EvaluationFilter) build() *where {
	w := &where{}
	w.add("e.workspace_id = %s", w.arg(f.Workspace))
	if !f.Call.IsZero() {
		w.add("e.call_id = %s", w.arg(f.Call[:]))
	}
	w.in("e.evaluator_id", f.Evaluators)
	w.in("e.scorecard_id", f.Scorecards)
	w.in("c.agent_id", agentIDs(f.Agents))
	w.in("e.status", f.Statuses)
	w.in("e.verdict", f.Verdicts)
	w.in("e.cause", f.Triggers)
	if f.Run != "" {
		w.add("e.run_id = %s", w.arg(f.Run))
	}
	return w
}
