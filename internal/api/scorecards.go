package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/evaluate"
	"github.com/ringsidehq/ringside/internal/store"
)

// ScorecardView is a scorecard with what goes by it.
type ScorecardView struct {
	*ringside.Scorecard
	UsedBy []store.ScorecardUse `json:"used_by" doc:"Evaluators and agents that go by it"`
}

// ScorecardList is the scorecards of a workspace, by name.
type ScorecardList struct {
	Items []*ScorecardView `json:"items"`
}

type scorecardsOutput struct {
	Body ScorecardList
}

func (s *Server) listScorecards(ctx context.Context, _ *struct{}) (*scorecardsOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &scorecardsOutput{Body: ScorecardList{Items: []*ScorecardView{}}}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		uses, err := store.ScorecardUses(ctx, tx, ws)
		if err != nil {
			return err
		}
		all, err := store.Scorecards(ctx, tx, ws)
		for _, c := range all {
			out.Body.Items = append(out.Body.Items, scorecardView(c, uses))
		}
		return err
	})
	return out, err
}

func scorecardView(c *ringside.Scorecard, uses map[string][]store.ScorecardUse) *ScorecardView {
	return &ScorecardView{c, append([]store.ScorecardUse{}, uses[c.ID]...)}
}

type scorecardOutput struct {
	Body *ScorecardView
}

func (s *Server) getScorecard(ctx context.Context, in *IDPath) (*scorecardOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &scorecardOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := store.Scorecard(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		uses, err := store.ScorecardUses(ctx, tx, ws)
		out.Body = scorecardView(c, uses)
		return err
	})
	return out, err
}

// ScorecardBody is a scorecard as it is sent.
type ScorecardBody struct {
	Name        string                       `json:"name" maxLength:"200"`
	Description string                       `json:"description,omitempty"`
	PassMark    *float64                     `json:"pass_mark,omitempty" nullable:"true" doc:"0 to 100; 60 when left out"`
	Categories  []ringside.ScorecardCategory `json:"categories" doc:"Their weights total 100"`
}

// scorecard completes and checks what was sent.
func (b *ScorecardBody) scorecard() (*ringside.Scorecard, error) {
	c := &ringside.Scorecard{Name: strings.TrimSpace(b.Name), Description: b.Description, PassMark: ringside.DefaultPassMark, Categories: b.Categories}
	if b.PassMark != nil {
		c.PassMark = *b.PassMark
	}
	c.Complete()
	return c, c.Validate()
}

type createScorecardInput struct {
	Body ScorecardBody
}

func (s *Server) createScorecard(ctx context.Context, in *createScorecardInput) (*scorecardOutput, error) {
	c, err := in.Body.scorecard()
	if err != nil {
		return nil, err
	}
	p, now := auth.From(ctx), time.Now().UTC().Truncate(time.Millisecond)
	c.ID, c.CreatedAt, c.UpdatedAt = ringside.NewID("scorecard", now), now, now
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertScorecard(ctx, tx, p.WorkspaceID, c, p.Name); err != nil {
			return err
		}
		return audit(ctx, tx, "scorecard.create", named(c.Name, c.ID))
	})
	if err != nil {
		return nil, err
	}
	return &scorecardOutput{scorecardView(c, nil)}, nil
}

// ScorecardPatch is what of a scorecard is to be changed; what is left out
// stays.
type ScorecardPatch struct {
	Name        *string                      `json:"name,omitempty" maxLength:"200"`
	Description *string                      `json:"description,omitempty"`
	PassMark    *float64                     `json:"pass_mark,omitempty"`
	Categories  []ringside.ScorecardCategory `json:"categories,omitempty" doc:"All of them, in place of those that are there"`
	Version     int                          `json:"version,omitempty" doc:"The version that was changed: refused when there is a newer one"`
}

type patchScorecardInput struct {
	IDPath
	Body ScorecardPatch
}

// patchScorecard makes a new version, unless nothing has changed.
func (s *Server) patchScorecard(ctx context.Context, in *patchScorecardInput) (*scorecardOutput, error) {
	p := auth.From(ctx)
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.LockScorecard(ctx, tx, p.WorkspaceID, in.ID); err != nil {
			return err
		}
		c, err := store.Scorecard(ctx, tx, p.WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		if v := in.Body.Version; v != 0 && v != c.Version {
			return ringside.Errorf(ringside.Conflict, "somebody has changed the scorecard: it is at version %d; load it again", c.Version).WithCode("version_outdated")
		}
		changed, err := in.Body.apply(c)
		if err != nil || !changed {
			return err
		}
		c.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
		if err := store.UpdateScorecard(ctx, tx, p.WorkspaceID, c, p.Name); err != nil {
			return err
		}
		return audit(ctx, tx, "scorecard.update", named(c.Name, c.ID))
	})
	if err != nil {
		return nil, err
	}
	return s.getScorecard(ctx, &in.IDPath)
}

