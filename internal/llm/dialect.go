package llm

import (
	"encoding/json"
	"slices"
	"strings"
)

// Mode is a way to ask for JSON.
type Mode string

// The modes, the strictest first.
const (
	JSONSchema Mode = "json_schema"
	JSONObject Mode = "json_object"
	PromptOnly Mode = "prompt"
)

// Modes lists the modes in the order in which the client goes down them.
var Modes = []Mode{JSONSchema, JSONObject, PromptOnly}

// dialect is what a server takes for a model.
type dialect struct {
	mode             Mode
	noSeed           bool
	noTemperature    bool // reasoning models have their own, and refuse any other
	completionTokens bool // the limit is called max_completion_tokens
}

// formats are the names under which servers complain of a response format.
var formats = []string{"response format", "json schema", "json object", "structured output"}

// without gives a dialect in which what a server complains of does not occur;
// false when there is no simpler one. Each step goes down, so there are few.
func (d dialect) without(complaint string, r *Request) (dialect, bool) {
	complaint = strings.NewReplacer("_", " ", "-", " ").Replace(complaint)
	names := func(s string) bool { return strings.Contains(complaint, s) }
	switch {
	case r.Schema != nil && d.mode != PromptOnly && slices.ContainsFunc(formats, names):
		d.mode = Modes[slices.Index(Modes, d.mode)+1]
	case r.MaxTokens > 0 && !d.completionTokens && names("max completion tokens"):
		d.completionTokens = true
	case !d.noTemperature && names("temperature"):
		d.noTemperature = true
	case r.Seed != nil && !d.noSeed && names("seed"):
		d.noSeed = true
	default:
		return d, false
	}
	return d, true
}

// wireRequest is a request as it is sent.
type wireRequest struct {
	Model               string      `json:"model"`
	Messages            []Message   `json:"messages"`
	Temperature         *float64    `json:"temperature,omitempty"`
	Seed                *int        `json:"seed,omitempty"`
	MaxTokens           int         `json:"max_tokens,omitempty"`
	MaxCompletionTokens int         `json:"max_completion_tokens,omitempty"`
	ResponseFormat      *wireFormat `json:"response_format,omitempty"`
}

type wireFormat struct {
	Type       Mode        `json:"type"`
	JSONSchema *wireSchema `json:"json_schema,omitempty"`
}

type wireSchema struct {
	Name   string          `json:"name"`
	Strict bool            `json:"strict"`
	Schema json.RawMessage `json:"schema"`
}

// request writes a request in a dialect.
func (d dialect) request(r *Request) wireRequest {
	w := wireRequest{Model: r.Model, Messages: r.Messages}
	if !d.noTemperature {
		w.Temperature = &r.Temperature
	}
	if !d.noSeed {
		w.Seed = r.Seed
	}
	w.MaxTokens = r.MaxTokens
	if d.completionTokens {
		w.MaxTokens, w.MaxCompletionTokens = 0, r.MaxTokens
	}
	if r.Schema == nil {
		return w
	}
	w.Messages = d.withSchema(r.Messages, r.Schema)
	switch d.mode {
	case JSONSchema:
		w.ResponseFormat = &wireFormat{Type: JSONSchema, JSONSchema: &wireSchema{Name: r.Schema.Name, Strict: true, Schema: r.Schema.JSON}}
	case JSONObject:
		w.ResponseFormat = &wireFormat{Type: JSONObject}
	}
	return w
}

// withSchema writes the schema into the system message.
func (d dialect) withSchema(messages []Message, s *Schema) []Message {
	text := "Answer with one JSON object and nothing else. It must fit this JSON schema:\n" + string(s.JSON)
	if d.mode == PromptOnly {
		text += "\nPut the object between a line ```json and a line ```."
	}
	if len(messages) == 0 || messages[0].Role != "system" {
		return slices.Concat([]Message{{Role: "system", Content: text}}, messages)
	}
	out := slices.Clone(messages)
	out[0].Content += "\n\n" + text
	return out
}
