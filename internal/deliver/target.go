package deliver

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// receiver is a target as it is now.
type receiver struct {
	target  string
	url     string
	secret  string
	sealed  error // why the secret can't be had; then nothing is sent
	retries int
	timeout time.Duration
	stop    *store.WebhookStop // nil while it is on
}

// receiver looks a target up. When it is no more, the error is NotFound and
// says so.
func (s *Sender) receiver(ctx context.Context, tx store.Tx, workspace, target string) (*receiver, error) {
	kind, rest, _ := strings.Cut(target, ":")
	if kind == "endpoint" {
		e, err := store.WebhookEndpointByID(ctx, tx, workspace, rest)
		if err != nil {
			return nil, gone(err, "the endpoint was deleted")
		}
		return s.endpoint(e)
	}
	agent, which, _ := strings.Cut(rest, ":")
	a, err := store.Agent(ctx, tx, workspace, agent)
	if err != nil {
		return nil, gone(err, "the agent was deleted")
	}
	r, err := s.agent(a, which)
	if err != nil {
		return nil, err
	}
	r.stop, err = store.WebhookStopOf(ctx, tx, target, r.url)
	return r, err
}

func gone(err error, reason string) error {
	if ringside.KindOf(err) == ringside.NotFound {
		return ringside.Errorf(ringside.NotFound, "%s", reason)
	}
	return err
}

// SecretPurpose is what an endpoint's secret is sealed for.
func SecretPurpose(endpointID string) string { return "webhook_endpoint:" + endpointID }

func (s *Sender) endpoint(e *store.WebhookEndpoint) (*receiver, error) {
	r := &receiver{target: store.EndpointTarget(e.ID), url: e.URL, retries: e.MaxRetries, timeout: e.Timeout, stop: e.Stop}
	if len(e.Secret) == 0 {
		return r, nil
	}
	plain, err := s.cfg.Secrets.Open(SecretPurpose(e.ID), e.Secret)
	r.secret = string(plain)
	return r, r.opened(err)
}

// agent gives one of the addresses in an agent's settings. The secret goes
// with webhookUrl: another address is signed for when it is on the same host.
func (s *Sender) agent(a *store.AgentRow, which string) (*receiver, error) {
	r := &receiver{target: store.AgentTarget(a.ID, which), url: a.WebhookURL(which), retries: defaultAgentRetries, timeout: DefaultTimeout}
	if r.url == "" {
		return nil, ringside.Errorf(ringside.NotFound, "the agent has no such webhook any more")
	}
	if n := a.Settings.WebhookRetryCount; n != nil {
		r.retries = *n
	}
	if egress.Host(r.url) != egress.Host(a.Settings.WebhookURL) {
		return r, nil
	}
	sec, err := a.OpenSecrets(s.cfg.Secrets)
	r.secret = sec.WebhookSecret
	return r, r.opened(err)
}

// opened keeps for the attempt why a secret can't be opened: a body that
// should be signed does not go without.
func (r *receiver) opened(err error) error {
	if secret.Lost(err) {
		r.sealed = err
		return nil
	}
	return err
}

// wanting lists the targets that are on and want an event of an agent's calls.
func (s *Sender) wanting(ctx context.Context, tx store.Tx, workspace, agent, event string) ([]string, error) {
	var out []string
	endpoints, err := store.WebhookEndpointsFor(ctx, tx, workspace, agent)
	if err != nil {
		return nil, err
	}
	for _, e := range endpoints {
		if e.Stop == nil && wants(e.Events, event) {
			out = append(out, store.EndpointTarget(e.ID))
		}
	}
	own, err := s.own(ctx, tx, workspace, agent, store.WebhookOwn, event)
	return append(out, own...), err
}

// own gives one of an agent's own addresses as a target, if it is there, on
// and, for webhookUrl, wants the event.
func (s *Sender) own(ctx context.Context, tx store.Tx, workspace, agent, which, event string) ([]string, error) {
	if agent == "" {
		return nil, nil
	}
	a, err := store.Agent(ctx, tx, workspace, agent)
	if err != nil {
		if ringside.KindOf(err) == ringside.NotFound {
			return nil, nil
		}
		return nil, err
	}
	url, target := a.WebhookURL(which), store.AgentTarget(agent, which)
	if url == "" || which == store.WebhookOwn && !wants(a.Settings.WebhookEvents, event) {
		return nil, nil
	}
	stop, err := store.WebhookStopOf(ctx, tx, target, url)
	if err != nil || stop != nil {
		return nil, err
	}
	return []string{target}, nil
}

// wants tells whether a choice of events has one in it. No choice is all.
func wants(events []string, event string) bool {
	return len(events) == 0 || slices.Contains(events, event)
}

// stopped says why a receiver gets nothing; empty while it is on.
func (r *receiver) stopped() string {
	if r.stop == nil {
		return ""
	}
	return "switched off: " + cmp.Or(r.stop.Reason, "by hand")
}
