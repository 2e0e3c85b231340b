package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// SessionView is who asks, where, and what else there is.
type SessionView struct {
	User       *store.User           `json:"user,omitempty" doc:"Absent when a key asks"`
	Workspace  *ringside.Workspace   `json:"workspace"`
	Workspaces []*ringside.Workspace `json:"workspaces" doc:"Every workspace that may be switched to; for a key its own"`
	PublicURL  string                `json:"public_url"`
	Version    string                `json:"version"`
	Demo       bool                  `json:"demo" doc:"Whether this server can fill the demo workspace"`
}

// browser is what a request's input takes from around the body.
type browser struct {
	address string // the network address that asks, without its port
	token   string // the session's, from the cookie
}

// Resolve implements huma.Resolver.
func (b *browser) Resolve(ctx huma.Context) []error {
	b.address = ctx.RemoteAddr()
	if i := strings.LastIndexByte(b.address, ':'); i > 0 {
		b.address = b.address[:i]
	}
	if c, err := huma.ReadCookie(ctx, auth.SessionCookie); err == nil {
		b.token = c.Value
	}
	return nil
}

type sessionInput struct {
	browser
}

type sessionOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"` // none for a key
	Body      *SessionView
}

type signedOutOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// cookie gives a browser its token.
func (s *Server) cookie(token string) []http.Cookie {
	return []http.Cookie{auth.Cookie(token, strings.HasPrefix(s.cfg.PublicURL, "https:"))}
}

// signedIn answers a sign-in: the cookie, and what getSession would say.
func (s *Server) signedIn(ctx context.Context, token string) (*sessionOutput, error) {
	out := &sessionOutput{SetCookie: s.cookie(token)}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		row, err := store.SessionByHash(ctx, tx, auth.HashOf(token))
		if err != nil {
			return err
		}
		out.Body, err = s.sessionView(ctx, tx, row.User.ID, row.WorkspaceID)
		return err
	})
	return out, err
}

// sessionView tells of a person, or of a key when user is empty.
func (s *Server) sessionView(ctx context.Context, tx store.Tx, user, workspace string) (v *SessionView, err error) {
	v = &SessionView{PublicURL: s.cfg.PublicURL, Version: s.cfg.Version, Demo: s.cfg.Demo}
	if v.Workspace, err = store.Workspace(ctx, tx, workspace); err != nil {
		return nil, err
	}
	v.Workspaces = []*ringside.Workspace{v.Workspace}
	if user == "" {
		return v, nil
	}
	if v.User, err = store.UserByID(ctx, tx, user); err != nil {
		return nil, err
	}
	v.Workspaces, err = store.Workspaces(ctx, tx)
	return v, err
}

// SignIn is a person's proof of who they are.
type SignIn struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"256"`
}

type signInInput struct {
	browser
	Body SignIn
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	token, err := s.cfg.Auth.SignIn(ctx, in.Body.Email, in.Body.Password, in.address)
	if err != nil {
		return nil, err
	}
	return s.signedIn(ctx, token)
}

// getSession also gives the browser its cookie again, so that it lives as long
// as the session, which goes on with each use.
func (s *Server) getSession(ctx context.Context, in *sessionInput) (*sessionOutput, error) {
	p, out := auth.From(ctx), &sessionOutput{}
	if p.UserID != "" {
		out.SetCookie = s.cookie(in.token)
	}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = s.sessionView(ctx, tx, p.UserID, p.WorkspaceID)
		return err
	})
	return out, err
}

// WorkspaceChoice says which workspace to switch to.
type WorkspaceChoice struct {
	WorkspaceID string `json:"workspace_id" maxLength:"64"`
}

type switchInput struct {
	browser
	Body WorkspaceChoice
}

func (s *Server) switchWorkspace(ctx context.Context, in *switchInput) (*sessionOutput, error) {
	p := auth.From(ctx)
	if p.UserID == "" {
		return nil, ringside.Errorf(ringside.Forbidden, "a key belongs to one workspace; make another key in the other one")
	}
	out := &sessionOutput{SetCookie: s.cookie(in.token)}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := store.Workspace(ctx, tx, in.Body.WorkspaceID); err != nil {
			return err
		}
		if err := store.SwitchSession(ctx, tx, auth.HashOf(in.token), p.UserID, in.Body.WorkspaceID); err != nil {
			return err
		}
		var err error
		out.Body, err = s.sessionView(ctx, tx, p.UserID, in.Body.WorkspaceID)
		return err
	})
	return out, err
}

// signOut is public: somebody whose session has ended may also leave.
func (s *Server) signOut(ctx context.Context, in *sessionInput) (*signedOutOutput, error) {
	out := &signedOutOutput{SetCookie: s.cookie("")}
	if in.token == "" {
		return out, nil
	}
	return out, s.cfg.Auth.SignOut(ctx, in.token)
}
