package elevenlabs

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// pull lists conversations in short and reads each by itself, as the post-call
// webhook has them.
var pull = provider.Pull{
	Agents: listAgents, Calls: listConversations, Call: readConversation, Pace: 200 * time.Millisecond,
	Hooks: provider.Hooks{Steps: []string{
		"In ElevenLabs, open Agents, Settings, Post-call webhook, and create a webhook with this address: it is one for the whole workspace, and its secret is shown once.",
		"Give this source that secret, and switch on retries.",
	}},
}

const atOnce = "100"

func listConversations(ctx context.Context, on provider.Line, span provider.Span) (provider.CallPage, error) {
	query := url.Values{
		"page_size": {atOnce}, "call_start_after_unix": {strconv.FormatInt(span.From.Unix(), 10)},
		"call_start_before_unix": {strconv.FormatInt(span.To.Unix(), 10)},
	}
	if span.Cursor != "" {
		query.Set("cursor", span.Cursor)
	}
	var answer struct {
		Conversations []struct {
			ID       string          `json:"conversation_id"`
			Status   provider.Text   `json:"status"`
			Start    provider.Moment `json:"start_time_unix_secs"`
			Duration provider.Number `json:"call_duration_secs"`
		} `json:"conversations"`
		HasMore bool          `json:"has_more"`
		Next    provider.Text `json:"next_cursor"`
	}
	if err := ask(ctx, on, "/v1/convai/conversations?"+query.Encode(), &answer); err != nil {
		return provider.CallPage{}, err
	}
	page := provider.CallPage{}
	for i, c := range answer.Conversations {
		if c.ID == "" {
			return page, provider.Unread(name, i)
		}
		l := provider.Listed{ID: c.ID, Began: c.Start.Time, Ended: c.Status == "done" || c.Status == "failed"}
		if !l.Began.IsZero() {
			l.Over = l.Began.Add(time.Duration(c.Duration.Value * float64(time.Second)))
		}
		page.Calls = append(page.Calls, l)
	}
	if answer.HasMore {
		page.Next = string(answer.Next)
	}
	return page, nil
}

// readConversation makes of a conversation what the webhook would have been:
// sent when it ended, so that reading it twice gives the same.
func readConversation(ctx context.Context, on provider.Line, id string) ([]byte, error) {
	var raw json.RawMessage
	if err := ask(ctx, on, "/v1/convai/conversations/{}", &raw, id); err != nil {
		return nil, err
	}
	var times struct {
		Metadata struct {
			Start    provider.Number `json:"start_time_unix_secs"`
			Duration provider.Number `json:"call_duration_secs"`
		} `json:"metadata"`
	}
	_ = provider.Unmarshal(raw, &times) // without, it has no time of its own
	return json.Marshal(struct {
		Type string          `json:"type"`
		At   int64           `json:"event_timestamp,omitempty"`
		Data json.RawMessage `json:"data"`
	}{"post_call_transcription", int64(times.Metadata.Start.Value + times.Metadata.Duration.Value), raw})
}

func listAgents(ctx context.Context, on provider.Line, cursor string) (provider.AgentPage, error) {
	query := url.Values{"page_size": {atOnce}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	var answer struct {
		Agents []struct {
			ID string `json:"agent_id"`
		} `json:"agents"`
		HasMore bool          `json:"has_more"`
		Next    provider.Text `json:"next_cursor"`
	}
	if err := ask(ctx, on, "/v1/convai/agents?"+query.Encode(), &answer); err != nil {
		return provider.AgentPage{}, err
	}
	page := provider.AgentPage{}
	for _, a := range answer.Agents {
		v, err := readAgent(ctx, on, a.ID)
		switch {
		case ringside.KindOf(err) == ringside.NotFound:
			continue // deleted meanwhile
		case err != nil:
			return page, err
		}
		page.Agents = append(page.Agents, v)
	}
	if answer.HasMore {
		page.Next = string(answer.Next)
	}
	return page, nil
}

func readAgent(ctx context.Context, on provider.Line, id string) (provider.VendorAgent, error) {
	var a struct {
		Name    provider.Text `json:"name"`
		Version provider.Text `json:"version_id"`
		Config  struct {
			Agent struct {
				Prompt struct {
					Prompt provider.Text `json:"prompt"`
					LLM    provider.Text `json:"llm"`
				} `json:"prompt"`
			} `json:"agent"`
			TTS struct {
				Model provider.Text `json:"model_id"`
				Voice provider.Text `json:"voice_id"`
			} `json:"tts"`
		} `json:"conversation_config"`
	}
	err := ask(ctx, on, "/v1/convai/agents/{}", &a, id)
	voice := string(a.Config.TTS.Model)
	if a.Config.TTS.Voice != "" {
		voice += " " + string(a.Config.TTS.Voice)
	}
	return provider.VendorAgent{
		ID: id, Name: string(a.Name), PromptHash: provider.PromptHash(string(a.Config.Agent.Prompt.Prompt)),
		Model: string(a.Config.Agent.Prompt.LLM), Voice: voice, Version: string(a.Version),
	}, err
}

// ask puts a question to ElevenLabs' API.
func ask(ctx context.Context, on provider.Line, path string, v any, ids ...string) error {
	to, err := on.At(name, base, path, ids...)
	if err != nil {
		return err
	}
	o, err := on.Get(name, to, recordingAPI.Authorize)
	if err != nil {
		return err
	}
	return o.Ask(ctx, on, v)
}
