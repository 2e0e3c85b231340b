package llmtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside/internal/llm"
)

// Request is a sound request, as it came.
type Request struct {
	Model       string
	Messages    []llm.Message
	Temperature *float64 // nil: the client left it out
	Seed        *int
	MaxTokens   int            // under whichever name it came
	TokensName  string         // max_tokens, max_completion_tokens or ""
	Format      string         // json_schema, json_object or ""
	Schema      map[string]any // of json_schema
	Body        []byte
}

// System is the system message.
func (q *Request) System() string { return q.last("system") }

// User is the last message of the user.
func (q *Request) User() string { return q.last("user") }

// Prompt is every message, one after the other.
func (q *Request) Prompt() string {
	var b strings.Builder
	for _, m := range q.Messages {
		fmt.Fprintf(&b, "%s: %s\n", m.Role, m.Content)
	}
	return b.String()
}

func (q *Request) last(role string) string {
	for _, m := range slices.Backward(q.Messages) {
		if m.Role == role {
			return m.Content
		}
	}
	return ""
}

// wire is a request by the protocol: a member that is not here is refused.
type wire struct {
	Model               string        `json:"model"`
	Messages            []llm.Message `json:"messages"`
	Temperature         *float64      `json:"temperature"`
	Seed                *int          `json:"seed"`
	MaxTokens           *int          `json:"max_tokens"`
	MaxCompletionTokens *int          `json:"max_completion_tokens"`
	ResponseFormat      *struct {
		Type       string `json:"type"`
		JSONSchema *struct {
			Name   string         `json:"name"`
			Strict bool           `json:"strict"`
			Schema map[string]any `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
}

var schemaName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// parse reads a request; what is wrong with it is at a parameter.
func parse(body []byte) (Request, string, error) {
	var w wire
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil {
		return Request{}, "", fmt.Errorf("the request can't be read: %w", err)
	}
	q := Request{Model: w.Model, Messages: w.Messages, Temperature: w.Temperature, Seed: w.Seed, Body: body}
	switch {
	case w.Model == "":
		return q, "model", errors.New("you must provide a model parameter")
	case len(w.Messages) == 0:
		return q, "messages", errors.New("'messages' is empty")
	case w.Temperature != nil && (*w.Temperature < 0 || *w.Temperature > 2):
		return q, "temperature", errors.New("'temperature' is not between 0 and 2")
	case w.MaxTokens != nil && w.MaxCompletionTokens != nil:
		return q, "max_tokens", errors.New("both 'max_tokens' and 'max_completion_tokens' are set")
	}
	for i, m := range w.Messages {
		if !slices.Contains([]string{"system", "user", "assistant"}, m.Role) {
			return q, fmt.Sprintf("messages.[%d].role", i), fmt.Errorf("%q is not a role", m.Role)
		}
		if m.Content == "" {
			return q, fmt.Sprintf("messages.[%d].content", i), errors.New("a message is empty")
		}
	}
	for name, n := range map[string]*int{"max_tokens": w.MaxTokens, "max_completion_tokens": w.MaxCompletionTokens} {
		if n == nil {
			continue
		}
		if q.MaxTokens, q.TokensName = *n, name; *n < 1 {
			return q, name, fmt.Errorf("%d is below the minimum of 1", *n)
		}
	}
	at, err := q.format(&w)
	return q, at, err
}

// format checks the response format as OpenAI does.
func (q *Request) format(w *wire) (string, error) {
	f := w.ResponseFormat
	if f == nil || f.Type == "text" {
		return "", nil
	}
	q.Format = f.Type
	switch f.Type {
	case "json_object":
		if !strings.Contains(strings.ToLower(q.Prompt()), "json") {
			return "messages", errors.New("'messages' must contain the word 'json' to use 'response_format' of type 'json_object'")
		}
		return "", nil
	case "json_schema":
		if f.JSONSchema == nil || !schemaName.MatchString(f.JSONSchema.Name) {
			return "response_format.json_schema.name", errors.New("missing or malformed parameter: 'response_format.json_schema.name'")
		}
		if !f.JSONSchema.Strict {
			return "response_format.json_schema.strict", errors.New("'response_format.json_schema.strict' is false: the answer would be anything")
		}
		if err := strict(f.JSONSchema.Schema, "()"); err != nil {
			return "response_format", fmt.Errorf("invalid schema for response_format '%s': %w", f.JSONSchema.Name, err)
		}
		q.Schema = f.JSONSchema.Schema
		return "", nil
	}
	return "response_format.type", fmt.Errorf("'response_format.type' is %q, not 'text', 'json_object' or 'json_schema'", f.Type)
}

// strict checks that a schema is one that strict mode takes: every object is
// closed and requires all that it has.
func strict(schema map[string]any, at string) error {
	if schema["type"] == nil && schema["enum"] == nil {
		return fmt.Errorf("in context=%s, schema must have a 'type' key", at)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		if err := strict(items, at+".items"); err != nil {
			return err
		}
	}
	if schema["type"] != "object" {
		return nil
	}
	if schema["additionalProperties"] != false {
		return fmt.Errorf("in context=%s, 'additionalProperties' is required to be supplied and to be false", at)
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	if len(required) != len(properties) {
		return fmt.Errorf("in context=%s, 'required' is required to be an array including every key in properties", at)
	}
	for name, p := range properties {
		if !slices.Contains(required, any(name)) {
			return fmt.Errorf("in context=%s, 'required' misses '%s'", at, name)
		}
		sub, ok := p.(map[string]any)
		if !ok {
			return fmt.Errorf("in context=%s.%s, schema must be an object", at, name)
		}
		if err := strict(sub, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}
