package ingest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// callLog is the envelope of the call-log API: which vendor's body it holds.
type callLog struct {
	Provider        *string         `json:"provider"`
	Metadata        ringside.Values `json:"metadata"`
	Payload         json.RawMessage `json:"payload"`
	ExternalAgentID provider.Text   `json:"externalAgentId"`
}

// CallLogAnswer is the answer of the call-log API.
type CallLogAnswer struct {
	Success bool    `json:"success"`
	ID      *string `json:"id" doc:"Ours: call_…"`
	CallID  *string `json:"callId" doc:"The provider's"`
	AgentID *string `json:"agentId" doc:"The agent that the call is linked to; null when none is named"`
	Action  string  `json:"action" enum:"created,updated,duplicate,ignored"`
	Reason  string  `json:"reason,omitempty" doc:"Why the body was ignored"`
}

// CallLogs serves POST /api/rest/v2/call-logs.
func (d *Door) CallLogs(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	now := started.UTC()
	in, err := d.readCallLog(r, now)
	if err != nil {
		d.refuse(w, r, "call_logs", in.provider.ID, started, err)
		return
	}
	result, err := d.take(r.Context(), in)
	if err != nil {
		d.refuse(w, r, "call_logs", in.provider.ID, started, underPayload(err))
		return
	}
	a := CallLogAnswer{Success: true, Action: string(result.Action), Reason: result.Reason}
	if !result.CallID.IsZero() {
		a.ID = new(result.CallID.String())
	}
	if result.Call != nil {
		a.CallID = &result.Call.ProviderCallID
	}
	if result.AgentID != "" {
		a.AgentID = &result.AgentID
	}
	d.answer(w, "call_logs", in.provider.ID, started, statusOf(result.Action), a)
}

// statusOf is the HTTP status of a delivery that was taken.
func statusOf(a ledger.Action) int {
	switch a {
	case ledger.Ignored:
		return http.StatusOK
	case ledger.Quarantined:
		return http.StatusAccepted
	}
	return http.StatusCreated
}

func (d *Door) readCallLog(r *http.Request, now time.Time) (delivery, error) {
	in := delivery{received: now, fresh: true}
	p, err := d.byKey(r, "", now)
	if err != nil {
		return in, err
	}
	in.workspace = p.WorkspaceID
	body, err := readBody(r, MaxBody)
	if err != nil {
		return in, err
	}
	if err := Check(body); err != nil {
		return in, err
	}
	var log callLog
	if err := provider.Unmarshal(body, &log); err != nil {
		return in, err
	}
	if log.Provider == nil || *log.Provider == "" {
		return in, ringside.Invalidf("/provider", "is required: retell, vapi or custom")
	}
	row, ok := d.cfg.Providers[*log.Provider]
	if !ok || row.Decode == nil || row.ID == liveID { // a body of live events does not say of which call it is
		return in, ringside.Invalidf("/provider", "%q is not known here; send retell, vapi or custom", *log.Provider)
	}
	in.provider = row
	if payload := bytes.TrimSpace(log.Payload); len(payload) == 0 || payload[0] != '{' {
		return in, ringside.Invalidf("/payload", "is required: the provider's webhook body, an object")
	}
	in.body, in.checked = log.Payload, true
	in.context = store.DeliveryContext{LinkedAgent: string(log.ExternalAgentID), Metadata: log.Metadata}
	if name, ok := log.Metadata["agent_name"].(string); ok {
		in.context.AgentName = name
	} else if name, ok := log.Metadata["agent"].(string); ok {
		in.context.AgentName = name
	}
	return in, nil
}

// underPayload makes a decoder's pointer one into the envelope.
func underPayload(err error) error {
	if e, ok := err.(*ringside.Error); ok && e.Kind == ringside.Invalid { //nolint:errorlint // only the decoder's own error, unwrapped, has a field of the payload
		moved := *e
		moved.Field = "/payload" + e.Field
		return &moved
	}
	return err
}
