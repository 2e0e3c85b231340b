package api

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// audit notes, in the transaction of what was done, who did it.
func audit(ctx context.Context, tx store.Tx, action, subject string) error {
	return auditIn(ctx, tx, auth.From(ctx).WorkspaceID, action, subject)
}

// auditIn notes it in another workspace than the one it was asked from.
func auditIn(ctx context.Context, tx store.Tx, workspace, action, subject string) error {
	p, now := auth.From(ctx), time.Now().UTC()
	return store.InsertAudit(ctx, tx, workspace, &store.AuditEntry{
		ID: ringside.NewID("audit", now), At: now, Actor: p.Name, ActorID: p.KeyID + p.UserID, Action: action, Subject: subject,
	})
}

// named is the subject of an audit entry: what people call it, and its id.
func named(name, id string) string { return name + " (" + id + ")" }

type auditInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

// AuditPage is a page of audit entries, newest first.
type AuditPage struct {
	Items      []*store.AuditEntry `json:"items"`
	NextCursor string              `json:"next_cursor" doc:"Empty on the last page"`
}

type auditOutput struct {
	Body AuditPage
}

func (s *Server) listAudit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	out := &auditOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		items, err := store.Audit(ctx, tx, auth.From(ctx).WorkspaceID, in.Cursor, in.Limit+1)
		if err != nil {
			return err
		}
		if len(items) > in.Limit {
			items = items[:in.Limit]
			out.Body.NextCursor = items[in.Limit-1].Cursor()
		}
		out.Body.Items = items
		return nil
	})
	return out, err
}
