package api

import (
	"context"
	"strings"

	"github.com/ringsidehq/ringside"
)

// ProviderView is a vendor that can be connected, and how.
type ProviderView struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Signs       bool     `json:"signs" doc:"Whether its deliveries can be verified with a secret"`
	Follows     bool     `json:"follows" doc:"Whether calls in progress are followed at the vendor, by a source's API key"`
	KeyGives    KeyGives `json:"key_gives" doc:"What a source's API key is good for"`
	SecretLabel string   `json:"secret_label" doc:"What the vendor calls the secret; empty when it signs nothing"`
	Steps       []string `json:"steps" doc:"What to do at the vendor's, a sentence each"`
}

// KeyGives is what a source's API key is good for.
type KeyGives struct {
	StepIn     bool `json:"step_in" doc:"Saying something, ending or transferring calls in progress"`
	Listen     bool `json:"listen" doc:"Hearing calls in progress"`
	Recordings bool `json:"recordings" doc:"Fetching recordings that the vendor gives to nobody else"`
	Agents     bool `json:"agents" doc:"Agents are listed, with their versions"`
	Calls      bool `json:"calls" doc:"Past calls are imported, and calls whose webhook never came are fetched"`
	Webhook    bool `json:"webhook" doc:"The webhook is set at the vendor"`
}

// keyGives tells by what the adapter can. Orders by a call's own address need
// no key.
func keyGives(p *ProviderInfo) KeyGives {
	x := &p.Controls
	return KeyGives{
		StepIn: !x.ByURL && (x.Say != nil || x.End != nil || x.Transfer != nil), Listen: !x.ByURL && x.Listen != nil,
		Recordings: p.Recordings.Base != "", Agents: p.Pull.Agents != nil, Calls: p.Pull.Can(), Webhook: p.Pull.Hooks.Set != nil,
	}
}

// ProviderList is every vendor that can be connected.
type ProviderList struct {
	Items []ProviderView `json:"items"`
}

type providersOutput struct {
	Body ProviderList
}

func (s *Server) listProviders(context.Context, *struct{}) (*providersOutput, error) {
	out := &providersOutput{ProviderList{[]ProviderView{}}}
	for _, p := range s.cfg.Providers {
		out.Body.Items = append(out.Body.Items, ProviderView{
			p.ID, p.Name, p.Verify != nil, p.Follow != nil, keyGives(&p), p.SecretLabel, append([]string{}, p.Steps...),
		})
	}
	return out, nil
}

// provider finds a vendor that webhooks may come from.
func (s *Server) provider(id string) (*ProviderInfo, error) {
	ids := make([]string, len(s.cfg.Providers))
	for i := range s.cfg.Providers {
		p := &s.cfg.Providers[i]
		if p.ID == id {
			return p, nil
		}
		ids[i] = p.ID
	}
	return nil, ringside.Invalidf("/provider", "%q is no provider; choose one of %s", id, strings.Join(ids, ", "))
}
