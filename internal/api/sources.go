package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/follow"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/intervene"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// SourceView is where a vendor's webhooks come in. It never holds the secret.
type SourceView struct {
	ID             string                `json:"id"`
	Provider       string                `json:"provider"`
	Name           string                `json:"name"`
	URL            string                `json:"url" doc:"What to paste at the vendor's. Empty for those who may only look: who knows it may send to it"`
	SecretSet      bool                  `json:"secret_set"`
	APIKeySet      bool                  `json:"api_key_set" doc:"There is a key by which the vendor takes orders for calls in progress"`
	AllowUnsigned  bool                  `json:"allow_unsigned" doc:"Takes deliveries from anybody who knows the URL, as long as no secret is set"`
	Verify         provider.HMAC         `json:"verify" doc:"How the vendor signs, where that can be configured"`
	CreatedAt      time.Time             `json:"created_at"`
	ForwardURL     string                `json:"forward_url" doc:"Where each delivery is passed on to; its answer is the vendor's. Empty when nowhere, and for those who may only look"`
	Forwarding     *ingest.Forwarding    `json:"forwarding,omitempty" doc:"How passing on goes, as this server has seen it since its start; left out when nothing is passed on"`
	Following      *follow.State         `json:"following,omitempty" doc:"How calls in progress are followed at the vendor, as this server has seen it since its start; left out where the vendor's webhooks are all there is, and without an API key"`
	Import         *store.Import         `json:"import,omitempty" doc:"How far the import of past calls is; left out when there was none"`
	Reconciliation *store.Reconciliation `json:"reconciliation,omitempty" doc:"How comparing calls with the vendor's goes; left out before the first time"`
	store.SourceTraffic
}

// view shows a source, without what came by it.
func (s *Server) sourceView(ctx context.Context, src *store.Source) (*SourceView, error) {
	v := &SourceView{
		ID: src.ID, Provider: src.Provider, Name: src.Name, SecretSet: len(src.Secret) > 0,
		AllowUnsigned: src.AllowUnsigned, CreatedAt: src.CreatedAt,
	}
	if auth.From(ctx).Scope.Allows(admin) {
		v.URL = s.cfg.PublicURL + "/webhooks/" + src.Provider + "/" + src.Token
		v.ForwardURL = src.ForwardURL
	}
	if src.ForwardURL != "" {
		v.Forwarding = new(s.cfg.Ingest.Forwarding(src.ID))
	}
	if err := json.Unmarshal([]byte(src.HMAC), &v.Verify); err != nil {
		return nil, fmt.Errorf("decode signature settings of source %s: %w", src.ID, err)
	}
	return v, nil
}

// keyed says whether a source has an API key, and what follows from it.
func (s *Server) keyed(v *SourceView, is bool) {
	v.APIKeySet = is
	if p, err := s.provider(v.Provider); err == nil && is && p.Follow != nil && s.cfg.Follow != nil {
		v.Following = new(s.cfg.Follow.Of(v.ID))
	}
}

// SourceList is the sources of a workspace, oldest first.
type SourceList struct {
	Items []*SourceView `json:"items"`
}

type sourcesOutput struct {
	Body SourceList
}

func (s *Server) listSources(ctx context.Context, _ *struct{}) (*sourcesOutput, error) {
	out := &sourcesOutput{SourceList{[]*SourceView{}}}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		rows, err := store.Sources(ctx, tx, auth.From(ctx).WorkspaceID)
		if err != nil {
			return err
		}
		keys, err := sourceKeys(ctx, tx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			v, err := s.sourceView(ctx, row)
			if err != nil {
				return err
			}
			s.keyed(v, keys[row.ID])
			if err := s.connected(ctx, tx, v); err != nil {
				return err
			}
			if v.SourceTraffic, err = store.TrafficOf(ctx, tx, row.ID); err != nil {
				return err
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		return nil
	})
	return out, err
}

