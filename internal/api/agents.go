package api

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// AgentView is an agent as the API shows it. The settings stand beside its
// names, as they are sent, and again by themselves.
type AgentView struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	SourceID   string             `json:"source_id" doc:"The agent's id at the vendor; links its calls"`
	Provider   string             `json:"provider" doc:"Where it runs; empty when made by hand without saying"`
	Discovered bool               `json:"discovered" doc:"Made because a call named it, not by a person"`
	CreatedAt  time.Time          `json:"created_at"`
	UpdatedAt  time.Time          `json:"updated_at"`
	Stats      store.AgentStats   `json:"stats" doc:"Of the last 30 days; last_call_at of all time"`
	Settings   AgentSettingsShown `json:"settings"`
	Disabled   []DisabledWebhook  `json:"disabled_webhooks" doc:"The agent's own webhooks that nothing is sent to; saving the URL again switches one on"`
	AgentSettingsShown
}

// agentBody is an agent as it is sent: its names and, beside them, its
// settings. A field that is left out stays as it is.
type agentBody struct {
	Name          *string `json:"name,omitempty" maxLength:"200"`
	SourceID      *string `json:"source_id,omitempty" maxLength:"512" doc:"The agent's id at the vendor: calls that name it are this agent's"`
	SourceIDCamel *string `json:"sourceId,omitempty" maxLength:"512" doc:"The same as source_id"`
	Provider      *string `json:"provider,omitempty" maxLength:"40"`
	ringside.AgentSettings
}

const statsWindow = 30 * 24 * time.Hour

func (s *Server) agentView(row *store.AgentRow) (*AgentView, error) {
	shown, err := s.shownSettings(row)
	if err != nil {
		return nil, err
	}
	return &AgentView{
		ID: row.ID, Name: row.Name, SourceID: row.SourceID, Provider: row.Provider, Discovered: row.Discovered,
		CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, Stats: row.Stats, Settings: shown, AgentSettingsShown: shown, Disabled: disabledWebhooks(row),
	}, nil
}

// fillAgents adds what a row does not hold itself.
func fillAgents(ctx context.Context, tx store.Tx, ws string, rows []*store.AgentRow) error {
	if err := store.FillAgentStops(ctx, tx, ws, rows); err != nil {
		return err
	}
	return store.FillAgentStats(ctx, tx, ws, rows, time.Now().Add(-statsWindow))
}

type agentsOutput struct {
	Body struct {
		Items []*AgentView `json:"items"`
	}
}

func (s *Server) listAgents(ctx context.Context, _ *struct{}) (*agentsOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &agentsOutput{}
	out.Body.Items = []*AgentView{}
	var rows []*store.AgentRow
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if rows, err = store.Agents(ctx, tx, ws); err != nil {
			return err
		}
		return fillAgents(ctx, tx, ws, rows)
	})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		v, err := s.agentView(row)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

// AgentPath names an agent.
type AgentPath struct {
	ID string `path:"id" maxLength:"64"`
}

type agentOutput struct {
	Body *AgentView
}

func (s *Server) getAgent(ctx context.Context, in *AgentPath) (*agentOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	var row *store.AgentRow
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if row, err = store.Agent(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		return fillAgents(ctx, tx, ws, []*store.AgentRow{row})
	})
	if err != nil {
		return nil, err
	}
	v, err := s.agentView(row)
	return &agentOutput{v}, err
}

type createAgentInput struct {
	RawBody []byte
	Body    agentBody
}

func (s *Server) createAgent(ctx context.Context, in *createAgentInput) (*agentOutput, error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	row := &store.AgentRow{Agent: ringside.Agent{ID: ringside.NewID("agent", now), CreatedAt: now}}
	if in.Body.Name == nil || *in.Body.Name == "" {
		return nil, ringside.Invalidf("/name", "is required")
	}
	ws := auth.From(ctx).WorkspaceID
	if err := s.editAgent(row, in.RawBody, &in.Body, now); err != nil {
		return nil, err
	}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := checkScorecard(ctx, tx, ws, row.Settings.ScorecardID); err != nil {
			return err
		}
		if row.SourceID != "" {
			if err := adoptSource(ctx, tx, ws, row); err != nil {
				return err
			}
		}
		if err := store.InsertAgent(ctx, tx, ws, &row.Agent, row.Secrets); err != nil {
			return err
		}
		return audit(ctx, tx, "agent.create", row.ID)
	})
	if err != nil {
		return nil, err
	}
	s.agentsChanged(ctx)
	v, err := s.agentView(row)
	return &agentOutput{v}, err
}

// adoptSource makes way for an agent that a person makes: where a discovered
// agent holds its source id, the new one takes its calls over.
func adoptSource(ctx context.Context, tx store.Tx, ws string, row *store.AgentRow) error {
	id, name, err := store.AgentBySource(ctx, tx, ws, row.SourceID)
	if err != nil || id == "" {
		return err
	}
	held, err := store.Agent(ctx, tx, ws, id)
	if err != nil {
		return err
	}
	if !held.Discovered {
		return ringside.Errorf(ringside.Conflict, "the source id %q already belongs to the agent %q; change it there, or merge the two", row.SourceID, name).WithCode("source_taken")
	}
	return store.ReplaceAgent(ctx, tx, ws, id, row.ID)
}

