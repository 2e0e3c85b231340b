package deliver

import (
	"context"
	"fmt"
	"slices"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// Plan finds who wants to hear of an event and plans a delivery to each, in
// the caller's transaction: they go out once that is committed. It gives how
// many are new; planning the same again gives 0. The call is as the store
// gives it, with its agent's id.
func (s *Sender) Plan(ctx context.Context, tx store.Tx, e Event) (int, error) {
	if !slices.Contains(ringside.WebhookEventNames, e.Name) {
		return 0, fmt.Errorf("plan webhooks: %q is no event", e.Name)
	}
	targets, err := s.wanting(ctx, tx, e.Call.WorkspaceID, agentOf(e.Call), e.Name)
	if err != nil {
		return 0, err
	}
	return s.enqueue(ctx, tx, targets, e, func(id string) ([]byte, error) { return CallBody(id, e, s.cfg.PublicURL()) })
}

// PlanTarget plans a delivery with data of its own to one of the call's
// agent's addresses (store.WebhookSpeedToLead, store.WebhookKnowledgeGap). It
// tells whether it is new; when the agent has no such address, nothing is. The
// body has to stay below 20,000 bytes.
func (s *Sender) PlanTarget(ctx context.Context, tx store.Tx, which string, e Event, data any) (bool, error) {
	targets, err := s.own(ctx, tx, e.Call.WorkspaceID, agentOf(e.Call), which, e.Name)
	if err != nil {
		return false, err
	}
	n, err := s.enqueue(ctx, tx, targets, e, func(id string) ([]byte, error) { return write(id, e, data) })
	return n > 0, err
}

// enqueue keeps a delivery for each target, and the jobs of those whose turn
// it is.
func (s *Sender) enqueue(ctx context.Context, tx store.Tx, targets []string, e Event, body func(id string) ([]byte, error)) (int, error) {
	if len(targets) == 0 {
		return 0, nil
	}
	if ord, err := store.OrdOf(ctx, tx, e.Call.ID); err != nil || ord == 0 {
		return 0, err // deleted meanwhile: nobody is told of it
	}
	now := s.cfg.Now()
	n := 0
	var work []river.JobArgs
	for _, target := range targets {
		d := &store.WebhookDelivery{
			ID: messageID(target, e), Workspace: e.Call.WorkspaceID, Target: target, AgentID: agentOf(e.Call), CallID: e.Call.ID,
			Event: e.Name, Due: now, CreatedAt: now,
		}
		var err error
		if d.Payload, err = body(d.ID); err != nil {
			return 0, err
		}
		inserted, first, err := store.InsertWebhookDelivery(ctx, tx, d)
		if err != nil {
			return 0, err
		}
		if inserted {
			n++
		}
		if first {
			work = append(work, jobs.SendWebhook{DeliveryID: d.ID})
		}
	}
	return n, s.cfg.Jobs().Enqueue(ctx, tx, work)
}

// Resend makes a delivery go out again, under the same id and with all its
// retries before it. What waits is sent at once. It fails with Conflict when
// there is nowhere to send it to.
func (s *Sender) Resend(ctx context.Context, tx store.Tx, workspace, id string) (*store.WebhookDelivery, error) {
	d, err := store.WebhookDeliveryByID(ctx, tx, workspace, id)
	if err != nil {
		return nil, err
	}
	r, err := s.receiver(ctx, tx, workspace, d.Target)
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, ringside.Errorf(ringside.Conflict, "it can't be sent again: %s", message(err)).WithCode("target_gone")
	}
	if err != nil {
		return nil, err
	}
	if why := r.stopped(); why != "" {
		return nil, ringside.Errorf(ringside.Conflict, "it can't be sent again while its target is %s; switch that on first", why).WithCode("target_off")
	}
	if err := store.ReopenWebhook(ctx, tx, d, s.cfg.Now()); err != nil {
		return nil, err
	}
	if err := s.cfg.Jobs().Enqueue(ctx, tx, []river.JobArgs{jobs.SendWebhook{DeliveryID: d.ID}}); err != nil {
		return nil, err
	}
	return store.WebhookDeliveryByID(ctx, tx, workspace, id)
}
