package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
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
		{"not known how new", claim{"a", at(1, 9)}, claim{"b", at(0, 0)}, "b"},
		{"nobody knows", claim{"", at(1, 9)}, claim{"b", at(1, 2)}, "b"},
	} {
		if got := tc.have.newer(tc.of, "me"); got.by != tc.want {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}

// What is told late of a call that is over does not bring it back, and what is
// told long after may.
func TestGraves(t *testing.T) {
	now := time.Unix(1000, 0)
	ended, deleted, other := ringside.NewCallID("w", "p", "1"), ringside.NewCallID("w", "p", "2"), ringside.NewCallID("w", "p", "3")
	e := &Engine{peers: &peers{}}
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
	alone := newShard(&Engine{})
	alone.bury(ended, nil, now)
	if len(alone.graves.calls) != 0 {
		t.Error("a process that is alone digs graves")
	}
}