// apply changes a scorecard, and tells whether that made another one of it.
func (b *ScorecardPatch) apply(c *ringside.Scorecard) (changed bool, err error) {
	before, err := json.Marshal(c)
	if err != nil {
		return false, fmt.Errorf("encode scorecard: %w", err)
	}
	if b.Name != nil {
		c.Name = strings.TrimSpace(*b.Name)
	}
	if b.Description != nil {
		c.Description = *b.Description
	}
	if b.PassMark != nil {
		c.PassMark = *b.PassMark
	}
	if b.Categories != nil {
		c.Categories = b.Categories
	}
	c.Complete()
	if err := c.Validate(); err != nil {
		return false, err
	}
	after, err := json.Marshal(c)
	if err != nil {
		return false, fmt.Errorf("encode scorecard: %w", err)
	}
	return !bytes.Equal(before, after), nil
}

// deleteScorecard refuses while something goes by it.
func (s *Server) deleteScorecard(ctx context.Context, in *IDPath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.LockScorecard(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		uses, err := store.ScorecardUses(ctx, tx, ws)
		if err != nil {
			return err
		}
		if by := uses[in.ID]; len(by) > 0 {
			return ringside.Errorf(ringside.Conflict, "%s by this scorecard; give them another one first", goBy(by)).WithCode("scorecard_in_use")
		}
		c, err := store.Scorecard(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if err := store.DeleteScorecard(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "scorecard.delete", named(c.Name, c.ID))
	})
}

// maxUsesNamed is how many of what goes by a scorecard a refusal names.
const maxUsesNamed = 5

// goBy names what goes by a scorecard: the evaluator "A" and 2 more go.
func goBy(by []store.ScorecardUse) string {
	var all []string
	for _, u := range by[:min(len(by), maxUsesNamed)] {
		all = append(all, fmt.Sprintf("the %s %q", u.Kind, u.Name))
	}
	verb := "go"
	switch more := len(by) - len(all); {
	case more > 0:
		all = append(all, fmt.Sprintf("%d more", more))
	case len(all) == 1:
		verb = "goes"
	}
	if last := len(all) - 1; last > 0 {
		return strings.Join(all[:last], ", ") + " and " + all[last] + " " + verb
	}
	return all[0] + " " + verb
}

// ScorecardVersionList is the versions of a scorecard, newest first.
type ScorecardVersionList struct {
	Items []*store.ScorecardVersion `json:"items"`
}

type scorecardVersionsOutput struct {
	Body ScorecardVersionList
}

func (s *Server) listScorecardVersions(ctx context.Context, in *IDPath) (*scorecardVersionsOutput, error) {
	out := &scorecardVersionsOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Items, err = store.ScorecardVersions(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		return err
	})
	return out, err
}

type scorecardVersionInput struct {
	IDPath
	Version int `path:"version" minimum:"1"`
}

type scorecardVersionOutput struct {
	Body *ringside.Scorecard
}

func (s *Server) getScorecardVersion(ctx context.Context, in *scorecardVersionInput) (*scorecardVersionOutput, error) {
	out := &scorecardVersionOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.ScorecardAt(ctx, tx, auth.From(ctx).WorkspaceID, in.ID, in.Version)
		return err
	})
	return out, err
}

// DryRun asks what a call comes to by a scorecard.
type DryRun struct {
	CallID      string         `json:"call_id" maxLength:"64" doc:"call_…, its UUID, or its short id"`
	ScorecardID string         `json:"scorecard_id,omitempty" maxLength:"64" doc:"One that is kept"`
	Scorecard   *ScorecardBody `json:"scorecard,omitempty" doc:"In its place: one that need not be kept, as the editor has it"`
}

type dryRunInput struct {
	Body DryRun
}

type dryRunOutput struct {
	Body *evaluate.Judgement
}

// dryRunTimeout is how long a model has for a dry run. It is below the time
// that the server gives a request to be read, after which it would be
// cancelled.
const dryRunTimeout = 100 * time.Second

func (s *Server) dryRun(ctx context.Context, in *dryRunInput) (*dryRunOutput, error) {
	ws, b := auth.From(ctx).WorkspaceID, &in.Body
	if (b.ScorecardID == "") == (b.Scorecard == nil) {
		return nil, ringside.Invalidf("/scorecard", "or scorecard_id: one of the two is needed")
	}
	var card *ringside.Scorecard
	if b.Scorecard != nil {
		var err error
		if card, err = b.Scorecard.scorecard(); err != nil {
			return nil, below("/scorecard", err)
		}
	}
	var call ringside.CallID
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if call, err = store.ResolveCall(ctx, tx, ws, b.CallID); err != nil || card != nil {
			return err
		}
		card, err = store.Scorecard(ctx, tx, ws, b.ScorecardID)
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := s.cfg.Examiner.DryRun(ctx, ws, call, card)
	if err != nil {
		return nil, err
	}
	return &dryRunOutput{f}, nil
}

// below points an error about a part at the part's place in the body.
func below(at string, err error) error {
	if e, ok := errors.AsType[*ringside.Error](err); ok && e.Field != "" {
		moved := *e
		moved.Field = at + e.Field
		return &moved
	}
	return err
}
