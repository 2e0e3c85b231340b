package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Session is a signed-in browser. Of the token in its cookie only the SHA-256
// is kept.
type Session struct {
	Hash        []byte
	User        *User
	WorkspaceID string
	CreatedAt   time.Time
	ExpiresAt   time.Time
}

// InsertSession keeps a session and forgets those that have ended.
func InsertSession(ctx context.Context, tx Tx, s *Session) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE expires_ms <= $1`, s.CreatedAt.UnixMilli()); err != nil {
		return fmt.Errorf("forget ended sessions: %w", err)
	}
	_, err := tx.Exec(ctx, `INSERT INTO sessions (hash, user_id, workspace_id, created_ms, expires_ms) VALUES ($1, $2, $3, $4, $5)`,
		s.Hash, s.User.ID, s.WorkspaceID, s.CreatedAt.UnixMilli(), s.ExpiresAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert session: %w", err)
	}
	return nil
}

// SessionByHash finds a session and whose it is; NotFound when there is none.
// It may have ended: look at ExpiresAt.
func SessionByHash(ctx context.Context, tx Tx, hash []byte) (*Session, error) {
	s := &Session{Hash: hash}
	var created, expires int64
	u, err := scanUser(tx.QueryRow(ctx, `
SELECT `+userColumns+`, s.workspace_id, s.created_ms, s.expires_ms
FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.hash = $1`, hash), &s.WorkspaceID, &created, &expires)
	if err != nil {
		return nil, orNotFound(err, "there is no such session")
	}
	s.User, s.CreatedAt, s.ExpiresAt = u, time.UnixMilli(created).UTC(), time.UnixMilli(expires).UTC()
	return s, nil
}

// SwitchSession moves a session, and with it the person's next ones, to a
// workspace.
func SwitchSession(ctx context.Context, tx Tx, hash []byte, user, workspace string) error {
	if _, err := tx.Exec(ctx, `UPDATE sessions SET workspace_id = $2 WHERE hash = $1 AND user_id = $3`, hash, workspace, user); err != nil {
		return fmt.Errorf("switch session: %w", err)
	}
	if _, err := tx.Exec(ctx, `UPDATE users SET workspace_id = $2 WHERE id = $1`, user, workspace); err != nil {
		return fmt.Errorf("remember workspace: %w", err)
	}
	return nil
}

// DeleteSession ends a session; one that is not there is as good as ended.
func DeleteSession(ctx context.Context, tx Tx, hash []byte) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE hash = $1`, hash); err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	return nil
}

// DeleteSessionsOf ends every session of a person but one; keep may be nil.
func DeleteSessionsOf(ctx context.Context, tx Tx, user string, keep []byte) error {
	if keep == nil {
		keep = []byte{} // equals no hash, where NULL would make the condition unknown
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE user_id = $1 AND hash <> $2`, user, keep); err != nil {
		return fmt.Errorf("delete sessions of user %s: %w", user, err)
	}
	return nil
}

// SessionUse says that a session was used.
type SessionUse struct {
	Hash      []byte
	UserID    string
	At        time.Time
	ExpiresAt time.Time // when it ends now
}

// SessionsUsed notes when people were last seen and puts off the end of their
// sessions. Times only go forward.
func SessionsUsed(ctx context.Context, tx Tx, used []SessionUse) error {
	for _, u := range used {
		if _, err := tx.Exec(ctx, `UPDATE users SET last_seen_ms = $2 WHERE id = $1 AND last_seen_ms < $2`, u.UserID, u.At.UnixMilli()); err != nil {
			return fmt.Errorf("note visit of user %s: %w", u.UserID, err)
		}
		if _, err := tx.Exec(ctx, `UPDATE sessions SET expires_ms = $2 WHERE hash = $1 AND expires_ms < $2`, u.Hash, u.ExpiresAt.UnixMilli()); err != nil {
			return fmt.Errorf("put off end of session: %w", err)
		}
	}
	return nil
}

// HomeWorkspace is where a session begins: the workspace that the person was
// in last if it is still there, else the demo's, else the oldest.
func HomeWorkspace(ctx context.Context, tx Tx, last string) (string, error) {
	var id string
	err := tx.QueryRow(ctx, `SELECT id FROM workspaces ORDER BY CASE WHEN id = $1 THEN 0 WHEN is_demo THEN 1 ELSE 2 END, id LIMIT 1`, last).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("find first workspace: %w", err)
	}
	return id, nil
}

// LeaveWorkspace moves everybody's sessions out of a workspace that is about
// to go, to the oldest other one, and gives that one's id. It fails with
// Conflict when there is none.
func LeaveWorkspace(ctx context.Context, tx Tx, leaving string) (heir string, err error) {
	// Writing what is there already locks the rows on both engines: of two
	// removals at once, the second sees what the first left.
	if _, err := tx.Exec(ctx, `UPDATE workspaces SET name = name`); err != nil {
		return "", fmt.Errorf("lock workspaces: %w", err)
	}
	err = tx.QueryRow(ctx, `SELECT id FROM workspaces WHERE id <> $1 ORDER BY is_demo, id LIMIT 1`, leaving).Scan(&heir)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ringside.Errorf(ringside.Conflict, "this is the last workspace; make another first").WithCode("last_workspace")
	}
	if err != nil {
		return "", fmt.Errorf("find another workspace: %w", err)
	}
	if _, err := tx.Exec(ctx, `UPDATE sessions SET workspace_id = $2 WHERE workspace_id = $1`, leaving, heir); err != nil {
		return "", fmt.Errorf("move sessions: %w", err)
	}
	return heir, nil
}
