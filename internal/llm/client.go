package llm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// maxBody is how much of an answer is read: many times what a model writes.
const maxBody = 4 << 20

// Client asks one server. It may be used by many goroutines; copies would each
// learn for themselves what the server takes, so it is passed by pointer.
type Client struct {
	BaseURL    string        // with or without a slash at its end and /v1
	Key        string        // "" for servers that want none
	Structured Mode          // the way to begin with; "" is JSONSchema
	Timeout    time.Duration // of one request; 0 leaves it to the context
	HTTP       *http.Client  // required

	mu     sync.Mutex
	learnt map[string]dialect // by model; under mu
}

// Request is a question.
type Request struct {
	Model       string
	Messages    []Message
	Schema      *Schema // what the answer looks like; nil for free text
	MaxTokens   int     // of the answer; 0 leaves it to the server
	Temperature float64
	Seed        *int // left out for servers that take none
}

// Message is one message of a conversation.
type Message struct {
	Role    string `json:"role"` // system, user or assistant
	Content string `json:"content"`
}

// Schema is a JSON schema with a name: letters, digits, _ and -.
type Schema struct {
	Name string
	JSON json.RawMessage
}

// Response is an answer. With an error it holds what had come by then: the
// tokens of a refused or truncated answer are spent.
type Response struct {
	Text             string
	FinishReason     string
	Refusal          string
	Model            string // as the server names it; what was asked for when it doesn't
	PromptTokens     int
	CompletionTokens int
	Mode             Mode // how the JSON was asked for; "" for free text
	Requests         int  // how many it took
}

// Chat asks. It asks again at once only when the server does not take the form
// of the request and there is a simpler one; its errors are *Error.
func (c *Client) Chat(ctx context.Context, r Request) (Response, error) {
	d := c.dialect(r.Model)
	for requests := 1; ; requests++ {
		resp, err := c.ask(ctx, r, d)
		resp.Requests = requests
		if err == nil {
			c.learn(r.Model, d)
			return resp, nil
		}
		simpler, ok := d.without(err.complaint, &r)
		if !ok || err.Status != http.StatusBadRequest && err.Status != http.StatusUnprocessableEntity {
			if err.Status == http.StatusOK {
				c.learn(r.Model, d)
			}
			return resp, err
		}
		d = simpler
	}
}

// Models lists the models that the server offers, as far as it says: a cheap
// way to try address and key.
func (c *Client) Models(ctx context.Context) ([]string, error) {
	body, err := c.do(ctx, http.MethodGet, "/models", nil, "")
	if err != nil {
		return nil, err
	}
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if e := json.Unmarshal(body, &list); e != nil {
		return nil, &Error{Kind: Malformed, Status: http.StatusOK, Message: "the server's list of models can't be read: is the address that of the API?"}
	}
	out := make([]string, 0, len(list.Data))
	for _, m := range list.Data {
		out = append(out, m.ID)
	}
	return out, nil
}

// ask sends one request.
func (c *Client) ask(ctx context.Context, r Request, d dialect) (Response, *Error) {
	resp := Response{Model: r.Model}
	if r.Schema != nil {
		resp.Mode = d.mode
	}
	body, e := json.Marshal(d.request(&r))
	if e != nil {
		return resp, &Error{Kind: BadRequest, Message: "the request can't be written as JSON", Err: e}
	}
	sent := said(r.Messages)
	answer, err := c.do(ctx, http.MethodPost, "/chat/completions", body, sent)
	if err != nil {
		return resp, err
	}
	err = resp.read(answer, c.Key, sent)
	return resp, err
}

// do sends one HTTP request and gives the body of a 2xx. Words in sent are
// kept out of its errors.
func (c *Client) do(ctx context.Context, method, path string, body []byte, sent string) ([]byte, *Error) {
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	req, e := http.NewRequestWithContext(ctx, method, Endpoint(c.BaseURL)+path, bytes.NewReader(body))
	if e != nil {
		return nil, &Error{Kind: BadRequest, Message: "the base URL is not a web address"}
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.Key)
	}
	res, e := c.HTTP.Do(req)
	if e != nil {
		return nil, unreachable(ctx, e)
	}
	defer res.Body.Close()
	answer, e := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case e != nil:
		return nil, unreachable(ctx, e)
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, refusedBy(res, answer, c.Key, sent)
	case len(answer) > maxBody:
		return nil, &Error{Kind: Malformed, Status: http.StatusOK, Message: fmt.Sprintf("the server's answer is longer than %d MiB", maxBody>>20)}
	}
	return answer, nil
}

// unreachable is the error of a request without an answer. The address, which
// net/http puts into its own, is left out.
func unreachable(ctx context.Context, err error) *Error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	switch e := ctx.Err(); {
	case errors.Is(e, context.DeadlineExceeded) || errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: Unavailable, Message: "the server did not answer in time", Err: context.DeadlineExceeded}
	case e != nil:
		return &Error{Kind: Unavailable, Message: "the request was given up", Err: e}
	}
	return &Error{Kind: Unavailable, Message: "the server can't be reached", Err: err}
}

var version = regexp.MustCompile(`(^|/)v[0-9][0-9a-z]*(/|$)`)

// Endpoint is the address under which a server's paths stand. A base that has
// a version in its path is taken as it is, /v1 is added to any other; a path
// that was copied along with it is cut off.
func Endpoint(base string) string {
	base = strings.TrimRight(strings.TrimSpace(base), "/")
	for _, tail := range []string{"/chat/completions", "/models"} {
		base = strings.TrimRight(strings.TrimSuffix(base, tail), "/")
	}
	u, err := url.Parse(base)
	if err != nil || version.MatchString(u.Path) {
		return base
	}
	return base + "/v1"
}

func (c *Client) dialect(model string) dialect {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.learnt[model]
	d.mode = cmp.Or(d.mode, c.Structured, JSONSchema)
	return d
}

func (c *Client) learn(model string, d dialect) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.learnt == nil {
		c.learnt = map[string]dialect{}
	}
	c.learnt[model] = d
}
