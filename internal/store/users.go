package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Role is what a person may do.
type Role string

// The roles. A viewer looks; a member also changes things; an admin also
// manages users, workspaces and keys.
const (
	Admin  Role = "admin"
	Member Role = "member"
	Viewer Role = "viewer"
)

// User is a person who can sign in. Everybody sees every workspace.
type User struct {
	ID           string     `json:"id"`
	Email        string     `json:"email"`
	Name         string     `json:"name"`
	Role         Role       `json:"role" enum:"admin,member,viewer"`
	CreatedAt    time.Time  `json:"created_at"`
	LastSeenAt   *time.Time `json:"last_seen_at" doc:"To the minute; null: not yet"`
	PasswordHash string     `json:"-"`
	WorkspaceID  string     `json:"-"` // where they were last
}

const userColumns = `u.id, u.email, u.name, u.role, u.password_hash, u.workspace_id, u.created_ms, u.last_seen_ms`

func scanUser(r Row, more ...any) (*User, error) {
	var u User
	var created, seen int64
	dst := append([]any{&u.ID, &u.Email, &u.Name, &u.Role, &u.PasswordHash, &u.WorkspaceID, &created, &seen}, more...)
	if err := r.Scan(dst...); err != nil {
		return nil, err
	}
	u.CreatedAt, u.LastSeenAt = time.UnixMilli(created).UTC(), momentOrNil(seen)
	return &u, nil
}

// InsertUser adds a person. It fails with Conflict when the e-mail address is
// taken.
func InsertUser(ctx context.Context, tx Tx, u *User) error {
	n, err := tx.Exec(ctx, `
INSERT INTO users (id, email, name, role, password_hash, workspace_id, created_ms, last_seen_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (email) DO NOTHING`,
		u.ID, u.Email, u.Name, string(u.Role), u.PasswordHash, u.WorkspaceID, u.CreatedAt.UnixMilli(), orZeroMS(u.LastSeenAt))
	if err != nil {
		return fmt.Errorf("insert user: %w", err)
	}
	if n == 0 {
		e := ringside.Errorf(ringside.Conflict, "somebody with the e-mail address %s is here already", u.Email)
		e.Field = "/email"
		return e.WithCode("email_taken")
	}
	return nil
}

// Users lists everybody, oldest first.
func Users(ctx context.Context, tx Tx) ([]*User, error) {
	out := []*User{}
	rows, err := tx.Query(ctx, `SELECT `+userColumns+` FROM users u ORDER BY u.id`)
	err = each(rows, err, func(r Rows) error {
		u, err := scanUser(r)
		out = append(out, u)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return out, nil
}

// HasUsers tells whether anybody can sign in.
func HasUsers(ctx context.Context, tx Tx) (bool, error) {
	var has bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM users)`).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("look for users: %w", err)
	}
	return has, nil
}

// UserByID loads a person.
func UserByID(ctx context.Context, tx Tx, id string) (*User, error) {
	u, err := scanUser(tx.QueryRow(ctx, `SELECT `+userColumns+` FROM users u WHERE u.id = $1`, id))
	if err != nil {
		return nil, orNotFound(err, "there is no user %q", id)
	}
	return u, nil
}

// UserByEmail finds a person by their address in lower case.
func UserByEmail(ctx context.Context, tx Tx, email string) (*User, error) {
	u, err := scanUser(tx.QueryRow(ctx, `SELECT `+userColumns+` FROM users u WHERE u.email = $1`, email))
	if err != nil {
		return nil, orNotFound(err, "there is no user with this e-mail address")
	}
	return u, nil
}

// UpdateUser writes a person's name, role and password. It fails with Conflict
// when no admin would be left.
func UpdateUser(ctx context.Context, tx Tx, u *User) error {
	if err := lockAdmins(ctx, tx); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE users SET name = $2, role = $3, password_hash = $4 WHERE id = $1`, u.ID, u.Name, string(u.Role), u.PasswordHash)
	if err != nil {
		return fmt.Errorf("update user %s: %w", u.ID, err)
	}
	if n == 0 {
		return errNoUser(u.ID)
	}
	return oneAdminLeft(ctx, tx)
}

// DeleteUser removes a person and their sessions. It fails with Conflict when
// no admin would be left.
func DeleteUser(ctx context.Context, tx Tx, id string) error {
	if err := lockAdmins(ctx, tx); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM users WHERE id = $1`, id)
	if err != nil {
		return fmt.Errorf("delete user %s: %w", id, err)
	}
	if n == 0 {
		return errNoUser(id)
	}
	if err := DeleteSessionsOf(ctx, tx, id, nil); err != nil {
		return err
	}
	return oneAdminLeft(ctx, tx)
}

// lockAdmins makes two transactions that take admins away wait for each other,
// so that both can't leave the other's admin as the last. Writing what is
// there already locks the rows on both engines.
func lockAdmins(ctx context.Context, tx Tx) error {
	if _, err := tx.Exec(ctx, `UPDATE users SET role = role WHERE role = 'admin'`); err != nil {
		return fmt.Errorf("lock admins: %w", err)
	}
	return nil
}

func oneAdminLeft(ctx context.Context, tx Tx) error {
	var left bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')`).Scan(&left); err != nil {
		return fmt.Errorf("look for admins: %w", err)
	}
	if !left {
		return ringside.Errorf(ringside.Conflict, "this is the last admin; make somebody else one first").WithCode("last_admin")
	}
	return nil
}
