package api

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// DisabledWebhook is one of an agent's own webhooks that is off.
type DisabledWebhook struct {
	Which  string    `json:"which" enum:"webhook,speed_to_lead,knowledge_gap"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

func disabledWebhooks(row *store.AgentRow) []DisabledWebhook {
	out := []DisabledWebhook{}
	for _, which := range store.AgentWebhooks {
		if stop := row.Stops[which]; stop != nil {
			out = append(out, DisabledWebhook{which, stop.Reason, stop.At})
		}
	}
	return out
}

// checkAgentURLs refuses new addresses that requests may not go to.
func (s *Server) checkAgentURLs(before, after *ringside.AgentSettings) error {
	for _, u := range []struct{ field, before, after string }{
		{"/webhookUrl", before.WebhookURL, after.WebhookURL},
		{"/speedToLeadWebhookUrl", before.SpeedToLeadWebhookURL, after.SpeedToLeadWebhookURL},
		{"/knowledgeGapWebhookUrl", before.KnowledgeGapWebhookURL, after.KnowledgeGapWebhookURL},
		{"/crmUrl", before.CRMURL, after.CRMURL},
	} {
		if err := s.checkURL(u.field, u.before, u.after); err != nil {
			return err
		}
	}
	return nil
}

// startAgentWebhooks makes way for addresses that a person has just given:
// what had switched them off is history.
func startAgentWebhooks(ctx context.Context, tx store.Tx, id string, given *ringside.AgentSettings) error {
	sent := store.AgentRow{Agent: ringside.Agent{Settings: *given}}
	for _, which := range store.AgentWebhooks {
		if sent.WebhookURL(which) == "" {
			continue
		}
		if err := store.StartWebhook(ctx, tx, store.AgentTarget(id, which)); err != nil {
			return err
		}
	}
	return nil
}

type testAgentWebhookInput struct {
	AgentPath
	Which string `query:"which" enum:"webhook,speed_to_lead,knowledge_gap" default:"webhook" doc:"webhookUrl, speedToLeadWebhookUrl or knowledgeGapWebhookUrl"`
}

func (s *Server) testAgentWebhook(ctx context.Context, in *testAgentWebhookInput) (*webhookTestOutput, error) {
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		a, err := store.Agent(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		if a.WebhookURL(in.Which) == "" {
			return ringside.Errorf(ringside.Conflict, "the agent has no such webhook; set its URL first").WithCode("no_webhook")
		}
		return audit(ctx, tx, "agent.webhook_test", named(a.Name, a.ID))
	})
	if err != nil {
		return nil, err
	}
	return s.testWebhook(ctx, store.AgentTarget(in.ID, in.Which))
}
