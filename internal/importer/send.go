package importer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/ringsidehq/ringside"
)

// kept is a call that the server has, as far as that matters here.
type kept struct {
	ID   string         `json:"id"`
	Kept *ringside.Kept `json:"kept"`
}

// send makes a file a call with its recording. It is there when nothing was
// missing. What the server has of a recording that the CSV says nothing of is not
// told again: another copy of it may have another time and another name.
func (m *importer) send(ctx context.Context, r *recording) (there bool, err error) {
	c, err := m.find(ctx, r.id)
	if err != nil {
		return false, err
	}
	if m.cfg.DryRun {
		m.plan(r, c)
		return c.has(r), nil
	}
	told := false
	if c == nil || r.row != nil {
		id, duplicate, err := m.tell(ctx, r)
		if err != nil {
			return false, err
		}
		told = !duplicate
		if c == nil {
			c = &kept{ID: id}
		}
	}
	if c.has(r) {
		return !told, nil
	}
	err = m.give(ctx, r, c.ID)
	if statusOf(err) == http.StatusNotFound && !told { // the server knew what was told of it
		return false, skipped{"is of a call that was deleted or erased, and does not come back"}
	}
	return false, m.fatal(err)
}

// has tells whether a call and this recording of it are there: as it is, or with
// something muted in it since.
func (c *kept) has(r *recording) bool {
	return c != nil && c.Kept != nil && (c.Kept.SHA256 == r.sha || c.Kept.Original == r.sha)
}

func (m *importer) plan(r *recording, c *kept) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.result.Calls = append(m.result.Calls, Call{
		File: r.name, ID: r.id, Agent: m.agentOf(r), StartedAt: r.startedAt, TimeFrom: r.timeFrom, Seconds: r.seconds, There: c.has(r),
	})
}

// find asks the server for a call; nil when it has none, or can't be asked.
func (m *importer) find(ctx context.Context, id string) (*kept, error) {
	m.mu.Lock()
	blind := m.result.Blind
	m.mu.Unlock()
	if blind || m.cfg.Key == "" {
		return nil, nil
	}
	q := url.Values{"provider": {platform}, "provider_call_id": {id}, "limit": {"1"}}
	var page struct{ Items []kept }
	err := m.ask(ctx, request{method: http.MethodGet, path: "/v1/calls?" + q.Encode()}, &page)
	if statusOf(err) == http.StatusForbidden {
		m.mu.Lock()
		m.result.Blind = true
		m.mu.Unlock()
		return nil, nil
	}
	if err != nil {
		return nil, m.fatal(err)
	}
	if len(page.Items) == 0 {
		return nil, nil
	}
	var c kept
	err = m.ask(ctx, request{method: http.MethodGet, path: "/v1/calls/" + page.Items[0].ID}, &c)
	if statusOf(err) == http.StatusNotFound { // deleted a moment ago
		return nil, nil
	}
	return &c, m.fatal(err)
}

// tell sends what is known of a call. It is a duplicate when the server knew all
// of it.
func (m *importer) tell(ctx context.Context, r *recording) (id string, duplicate bool, err error) {
	b, err := m.body(r)
	if err != nil {
		return "", false, err
	}
	var answer struct{ ID, Action, Message string }
	err = m.ask(ctx, request{
		method: http.MethodPost, path: "/api/v1/observability/calls", kind: "application/json", size: int64(len(b)),
		body: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil },
	}, &answer)
	if err != nil {
		return "", false, m.fatal(err)
	}
	if answer.ID == "" {
		return "", false, fmt.Errorf("the server did not take it for a call: %s", answer.Message)
	}
	return answer.ID, answer.Action == "duplicate", nil
}

// give sends the recording. It reads the file anew at each try, and none that was
// written meanwhile: that would be kept under another's hash.
func (m *importer) give(ctx context.Context, r *recording, id string) error {
	return m.ask(ctx, request{
		method: http.MethodPut, path: "/v1/calls/" + id + "/recording", kind: "application/octet-stream", size: r.size, within: uploadWithin,
		body: func() (io.ReadCloser, error) {
			f, err := os.Open(r.path)
			if err != nil {
				return nil, err
			}
			info, err := f.Stat()
			if err == nil && (info.Size() != r.size || !info.ModTime().Equal(r.changed)) {
				err = fmt.Errorf("it changed while it was read; run the same command again when it is whole")
			}
			if err != nil {
				f.Close()
				return nil, err
			}
			return f, nil
		},
	}, nil)
}

const (
	answerWithin = time.Minute
	uploadWithin = 30 * time.Minute
)

// fatal ends the import where the next file would fare no better, and says what
// to do.
func (m *importer) fatal(err error) error {
	var why string
	switch statusOf(err) {
	case http.StatusUnauthorized:
		why = "the server does not know the key; make one with: ringside keys create --name import --scope ingest"
	case http.StatusForbidden:
		why = "the key may not send calls; make one with: ringside keys create --name import --scope ingest"
	case http.StatusNotFound:
		why = "there is no Ringside at " + m.cfg.URL + " that takes recordings; --url is the address of the page, without a path behind it"
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		why = "the server is at another address; give that as --url"
	default:
		return err
	}
	err = fmt.Errorf("%s: %w", why, err)
	m.stop(err)
	return err
}
