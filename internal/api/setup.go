package api

import (
	"context"

	"github.com/ringsidehq/ringside/internal/auth"
)

// SetupState says whether there is nobody yet who can sign in.
type SetupState struct {
	Needed bool `json:"needed"`
}

type setupStateOutput struct {
	Body SetupState
}

func (s *Server) setupState(ctx context.Context, _ *struct{}) (*setupStateOutput, error) {
	needed, err := s.cfg.Auth.NeedsSetup(ctx)
	return &setupStateOutput{SetupState{needed}}, err
}

// SetupRequest makes the first user.
type SetupRequest struct {
	Token    string `json:"token" maxLength:"100" doc:"From the link that the server printed when it started"`
	Name     string `json:"name" maxLength:"200"`
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"256" doc:"At least 10 characters"`
}

type setupInput struct {
	browser
	Body SetupRequest
}

func (s *Server) setup(ctx context.Context, in *setupInput) (*sessionOutput, error) {
	b := &in.Body
	token, err := s.cfg.Auth.Setup(ctx, b.Token, auth.Newcomer{Name: b.Name, Email: b.Email, Password: b.Password}, in.address)
	if err != nil {
		return nil, err
	}
	return s.signedIn(ctx, token)
}