// editAgent applies a body to a row. The settings are read over what is there,
// so that a field that is left out stays; null removes a number, a switch or a
// list, and an empty text removes a text.
func (s *Server) editAgent(row *store.AgentRow, raw []byte, b *agentBody, now time.Time) error {
	before := row.Settings
	if err := dropGivenLists(raw, &row.Settings); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &row.Settings); err != nil {
		return ringside.Invalidf("", "the settings can't be read: %v", err)
	}
	set := row.Settings
	if err := set.Validate(); err != nil {
		return err
	}
	if err := s.checkAgentURLs(&before, &set); err != nil {
		return err
	}
	if err := s.checkAgentCRM(&before, &set); err != nil {
		return err
	}
	if err := s.editAgentSecrets(row, raw, &before); err != nil {
		return err
	}
	if b.Name != nil {
		row.Name = *b.Name
	}
	for _, id := range []*string{b.SourceIDCamel, b.SourceID} {
		if id != nil {
			row.SourceID = *id
		}
	}
	if b.Provider != nil {
		row.Provider = *b.Provider
	}
	row.UpdatedAt, row.Discovered = now, false
	return nil
}

// checkAgentCRM refuses a mapping or a template by which no call could be written
// into the CRM. What was saved before may stay as it is.
func (s *Server) checkAgentCRM(before, after *ringside.AgentSettings) error {
	if before.CRMProvider == after.CRMProvider && before.CRMTemplate == after.CRMTemplate && maps.Equal(before.CRMFieldMapping, after.CRMFieldMapping) {
		return nil
	}
	return s.cfg.CRMs.Check(after)
}

// checkScorecard makes sure that the scorecard that an agent names is there. It
// stays until the transaction ends.
func checkScorecard(ctx context.Context, tx store.Tx, ws, id string) error {
	if id == "" {
		return nil
	}
	return pointAt("/scorecardId", store.LockScorecard(ctx, tx, ws, id))
}

type patchAgentInput struct {
	AgentPath
	RawBody []byte
	Body    agentBody
}

func (s *Server) patchAgent(ctx context.Context, in *patchAgentInput) (*agentOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	if in.Body.Name != nil && *in.Body.Name == "" {
		return nil, ringside.Invalidf("/name", "must not be empty")
	}
	var row *store.AgentRow
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err := store.LockAgent(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if row, err = store.Agent(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		before, card := row.SourceID, row.Settings.ScorecardID
		if err := s.editAgent(row, in.RawBody, &in.Body, time.Now().UTC().Truncate(time.Millisecond)); err != nil {
			return err
		}
		if row.Settings.ScorecardID != card {
			if err := checkScorecard(ctx, tx, ws, row.Settings.ScorecardID); err != nil {
				return err
			}
		}
		if row.SourceID != before && row.SourceID != "" {
			if err := store.LinkSource(ctx, tx, ws, row.SourceID, row.ID); err != nil {
				return err
			}
		}
		if err := store.UpdateAgent(ctx, tx, ws, row); err != nil {
			return err
		}
		if err := startAgentWebhooks(ctx, tx, row.ID, &in.Body.AgentSettings); err != nil {
			return err
		}
		if err := store.FillAgentStops(ctx, tx, ws, []*store.AgentRow{row}); err != nil {
			return err
		}
		return audit(ctx, tx, "agent.update", row.ID)
	})
	if err != nil {
		return nil, err
	}
	s.agentsChanged(ctx)
	v, err := s.agentView(row)
	return &agentOutput{v}, err
}

func (s *Server) deleteAgent(ctx context.Context, in *AgentPath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := store.Agent(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if err := store.DeleteAgent(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "agent.delete", in.ID)
	})
	s.agentsChanged(ctx)
	return nil, err
}

type mergeAgentInput struct {
	AgentPath
	Body struct {
		Into string `json:"into" doc:"The agent that takes the calls and the source id over"`
	}
}

func (s *Server) mergeAgent(ctx context.Context, in *mergeAgentInput) (*agentOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	if in.Body.Into == in.ID {
		return nil, ringside.Invalidf("/into", "is the same agent")
	}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		both := []string{in.ID, in.Body.Into}
		slices.Sort(both) // a merge the other way waits for this one, and not each for the other
		for _, id := range both {
			if err := store.LockAgent(ctx, tx, ws, id); err != nil {
				return err
			}
			if _, err := store.Agent(ctx, tx, ws, id); err != nil {
				return err
			}
		}
		if err := store.MergeAgents(ctx, tx, ws, in.ID, in.Body.Into); err != nil {
			return err
		}
		return audit(ctx, tx, "agent.merge", in.ID+" into "+in.Body.Into)
	})
	if err != nil {
		return nil, err
	}
	s.agentsChanged(ctx)
	return s.getAgent(ctx, &AgentPath{in.Body.Into})
}

// agentsChanged has those forget agents who remember them.
func (s *Server) agentsChanged(ctx context.Context) {
	s.cfg.Ledger.AgentsChanged()
	s.cfg.Live.Agents()
	s.cfg.Alerts.Reload(ctx) // rules follow agents
}

// dropGivenLists empties the lists and maps that a body gives anew: read over
// what is there, an item would keep what it leaves out of the one that stood in
// its place, and a map its other keys.
func dropGivenLists(raw []byte, settings *ringside.AgentSettings) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(raw, &given); err != nil {
		return ringside.Invalidf("", "the settings can't be read: %v", err)
	}
	v := reflect.ValueOf(settings).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if kind := v.Field(i).Kind(); given[name] != nil && (kind == reflect.Slice || kind == reflect.Map) {
			v.Field(i).SetZero()
		}
	}
	return nil
}
