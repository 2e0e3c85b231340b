package api

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/scenario"
	"github.com/ringsidehq/ringside/internal/store"
)

// ScenarioRunList is the runs of a scenario.
type ScenarioRunList struct {
	Items []*ringside.ScenarioRun `json:"items" doc:"Newest first"`
}

type scenarioRunsInput struct {
	IDPath
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"20" doc:"The newest 200 are kept"`
}

type scenarioRunsOutput struct{ Body ScenarioRunList }

func (s *Server) listScenarioRuns(ctx context.Context, in *scenarioRunsInput) (*scenarioRunsOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &scenarioRunsOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if _, err = store.Scenario(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		out.Body.Items, err = store.ScenarioRuns(ctx, tx, ws, in.ID, in.Limit)
		return err
	})
}

type scenarioRunInput struct {
	IDPath
	Run string `path:"run" maxLength:"100"`
}

type scenarioRunOutput struct{ Body *ringside.ScenarioRun }

func (s *Server) getScenarioRun(ctx context.Context, in *scenarioRunInput) (*scenarioRunOutput, error) {
	out := &scenarioRunOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.ScenarioRun(ctx, tx, auth.From(ctx).WorkspaceID, in.ID, in.Run)
		return err
	})
}

// ExecuteBody says how a scenario is to be played this once.
type ExecuteBody struct {
	Concurrent *int `json:"concurrent,omitempty" minimum:"1" maximum:"50" doc:"How many calls; as many as the scenario says when it is left out"`
}

type executeInput struct {
	IDPath
	Body *ExecuteBody `required:"false"`
}

// Execution is a run that was begun, in Chanl's fields.
type Execution struct {
	ID                  string    `json:"id" doc:"The run"`
	ScenarioID          string    `json:"scenario_id"`
	Status              string    `json:"status" enum:"queued"`
	SimulationsCreated  int       `json:"simulations_created" doc:"How many calls it holds"`
	EstimatedCompletion time.Time `json:"estimated_completion" doc:"An estimate: when the longest of its conversations would be over; the result comes after the analysis"`
}

// ScenarioExecuted answers who has a scenario played.
type ScenarioExecuted struct {
	Execution Execution `json:"execution"`
}

type executeOutput struct{ Body ScenarioExecuted }

func (s *Server) executeScenario(ctx context.Context, in *executeInput) (*executeOutput, error) {
	ws, out, now := auth.From(ctx).WorkspaceID, &executeOutput{}, time.Now().UTC()
	by := scenario.Start{By: auth.From(ctx).Name, At: now}
	if in.Body != nil {
		set(&by.Calls, in.Body.Concurrent)
	}
	return out, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		row, err := store.Scenario(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		longest, err := scenario.Check(&row.Scenario)
		if err != nil {
			return err
		}
		run, err := s.cfg.Scenarios.Begin(ctx, tx, ws, &row.Scenario, by)
		if err != nil {
			return err
		}
		out.Body.Execution = Execution{run.ID, row.ID, string(run.State), run.Wanted, now.Add(longest).Truncate(time.Millisecond)}
		return audit(ctx, tx, "scenario.execute", named(row.Name, row.ID))
	})
}
