package evaluate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// Request asks for an evaluation of one call.
type Request struct {
	Workspace   string
	EvaluatorID string
	Call        ringside.CallID
	Trigger     ringside.EvaluationTrigger
}

// One asks for an evaluation of a call, in the caller's transaction.
func (x *Examiner) One(ctx context.Context, tx store.Tx, r Request) (*ringside.Evaluation, error) {
	by, err := store.Evaluator(ctx, tx, r.Workspace, r.EvaluatorID)
	if err != nil {
		return nil, err
	}
	return x.one(ctx, tx, by, r)
}

func (x *Examiner) one(ctx context.Context, tx store.Tx, by *ringside.Evaluator, r Request) (*ringside.Evaluation, error) {
	e, err := evaluationBy(ctx, tx, r.Workspace, by)
	if err != nil {
		return nil, err
	}
	e.ID, e.CallID, e.Trigger = ringside.NewEvaluationID(e.CreatedAt), r.Call, r.Trigger
	return e, x.enqueue(ctx, tx, r.Workspace, []*ringside.Evaluation{e})
}

// Again has a call evaluated again, by the evaluator as it is now. A failed
// evaluation is tried anew; one that is done stays, and a new one is made.
func (x *Examiner) Again(ctx context.Context, tx store.Tx, workspace, id string) (*ringside.Evaluation, error) {
	old, err := store.Evaluation(ctx, tx, workspace, id)
	if err != nil {
		return nil, err
	}
	if !old.Status.Finished() {
		return nil, ringside.Errorf(ringside.Conflict, "the evaluation is %s; wait until it is done", old.Status).WithCode("not_finished")
	}
	_, settings, err := file(ctx, tx, workspace, old.CallID)
	if err != nil {
		return nil, err
	}
	by, err := evaluatorOf(ctx, tx, workspace, &old.Evaluation, settings)
	if err != nil {
		return nil, err
	}
	if old.Status == ringside.EvaluationDone {
		return x.one(ctx, tx, by, Request{workspace, old.EvaluatorID, old.CallID, ringside.TriggerManual})
	}
	e, err := evaluationBy(ctx, tx, workspace, by)
	if err != nil {
		return nil, err
	}
	e.ID = old.ID
	anew, err := store.RequeueEvaluation(ctx, tx, workspace, e)
	if err != nil {
		return nil, err
	}
	if !anew { // somebody else was faster
		return nil, ringside.Errorf(ringside.Conflict, "the evaluation is being tried anew already").WithCode("not_finished")
	}
	if err := x.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.Evaluate{WorkspaceID: workspace, EvaluationID: e.ID}}); err != nil {
		return nil, err
	}
	row, err := store.Evaluation(ctx, tx, workspace, e.ID)
	if err != nil {
		return nil, err
	}
	return &row.Evaluation, nil
}

// own is the evaluator that an agent's settings stand for: it judges each of the
// agent's calls by the agent's scorecard. It has no id.
func own(s *ringside.AgentSettings) *ringside.Evaluator {
	return &ringside.Evaluator{Name: "The agent's scorecard", ScorecardID: s.ScorecardID, Model: s.ScoringModel}
}

// evaluatorOf is what an evaluation goes by, as it is now. The settings are
// those of the call's agent.
func evaluatorOf(ctx context.Context, tx store.Tx, workspace string, e *ringside.Evaluation, s *ringside.AgentSettings) (*ringside.Evaluator, error) {
	switch {
	case e.EvaluatorID != "":
		return store.Evaluator(ctx, tx, workspace, e.EvaluatorID)
	case s.ScorecardID == "":
		return nil, ringside.Errorf(ringside.NotFound, "The call's agent goes by no scorecard any more.")
	}
	return own(s), nil
}

