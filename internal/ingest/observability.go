package ingest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ObservedAnswer is the answer of the observability API.
type ObservedAnswer struct {
	ID               string  `json:"id" doc:"The call, as a UUID"`
	CallShortID      string  `json:"call_short_id"`
	ProviderCallID   string  `json:"provider_call_id"`
	ProviderPlatform string  `json:"provider_platform"`
	Status           string  `json:"status" enum:"processed,ignored"`
	Message          string  `json:"message"`
	Action           string  `json:"action" enum:"created,updated,duplicate,ignored"`
	CallEvent        *string `json:"call_event"`
	Source           string  `json:"source" enum:"webhook"`
	AgentID          *string `json:"agent_id"`
	CreatedAt        string  `json:"created_at,omitempty"`
	UpdatedAt        string  `json:"updated_at,omitempty"`
}

// Observe serves POST /api/v1/observability/calls and, with the key in the
// path, …/calls/webhook/{key}.
func (d *Door) Observe(w http.ResponseWriter, r *http.Request) {
	d.observe(w, r, r.PathValue("key"), "")
}

// ObserveRetell serves POST …/calls/webhook/retell/{key}.
func (d *Door) ObserveRetell(w http.ResponseWriter, r *http.Request) {
	d.observe(w, r, r.PathValue("key"), "retell")
}

func (d *Door) observe(w http.ResponseWriter, r *http.Request, key, platform string) {
	started := time.Now()
	in := delivery{received: started.UTC(), fresh: true}
	p, err := d.byKey(r, key, in.received)
	if err == nil {
		in.workspace = p.WorkspaceID
		in.body, err = readBody(r, MaxBody)
	}
	if err == nil {
		err = d.recognise(&in, platform)
	}
	if err != nil {
		d.refuse(w, r, "observability", in.provider.ID, started, err)
		return
	}
	result, err := d.take(r.Context(), in)
	if err != nil {
		d.refuse(w, r, "observability", in.provider.ID, started, err)
		return
	}
	d.answer(w, "observability", in.provider.ID, started, statusOf(result.Action), observed(result))
}

func observed(r taken) ObservedAnswer {
	a := ObservedAnswer{
		CallShortID: r.ShortID, Status: "processed", Message: "Call ingested successfully", Action: string(r.Action), Source: "webhook",
	}
	if r.Action == ledger.Ignored {
		a.Status, a.Message = "ignored", r.Reason
	}
	if !r.CallID.IsZero() {
		a.ID = r.CallID.UUID()
	}
	if r.AgentID != "" {
		a.AgentID = &r.AgentID
	}
	if c := r.Call; c != nil {
		a.ProviderCallID, a.ProviderPlatform, a.CallEvent = c.ProviderCallID, c.Provider, &c.LastEvent
		a.CreatedAt, a.UpdatedAt = c.ReceivedAt.Format(time.RFC3339Nano), c.LastHeard().Format(time.RFC3339Nano)
	}
	return a
}

// shape is what tells one body from another.
type shape struct {
	Message          json.RawMessage `json:"message"`
	Event            json.RawMessage `json:"event"`
	Call             json.RawMessage `json:"call"`
	CallData         json.RawMessage `json:"call_data"`
	ID               json.RawMessage `json:"id"`
	ProviderPlatform *string         `json:"provider_platform"`
	ProviderCallID   provider.Text   `json:"provider_call_id"`
	AgentID          provider.Text   `json:"agent_id"`
}

// recognise says whose body it is: a vendor's own, or the flat one, or a call
// wrapped in call or call_data.
func (d *Door) recognise(in *delivery, platform string) error {
	if err := Check(in.body); err != nil {
		return err
	}
	in.checked = true
	var s shape
	if err := provider.Unmarshal(in.body, &s); err != nil {
		return err
	}
	if s.ProviderPlatform != nil && *s.ProviderPlatform != "" {
		platform = strings.ToLower(strings.TrimSpace(*s.ProviderPlatform))
	}
	call := s.Call
	if !object(call) {
		call = s.CallData
	}
	switch {
	case object(s.Message) && platform != "retell":
		in.provider = d.cfg.Providers["vapi"]
	case object(call) && (platform == "retell" || platform == "" && len(s.Event) > 0 && object(s.Call)):
		in.provider = d.cfg.Providers["retell"]
		if !object(s.Call) {
			return d.rewrap(in, map[string]any{"event": s.Event, "call": call})
		}
	case object(call):
		in.provider = d.cfg.Providers["external"]
		return d.flatten(in, &s, call, platform)
	case platform == "retell" && len(s.ID) == 0:
		return ringside.Invalidf("/call", "is required: Retell's webhook body has event and call")
	default:
		in.provider = d.cfg.Providers["external"]
	}
	return nil
}

func object(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && raw[0] == '{'
}

func (d *Door) rewrap(in *delivery, v map[string]any) error {
	for k, raw := range v {
		if m, ok := raw.(json.RawMessage); ok && len(m) == 0 {
			delete(v, k)
		}
	}
	body, err := json.Marshal(v)
	if err != nil {
		return ringside.Invalidf("/call", "can't be read: %v", err)
	}
	in.body = body
	return nil
}

// flatten makes a flat body of a call that stands in call or call_data beside
// its names.
func (d *Door) flatten(in *delivery, s *shape, call json.RawMessage, platform string) error {
	flat := map[string]any{}
	if err := provider.Unmarshal(call, &flat); err != nil {
		return err
	}
	for _, id := range []any{string(s.ProviderCallID), flat["call_id"], flat["id"]} {
		if text, ok := id.(string); ok && text != "" {
			flat["id"] = text
			break
		}
	}
	if _, ok := flat["id"]; !ok {
		return ringside.Invalidf("/provider_call_id", "is required (or call.call_id, or call.id)")
	}
	if s.AgentID != "" {
		flat["agent_id"] = string(s.AgentID)
	}
	if platform != "" {
		flat["provider_platform"] = platform
	}
	return d.rewrap(in, flat)
}
