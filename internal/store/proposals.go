package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// ProposalRow is a proposal beside the call that it is for.
type ProposalRow struct {
	ringside.Proposal
	ShortID string // the call's
	On      bool   // the call is on
	AgentID string // whose the call is now
}

// InsertProposal keeps a new proposal and tells whether it did: not when one of
// its rule is open for its call, or the call is not on any more.
func InsertProposal(ctx context.Context, tx Tx, workspace string, p *ringside.Proposal) (bool, error) {
	action, err := json.Marshal(p.Do)
	if err != nil {
		return false, fmt.Errorf("encode what is proposed: %w", err)
	}
	n, err := tx.Exec(ctx, `
INSERT INTO proposals (id, workspace_id, call_id, alert_id, rule_id, rule_name, action, goes_to, mode, status, created_ms, due_ms, ordered_ms, decided_by, decided_ms, result)
SELECT CAST($1 AS TEXT), c.workspace_id, c.id, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($9 AS TEXT),
 'proposed', CAST($10 AS BIGINT), CAST($11 AS BIGINT), 0, '', 0, ''
FROM calls c WHERE c.id = $3 AND c.workspace_id = $2 AND c.status IN ('queued', 'ringing', 'active') ON CONFLICT DO NOTHING`,
		p.ID, workspace, p.Call[:], p.Alert.ID, p.RuleID, p.RuleName, string(action), p.To, string(p.Mode), p.CreatedAt.UnixMilli(), orZeroMS(p.DueAt))
	if err != nil {
		return false, fmt.Errorf("insert proposal: %w", err)
	}
	return n > 0, nil
}

const proposalSQL = `
SELECT p.id, p.call_id, p.alert_id, x.kind, x.severity, x.message, p.rule_id, p.rule_name, p.action, p.goes_to, p.mode, p.status,
 p.created_ms, p.due_ms, p.ordered_ms, p.decided_by, p.decided_ms, p.result, c.short_id, c.status IN ('queued', 'ringing', 'active'), c.agent_id
FROM proposals p JOIN alerts x ON x.id = p.alert_id JOIN calls c ON c.id = p.call_id `

func scanProposal(r Row) (*ProposalRow, error) {
	var p ProposalRow
	var call []byte
	var action string
	var created, due, ordered, decided int64
	err := r.Scan(&p.ID, &call, &p.Alert.ID, &p.Alert.Type, &p.Alert.Severity, &p.Alert.Message, &p.RuleID, &p.RuleName, &action, &p.To, &p.Mode, &p.Status,
		&created, &due, &ordered, &p.DecidedBy, &decided, &p.Result, &p.ShortID, &p.On, &p.AgentID)
	if err != nil {
		return nil, err
	}
	p.Call, p.CreatedAt = ringside.CallID(call), time.UnixMilli(created).UTC()
	p.DueAt, p.OrderedAt, p.DecidedAt = momentOrNil(due), momentOrNil(ordered), momentOrNil(decided)
	if err := json.Unmarshal([]byte(action), &p.Do); err != nil {
		return nil, fmt.Errorf("decode what proposal %s is: %w", p.ID, err)
	}
	return &p, nil
}

// Proposal loads a proposal.
func Proposal(ctx context.Context, tx Tx, workspace, id string) (*ProposalRow, error) {
	p, err := scanProposal(tx.QueryRow(ctx, proposalSQL+`WHERE p.workspace_id = $1 AND p.id = $2`, workspace, id))
	return p, orNotFound(err, "there is no proposal %q in this workspace", id)
}

// Proposals lists what was proposed for a call, newest first.
func Proposals(ctx context.Context, tx Tx, workspace string, call ringside.CallID) ([]*ringside.Proposal, error) {
	out := []*ringside.Proposal{}
	rows, err := tx.Query(ctx, proposalSQL+`WHERE p.workspace_id = $1 AND p.call_id = $2 ORDER BY p.created_ms DESC, p.id DESC`, workspace, call[:])
	err = each(rows, err, func(r Rows) error {
		p, err := scanProposal(r)
		if err == nil {
			out = append(out, &p.Proposal)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list proposals for call %s: %w", call, err)
	}
	return out, nil
}

// ClaimProposal takes on to give the order, and tells whether it did: of all who
// try, one does.
func ClaimProposal(ctx context.Context, tx Tx, workspace, id, by string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
UPDATE proposals SET ordered_ms = $3, decided_by = $4 WHERE workspace_id = $1 AND id = $2 AND status = 'proposed' AND ordered_ms = 0`,
		workspace, id, at.UnixMilli(), by)
	if err != nil {
		return false, fmt.Errorf("claim proposal %s: %w", id, err)
	}
	return n > 0, nil
}

// CloseProposal notes that a proposal is not to be done, cancelled by a person or
// lapsed with a reason, and tells whether it did: not when somebody has decided
// already.
func CloseProposal(ctx context.Context, tx Tx, workspace, id string, status ringside.ProposalStatus, by, why string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
UPDATE proposals SET status = $3, decided_by = $4, result = $5, decided_ms = $6 WHERE workspace_id = $1 AND id = $2 AND status = 'proposed' AND ordered_ms = 0`,
		workspace, id, string(status), by, why, at.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("close proposal %s: %w", id, err)
	}
	return n > 0, nil
}

// SettleProposal notes what came of a proposal that somebody had taken on, and
// tells whether it did: once.
func SettleProposal(ctx context.Context, tx Tx, workspace, id string, status ringside.ProposalStatus, result string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
UPDATE proposals SET status = $3, result = $4, decided_ms = $5 WHERE workspace_id = $1 AND id = $2 AND status = 'proposed' AND ordered_ms > 0`,
		workspace, id, string(status), result, at.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("settle proposal %s: %w", id, err)
	}
	return n > 0, nil
}

// LapseForAlert lapses what is open because of an alert, with the reason, and
// tells whether there was any.
func LapseForAlert(ctx context.Context, tx Tx, workspace, alert, why string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
UPDATE proposals SET status = 'lapsed', result = $3, decided_ms = $4 WHERE workspace_id = $1 AND alert_id = $2 AND status = 'proposed' AND ordered_ms = 0`,
		workspace, alert, why, at.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("lapse what was proposed for alert %s: %w", alert, err)
	}
	return n > 0, nil
}

// LapseForRule lapses what is open of a rule, with the reason, and gives the
// calls.
func LapseForRule(ctx context.Context, tx Tx, workspace, rule, why string, at time.Time) (calls []ringside.CallID, err error) {
	rows, err := tx.Query(ctx, `
UPDATE proposals SET status = 'lapsed', result = $3, decided_ms = $4 WHERE workspace_id = $1 AND rule_id = $2 AND status = 'proposed' AND ordered_ms = 0
RETURNING call_id`, workspace, rule, why, at.UnixMilli())
	err = each(rows, err, func(r Rows) error {
		var call []byte
		if err := r.Scan(&call); err != nil {
			return err
		}
		calls = append(calls, ringside.CallID(call))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lapse what rule %s proposed: %w", rule, err)
	}
	return calls, nil
}

// CloseProposals lapses what is open though its alert is resolved: that came
// while nobody looked.
func CloseProposals(ctx context.Context, tx Tx, why string, at time.Time) error {
	_, err := tx.Exec(ctx, `
UPDATE proposals SET status = 'lapsed', result = $1, decided_ms = $2
WHERE status = 'proposed' AND ordered_ms = 0 AND EXISTS (SELECT 1 FROM alerts x WHERE x.id = proposals.alert_id AND x.status = 'resolved')`,
		why, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("lapse proposals for resolved alerts: %w", err)
	}
	return nil
}