// Plan asks for what evaluators do by themselves once a call has ended, and for
// an evaluation by the scorecard in the settings of the call's agent, where no
// evaluator goes by the same. Asked twice about a call it makes nothing twice,
// unless a scorecard or what was said has changed in between: a call can end
// before its last report brings the whole transcript.
func (x *Examiner) Plan(ctx context.Context, tx store.Tx, call *ringside.Call, s *ringside.AgentSettings) error {
	if !call.Ended() || len(call.Turns) == 0 {
		return nil
	}
	agent, workspace := "", call.WorkspaceID
	if call.Agent != nil {
		agent = call.Agent.ID
	}
	evaluators, err := store.Evaluators(ctx, tx, workspace)
	if err != nil {
		return err
	}
	evaluators = slices.DeleteFunc(evaluators, func(by *ringside.Evaluator) bool { return !by.Picks(agent, call.ID) })
	if s.ScorecardID != "" && !slices.ContainsFunc(evaluators, func(by *ringside.Evaluator) bool { return by.ScorecardID == s.ScorecardID }) {
		evaluators = append(evaluators, own(s))
	}
	if len(evaluators) == 0 {
		return nil
	}
	matter, err := matterOf(call)
	if err != nil {
		return err
	}
	var all []*ringside.Evaluation
	for _, by := range evaluators {
		e, err := evaluationBy(ctx, tx, workspace, by)
		if ringside.KindOf(err) == ringside.NotFound {
			// A scorecard in use can't be deleted. Should one be missing all the
			// same, the steps after the call go on without it.
			x.cfg.Log.WarnContext(ctx, "an evaluator's scorecard is missing", slog.String("evaluator_id", by.ID), slog.String("agent_id", agent))
			continue
		}
		if err != nil {
			return err
		}
		e.ID, e.CallID, e.Trigger = ringside.EvaluationID(append(basis(by, e), call.ID.String(), matter)...), call.ID, ringside.TriggerAutomatic
		all = append(all, e)
	}
	return x.enqueue(ctx, tx, workspace, all)
}

// matterOf names what an evaluation judges: what was said and done in a call.
func matterOf(c *ringside.Call) (string, error) {
	b, err := json.Marshal(struct {
		Turns []ringside.Turn
		Tools []ringside.ToolCall
	}{c.Turns, c.ToolCalls})
	if err != nil {
		return "", fmt.Errorf("encode what is evaluated: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}

// basis is what an evaluation is judged by, as parts of an id.
func basis(by *ringside.Evaluator, e *ringside.Evaluation) []string {
	return []string{by.ID, e.ScorecardID, strconv.Itoa(e.ScorecardVersion), strings.Join(by.Criteria, "\n")}
}

// evaluationBy is an evaluation by an evaluator as it is now, of no call yet.
func evaluationBy(ctx context.Context, tx store.Tx, workspace string, by *ringside.Evaluator) (*ringside.Evaluation, error) {
	card, err := cardOf(ctx, tx, workspace, by)
	if err != nil {
		return nil, err
	}
	return &ringside.Evaluation{
		EvaluatorID: by.ID, EvaluatorName: by.Name, ScorecardID: card.ID, ScorecardVersion: card.Version, ScorecardName: card.Name,
		Status: ringside.EvaluationQueued, CreatedAt: time.Now().UTC().Truncate(time.Millisecond),
	}, nil
}

// enqueue keeps evaluations, and asks for those that are new.
func (x *Examiner) enqueue(ctx context.Context, tx store.Tx, workspace string, all []*ringside.Evaluation) error {
	args := make([]river.JobArgs, 0, len(all))
	for _, e := range all {
		isNew, err := store.InsertEvaluation(ctx, tx, workspace, e)
		if err != nil {
			return err
		}
		if isNew {
			args = append(args, jobs.Evaluate{WorkspaceID: workspace, EvaluationID: e.ID})
		}
	}
	return x.cfg.Queue().Enqueue(ctx, tx, args)
}

// DryRun judges a call by a scorecard that need not be stored, and stores
// nothing. It asks the model and waits for the answer.
func (x *Examiner) DryRun(ctx context.Context, workspace string, call ringside.CallID, card *ringside.Scorecard) (*Judgement, error) {
	m := matter{workspace: workspace, card: card}
	err := x.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		var s *ringside.AgentSettings
		if m.call, s, err = file(ctx, tx, workspace, call); err == nil {
			m.instructions = s.Instructions
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := x.examine(ctx, m)
	if err == nil {
		return f, nil
	}
	reason, pause := diagnose(err, 1)
	switch kind := ringside.KindOf(err); {
	case reason == "" || kind != ringside.Internal:
		return nil, err // ours, or told as it is
	case pause > 0:
		return nil, ringside.Errorf(ringside.Unavailable, "%s", reason).WithCode("model_unavailable")
	}
	return nil, ringside.Errorf(ringside.Conflict, "%s", reason).WithCode("model_failed")
}
