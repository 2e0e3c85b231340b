package intervene

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what an intervention needs.
type Config struct {
	Store     *store.Store
	Ledger    func() *ledger.Ledger
	Secrets   *secret.Box
	HTTP      *http.Client                 // from egress
	Providers map[string]provider.Provider // by id
	BaseURLs  map[string]string            // by provider: where its API is, when not at its own host
	// Queue gives the queue: it is made after the workers that work on it.
	Queue func() *jobs.Queue
	// Show shows those who watch a call what is proposed for it. It must not block.
	Show func(ringside.CallID, []*ringside.Proposal)
	Log  *slog.Logger
}

// Hand steps into calls.
type Hand struct {
	cfg Config
}

// New makes a hand.
func New(c Config) *Hand { return &Hand{c} }

// within bounds one order to a vendor.
const within = 15 * time.Second

// Order is something to do to a call.
type Order struct {
	By     string // who wants it, for the call's timeline
	Reason string
	Note   string
}

// Transfer is where a call is to go.
type Transfer struct {
	Order
	To      string // a queue's id or name, a number, or a SIP address
	Context string // what who takes it over should know
}

// Possible says whether something can be done to a call, and if not, why.
type Possible struct {
	Can bool
	Why string
}

// The actions.
const (
	Say      = "say"
	HandOver = "transfer"
	End      = "end"
	Listen   = "listen"
	unknown  = "Nobody knows how to reach this call's agent."
	codeDone = "call_ended"
)

// Can tells what can be done to a call by what its vendor can. Whether a key is
// there and the vendor obeys shows when it is tried.
func (h *Hand) Can(c *ringside.Call) map[string]Possible {
	x := h.cfg.Providers[c.Provider].Controls
	out := map[string]Possible{}
	for action, is := range map[string]bool{Say: x.Say != nil, HandOver: x.Transfer != nil, End: x.End != nil, Listen: x.Listen != nil} {
		p := Possible{Can: is}
		switch {
		case !is:
			p.Why = cmp.Or(x.Why[action], unknown)
		case x.ByURL && action != Listen && (c.Control == nil || c.Control.ControlURL == ""):
			p = Possible{Why: "The events of this call gave no address for orders."}
		}
		out[action] = p
	}
	return out
}

// Say has the agent say something.
func (h *Hand) Say(ctx context.Context, c *ringside.Call, o Order, message string) (string, error) {
	x := h.cfg.Providers[c.Provider].Controls
	if x.Say == nil {
		return "", h.cannot(c, Say)
	}
	return h.do(ctx, c, o, Say, "Said through the agent: "+message, map[string]any{"message": message}, func(ctx context.Context, on provider.Line) error {
		return x.Say(ctx, on, message)
	})
}

// End ends the call.
func (h *Hand) End(ctx context.Context, c *ringside.Call, o Order) (string, error) {
	x := h.cfg.Providers[c.Provider].Controls
	if x.End == nil {
		return "", h.cannot(c, End)
	}
	return h.do(ctx, c, o, End, "Ended by "+o.By, nil, x.End)
}

// Transfer hands the call to people.
func (h *Hand) Transfer(ctx context.Context, c *ringside.Call, t Transfer) (string, error) {
	x := h.cfg.Providers[c.Provider].Controls
	if x.Transfer == nil {
		return "", h.cannot(c, HandOver)
	}
	to, err := h.destination(ctx, c, t.To, time.Now())
	if err != nil {
		return "", err
	}
	to.Reason, to.Context = t.Reason, t.Context
	more := map[string]any{"to": cmp.Or(to.Number, to.SIP), "queue": to.Name, "context": t.Context}
	return h.do(ctx, c, t.Order, HandOver, "Transferred to "+cmp.Or(to.Name, to.Number, to.SIP), more, func(ctx context.Context, on provider.Line) error {
		return x.Transfer(ctx, on, to)
	})
}

