package deliver

import (
	"context"
	"fmt"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// maxOfCall bounds the deliveries about a call that are looked at.
const maxOfCall = 500

// Step is how far the webhooks about an ended call are: failed when one was
// given up, waiting while one is on its way.
func Step(ctx context.Context, tx store.Tx, workspace string, call ringside.CallID) (ringside.Step, error) {
	st := ringside.Step{Step: ringside.StepWebhooks, Status: ringside.StepSkipped, Reason: "No webhook asks for calls of this agent."}
	all, err := store.WebhookDeliveries(ctx, tx, store.WebhookFilter{Workspace: workspace, Call: call, Limit: maxOfCall})
	if err != nil || len(all) == 0 {
		return st, err
	}
	delivered, dead := 0, 0
	for _, d := range all {
		st.Attempts += d.Attempts
		switch d.Status {
		case store.WebhookDelivered:
			delivered++
		case store.WebhookDead:
			dead++
		}
	}
	st.At = &all[0].CreatedAt
	st.Reason = fmt.Sprintf("%d of %d delivered.", delivered, len(all))
	switch {
	case dead > 0:
		st.Status, st.Reason = ringside.StepFailed, fmt.Sprintf("%d of %d were given up; the deliveries say why.", dead, len(all))
	case delivered < len(all):
		st.Status = ringside.StepWaiting
	default:
		st.Status = ringside.StepDone
	}
	return st, nil
}

// ResendCall makes every delivery about a call go out again that was given up
// and has somewhere to go. It fails with Conflict when there is none.
func (s *Sender) ResendCall(ctx context.Context, tx store.Tx, workspace string, call ringside.CallID) error {
	all, err := store.WebhookDeliveries(ctx, tx, store.WebhookFilter{Workspace: workspace, Call: call, Status: store.WebhookDead, Limit: maxOfCall})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return ringside.Errorf(ringside.Conflict, "no webhook about this call was given up; single ones can be sent again under Settings → Deliveries").WithCode("nothing_failed")
	}
	var nowhere error
	sent := 0
	for _, d := range all {
		_, err := s.Resend(ctx, tx, workspace, d.ID)
		switch {
		case err == nil:
			sent++
		case ringside.KindOf(err) == ringside.Conflict:
			nowhere = err
		default:
			return err
		}
	}
	if sent == 0 {
		return nowhere
	}
	return nil
}
