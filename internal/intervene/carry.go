package intervene

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// Who decides about a proposal: a person, or the rule.
type Who struct {
	Name string
	ID   string // a user's or a key's; empty: Ringside itself
}

// settleAfter is when an order that nobody has told the outcome of is taken to
// have been cut off. It takes longer than any order may.
const settleAfter = 2 * time.Minute

// AddWorkers adds what carries proposals out.
func (h *Hand) AddWorkers(w *river.Workers) { river.AddWorker(w, &carrier{hand: h}) }

// carrier carries out what is due, and looks after what was cut off.
type carrier struct {
	river.WorkerDefaults[jobs.CarryOut]

	hand *Hand
}

// Work implements river.Worker. It gives no order twice: who gives one has
// claimed the proposal first, and one that is claimed is only settled.
func (w *carrier) Work(ctx context.Context, job *river.Job[jobs.CarryOut]) error {
	h, ws := w.hand, job.Args.WorkspaceID
	p, err := h.proposal(ctx, ws, job.Args.ProposalID)
	if ringside.KindOf(err) == ringside.NotFound {
		return nil // the call was deleted
	}
	if err != nil {
		return err
	}
	now := time.Now()
	switch {
	case p.Status != ringside.ProposalOpen:
		return nil
	case p.OrderedAt != nil:
		if wait := p.OrderedAt.Add(settleAfter).Sub(now); wait > 0 {
			return river.JobSnooze(wait)
		}
		return h.giveUp(ctx, ws, p)
	case p.DueAt == nil:
		return nil
	case now.Before(*p.DueAt):
		return river.JobSnooze(p.DueAt.Sub(now))
	}
	_, err = h.decide(ctx, ws, p.ID, Who{Name: "rule " + p.RuleName}, "proposal.act", allowed)
	if ringside.KindOf(err) == ringside.Internal {
		return err
	}
	return nil // it was done, refused, or decided by somebody else: that is kept
}

// allowed says why a rule may not act by itself any more; empty when it may.
func allowed(ctx context.Context, tx store.Tx, workspace string, p *store.ProposalRow) (why string, err error) {
	r, err := store.InterventionRule(ctx, tx, workspace, p.RuleID)
	switch {
	case ringside.KindOf(err) == ringside.NotFound:
		return "The rule was deleted.", nil
	case err != nil:
		return "", err
	case !r.MayAct(p.AgentID):
		return "The rule may not act by itself for this agent any more.", nil
	}
	return "", nil
}

// Accept has a proposal carried out now, because a person wants it.
func (h *Hand) Accept(ctx context.Context, workspace, id string, who Who) (*ringside.Proposal, error) {
	return h.decide(ctx, workspace, id, who, "proposal.accept", nil)
}

// Cancel notes that a person does not want it. It belongs in a transaction; Show
// comes after it.
func (h *Hand) Cancel(ctx context.Context, tx store.Tx, workspace, id, by string) (*ringside.Proposal, error) {
	did, err := store.CloseProposal(ctx, tx, workspace, id, ringside.ProposalCancelled, by, "", moment(time.Now()))
	if err != nil {
		return nil, err
	}
	p, err := store.Proposal(ctx, tx, workspace, id)
	if err != nil {
		return nil, err
	}
	if !did {
		return nil, decided(p)
	}
	return &p.Proposal, nil
}

// decided says that it is too late.
func decided(p *store.ProposalRow) error {
	what := "it is being done"
	switch p.Status {
	case ringside.ProposalCancelled:
		what = p.DecidedBy + " has cancelled it"
	case ringside.ProposalDone, ringside.ProposalFailed:
		what = p.DecidedBy + " had it done"
	case ringside.ProposalLapsed:
		what = "it has lapsed: " + p.Result
	}
	return ringside.Errorf(ringside.Conflict, "the proposal is decided already: %s", what).WithCode("proposal_decided")
}

func (h *Hand) proposal(ctx context.Context, workspace, id string) (p *store.ProposalRow, err error) {
	err = h.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		p, err = store.Proposal(ctx, tx, workspace, id)
		return err
	})
	return p, err
}

// decide claims a proposal, gives the order and notes what came of it. From the
// claim on it goes through to the end, whoever has gone meanwhile. may says why
// it may not be done; nil: it may.
func (h *Hand) decide(ctx context.Context, workspace, id string, who Who, action string, may permission) (*ringside.Proposal, error) {
	p, err := h.claim(ctx, workspace, id, who, may)
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	h.Show(ctx, workspace, p.Call)
	if p.Status == ringside.ProposalLapsed {
		return nil, decided(p)
	}
	said, failed := h.carryOut(ctx, workspace, p, who)
	status := ringside.ProposalDone
	if failed != nil {
		status, said = ringside.ProposalFailed, "Not done: "+failed.Error()
	}
	if err := h.settle(ctx, workspace, p, who, action, status, said); err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, failed
	}
	p, err = h.proposal(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	return &p.Proposal, nil
}

// permission says why a proposal may not be done; empty when it may.
type permission func(ctx context.Context, tx store.Tx, workspace string, p *store.ProposalRow) (why string, err error)

