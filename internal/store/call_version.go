package store

import (
	"context"
	"fmt"

	"github.com/ringsidehq/ringside"
)

// Version tells how far a call was when somebody read or committed it: its
// number, which is another when its events were replaced, and how many events it
// had. The zero value is not known.
type Version struct{ Seq, Events int64 }

// Before tells whether a version is surely older than another. Of two under
// different numbers nobody can tell.
func (v Version) Before(o Version) bool { return v.Seq == o.Seq && v.Events < o.Events }

// VersionOf gives the version of a call, as the transaction sees it.
func VersionOf(ctx context.Context, tx Tx, id ringside.CallID) (v Version, err error) {
	err = tx.QueryRow(ctx, `SELECT c.seq, (SELECT COUNT(*) FROM events e WHERE e.call_seq = c.seq) FROM calls c WHERE c.id = $1`, id[:]).Scan(&v.Seq, &v.Events)
	return v, orNotFound(err, "there is no call %q", id)
}

// OpenVersions gives the version of every call that is on, of all workspaces.
func OpenVersions(ctx context.Context, tx Tx) (map[ringside.CallID]Version, error) {
	out := map[ringside.CallID]Version{}
	rows, err := tx.Query(ctx, `SELECT c.id, c.seq, (SELECT COUNT(*) FROM events e WHERE e.call_seq = c.seq) FROM calls c
WHERE c.status IN ('queued', 'ringing', 'active')`)
	err = each(rows, err, func(r Rows) error {
		var raw []byte
		var v Version
		err := r.Scan(&raw, &v.Seq, &v.Events)
		if err == nil {
			out[ringside.CallID(raw)] = v
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the versions of the calls that are on: %w", err)
	}
	return out, nil
}
