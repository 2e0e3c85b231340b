package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/bus/nats"
	"github.com/ringsidehq/ringside/internal/store"
)

// found makes an alert of a cause: its id, and then what it is.
func found(id, cause string, status ringside.AlertStatus, at int64) *ringside.Alert {
	a := &ringside.Alert{ID: id, RuleID: "rule", Cause: cause, Status: status, TriggeredAt: time.Unix(at, 0)}
	if status == ringside.AlertResolved {
		a.ResolvedBy = ringside.ByRecovery
	}
	return a
}

// by is an alert that somebody has resolved.
func by(who string, a *ringside.Alert) *ringside.Alert {
	a.ResolvedBy = who
	return a
}

func names(all []*ringside.Alert) string {
	var out []string
	for _, a := range all {
		out = append(out, fmt.Sprint(a.ID, " ", a.Status))
	}
	return strings.Join(out, ", ")
}

// What other processes stored of a call's alerts is shown, whatever this one has
// found meanwhile, and each is told once.
func TestAlertsOfOtherProcesses(t *testing.T) {
	const triggered, acknowledged, resolved = ringside.AlertTriggered, ringside.AlertAcknowledged, ringside.AlertResolved
	for _, tc := range []struct {
		name                   string
		have, stored           []*ringside.Alert
		want, opened, resolved string
	}{
		{"a new one", nil, []*ringside.Alert{found("x", "a", triggered, 1)}, "x triggered", "x triggered", ""},
		{"the same again", []*ringside.Alert{found("x", "a", triggered, 1)}, []*ringside.Alert{found("x", "a", triggered, 1)}, "x triggered", "", ""},
		{"somebody has taken it on", []*ringside.Alert{found("x", "a", triggered, 1)}, []*ringside.Alert{found("x", "a", acknowledged, 1)}, "x acknowledged", "", ""},
		{"it is over", []*ringside.Alert{found("x", "a", triggered, 1)}, []*ringside.Alert{found("x", "a", resolved, 1)}, "x resolved", "", "x resolved"},
		{"it is over here, and not stored yet", []*ringside.Alert{found("x", "a", resolved, 1)}, []*ringside.Alert{found("x", "a", triggered, 1)}, "x resolved", "", ""},
		{"one that is not stored yet", []*ringside.Alert{found("x", "a", triggered, 1)}, nil, "x triggered", "", ""},
		{"another was sooner", []*ringside.Alert{found("x", "a", triggered, 2)}, []*ringside.Alert{found("y", "a", triggered, 1)}, "y triggered", "", ""},
		{"another that is over already", []*ringside.Alert{found("x", "a", triggered, 2)}, []*ringside.Alert{found("y", "a", resolved, 1)}, "x triggered", "", ""},
		{"another that a person has settled", []*ringside.Alert{found("x", "a", triggered, 2)}, []*ringside.Alert{by("Dana", found("y", "a", resolved, 1))}, "y resolved", "", "y resolved"},
		{"another after one that is over", []*ringside.Alert{found("x", "a", resolved, 1)}, []*ringside.Alert{found("x", "a", resolved, 1), found("y", "a", triggered, 2)}, "y triggered", "y triggered", ""},
		{"two that are over", []*ringside.Alert{found("x", "a", resolved, 1)}, []*ringside.Alert{found("x", "a", resolved, 1), found("y", "a", resolved, 2)}, "y resolved", "", ""},
		{"of another cause", []*ringside.Alert{found("x", "a", triggered, 1)}, []*ringside.Alert{found("y", "b", triggered, 1)}, "x triggered, y triggered", "y triggered", ""},
	} {
		before := slices.Clone(tc.have)
		st := &state{alerts: tc.have}
		opened, over, other := st.catchUp(tc.stored)
		if got := names(st.alerts); got != tc.want || names(opened) != tc.opened || names(over) != tc.resolved {
			t.Errorf("%s: %q, opened %q, resolved %q", tc.name, got, names(opened), names(over))
		}
		if other != !slices.Equal(before, st.alerts) {
			t.Errorf("%s: other is %v", tc.name, other)
		}
		if !slices.Equal(before, tc.have) {
			t.Errorf("%s: what is shown was changed", tc.name)
		}
	}
}

