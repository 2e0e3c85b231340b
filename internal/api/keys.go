package api

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// mayManage fails unless who asks may manage keys and workspaces: an admin, or
// a key with the scope admin, which the route has asked for.
func mayManage(ctx context.Context) error {
	if p := auth.From(ctx); p.KeyID == "" && !p.Owner {
		return ringside.Errorf(ringside.Forbidden, "only an admin may do this; ask one of yours")
	}
	return nil
}

// KeyList is the keys of a workspace, oldest first.
type KeyList struct {
	Items []*store.Key `json:"items"`
}

type keysOutput struct {
	Body KeyList
}

func (s *Server) listKeys(ctx context.Context, _ *struct{}) (*keysOutput, error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	out := &keysOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Items, err = store.Keys(ctx, tx, auth.From(ctx).WorkspaceID)
		return err
	})
	return out, err
}

// KeyCreate is a key to make.
type KeyCreate struct {
	Name      string     `json:"name" maxLength:"200" doc:"What it is for"`
	Scope     auth.Scope `json:"scope" enum:"ingest,read,admin" doc:"ingest sends calls, read also looks at them, admin also changes things"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"Never without"`
}

type createKeyInput struct {
	Body KeyCreate
}

// NewKey is a key that was just made.
type NewKey struct {
	store.Key
	Plain string `json:"key" doc:"The key itself. It is shown this once"`
}

type newKeyOutput struct {
	Body NewKey
}

func (s *Server) createKey(ctx context.Context, in *createKeyInput) (*newKeyOutput, error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	var expires time.Time
	if in.Body.ExpiresAt != nil {
		expires = *in.Body.ExpiresAt
	}
	plain, k, err := auth.NewKey(auth.From(ctx).WorkspaceID, in.Body.Name, in.Body.Scope, expires)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertKey(ctx, tx, k); err != nil {
			return err
		}
		return audit(ctx, tx, "key.create", named(k.Name, k.ID))
	})
	if err != nil {
		return nil, err
	}
	return &newKeyOutput{NewKey{*k, plain}}, nil
}

func (s *Server) revokeKey(ctx context.Context, in *IDPath) (*struct{}, error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		k, err := store.DeleteKey(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		return audit(ctx, tx, "key.revoke", named(k.Name, k.ID))
	})
	s.cfg.Auth.Forget()
	return nil, err
}
