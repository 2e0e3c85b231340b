package llmtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/llm/llmtest"
)

// TestUnsoundRequestsAreRefused breaks each rule once: a server that takes
// anything proves nothing about its clients.
func TestUnsoundRequestsAreRefused(t *testing.T) {
	t.Parallel()
	const open = `{"model":"m","messages":[{"role":"user","content":"hi"}]`
	format := func(s string) string { return open + `,"response_format":` + s + `}` }
	schema := func(s string) string {
		return format(`{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":` + s + `}}`)
	}
	s := llmtest.New(t, llmtest.Good("hi"), llmtest.Good("hi"))
	for _, tc := range []struct {
		name, body, says string
		status           int
	}{
		{"sound", open + `,"temperature":0}`, "chat.completion", 200},
		{"sound with a schema", schema(`{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":["string","null"]}}}`), "hi", 200},
		{"no JSON", `{`, "can't be read", 400},
		{"no model", `{"messages":[{"role":"user","content":"hi"}]}`, "model", 400},
		{"no message", `{"model":"m","messages":[]}`, "messages", 400},
		{"an empty message", `{"model":"m","messages":[{"role":"user","content":""}]}`, "empty", 400},
		{"a role of our own", `{"model":"m","messages":[{"role":"judge","content":"hi"}]}`, "role", 400},
		{"a parameter of our own", open + `,"mood":"kind"}`, "mood", 400},
		{"no tokens", open + `,"max_tokens":0}`, "minimum", 400},
		{"two limits", open + `,"max_tokens":5,"max_completion_tokens":5}`, "both", 400},
		{"a temperature too high", open + `,"temperature":3}`, "temperature", 400},
		{"a format of our own", format(`{"type":"xml"}`), "response_format.type", 400},
		{"json_object without the word", format(`{"type":"json_object"}`), "must contain the word", 400},
		{"json_schema without one", format(`{"type":"json_schema"}`), "json_schema.name", 400},
		{"a schema that is not strict", format(`{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"string"}}}`), "strict", 400},
		{"an open object", schema(`{"type":"object","required":[],"properties":{}}`), "additionalProperties", 400},
		{"a member that may be missing", schema(`{"type":"object","additionalProperties":false,"required":[],"properties":{"a":{"type":"string"}}}`), "every key", 400},
		{"an open object within a list", schema(`{"type":"array","items":{"type":"object"}}`), "().items", 400},
	} {
		status, body := post(t, s.URL, "Bearer "+llmtest.Key, "application/json", tc.body)
		if status != tc.status || !strings.Contains(body, tc.says) {
			t.Errorf("%s: %d %s, want %d and %q", tc.name, status, body, tc.status, tc.says)
		}
	}
	if status, _ := post(t, s.URL, "", "application/json", open+`}`); status != http.StatusUnauthorized {
		t.Errorf("%d without a key", status)
	}
	if status, _ := post(t, s.URL, "Bearer "+llmtest.Key, "text/plain", open+`}`); status != http.StatusBadRequest {
		t.Errorf("%d for plain text", status)
	}
	if n := len(s.Log()); n != 2 {
		t.Errorf("%d requests in the log, want the 2 sound ones", n)
	}
}

func TestFittingFits(t *testing.T) {
	t.Parallel()
	s := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply {
		return llmtest.Fitting(func(a map[string]any) { a["note"] = "changed" })
	})
	_, body := post(t, s.URL, "Bearer "+llmtest.Key, "application/json", `{"model":"m",
		"messages":[{"role":"user","content":"a\n[0] agent, at 1.0 s: Hello there\n[1] customer: Hi"}],
		"response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object","additionalProperties":false,
			"required":["evidence","mark","word","sure","note"],"properties":{
			"evidence":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["turn","quote"],
				"properties":{"turn":{"type":"integer"},"quote":{"type":"string"}}}},
			"mark":{"type":["number","null"]},"word":{"type":"string","enum":["first","second"]},"sure":{"type":"boolean"},"note":{"type":"string"}}}}}}`)
	var answer struct {
		Choices []struct{ Message struct{ Content string } }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Choices) != 1 {
		t.Fatalf("%v: %s", err, body)
	}
	want := `{"evidence":[{"quote":"Hello there","turn":0}],"mark":4,"note":"changed","sure":true,"word":"first"}`
	if got := answer.Choices[0].Message.Content; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func post(t *testing.T, url, authorization, contentType, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", authorization)
	req.Header.Set("Content-Type", contentType)
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
