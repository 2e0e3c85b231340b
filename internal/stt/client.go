package stt

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"sync"
)

// maxBody is how much of an answer is read: with times of each token, an hour of
// speech takes a few MiB.
const maxBody = 16 << 20

var malformed = &Error{Kind: Malformed, Status: http.StatusOK, Message: "the server's answer is no transcript: is the address that of the API?"}

// Client asks one server. It may be used by many goroutines; it remembers in
// which form the server takes requests, so it is passed by pointer.
type Client struct {
	Settings SpeechSettings
	Key      string       // "" for servers that want none
	HTTP     *http.Client // required

	mu   sync.Mutex
	form form // of OpenAI; under mu
}

// Transcribe has a sound written down. It asks again at once only when the
// server does not take the form of the request and there is a simpler one; its
// errors are *Error.
func (c *Client) Transcribe(ctx context.Context, s Sound) (*Transcript, error) {
	if s.Samples < 1 || s.Samples > MaxSamples {
		return nil, &Error{Kind: BadRequest, Message: fmt.Sprintf("a piece has 1 to %d samples, and not %d", MaxSamples, s.Samples)}
	}
	t, err := c.transcribe(ctx, s)
	if err != nil {
		return nil, err // a nil *Error would be an error
	}
	return t, nil
}

func (c *Client) transcribe(ctx context.Context, s Sound) (*Transcript, *Error) {
	seconds := float64(s.Samples) / Rate
	if c.Settings.Kind == Deepgram {
		body, err := c.do(ctx, "?"+deepgramQuery(&c.Settings), "audio/wav", "Token ", func() (io.Reader, int64) { return s.wav() })
		if err != nil {
			return nil, err
		}
		return readDeepgram(body, seconds)
	}
	for f := c.known(); ; {
		head, tail, kind, e := parts(&c.Settings, f)
		if e != nil {
			return nil, &Error{Kind: BadRequest, Message: "the request can't be written", Err: e}
		}
		body, err := c.do(ctx, "", kind, "Bearer ", func() (io.Reader, int64) {
			wav, n := s.wav()
			return io.MultiReader(bytes.NewReader(head), wav, bytes.NewReader(tail)), n + int64(len(head)+len(tail))
		})
		if err == nil {
			c.learn(f)
			return readOpenAI(body, seconds)
		}
		simpler := f.simpler(err.complaint)
		if simpler == f || err.Status != http.StatusBadRequest && err.Status != http.StatusUnprocessableEntity {
			return nil, err
		}
		f = simpler
	}
}

// parts is what stands before and behind the file in a request, and its type.
func parts(s *SpeechSettings, f form) (head, tail []byte, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range f.fields(s) {
		if err := w.WriteField(field[0], field[1]); err != nil {
			return nil, nil, "", err
		}
	}
	file := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="speech.wav"`}, "Content-Type": {"audio/wav"}}
	if _, err := w.CreatePart(file); err != nil {
		return nil, nil, "", err
	}
	n := b.Len()
	if err := w.Close(); err != nil {
		return nil, nil, "", err
	}
	return b.Bytes()[:n], b.Bytes()[n:], w.FormDataContentType(), nil
}

// do sends one HTTP request and gives the body of a 2xx.
func (c *Client) do(ctx context.Context, query, kind, scheme string, content func() (io.Reader, int64)) ([]byte, *Error) {
	body, size := content()
	req, e := http.NewRequestWithContext(ctx, http.MethodPost, c.Settings.endpoint()+query, body)
	if e != nil {
		return nil, &Error{Kind: BadRequest, Message: "the base URL is not a web address"}
	}
	req.ContentLength = size
	req.GetBody = func() (io.ReadCloser, error) {
		again, _ := content()
		return io.NopCloser(again), nil
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", kind)
	if c.Key != "" {
		req.Header.Set("Authorization", scheme+c.Key)
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
		return nil, refusedBy(res, answer, c.Key)
	case len(answer) > maxBody:
		return nil, &Error{Kind: Malformed, Status: http.StatusOK, Message: fmt.Sprintf("the server's answer is longer than %d MiB", maxBody>>20)}
	}
	return answer, nil
}

func (c *Client) known() form {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.form
}

func (c *Client) learn(f form) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.form = max(c.form, f)
}
