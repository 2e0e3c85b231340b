package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// EvaluatorList is the evaluators of a workspace, by name.
type EvaluatorList struct {
	Items []*ringside.Evaluator `json:"items"`
}

type evaluatorsOutput struct {
	Body EvaluatorList
}

func (s *Server) listEvaluators(ctx context.Context, _ *struct{}) (*evaluatorsOutput, error) {
	out := &evaluatorsOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Items, err = store.Evaluators(ctx, tx, auth.From(ctx).WorkspaceID)
		return err
	})
	return out, err
}

type evaluatorOutput struct {
	Body *ringside.Evaluator
}

func (s *Server) getEvaluator(ctx context.Context, in *IDPath) (*evaluatorOutput, error) {
	out := &evaluatorOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.Evaluator(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		return err
	})
	return out, err
}

// EvaluatorBody is an evaluator as it is sent. A field that is left out stays
// as it is.
type EvaluatorBody struct {
	Name         *string  `json:"name,omitempty" maxLength:"200" doc:"Needed to make one"`
	ScorecardID  *string  `json:"scorecard_id,omitempty" maxLength:"64" doc:"What it judges by: a scorecard"`
	Criteria     []string `json:"criteria,omitempty" doc:"Or criteria by name: Follow Instructions, Problem Resolution, Professionalism. Giving one of the two takes the other away"`
	Model        *string  `json:"model,omitempty" maxLength:"200" doc:"Which language model is asked; the workspace's for scores when empty"`
	AgentIDs     []string `json:"agent_ids,omitempty" doc:"Whose calls are evaluated by themselves after they end; all: every agent's"`
	SamplingRate *float64 `json:"sampling_rate,omitempty" minimum:"0" maximum:"1" doc:"How many of those calls; 1 to begin with"`
	Enabled      *bool    `json:"enabled,omitempty" doc:"Whether it evaluates calls by itself; true to begin with"`
}

// apply changes an evaluator.
func (b *EvaluatorBody) apply(e *ringside.Evaluator) error {
	if b.Name != nil {
		e.Name = strings.TrimSpace(*b.Name)
	}
	if b.ScorecardID != nil {
		if e.ScorecardID = *b.ScorecardID; e.ScorecardID != "" {
			e.Criteria = []string{}
		}
	}
	if b.Criteria != nil {
		if e.Criteria = b.Criteria; len(e.Criteria) > 0 && b.ScorecardID == nil {
			e.ScorecardID = ""
		}
	}
	if b.Model != nil {
		e.Model = strings.TrimSpace(*b.Model)
	}
	if b.AgentIDs != nil {
		e.AgentIDs = b.AgentIDs
	}
	if b.SamplingRate != nil {
		e.SamplingRate = *b.SamplingRate
	}
	if b.Enabled != nil {
		e.Enabled = *b.Enabled
	}
	return e.Validate()
}

// checkEvaluator makes sure that what an evaluator names is there. The
// scorecard stays until the transaction ends.
func checkEvaluator(ctx context.Context, tx store.Tx, ws string, e *ringside.Evaluator) error {
	if e.ScorecardID != "" {
		if err := pointAt("/scorecard_id", store.LockScorecard(ctx, tx, ws, e.ScorecardID)); err != nil {
			return err
		}
	}
	names, err := store.AgentNames(ctx, tx, ws)
	if err != nil {
		return err
	}
	for i, id := range e.AgentIDs {
		if _, ok := names[id]; !ok && id != ringside.AllAgents {
			return ringside.Invalidf("/agent_ids/"+strconv.Itoa(i), "%q is not an agent of this workspace", id)
		}
	}
	return nil
}

// pointAt makes a field's fault of something that is not there.
func pointAt(field string, err error) error {
	if ringside.KindOf(err) == ringside.NotFound {
		return ringside.Invalidf(field, "%s", err)
	}
	return err
}

type createEvaluatorInput struct {
	Body EvaluatorBody
}

func (s *Server) createEvaluator(ctx context.Context, in *createEvaluatorInput) (*evaluatorOutput, error) {
	ws, now := auth.From(ctx).WorkspaceID, time.Now().UTC().Truncate(time.Millisecond)
	e := &ringside.Evaluator{
		ID: ringside.NewID("evaluator", now), Criteria: []string{}, AgentIDs: []string{}, SamplingRate: 1, Enabled: true, CreatedAt: now, UpdatedAt: now,
	}
	if err := in.Body.apply(e); err != nil {
		return nil, err
	}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := checkEvaluator(ctx, tx, ws, e); err != nil {
			return err
		}
		if err := store.InsertEvaluator(ctx, tx, ws, e); err != nil {
			return err
		}
		return audit(ctx, tx, "evaluator.create", named(e.Name, e.ID))
	})
	return &evaluatorOutput{e}, err
}

type patchEvaluatorInput struct {
	IDPath
	Body EvaluatorBody
}

func (s *Server) patchEvaluator(ctx context.Context, in *patchEvaluatorInput) (*evaluatorOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &evaluatorOutput{}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err := store.LockEvaluator(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if out.Body, err = store.Evaluator(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if err := in.Body.apply(out.Body); err != nil {
			return err
		}
		if err := checkEvaluator(ctx, tx, ws, out.Body); err != nil {
			return err
		}
		out.Body.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
		if err := store.UpdateEvaluator(ctx, tx, ws, out.Body); err != nil {
			return err
		}
		return audit(ctx, tx, "evaluator.update", named(out.Body.Name, in.ID))
	})
	return out, err
}

func (s *Server) deleteEvaluator(ctx context.Context, in *IDPath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := store.Evaluator(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if err := store.DeleteEvaluator(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "evaluator.delete", named(e.Name, e.ID))
	})
}
