package flat

import (
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// conversation reads the messages: what was said becomes turns, and tool
// traffic that looks like OpenAI's becomes tool calls. Of the system prompt only
// the hash is kept.
func (b *payload) conversation(x *ringside.Facts) error {
	times := provider.Timeline{Start: x.StartedAt}
	calls := map[string]int{} // index in x.ToolCalls by id, of the last one with it
	made := map[string]int{}  // how many calls messages made by an id
	for i := range b.Messages {
		m := &b.Messages[i]
		field := "/messages/" + strconv.Itoa(i)
		if m.Role == "" {
			return ringside.Invalidf(field+"/role", "is required: bot, assistant or user")
		}
		text, err := provider.Content(field+"/content", m.Content)
		if err != nil {
			return err
		}
		start := times.Offset(m.StartTime.Number)
		role, speaks := roles[strings.ToLower(m.Role)]
		switch {
		case speaks && strings.TrimSpace(text) != "":
			x.Turns = append(x.Turns, ringside.Turn{Role: role, Text: text, StartMS: start, EndMS: end(&times, start, m.EndTime.Number)})
		case strings.EqualFold(m.Role, "system") && x.Model.PromptHash == "":
			x.Model.PromptHash = provider.PromptHash(text)
		case strings.EqualFold(m.Role, "tool") && m.ToolCallID != "":
			toolResult(x, calls, m, text, start)
		}
		toolCalls(x, calls, made, m, start)
	}
	x.Warnings = append(x.Warnings, times.Warnings...)
	return nil
}

// end is when a message was over; one before its start is not believed, nor is
// the zero that stands for a time not known.
func end(times *provider.Timeline, start *int64, n provider.Number) *int64 {
	if n.Value <= 0 {
		return nil
	}
	at := times.Offset(n)
	if at == nil || start != nil && *at < *start {
		return nil
	}
	return at
}

// toolCalls keeps the calls of a message that have an id and a name. Some
// programs count from 1 in each message: a call gets an id of its own.
func toolCalls(x *ringside.Facts, calls, made map[string]int, m *message, at *int64) {
	if len(m.ToolCalls) == 0 {
		return
	}
	var all []toolCall
	if provider.Unmarshal(m.ToolCalls, &all) != nil {
		x.Warnings = append(x.Warnings, "tool_calls of a message are not a list of calls with an id and a function: not read")
		return
	}
	for i := range all {
		c := &all[i]
		if c.ID == "" || c.Function.Name == "" {
			continue
		}
		id := string(c.ID)
		calls[id] = len(x.ToolCalls)
		if made[id]++; made[id] > 1 {
			id += " (" + strconv.Itoa(made[id]) + ")"
		}
		x.ToolCalls = append(x.ToolCalls, ringside.ToolCall{
			ID: id, Name: string(c.Function.Name),
			Arguments: provider.Value(c.Function.Arguments), StartMS: at,
		})
	}
}

// toolResult puts a result to its call, or keeps it alone.
func toolResult(x *ringside.Facts, calls map[string]int, m *message, text string, at *int64) {
	id := string(m.ToolCallID)
	i, ok := calls[id]
	if !ok {
		i = len(x.ToolCalls)
		x.ToolCalls = append(x.ToolCalls, ringside.ToolCall{ID: id, Name: string(m.Name)})
		calls[id] = i
	}
	x.ToolCalls[i].Result, x.ToolCalls[i].EndMS = provider.ParseText(text), at
}

var roles = map[string]ringside.Role{
	"bot": ringside.RoleAgent, "assistant": ringside.RoleAgent, "agent": ringside.RoleAgent, "ai": ringside.RoleAgent,
	"user": ringside.RoleUser, "caller": ringside.RoleUser, "customer": ringside.RoleUser, "human": ringside.RoleUser,
}
