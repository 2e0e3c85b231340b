package openai

import (
	"cmp"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// heard reads what the customer said. It stands where they began to say it.
func (r *reading) heard(e *forwarded) {
	id, text := string(e.ItemID), strings.TrimSpace(string(e.Transcript))
	var x ringside.Facts
	if text != "" {
		x.Turn = &ringside.Turn{Role: ringside.RoleUser, Text: text, EndMS: r.offset(r.stopped[id])}
	}
	r.add(e, either(r.named[id], e.at), x)
	if len(e.Usage) > 0 {
		r.add(e, e.at, ringside.Facts{Span: &ringside.Span{Name: "transcriber", Title: "Transcribed", Attributes: e.Usage}})
	}
}

// response reads a whole answer: the model's work, its tool calls and each
// message as a turn.
func (r *reading) response(e *forwarded) {
	v := e.Response
	if v == nil {
		r.add(e, e.at, ringside.Facts{})
		return
	}
	id := string(v.ID)
	work := ringside.Facts{Span: r.work(e)}
	for i := range v.Output {
		work.ToolCalls = append(work.ToolCalls, r.called(&v.Output[i], e.at)...)
	}
	r.add(e, either(r.made[id], e.at), work)
	turns := 0
	for i := range v.Output {
		t := r.said(v, &v.Output[i])
		if t == nil {
			continue
		}
		at := either(r.sounded[id], r.named[string(v.Output[i].ID)], e.at)
		if turns++; turns == 1 {
			t.Latency = r.latency(id)
		} else {
			at = either(r.named[string(v.Output[i].ID)], e.at) // the sound's beginning was the first message's
		}
		r.add(e, at, ringside.Facts{Turn: t})
	}
}

// work is the model's request, with the tokens it took.
func (r *reading) work(e *forwarded) *ringside.Span {
	v := e.Response
	s := &ringside.Span{Name: "model", Title: string(v.Status), Attributes: map[string]any{}}
	for k, n := range v.Usage {
		s.Attributes[k] = n
	}
	if v.Details.Reason != "" {
		s.Attributes["reason"] = string(v.Details.Reason)
	}
	if made := r.made[string(v.ID)]; !made.IsZero() && e.at.After(made.Time) {
		s.DurationMS = new(float64(e.at.Sub(made.Time).Milliseconds()))
	}
	if v.Status == "failed" {
		s.Error = cmp.Or(v.Details.Error.words(), string(v.Details.Reason), "failed")
	}
	return s
}

// said is the turn that an item of an answer makes; nil when it makes none.
func (r *reading) said(v *response, i *item) *ringside.Turn {
	text, err := provider.Content("", i.Content)
	text = strings.TrimSpace(text)
	if i.Type != "message" || err != nil || text == "" {
		return nil
	}
	t := &ringside.Turn{Role: ringside.RoleAgent, Text: text}
	t.Interrupted = r.cut[string(i.ID)] || v.Status == "cancelled" && v.Details.Reason == "turn_detected"
	if len(v.Output) == 1 {
		t.EndMS = r.offset(r.silent[string(v.ID)])
	}
	return t
}

func (r *reading) latency(response string) *ringside.Latency {
	ms, ok := r.waited[response]
	if !ok {
		return nil
	}
	return &ringside.Latency{Source: ringside.Claimed, TotalMS: &ms}
}

// item reads an item of the conversation: what a customer typed, or what came
// of a tool call. What is spoken comes by transcription and response.
func (r *reading) item(e *forwarded) (x ringside.Facts) {
	i := e.Item
	switch {
	case i == nil:
	case i.Type == "function_call_output" && i.CallID != "":
		x.ToolCalls = []ringside.ToolCall{{ID: string(i.CallID), Result: provider.ParseText(string(i.Output)), EndMS: r.offset(e.at)}}
	case i.Type == "mcp_call" && e.Type != "conversation.item.added": // its arguments and its result are not there yet
		x.ToolCalls = r.called(i, e.at)
	case i.Type == "message" && i.Role == "user" && e.Type != "conversation.item.added": // done follows added
		if text := typed(i); text != "" {
			x.Turn = &ringside.Turn{Role: ringside.RoleUser, Text: text}
		}
	}
	return x
}

// typed is the text of a message that was not spoken.
func typed(i *item) string {
	var parts []struct {
		Type provider.Text `json:"type"`
		Text provider.Text `json:"text"`
	}
	if len(i.Content) == 0 || provider.Unmarshal(i.Content, &parts) != nil {
		return ""
	}
	var texts []string
	for _, p := range parts {
		if p.Type == "input_text" && strings.TrimSpace(string(p.Text)) != "" {
			texts = append(texts, string(p.Text))
		}
	}
	return strings.Join(texts, " ")
}

// called is the tool call that an item asks for, or that OpenAI made itself on
// an MCP server; nil when there is none.
func (r *reading) called(i *item, at moment) []ringside.ToolCall {
	t := ringside.ToolCall{ID: string(i.CallID), Name: string(i.Name), Arguments: provider.ParseText(string(i.Arguments)), StartMS: r.offset(at)}
	if i.Type == "mcp_call" {
		t.ID, t.StartMS = string(i.ID), nil // the item comes whole, when the call is over
		if t.Error = i.Error.words(); i.Output != "" {
			t.Result = provider.ParseText(string(i.Output))
		}
	}
	if t.ID == "" || t.Name == "" {
		return nil
	}
	return []ringside.ToolCall{t}
}
