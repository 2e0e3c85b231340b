package llm

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ringsidehq/ringside/internal/egress"
)

// wireResponse is an answer as it comes, as far as it is of interest.
type wireResponse struct {
	Model   string `json:"model"`
	Choices []struct {
		Message struct {
			Content wireText `json:"content"`
			Refusal wireText `json:"refusal"`
		} `json:"message"`
		FinishReason wireText `json:"finish_reason"`
	} `json:"choices"`
	Usage struct {
		Prompt     float64 `json:"prompt_tokens"`
		Completion float64 `json:"completion_tokens"`
	} `json:"usage"`
	Error json.RawMessage `json:"error"`
}

// wireText is text that may be null, and that some servers send in parts.
type wireText string

// UnmarshalJSON implements json.Unmarshaler. What is no text is none.
func (t *wireText) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = wireText(s)
		return nil
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(b, &parts) == nil {
		for _, p := range parts {
			*t += wireText(p.Text)
		}
	}
	return nil
}

// read takes in the body of a 2xx, and says what is wrong with the answer.
func (r *Response) read(body []byte, key, sent string) *Error {
	var w wireResponse
	if json.Unmarshal(body, &w) != nil {
		return &Error{Kind: Malformed, Status: http.StatusOK, Message: "the server's answer is not a chat completion: is the address that of the API?"}
	}
	r.Model = cmp.Or(modelName(w.Model), r.Model)
	r.PromptTokens, r.CompletionTokens = tokens(w.Usage.Prompt), tokens(w.Usage.Completion)
	if len(w.Choices) == 0 {
		return withoutChoice(w.Error, key, sent)
	}
	c := &w.Choices[0]
	r.Text, r.Refusal, r.FinishReason = string(c.Message.Content), string(c.Message.Refusal), string(c.FinishReason)
	switch {
	case r.Refusal != "":
		return &Error{Kind: Refused, Status: http.StatusOK, Message: "the model refuses to answer"}
	case r.FinishReason == "content_filter":
		return &Error{Kind: Refused, Status: http.StatusOK, Message: "the server's content filter withholds the answer"}
	case r.FinishReason == "length":
		return &Error{Kind: Truncated, Status: http.StatusOK, Message: "the answer was cut off at " + strconv.Itoa(r.CompletionTokens) + " tokens"}
	case strings.TrimSpace(r.Text) == "":
		return &Error{Kind: Malformed, Status: http.StatusOK, Message: "the model's answer is empty"}
	}
	return nil
}

// modelName makes what a server calls its model fit to be stored and counted by.
func modelName(s string) string {
	return cut(strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)), maxModel)
}

// withoutChoice is the error of a 2xx that holds no answer. Relays send the
// failure of the server behind them so, with its status as the code.
func withoutChoice(failure json.RawMessage, key, sent string) *Error {
	var e struct {
		Code any `json:"code"`
	}
	if json.Unmarshal(failure, &e) == nil {
		if code, ok := e.Code.(float64); ok && code >= 400 && code < 600 {
			return &Error{Kind: kindOf(int(code)), Status: int(code), Message: "the server behind it " + answers(int(code), complaint(failure), key, sent)}
		}
	}
	return &Error{Kind: Malformed, Status: http.StatusOK, Message: "the server's answer holds no choice"}
}

// tokens reads a count that servers have been seen to send as 12.0 and as -1.
func tokens(n float64) int {
	return int(min(max(n, 0), 1e9))
}

// refusedBy is the error of an answer that is no 2xx.
func refusedBy(res *http.Response, body []byte, key, sent string) *Error {
	words := complaint(body)
	e := &Error{
		Kind: kindOf(res.StatusCode), Status: res.StatusCode, RetryAfter: egress.RetryAfter(res.Header, time.Now(), maxRetryAfter),
		Message:   "the server " + answers(res.StatusCode, words, key, sent),
		complaint: strings.ToLower(words),
	}
	if e.Kind == BadRequest && strings.Contains(e.complaint, "content_filter") {
		e.Kind = Refused
	}
	return e
}

func kindOf(status int) Kind {
	switch {
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return Unauthorized
	case status == http.StatusRequestTimeout || status >= 500:
		return Unavailable
	}
	return BadRequest
}

// maxRetryAfter bounds what a server may ask for.
const maxRetryAfter = time.Hour

// maxComplaint is how much of a server's words is kept.
const maxComplaint = 1000

// complaint is what a server says in an error's body, in one of the shapes
// that are about: {"error":{"message","param"}}, {"error":"…"}, {"message"},
// {"detail":[{"loc","msg"}]}, or plain text. Members that repeat the request
// ("input") are passed over: a request names everything.
func complaint(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return cut(strings.Join(strings.Fields(string(body[:min(len(body), 4*maxComplaint)])), " "), maxComplaint)
	}
	var words []string
	collect(v, 0, &words)
	return cut(strings.Join(words, " "), maxComplaint)
}

func collect(v any, depth int, words *[]string) {
	switch v := v.(type) {
	case string:
		*words = append(*words, strings.TrimSpace(v))
	case []any:
		for _, item := range v[:min(len(v), 20)] {
			collect(item, depth+1, words)
		}
	case map[string]any:
		if depth > 5 {
			return
		}
		for _, name := range []string{"error", "message", "detail", "loc", "msg", "param", "code"} {
			collect(v[name], depth+1, words)
		}
	}
}

// answers puts a status and a server's words into a sentence.
func answers(status int, words, key, sent string) string {
	s := "answers " + strconv.Itoa(status)
	if t := http.StatusText(status); t != "" {
		s += " " + t
	}
	if key != "" {
		words = strings.ReplaceAll(words, key, "[key]")
	}
	if words = cut(words, 200); words == "" || quotes(words, sent) {
		return s
	}
	return s + ": " + words
}

// said is what the users' messages hold: what must not get into a log.
func said(messages []Message) string {
	var b strings.Builder
	for _, m := range messages {
		if m.Role != "system" {
			b.WriteString(m.Content)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// quotes tells whether words repeat a run of what was sent.
func quotes(words, sent string) bool {
	const run = 24
	for i := 0; i+run <= len(words); i++ {
		if strings.Contains(sent, words[i:i+run]) {
			return true
		}
	}
	return false
}

// cut shortens text to n characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
