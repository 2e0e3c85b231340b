package api

import (
	"context"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/intervene"
	"github.com/ringsidehq/ringside/internal/store"
)

// ProposalList is what was proposed for a call.
type ProposalList struct {
	Items []*ringside.Proposal `json:"items" doc:"Newest first"`
}

type proposalsOutput struct{ Body ProposalList }

type proposalOutput struct{ Body *ringside.Proposal }

// listProposals lists what was proposed for a call in progress, or one that has
// ended meanwhile.
func (s *Server) listProposals(ctx context.Context, in *LivePath) (*proposalsOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &proposalsOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.FindCall(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		out.Body.Items, err = store.Proposals(ctx, tx, ws, id)
		return err
	})
}

func (s *Server) acceptProposal(ctx context.Context, in *IDPath) (*proposalOutput, error) {
	who := auth.From(ctx)
	p, err := s.cfg.Hand.Accept(ctx, who.WorkspaceID, in.ID, intervene.Who{Name: who.Name, ID: who.KeyID + who.UserID})
	return &proposalOutput{p}, err
}

func (s *Server) cancelProposal(ctx context.Context, in *IDPath) (*proposalOutput, error) {
	out := &proposalOutput{}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		who := auth.From(ctx)
		if out.Body, err = s.cfg.Hand.Cancel(ctx, tx, who.WorkspaceID, in.ID, who.Name); err != nil {
			return err
		}
		return audit(ctx, tx, "proposal.cancel", "rule "+named(out.Body.RuleName, in.ID))
	})
	if err != nil {
		return nil, err
	}
	s.showProposals(ctx, nil, out.Body.Call)
	return out, nil
}

// showProposals shows what is proposed for calls now, unless nothing was done.
func (s *Server) showProposals(ctx context.Context, err error, calls ...ringside.CallID) {
	if err != nil {
		return
	}
	for _, c := range calls {
		s.cfg.Hand.Show(context.WithoutCancel(ctx), auth.From(ctx).WorkspaceID, c)
	}
}
