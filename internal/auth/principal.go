package auth

import (
	"context"

	"github.com/ringsidehq/ringside"
)

// Scope is what a key or a session may do. Each includes those before it.
type Scope string

// The scopes. Ingest may only send calls; Read may also look at everything
// but secrets; Admin may also change things.
const (
	ScopeIngest Scope = "ingest"
	ScopeRead   Scope = "read"
	ScopeAdmin  Scope = "admin"
)

func (s Scope) rank() int {
	switch s {
	case ScopeIngest:
		return 1
	case ScopeRead:
		return 2
	case ScopeAdmin:
		return 3
	}
	return 0
}

// Allows tells whether the scope includes another.
func (s Scope) Allows(need Scope) bool { return need.rank() > 0 && s.rank() >= need.rank() }

// Principal is who makes a request, in which workspace.
type Principal struct {
	WorkspaceID string
	Scope       Scope
	KeyID       string // a program's
	UserID      string // a person's
	Name        string // the key's or the person's, for notes and the audit
	Owner       bool   // a person who may manage users and workspaces
}

type principalKey struct{}

// WithPrincipal puts who asks into a context.
func WithPrincipal(ctx context.Context, p *Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From gives who asks. It is nil only where nobody needs to be known.
func From(ctx context.Context) *Principal {
	p, _ := ctx.Value(principalKey{}).(*Principal)
	return p
}

// Require fails unless the principal has a scope.
func (p *Principal) Require(need Scope) error {
	if p == nil {
		return ringside.Errorf(ringside.Unauthorized, "sign in, or send an API key as Authorization: Bearer rs_live_…")
	}
	if !p.Scope.Allows(need) {
		return ringside.Errorf(ringside.Forbidden, "this needs the scope %q; the key or person asking has %q", need, p.Scope)
	}
	return nil
}
