package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// InterventionRuleList is the intervention rules of a workspace.
type InterventionRuleList struct {
	Items []*ringside.InterventionRule `json:"items" doc:"Oldest first"`
}

type interventionRulesOutput struct{ Body InterventionRuleList }

type interventionRuleOutput struct{ Body *ringside.InterventionRule }

func (s *Server) listInterventionRules(ctx context.Context, _ *struct{}) (*interventionRulesOutput, error) {
	out := &interventionRulesOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Items, err = store.InterventionRules(ctx, tx, auth.From(ctx).WorkspaceID)
		return err
	})
}

func (s *Server) getInterventionRule(ctx context.Context, in *IDPath) (*interventionRuleOutput, error) {
	out := &interventionRuleOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.InterventionRule(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		return err
	})
}

// InterventionRuleBody is a rule as it is sent. A field that is left out stays as
// it is.
type InterventionRuleBody struct {
	Name      *string                    `json:"name,omitempty" maxLength:"200" doc:"Needed to make one"`
	When      *InterventionWhenBody      `json:"when,omitempty" doc:"Any alert to begin with"`
	Agents    *[]string                  `json:"agents,omitempty" maxItems:"1000" doc:"Agents, by id or name; empty: every agent. Needed for act"`
	Do        *ringside.InterventionStep `json:"do,omitempty" doc:"Needed to make one; replaced as a whole"`
	Mode      *ringside.InterventionMode `json:"mode,omitempty" enum:"suggest,act" doc:"suggest to begin with"`
	Countdown *int                       `json:"countdown,omitempty" minimum:"5" maximum:"300" doc:"act: seconds; 30 to begin with"`
	Active    *bool                      `json:"active,omitempty" doc:"true to begin with"`
}

// InterventionWhenBody is which alerts a rule is about, as it is sent.
type InterventionWhenBody struct {
	Types       *[]ringside.AlertType   `json:"types,omitempty" maxItems:"50" doc:"Types of alerts; empty: any"`
	MinSeverity *ringside.AlertSeverity `json:"minSeverity,omitempty" enum:"low,medium,high,critical" doc:"low to begin with"`
}

// apply changes a rule.
func (b *InterventionRuleBody) apply(r *ringside.InterventionRule) error {
	if b.Name != nil {
		r.Name = strings.TrimSpace(*b.Name)
	}
	if b.When != nil {
		if b.When.Types != nil {
			r.When.Types = slices.Compact(slices.Sorted(slices.Values(*b.When.Types)))
		}
		set(&r.When.MinSeverity, b.When.MinSeverity)
	}
	if b.Agents != nil {
		r.Agents = slices.Clone(*b.Agents)
	}
	set(&r.Do, b.Do)
	set(&r.Mode, b.Mode)
	set(&r.Countdown, b.Countdown)
	set(&r.Active, b.Active)
	r.When.Types, r.Agents = append([]ringside.AlertType{}, r.When.Types...), append([]string{}, r.Agents...)
	return r.Validate()
}

// editInterventionRule applies a body to a rule, with whom and where it names. What
// is not sent is not looked at: a rule can be switched off whose queue has gone.
func (s *Server) editInterventionRule(ctx context.Context, tx store.Tx, r *ringside.InterventionRule, b *InterventionRuleBody) error {
	if err := b.apply(r); err != nil {
		return err
	}
	if b.Agents != nil {
		if i := slices.Index(r.Agents, ringside.AllAgents); i >= 0 {
			return ringside.Invalidf("/agents", "%q is none; every agent is an empty list", ringside.AllAgents)
		}
		if err := nameAgents(ctx, tx, r.Agents); err != nil {
			return err
		}
		r.Agents = slices.Compact(slices.Sorted(slices.Values(r.Agents)))
	}
	if b.Do == nil && b.Agents == nil {
		return nil
	}
	return s.cfg.Hand.Aim(ctx, tx, auth.From(ctx).WorkspaceID, r)
}

type createInterventionRuleInput struct{ Body InterventionRuleBody }

func (s *Server) createInterventionRule(ctx context.Context, in *createInterventionRuleInput) (*interventionRuleOutput, error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	r := &ringside.InterventionRule{
		ID: ringside.NewID("step", now), When: ringside.InterventionWhen{MinSeverity: ringside.AlertLow}, Mode: ringside.ModeSuggest,
		Countdown: ringside.DefaultCountdown, Active: true, CreatedAt: now, UpdatedAt: now,
	}
	return &interventionRuleOutput{r}, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := s.editInterventionRule(ctx, tx, r, &in.Body); err != nil {
			return err
		}
		if err := store.PutInterventionRule(ctx, tx, auth.From(ctx).WorkspaceID, r); err != nil {
			return err
		}
		return audit(ctx, tx, "intervention_rule.create", named(r.Name, r.ID))
	})
}

type patchInterventionRuleInput struct {
	IDPath
	Body InterventionRuleBody
}

func (s *Server) patchInterventionRule(ctx context.Context, in *patchInterventionRuleInput) (*interventionRuleOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &interventionRuleOutput{}
	var lapsed []ringside.CallID
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err := store.LockInterventionRule(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if out.Body, err = store.InterventionRule(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if err := s.editInterventionRule(ctx, tx, out.Body, &in.Body); err != nil {
			return err
		}
		out.Body.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
		if err := store.PutInterventionRule(ctx, tx, ws, out.Body); err != nil {
			return err
		}
		if !out.Body.Active {
			if lapsed, err = store.LapseForRule(ctx, tx, ws, in.ID, "The rule was switched off.", out.Body.UpdatedAt); err != nil {
				return err
			}
		}
		return audit(ctx, tx, "intervention_rule.update", named(out.Body.Name, out.Body.ID))
	})
	s.showProposals(ctx, err, lapsed...)
	return out, err
}

func (s *Server) deleteInterventionRule(ctx context.Context, in *IDPath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	var lapsed []ringside.CallID
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		r, err := store.InterventionRule(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if err := store.DeleteInterventionRule(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		lapsed, err = store.LapseForRule(ctx, tx, ws, in.ID, "The rule was deleted.", time.Now())
		if err != nil {
			return err
		}
		return audit(ctx, tx, "intervention_rule.delete", named(r.Name, r.ID))
	})
	s.showProposals(ctx, err, lapsed...)
	return nil, err
}
