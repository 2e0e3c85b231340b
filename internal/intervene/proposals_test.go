package intervene_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/intervene"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/simulate"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const home = "ws_home"

var dana = intervene.Who{Name: "Dana", ID: "user_dana"}

// ring is calls that rules step into, with a vendor that writes down its orders.
type ring struct {
	t      *testing.T
	store  *store.Store
	ledger *ledger.Ledger
	queue  *jobs.Queue
	hand   *intervene.Hand

	mu     sync.Mutex
	orders []string      // guarded by mu
	fails  error         // what the vendor answers; guarded by mu
	left   func()        // who asked goes away while an order is given; guarded by mu
	busy   chan struct{} // when it is not nil, an order waits for it; guarded by mu
}

func newRing(t *testing.T, s *store.Store) *ring {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	r := &ring{t: t, store: s}
	box, err := secret.Open(t.TempDir(), "")
	must(t, err)
	r.hand = intervene.New(intervene.Config{
		Store: s, Ledger: func() *ledger.Ledger { return r.ledger }, Secrets: box, Log: log, Queue: func() *jobs.Queue { return r.queue },
		Providers: map[string]provider.Provider{"acme": {ID: "acme", Name: "Acme", Controls: provider.Controls{
			Say: func(ctx context.Context, _ provider.Line, message string) error {
				return errors.Join(r.order("say "+message), ctx.Err())
			},
			End: func(context.Context, provider.Line) error { return r.order("end") },
			Why: map[string]string{"transfer": "Acme can't transfer calls."},
		}}},
	})
	r.work()
	r.ledger = ledger.New(ledger.Config{Store: s, Jobs: simulate.NoJobs{}, Log: log})
	r.ledger.Start()
	t.Cleanup(r.ledger.Stop)
	t.Cleanup(r.rest)
	return r
}

// work begins to work on jobs, as a process that starts does.
func (r *ring) work() {
	r.t.Helper()
	workers := river.NewWorkers()
	r.hand.AddWorkers(workers)
	var err error
	r.queue, err = jobs.New(r.t.Context(), r.store, jobs.Config{Workers: workers, Log: slog.New(slog.DiscardHandler)})
	must(r.t, err)
	must(r.t, r.queue.Start(context.WithoutCancel(r.t.Context())))
}

func (r *ring) rest() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.t.Context()), 20*time.Second)
	defer cancel()
	must(r.t, r.queue.Stop(ctx))
}

func (r *ring) order(what string) error {
	r.mu.Lock()
	r.orders = append(r.orders, what)
	busy, err, left := r.busy, r.fails, r.left
	r.mu.Unlock()
	if left != nil {
		left()
	}
	if busy != nil {
		<-busy
	}
	return err
}

func (r *ring) given() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.orders, ", ")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *ring) write(fn func(context.Context, store.Tx) error) {
	r.t.Helper()
	must(r.t, r.store.Write(context.WithoutCancel(r.t.Context()), fn))
}

// call begins a call of an agent of its own, or ends it.
func (r *ring) call(name string, phase ringside.Phase) ringside.CallID {
	r.t.Helper()
	now := time.Now().UTC()
	res, err := r.ledger.Append(r.t.Context(), ledger.Envelope{
		Workspace: home, Provider: "acme", ReceivedAt: now, Body: []byte(now.String()), Event: now.String(),
		Events: []ringside.Event{{
			Provider: "acme", ProviderCallID: name, Name: now.String(), Authority: ringside.Live, At: now, ReceivedAt: now,
			Facts: ringside.Facts{Phase: phase, Agent: &ringside.AgentFact{SourceID: name}},
		}},
	})
	must(r.t, err)
	return res.CallID
}

