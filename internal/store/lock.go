package store

import (
	"context"
	"fmt"
)

// Whoever changes a row by what it holds locks it before reading it: nobody
// else changes or removes it until the transaction ends. Of a row that is not
// there, reading it tells.

// LockAgent locks an agent.
func LockAgent(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "agents", workspace, id)
	return err
}

// LockEvaluator locks an evaluator.
func LockEvaluator(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "evaluators", workspace, id)
	return err
}

// LockGap locks a knowledge gap.
func LockGap(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "gaps", workspace, id)
	return err
}

// LockInterventionRule locks an intervention rule.
func LockInterventionRule(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "intervention_rules", workspace, id)
	return err
}

// LockQueue locks a queue.
func LockQueue(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "queues", workspace, id)
	return err
}

// LockScenario locks a scenario.
func LockScenario(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "scenarios", workspace, id)
	return err
}

// LockScorecard locks a scorecard; NotFound when there is none.
func LockScorecard(ctx context.Context, tx Tx, workspace, id string) error {
	there, err := lock(ctx, tx, "scorecards", workspace, id)
	if err == nil && !there {
		err = errNoScorecard(id)
	}
	return err
}

// LockSource locks a source.
func LockSource(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "sources", workspace, id)
	return err
}

// LockUser locks a person.
func LockUser(ctx context.Context, tx Tx, id string) error {
	if _, err := tx.Exec(ctx, `UPDATE users SET name = name WHERE id = $1`, id); err != nil {
		return fmt.Errorf("lock user %s: %w", id, err)
	}
	return nil
}

// LockWebhookEndpoint locks an endpoint.
func LockWebhookEndpoint(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := lock(ctx, tx, "webhook_endpoints", workspace, id)
	return err
}

// LockWorkspace locks a workspace, for what is made of all that it holds.
func LockWorkspace(ctx context.Context, tx Tx, id string) error {
	if _, err := tx.Exec(ctx, `UPDATE workspaces SET name = name WHERE id = $1`, id); err != nil {
		return fmt.Errorf("lock workspace %s: %w", id, err)
	}
	return nil
}

// lock writes what is there already, which locks a row on both engines, and
// tells whether there is one.
func lock(ctx context.Context, tx Tx, table, workspace, id string) (there bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE `+table+` SET workspace_id = workspace_id WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err != nil {
		return false, fmt.Errorf("lock %s of %s: %w", id, table, err)
	}
	return n > 0, nil
}
