package store

import (
	"context"

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
