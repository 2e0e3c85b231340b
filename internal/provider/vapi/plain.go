package vapi

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// conversation reads what was said from the best place that has it: the
// messages with times, the model's messages without, the transcript as text.
func (d *decoding) conversation(start time.Time) (script, error) {
	items, err := d.items()
	if err != nil {
		return script{}, err
	}
	s := d.transcribe(items, start)
	m, a := d.m, d.m.Artifact
	if a == nil {
		a = &artifact{}
	}
	for _, raw := range []json.RawMessage{a.OpenAIMessages, m.OpenAIMessages, m.Conversation} {
		if len(s.turns) == 0 {
			d.chat(&s, raw)
		}
	}
	if len(s.turns) > 0 {
		return s, nil
	}
	if text := first(a.Transcript, m.Transcript); text != "" && m.Type != "transcript" {
		d.text(&s, text)
	}
	return s, nil
}

// chat reads messages as OpenAI shapes them.
func (d *decoding) chat(s *script, raw json.RawMessage) {
	type message struct {
		Role       provider.Text `json:"role"`
		Content    provider.Text `json:"content"`
		ToolCalls  []toolCall    `json:"tool_calls"`
		ToolCallID provider.Text `json:"tool_call_id"`
	}
	for _, msg := range read[[]message](d, "conversation", raw) {
		for _, c := range msg.ToolCalls {
			s.tools.called(c, nil)
		}
		role, speech := roles[msg.Role]
		switch {
		case speech && strings.TrimSpace(string(msg.Content)) != "":
			s.add(ringside.Turn{Role: role, Text: string(msg.Content)})
		case msg.Role == "tool" && msg.ToolCallID != "":
			result, err := json.Marshal(string(msg.Content))
			if err == nil {
				s.tools.returned(&item{ToolCallID: msg.ToolCallID, Result: result}, nil)
			}
		}
	}
}

// text reads a transcript of lines such as "AI: Hello". The names of the two
// sides can be set; a line with neither goes on with the turn before.
func (d *decoding) text(s *script, transcript string) {
	plan := d.assistant.ArtifactPlan.TranscriptPlan
	names := []struct {
		prefix string
		role   ringside.Role
	}{
		{cmp.Or(string(plan.AssistantName), "AI") + ":", ringside.RoleAgent},
		{cmp.Or(string(plan.UserName), "User") + ":", ringside.RoleUser},
	}
lines:
	for line := range strings.Lines(transcript) {
		line = strings.TrimSpace(line)
		for _, n := range names {
			if rest, ok := strings.CutPrefix(line, n.prefix); ok {
				if rest = strings.TrimSpace(rest); rest != "" {
					s.add(ringside.Turn{Role: n.role, Text: rest})
				}
				continue lines
			}
		}
		if n := len(s.turns); n > 0 && line != "" {
			s.turns[n-1].Text += "\n" + line
		}
	}
	if len(s.turns) > 0 && d.authority == ringside.Report { // a live one is replaced by the report
		d.warnf("Vapi sent the transcript as plain text, without times.")
	}
}
