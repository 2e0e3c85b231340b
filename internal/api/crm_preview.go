package api

import (
	"context"
	"errors"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/store"
)

// CRMPreviewRequest says what to preview.
type CRMPreviewRequest struct {
	CallID  string            `json:"call_id,omitempty" maxLength:"64" doc:"call_…, its UUID, or its short id; left out: the agent's newest call that has ended"`
	Mapping map[string]string `json:"crm_field_mapping,omitempty" doc:"In place of the agent's crmFieldMapping"`
}

// CRMPreview is the request that would write a call to a CRM. The CRM is not
// asked for it.
type CRMPreview struct {
	CRM    string          `json:"crm" enum:"hubspot,salesforce,custom"`
	CallID ringside.CallID `json:"call_id"`
	crm.Preview
}

type previewCRMInput struct {
	AgentPath
	Body *CRMPreviewRequest `required:"false"`
}

type previewCRMOutput struct {
	Body CRMPreview
}

func (s *Server) previewCRM(ctx context.Context, in *previewCRMInput) (*previewCRMOutput, error) {
	var asked CRMPreviewRequest
	if in.Body != nil {
		asked = *in.Body
	}
	var agent *store.AgentRow
	var call *ringside.Call
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if agent, err = store.Agent(ctx, tx, auth.From(ctx).WorkspaceID, in.ID); err != nil {
			return err
		}
		call, err = previewed(ctx, tx, agent, asked.CallID)
		return err
	})
	if err != nil {
		return nil, err
	}
	set := agent.Settings
	if asked.Mapping != nil {
		set.CRMFieldMapping = asked.Mapping
	}
	p, err := s.cfg.CRMs.Preview(call, &set, s.cfg.Pipeline.Link(call))
	if e, ok := errors.AsType[*ringside.Error](err); ok && asked.Mapping != nil {
		moved := *e // from where the settings have it to where this body has
		if rest, ok := strings.CutPrefix(e.Field, "/crmFieldMapping"); ok {
			moved.Field = "/crm_field_mapping" + rest
		}
		return nil, &moved
	}
	return &previewCRMOutput{CRMPreview{set.CRMProvider, call.ID, p}}, err
}

// previewed is the call that somebody names, or the agent's newest that has
// ended.
func previewed(ctx context.Context, tx store.Tx, agent *store.AgentRow, name string) (*ringside.Call, error) {
	ws := auth.From(ctx).WorkspaceID
	if name != "" {
		id, err := store.ResolveCall(ctx, tx, ws, name)
		if err != nil {
			return nil, err
		}
		return store.Call(ctx, tx, ws, id)
	}
	id, err := store.LastEnded(ctx, tx, ws, agent.ID)
	if err != nil {
		return nil, err
	}
	if id.IsZero() {
		return nil, ringside.Errorf(ringside.Conflict, "no call of this agent has ended yet: try again when one has, or name another call with call_id").WithCode("no_call")
	}
	return store.Call(ctx, tx, ws, id)
}
