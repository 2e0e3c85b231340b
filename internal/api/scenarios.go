package api

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/scenario"
	"github.com/ringsidehq/ringside/internal/store"
)

// ScenarioList is the scenarios of a workspace.
type ScenarioList struct {
	Items []*store.ScenarioRow `json:"items" doc:"Oldest first"`
}

type scenariosOutput struct{ Body ScenarioList }

type scenarioOutput struct{ Body *store.ScenarioRow }

func (s *Server) listScenarios(ctx context.Context, _ *struct{}) (*scenariosOutput, error) {
	out := &scenariosOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Items, err = store.Scenarios(ctx, tx, auth.From(ctx).WorkspaceID)
		return err
	})
}

func (s *Server) getScenario(ctx context.Context, in *IDPath) (*scenarioOutput, error) {
	out := &scenarioOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.Scenario(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		return err
	})
}

// ScenarioBody is a scenario as it is sent. A field that is left out stays as it
// is.
type ScenarioBody struct {
	Name      *string                    `json:"name,omitempty" maxLength:"200" doc:"Needed to make one"`
	Persona   *string                    `json:"persona,omitempty" maxLength:"2000"`
	Goal      *string                    `json:"goal,omitempty" maxLength:"2000"`
	Script    *string                    `json:"script,omitempty" maxLength:"65536" doc:"Needed to make one: conversations, written as the file that ringside simulate calls --scenario takes"`
	Behaviour *string                    `json:"behaviour,omitempty" enum:"normal,frustrated,stuck,slow,failing_tool,silent,non_compliant" doc:"normal to begin with"`
	Expect    *ringside.ScenarioExpect   `json:"expect,omitempty" doc:"Replaced as a whole"`
	AgentID   *string                    `json:"agent_id,omitempty" maxLength:"300" doc:"An agent, by id or name; empty: none of yours"`
	Calls     *int                       `json:"calls,omitempty" minimum:"1" maximum:"50" doc:"1 to begin with"`
	Schedule  *ringside.ScenarioSchedule `json:"schedule,omitempty" doc:"Off to begin with; replaced as a whole"`
	Active    *bool                      `json:"active,omitempty" doc:"true to begin with"`
}

// apply changes a scenario, and says when it is due anew where its schedule
// changes.
func (b *ScenarioBody) apply(ctx context.Context, tx store.Tx, row *store.ScenarioRow, now time.Time) error {
	if b.Name != nil {
		row.Name = strings.TrimSpace(*b.Name)
	}
	set(&row.Persona, b.Persona)
	set(&row.Goal, b.Goal)
	set(&row.Script, b.Script)
	set(&row.Behaviour, b.Behaviour)
	set(&row.Expect, b.Expect)
	set(&row.Calls, b.Calls)
	if b.AgentID != nil {
		if row.AgentID = *b.AgentID; row.AgentID != "" {
			agent := []string{row.AgentID}
			if err := nameAgents(ctx, tx, agent); err != nil {
				return ringside.Invalidf("/agent_id", "%q is no agent of this workspace", row.AgentID)
			}
			row.AgentID = agent[0]
		}
	}
	timed := b.Schedule != nil && *b.Schedule != row.Schedule || b.Active != nil && *b.Active != row.Active
	set(&row.Schedule, b.Schedule)
	set(&row.Active, b.Active)
	if _, err := scenario.Check(&row.Scenario); err != nil {
		return err
	}
	row.UpdatedAt = now
	if timed {
		row.NextAt = nil
		if next := row.Schedule.Next(now, now); row.Active && !next.IsZero() {
			row.NextAt = &next
		}
	}
	return nil
}

type createScenarioInput struct{ Body ScenarioBody }

func (s *Server) createScenario(ctx context.Context, in *createScenarioInput) (*scenarioOutput, error) {
	now, ws := time.Now().UTC().Truncate(time.Millisecond), auth.From(ctx).WorkspaceID
	row := &store.ScenarioRow{Scenario: ringside.Scenario{
		ID: ringside.NewID("scenario", now), Behaviour: "normal", Calls: 1, CreatedAt: now,
	}}
	if in.Body.Schedule == nil {
		in.Body.Schedule = &ringside.ScenarioSchedule{Kind: ringside.ScheduleOff}
	}
	in.Body.Active = cmp.Or(in.Body.Active, new(true))
	return &scenarioOutput{row}, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		all, err := store.Scenarios(ctx, tx, ws)
		if err != nil {
			return err
		}
		if len(all) >= ringside.MaxScenarios {
			return ringside.Errorf(ringside.Conflict, "the workspace has %d scenarios already; delete one first", len(all)).WithCode("too_many_scenarios")
		}
		if err := in.Body.apply(ctx, tx, row, now); err != nil {
			return err
		}
		if err := store.PutScenario(ctx, tx, ws, row); err != nil {
			return err
		}
		return audit(ctx, tx, "scenario.create", named(row.Name, row.ID))
	})
}

type patchScenarioInput struct {
	IDPath
	Body ScenarioBody
}

func (s *Server) patchScenario(ctx context.Context, in *patchScenarioInput) (*scenarioOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &scenarioOutput{}
	return out, s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err := store.LockScenario(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if out.Body, err = store.Scenario(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if err := in.Body.apply(ctx, tx, out.Body, time.Now().UTC().Truncate(time.Millisecond)); err != nil {
			return err
		}
		if err := store.PutScenario(ctx, tx, ws, out.Body); err != nil {
			return err
		}
		return audit(ctx, tx, "scenario.update", named(out.Body.Name, out.Body.ID))
	})
}

func (s *Server) deleteScenario(ctx context.Context, in *IDPath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		row, err := store.Scenario(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		_, playing, err := store.Simulated(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if playing {
			return ringside.Errorf(ringside.Conflict, "the scenario is being played; delete it when its calls have ended").WithCode("scenario_running")
		}
		if err := store.DeleteScenario(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "scenario.delete", named(row.Name, row.ID))
	})
}