// rule keeps a rule for the agent of a call, with a countdown of a second.
func (r *ring) rule(call ringside.CallID, mode ringside.InterventionMode, do ringside.InterventionStep) *ringside.InterventionRule {
	r.t.Helper()
	rule := &ringside.InterventionRule{
		ID: ringside.NewID("step", time.Now()), Name: "Angry", When: ringside.InterventionWhen{MinSeverity: ringside.AlertMedium}, Mode: mode,
		Do: do, Countdown: 1, Active: true, CreatedAt: time.Now(),
	}
	r.write(func(ctx context.Context, tx store.Tx) error {
		c, err := store.Call(ctx, tx, home, call)
		if err != nil {
			return err
		}
		rule.Agents = []string{c.Agent.ID}
		return store.PutInterventionRule(ctx, tx, home, rule)
	})
	return rule
}

// alarm raises an alert in a call, twice, and gives what is proposed because of
// it.
func (r *ring) alarm(call ringside.CallID, agents []string) *ringside.Proposal {
	r.t.Helper()
	var all []*ringside.Proposal
	for i, cause := range []string{"a", "b"} {
		r.write(func(ctx context.Context, tx store.Tx) error {
			now := time.Now().UTC()
			a := &ringside.Alert{
				ID: ringside.NewID("alert", now), Call: call, AgentID: agents[0], RuleID: "x", RuleName: "X", Type: ringside.AlertFrustration, Cause: cause,
				Severity: ringside.AlertHigh, Status: ringside.AlertTriggered, Message: "They shout.", TriggeredAt: now,
			}
			if _, err := store.InsertAlert(ctx, tx, home, a, false); err != nil {
				return err
			}
			did, err := r.hand.Propose(ctx, tx, home, a)
			if did != (i == 0) {
				r.t.Errorf("alert %d: it proposes: %t", i, did)
			}
			if err == nil {
				all, err = store.Proposals(ctx, tx, home, call)
			}
			return err
		})
	}
	if len(all) != 1 {
		r.t.Fatalf("%d proposals", len(all))
	}
	return all[0]
}

// await waits for what comes of a proposal.
func (r *ring) await(id string) (p *store.ProposalRow) {
	r.t.Helper()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		r.write(func(ctx context.Context, tx store.Tx) (err error) {
			p, err = store.Proposal(ctx, tx, home, id)
			return err
		})
		if p.Status != ringside.ProposalOpen {
			return p
		}
		if time.Now().After(until) {
			r.t.Fatalf("nothing comes of it: %+v", p)
		}
	}
}

// titles are the interventions in a call's timeline.
func (r *ring) titles(call ringside.CallID) string {
	r.t.Helper()
	var titles []string
	r.write(func(ctx context.Context, tx store.Tx) error {
		c, err := store.Call(ctx, tx, home, call)
		if err != nil {
			return err
		}
		for _, s := range c.Spans {
			if s.Name == ringside.SpanIntervention {
				titles = append(titles, s.Title)
			}
		}
		return nil
	})
	return strings.Join(titles, ", ")
}

func (r *ring) audit() (out string) {
	r.t.Helper()
	r.write(func(ctx context.Context, tx store.Tx) error {
		all, err := store.Audit(ctx, tx, home, "", 50)
		for _, e := range all {
			out += e.Actor + " " + e.Action + ": " + e.Subject[strings.Index(e.Subject, ","):] + "\n"
		}
		return err
	})
	return out
}

var (
	hush  = ringside.InterventionStep{Action: ringside.StepSay, Message: "One moment."}
	leave = ringside.InterventionStep{Action: ringside.StepEnd, Reason: "abuse"}
)

