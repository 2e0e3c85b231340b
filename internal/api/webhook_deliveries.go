package api

import (
	"context"
	"encoding/json"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

type webhookDeliveriesInput struct {
	Status   string `query:"status" enum:"waiting,delivered,failed,dead"`
	Endpoint string `query:"endpoint" maxLength:"64" doc:"An endpoint's id"`
	Agent    string `query:"agent" maxLength:"64" doc:"An agent's id: deliveries about its calls"`
	Call     string `query:"call" maxLength:"64" doc:"A call's id, UUID or short id"`
	Event    string `query:"event" maxLength:"64"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	Cursor   string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

// WebhookDeliveryPage is a page of outgoing deliveries, newest first.
type WebhookDeliveryPage struct {
	Items      []*store.WebhookDelivery `json:"items"`
	NextCursor string                   `json:"next_cursor" doc:"Empty on the last page"`
}

type webhookDeliveriesOutput struct {
	Body WebhookDeliveryPage
}

func (s *Server) listWebhookDeliveries(ctx context.Context, in *webhookDeliveriesInput) (*webhookDeliveriesOutput, error) {
	out := &webhookDeliveriesOutput{}
	f := store.WebhookFilter{
		Workspace: auth.From(ctx).WorkspaceID, Status: store.WebhookStatus(in.Status), Agent: in.Agent, Event: in.Event,
		Cursor: in.Cursor, Limit: in.Limit + 1,
	}
	if in.Endpoint != "" {
		f.Target = store.EndpointTarget(in.Endpoint)
	}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if in.Call != "" {
			if f.Call, err = store.ResolveCall(ctx, tx, f.Workspace, in.Call); err != nil {
				return err
			}
		}
		items, err := store.WebhookDeliveries(ctx, tx, f)
		if err != nil {
			return err
		}
		if len(items) > in.Limit {
			items = items[:in.Limit]
			out.Body.NextCursor = items[in.Limit-1].Cursor()
		}
		out.Body.Items = items
		return nil
	})
	return out, err
}

// WebhookDeliveryView is an outgoing delivery with all that is kept of it.
type WebhookDeliveryView struct {
	store.WebhookDelivery
	Body  any                     `json:"body" doc:"What is sent"`
	Tries []*store.WebhookAttempt `json:"attempts" doc:"First to last"`
}

type webhookDeliveryOutput struct {
	Body WebhookDeliveryView
}

func webhookDeliveryView(ctx context.Context, tx store.Tx, d *store.WebhookDelivery) (WebhookDeliveryView, error) {
	tries, err := store.WebhookAttempts(ctx, tx, d)
	return WebhookDeliveryView{*d, json.RawMessage(d.Payload), tries}, err
}

func (s *Server) getWebhookDelivery(ctx context.Context, in *IDPath) (*webhookDeliveryOutput, error) {
	out := &webhookDeliveryOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		d, err := store.WebhookDeliveryByID(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		out.Body, err = webhookDeliveryView(ctx, tx, d)
		return err
	})
	return out, err
}

func (s *Server) resendWebhook(ctx context.Context, in *IDPath) (*webhookDeliveryOutput, error) {
	out := &webhookDeliveryOutput{}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		d, err := s.cfg.Deliver.Resend(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		if out.Body, err = webhookDeliveryView(ctx, tx, d); err != nil {
			return err
		}
		return audit(ctx, tx, "webhook.resend", d.Event+" ("+d.ID+")")
	})
	return out, err
}

// WebhookTestAnswer is what a receiver answered to a test.
type WebhookTestAnswer struct {
	Delivered bool   `json:"delivered" doc:"It answered 2xx in time"`
	Host      string `json:"host" doc:"Where the test went, host and port"`
	Status    int    `json:"status" doc:"Of the HTTP answer; 0 when none came"`
	LatencyMS int64  `json:"latency_ms"`
	Response  string `json:"response" doc:"How the answer begins, up to 1 KiB"`
	Error     string `json:"error" doc:"What was wrong; empty when it was delivered"`
}

type webhookTestOutput struct {
	Body WebhookTestAnswer
}

func (s *Server) testWebhookEndpoint(ctx context.Context, in *IDPath) (*webhookTestOutput, error) {
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := store.WebhookEndpointByID(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		return audit(ctx, tx, "webhook_endpoint.test", webhookSubject(e))
	})
	if err != nil {
		return nil, err
	}
	return s.testWebhook(ctx, store.EndpointTarget(in.ID))
}

func (s *Server) testWebhook(ctx context.Context, target string) (*webhookTestOutput, error) {
	a, err := s.cfg.Deliver.Test(ctx, auth.From(ctx).WorkspaceID, target)
	if err != nil {
		return nil, err
	}
	return &webhookTestOutput{WebhookTestAnswer{a.Error == "", a.Host, a.Status, a.LatencyMS, a.Response, a.Error}}, nil
}
