package auth

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// setupSetting holds the SHA-256 of the token of the one-time set-up link.
const setupSetting = "setup_token"

// SetupToken makes a new one-time token with which the first user can be made,
// and makes those before it worthless. It is empty when there is a user
// already.
func (a *Auth) SetupToken(ctx context.Context) (string, error) {
	token := randomText(32)
	err := a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		has, err := store.HasUsers(ctx, tx)
		if err != nil {
			return err
		}
		if has {
			token = ""
			return nil
		}
		return store.SetSetting(ctx, tx, setupSetting, hex.EncodeToString(HashOf(token)))
	})
	if err != nil {
		return "", fmt.Errorf("make set-up token: %w", err)
	}
	return token, nil
}

// NeedsSetup tells whether there is no user yet.
func (a *Auth) NeedsSetup(ctx context.Context) (bool, error) {
	var has bool
	err := a.store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		has, err = store.HasUsers(ctx, tx)
		return err
	})
	return !has, err
}

// The answers to a set-up that may not be.
var (
	errSetupDone  error = ringside.Errorf(ringside.Conflict, "Ringside is set up already; sign in").WithCode("setup_done")
	errSetupToken error = ringside.Errorf(ringside.Forbidden, "the set-up link is not valid any more; take the one that the newest start printed").WithCode("setup_token_invalid")
)

// Newcomer is a person to be made a user.
type Newcomer struct {
	Name, Email, Password string
	Role                  store.Role
}

// NewUser checks a newcomer and hashes the password. The user must be stored.
func (a *Auth) NewUser(ctx context.Context, n Newcomer) (*store.User, error) {
	name, err := CheckName(n.Name)
	if err != nil {
		return nil, err
	}
	email, err := CheckEmail(n.Email)
	if err != nil {
		return nil, err
	}
	if err := CheckRole(n.Role); err != nil {
		return nil, err
	}
	if err := CheckPassword(n.Password, email); err != nil {
		return nil, err
	}
	phc, err := a.HashPassword(ctx, n.Password)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	return &store.User{ID: ringside.NewID("user", now), Email: email, Name: name, Role: n.Role, PasswordHash: phc, CreatedAt: now}, nil
}

// CheckRole refuses what is no role.
func CheckRole(r store.Role) error {
	switch r {
	case store.Admin, store.Member, store.Viewer:
		return nil
	}
	return ringside.Invalidf("/role", "%q is no role; choose admin, member or viewer", r)
}

// Setup makes the first user, an admin, and starts their session. It works
// once: the token is used up with it. from is the network address that asks.
func (a *Auth) Setup(ctx context.Context, token string, n Newcomer, from string) (session string, err error) {
	if err := a.logins.take("s\x00"+network(from), perAddress, a.now()); err != nil {
		return "", err
	}
	// Look before hashing: strangers must not make the server work.
	err = a.store.Read(ctx, func(ctx context.Context, tx store.Tx) error { return checkSetup(ctx, tx, token) })
	if err != nil {
		return "", err
	}
	n.Role = store.Admin
	u, err := a.NewUser(ctx, n)
	if err != nil {
		return "", err
	}
	err = a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		// Of two at once, one takes the token.
		took, err := store.TakeSetting(ctx, tx, setupSetting, hex.EncodeToString(HashOf(token)))
		if err != nil {
			return err
		}
		if !took {
			return checkSetup(ctx, tx, token)
		}
		if err := store.InsertUser(ctx, tx, u); err != nil {
			return err
		}
		if session, err = a.newSession(ctx, tx, u); err != nil {
			return err
		}
		return auditSetup(ctx, tx, u)
	})
	return session, err
}

func auditSetup(ctx context.Context, tx store.Tx, u *store.User) error {
	workspace, err := store.HomeWorkspace(ctx, tx, "")
	if err != nil {
		return err
	}
	return store.InsertAudit(ctx, tx, workspace, &store.AuditEntry{
		ID: ringside.NewID("audit", u.CreatedAt), At: u.CreatedAt, Actor: u.Name, ActorID: u.ID, Action: "user.setup", Subject: u.Email + " (" + u.ID + ")",
	})
}

// checkSetup says why a set-up may not be. Tokens are compared by their
// hashes, so the time that takes tells nothing.
func checkSetup(ctx context.Context, tx store.Tx, token string) error {
	has, err := store.HasUsers(ctx, tx)
	if err != nil {
		return err
	}
	if has {
		return errSetupDone
	}
	want, err := store.Setting(ctx, tx, setupSetting)
	if err != nil {
		return err
	}
	if want == "" || want != hex.EncodeToString(HashOf(token)) {
		return errSetupToken
	}
	return nil
}
