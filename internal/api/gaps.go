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

type gapsInput struct {
	Status string `query:"status" enum:"open,answered,ignored" doc:"All when left out"`
}

// GapList is the questions that agents could not answer, those of most calls
// first.
type GapList struct {
	Items []*store.Gap `json:"items"`
}

type gapsOutput struct {
	Body GapList
}

func (s *Server) listGaps(ctx context.Context, in *gapsInput) (*gapsOutput, error) {
	out := &gapsOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Items, err = store.Gaps(ctx, tx, auth.From(ctx).WorkspaceID, in.Status)
		return err
	})
	return out, err
}

// maxGapCalls bounds the calls that are listed with a gap.
const maxGapCalls = 200

// GapDetail is a gap with the newest calls that asked it.
type GapDetail struct {
	store.Gap
	Asked []*store.GapCall `json:"asked" doc:"The newest 200 times that it was asked"`
}

type gapOutput struct {
	Body *GapDetail
}

func (s *Server) getGap(ctx context.Context, in *IDPath) (*gapOutput, error) {
	out := &gapOutput{Body: &GapDetail{}}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error { return gapDetail(ctx, tx, in.ID, out.Body) })
	return out, err
}

func gapDetail(ctx context.Context, tx store.Tx, id string, d *GapDetail) error {
	ws := auth.From(ctx).WorkspaceID
	g, err := store.GapByID(ctx, tx, ws, id)
	if err != nil {
		return err
	}
	d.Gap = *g
	d.Asked, err = store.GapCalls(ctx, tx, ws, id, maxGapCalls)
	return err
}

// GapChange is what somebody decides about a gap. A field that is left out
// stays as it is.
type GapChange struct {
	Status *string `json:"status,omitempty" doc:"open, answered or ignored"`
	Answer *string `json:"answer,omitempty" maxLength:"10000" doc:"The answer, for whoever writes the knowledge base"`
}

type patchGapInput struct {
	IDPath
	Body GapChange
}

func (s *Server) patchGap(ctx context.Context, in *patchGapInput) (*gapOutput, error) {
	if st := in.Body.Status; st != nil && !slices.Contains(store.GapStatuses, *st) {
		return nil, ringside.Invalidf("/status", "%q is not one of %q", *st, store.GapStatuses)
	}
	out := &gapOutput{Body: &GapDetail{}}
	return out, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		ws := auth.From(ctx).WorkspaceID
		if err := store.LockGap(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		g, err := store.GapByID(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if in.Body.Status != nil {
			g.Status = *in.Body.Status
		}
		if in.Body.Answer != nil {
			g.Answer = strings.TrimSpace(*in.Body.Answer)
		}
		g.UpdatedAt = time.Now().UTC()
		if err := store.UpdateGap(ctx, tx, ws, g); err != nil {
			return err
		}
		if err := audit(ctx, tx, "gap."+g.Status, named("a question", g.ID)); err != nil {
			return err
		}
		return gapDetail(ctx, tx, in.ID, out.Body)
	})
}
