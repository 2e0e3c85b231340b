package retell

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

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

const callsAtOnce = 100

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

// agent is one as the API lists it: each version by itself.
type agent struct {
	ID      string          `json:"agent_id"`
	Name    provider.Text   `json:"agent_name"`
	Version provider.Number `json:"version"`
	Voice   provider.Text   `json:"voice_id"`
	Webhook provider.Text   `json:"webhook_url"`
	Engine  struct {
		Type  provider.Text `json:"type"`
		LLMID provider.Text `json:"llm_id"`
	} `json:"response_engine"`
}

// agents lists the newest version of each agent.
func agents(ctx context.Context, on provider.Line) ([]agent, error) {
	var all []agent
	if err := ask(ctx, on, http.MethodGet, "/list-agents", nil, &all); err != nil {
		return nil, err
	}
	at := map[string]int{}
	var out []agent
	for _, a := range all {
		i, known := at[a.ID]
		switch {
		case strings.TrimSpace(a.ID) == "":
		case !known:
			at[a.ID] = len(out)
			out = append(out, a)
		case a.Version.Value > out[i].Version.Value:
			out[i] = a
		}
	}
	return out, nil
}

// listAgents lists agents with what their language models are told, which
// stands by itself. It is one page.
func listAgents(ctx context.Context, on provider.Line, _ string) (provider.AgentPage, error) {
	all, err := agents(ctx, on)
	if err != nil {
		return provider.AgentPage{}, err
	}
	var models []struct {
		ID      string          `json:"llm_id"`
		Version provider.Number `json:"version"`
		Model   provider.Text   `json:"model"`
		Speech  provider.Text   `json:"s2s_model"`
		Prompt  provider.Text   `json:"general_prompt"`
		States  json.RawMessage `json:"states"`
	}
	if err := ask(ctx, on, http.MethodGet, "/list-retell-llms", nil, &models); err != nil {
		return provider.AgentPage{}, err
	}
	page := provider.AgentPage{}
	for _, a := range all {
		v := provider.VendorAgent{ID: a.ID, Name: string(a.Name), Voice: string(a.Voice)}
		newest := -1.0
		for _, m := range models {
			if m.ID == string(a.Engine.LLMID) && m.Version.Value > newest {
				newest = m.Version.Value
				v.Model = first(string(m.Model), string(m.Speech))
				v.PromptHash = provider.PromptHash(string(m.Prompt) + string(m.States))
			}
		}
		page.Agents = append(page.Agents, v)
	}
	return page, nil
}

func lookHooks(ctx context.Context, on provider.Line) ([]provider.Hook, error) {
	all, err := agents(ctx, on)
	out := []provider.Hook{}
	for _, a := range all {
		out = append(out, provider.Hook{Agent: a.ID, Name: string(a.Name), URL: string(a.Webhook)})
	}
	return out, err
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
