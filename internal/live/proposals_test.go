package live

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
)

// What was read earlier and comes later takes nothing back.
func TestProposalsGoOnlyForward(t *testing.T) {
	at := time.Unix(1_790_000_000, 0)
	made := func(id string, status ringside.ProposalStatus, ordered bool) *ringside.Proposal {
		p := &ringside.Proposal{ID: id, Status: status, CreatedAt: at}
		if ordered {
			p.OrderedAt = &at
		}
		return p
	}
	steps := []*ringside.Proposal{
		made("a", ringside.ProposalOpen, false), made("a", ringside.ProposalOpen, true), made("a", ringside.ProposalDone, true),
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}, {0, 2, 1}, {1, 2, 0}} {
		var all []*ringside.Proposal
		furthest := -1
		for _, i := range order {
			before := all
			all = further(all, []*ringside.Proposal{steps[i]})
			furthest = max(furthest, i)
			if len(all) != 1 || all[0] != steps[furthest] {
				t.Errorf("%v: after %d it is %+v", order, i, all[0])
			}
			if len(before) > 0 && &before[0] == &all[0] {
				t.Errorf("%v: a list that is shown was changed", order)
			}
		}
	}
}

// A call is shown with what is open and the newest of the rest.
func TestFewOldProposalsAreShown(t *testing.T) {
	var all []*ringside.Proposal
	for i := range 10 {
		p := &ringside.Proposal{ID: fmt.Sprint(i), Status: ringside.ProposalLapsed, CreatedAt: time.Unix(int64(i), 0)}
		if i == 1 {
			p.Status = ringside.ProposalOpen
		}
		all = further(all, []*ringside.Proposal{p})
	}
	var ids []string
	for _, p := range visible(all) {
		ids = append(ids, p.ID)
	}
	if got := strings.Join(ids, " "); got != "9 8 7 6 1" {
		t.Errorf("it is shown with %s", got)
	}
	if visible(nil) == nil {
		t.Error("without any it is null")
	}
}