// Listen says where a call can be heard.
func (h *Hand) Listen(ctx context.Context, c *ringside.Call) (provider.Audio, *http.Client, error) {
	x := h.cfg.Providers[c.Provider].Controls
	if x.Listen == nil {
		return provider.Audio{}, nil, h.cannot(c, Listen)
	}
	on, _, err := h.Line(ctx, c)
	if err != nil {
		return provider.Audio{}, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	a, err := x.Listen(ctx, on)
	return a, h.cfg.HTTP, told(err)
}

func (h *Hand) cannot(c *ringside.Call, action string) error {
	return ringside.Errorf(ringside.Conflict, "%s", cmp.Or(h.cfg.Providers[c.Provider].Controls.Why[action], unknown)).WithCode("not_possible")
}

// destination finds where a name leads to.
func (h *Hand) destination(ctx context.Context, c *ringside.Call, name string, now time.Time) (provider.Destination, error) {
	name = strings.TrimSpace(name)
	switch {
	case ringside.IsPhone(name):
		return provider.Destination{Number: name}, nil
	case ringside.IsSIP(name):
		return provider.Destination{SIP: name}, nil
	}
	var queues []*ringside.Queue
	err := h.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		queues, err = store.Queues(ctx, tx, c.WorkspaceID)
		return err
	})
	if err != nil {
		return provider.Destination{}, err
	}
	q := queueOf(queues, name)
	if q == nil {
		return provider.Destination{}, queueUnknown("/transferTo", name)
	}
	agent := ""
	if c.Agent != nil {
		agent = c.Agent.ID
	}
	switch {
	case !takes(q, agent):
		return provider.Destination{}, ringside.Errorf(ringside.Conflict, "this call's agent may not transfer to %s; allow it in Settings, Queues", q.Name).WithCode("transfer_not_configured")
	case !q.Hours.Open(now):
		return provider.Destination{}, ringside.Errorf(ringside.Conflict, "%s is closed until %s (%s); choose another queue, or give a number", q.Name, q.Hours.Next(now), cmp.Or(q.Hours.Timezone, "UTC")).WithCode("queue_closed")
	}
	return provider.Destination{Number: q.Number, SIP: q.SIP, Name: q.Name}, nil
}

// queueOf finds a queue by its id or name; nil without.
func queueOf(queues []*ringside.Queue, name string) *ringside.Queue {
	i := slices.IndexFunc(queues, func(q *ringside.Queue) bool { return q.ID == name || strings.EqualFold(q.Name, name) })
	if i < 0 {
		return nil
	}
	return queues[i]
}

// takes tells whether an agent may transfer to a queue.
func takes(q *ringside.Queue, agent string) bool {
	return len(q.Agents) == 0 || slices.Contains(q.Agents, agent)
}

func queueUnknown(field, name string) error {
	return ringside.Invalidf(field, "%q is no queue of this workspace, no number like +14155550123 and no SIP address", name).WithCode("queue_unknown")
}

// do gives an order and writes what came of it into the call's timeline. Once
// begun it goes through to the end, whoever has gone meanwhile: the vendor may
// have done it by then.
func (h *Hand) do(ctx context.Context, c *ringside.Call, o Order, action, title string, more map[string]any, give func(context.Context, provider.Line) error) (string, error) {
	on, _, err := h.Line(ctx, c)
	if err == nil {
		ordered, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
		err = told(give(ordered, on))
		cancel()
	}
	said := strings.TrimSuffix(title, ".") + "."
	if p := h.cfg.Providers[c.Provider]; err == nil && p.Controls.Unconfirmed {
		title = "Sent, not confirmed: " + title
		said = title + ". " + p.Name + " does not say whether it was done."
	}
	noted := h.note(context.WithoutCancel(ctx), c, o, action, title, more, err)
	if noted != nil {
		h.cfg.Log.ErrorContext(ctx, "an intervention is missing in its call's timeline", slog.String("call_id", c.ID.String()), slog.Any("error", noted))
	}
	return said, err
}

// told makes a vendor's refusal one of ours, with a kind that means the same to
// whoever asked: a key that the vendor refuses is not theirs.
func told(err error) error {
	e, ok := errors.AsType[*provider.ControlError](err)
	if !ok {
		return err
	}
	mine, _ := errors.AsType[*ringside.Error](err)
	out := ringside.Errorf(e.Kind, "%s", mine.Message).WithCode(mine.Code)
	switch e.Kind {
	case ringside.NotFound:
		out.Kind, out.Code = ringside.Conflict, codeDone
	case ringside.Unauthorized, ringside.Invalid:
		out.Kind = ringside.Conflict
	}
	return out
}

