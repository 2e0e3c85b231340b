package live

import (
	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// letter is what is new of a call. Of several things of a kind the newest
// counts, so there is one letter for each call at most.
type letter struct {
	call     *ringside.Call
	agentID  string
	version  store.Version // of the call
	partials map[ringside.Role]ringside.Partial
	alerts   []*ringside.Alert // as they are stored; nil: not read
	revised  []*ringside.Alert
	gone     *hub // of a call that was deleted
	// proposals are all of the call's.
	proposals []*ringside.Proposal

	// Of other processes:
	commits claim          // in which process the newest commit was made
	claims  []claim        // which say that they watch the call
	changed bool           // it is to be read again
	missed  bool           // there may have been commits that nobody told of
	ended   *store.Version // it has ended by then
}

// take takes a call, unless there is a newer one.
func (l *letter) take(c *ringside.Call, agentID string, v store.Version) {
	if l.call == nil || !v.Before(l.version) {
		l.call, l.agentID, l.version = c, agentID, v
	}
}

// ends takes that a call had ended by a version.
func (l *letter) ends(v store.Version) {
	if l.ended == nil || !v.Before(*l.ended) {
		l.ended = &v
	}
}

// stored takes a call as it was read from the store.
func (l *letter) stored(r *letter) {
	l.take(r.call, r.agentID, r.version)
	l.proposals = further(l.proposals, r.proposals)
	l.alerts = r.alerts
}
