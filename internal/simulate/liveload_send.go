package simulate

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"
)

// open begins the calls, with the turns that they are to have.
func (l *liveLoad) open(ctx context.Context) error {
	var openers sync.WaitGroup
	failed := make(chan error, len(l.senders))
	for i := range l.senders {
		openers.Go(func() {
			if err := l.openFrom(ctx, i); err != nil {
				failed <- err
			}
		})
	}
	openers.Wait()
	close(failed)
	return <-failed
}

func (l *liveLoad) openFrom(ctx context.Context, sender int) error {
	conn, in, err := dial(ctx, l.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	for call := sender; call < l.cfg.Calls && ctx.Err() == nil; call += len(l.senders) {
		body := fmt.Sprintf(`{"id":"start","type":"started","agent":"load-%d","agentName":"Load %d","from":"+15550100%03d","isSimulation":true,"direction":"inbound"}`,
			call%8, call%8, call%1000)
		for n := range l.cfg.Turns {
			body += fmt.Sprintf("\n"+`{"id":"o%d","type":"turn","role":%q,"text":%q}`, n, sideOf(n), "So far: "+words)
		}
		if err := exchange(conn, in, l.request(nil, call, []byte(body))); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

func dial(ctx context.Context, addr string) (net.Conn, *bufio.Reader, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, nil, err
	}
	return conn, bufio.NewReaderSize(conn, 4096), nil
}

// words are what a turn says, about as long as turns are.
const words = "I would like to move my appointment to Thursday afternoon, if you have anything."

func sideOf(n int) string {
	if n%2 == 0 {
		return "agent"
	}
	return "user"
}

func (l *liveLoad) request(dst []byte, call int, body []byte) []byte {
	dst = append(dst[:0], "POST /v1/live-calls/"...)
	dst = append(dst, l.callName(call)...)
	dst = append(dst, "/events HTTP/1.1\r\nHost: "...)
	dst = append(dst, l.addr...)
	dst = append(dst, "\r\nAuthorization: Bearer "...)
	dst = append(dst, l.cfg.Key...)
	dst = append(dst, "\r\nContent-Type: application/json\r\nContent-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(body)), 10)
	return append(append(dst, "\r\n\r\n"...), body...)
}

// send sends events at an even pace until the time is over. A call's events go
// over one connection, so they are sent in order.
func (l *liveLoad) send(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, l.cfg.For)
	defer cancel()
	if l.cfg.Rate <= 0 || l.cfg.Calls == 0 {
		<-ctx.Done()
		return
	}
	began := time.Now()
	var senders sync.WaitGroup
	for i := range l.senders {
		senders.Go(func() { l.sendFrom(ctx, i, began) })
	}
	senders.Wait()
}

func (l *liveLoad) sendFrom(ctx context.Context, sender int, began time.Time) {
	s := &l.senders[sender]
	conn, in, err := dial(ctx, l.addr)
	if err != nil {
		s.fail(err)
		return
	}
	defer conn.Close()
	var calls []int
	for call := sender; call < l.cfg.Calls; call += len(l.senders) {
		calls = append(calls, call)
	}
	counts := make([][2]int, len(calls)) // turns and partials of each
	r := newRand(uint64(sender), 1)      //nolint:gosec // not negative
	var buf, body []byte
	for j := 0; ; j++ {
		due := time.Duration(float64(sender+j*len(l.senders)) / l.cfg.Rate * float64(time.Second))
		if !wait(ctx, time.Until(began.Add(due))) {
			return
		}
		at, partial := j%len(calls), r.Float64() < l.cfg.Partials
		kind, table := 0, l.turns[calls[at]]
		if partial {
			kind, table = 1, l.partials[calls[at]]
		}
		n := counts[at][kind]
		if n >= len(table) {
			continue
		}
		counts[at][kind]++
		body = eventBody(body[:0], calls[at], n, partial)
		buf = l.request(buf, calls[at], body)
		sent := time.Now()
		table[n].Store(int64(sent.Sub(l.base)))
		if err := exchange(conn, in, buf); err != nil {
			s.fail(err)
			return
		}
		s.took = append(s.took, time.Since(sent))
		l.events.Add(1)
	}
}

// eventBody writes an event whose text says which it is.
func eventBody(dst []byte, call, n int, partial bool) []byte {
	mark := byte('t')
	if partial {
		mark = 'p'
		dst = append(dst, `{"type":"partial","role":"`...)
	} else {
		dst = append(dst, `{"id":"t`...)
		dst = strconv.AppendInt(dst, int64(n), 10)
		dst = append(dst, `","type":"turn","role":"`...)
	}
	dst = append(dst, sideOf(n)...)
	dst = append(dst, `","text":"~`...)
	dst = append(dst, mark)
	dst = strconv.AppendInt(dst, int64(call), 10)
	dst = append(dst, '.')
	dst = strconv.AppendInt(dst, int64(n), 10)
	dst = append(dst, ' ')
	return append(append(dst, words...), `"}`...)
}
