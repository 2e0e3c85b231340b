package retell

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/provider"
)

const (
	// maxFrame bounds a message of the monitor: the snapshot is the whole call.
	maxFrame = 4 << 20
	// notOn closes the monitor of a call that is not on, or not yet.
	notOn websocket.StatusCode = 4004
	// aliveEvery is how often a silent connection is tried.
	aliveEvery = 20 * time.Second
	// dialWithin bounds the making of a connection, and of an answer to a ping.
	dialWithin = 15 * time.Second
)

// follow reads the monitor of a call, a WebSocket on which only Retell speaks:
//
//	transcript_snapshot   what was said and done so far; may come later than
//	transcript_updated    rows that are new, or replace those with their ids
//	call_ended            how; then it closes, 1000 call_ended
//
// It closes with 4004 while the call is not on, and with others from 4000 for
// good: a key that may not, personal data that is kept out, too many watchers
// (five).
func follow(ctx context.Context, on provider.Line, tell func(provider.Told) error) error {
	conn, err := watch(ctx, on)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer func() { _ = conn.CloseNow() }() // it has been closed, or is given up
	defer stop()
	frames, gone := make(chan []byte), make(chan error, 1)
	reading.Go(func() { gone <- read(ctx, conn, frames) })
	reading.Go(func() { alive(ctx, conn) })
	m, tick := newMonitor(on.ProviderCallID), time.NewTicker(pace)
	defer tick.Stop()
	for !m.over {
		var lost error
		select {
		case b := <-frames:
			m.take(b, time.Now()) //nolint:forbidigo // to follow is no decoding
		case <-tick.C:
		case lost = <-gone:
			if lost = closed(on, lost); lost == nil {
				m.over = true
			}
		}
		if t := m.tell(time.Now()); t.Body != nil || t.Saying != nil { //nolint:forbidigo // to follow is no decoding
			if err := tell(t); err != nil {
				return err
			}
		}
		if lost != nil {
			return lost
		}
	}
	return nil
}

// watch connects to a call's monitor.
func watch(ctx context.Context, on provider.Line) (*websocket.Conn, error) {
	key, err := on.NeedKey(name)
	if err != nil {
		return nil, err
	}
	url, err := on.At(name, base, "/v2/monitor-call/{}", on.ProviderCallID)
	if err != nil {
		return nil, err
	}
	dial, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	conn, res, err := websocket.Dial(dial, url, &websocket.DialOptions{ //nolint:bodyclose // Dial has read it
		HTTPClient: on.HTTP, HTTPHeader: http.Header{"Authorization": {"Bearer " + key}},
	})
	switch {
	case err == nil:
		conn.SetReadLimit(maxFrame)
		return conn, nil
	case res == nil:
		return nil, provider.Unreached(name, err)
	}
	body, _ := io.ReadAll(res.Body) // the library keeps its first kilobyte
	kind, words := provider.Refused(res.StatusCode, body)
	if kind == "" { // a good answer, and no WebSocket
		kind = ringside.Unavailable
	}
	return nil, on.Refusal(name, kind, res.StatusCode, words)
}

func read(ctx context.Context, conn *websocket.Conn, frames chan<- []byte) error {
	for {
		_, b, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		select {
		case frames <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// alive closes a connection whose other side is gone without a word.
func alive(ctx context.Context, conn *websocket.Conn) {
	tick := time.NewTicker(aliveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ping, cancel := context.WithTimeout(ctx, dialWithin)
		err := conn.Ping(ping)
		cancel()
		if err != nil {
			_ = conn.CloseNow()
			return
		}
	}
}

// closed reads why a connection ended; nil when the call has.
func closed(on provider.Line, err error) error {
	end, ok := errors.AsType[websocket.CloseError](err)
	switch {
	case !ok:
		return on.Refusal(name, ringside.Unavailable, 0, egress.Explain(err))
	case end.Code == websocket.StatusNormalClosure && end.Reason == "call_ended":
		return nil
	case end.Code == notOn:
		return on.Refusal(name, ringside.NotFound, int(end.Code), end.Reason)
	case end.Code >= 4000:
		return on.Refusal(name, ringside.Invalid, int(end.Code), end.Reason)
	}
	return on.Refusal(name, ringside.Unavailable, int(end.Code), end.Reason)
}
