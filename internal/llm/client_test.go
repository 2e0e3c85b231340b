package llm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
)

const secret = "My account number is 4417 1234 5678 9113, please hurry"

func question() llm.Request {
	return llm.Request{
		Model: llmtest.Model,
		Messages: []llm.Message{
			{Role: "system", Content: "You grade calls."},
			{Role: "user", Content: secret},
		},
		Schema: &llm.Schema{Name: "grade", JSON: json.RawMessage(
			`{"type":"object","additionalProperties":false,"required":["score"],"properties":{"score":{"type":"integer"}}}`,
		)},
		MaxTokens: 500,
		Seed:      new(1),
	}
}

func TestChatAsksBySchema(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.Good(`{"score":4}`))
	got, err := s.Client().Chat(t.Context(), question())
	if err != nil {
		t.Fatal(err)
	}
	want := llm.Response{
		Text: `{"score":4}`, FinishReason: "stop", Model: llmtest.Model, Mode: llm.JSONSchema, Requests: 1,
		PromptTokens: llmtest.PromptTokens, CompletionTokens: llmtest.CompletionTokens,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	q := s.Log()[0]
	if q.Format != "json_schema" || q.Temperature == nil || *q.Temperature != 0 || *q.Seed != 1 || q.MaxTokens != 500 {
		t.Errorf("asked with %s", q.Body)
	}
	if !strings.Contains(q.System(), `"required":["score"]`) {
		t.Errorf("the schema does not stand in the prompt: %s", q.System())
	}
}

// What a server calls its model is stored and counted by: no PostgreSQL stores
// a zero byte, and none indexes ten thousand characters.
func TestAModelsNameIsBounded(t *testing.T) {
	t.Parallel()
	name := `gpt\u0000-4\n` + strings.Repeat("x", 10_000)
	s := llmtest.New(t, llmtest.Body(http.StatusOK, `{"model":"`+name+`","choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}]}`))
	r := question()
	r.Schema = nil
	got, err := s.Client().Chat(t.Context(), r)
	if err != nil || !strings.HasPrefix(got.Model, "gpt-4xx") || len(got.Model) > 210 {
		t.Errorf("the model is %q with %d bytes, %v", got.Model[:min(20, len(got.Model))], len(got.Model), err)
	}
}

func TestChatWithoutSchemaIsFreeText(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.Good("Hello."))
	r := question()
	r.Schema = nil
	got, err := s.Client().Chat(t.Context(), r)
	if err != nil || got.Text != "Hello." || got.Mode != "" {
		t.Fatalf("got %+v, %v", got, err)
	}
	if q := s.Log()[0]; q.Format != "" || q.System() != "You grade calls." {
		t.Errorf("asked with %s", q.Body)
	}
}

func TestChatReadsTheDocumentedAnswers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		kind llm.Kind
		json string
	}{
		"response_ok.json":      {"", `{"score":4,"passed":true,"rationale":"The agent apologised and solved it."}`},
		"response_fenced.json":  {"", `{"score":4,"passed":true,"rationale":"ok"}`},
		"response_refusal.json": {llm.Refused, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(filepath.Join("..", "..", "testdata", "payloads", "openai_chat", name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := llmtest.New(t, llmtest.Body(200, string(body))).Client().Chat(t.Context(), question())
			if llm.KindOf(err) != want.kind || got.PromptTokens != 412 || got.CompletionTokens != 38 {
				t.Fatalf("got %+v, %v", got, err)
			}
			if found, _ := llm.JSON(got.Text); string(found) != want.json {
				t.Errorf("JSON %q, want %q", found, want.json)
			}
			if want.kind == llm.Refused && got.Refusal != "I can't help with that." {
				t.Errorf("refusal %q", got.Refusal)
			}
		})
	}
}

