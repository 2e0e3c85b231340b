package llmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Reply answers one sound request.
type Reply func(w http.ResponseWriter, r *http.Request, q Request)

// created is the time in every answer.
const created = 1794928000

// What every answer says that it took.
const (
	PromptTokens     = 412
	CompletionTokens = 38
)

// Good answers with text.
func Good(text string) Reply { return completion(text, nil, "stop") }

// Fenced answers with text in a fence, as chatty models do.
func Fenced(text string) Reply {
	return Good("Here is what you asked for:\n\n```json\n" + text + "\n```\n")
}

// Refused is a model that declines.
func Refused() Reply { return completion(nil, new("I can't help with that."), "stop") }

// Filtered is a server that withholds the answer.
func Filtered() Reply { return completion("", nil, "content_filter") }

// Truncated is an answer that the token limit cut off.
func Truncated(text string) Reply { return completion(text, nil, "length") }

// Slow replies after a while, unless the client goes away before.
func Slow(d time.Duration, then Reply) Reply {
	return func(w http.ResponseWriter, r *http.Request, q Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(d):
			then(w, r, q)
		}
	}
}

// Status answers with an error of HTTP.
func Status(code int) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		send(w, code, failure("server_error", "", "", "The server had an error while processing your request."))
	}
}

// Busy answers 429 and asks for a pause: seconds or a date, as in the header.
func Busy(retryAfter string) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		w.Header().Set("Retry-After", retryAfter)
		send(w, http.StatusTooManyRequests, failure("requests", "", "rate_limit_exceeded", "Rate limit reached for requests."))
	}
}

// Garbage answers 200 with what is no completion.
func Garbage() Reply {
	return Body(http.StatusOK, "<html><body>It works!</body></html>")
}

// Body answers with a body as it is.
func Body(code int, body string) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// Broken breaks the connection off in the middle of an answer.
func Broken() Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"id":"chatcmpl-`))
		panic(http.ErrAbortHandler)
	}
}

// RejectsJSONSchema is a server that does not know json_schema. A request that
// does not ask for it gets a 500, which no client takes for an answer.
func RejectsJSONSchema() Reply {
	return rejects("response_format", "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
		func(q *Request) bool { return q.Format == "json_schema" })
}

// RejectsJSONObject is a server that does not know json_object either.
func RejectsJSONObject() Reply {
	return rejects("response_format.type", "'response_format.type' must be 'text'",
		func(q *Request) bool { return q.Format == "json_object" })
}

// RejectsMaxTokens is a model that wants its limit under the newer name.
func RejectsMaxTokens() Reply {
	return rejects("max_tokens", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
		func(q *Request) bool { return q.TokensName == "max_tokens" })
}

// RejectsTemperature is a model that has a temperature of its own.
func RejectsTemperature() Reply {
	return rejects("temperature", "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
		func(q *Request) bool { return q.Temperature != nil })
}

// RejectsSeed is a server that takes no seed, and says so with a 422 that
// repeats the request.
func RejectsSeed() Reply {
	return func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.Seed == nil {
			send(w, http.StatusInternalServerError, failure("server_error", "", "", "the request has no seed"))
			return
		}
		send(w, http.StatusUnprocessableEntity, map[string]any{
			"object": "error",
			"message": map[string]any{"detail": []map[string]any{{
				"type": "extra_forbidden", "loc": []any{"body", "seed"}, "msg": "Extra inputs are not permitted", "input": json.RawMessage(q.Body),
			}}},
		})
	}
}

func rejects(param, message string, has func(*Request) bool) Reply {
	return func(w http.ResponseWriter, _ *http.Request, q Request) {
		if !has(&q) {
			send(w, http.StatusInternalServerError, failure("server_error", "", "", "the request does not have what is to be rejected"))
			return
		}
		problem(w, http.StatusBadRequest, param, message)
	}
}

func completion(content any, refusal *string, finish string) Reply {
	return func(w http.ResponseWriter, _ *http.Request, q Request) {
		message := map[string]any{"role": "assistant", "content": content}
		if refusal != nil {
			message["refusal"] = *refusal
		}
		send(w, http.StatusOK, map[string]any{
			"id": "chatcmpl-f1x", "object": "chat.completion", "created": created, "model": q.Model, "system_fingerprint": "fp_ollama",
			"choices": []map[string]any{{"index": 0, "message": message, "finish_reason": finish}},
			"usage":   map[string]any{"prompt_tokens": PromptTokens, "completion_tokens": CompletionTokens, "total_tokens": PromptTokens + CompletionTokens},
		})
	}
}

func problem(w http.ResponseWriter, code int, param, message string) {
	send(w, code, failure("invalid_request_error", param, "", message))
}

// failure is an error's body; what is empty is null.
func failure(kind, param, code, message string) map[string]any {
	orNull := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	return map[string]any{"error": map[string]any{"message": message, "type": kind, "param": orNull(param), "code": orNull(code)}}
}

func send(w http.ResponseWriter, code int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		code, b = http.StatusInternalServerError, fmt.Appendf(nil, `{"error":{"message":%q}}`, err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(code)
	_, _ = w.Write(b)
}