// Of commits the newest counts, in whichever order they are told.
func TestWhoCommittedLast(t *testing.T) {
	at := func(seq, events int64) store.Version { return store.Version{Seq: seq, Events: events} }
	for _, tc := range []struct {
		name     string
		have, of claim
		want     string
	}{
		{"the first", claim{}, claim{"a", at(1, 1)}, "a"},
		{"a newer", claim{"a", at(1, 1)}, claim{"b", at(1, 2)}, "b"},
		{"an older", claim{"b", at(1, 2)}, claim{"a", at(1, 1)}, "b"},
		{"the same of another's", claim{"me", at(1, 2)}, claim{"a", at(1, 2)}, "me"},
		{"the same of this one's", claim{"a", at(1, 2)}, claim{"me", at(1, 2)}, "me"},
		{"under another number", claim{"a", at(1, 9)}, claim{"b", at(2, 3)}, "b"},
		{"under another number, told late", claim{"b", at(2, 3)}, claim{"a", at(1, 9)}, "b"},
		{"not known how new", claim{"a", at(1, 9)}, claim{"b", at(0, 0)}, "a"},
		{"none at all", claim{"a", at(1, 9)}, claim{}, "a"},
		{"nobody knows", claim{"", at(1, 9)}, claim{"b", at(1, 2)}, "b"},
	} {
		if got := tc.have.newer(tc.of, "me"); got.by != tc.want {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}

// apart makes a shard of a process that is connected to nothing.
func apart(t *testing.T) *shard {
	t.Helper()
	b, err := nats.New(nats.Config{Server: nats.Server{URL: "nats://127.0.0.1:1"}, Installation: "test"})
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{cfg: Config{Bus: b}}
	e.peers = newPeers(e)
	return newShard(e)
}

// Two that claim a call at once, or hear of each other's commit late, agree on
// who watches it, whichever is newer.
func TestTwoAgreeOnWhoWatches(t *testing.T) {
	at := func(seq, events int64) store.Version { return store.Version{Seq: seq, Events: events} }
	for _, tc := range []struct {
		name      string
		one, more store.Version
	}{
		{"of one version", at(1, 5), at(1, 5)},
		{"one is newer", at(1, 5), at(1, 6)},
		{"of different numbers", at(2, 3), at(1, 9)},
		{"nobody knows of one how new it is", at(0, 0), at(1, 9)},
	} {
		a, b := apart(t), apart(t)
		nameA, nameB := a.engine.peers.me(), b.engine.peers.me()
		a.engine.peers.around.Store(&company{alive: map[string]bool{nameB: true}})
		b.engine.peers.around.Store(&company{alive: map[string]bool{nameA: true}})
		for _, v := range [][2]store.Version{{tc.one, tc.more}, {tc.more, tc.one}} {
			ofA, ofB := claim{nameA, v[0]}, claim{nameB, v[1]}
			for kind, told := range map[string]func(claim) *letter{
				"claims": func(c claim) *letter { return &letter{claims: []claim{c}} }, "commits": func(c claim) *letter { return &letter{commits: c} },
			} {
				if kind == "commits" && v[0] == v[1] {
					continue // two commits are never of one version
				}
				atA, atB := &state{claim: ofA}, &state{claim: ofB}
				a.follow(atA, told(ofB))
				b.follow(atB, told(ofA))
				if atA.claim != atB.claim {
					t.Errorf("%s, %s: one holds %+v, the other %+v", tc.name, kind, atA.claim, atB.claim)
				}
			}
		}
	}
}

// Whoever takes a call over says at which version, so that who has it otherwise
// can tell.
func TestTakenOverAtItsVersion(t *testing.T) {
	s := apart(t)
	p := s.engine.peers
	p.around.Store(&company{alive: map[string]bool{}, judges: true})
	for name, tc := range map[string]struct{ had, want claim }{
		"of a process that is gone": {claim{"gone", store.Version{Seq: 1, Events: 3}}, claim{p.me(), store.Version{Seq: 1, Events: 7}}},
		"of nobody":                 {claim{}, claim{p.me(), store.Version{Seq: 1, Events: 7}}},
		"told of, and not read":     {claim{"gone", store.Version{Seq: 1, Events: 9}}, claim{p.me(), store.Version{Seq: 1, Events: 9}}},
	} {
		st := &state{call: &ringside.Call{}, version: store.Version{Seq: 1, Events: 7}, claim: tc.had, queued: true}
		s.calls = map[ringside.CallID]*state{{}: st}
		s.watchOver(t.Context(), time.Now())
		if st.claim != tc.want {
			t.Errorf("%s: %+v, want %+v", name, st.claim, tc.want)
		}
	}
}

// A call that is to be read for several reasons is read for all of them.
func TestReadForEveryReason(t *testing.T) {
	p := apart(t).engine.peers
	committed := toRead{commits: claim{"b", store.Version{Seq: 1, Events: 3}}}
	for name, order := range map[string][]toRead{"the commit first": {committed, {}, {missed: true}}, "the commit last": {{missed: true}, {}, committed}} {
		for _, why := range order {
			p.read(store.OpenCall{Workspace: "w"}, why)
		}
		_, got, _ := p.reads.next()
		p.reads.done(ringside.CallID{})
		if want := (toRead{workspace: "w", missed: true, commits: committed.commits}); got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What is told late of a call that is over does not bring it back, and what is
// told long after may.
func TestGraves(t *testing.T) {
	now := time.Unix(1000, 0)
	ended, deleted, other := ringside.NewCallID("w", "p", "1"), ringside.NewCallID("w", "p", "2"), ringside.NewCallID("w", "p", "3")
	e := &Engine{shared: true}
	s := newShard(e)
	s.bury(ended, &store.Version{Seq: 1, Events: 5}, now)
	s.bury(deleted, nil, now)
	for _, tc := range []struct {
		id     ringside.CallID
		events int64
		want   bool
	}{{ended, 4, true}, {ended, 5, true}, {ended, 6, false}, {deleted, 100, true}, {other, 1, false}} {
		if got := s.graves.hold(tc.id, store.Version{Seq: 1, Events: tc.events}); got != tc.want {
			t.Errorf("at %d events: %v", tc.events, got)
		}
	}
	s.graves.clear(now.Add(graveFor))
	if len(s.graves.calls) != 2 {
		t.Errorf("%d graves are left", len(s.graves.calls))
	}
	s.graves.clear(now.Add(2 * graveFor))
	if len(s.graves.calls) != 0 {
		t.Errorf("%d graves are left", len(s.graves.calls))
	}
	alone := newShard(New(Config{Store: &store.Store{Engine: store.SQLite}}))
	alone.bury(ended, nil, now)
	if len(alone.graves.calls) != 0 {
		t.Error("a process that is alone digs graves")
	}
	unheard := newShard(New(Config{Store: &store.Store{Engine: store.Postgres}}))
	if unheard.bury(ended, nil, now); len(unheard.graves.calls) != 1 {
		t.Error("what a process has read before a call was deleted brings it back")
	}
}
