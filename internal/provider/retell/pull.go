package retell

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// pull lists calls without what was said in them, so each is read by itself.
// The list is asked for by the start of the call: one that never connected has
// none, and is not in it.
var pull = provider.Pull{
	Agents: listAgents, Calls: listCalls, Call: readCall, Pace: 100 * time.Millisecond,
	Hooks: provider.Hooks{Look: lookHooks, Set: setHook, Steps: []string{
		"Retell signs with the API key that has the webhook badge: give this source that key as its secret.",
		"An agent's webhook is in force from its next version that is published.",
	}},
}

const (
	callsAtOnce  = 100
	agentsAtOnce = "20" // each is read by itself
)

func listCalls(ctx context.Context, on provider.Line, span provider.Span) (provider.CallPage, error) {
	asked := map[string]any{
		"filter_criteria": map[string]any{
			"start_timestamp": map[string]any{"type": "range", "op": "bt", "value": []int64{span.From.UnixMilli(), span.To.UnixMilli()}},
		},
		"limit": callsAtOnce, "sort_order": "descending",
	}
	if span.Cursor != "" {
		asked["pagination_key"] = span.Cursor
	}
	var answer struct {
		Items []struct {
			CallID         string          `json:"call_id"`
			CallStatus     provider.Text   `json:"call_status"`
			StartTimestamp provider.Number `json:"start_timestamp"`
			EndTimestamp   provider.Number `json:"end_timestamp"`
		} `json:"items"`
		HasMore bool          `json:"has_more"`
		Next    provider.Text `json:"pagination_key"`
	}
	if err := ask(ctx, on, http.MethodPost, "/v3/list-calls", asked, &answer); err != nil {
		return provider.CallPage{}, err
	}
	page := provider.CallPage{}
	for i, c := range answer.Items {
		if c.CallID == "" {
			return page, provider.Unread(name, i)
		}
		ended := c.CallStatus == "ended" || c.CallStatus == "error" || c.CallStatus == "not_connected"
		page.Calls = append(page.Calls, provider.Listed{ID: c.CallID, Began: c.StartTimestamp.Time(), Ended: ended, Over: c.EndTimestamp.Time()})
	}
	if answer.HasMore && len(answer.Items) > 0 {
		page.Next = string(answer.Next)
		if page.Next == "" {
			page.Next = answer.Items[len(answer.Items)-1].CallID
		}
	}
	return page, nil
}

func readCall(ctx context.Context, on provider.Line, id string) ([]byte, error) {
	var body json.RawMessage
	err := ask(ctx, on, http.MethodGet, "/v2/get-call/{}", nil, &body, id)
	return body, err
}

// agent is one as the API shows it: its newest version.
type agent struct {
	ID      string        `json:"agent_id"`
	Name    provider.Text `json:"agent_name"`
	Version provider.Text `json:"version"`
	Voice   provider.Text `json:"voice_id"`
	Webhook provider.Text `json:"webhook_url"`
	Engine  struct {
		LLMID   provider.Text `json:"llm_id"`
		Version provider.Text `json:"version"`
	} `json:"response_engine"`
}

// agents reads a page of the agents that speak. The list has their names alone,
// so each is read by itself; one that is gone by then is passed over.
func agents(ctx context.Context, on provider.Line, cursor string) (page []agent, next string, err error) {
	query := url.Values{"limit": {agentsAtOnce}}
	if cursor != "" {
		query.Set("pagination_key", cursor)
	}
	asked := map[string]any{"filter_criteria": map[string]any{
		"channel": map[string]string{"type": "string", "op": "eq", "value": "voice"},
	}}
	var answer struct {
		Items []struct {
			ID string `json:"agent_id"`
		} `json:"items"`
		HasMore bool          `json:"has_more"`
		Next    provider.Text `json:"pagination_key"`
	}
	if err := ask(ctx, on, http.MethodPost, "/v2/list-agents?"+query.Encode(), asked, &answer); err != nil {
		return nil, "", err
	}
	for _, item := range answer.Items {
		var a agent
		err := ask(ctx, on, http.MethodGet, "/get-agent/{}", nil, &a, item.ID)
		switch {
		case ringside.KindOf(err) == ringside.NotFound:
			continue
		case err != nil:
			return nil, "", err
		}
		a.ID = item.ID
		page = append(page, a)
	}
	if answer.HasMore {
		next = string(answer.Next)
	}
	return page, next, nil
}

// listAgents lists agents with what their language models are told, which
// stands by itself.
func listAgents(ctx context.Context, on provider.Line, cursor string) (provider.AgentPage, error) {
	all, next, err := agents(ctx, on, cursor)
	if err != nil {
		return provider.AgentPage{}, err
	}
	page := provider.AgentPage{Next: next}
	for _, a := range all {
		v := provider.VendorAgent{ID: a.ID, Name: string(a.Name), Voice: string(a.Voice), Version: string(a.Version)}
		if err := readModel(ctx, on, &a, &v); err != nil {
			return provider.AgentPage{}, err
		}
		page.Agents = append(page.Agents, v)
	}
	return page, nil
}

// readModel reads the language model of an agent that has one of Retell's, in
// the version that the agent speaks by.
func readModel(ctx context.Context, on provider.Line, a *agent, v *provider.VendorAgent) error {
	if a.Engine.LLMID == "" {
		return nil
	}
	path := "/get-retell-llm/{}"
	if a.Engine.Version != "" {
		path += "?" + url.Values{"version": {string(a.Engine.Version)}}.Encode()
	}
	var m struct {
		Model  provider.Text   `json:"model"`
		Speech provider.Text   `json:"s2s_model"`
		Prompt provider.Text   `json:"general_prompt"`
		States json.RawMessage `json:"states"`
	}
	err := ask(ctx, on, http.MethodGet, path, nil, &m, string(a.Engine.LLMID))
	if ringside.KindOf(err) == ringside.NotFound {
		return nil
	}
	v.Model = first(string(m.Model), string(m.Speech))
	if !given(m.States) {
		m.States = nil
	}
	v.PromptHash = provider.PromptHash(string(m.Prompt) + string(m.States))
	return err
}

func lookHooks(ctx context.Context, on provider.Line) ([]provider.Hook, error) {
	out := []provider.Hook{}
	for cursor := ""; ; {
		page, next, err := agents(ctx, on, cursor)
		if err != nil {
			return out, err
		}
		for _, a := range page {
			out = append(out, provider.Hook{Agent: a.ID, Name: string(a.Name), URL: string(a.Webhook)})
		}
		if cursor = next; cursor == "" {
			return out, nil
		}
	}
}

// setHook sets an agent's webhook. Retell signs with a key of its own, so there
// is no secret to set.
func setHook(ctx context.Context, on provider.Line, id, hook, _ string) error {
	var answer json.RawMessage
	return ask(ctx, on, http.MethodPatch, "/update-agent/{}", map[string]string{"webhook_url": hook}, &answer, id)
}

// ask puts a question to Retell's API; body nil for none.
func ask(ctx context.Context, on provider.Line, method, path string, body, v any, ids ...string) error {
	to, err := on.At(name, base, path, ids...)
	if err != nil {
		return err
	}
	o, err := on.Get(name, to, provider.Bearer)
	if err != nil {
		return err
	}
	o.Method, o.JSON = method, body
	return o.Ask(ctx, on, v)
}
