package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// SessionCookie is the cookie that holds a session's token.
const SessionCookie = "ringside_session"

// A session ends sessionLife after its last use, to sessionSlide exactly.
const (
	sessionLife  = 30 * 24 * time.Hour
	sessionSlide = time.Hour
)

// Cookie gives a browser its session's token; an empty token takes it away.
// Over plain HTTP, as on localhost, a Secure cookie would not come back.
func Cookie(token string, secure bool) http.Cookie {
	c := http.Cookie{
		Name: SessionCookie, Value: token, Path: "/", MaxAge: int(sessionLife.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure,
	}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

// scopeOf is what a role allows within a workspace.
func scopeOf(r store.Role) Scope {
	if r == store.Viewer {
		return ScopeRead
	}
	return ScopeAdmin
}

// errSession is the answer for a session that is over or never was.
var errSession = unauthorized("session_expired", "your session has ended; sign in again")

func (a *Auth) bySession(ctx context.Context, token string) (*Principal, error) {
	var s *store.Session
	h := hash(token)
	err := a.store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		s, err = store.SessionByHash(ctx, tx, h[:])
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, errSession
	}
	if err != nil {
		return nil, err
	}
	now := a.now()
	if !now.Before(s.ExpiresAt) {
		return nil, errSession
	}
	a.seen.session(s, now)
	return &Principal{
		WorkspaceID: s.WorkspaceID, Scope: scopeOf(s.User.Role), UserID: s.User.ID,
		Name: s.User.Name, Owner: s.User.Role == store.Admin,
	}, nil
}

// HashOf is what is stored of a session's token, and names the session.
func HashOf(token string) []byte {
	h := hash(token)
	return h[:]
}

// newSession draws a token and stores a session for it.
func (a *Auth) newSession(ctx context.Context, tx store.Tx, u *store.User) (token string, err error) {
	workspace, err := store.HomeWorkspace(ctx, tx, u.WorkspaceID)
	if err != nil {
		return "", err
	}
	var b [32]byte
	rand.Read(b[:])
	token = base64.RawURLEncoding.EncodeToString(b[:])
	now := a.now().UTC()
	return token, store.InsertSession(ctx, tx, &store.Session{
		Hash: HashOf(token), User: u, WorkspaceID: workspace, CreatedAt: now, ExpiresAt: now.Add(sessionLife),
	})
}

// errPassword says neither whether the address is known nor what is wrong.
var errPassword = unauthorized("password_wrong", "the e-mail address or the password is wrong")

// SignIn checks a password and starts a session. from is the network address
// that asks. An unknown address takes as long as a wrong password.
func (a *Auth) SignIn(ctx context.Context, email, password, from string) (token string, err error) {
	email, from = strings.ToLower(strings.TrimSpace(email)), network(from)
	person, now := "p\x00"+hashText(email)+"\x00"+from, a.now()
	if err := a.logins.take(person, perPerson, now); err != nil {
		return "", err
	}
	if err := a.logins.take("a\x00"+from, perAddress, now); err != nil {
		return "", err
	}
	u, err := a.checkUser(ctx, email, password)
	if err != nil {
		return "", err
	}
	a.logins.giveBack(person)
	a.logins.giveBack("a\x00" + from)
	err = a.store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		token, err = a.newSession(ctx, tx, u)
		return err
	})
	return token, err
}

// hashText keeps what callers send from filling the limiter's memory.
func hashText(s string) string {
	h := hash(s)
	return string(h[:])
}

func (a *Auth) checkUser(ctx context.Context, email, password string) (u *store.User, err error) {
	err = a.store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		u, err = store.UserByEmail(ctx, tx, email)
		return err
	})
	if err != nil && ringside.KindOf(err) != ringside.NotFound {
		return nil, err
	}
	phc := nobody
	if u != nil {
		phc = cmp.Or(u.PasswordHash, nobody)
	}
	ok, err := a.VerifyPassword(ctx, password, phc)
	if err != nil {
		return nil, err
	}
	if !ok || u == nil {
		return nil, errPassword
	}
	return u, nil
}

// maxEmail is what RFC 5321 leaves for an address.
const maxEmail = 254

// CheckEmail tidies an e-mail address.
func CheckEmail(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > maxEmail {
		return "", ringside.Invalidf("/email", "%q is not an e-mail address", email)
	}
	return email, nil
}

// SignOut ends the session of a token.
func (a *Auth) SignOut(ctx context.Context, token string) error {
	return a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.DeleteSession(ctx, tx, HashOf(token))
	})
}

// Confirm checks the password of somebody who is signed in, before they change
// what only they may change.
func (a *Auth) Confirm(ctx context.Context, u *store.User, password string) error {
	bucket := "c\x00" + u.ID
	if err := a.logins.take(bucket, perPerson, a.now()); err != nil {
		return err
	}
	ok, err := a.VerifyPassword(ctx, password, u.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return ringside.Invalidf("/current_password", "is not your password now").WithCode("password_wrong")
	}
	a.logins.giveBack(bucket)
	return nil
}