// claim takes a proposal on: of all who try, one does. What may not be done any
// more lapses instead. The job that looks after it is there with the claim.
func (h *Hand) claim(ctx context.Context, workspace, id string, who Who, may permission) (p *store.ProposalRow, err error) {
	err = h.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if p, err = store.Proposal(ctx, tx, workspace, id); err != nil {
			return err
		}
		now, why := moment(time.Now()), ""
		if may != nil {
			if why, err = may(ctx, tx, workspace, p); err != nil {
				return err
			}
		}
		if !p.On {
			why = callOver
		}
		var did bool
		if why == "" {
			did, err = store.ClaimProposal(ctx, tx, workspace, id, who.Name, now)
		} else {
			did, err = store.CloseProposal(ctx, tx, workspace, id, ringside.ProposalLapsed, "", why, now)
		}
		if err != nil {
			return err
		}
		if p, err = store.Proposal(ctx, tx, workspace, id); err != nil {
			return err
		}
		switch {
		case !did:
			return decided(p)
		case why != "":
			return nil
		}
		return h.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.CarryOut{WorkspaceID: workspace, ProposalID: id, At: now.Add(settleAfter)}})
	})
	return p, err
}

// callOver is why nothing can be done to a call any more.
const callOver = "The call has ended."

// carryOut gives the order. What is refused before anybody is asked stands in
// the call's timeline, too: nobody may have seen it.
func (h *Hand) carryOut(ctx context.Context, workspace string, p *store.ProposalRow, who Who) (string, error) {
	c, err := h.call(ctx, workspace, p.Call)
	if err != nil {
		return "", err
	}
	o := order(p, who)
	if err := h.refused(ctx, c, &p.Do); err != nil {
		h.noteProposed(ctx, c, o, p, title(p, who), err)
		return "", err
	}
	switch p.Do.Action {
	case ringside.StepSay:
		return h.Say(ctx, c, o, p.Do.Message)
	case ringside.StepTransfer:
		return h.Transfer(ctx, c, Transfer{Order: o, To: p.Do.TransferTo, Context: p.Do.Message})
	}
	return h.End(ctx, c, o)
}

// refused says why an order is not given at all.
func (h *Hand) refused(ctx context.Context, c *ringside.Call, do *ringside.InterventionStep) error {
	if can := h.Can(c)[string(do.Action)]; !can.Can {
		return ringside.Errorf(ringside.Conflict, "%s", can.Why).WithCode("not_possible")
	}
	if do.Action != ringside.StepTransfer {
		return nil
	}
	_, err := h.destination(ctx, c, do.TransferTo, time.Now())
	return err
}

func order(p *store.ProposalRow, who Who) Order {
	return Order{By: who.Name, Reason: p.Do.Reason, Note: "Proposed by the rule " + p.RuleName + ": " + p.Alert.Message}
}

// title is what an order is called in the timeline.
func title(p *store.ProposalRow, who Who) string {
	switch p.Do.Action {
	case ringside.StepSay:
		return "Said through the agent: " + p.Do.Message
	case ringside.StepTransfer:
		return "Transferred to " + p.To
	}
	return "Ended by " + who.Name
}

func (h *Hand) noteProposed(ctx context.Context, c *ringside.Call, o Order, p *store.ProposalRow, title string, failed error) {
	if err := h.note(ctx, c, o, string(p.Do.Action), title, nil, failed); err != nil {
		h.cfg.Log.ErrorContext(ctx, "an intervention is missing in its call's timeline", slog.String("call_id", c.ID.String()), slog.Any("error", err))
	}
}

// settle notes what came of a proposal, and audits it.
func (h *Hand) settle(ctx context.Context, workspace string, p *store.ProposalRow, who Who, action string, status ringside.ProposalStatus, result string) error {
	err := h.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		now := moment(time.Now())
		did, err := store.SettleProposal(ctx, tx, workspace, p.ID, status, result, now)
		if err != nil || !did {
			return err
		}
		return store.InsertAudit(ctx, tx, workspace, &store.AuditEntry{
			ID: ringside.NewID("audit", now), At: now, Actor: who.Name, ActorID: who.ID, Action: action,
			Subject: "call " + p.ShortID + ", rule " + p.RuleName + ": " + result,
		})
	})
	if err != nil {
		return fmt.Errorf("settle proposal %s: %w", p.ID, err)
	}
	h.Show(ctx, workspace, p.Call)
	return nil
}

// giveUp settles a proposal whose order was cut off: it is not given again.
func (h *Hand) giveUp(ctx context.Context, workspace string, p *store.ProposalRow) error {
	const unknown = "Ringside was stopped while it gave the order; whether it was done is not known."
	who := Who{Name: p.DecidedBy}
	c, err := h.call(ctx, workspace, p.Call)
	if err != nil {
		return err
	}
	if err := h.settle(ctx, workspace, p, who, "proposal.lost", ringside.ProposalFailed, unknown); err != nil {
		return err
	}
	h.noteProposed(ctx, c, order(p, who), p, "Not known whether it was done: "+title(p, who), nil)
	return nil
}

func (h *Hand) call(ctx context.Context, workspace string, id ringside.CallID) (c *ringside.Call, err error) {
	err = h.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, workspace, id)
		return err
	})
	return c, err
}
