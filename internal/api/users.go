package api

import (
	"context"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// mayManageUsers fails unless who asks may manage users: an admin in person. A
// leaked key must not become an account.
func mayManageUsers(ctx context.Context) error {
	switch p := auth.From(ctx); {
	case p.KeyID != "":
		return ringside.Errorf(ringside.Forbidden, "a key can't manage users; sign in as an admin").WithCode("key_not_allowed")
	case !p.Owner:
		return ringside.Errorf(ringside.Forbidden, "only an admin may manage users; ask one of yours")
	}
	return nil
}

// UserList is everybody who can sign in, oldest first.
type UserList struct {
	Items []*store.User `json:"items"`
}

type usersOutput struct {
	Body UserList
}

func (s *Server) listUsers(ctx context.Context, _ *struct{}) (*usersOutput, error) {
	if err := mayManageUsers(ctx); err != nil {
		return nil, err
	}
	out := &usersOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Items, err = store.Users(ctx, tx)
		return err
	})
	return out, err
}

// UserCreate is a person to add.
type UserCreate struct {
	Email string     `json:"email" maxLength:"254"`
	Name  string     `json:"name" maxLength:"200"`
	Role  store.Role `json:"role" enum:"admin,member,viewer" doc:"A viewer looks, a member also changes things, an admin also manages users, workspaces and keys"`
}

type createUserInput struct {
	Body UserCreate
}

// NewUser is a person who was just added.
type NewUser struct {
	store.User
	Password string `json:"password" doc:"To hand over. It is shown this once"`
}

type newUserOutput struct {
	Body NewUser
}

func (s *Server) createUser(ctx context.Context, in *createUserInput) (*newUserOutput, error) {
	if err := mayManageUsers(ctx); err != nil {
		return nil, err
	}
	password := auth.NewPassword()
	u, err := s.cfg.Auth.NewUser(ctx, auth.Newcomer{Name: in.Body.Name, Email: in.Body.Email, Password: password, Role: in.Body.Role})
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertUser(ctx, tx, u); err != nil {
			return err
		}
		return audit(ctx, tx, "user.create", named(u.Email, u.ID))
	})
	if err != nil {
		return nil, err
	}
	return &newUserOutput{NewUser{*u, password}}, nil
}

// UserPatch is what of a person is to be changed; what is left out stays.
type UserPatch struct {
	Name            *string     `json:"name,omitempty" maxLength:"200"`
	Role            *store.Role `json:"role,omitempty" enum:"admin,member,viewer" doc:"Only an admin changes it"`
	Password        *string     `json:"password,omitempty" maxLength:"256" doc:"Ends the person's other sessions"`
	CurrentPassword string      `json:"current_password,omitempty" maxLength:"256" doc:"Needed to change one's own password"`
}

type patchUserInput struct {
	browser
	IDPath
	Body UserPatch
}

type userOutput struct {
	Body *store.User
}

func (s *Server) patchUser(ctx context.Context, in *patchUserInput) (*userOutput, error) {
	p := auth.From(ctx)
	self := p.UserID != "" && p.UserID == in.ID
	if !self || in.Body.Role != nil {
		if err := mayManageUsers(ctx); err != nil {
			return nil, err
		}
	}
	edit, err := s.userEdit(ctx, in, self)
	if err != nil {
		return nil, err
	}
	out := &userOutput{}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err = store.LockUser(ctx, tx, in.ID); err != nil {
			return err
		}
		if out.Body, err = store.UserByID(ctx, tx, in.ID); err != nil {
			return err
		}
		edit(out.Body)
		if err := store.UpdateUser(ctx, tx, out.Body); err != nil {
			return err
		}
		if in.Body.Password != nil {
			if err := s.endSessions(ctx, tx, in, self); err != nil {
				return err
			}
		}
		return audit(ctx, tx, "user.update", named(out.Body.Email, out.Body.ID))
	})
	return out, err
}

// endSessions ends a person's sessions, but the one in which they themselves
// change their password.
func (s *Server) endSessions(ctx context.Context, tx store.Tx, in *patchUserInput, self bool) error {
	var keep []byte
	if self {
		keep = auth.HashOf(in.token)
	}
	return store.DeleteSessionsOf(ctx, tx, in.ID, keep)
}

// userEdit checks a patch and says what it does to a person. A password is
// hashed here, before the transaction: that takes a while.
func (s *Server) userEdit(ctx context.Context, in *patchUserInput, self bool) (edit func(*store.User), err error) {
	b := &in.Body
	var name, phc string
	if b.Name != nil {
		if name, err = auth.CheckName(*b.Name); err != nil {
			return nil, err
		}
	}
	if b.Password != nil {
		if phc, err = s.newPassword(ctx, in, self); err != nil {
			return nil, err
		}
	}
	return func(u *store.User) {
		if b.Name != nil {
			u.Name = name
		}
		if b.Role != nil {
			u.Role = *b.Role
		}
		if b.Password != nil {
			u.PasswordHash = phc
		}
	}, nil
}

func (s *Server) newPassword(ctx context.Context, in *patchUserInput, self bool) (string, error) {
	var u *store.User
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		u, err = store.UserByID(ctx, tx, in.ID)
		return err
	})
	if err != nil {
		return "", err
	}
	if self {
		if err := s.cfg.Auth.Confirm(ctx, u, in.Body.CurrentPassword); err != nil {
			return "", err
		}
	}
	if err := auth.CheckPassword(*in.Body.Password, u.Email); err != nil {
		return "", err
	}
	return s.cfg.Auth.HashPassword(ctx, *in.Body.Password)
}

func (s *Server) deleteUser(ctx context.Context, in *IDPath) (*struct{}, error) {
	if err := mayManageUsers(ctx); err != nil {
		return nil, err
	}
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		u, err := store.UserByID(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := store.DeleteUser(ctx, tx, in.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "user.delete", named(u.Email, u.ID))
	})
}
