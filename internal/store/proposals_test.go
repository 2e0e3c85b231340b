package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

var active = ringside.Facts{Phase: ringside.PhaseActive}

// proposed keeps a proposal, and tells whether it was kept.
func (b *shelf) proposed(id, rule, alert string, call ringside.CallID) (kept bool) {
	b.t.Helper()
	b.write(func(ctx context.Context, tx store.Tx) (err error) {
		kept, err = store.InsertProposal(ctx, tx, home, &ringside.Proposal{
			ID: id, Call: call, Alert: ringside.ProposalAlert{ID: alert}, RuleID: rule, RuleName: "Broken", Mode: ringside.ModeAct, To: "Desk",
			Do: ringside.InterventionStep{Action: ringside.StepTransfer, TransferTo: "queue_1"}, CreatedAt: time.Now(), DueAt: new(time.Now().Add(time.Minute)),
		})
		return err
	})
	return kept
}

func (b *shelf) proposal(id string) (p *store.ProposalRow) {
	b.t.Helper()
	b.read(func(ctx context.Context, tx store.Tx) (err error) {
		p, err = store.Proposal(ctx, tx, home, id)
		return err
	})
	return p
}

// did does something and tells whether it had an effect.
func (b *shelf) did(do func(context.Context, store.Tx) (bool, error)) (did bool) {
	b.t.Helper()
	b.write(func(ctx context.Context, tx store.Tx) (err error) {
		did, err = do(ctx, tx)
		return err
	})
	return did
}

// There is one open proposal for each call and rule, and each is decided once.
func TestProposalsAreDecidedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b, at := newShelf(t, s), time.Now()
		call, over := b.put("on", active), b.put("over", ringside.Facts{Phase: ringside.PhaseEnded})
		b.alerted("alert_1", call, "model", at)
		b.alerted("alert_2", over, "model", at)
		if !b.proposed("p1", "rule_1", "alert_1", call) || !b.proposed("p2", "rule_2", "alert_1", call) {
			t.Fatal("it is not kept")
		}
		if b.proposed("p3", "rule_1", "alert_1", call) || b.proposed("p4", "rule_1", "alert_2", over) {
			t.Error("a second open proposal is kept, or one for a call that is over")
		}
		p := b.proposal("p1")
		if !p.Open() || !p.On || p.Alert.Message != "It failed." || p.Do.TransferTo != "queue_1" || p.To != "Desk" || p.DueAt == nil || p.ShortID == "" {
			t.Errorf("%+v", p)
		}
		claim := func(id string) bool {
			return b.did(func(ctx context.Context, tx store.Tx) (bool, error) {
				return store.ClaimProposal(ctx, tx, home, id, "Dana", at)
			})
		}
		cancel := func(id string) bool {
			return b.did(func(ctx context.Context, tx store.Tx) (bool, error) {
				return store.CloseProposal(ctx, tx, home, id, ringside.ProposalCancelled, "Eli", "", at)
			})
		}
		settle := func(id string) bool {
			return b.did(func(ctx context.Context, tx store.Tx) (bool, error) {
				return store.SettleProposal(ctx, tx, home, id, ringside.ProposalDone, "Done.", at)
			})
		}
		lapse := func() bool {
			return b.did(func(ctx context.Context, tx store.Tx) (bool, error) {
				return store.LapseForAlert(ctx, tx, home, "alert_1", "Over.", at)
			})
		}
		if settle("p1") || !claim("p1") || claim("p1") || cancel("p1") {
			t.Error("it is settled unclaimed, or claimed twice, or cancelled when it is claimed")
		}
		if !lapse() || lapse() || b.proposal("p1").Status != ringside.ProposalOpen || b.proposal("p2").Result != "Over." {
			t.Error("what is claimed lapses, or what is open does not")
		}
		if !settle("p1") || settle("p1") || b.proposal("p1").Status != ringside.ProposalDone || b.proposal("p1").DecidedBy != "Dana" {
			t.Errorf("%+v", b.proposal("p1"))
		}
		if !b.proposed("p5", "rule_1", "alert_1", call) || !cancel("p5") || claim("p5") {
			t.Error("there is no room for another, or a cancelled one is claimed")
		}
		b.proposed("p6", "rule_1", "alert_1", call)
		b.write(func(ctx context.Context, tx store.Tx) error {
			calls, err := store.LapseForRule(ctx, tx, home, "rule_1", "Off.", at)
			if !slices.Equal(calls, []ringside.CallID{call}) {
				t.Errorf("calls %v", calls)
			}
			return err
		})
		b.proposed("p7", "rule_1", "alert_1", call)
		b.write(func(ctx context.Context, tx store.Tx) error {
			if _, err := store.ResolveAlert(ctx, tx, home, "alert_1", ringside.ByCallEnd, at); err != nil {
				return err
			}
			return store.CloseProposals(ctx, tx, "The call has ended.", at)
		})
		if b.proposal("p6").Result != "Off." || b.proposal("p7").Status != ringside.ProposalLapsed {
			t.Errorf("%+v, %+v", b.proposal("p6"), b.proposal("p7"))
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			if err := s.DeleteCall(ctx, tx, call); err != nil {
				return err
			}
			all, err := store.Proposals(ctx, tx, home, call)
			if len(all) != 0 {
				t.Errorf("%d proposals are left of a deleted call", len(all))
			}
			return err
		})
	})
}

// Rules follow an agent that becomes another; one for an agent alone that goes is
// switched off.
func TestInterventionRulesFollowAgents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b, now := newShelf(t, s), time.Now().UTC()
		b.write(func(ctx context.Context, tx store.Tx) error {
			for _, id := range []string{"merged", "replaced", "deleted", "heir"} {
				if err := store.InsertAgent(ctx, tx, home, &ringside.Agent{ID: id, Name: id, CreatedAt: now, UpdatedAt: now}, nil); err != nil {
					return err
				}
				for rule, agents := range map[string][]string{"of " + id: {id}, "of heir and " + id: {"heir", id}} {
					if err := store.PutInterventionRule(ctx, tx, home, &ringside.InterventionRule{ID: rule, Agents: agents, Active: true}); err != nil {
						return err
					}
				}
			}
			if err := store.MergeAgents(ctx, tx, home, "merged", "heir"); err != nil {
				return err
			}
			if err := store.ReplaceAgent(ctx, tx, home, "replaced", "heir"); err != nil {
				return err
			}
			return store.DeleteAgent(ctx, tx, home, "deleted")
		})
		b.read(func(ctx context.Context, tx store.Tx) error {
			for _, rule := range []string{"of merged", "of heir and merged", "of replaced", "of heir and replaced", "of deleted", "of heir and deleted"} {
				r, err := store.InterventionRule(ctx, tx, home, rule)
				if err != nil {
					return err
				}
				want := []string{"heir"}
				if rule == "of deleted" {
					want = nil
				}
				if !slices.Equal(r.Agents, want) || r.Active != (want != nil) {
					t.Errorf("%s: agents %q, active %t", rule, r.Agents, r.Active)
				}
			}
			return nil
		})
	})
}
