package bland

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// pull lists calls in short and reads each by itself. The list is counted, not
// pointed into: a cursor is how many calls came before. Bland has no list of
// agents that calls are named by, but of the pathways that lead them.
var pull = provider.Pull{
	Agents: listPathways, Calls: listCalls, Call: readCall, Pace: 200 * time.Millisecond,
	Hooks: provider.Hooks{Steps: []string{
		"Bland sets a webhook with each call: give the address as webhook in the calls that you send.",
		"For calls that come in, set it on the number, in the Bland dashboard under Phone Numbers.",
		"Sign them with a secret from Account Settings, Keys, and give this source the same.",
	}},
}

const callsAtOnce = 200

func listCalls(ctx context.Context, on provider.Line, span provider.Span) (provider.CallPage, error) {
	from, _ := strconv.Atoi(span.Cursor) // empty: from the first
	query := url.Values{
		"start_date": {provider.Milli(span.From)}, "end_date": {provider.Milli(span.To)}, "ascending": {"false"}, "sort_by": {"created_at"},
		"from": {strconv.Itoa(from)}, "to": {strconv.Itoa(from + callsAtOnce)}, "limit": {strconv.Itoa(callsAtOnce)},
	}
	var answer struct {
		Calls []body `json:"calls"`
	}
	if err := ask(ctx, on, "/v1/calls?"+query.Encode(), &answer); err != nil {
		return provider.CallPage{}, err
	}
	page := provider.CallPage{}
	for i := range answer.Calls {
		b := &answer.Calls[i]
		if b.id() == "" {
			return page, provider.Unread(name, i)
		}
		ended := b.Completed != "" && b.phase() == ringside.PhaseEnded
		page.Calls = append(page.Calls, provider.Listed{ID: b.id(), Began: b.CreatedAt.Time, Ended: ended})
	}
	if len(page.Calls) >= callsAtOnce {
		page.Next = strconv.Itoa(from + len(page.Calls))
	}
	return page, nil
}

func readCall(ctx context.Context, on provider.Line, id string) ([]byte, error) {
	var raw json.RawMessage
	err := ask(ctx, on, "/v1/calls/{}", &raw, id)
	return raw, err
}

func listPathways(ctx context.Context, on provider.Line, _ string) (provider.AgentPage, error) {
	var all []struct {
		ID    provider.Text   `json:"id"`
		Name  provider.Text   `json:"name"`
		Nodes json.RawMessage `json:"nodes"`
		Edges json.RawMessage `json:"edges"`
	}
	if err := ask(ctx, on, "/v1/pathway", &all); err != nil {
		return provider.AgentPage{}, err
	}
	page := provider.AgentPage{}
	for _, p := range all {
		if p.ID == "" {
			continue
		}
		page.Agents = append(page.Agents, provider.VendorAgent{
			ID: string(p.ID), Name: string(p.Name), PromptHash: provider.PromptHash(string(p.Nodes) + string(p.Edges)),
		})
	}
	return page, nil
}

// ask puts a question to Bland's API.
func ask(ctx context.Context, on provider.Line, path string, v any, ids ...string) error {
	to, err := on.At(name, base, path, ids...)
	if err != nil {
		return err
	}
	o, err := on.Get(name, to, authorize)
	if err != nil {
		return err
	}
	o.Refused = notAnswered
	return o.Ask(ctx, on, v)
}

// notAnswered reads why a question was refused. A call's status is its own.
func notAnswered(status int, body []byte) (ringside.Kind, string) {
	var call struct {
		ID provider.Text `json:"call_id"`
	}
	if json.Unmarshal(body, &call) == nil && call.ID != "" {
		return provider.Refused(status, body)
	}
	return refused(status, body)
}

// authorize puts the key in as Bland wants it: bare.
func authorize(h http.Header, key string) { h.Set("Authorization", key) }
