package api

import (
	"context"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/store"
)

// ErasureSubject names what to erase: one of the three.
type ErasureSubject struct {
	Call  string `json:"call,omitempty" maxLength:"64" doc:"A call's id, long or short"`
	Phone string `json:"phone,omitempty" maxLength:"64" doc:"With its country code: +14155550123. Calls from it, to it and of the customer with it"`
	Email string `json:"email,omitempty" maxLength:"254" doc:"Calls whose metadata, variables, transcript or anything else has it"`
}

// subject reads which of the three is given. A short id is made a long one.
func (s *Server) subject(ctx context.Context, b *ErasureSubject) (pipeline.Subject, error) {
	given := 0
	var kind, value string
	for _, f := range []struct{ kind, value string }{{pipeline.EraseCall, b.Call}, {pipeline.ErasePhone, b.Phone}, {pipeline.EraseEmail, b.Email}} {
		if f.value != "" {
			given++
			kind, value = f.kind, f.value
		}
	}
	if given != 1 {
		return pipeline.Subject{}, ringside.Invalidf("/phone", "give one of call, phone and email")
	}
	if kind == pipeline.EraseCall {
		err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
			id, err := store.ResolveCall(ctx, tx, auth.From(ctx).WorkspaceID, value)
			value = id.String()
			return err
		})
		if err != nil {
			return pipeline.Subject{}, err
		}
	}
	return pipeline.ParseSubject(kind, value)
}

// previewWithin is how long calls are looked at for a preview; the rest of the
// request's time is for the answer.
const previewWithin = 10 * time.Second

type previewErasureInput struct{ Body ErasureSubject }

type previewErasureOutput struct{ Body pipeline.Found }

func (s *Server) previewErasure(ctx context.Context, in *previewErasureInput) (*previewErasureOutput, error) {
	subject, err := s.subject(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	found, err := s.cfg.Pipeline.Preview(ctx, auth.From(ctx).WorkspaceID, &subject, previewWithin)
	return &previewErasureOutput{found}, err
}

// ErasureCreate is an order to erase.
type ErasureCreate struct {
	ErasureSubject
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why; it is kept, so it must not name the person"`
}

type createErasureInput struct{ Body ErasureCreate }

type erasureOutput struct{ Body *store.Erasure }

func (s *Server) createErasure(ctx context.Context, in *createErasureInput) (*erasureOutput, error) {
	subject, err := s.subject(ctx, &in.Body.ErasureSubject)
	if err != nil {
		return nil, err
	}
	reason := strings.TrimSpace(in.Body.Reason)
	switch {
	case reason == "":
		return nil, ringside.Invalidf("/reason", "say why")
	case subject.In(reason):
		return nil, ringside.Invalidf("/reason", "the reason is kept, so it must not have the number or the address in it")
	}
	p, now := auth.From(ctx), time.Now().UTC().Truncate(time.Millisecond)
	e := &store.Erasure{
		ID: ringside.NewID("erasure", now), Workspace: p.WorkspaceID, Kind: subject.Kind, Reason: reason, By: p.Name,
		Status: store.ErasureWaiting, CreatedAt: now,
	}
	e.Subject = s.cfg.Secrets.Seal(pipeline.ErasureSubject(e.ID), []byte(subject.Value))
	return &erasureOutput{e}, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertErasure(ctx, tx, e); err != nil {
			return err
		}
		if err := audit(ctx, tx, "erasure.create", named("by "+e.Kind, e.ID)); err != nil {
			return err
		}
		return s.cfg.Pipeline.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.Erase{WorkspaceID: e.Workspace, ErasureID: e.ID}})
	})
}

func (s *Server) getErasure(ctx context.Context, in *IDPath) (*erasureOutput, error) {
	out := &erasureOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.ErasureByID(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		return err
	})
}

type erasuresInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

// ErasurePage is a page of erasures, newest first.
type ErasurePage struct {
	Items      []*store.Erasure `json:"items"`
	NextCursor string           `json:"next_cursor" doc:"Empty on the last page"`
}

type erasuresOutput struct{ Body ErasurePage }

func (s *Server) listErasures(ctx context.Context, in *erasuresInput) (*erasuresOutput, error) {
	out := &erasuresOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		items, err := store.Erasures(ctx, tx, auth.From(ctx).WorkspaceID, in.Cursor, in.Limit+1)
		if err != nil {
			return err
		}
		if len(items) > in.Limit {
			items = items[:in.Limit]
			out.Body.NextCursor = items[in.Limit-1].Cursor()
		}
		out.Body.Items = items
		return nil
	})
}
