package api

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// ViewList is the saved views of a workspace, by name.
type ViewList struct {
	Items []*store.View `json:"items"`
}

type viewsOutput struct {
	Body ViewList
}

func (s *Server) listViews(ctx context.Context, _ *struct{}) (*viewsOutput, error) {
	out := &viewsOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Items, err = store.Views(ctx, tx, auth.From(ctx).WorkspaceID)
		return err
	})
	return out, err
}

// ViewCreate is a view to save.
type ViewCreate struct {
	Name  string `json:"name" maxLength:"200"`
	Query string `json:"query" maxLength:"4000" doc:"The filters, as the query of a URL: agent=…&status=failed"`
}

type createViewInput struct {
	Body ViewCreate
}

type viewOutput struct {
	Body *store.View
}

func (s *Server) createView(ctx context.Context, in *createViewInput) (*viewOutput, error) {
	name, err := auth.CheckName(in.Body.Name)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	v := &store.View{ID: ringside.NewID("view", now), Name: name, Query: in.Body.Query, CreatedAt: now}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.InsertView(ctx, tx, auth.From(ctx).WorkspaceID, v)
	})
	return &viewOutput{v}, err
}

// IDPath is the id in a path. Its name begins with a capital because huma does
// not look into embedded structs that are not exported.
type IDPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) deleteView(ctx context.Context, in *IDPath) (*struct{}, error) {
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.DeleteView(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
	})
}
