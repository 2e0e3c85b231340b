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
	SecretLabel string   `json:"secret_label" doc:"What the vendor calls the secret; empty when it signs nothing"`
	Steps       []string `json:"steps" doc:"What to do at the vendor's, a sentence each"`
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
			p.ID, p.Name, p.Verify != nil, p.Follow != nil, p.SecretLabel, append([]string{}, p.Steps...),
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