func TestStepDownIsLearntForTheModel(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t,
		llmtest.RejectsJSONSchema(), llmtest.RejectsJSONObject(), llmtest.Fenced(`{"score":4}`), // the first question
		llmtest.Good(`{"score":4}`), // the second
		llmtest.Good(`{"score":4}`), // another model
	)
	c := s.Client()
	r := question()
	for i, want := range []struct {
		mode     llm.Mode
		requests int
	}{{llm.PromptOnly, 3}, {llm.PromptOnly, 1}, {llm.JSONSchema, 1}} {
		if i == 2 {
			r.Model = "another"
		}
		got, err := c.Chat(t.Context(), r)
		if err != nil || got.Mode != want.mode || got.Requests != want.requests {
			t.Fatalf("question %d: %+v, %v; want %s after %d requests", i, got, err, want.mode, want.requests)
		}
	}
	log := s.Log()
	for i, want := range []string{"json_schema", "json_object", "", "", "json_schema"} {
		if log[i].Format != want {
			t.Errorf("request %d asked by %q, want %q", i, log[i].Format, want)
		}
		if !strings.Contains(log[i].System(), `"required":["score"]`) {
			t.Errorf("request %d does not hold the schema", i)
		}
		if fenced := strings.Contains(log[i].System(), "```json"); fenced != (want == "") {
			t.Errorf("request %d asks for a fence: %v", i, fenced)
		}
	}
}

func TestStepDownOnlyForAComplaintAboutTheForm(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]llmtest.Reply{
		"400 about something else": llmtest.Body(400, `{"error":{"message":"This model's maximum context length is 4096 tokens.","param":"messages"}}`),
		"400 that repeats the request": llmtest.Body(400,
			`{"detail":[{"loc":["body","model"],"msg":"Field required","input":{"response_format":{"type":"json_schema"}}}]}`),
		"500 that names it": llmtest.Body(500, `{"error":{"message":"response_format of type json_schema crashed"}}`),
		"429 that names it": llmtest.Body(429, `{"error":{"message":"too many json_schema requests"}}`),
		"401 that names it": llmtest.Body(401, `{"error":{"message":"no json_schema for you"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := llmtest.New(t, reply, llmtest.Good(`{"score":4}`))
			c := s.Client()
			if got, err := c.Chat(t.Context(), question()); err == nil || got.Requests != 1 {
				t.Fatalf("got %+v, %v", got, err)
			}
			if got, err := c.Chat(t.Context(), question()); err != nil || got.Mode != llm.JSONSchema {
				t.Errorf("the next question: %+v, %v", got, err)
			}
		})
	}
}

func TestWhatFailedTeachesNothing(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.RejectsJSONSchema(), llmtest.Status(503), llmtest.Good(`{"score":4}`))
	c := s.Client()
	if _, err := c.Chat(t.Context(), question()); llm.KindOf(err) != llm.Unavailable {
		t.Fatal(err)
	}
	if got, err := c.Chat(t.Context(), question()); err != nil || got.Mode != llm.JSONSchema {
		t.Errorf("got %+v, %v: a step down was kept that nothing had come of", got, err)
	}
}

func TestStepDownKnowsTheServersOwnWords(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"error":"'response_format.type' must be 'json_object' or 'text'"}`,
		`{"error":{"message":"This response_format type is unavailable now","type":"invalid_request_error"}}`,
		`{"error":{"message":"This model does not support response format ` + "`json_schema`" + `.","param":null}}`,
		`{"object":"error","message":"[{'loc': ('body', 'response_format', 'type'), 'msg': 'value is not a valid enumeration member'}]","code":400}`,
		`{"detail":[{"type":"literal_error","loc":["body","response_format","type"],"msg":"Input should be 'text'"}]}`,
		`{"error":{"code":400,"message":"JSON schema conversion failed: unsupported","type":"invalid_request_error"}}`,
		`json_schema is not supported`,
	} {
		s := llmtest.New(t, llmtest.Body(400, body), llmtest.Good(`{"score":4}`))
		if got, err := s.Client().Chat(t.Context(), question()); err != nil || got.Mode != llm.JSONObject {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func TestWhatAServerDoesNotTakeIsLeftOut(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t,
		llmtest.RejectsMaxTokens(), llmtest.RejectsTemperature(), llmtest.RejectsSeed(), llmtest.Good(`{"score":4}`),
		llmtest.Good(`{"score":4}`),
	)
	c := s.Client()
	for i, want := range []int{4, 1} {
		got, err := c.Chat(t.Context(), question())
		if err != nil || got.Requests != want || got.Mode != llm.JSONSchema {
			t.Fatalf("question %d: %+v, %v; want %d requests and still json_schema", i, got, err, want)
		}
	}
	if q := s.Log()[4]; q.TokensName != "max_completion_tokens" || q.MaxTokens != 500 || q.Temperature != nil || q.Seed != nil {
		t.Errorf("asked with %s", q.Body)
	}
}

func TestFailuresHaveTheirKinds(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reply llmtest.Reply
		kind  llm.Kind
		later bool
	}{
		"a refusal":                     {llmtest.Refused(), llm.Refused, false},
		"a content filter":              {llmtest.Filtered(), llm.Refused, false},
		"a content filter as an error":  {llmtest.Body(400, `{"error":{"message":"filtered","code":"content_filter"}}`), llm.Refused, false},
		"an answer that is cut off":     {llmtest.Truncated(`{"sco`), llm.Truncated, false},
		"429":                           {llmtest.Busy("7"), llm.RateLimited, true},
		"500":                           {llmtest.Status(500), llm.Unavailable, true},
		"529":                           {llmtest.Status(529), llm.Unavailable, true},
		"408":                           {llmtest.Status(408), llm.Unavailable, true},
		"a broken connection":           {llmtest.Broken(), llm.Unavailable, true},
		"403":                           {llmtest.Status(403), llm.Unauthorized, false},
		"404":                           {llmtest.Status(404), llm.BadRequest, false},
		"a redirect without a target":   {llmtest.Status(304), llm.BadRequest, false},
		"a page":                        {llmtest.Garbage(), llm.Malformed, false},
		"an empty answer":               {llmtest.Good(" \n"), llm.Malformed, false},
		"no choice":                     {llmtest.Body(200, `{"choices":[]}`), llm.Malformed, false},
		"null":                          {llmtest.Body(200, `null`), llm.Malformed, false},
		"an error of the one behind it": {llmtest.Body(200, `{"error":{"code":429,"message":"upstream is busy"}}`), llm.RateLimited, true},
		"an endless answer":             {llmtest.Good(strings.Repeat("x", 5<<20)), llm.Malformed, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := llmtest.New(t, tc.reply).Client().Chat(t.Context(), question())
			e, ok := errors.AsType[*llm.Error](err)
			if !ok || e.Kind != tc.kind || e.Later() != tc.later {
				t.Fatalf("got %v (%s), want %s", err, llm.KindOf(err), tc.kind)
			}
			if name == "429" && e.RetryAfter != 7*time.Second {
				t.Errorf("retry after %s, want 7s", e.RetryAfter)
			}
			if name == "an endless answer" && !strings.Contains(e.Message, "longer than 4 MiB") {
				t.Errorf("%q does not say that it is too long", e.Message)
			}
		})
	}
}

