package vapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
)

// pull lists calls whole. Vapi has no cursor: a page ends at a moment, and the
// next is asked for from that moment on, so that none of the calls made in it is
// passed over; those that were on the page before are left out.
var pull = provider.Pull{
	Agents: listAssistants, Calls: listCalls, Pace: 250 * time.Millisecond,
	Hooks: provider.Hooks{Look: lookHooks, Set: setHook, Steps: []string{
		"Under Server Messages of each assistant choose at least status-update and end-of-call-report.",
		"Give the assistant's server the secret that this source has, as a bearer token or in X-Vapi-Secret.",
	}},
}

const (
	base = "https://api.vapi.ai"
	// callsAtOnce keeps a page of long calls within what is read of an answer.
	callsAtOnce      = 50
	mostAtOnce       = 1000 // that Vapi lists
	assistantsAtOnce = 100
	between          = "|" // parts of a cursor
)

func listCalls(ctx context.Context, on provider.Line, span provider.Span) (provider.CallPage, error) {
	at, seen := readCursor(span.Cursor)
	query := url.Values{
		"limit":       {strconv.Itoa(min(callsAtOnce+len(seen), mostAtOnce))}, // so that those before leave room
		"createdAtGe": {provider.Milli(span.From)}, "createdAtLt": {provider.Milli(span.To)},
	}
	if at != "" {
		query.Del("createdAtLt")
		query.Set("createdAtLe", at)
	}
	var items []json.RawMessage
	if err := ask(ctx, on, "/call?"+query.Encode(), &items); err != nil {
		return provider.CallPage{}, err
	}
	page := provider.CallPage{}
	for i, raw := range items {
		var c struct {
			ID        string          `json:"id"`
			Status    provider.Text   `json:"status"`
			CreatedAt provider.Moment `json:"createdAt"`
			EndedAt   provider.Moment `json:"endedAt"`
		}
		if provider.Unmarshal(raw, &c) != nil || c.ID == "" {
			return page, provider.Unread(name, i)
		}
		if !slices.Contains(seen, c.ID) {
			page.Calls = append(page.Calls, provider.Listed{ID: c.ID, Began: c.CreatedAt.Time, Ended: c.Status == "ended", Over: c.EndedAt.Time, Body: raw})
		}
	}
	if len(items) >= callsAtOnce && len(page.Calls) > 0 {
		page.Next = cursor(page.Calls, at, seen)
	}
	return page, nil
}

// cursor is the moment of a page's oldest call, with the calls made in it: the
// next page has them too.
func cursor(calls []provider.Listed, at string, seen []string) string {
	oldest := slices.MinFunc(calls, func(a, b provider.Listed) int { return a.Began.Compare(b.Began) })
	next := []string{provider.Milli(oldest.Began)}
	if next[0] == at {
		next = append(next, seen...)
	}
	for _, c := range calls {
		if provider.Milli(c.Began) == next[0] {
			next = append(next, c.ID)
		}
	}
	return strings.Join(next, between)
}

func readCursor(s string) (at string, seen []string) {
	all := strings.Split(s, between)
	return all[0], all[1:]
}

// listed is an assistant with where its messages go.
type listed struct {
	assistant
	CreatedAt provider.Moment `json:"createdAt"`
	ServerURL provider.Text   `json:"serverUrl"` // before there was a server
	Server    struct {
		URL provider.Text `json:"url"`
	} `json:"server"`
}

// assistants lists a page of them, newest first, and where the list goes on.
func assistants(ctx context.Context, on provider.Line, cursor string) ([]listed, string, error) {
	query := url.Values{"limit": {strconv.Itoa(assistantsAtOnce)}}
	if cursor != "" {
		query.Set("createdAtLt", cursor)
	}
	var items []listed
	if err := ask(ctx, on, "/assistant?"+query.Encode(), &items); err != nil {
		return nil, "", err
	}
	next := ""
	if len(items) == assistantsAtOnce {
		oldest := slices.MinFunc(items, func(a, b listed) int { return a.CreatedAt.Compare(b.CreatedAt.Time) })
		next = provider.Milli(oldest.CreatedAt.Time)
	}
	return items, next, nil
}

func listAssistants(ctx context.Context, on provider.Line, cursor string) (provider.AgentPage, error) {
	items, next, err := assistants(ctx, on, cursor)
	page := provider.AgentPage{Next: next}
	for i := range items {
		d := decoding{assistant: items[i].assistant}
		m := d.model()
		page.Agents = append(page.Agents, provider.VendorAgent{
			ID: string(items[i].ID), Name: string(items[i].Name), PromptHash: m.PromptHash, Model: m.Language, Voice: m.Voice,
		})
	}
	return page, err
}

func lookHooks(ctx context.Context, on provider.Line) ([]provider.Hook, error) {
	out := []provider.Hook{}
	for cursor := ""; ; {
		items, next, err := assistants(ctx, on, cursor)
		if err != nil {
			return nil, err
		}
		for i := range items {
			a := &items[i]
			out = append(out, provider.Hook{Agent: string(a.ID), Name: string(a.Name), URL: first(a.Server.URL, a.ServerURL)})
		}
		if cursor = next; cursor == "" {
			return out, nil
		}
	}
}

// setHook sets an assistant's server. How long it may take and how it is tried
// again stay; what signed for the old address does not go to the new one.
func setHook(ctx context.Context, on provider.Line, agent, hook, secret string) error {
	to, err := on.At(name, base, "/assistant/{}", agent)
	if err != nil {
		return err
	}
	o, err := on.Get(name, to, provider.Bearer)
	if err != nil {
		return err
	}
	var now struct {
		Server map[string]any `json:"server"`
	}
	if err := o.Ask(ctx, on, &now); err != nil {
		return err
	}
	server := map[string]any{"url": hook}
	for _, kept := range []string{"timeoutSeconds", "backoffPlan"} {
		if v := now.Server[kept]; v != nil {
			server[kept] = v
		}
	}
	if secret != "" {
		server["headers"] = map[string]string{"X-Vapi-Secret": secret}
	}
	o.Method, o.JSON = http.MethodPatch, map[string]any{"server": server}
	_, err = o.Send(ctx, on)
	return err
}

// ask puts a question to Vapi's API.
func ask(ctx context.Context, on provider.Line, path string, v any) error {
	to, err := on.At(name, base, path)
	if err != nil {
		return err
	}
	o, err := on.Get(name, to, provider.Bearer)
	if err != nil {
		return err
	}
	return o.Ask(ctx, on, v)
}
