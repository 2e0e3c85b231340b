package bland

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// liveLines are the beginnings of live messages, with the name under which one
// subscribes to them. A line that a reader can't make sense of is an event
// with its text.
var liveLines = []struct {
	prefix, name string
	phase        ringside.Phase
	read         func(e *ringside.Event, rest string) bool
}{
	{"Call enqueued", "queue", ringside.PhaseQueued, nil},
	{"Call connected", "call", ringside.PhaseActive, connected},
	{"Sending first sentence:", "call", ringside.PhaseActive, said(ringside.RoleAgent)},
	{"Agent speech:", "call", ringside.PhaseActive, said(ringside.RoleAgent)},
	{"Handling user speech:", "call", ringside.PhaseActive, said(ringside.RoleUser)},
	{"LLM:", "latency", ringside.PhaseActive, took("model")},
	{"TTS:", "latency", ringside.PhaseActive, took("voice")},
	{"STT:", "latency", ringside.PhaseActive, took("transcriber")},
	{toolStart, "tool", ringside.PhaseActive, toolStarted},
	{"Webhook Response:", "webhook", ringside.PhaseActive, answered},
	{"Storing dynamic data", "dynamic_data", ringside.PhaseActive, stored},
}

const toolStart = "Executing custom tool:"

// live reads one line of the live log.
func (b *body) live(e *ringside.Event) {
	e.Authority, e.Name = ringside.Live, string(b.Category)
	x, text := &e.Facts, strings.TrimSpace(string(b.Message))
	for _, l := range liveLines {
		rest, ok := strings.CutPrefix(text, l.prefix)
		if !ok {
			continue
		}
		if l.read == nil || l.read(e, strings.TrimSpace(rest)) {
			e.Name, x.Phase = l.name, l.phase
			return
		}
	}
	x.Span = &ringside.Span{Name: "event", Title: text, Attributes: map[string]any{"category": string(b.Category)}}
	if b.LogLevel == "error" {
		x.Span.Error = text
	}
}

// connected takes the time of receipt for the answer until the report says.
func connected(e *ringside.Event, _ string) bool {
	e.Facts.AnsweredAt = e.At
	if e.At.IsZero() {
		e.Facts.AnsweredAt = e.ReceivedAt
	}
	return true
}

func said(role ringside.Role) func(*ringside.Event, string) bool {
	return func(e *ringside.Event, text string) bool {
		if text != "" {
			e.Facts.Turn = &ringside.Turn{Role: role, Text: text}
		}
		return true
	}
}

func took(name string) func(*ringside.Event, string) bool {
	return func(e *ringside.Event, text string) bool {
		ms := millis(text)
		if ms != nil {
			e.Facts.Span = &ringside.Span{Name: name, DurationMS: ms}
		}
		return ms != nil
	}
}

// toolStarted gives the tool call the id that the report gives the tool's
// first use, so that the two meet.
func toolStarted(e *ringside.Event, text string) bool {
	name, arguments := toolUse(text)
	if name == "" {
		return false
	}
	e.Facts.ToolCalls = []ringside.ToolCall{{ID: toolID(name, 1), Name: name, Arguments: arguments}}
	e.Facts.Span = &ringside.Span{Name: "tool", Title: name}
	return true
}

// toolUse reads what follows "Executing custom tool:". An input that was an
// object is printed as [object Object] and is not known.
func toolUse(text string) (name string, arguments any) {
	name, input, found := strings.Cut(text, " with input:")
	if input = strings.TrimSpace(input); found && input != "" && input != unprinted {
		arguments = provider.ParseText(input)
	}
	return strings.TrimSpace(name), arguments
}

const unprinted = "[object Object]"

// toolID makes an id for the nth use of a tool, which Bland gives none.
func toolID(name string, n int) string {
	sum := sha256.Sum256([]byte(name))
	id := "tool-" + hex.EncodeToString(sum[:6])
	if n > 1 {
		id += "-" + strconv.Itoa(n)
	}
	return id
}

// answered reads "200 | Webhook Response Data: … | Response Time: 689ms".
func answered(e *ringside.Event, text string) bool {
	status, rest, _ := strings.Cut(text, "|")
	s := ringside.Span{Name: "webhook", Title: strings.TrimSpace(status)}
	if i := strings.LastIndex(rest, "Response Time:"); i >= 0 {
		s.DurationMS = millis(strings.TrimSpace(rest[i+len("Response Time:"):]))
		rest = rest[:i]
	}
	data := strings.Trim(strings.TrimPrefix(strings.TrimSpace(rest), "Webhook Response Data:"), " |\n")
	if data != "" && data != unprinted {
		s.Attributes = map[string]any{"data": provider.ParseText(data)}
	}
	s.Error = refusal(s.Title)
	e.Facts.Span = &s
	return true
}

// refusal is the error that an HTTP status tells of; "" when it tells of none.
func refusal(status string) string {
	if n, err := strconv.Atoi(status); err == nil && n >= 400 {
		return "the server answered " + status
	}
	return ""
}

// stored reads "…: name : value", one variable a line.
func stored(e *ringside.Event, text string) bool {
	_, text, _ = strings.Cut(text, ":")
	values := ringside.Values{}
	var names []string
	for row := range strings.Lines(text) {
		name, v, ok := strings.Cut(row, " : ")
		if name = strings.TrimSpace(name); !ok || name == "" {
			continue
		}
		values[name] = variable(strings.TrimSpace(v))
		names = append(names, name)
	}
	if len(names) == 0 {
		return false
	}
	e.Facts.Variables = values
	e.Facts.Span = &ringside.Span{Name: "dynamic_data", Title: strings.Join(names, ", "), Attributes: map[string]any(values)}
	return true
}

// variable is a printed value: JSON where it is, else the text.
func variable(s string) any {
	var v any
	if strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") || provider.Unmarshal([]byte(s), &v) != nil {
		return provider.ParseText(s)
	}
	return v
}

// millis reads "266ms" or "1.2s".
func millis(s string) *float64 {
	d, err := time.ParseDuration(strings.ReplaceAll(s, " ", ""))
	if err != nil || d < 0 {
		return nil
	}
	return new(float64(d) / float64(time.Millisecond))
}
