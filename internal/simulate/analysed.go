package simulate

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Analysis is how soon after it was received a call had been analysed, in
// milliseconds, and how long after the last of them the last was.
type Analysis struct {
	Times

	LastAfter float64 `json:"last_after_ms"`
}

// maxAsked bounds the calls that are asked for one by one: of more, evenly
// spread ones are.
const maxAsked = 2000

// Analysed waits until the newest calls of a server have been analysed, and
// says how soon each was. The key may read.
func Analysed(ctx context.Context, server, key string, calls int) (*Analysis, error) {
	a := &asking{cfg: AskConfig{URL: server, Key: key}, client: &http.Client{Timeout: time.Minute}}
	ids, err := a.newestIDs(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("list calls: %w", err)
	}
	var h histogram
	var received, analysed time.Time
	step := max(1, len(ids)/maxAsked)
	for i := 0; i < len(ids); i += step {
		at, done, err := a.analysed(ctx, ids[i])
		if err != nil {
			return nil, fmt.Errorf("look at call %s: %w", ids[i], err)
		}
		h.add(done.Sub(at))
		received, analysed = later(received, at), later(analysed, done)
	}
	return &Analysis{h.times(), float64(analysed.Sub(received).Microseconds()) / 1000}, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (a *asking) newestIDs(ctx context.Context, n int) (ids []string, err error) {
	cursor := ""
	for len(ids) < n {
		var page struct {
			Items      []askedCall `json:"items"`
			NextCursor string      `json:"next_cursor"`
		}
		q := url.Values{"limit": {strconv.Itoa(min(500, n-len(ids)))}, "cursor": {cursor}}
		if err := a.get(ctx, "/v1/calls?"+q.Encode(), &page); err != nil {
			return nil, err
		}
		for _, c := range page.Items {
			ids = append(ids, c.ID)
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	return ids, nil
}

// analysed waits for one call's analysis.
func (a *asking) analysed(ctx context.Context, id string) (received, done time.Time, err error) {
	for {
		var c struct {
			ReceivedAt time.Time `json:"received_at"`
			Pipeline   []struct {
				Step, Status string
				At           *time.Time
			} `json:"pipeline"`
		}
		if err := a.get(ctx, "/v1/calls/"+id, &c); err != nil {
			return received, done, err
		}
		for _, s := range c.Pipeline {
			if s.Step == "analysis" && s.Status == "done" && s.At != nil {
				return c.ReceivedAt, *s.At, nil
			}
		}
		select {
		case <-ctx.Done():
			return received, done, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
