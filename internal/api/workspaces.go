package api

import (
	"context"
	"errors"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// WorkspaceList is every workspace that who asks may see, oldest first.
type WorkspaceList struct {
	Items []*ringside.Workspace `json:"items"`
}

type workspacesOutput struct {
	Body WorkspaceList
}

func (s *Server) listWorkspaces(ctx context.Context, _ *struct{}) (*workspacesOutput, error) {
	p, out := auth.From(ctx), &workspacesOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if p.KeyID == "" {
			out.Body.Items, err = store.Workspaces(ctx, tx)
			return err
		}
		w, err := store.Workspace(ctx, tx, p.WorkspaceID)
		out.Body.Items = []*ringside.Workspace{w}
		return err
	})
	return out, err
}

// WorkspaceName is what a workspace is to be called.
type WorkspaceName struct {
	Name string `json:"name" maxLength:"200"`
}

type createWorkspaceInput struct {
	Body WorkspaceName
}

type workspaceOutput struct {
	Body *ringside.Workspace
}

func (s *Server) createWorkspace(ctx context.Context, in *createWorkspaceInput) (*workspaceOutput, error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	name, err := auth.CheckName(in.Body.Name)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	w := &ringside.Workspace{ID: ringside.NewID("ws", now), Name: name, CreatedAt: now}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertWorkspace(ctx, tx, w); err != nil {
			return err
		}
		return auditIn(ctx, tx, w.ID, "workspace.create", named(w.Name, w.ID))
	})
	return &workspaceOutput{w}, err
}

// workspace loads a workspace that who asks may manage. To a key, any but its
// own is not there.
func workspace(ctx context.Context, tx store.Tx, id string) (*ringside.Workspace, error) {
	if p := auth.From(ctx); p.KeyID != "" && p.WorkspaceID != id {
		return nil, ringside.Errorf(ringside.NotFound, "there is no workspace %q that this key may manage", id)
	}
	return store.Workspace(ctx, tx, id)
}

type renameWorkspaceInput struct {
	IDPath
	Body WorkspaceName
}

func (s *Server) renameWorkspace(ctx context.Context, in *renameWorkspaceInput) (*workspaceOutput, error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	name, err := auth.CheckName(in.Body.Name)
	if err != nil {
		return nil, err
	}
	out := &workspaceOutput{}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if out.Body, err = workspace(ctx, tx, in.ID); err != nil {
			return err
		}
		out.Body.Name = name
		if err := store.RenameWorkspace(ctx, tx, in.ID, name); err != nil {
			return err
		}
		return auditIn(ctx, tx, in.ID, "workspace.rename", named(name, in.ID))
	})
	return out, err
}

// deleteWorkspace first closes the doors, then removes the calls in chunks,
// then the workspace. Cut off in between, it can be asked again.
func (s *Server) deleteWorkspace(ctx context.Context, in *IDPath) (*struct{}, error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	if err := s.closeWorkspace(ctx, in.ID); err != nil {
		return nil, err
	}
	if err := s.purge(ctx, in.ID); err != nil {
		return nil, err
	}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		heir, err := store.LeaveWorkspace(ctx, tx, in.ID) // for those who came meanwhile
		if err != nil {
			return err
		}
		w, err := store.Workspace(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := store.DeleteWorkspace(ctx, tx, in.ID); err != nil {
			return err
		}
		return auditIn(ctx, tx, heir, "workspace.delete", named(w.Name, w.ID))
	})
	if err != nil {
		return nil, err
	}
	s.cfg.Auth.Forget()
	if s.cfg.Ledger != nil {
		s.agentsChanged(ctx)
	}
	// What was on its way in when the doors closed has arrived by now.
	err = s.purge(ctx, in.ID)
	if s.cfg.Ledger != nil {
		s.cfg.Live.ForgetWorkspace(in.ID)
	}
	return nil, err
}

func (s *Server) closeWorkspace(ctx context.Context, id string) error {
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := workspace(ctx, tx, id); err != nil {
			return err
		}
		if _, err := store.LeaveWorkspace(ctx, tx, id); err != nil {
			return err
		}
		return store.DropAccess(ctx, tx, id)
	})
	s.cfg.Auth.Forget()
	return err
}

func (s *Server) purge(ctx context.Context, id string) error {
	_, err := s.cfg.Store.PurgeCalls(ctx, id, s.dropRecording)
	if errors.Is(err, context.DeadlineExceeded) {
		return ringside.Errorf(ringside.Unavailable, "the workspace has many calls and not all are removed yet; delete it again to go on").WithCode("still_removing")
	}
	return err
}
