package intervene

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// Propose implements alert.Proposer: every rule that the alert meets proposes
// what it says, unless it does already in this call.
func (h *Hand) Propose(ctx context.Context, tx store.Tx, workspace string, a *ringside.Alert) (proposed bool, err error) {
	rules, err := store.InterventionRules(ctx, tx, workspace)
	if err != nil {
		return false, err
	}
	var due []river.JobArgs
	for _, r := range rules {
		if !r.Meets(a) {
			continue
		}
		now := moment(time.Now())
		p := &ringside.Proposal{
			ID: ringside.NewID("proposal", now), Call: a.Call, Alert: ringside.ProposalAlert{ID: a.ID},
			RuleID: r.ID, RuleName: r.Name, Do: r.Do, Mode: r.Mode, CreatedAt: now,
		}
		if p.To, err = whereTo(ctx, tx, workspace, r.Do.TransferTo); err != nil {
			return false, err
		}
		if r.MayAct(a.AgentID) {
			p.DueAt = new(now.Add(time.Duration(r.Countdown) * time.Second))
		}
		kept, err := store.InsertProposal(ctx, tx, workspace, p)
		if err != nil {
			return false, err
		}
		if kept && p.DueAt != nil {
			due = append(due, jobs.CarryOut{WorkspaceID: workspace, ProposalID: p.ID, At: *p.DueAt})
		}
		proposed = proposed || kept
	}
	return proposed, h.cfg.Queue().Enqueue(ctx, tx, due)
}

// whereTo is what a transfer's destination is called.
func whereTo(ctx context.Context, tx store.Tx, workspace, to string) (string, error) {
	if to == "" || ringside.IsPhone(to) || ringside.IsSIP(to) {
		return to, nil
	}
	q, err := store.Queue(ctx, tx, workspace, to)
	if ringside.KindOf(err) == ringside.NotFound {
		return to, nil
	}
	if err != nil {
		return "", err
	}
	return q.Name, nil
}

// Aim checks where a rule's calls are to go, as a transfer does, and makes a
// queue's id of its name.
func (h *Hand) Aim(ctx context.Context, tx store.Tx, workspace string, r *ringside.InterventionRule) error {
	const field = "/do/transferTo"
	to := strings.TrimSpace(r.Do.TransferTo)
	if r.Do.Action != ringside.StepTransfer || ringside.IsPhone(to) || ringside.IsSIP(to) {
		r.Do.TransferTo = to
		return nil
	}
	queues, err := store.Queues(ctx, tx, workspace)
	if err != nil {
		return err
	}
	q := queueOf(queues, to)
	if q == nil {
		return queueUnknown(field, to)
	}
	for _, agent := range r.Agents {
		if !takes(q, agent) {
			return ringside.Invalidf(field, "the agent %s may not transfer to %s; allow it in Settings, Queues", agent, q.Name).WithCode("transfer_not_configured")
		}
	}
	r.Do.TransferTo = q.ID
	return nil
}

// Show implements alert.Proposer. What can't be read is shown with what comes
// next.
func (h *Hand) Show(ctx context.Context, workspace string, call ringside.CallID) {
	if h.cfg.Show == nil {
		return
	}
	var all []*ringside.Proposal
	err := h.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		all, err = store.Proposals(ctx, tx, workspace, call)
		return err
	})
	if err != nil {
		h.cfg.Log.WarnContext(ctx, "proposals can't be shown", slog.String("call_id", call.String()), slog.Any("error", err))
		return
	}
	h.cfg.Show(call, all)
}

// moment is a time as it is stored.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