// A countdown goes on when the process ends and another starts, and what is due
// is done once, however often it is asked for.
func TestARuleActsOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s)
		call := r.call("a", ringside.PhaseActive)
		rule := r.rule(call, ringside.ModeAct, hush)
		p := r.alarm(call, rule.Agents)
		if p.DueAt == nil || !p.Open() || p.Alert.Message != "They shout." {
			t.Errorf("%+v", p)
		}
		r.rest()
		r.work()
		for range 3 {
			r.write(func(ctx context.Context, tx store.Tx) error {
				return r.queue.Enqueue(ctx, tx, []river.JobArgs{jobs.CarryOut{WorkspaceID: home, ProposalID: p.ID, At: *p.DueAt}})
			})
		}
		got := r.await(p.ID)
		if got.Status != ringside.ProposalDone || got.Result != "Said through the agent: One moment." || got.DecidedBy != "rule Angry" {
			t.Errorf("%+v", got)
		}
		if got.DecidedAt.Before(*p.DueAt) {
			t.Errorf("it was done at %s, before it was due at %s", got.DecidedAt, p.DueAt)
		}
		r.rest()
		r.work() // what was left of the jobs
		time.Sleep(time.Second)
		if given, titles := r.given(), r.titles(call); given != "say One moment." || titles != "Said through the agent: One moment." {
			t.Errorf("orders %q, timeline %q", given, titles)
		}
		if log := r.audit(); log != "rule Angry proposal.act: , rule Angry: "+got.Result+"\n" {
			t.Errorf("audit %q", log)
		}
	})
}

// What is due is not done when it may not be any more, or somebody has said no.
func TestWhatIsDueAndNotDone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s)
		cases := map[string]struct {
			before func(*ringside.InterventionRule, *ringside.Proposal)
			status ringside.ProposalStatus
			result string
		}{
			"cancelled": {func(_ *ringside.InterventionRule, p *ringside.Proposal) {
				r.write(func(ctx context.Context, tx store.Tx) error {
					_, err := r.hand.Cancel(ctx, tx, home, p.ID, "Dana")
					return err
				})
			}, ringside.ProposalCancelled, ""},
			"ended": {func(*ringside.InterventionRule, *ringside.Proposal) {
				r.call("ended", ringside.PhaseEnded)
			}, ringside.ProposalLapsed, "The call has ended."},
			"off": {func(rule *ringside.InterventionRule, _ *ringside.Proposal) {
				rule.Active = false
				r.write(func(ctx context.Context, tx store.Tx) error { return store.PutInterventionRule(ctx, tx, home, rule) })
			}, ringside.ProposalLapsed, "The rule may not act by itself for this agent any more."},
			"others": {func(rule *ringside.InterventionRule, _ *ringside.Proposal) {
				rule.Agents = []string{"agent_other"}
				r.write(func(ctx context.Context, tx store.Tx) error { return store.PutInterventionRule(ctx, tx, home, rule) })
			}, ringside.ProposalLapsed, "The rule may not act by itself for this agent any more."},
			"deleted": {func(rule *ringside.InterventionRule, _ *ringside.Proposal) {
				r.write(func(ctx context.Context, tx store.Tx) error {
					return store.DeleteInterventionRule(ctx, tx, home, rule.ID)
				})
			}, ringside.ProposalLapsed, "The rule was deleted."},
		}
		made := map[string]string{} // the proposals, by name
		for name, c := range cases {
			call := r.call(name, ringside.PhaseActive)
			rule := r.rule(call, ringside.ModeAct, leave)
			p := r.alarm(call, rule.Agents)
			c.before(rule, p)
			made[name] = p.ID
		}
		for name, c := range cases {
			if got := r.await(made[name]); got.Status != c.status || got.Result != c.result {
				t.Errorf("%s: %s %q", name, got.Status, got.Result)
			}
		}
		r.rest()
		if r.given() != "" {
			t.Errorf("orders %q", r.given())
		}
	})
}

