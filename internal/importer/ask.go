package importer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	tries     = 6                // of one request
	longPause = 30 * time.Second // the longest before a repetition
	maxAnswer = 64 << 20         // a call with all that was said in it
)

// request is what is asked of the server, as often as it takes.
type request struct {
	method, path string
	kind         string // of the body
	size         int64
	body         func() (io.ReadCloser, error) // anew for each try; nil: none
	within       time.Duration                 // 0: a minute
}

// newClient follows no redirect: a POST would become a GET.
func newClient(connections int) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: connections, IdleConnTimeout: time.Minute,
			DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext, TLSHandshakeTimeout: 10 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// refusal is an answer other than 2xx.
type refusal struct {
	status int
	detail string
	after  time.Duration // which the server asks to wait
}

func (r *refusal) Error() string {
	s := fmt.Sprintf("answered with %d %s", r.status, http.StatusText(r.status))
	if r.detail != "" {
		s += ": " + r.detail
	}
	return s
}

// statusOf is the status that an error is about; 0: none.
func statusOf(err error) int {
	var r *refusal
	if errors.As(err, &r) {
		return r.status
	}
	return 0
}

// unreached is that there was no answer.
type unreached struct{ err error }

func (u *unreached) Error() string { return u.err.Error() }
func (u *unreached) Unwrap() error { return u.err }

// isAway tells whether an error is the server's own, so that another try may
// help.
func isAway(err error) bool {
	var u *unreached
	status := statusOf(err)
	return status >= 500 || status == http.StatusTooManyRequests || errors.As(err, &u)
}

// ask sends a request until the server has taken or refused it, and reads the
// answer into out.
func (m *importer) ask(ctx context.Context, r request, out any) error {
	pause := m.cfg.Pause
	for try := 1; ; try++ {
		err := m.once(ctx, &r, out)
		if err == nil || !isAway(err) || ctx.Err() != nil || try == tries {
			return err
		}
		wait := pause
		var no *refusal
		if errors.As(err, &no) {
			wait = max(wait, no.after)
		}
		wait = min(wait, longPause)
		m.cfg.Log.WarnContext(ctx, "trying again", slog.String("method", r.method), slog.Duration("pause", wait), slog.Any("error", err))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
		pause *= 2
	}
}

func (m *importer) once(ctx context.Context, r *request, out any) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(r.within, answerWithin))
	defer cancel()
	var in io.ReadCloser
	if r.body != nil {
		var err error
		if in, err = r.body(); err != nil {
			return err
		}
		defer in.Close()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, m.cfg.URL+r.path, in)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+m.cfg.Key)
	if in != nil {
		req.ContentLength = r.size
		req.Header.Set("Content-Type", r.kind)
	}
	res, err := m.client.Do(req)
	var at *url.Error // it names the whole address, which we know
	if errors.As(err, &at) {
		err = at.Err
	}
	if err != nil {
		return &unreached{fmt.Errorf("no answer: %w", err)}
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		return refused(res)
	}
	if out == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer))
	} else {
		err = json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(out)
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("what answers at %s is no Ringside: %w", m.cfg.URL, err)
	case err != nil:
		return &unreached{fmt.Errorf("read the answer: %w", err)}
	}
	return nil
}

// refused reads an answer that is none of 2xx: an RFC 9457 problem, or whatever
// stands between us and the server says.
func refused(res *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(res.Body, 2048)) // what is missing of it is missed in a message
	r := &refusal{status: res.StatusCode}
	var problem struct{ Detail, Title string }
	if json.Unmarshal(text, &problem) == nil {
		r.detail = cmp.Or(problem.Detail, problem.Title)
	} else if text = bytes.TrimSpace(text); len(text) < 200 && !bytes.HasPrefix(text, []byte("<")) {
		r.detail = string(text)
	}
	if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
		r.after = time.Duration(s) * time.Second
	}
	return r
}