// Line is the way to a call's vendor, with the source whose key it has; without
// a key where no source has one.
func (h *Hand) Line(ctx context.Context, c *ringside.Call) (on provider.Line, source string, err error) {
	on = provider.Line{HTTP: h.cfg.HTTP, ProviderCallID: c.ProviderCallID, BaseURL: h.cfg.BaseURLs[c.Provider]}
	if c.Control != nil {
		on.ControlURL, on.ListenURL = c.Control.ControlURL, c.Control.ListenURL
	}
	err = h.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if c.Provider == ownCalls {
			on.Key, err = h.signingKey(ctx, tx, c)
			return err
		}
		on.Key, source, err = h.vendorKey(ctx, tx, c)
		return err
	})
	return on, source, err
}

// SourceLine is the way to the vendor of a source, for what is not about one
// call. It has no key when the source has none.
func (h *Hand) SourceLine(ctx context.Context, s *store.Source) (provider.Line, error) {
	on := provider.Line{HTTP: h.cfg.HTTP, BaseURL: h.cfg.BaseURLs[s.Provider]}
	err := h.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		keys, err := store.SourceKeys(ctx, tx, s.Workspace, s.Provider)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if k.SourceID == s.ID {
				plain, err := h.cfg.Secrets.Open(KeyPurpose(s.ID), k.Key)
				on.Key = string(plain)
				return lost(err)
			}
		}
		return nil
	})
	return on, err
}

// ownCalls is the provider of calls of a team's own agents.
const ownCalls = "custom"

// signingKey is what orders to an agent of the team's own are signed with: the
// secret of its webhooks.
func (h *Hand) signingKey(ctx context.Context, tx store.Tx, c *ringside.Call) (string, error) {
	if c.Agent == nil || c.Agent.ID == "" {
		return "", nil
	}
	a, err := store.Agent(ctx, tx, c.WorkspaceID, c.Agent.ID)
	if ringside.KindOf(err) == ringside.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	s, err := a.OpenSecrets(h.cfg.Secrets)
	return s.WebhookSecret, lost(err)
}

// vendorKey is the key of the source that the call came by, else of the first
// source of its vendor that has one.
func (h *Hand) vendorKey(ctx context.Context, tx store.Tx, c *ringside.Call) (key, source string, err error) {
	keys, err := store.SourceKeys(ctx, tx, c.WorkspaceID, c.Provider)
	if err != nil || len(keys) == 0 {
		return "", "", err
	}
	chosen := keys[0]
	if len(keys) > 1 {
		by, err := store.SourceOf(ctx, tx, c.ID)
		if err != nil {
			return "", "", err
		}
		for _, k := range keys {
			if k.SourceID == by {
				chosen = k
			}
		}
	}
	plain, err := h.cfg.Secrets.Open(KeyPurpose(chosen.SourceID), chosen.Key)
	return string(plain), chosen.SourceID, lost(err)
}

// KeyPurpose is what a source's key is sealed for.
func KeyPurpose(source string) string { return "source_key:" + source }

func lost(err error) error {
	if secret.Lost(err) {
		return ringside.Errorf(ringside.Conflict, "%s", err).WithCode("secret_lost")
	}
	return err
}

// note writes an intervention into the call's timeline.
func (h *Hand) note(ctx context.Context, c *ringside.Call, o Order, action, title string, more map[string]any, failed error) error {
	now := time.Now().UTC()
	span := &ringside.Span{Name: ringside.SpanIntervention, Title: title, Attributes: map[string]any{"action": action, "by": o.By}}
	for name, v := range map[string]string{"reason": o.Reason, "note": o.Note} {
		if v != "" {
			span.Attributes[name] = v
		}
	}
	for name, v := range more {
		if v != "" {
			span.Attributes[name] = v
		}
	}
	if failed != nil {
		span.Title, span.Error = "Not done: "+title, failed.Error()
	}
	if c.StartedAt != nil {
		span.StartMS = new(max(0, now.Sub(*c.StartedAt).Milliseconds()))
	}
	id := ringside.NewID("intervention", now)
	_, err := h.cfg.Ledger().Append(ctx, ledger.Envelope{
		Workspace: c.WorkspaceID, Provider: c.Provider, ReceivedAt: now,
		Events: []ringside.Event{{
			Provider: c.Provider, ProviderCallID: c.ProviderCallID, Name: id, Authority: ringside.Guess, At: now, ReceivedAt: now,
			Facts: ringside.Facts{Key: id, Ours: true, Span: span},
		}},
	})
	if err != nil {
		return fmt.Errorf("note intervention: %w", err)
	}
	return nil
}