// A person has done what was proposed, or hears that it is decided; what the
// vendor refuses, and what it can't do at all, stands in the timeline.
func TestAPersonAccepts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s)
		call := r.call("a", ringside.PhaseActive)
		rule := r.rule(call, ringside.ModeSuggest, leave)
		p := r.alarm(call, rule.Agents)
		if p.DueAt != nil {
			t.Errorf("a suggestion is due: %+v", p)
		}
		r.busy = make(chan struct{})
		first := make(chan error, 1)
		go func() {
			_, err := r.hand.Accept(t.Context(), home, p.ID, dana)
			first <- err
		}()
		for r.given() == "" {
			time.Sleep(time.Millisecond)
		}
		for name, late := range map[string]func() error{
			"accept": func() error {
				_, err := r.hand.Accept(t.Context(), home, p.ID, dana)
				return err
			},
			"cancel": func() error {
				return s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
					_, err := r.hand.Cancel(ctx, tx, home, p.ID, "Eli")
					return err
				})
			},
		} {
			if e, is := errors.AsType[*ringside.Error](late()); !is || e.Code != "proposal_decided" || !strings.Contains(e.Message, "being done") {
				t.Errorf("%s: %v", name, e)
			}
		}
		close(r.busy)
		if err := <-first; err != nil {
			t.Fatal(err)
		}
		if got := r.await(p.ID); got.Status != ringside.ProposalDone || got.DecidedBy != "Dana" || r.given() != "end" {
			t.Errorf("%+v, orders %q", got, r.given())
		}

		r.mu.Lock()
		r.fails = &provider.ControlError{Kind: ringside.Conflict, Vendor: "Acme", Status: 409, Message: "the vendor says no"}
		r.mu.Unlock()
		other := r.call("b", ringside.PhaseActive)
		p = r.alarm(other, rule.Agents)
		if _, err := r.hand.Accept(t.Context(), home, p.ID, dana); err == nil {
			t.Error("what the vendor refuses is no error")
		}
		if got := r.await(p.ID); got.Status != ringside.ProposalFailed || !strings.Contains(got.Result, "the vendor says no") {
			t.Errorf("%+v", got)
		}

		r.write(func(ctx context.Context, tx store.Tx) error {
			rule.Do = ringside.InterventionStep{Action: ringside.StepTransfer, TransferTo: "+14155550123"}
			return store.PutInterventionRule(ctx, tx, home, rule)
		})
		mute := r.call("c", ringside.PhaseActive)
		p = r.alarm(mute, rule.Agents)
		if _, err := r.hand.Accept(t.Context(), home, p.ID, dana); ringside.KindOf(err) != ringside.Conflict {
			t.Errorf("what the vendor can't do: %v", err)
		}
		if titles := r.titles(mute); titles != "Not done: Transferred to +14155550123" {
			t.Errorf("timeline %q", titles)
		}
	})
}

// An order that is being given is not broken off because who asked for it has
// gone: the vendor may have done it by then.
func TestWhoAskedGoesAway(t *testing.T) {
	t.Parallel()
	r := newRing(t, storetest.SQLite(t))
	call := r.call("a", ringside.PhaseActive)
	ctx, leave := context.WithCancel(t.Context())
	r.left = leave
	var c *ringside.Call
	must(t, r.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, home, call)
		return err
	}))
	if _, err := r.hand.Say(ctx, c, intervene.Order{By: "Dana"}, "One moment."); err != nil {
		t.Error(err)
	}
	if titles := r.titles(call); titles != "Said through the agent: One moment." {
		t.Errorf("timeline %q", titles)
	}
}

// An order that was cut off is not given again: nobody knows whether it was done,
// and that is what is said.
func TestAnOrderThatWasCutOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s)
		call := r.call("a", ringside.PhaseActive)
		rule := r.rule(call, ringside.ModeAct, leave)
		p := r.alarm(call, rule.Agents)
		r.write(func(ctx context.Context, tx store.Tx) error {
			_, err := store.ClaimProposal(ctx, tx, home, p.ID, "rule Angry", time.Now().Add(-time.Hour))
			return err
		})
		got := r.await(p.ID)
		if got.Status != ringside.ProposalFailed || !strings.Contains(got.Result, "not known") || r.given() != "" {
			t.Errorf("%+v, orders %q", got, r.given())
		}
		r.rest()
		if titles := r.titles(call); titles != "Not known whether it was done: Ended by rule Angry" {
			t.Errorf("timeline %q", titles)
		}
		if log := r.audit(); !strings.HasPrefix(log, "rule Angry proposal.lost: ") {
			t.Errorf("audit %q", log)
		}
	})
}
