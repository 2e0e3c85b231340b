package connect

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// Hook is where the webhooks of one of the vendor's agents go.
type Hook struct {
	Agent  string `json:"agent_id" doc:"The agent's id at the vendor"`
	Name   string `json:"name"`
	URL    string `json:"url" doc:"Where its webhooks go; empty: nowhere of its own"`
	State  string `json:"state" enum:"here,elsewhere,unset,failed" doc:"here: to this source; elsewhere: to somebody else's address; failed: it could not be changed"`
	Reason string `json:"reason,omitempty" doc:"Why it could not be changed"`
}

// Hooks is what is known of a source's webhooks at its vendor.
type Hooks struct {
	Settable bool     `json:"settable" doc:"Whether Ringside can set them; else the steps are all there is"`
	Items    []Hook   `json:"items"`
	Steps    []string `json:"steps" doc:"What is to be done by hand, a sentence each"`
}

// The states of a hook.
const (
	here      = "here"
	elsewhere = "elsewhere"
	unset     = "unset"
	failed    = "failed"
)

// Hooks looks where the vendor of a source sends its webhooks; url is the
// source's own address.
func (c *Connector) Hooks(ctx context.Context, s *store.Source, url string) (*Hooks, provider.Line, error) {
	p := c.cfg.Providers[s.Provider]
	out := &Hooks{Settable: p.Pull.Hooks.Set != nil, Items: []Hook{}, Steps: append([]string{}, p.Pull.Hooks.Steps...)}
	on, err := c.cfg.Line(ctx, s)
	if err != nil || p.Pull.Hooks.Look == nil || on.Key == "" {
		return out, on, err
	}
	all, err := p.Pull.Hooks.Look(ctx, on)
	for _, h := range all {
		out.Items = append(out.Items, Hook{Agent: h.Agent, Name: cmp.Or(h.Name, h.Agent), URL: h.URL, State: stateOf(h.URL, url)})
	}
	slices.SortStableFunc(out.Items, func(a, b Hook) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return out, on, err
}

func stateOf(is, own string) string {
	switch is {
	case "":
		return unset
	case own:
		return here
	}
	return elsewhere
}

// SetHooks has the webhooks of some agents, or of all without any, go to the
// source. One that goes elsewhere is left unless replace says that it may be
// lost.
func (c *Connector) SetHooks(ctx context.Context, s *store.Source, url, secret string, agents []string, replace bool) (*Hooks, error) {
	out, on, err := c.Hooks(ctx, s, url)
	if err != nil {
		return nil, err
	}
	p := c.cfg.Providers[s.Provider]
	if !out.Settable {
		return nil, ringside.Errorf(ringside.Conflict, "%s's API sets no webhook; do the steps by hand", p.Name).WithCode("not_possible")
	}
	if _, err := on.NeedKey(p.Name); err != nil {
		return nil, err
	}
	for _, id := range agents {
		if !slices.ContainsFunc(out.Items, func(h Hook) bool { return h.Agent == id }) {
			return nil, ringside.Invalidf("/agents", "%q is no agent at %s; leave agents out to mean all", id, p.Name)
		}
	}
	for i := range out.Items {
		h := &out.Items[i]
		asked := len(agents) == 0 || slices.Contains(agents, h.Agent)
		if !asked || h.State == here || h.State == elsewhere && !replace {
			continue
		}
		if err := c.pace(ctx, &p.Pull); err != nil {
			return nil, err
		}
		if err := p.Pull.Hooks.Set(ctx, on, h.Agent, url, secret); err != nil {
			h.State, h.Reason = failed, err.Error()
			continue
		}
		h.URL, h.State = url, here
	}
	return out, nil
}
