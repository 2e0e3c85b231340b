package live

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/bus"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// assessElsewhere is how often a call is assessed that another process watches,
	// when nothing happens in it: what time alone changes may be shown late.
	assessElsewhere = 30 * time.Second
	// graveFor is how long what is told late of a call that is over is known as
	// that.
	graveFor = time.Minute
)

// claim says which process watches a call, and by which version: that which it
// committed, or that at which it took over.
type claim struct {
	by string // empty: nobody knows
	at store.Version
}

// newer gives the newer of two commits. Of the same the one of this process
// counts: what the others tell may have been read with it.
func (c claim) newer(o claim, me string) claim {
	switch {
	case o.by == "":
		return c
	case c.by == "" || o.follows(c) || o.at == c.at && o.by == me:
		return o
	}
	return c
}

// follows tells whether a claim is by a later version than another. Of two under
// different numbers the higher number counts, of which nobody can tell that it is
// later: but every process that hears of both decides alike, so that no two leave
// a call to each other.
func (c claim) follows(o claim) bool {
	return cmp.Or(cmp.Compare(c.at.Seq, o.at.Seq), cmp.Compare(c.at.Events, o.at.Events)) > 0
}

// watches tells whether this process looks for trouble in a call.
func (s *shard) watches(st *state) bool {
	return s.engine.peers == nil || st.claim.by == s.engine.peers.me()
}

// alive tells whether a process is there.
func (p *peers) alive(name string) bool {
	return name == p.me() || p.around.Load().alive[name]
}

// follow takes what a letter says of who watches a call, and has the call read
// again when there is more to know.
func (s *shard) follow(st *state, l *letter) {
	p := s.engine.peers
	if p == nil {
		return
	}
	if l.missed && l.call != nil && st.claim.at.Before(l.version) {
		st.claim.by = "" // somebody has committed since, and nobody heard of it
	}
	if l.commits.by != "" {
		st.claim = st.claim.newer(l.commits, p.me())
	}
	for _, c := range l.claims {
		if !p.alive(st.claim.by) || c.follows(st.claim) || c.at == st.claim.at && c.by < st.claim.by {
			st.claim = c
		}
	}
	if l.changed || l.ended != nil {
		p.read(store.OpenCall{Workspace: st.call.WorkspaceID, Call: st.id}, toRead{})
	}
}

// watchOver takes over the calls whose process is gone, where that falls to this
// one, and says which calls this process watches when somebody has asked.
func (s *shard) watchOver(ctx context.Context, now time.Time) {
	p := s.engine.peers
	if p == nil {
		return
	}
	asked, judges := s.asked.Swap(false), p.around.Load().judges
	if !asked && !judges {
		return
	}
	var claims []bus.Claim
	for _, st := range s.calls {
		mine := s.watches(st)
		if !mine && judges && !p.alive(st.claim.by) {
			st.claim = st.claim.taken(p.me(), st.version)
			s.look(ctx, st, now)
			s.wait(st)
		} else if !mine || !asked {
			continue
		}
		claims = append(claims, bus.Claim{Call: st.id, Seq: st.claim.at.Seq, Events: st.claim.at.Events})
	}
	p.watching(claims)
}

// taken is a claim that a process takes over at a version.
func (c claim) taken(by string, at store.Version) claim {
	if o := (claim{by, at}); o.follows(c) {
		return o
	}
	return claim{by, c.at}
}

// elsewhere tells the watcher of a call that another process watches.
func (st *state) elsewhere(w Watcher, n *Now, log *slog.Logger) {
	if w == nil {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			log.Error("telling of a call elsewhere failed", slog.String("call_id", st.id.String()), slog.Any("panic", r))
		}
	}()
	w.Elsewhere(n)
}

// overWith gives the open alerts as the call's end leaves them: who watches the
// call stores that.
func (st *state) overWith(now time.Time) (out []*ringside.Alert) {
	for _, a := range st.alerts {
		if a.Open() {
			b := *a
			b.Status, b.ResolvedBy, b.ResolvedAt = ringside.AlertResolved, ringside.ByCallEnd, new(now.UTC())
			out = append(out, &b)
		}
	}
	return out
}

// graves are the calls that ended lately: what is told late does not bring them
// back.
type graves struct {
	calls   map[ringside.CallID]grave
	cleared time.Time
}

type grave struct {
	version store.Version
	deleted bool
	at      time.Time
}

// bury notes that a call is over at a version; nil: that it was deleted.
func (s *shard) bury(id ringside.CallID, v *store.Version, now time.Time) {
	if !s.engine.shared {
		return // whatever comes, comes in its order
	}
	if s.graves.calls == nil {
		s.graves.calls = map[ringside.CallID]grave{}
	}
	g := grave{deleted: v == nil, at: now}
	if v != nil {
		g.version = *v
	}
	s.graves.calls[id] = g
}

// hold tells whether a call was over by a version.
func (g *graves) hold(id ringside.CallID, v store.Version) bool {
	x, is := g.calls[id]
	return is && (x.deleted || !x.version.Before(v))
}

// clear lets go of those that are old.
func (g *graves) clear(now time.Time) {
	if len(g.calls) == 0 || now.Sub(g.cleared) < graveFor/6 {
		return
	}
	g.cleared = now
	for id, x := range g.calls {
		if now.Sub(x.at) > graveFor {
			delete(g.calls, id)
		}
	}
}
