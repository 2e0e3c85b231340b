package llmtest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// turn is a line of a numbered transcript in a prompt.
var turn = regexp.MustCompile(`(?m)^\[(\d+)\] (?:agent|customer)[^:\n]*: (.+)$`)

// Fitting answers a request that asks for json_schema with something that fits:
// first choices, middling numbers, and quotes from the first numbered turn of
// the prompt. Each change is made to the answer before it is sent.
func Fitting(change ...func(answer map[string]any)) Reply {
	return func(w http.ResponseWriter, r *http.Request, q Request) {
		answer, ok := fit(q.Schema, quote(&q)).(map[string]any)
		if !ok {
			problem(w, http.StatusInternalServerError, "", "the request holds no schema to fit")
			return
		}
		for _, c := range change {
			c(answer)
		}
		text, err := json.Marshal(answer)
		if err != nil {
			problem(w, http.StatusInternalServerError, "", err.Error())
			return
		}
		Good(string(text))(w, r, q)
	}
}

// quote finds words to cite.
func quote(q *Request) map[string]any {
	m := turn.FindStringSubmatch(q.Prompt())
	if m == nil {
		return map[string]any{"turn": 0, "quote": ""}
	}
	n, _ := strconv.Atoi(m[1])
	return map[string]any{"turn": n, "quote": strings.TrimSpace(m[2])}
}

// fit makes a value for a schema.
func fit(schema, cite map[string]any) any {
	if options, ok := schema["enum"].([]any); ok && len(options) > 0 {
		return options[0]
	}
	kind := schema["type"]
	if kinds, ok := kind.([]any); ok && len(kinds) > 0 {
		kind = kinds[0]
	}
	switch kind {
	case "object":
		out := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for name, p := range properties {
			sub, _ := p.(map[string]any)
			if v, ok := cite[name]; ok {
				out[name] = v
				continue
			}
			out[name] = fit(sub, cite)
		}
		return out
	case "array":
		items, _ := schema["items"].(map[string]any)
		return []any{fit(items, cite)}
	case "boolean":
		return true
	case "integer", "number":
		return 4
	}
	return "as the call has it"
}
