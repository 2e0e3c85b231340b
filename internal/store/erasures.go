package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Erasure is somebody's order to erase a call, or all of a person.
type Erasure struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind" enum:"call,phone,email" doc:"What was named. The number or the address itself is not kept once it is done"`
	Reason     string     `json:"reason"`
	By         string     `json:"by" doc:"The name of the person or the key that asked for it, as it was then"`
	Status     string     `json:"status" enum:"waiting,running,done"`
	Removed    Removed    `json:"removed"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at" doc:"null until it is done"`

	Workspace string `json:"-"`
	Subject   []byte `json:"-"` // sealed; nil once it is done
	Place     int64  `json:"-"` // the ord up to which calls were looked at in this round
	Found     bool   `json:"-"` // this round has found some
}

// The statuses of an erasure.
const (
	ErasureWaiting = "waiting"
	ErasureRunning = "running"
	ErasureDone    = "done"
)

// Removed counts what an erasure removed, by kind of thing.
type Removed struct {
	Calls       int64 `json:"calls"`
	Recordings  int64 `json:"recordings" doc:"Files that Ringside kept"`
	Deliveries  int64 `json:"deliveries" doc:"Received, with their bodies"`
	Events      int64 `json:"events" doc:"Decoded from the deliveries, and findings of ours"`
	Notes       int64 `json:"notes"`
	Evaluations int64 `json:"evaluations"`
	Alerts      int64 `json:"alerts"`
	Messages    int64 `json:"messages" doc:"That told people of the alerts"`
	Proposals   int64 `json:"proposals" doc:"Of intervention rules"`
	Webhooks    int64 `json:"webhooks" doc:"Outgoing deliveries, with their bodies"`
	CRMSyncs    int64 `json:"crm_syncs" doc:"What Ringside knew of records in a CRM; the records themselves are the CRM's"`
	Gaps        int64 `json:"gaps" doc:"Times that a question was noted which an agent could not answer"`
	Views       int64 `json:"views" doc:"Saved views that looked for the person"`
}

// Add adds what else was removed.
func (r *Removed) Add(o *Removed) {
	for _, f := range []struct {
		to   *int64
		more int64
	}{
		{&r.Calls, o.Calls},
		{&r.Recordings, o.Recordings},
		{&r.Deliveries, o.Deliveries},
		{&r.Events, o.Events},
		{&r.Notes, o.Notes},
		{&r.Evaluations, o.Evaluations},
		{&r.Alerts, o.Alerts},
		{&r.Messages, o.Messages},
		{&r.Proposals, o.Proposals},
		{&r.Webhooks, o.Webhooks},
		{&r.CRMSyncs, o.CRMSyncs},
		{&r.Gaps, o.Gaps},
		{&r.Views, o.Views},
	} {
		*f.to += f.more
	}
}

// InsertErasure keeps an order.
func InsertErasure(ctx context.Context, tx Tx, e *Erasure) error {
	_, err := tx.Exec(ctx, `
INSERT INTO erasures (id, workspace_id, kind, subject, reason, actor, status, place, found, counts, created_ms, finished_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, FALSE, '{}', $8, 0)`,
		e.ID, e.Workspace, e.Kind, e.Subject, e.Reason, e.By, e.Status, e.CreatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("keep erasure: %w", err)
	}
	return nil
}

// UpdateErasure keeps how far an erasure is.
func UpdateErasure(ctx context.Context, tx Tx, e *Erasure) error {
	counts, err := json.Marshal(e.Removed)
	if err != nil {
		return fmt.Errorf("encode what was removed: %w", err)
	}
	_, err = tx.Exec(ctx, `UPDATE erasures SET subject = $3, status = $4, place = $5, found = $6, counts = $7, finished_ms = $8 WHERE workspace_id = $1 AND id = $2`,
		e.Workspace, e.ID, e.Subject, e.Status, e.Place, e.Found, string(counts), orZeroMS(e.FinishedAt))
	if err != nil {
		return fmt.Errorf("update erasure %s: %w", e.ID, err)
	}
	return nil
}

const erasureSQL = `SELECT id, workspace_id, kind, subject, reason, actor, status, place, found, counts, created_ms, finished_ms FROM erasures `

func scanErasure(r Row) (*Erasure, error) {
	var e Erasure
	var counts string
	var created, finished int64
	err := r.Scan(&e.ID, &e.Workspace, &e.Kind, &e.Subject, &e.Reason, &e.By, &e.Status, &e.Place, &e.Found, &counts, &created, &finished)
	if err != nil {
		return nil, err
	}
	e.CreatedAt, e.FinishedAt = time.UnixMilli(created).UTC(), momentOrNil(finished)
	if err := json.Unmarshal([]byte(counts), &e.Removed); err != nil {
		return nil, fmt.Errorf("decode what erasure %s removed: %w", e.ID, err)
	}
	return &e, nil
}

// ErasureByID loads an erasure.
func ErasureByID(ctx context.Context, tx Tx, workspace, id string) (*Erasure, error) {
	e, err := scanErasure(tx.QueryRow(ctx, erasureSQL+`WHERE workspace_id = $1 AND id = $2`, workspace, id))
	return e, orNotFound(err, "there is no erasure %q in this workspace", id)
}

// Cursor is where the page ends that an erasure is the last of.
func (e *Erasure) Cursor() string { return pageEnd{e.CreatedAt.UnixMilli(), e.ID}.String() }

// Erasures lists a workspace's erasures, newest first, from behind a cursor
// unless that is empty.
func Erasures(ctx context.Context, tx Tx, workspace, cursor string, limit int) ([]*Erasure, error) {
	out := []*Erasure{}
	var end pageEnd
	if cursor != "" {
		var err error
		if end, err = parsePageEnd(cursor); err != nil {
			return nil, err
		}
	}
	rows, err := tx.Query(ctx, erasureSQL+`WHERE workspace_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, workspace, end.id, limit)
	err = each(rows, err, func(r Rows) error {
		e, err := scanErasure(r)
		out = append(out, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return out, nil
}

// Party is who took part in a call, as its row tells.
type Party struct {
	ID                 ringside.CallID
	Ord                int64
	From, To, Customer string
}

// Parties lists those of a workspace's calls after a place, in order.
func Parties(ctx context.Context, tx Tx, workspace string, after int64, limit int) (out []Party, err error) {
	rows, err := tx.Query(ctx, `SELECT ord, id, from_number, to_number, customer_key FROM calls WHERE workspace_id || '' = $1 AND ord > $2 ORDER BY ord LIMIT $3`, workspace, after, limit)
	err = each(rows, err, func(r Rows) error {
		var p Party
		var raw []byte
		err := r.Scan(&p.Ord, &raw, &p.From, &p.To, &p.Customer)
		if err == nil {
			p.ID = ringside.CallID(raw)
		}
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list who took part in calls: %w", err)
	}
	return out, nil
}

// NoteText is a note of a workspace, with its text alone.
type NoteText struct{ ID, Text string }

// NoteTexts lists a workspace's notes after one, by their ids.
func NoteTexts(ctx context.Context, tx Tx, workspace, after string, limit int) (out []NoteText, err error) {
	rows, err := tx.Query(ctx, `SELECT id, text FROM notes WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`, workspace, after, limit)
	err = each(rows, err, func(r Rows) error {
		var n NoteText
		err := r.Scan(&n.ID, &n.Text)
		out = append(out, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the texts of notes: %w", err)
	}
	return out, nil
}

// DropNote removes a note, whichever call it is about.
func DropNote(ctx context.Context, tx Tx, workspace, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM notes WHERE workspace_id = $1 AND id = $2`, workspace, id)
	return err
}
