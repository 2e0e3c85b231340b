package api

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/signature"
	"github.com/ringsidehq/ringside/internal/store"
)

// WebhookEndpointView is where events are sent. It never holds the secret.
type WebhookEndpointView struct {
	ID             string     `json:"id"`
	URL            string     `json:"url"`
	Description    string     `json:"description"`
	AgentID        string     `json:"agent_id" doc:"Whose calls it hears of; empty: every agent's"`
	Events         []string   `json:"events" doc:"Empty: call_started, call_ended and call_analyzed"`
	MaxRetries     int        `json:"max_retries"`
	TimeoutMS      int64      `json:"timeout_ms"`
	SecretSet      bool       `json:"secret_set" doc:"Without a secret, deliveries are not signed"`
	DisabledReason string     `json:"disabled_reason" doc:"Why nothing is sent to it; empty while it is on"`
	DisabledAt     *time.Time `json:"disabled_at"`
	CreatedAt      time.Time  `json:"created_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
	store.WebhookTraffic
}

func webhookEndpointView(ctx context.Context, tx store.Tx, e *store.WebhookEndpoint) (*WebhookEndpointView, error) {
	v := &WebhookEndpointView{
		ID: e.ID, URL: e.URL, Description: e.Description, AgentID: e.AgentID, Events: append([]string{}, e.Events...), MaxRetries: e.MaxRetries,
		TimeoutMS: e.Timeout.Milliseconds(), SecretSet: len(e.Secret) > 0, CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
	}
	if e.Stop != nil {
		v.DisabledReason, v.DisabledAt = e.Stop.Reason, &e.Stop.At
	}
	var err error
	v.WebhookTraffic, err = store.WebhookTrafficOf(ctx, tx, store.EndpointTarget(e.ID))
	return v, err
}

// WebhookEndpointList is the endpoints of a workspace, oldest first.
type WebhookEndpointList struct {
	Items []*WebhookEndpointView `json:"items"`
}

type webhookEndpointsOutput struct {
	Body WebhookEndpointList
}

func (s *Server) listWebhookEndpoints(ctx context.Context, _ *struct{}) (*webhookEndpointsOutput, error) {
	out := &webhookEndpointsOutput{WebhookEndpointList{[]*WebhookEndpointView{}}}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		rows, err := store.WebhookEndpoints(ctx, tx, auth.From(ctx).WorkspaceID)
		if err != nil {
			return err
		}
		for _, e := range rows {
			v, err := webhookEndpointView(ctx, tx, e)
			if err != nil {
				return err
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		return nil
	})
	return out, err
}

type webhookEndpointOutput struct {
	Body *WebhookEndpointView
}

func (s *Server) getWebhookEndpoint(ctx context.Context, in *IDPath) (*webhookEndpointOutput, error) {
	out := &webhookEndpointOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := store.WebhookEndpointByID(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		out.Body, err = webhookEndpointView(ctx, tx, e)
		return err
	})
	return out, err
}

// WebhookEndpointFields are what of an endpoint can be set.
type WebhookEndpointFields struct {
	Description *string   `json:"description,omitempty" maxLength:"200"`
	AgentID     *string   `json:"agent_id,omitempty" maxLength:"64" doc:"Hear of this agent's calls alone; empty: of every agent's"`
	Events      *[]string `json:"events,omitempty" maxItems:"50" doc:"Which events to send; empty: call_started, call_ended and call_analyzed"`
	Secret      *string   `json:"secret,omitempty" maxLength:"512" doc:"What deliveries are signed with, never shown again. Left out of a new endpoint, one is made and shown once; empty: none"`
	MaxRetries  *int      `json:"max_retries,omitempty" minimum:"0" maximum:"10" doc:"How often a failed delivery is tried again; 5 by default"`
	TimeoutMS   *int64    `json:"timeout_ms,omitempty" minimum:"1000" maximum:"30000" doc:"How long an answer may take; 15000 by default"`
}

// WebhookEndpointCreate is an endpoint to make.
type WebhookEndpointCreate struct {
	URL string `json:"url" maxLength:"2048" doc:"Where to send to, by https"`
	WebhookEndpointFields
}

type createWebhookEndpointInput struct {
	Body WebhookEndpointCreate
}

// WebhookEndpointSaved is an endpoint as it is now, and its secret if it was
// drawn with this request.
type WebhookEndpointSaved struct {
	WebhookEndpointView
	Secret string `json:"secret,omitempty" doc:"The signing secret, where one was made. It is shown this once"`
}

type savedWebhookEndpointOutput struct {
	Body WebhookEndpointSaved
}

// maxWebhookEndpoints is how many a workspace may have: each is asked about
// each event.
const maxWebhookEndpoints = 50

func (s *Server) createWebhookEndpoint(ctx context.Context, in *createWebhookEndpointInput) (*savedWebhookEndpointOutput, error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	e := &store.WebhookEndpoint{
		ID: ringside.NewID("whe", now), Workspace: auth.From(ctx).WorkspaceID, Events: []string{},
		MaxRetries: deliver.DefaultRetries, Timeout: deliver.DefaultTimeout, CreatedAt: now,
	}
	edit := WebhookEndpointPatch{URL: &in.Body.URL, WebhookEndpointFields: in.Body.WebhookEndpointFields, NewSecret: in.Body.Secret == nil}
	out := &savedWebhookEndpointOutput{}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		have, err := store.WebhookEndpoints(ctx, tx, e.Workspace)
		if err != nil {
			return err
		}
		if len(have) >= maxWebhookEndpoints {
			return ringside.Errorf(ringside.Conflict, "the workspace has %d webhook endpoints, and there can be no more; delete one first", len(have)).WithCode("too_many")
		}
		if out.Body.Secret, err = s.editWebhookEndpoint(ctx, tx, e, &edit, now); err != nil {
			return err
		}
		if err := store.InsertWebhookEndpoint(ctx, tx, e); err != nil {
			return err
		}
		return s.savedWebhookEndpoint(ctx, tx, e.ID, "webhook_endpoint.create", out)
	})
	return out, err
}

// WebhookEndpointPatch is what of an endpoint is to be changed; what is left
// out stays.
type WebhookEndpointPatch struct {
	URL *string `json:"url,omitempty" maxLength:"2048" doc:"On another host, the secret is removed unless a new one comes along: it was given for the host that it had"`
	WebhookEndpointFields
	NewSecret bool  `json:"new_secret,omitempty" doc:"Make a new secret and show it once"`
	Disabled  *bool `json:"disabled,omitempty" doc:"Switch it off or on again. What waits for one that is off is given up. Off stays off under another URL, unless it was the receiver who wanted nothing more"`
}

type patchWebhookEndpointInput struct {
	IDPath
	Body WebhookEndpointPatch
}

func (s *Server) patchWebhookEndpoint(ctx context.Context, in *patchWebhookEndpointInput) (*savedWebhookEndpointOutput, error) {
	out := &savedWebhookEndpointOutput{}
	now := time.Now().UTC().Truncate(time.Millisecond)
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		ws := auth.From(ctx).WorkspaceID
		if err := store.LockWebhookEndpoint(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		e, err := store.WebhookEndpointByID(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if out.Body.Secret, err = s.editWebhookEndpoint(ctx, tx, e, &in.Body, now); err != nil {
			return err
		}
		if err := store.UpdateWebhookEndpoint(ctx, tx, e); err != nil {
			return err
		}
		if in.Body.Disabled != nil {
			if err := switchWebhook(ctx, tx, e, !*in.Body.Disabled, now); err != nil {
				return err
			}
		}
		return s.savedWebhookEndpoint(ctx, tx, e.ID, "webhook_endpoint.update", out)
	})
	return out, err
}

func switchWebhook(ctx context.Context, tx store.Tx, e *store.WebhookEndpoint, on bool, now time.Time) error {
	target := store.EndpointTarget(e.ID)
	if on {
		return store.StartWebhook(ctx, tx, target)
	}
	return store.StopWebhook(ctx, tx, e.Workspace, target, store.WebhookStop{Reason: "switched off by " + auth.From(ctx).Name, At: now})
}

// savedWebhookEndpoint notes who saved an endpoint and shows what it is now.
func (s *Server) savedWebhookEndpoint(ctx context.Context, tx store.Tx, id, action string, out *savedWebhookEndpointOutput) error {
	e, err := store.WebhookEndpointByID(ctx, tx, auth.From(ctx).WorkspaceID, id)
	if err != nil {
		return err
	}
	v, err := webhookEndpointView(ctx, tx, e)
	if err != nil {
		return err
	}
	out.Body.WebhookEndpointView = *v
	return audit(ctx, tx, action, webhookSubject(e))
}

// webhookSubject is an endpoint in the audit log. Its URL may hold a secret.
func webhookSubject(e *store.WebhookEndpoint) string { return named(egress.Host(e.URL), e.ID) }

func (s *Server) deleteWebhookEndpoint(ctx context.Context, in *IDPath) (*struct{}, error) {
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := store.DeleteWebhookEndpoint(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		return audit(ctx, tx, "webhook_endpoint.delete", webhookSubject(e))
	})
}

// editWebhookEndpoint applies a patch and seals the secret; it gives the
// secret when it drew one.
func (s *Server) editWebhookEndpoint(ctx context.Context, tx store.Tx, e *store.WebhookEndpoint, b *WebhookEndpointPatch, now time.Time) (drawn string, err error) {
	if b.URL != nil {
		url := strings.TrimSpace(*b.URL)
		if err := s.checkURL("/url", e.URL, url); err != nil {
			return "", err
		}
		if url == "" {
			return "", ringside.Invalidf("/url", "is required")
		}
		if egress.Host(url) != egress.Host(e.URL) {
			e.Secret = nil
		}
		e.URL = url
	}
	if b.AgentID != nil {
		if *b.AgentID != "" {
			if _, err := store.Agent(ctx, tx, e.Workspace, *b.AgentID); err != nil {
				return "", ringside.Invalidf("/agent_id", "there is no agent %q in this workspace", *b.AgentID)
			}
		}
		e.AgentID = *b.AgentID
	}
	if b.Events != nil {
		if e.Events, err = checkEvents(*b.Events); err != nil {
			return "", err
		}
	}
	if b.Description != nil {
		e.Description = strings.TrimSpace(*b.Description)
		if strings.ContainsFunc(e.Description, unicode.IsControl) {
			return "", ringside.Invalidf("/description", "is one line of text")
		}
	}
	if b.MaxRetries != nil {
		e.MaxRetries = *b.MaxRetries
	}
	if b.TimeoutMS != nil {
		e.Timeout = time.Duration(*b.TimeoutMS) * time.Millisecond
	}
	e.UpdatedAt = now
	return s.sealWebhook(e, b)
}

// sealWebhook sets the secret that a patch gives or asks for.
func (s *Server) sealWebhook(e *store.WebhookEndpoint, b *WebhookEndpointPatch) (drawn string, err error) {
	var plain string
	switch {
	case b.NewSecret && b.Secret != nil:
		return "", ringside.Invalidf("/new_secret", "give a secret or ask for one, not both")
	case b.NewSecret:
		drawn = signature.NewSecret()
		plain = drawn
	case b.Secret != nil:
		plain = strings.TrimSpace(*b.Secret)
	default:
		return "", nil
	}
	if e.Secret = nil; plain != "" {
		e.Secret = s.cfg.Secrets.Seal(deliver.SecretPurpose(e.ID), []byte(plain))
	}
	return drawn, nil
}

// checkURL refuses an address that requests may not go to. One that was saved
// before stays as it is.
func (s *Server) checkURL(field, before, after string) error {
	if after == before || after == "" {
		return nil
	}
	if err := s.cfg.Egress.CheckURL(after); err != nil {
		return ringside.Invalidf(field, "%v", err)
	}
	return nil
}

// checkEvents takes the names of events, each once.
func checkEvents(events []string) ([]string, error) {
	out := []string{}
	for i, name := range events {
		if !slices.Contains(ringside.WebhookEventNames, name) {
			return nil, ringside.Invalidf("/events/"+strconv.Itoa(i), "%q is not one of %q", name, ringside.WebhookEventNames)
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, nil
}