// SourceCreate is a source to make.
type SourceCreate struct {
	Provider      string         `json:"provider" maxLength:"40" doc:"An id of GET /v1/providers"`
	Name          string         `json:"name,omitempty" maxLength:"200" doc:"The provider's without"`
	Secret        string         `json:"secret,omitempty" maxLength:"4096" doc:"What the vendor signs with. It is never shown again"`
	APIKey        string         `json:"api_key,omitempty" maxLength:"4096" doc:"The vendor's API key, to step into calls in progress, to follow them, to import past calls and to keep in step; GET /v1/providers says what it gives. It is never shown again. Twilio: the account's SID, a colon, the auth token"`
	AllowUnsigned bool           `json:"allow_unsigned,omitempty" doc:"Take deliveries without a signature while there is no secret"`
	HMAC          *provider.HMAC `json:"hmac,omitempty" doc:"How the vendor signs, where that can be configured"`
	ForwardURL    string         `json:"forward_url,omitempty" maxLength:"2048" doc:"Your own endpoint: each delivery is passed on to it as it came, and its answer is given to the vendor"`
}

type createSourceInput struct {
	Body SourceCreate
}

type sourceOutput struct {
	Body *SourceView
}

func (s *Server) createSource(ctx context.Context, in *createSourceInput) (*sourceOutput, error) {
	b := &in.Body
	p, err := s.provider(b.Provider)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	src := &store.Source{
		ID: ringside.NewID("src", now), Workspace: auth.From(ctx).WorkspaceID, Provider: p.ID,
		Token: strings.ToLower(rand.Text()), HMAC: "{}", CreatedAt: now,
	}
	patch := SourcePatch{Name: new(cmp.Or(b.Name, p.Name)), Secret: &b.Secret, AllowUnsigned: &b.AllowUnsigned, HMAC: b.HMAC, ForwardURL: &b.ForwardURL}
	if err := s.editSource(p, src, &patch); err != nil {
		return nil, err
	}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertSource(ctx, tx, src); err != nil {
			return err
		}
		if err := s.putSourceKey(ctx, tx, src, &b.APIKey); err != nil {
			return err
		}
		return audit(ctx, tx, "source.create", named(src.Name, src.ID))
	})
	if err != nil {
		return nil, err
	}
	s.cfg.Ingest.SourceChanged(src)
	v, err := s.sourceView(ctx, src)
	if v != nil {
		s.keyed(v, strings.TrimSpace(b.APIKey) != "")
	}
	return &sourceOutput{v}, err
}

// SourcePatch is what of a source is to be changed; what is left out stays.
type SourcePatch struct {
	Name          *string        `json:"name,omitempty" maxLength:"200"`
	Secret        *string        `json:"secret,omitempty" maxLength:"4096" doc:"Empty removes it"`
	APIKey        *string        `json:"api_key,omitempty" maxLength:"4096" doc:"Empty removes it"`
	AllowUnsigned *bool          `json:"allow_unsigned,omitempty"`
	HMAC          *provider.HMAC `json:"hmac,omitempty" doc:"Replaces all of the settings"`
	ForwardURL    *string        `json:"forward_url,omitempty" maxLength:"2048" doc:"Empty: no more"`
}

type patchSourceInput struct {
	IDPath
	Body SourcePatch
}

func (s *Server) patchSource(ctx context.Context, in *patchSourceInput) (*sourceOutput, error) {
	out := &sourceOutput{}
	var src *store.Source
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if src, err = store.SourceByID(ctx, tx, auth.From(ctx).WorkspaceID, in.ID); err != nil {
			return err
		}
		p, err := s.provider(src.Provider)
		if err != nil {
			return err
		}
		if err := s.editSource(p, src, &in.Body); err != nil {
			return err
		}
		if err := store.UpdateSource(ctx, tx, src); err != nil {
			return err
		}
		if err := s.putSourceKey(ctx, tx, src, in.Body.APIKey); err != nil {
			return err
		}
		if out.Body, err = s.sourceView(ctx, src); err != nil {
			return err
		}
		keys, err := sourceKeys(ctx, tx)
		if err != nil {
			return err
		}
		s.keyed(out.Body, keys[src.ID])
		if err := s.connected(ctx, tx, out.Body); err != nil {
			return err
		}
		if out.Body.SourceTraffic, err = store.TrafficOf(ctx, tx, src.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "source.update", named(src.Name, src.ID))
	})
	if err == nil {
		s.cfg.Ingest.SourceChanged(src)
	}
	return out, err
}

func (s *Server) deleteSource(ctx context.Context, in *IDPath) (*struct{}, error) {
	var src *store.Source
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if src, err = store.DeleteSource(ctx, tx, auth.From(ctx).WorkspaceID, in.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "source.delete", named(src.Name, src.ID))
	})
	if err == nil {
		s.cfg.Ingest.SourceGone(src)
	}
	return nil, err
}

