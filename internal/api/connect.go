package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/connect"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// connected fills in what reading at the source's vendor has come to.
func (s *Server) connected(ctx context.Context, tx store.Tx, v *SourceView) (err error) {
	ws := auth.From(ctx).WorkspaceID
	if v.Import, err = store.ImportOf(ctx, tx, ws, v.ID); err != nil {
		return err
	}
	v.Reconciliation, err = store.ReconciliationOf(ctx, tx, ws, v.ID)
	return err
}

// aSource loads a source of the asker's workspace.
func (s *Server) aSource(ctx context.Context, id string) (src *store.Source, err error) {
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		src, err = store.SourceByID(ctx, tx, auth.From(ctx).WorkspaceID, id)
		return err
	})
	return src, err
}

// ImportStart is which past calls to import.
type ImportStart struct {
	Days int `json:"days,omitempty" minimum:"1" maximum:"365" doc:"How far back; 30 without"`
}

type startImportInput struct {
	IDPath
	Body ImportStart
}

type importOutput struct {
	Body *store.Import
}

const importDays = 30

func (s *Server) startImport(ctx context.Context, in *startImportInput) (*importOutput, error) {
	days := in.Body.Days
	if days == 0 {
		days = importDays
	}
	src, err := s.aSource(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.provider(src.Provider); err != nil {
		return nil, err
	}
	out := &importOutput{}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		keys, err := sourceKeys(ctx, tx)
		if err != nil {
			return err
		}
		if !keys[src.ID] {
			return ringside.Errorf(ringside.Conflict, "past calls are read with the vendor's API key; give the source one first").WithCode("not_configured")
		}
		if out.Body, err = s.cfg.Connect.Begin(ctx, tx, src, days); err != nil {
			return err
		}
		return audit(ctx, tx, "source.import", named(src.Name, src.ID))
	})
	return out, err
}

func (s *Server) stopImport(ctx context.Context, in *IDPath) (*struct{}, error) {
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		ws := auth.From(ctx).WorkspaceID
		src, err := store.SourceByID(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if err := store.StopImport(ctx, tx, ws, src.ID, time.Now()); err != nil {
			return err
		}
		return audit(ctx, tx, "source.import_stop", named(src.Name, src.ID))
	})
	return nil, err
}

type hooksOutput struct {
	Body *connect.Hooks
}

func (s *Server) sourceHooks(ctx context.Context, in *IDPath) (*hooksOutput, error) {
	src, err := s.aSource(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	hooks, _, err := s.cfg.Connect.Hooks(ctx, src, s.hookURL(src))
	return &hooksOutput{hooks}, err
}

// HookSet is which agents' webhooks are to come to a source.
type HookSet struct {
	Agents  []string `json:"agents,omitempty" maxItems:"1000" doc:"The agents' ids at the vendor; all of them without"`
	Replace bool     `json:"replace,omitempty" doc:"Also take those over that go elsewhere now: whoever got them gets none any more"`
}

type setHooksInput struct {
	IDPath
	Body HookSet
}

func (s *Server) setSourceHooks(ctx context.Context, in *setHooksInput) (*hooksOutput, error) {
	src, err := s.aSource(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	secret := []byte{}
	if len(src.Secret) > 0 {
		var scheme provider.HMAC
		if err := json.Unmarshal([]byte(src.HMAC), &scheme); err != nil {
			return nil, fmt.Errorf("decode signature settings of source %s: %w", src.ID, err)
		}
		if scheme.Enabled { // the secret would be sent in the open, and what came with it be refused
			return nil, ringside.Errorf(ringside.Conflict, "this source takes signed deliveries alone, and the vendor's API sets no signature; do the steps by hand, or switch the source's signature off").WithCode("not_possible")
		}
		if secret, err = s.cfg.Secrets.Open("source:"+src.ID, src.Secret); err != nil {
			return nil, fmt.Errorf("unseal secret of source %s: %w", src.ID, err)
		}
	}
	hooks, err := s.cfg.Connect.SetHooks(ctx, src, s.hookURL(src), string(secret), in.Body.Agents, in.Body.Replace)
	if err != nil {
		return nil, err
	}
	return &hooksOutput{hooks}, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		return audit(ctx, tx, "source.webhook", named(src.Name, src.ID))
	})
}

// hookURL is where the vendor is to send a source's webhooks.
func (s *Server) hookURL(src *store.Source) string {
	return s.cfg.PublicURL + "/webhooks/" + src.Provider + "/" + src.Token
}

type completenessInput struct {
	IDPath
	From string `query:"from" doc:"RFC 3339, or Unix seconds or milliseconds; 30 days ago without"`
	To   string `query:"to" doc:"The same, exclusive; now without"`
}

// CompletenessView is how much of its calls a source brought.
type CompletenessView struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	store.Completeness
}

type completenessOutput struct {
	Body CompletenessView
}

func (s *Server) completeness(ctx context.Context, in *completenessInput) (*completenessOutput, error) {
	from, err := moment("from", in.From)
	if err != nil {
		return nil, err
	}
	to, err := moment("to", in.To)
	if err != nil {
		return nil, err
	}
	if to.IsZero() {
		to = time.Now().UTC()
	}
	if from.IsZero() {
		from = to.AddDate(0, 0, -importDays)
	}
	out := &completenessOutput{CompletenessView{From: from, To: to}}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		src, err := store.SourceByID(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		if err == nil {
			out.Body.Completeness, err = store.CompletenessOf(ctx, tx, src, from, to)
		}
		return err
	})
}

// AgentVersionList is what an agent was, the newest first.
type AgentVersionList struct {
	Items []*store.AgentVersion `json:"items"`
}

type agentVersionsOutput struct {
	Body AgentVersionList
}

func (s *Server) agentVersions(ctx context.Context, in *IDPath) (*agentVersionsOutput, error) {
	out := &agentVersionsOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		ws := auth.From(ctx).WorkspaceID
		_, err := store.Agent(ctx, tx, ws, in.ID)
		if err == nil {
			out.Body.Items, err = store.AgentVersions(ctx, tx, ws, in.ID)
		}
		return err
	})
}