func TestRetryAfterIsADateToo(t *testing.T) {
	t.Parallel()
	for header, want := range map[string][2]time.Duration{
		time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat): {time.Minute, 10 * time.Minute},
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):       {0, 0},
		"0.5":    {500 * time.Millisecond, 500 * time.Millisecond},
		"999999": {time.Hour, time.Hour},
		"-3":     {0, 0},
		"NaN":    {0, time.Hour},
		"soon":   {0, 0},
		"":       {0, 0},
	} {
		_, err := llmtest.New(t, llmtest.Busy(header)).Client().Chat(t.Context(), question())
		if e, ok := errors.AsType[*llm.Error](err); !ok || e.RetryAfter < want[0] || e.RetryAfter > want[1] {
			t.Errorf("%q: %+v, want between %s and %s", header, e, want[0], want[1])
		}
	}
}

func TestSpentTokensAreToldWithAFailure(t *testing.T) {
	t.Parallel()
	got, err := llmtest.New(t, llmtest.Truncated(`{"sco`)).Client().Chat(t.Context(), question())
	if err == nil || got.PromptTokens != llmtest.PromptTokens || got.CompletionTokens != llmtest.CompletionTokens {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestASlowServerIsGivenUp(t *testing.T) {
	t.Parallel()
	c := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Slow(time.Hour, llmtest.Good("late")) }).Client()
	c.Timeout = 20 * time.Millisecond
	if _, err := c.Chat(t.Context(), question()); llm.KindOf(err) != llm.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a timeout", err)
	}
	c.Timeout = 0
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := c.Chat(ctx, question()); llm.KindOf(err) != llm.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
}