// editSource applies a patch, seals the secret and refuses a source that
// could verify nothing without saying so.
func (s *Server) editSource(p *ProviderInfo, src *store.Source, b *SourcePatch) (err error) {
	if b.Name != nil {
		if src.Name, err = auth.CheckName(*b.Name); err != nil {
			return err
		}
	}
	if b.HMAC != nil {
		if err := checkHMAC(b.HMAC, b.Secret); err != nil {
			return err
		}
		text, err := json.Marshal(b.HMAC)
		if err != nil {
			return fmt.Errorf("encode signature settings: %w", err)
		}
		src.HMAC = string(text)
	}
	if b.AllowUnsigned != nil {
		src.AllowUnsigned = *b.AllowUnsigned
	}
	if b.ForwardURL != nil {
		if err := s.setForward(src, strings.TrimSpace(*b.ForwardURL)); err != nil {
			return err
		}
	}
	if b.Secret != nil {
		src.Secret = nil
		// A secret pasted with its line's end is the commonest reason for
		// signatures that don't match.
		if plain := strings.TrimSpace(*b.Secret); plain != "" {
			src.Secret = s.cfg.Secrets.Seal("source:"+src.ID, []byte(plain))
		}
	}
	return checkVerifiable(p, src)
}

// putSourceKey seals and keeps the vendor's API key of a body; nil leaves the
// one that is there.
func (s *Server) putSourceKey(ctx context.Context, tx store.Tx, src *store.Source, key *string) error {
	if key == nil {
		return nil
	}
	var sealed []byte
	if plain := strings.TrimSpace(*key); plain != "" {
		sealed = s.cfg.Secrets.Seal(intervene.KeyPurpose(src.ID), []byte(plain))
	}
	if err := store.PutSourceKey(ctx, tx, src.Workspace, src.ID, sealed); err != nil || len(sealed) == 0 || s.cfg.Connect == nil {
		return err
	}
	return s.cfg.Connect.Ask(ctx, tx, src) // the agents, and what was missed, at once
}

// sourceKeys tells which sources of the workspace have an API key.
func sourceKeys(ctx context.Context, tx store.Tx) (map[string]bool, error) {
	keys, err := store.SourceKeys(ctx, tx, auth.From(ctx).WorkspaceID, "")
	out := map[string]bool{}
	for _, k := range keys {
		out[k.SourceID] = true
	}
	return out, err
}

// setForward sets where deliveries are passed on to. A way back here would be
// a circle.
func (s *Server) setForward(src *store.Source, url string) error {
	if err := s.checkURL("/forward_url", src.ForwardURL, url); err != nil {
		return err
	}
	if strings.HasPrefix(url, s.cfg.PublicURL+"/webhooks/") {
		return ringside.Invalidf("/forward_url", "leads back to Ringside; give the address of your own endpoint")
	}
	src.ForwardURL = url
	return nil
}

func checkVerifiable(p *ProviderInfo, src *store.Source) error {
	has := len(src.Secret) > 0
	switch {
	case has && p.Verify == nil:
		return ringside.Invalidf("/secret", "%s signs nothing, so a secret would verify nothing; leave it out and set allow_unsigned", p.Name)
	case !has && p.Verify == nil && !src.AllowUnsigned:
		return ringside.Invalidf("/allow_unsigned", "%s signs nothing; set allow_unsigned to take deliveries from anybody who knows the URL", p.Name)
	case !has && !src.AllowUnsigned:
		return ringside.Invalidf("/secret", "a secret is needed to tell that deliveries come from %s (%s); or set allow_unsigned to take them from anybody who knows the URL", p.Name, cmp.Or(p.SecretLabel, "its signing secret"))
	}
	return nil
}

func checkHMAC(h *provider.HMAC, secret *string) error {
	switch h.Algorithm {
	case "", "sha256", "sha512", "sha1":
	default:
		return ringside.Invalidf("/hmac/algorithm", "%q is not known; choose sha256, sha512 or sha1", h.Algorithm)
	}
	switch h.Encoding {
	case "", "hex", "base64":
	default:
		return ringside.Invalidf("/hmac/encoding", "%q is not known; choose hex or base64", h.Encoding)
	}
	if h.SecretIsBase64 && secret != nil {
		if _, err := base64.StdEncoding.DecodeString(strings.TrimSpace(*secret)); err != nil {
			return ringside.Invalidf("/secret", "is not base64, as secret_is_base64 says")
		}
	}
	return nil
}
