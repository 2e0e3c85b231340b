package ringside

import "fmt"

// ToolCall is one use of a tool by the agent.
type ToolCall struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Arguments   any    `json:"arguments" doc:"Parsed JSON where it parses, else the text"`
	Result      any    `json:"result" doc:"Parsed JSON where it parses, else the text; null until it came"`
	Error       string `json:"error,omitempty" doc:"Why it failed; empty when nothing says that it did"`
	ErrorMethod string `json:"error_method,omitempty" enum:"provider,local" doc:"provider: the vendor said so; local: read out of the result"`
	StartMS     *int64 `json:"start_ms" doc:"Milliseconds from the answer"`
	EndMS       *int64 `json:"end_ms" doc:"Milliseconds from the answer; null until the result came"`
	Turn        *int   `json:"turn" doc:"Index of the last turn that began before the call; null before the first"`
}

// Done tells whether a result or an error has come.
func (t *ToolCall) Done() bool { return t.Result != nil || t.Error != "" || t.EndMS != nil }

// localError reads a failure out of a result: a truthy "error", or "ok" or
// "success" that is false. It gives "" when the result says nothing of one.
func localError(result any) string {
	m, ok := result.(map[string]any)
	if !ok {
		return ""
	}
	switch e := m["error"].(type) {
	case nil:
	case bool:
		if e {
			return "the result says error: true"
		}
	case string:
		if e != "" {
			return e
		}
	case map[string]any:
		if msg, ok := e["message"].(string); ok && msg != "" {
			return msg
		}
		return fmt.Sprint(e)
	case float64:
		if e != 0 {
			return fmt.Sprint(e)
		}
	default:
		return fmt.Sprint(e)
	}
	for _, k := range []string{"ok", "success"} {
		if v, ok := m[k].(bool); ok && !v {
			if msg, ok := m["message"].(string); ok && msg != "" {
				return msg
			}
			return "the result says " + k + ": false"
		}
	}
	return ""
}