func TestAnAwayServerIsUnavailable(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t)
	c := s.Client()
	s.Close()
	_, err := c.Chat(t.Context(), question())
	if llm.KindOf(err) != llm.Unavailable || strings.Contains(err.Error(), "/v1") {
		t.Errorf("got %v", err)
	}
}

func TestNoErrorHoldsTheKeyOrTheCall(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]llmtest.Reply{
		"the key":             llmtest.Body(401, `{"error":{"message":"bad key `+llmtest.Key+`"}}`),
		"the message":         llmtest.Body(400, `{"error":{"message":"cannot read: `+secret+`"}}`),
		"part of the message": llmtest.Body(500, `account number is 4417 1234 5678`),
		"the one behind it":   llmtest.Body(200, `{"error":{"code":502,"message":"`+llmtest.Key+" "+secret+`"}}`),
		"a refusal":           llmtest.Body(200, `{"choices":[{"message":{"refusal":"I won't judge `+secret+`"}}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := llmtest.New(t, reply).Client().Chat(t.Context(), question())
			for e := err; e != nil; e = errors.Unwrap(e) {
				if s := fmt.Sprintf("%v %+v", e, e); strings.Contains(s, llmtest.Key) || strings.Contains(s, "4417") {
					t.Errorf("leaks: %s", s)
				}
			}
			if err == nil {
				t.Error("no error")
			}
		})
	}
	c := llmtest.New(t).Client()
	c.Key = "sk-somebody-elses-key"
	if _, err := c.Chat(t.Context(), question()); llm.KindOf(err) != llm.Unauthorized || strings.Contains(err.Error(), c.Key) {
		t.Errorf("got %v", err)
	}
	if _, err := c.Models(t.Context()); llm.KindOf(err) != llm.Unauthorized || strings.Contains(err.Error(), c.Key) {
		t.Errorf("got %v", err)
	}
}

func TestModels(t *testing.T) {
	t.Parallel()
	got, err := llmtest.New(t).Client().Models(t.Context())
	if err != nil || len(got) != 1 || got[0] != llmtest.Model {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"http://localhost:11434":                                "http://localhost:11434/v1",
		"http://localhost:11434/":                               "http://localhost:11434/v1",
		"http://localhost:11434/v1":                             "http://localhost:11434/v1",
		" http://localhost:11434/v1/ ":                          "http://localhost:11434/v1",
		"https://gateway.example.com/llm":                       "https://gateway.example.com/llm/v1",
		"https://gateway.example.com/llm/v1//":                  "https://gateway.example.com/llm/v1",
		"https://api.example.com/v1/chat/completions":           "https://api.example.com/v1",
		"https://api.example.com/v1/models/":                    "https://api.example.com/v1",
		"https://generativelanguage.example.com/v1beta/openai/": "https://generativelanguage.example.com/v1beta/openai",
		"https://api.example.com/api/paas/v4":                   "https://api.example.com/api/paas/v4",
		"https://vllm.example.com":                              "https://vllm.example.com/v1",
		"https://api.example.com/accounts/7f/ai/v1/":            "https://api.example.com/accounts/7f/ai/v1",
		"http://[::1]:8080/":                                    "http://[::1]:8080/v1",
	} {
		if got := llm.Endpoint(base); got != want {
			t.Errorf("%q gives %q, want %q", base, got, want)
		}
		if again := llm.Endpoint(want); again != want {
			t.Errorf("%q gives %q the second time", want, again)
		}
	}
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	s := llmtest.NewFunc(t, func(q llmtest.Request) llmtest.Reply {
		if q.Format == "json_schema" {
			return llmtest.RejectsJSONSchema()
		}
		return llmtest.Good(`{"score":4}`)
	})
	c := s.Client()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 4 {
				if got, err := c.Chat(t.Context(), question()); err != nil || got.Mode != llm.JSONObject {
					t.Errorf("got %+v, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(s.Log()); n < 33 || n > 40 {
		t.Errorf("%d requests: more than one step down for each that began before it was learnt", n)
	}
}
