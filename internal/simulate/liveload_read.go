package simulate

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// follower is a subscriber: what it got, and when. Its goroutine alone writes
// it; receipts are read meanwhile.
type follower struct {
	calls    []int // that it follows; nil: all
	receipts atomic.Int64

	turns, partials              histogram
	last                         []int // by call: the newest turn seen
	lastPartial                  []int
	doubled, reordered           int64
	resyncs, merged, bytes, news int64
	err                          error
}

// expected is how many turns it should have got.
func (f *follower) expected(l *liveLoad) (n int64) {
	if f.calls == nil {
		for call := range l.turns {
			n += l.sentTurns(call)
		}
	}
	for _, call := range f.calls {
		n += l.sentTurns(call)
	}
	return n
}

// subscribe opens every stream and returns when each has begun.
func (l *liveLoad) subscribe(ctx context.Context, readers *sync.WaitGroup) error {
	for i := range l.cfg.Subscribers + l.cfg.Stalled {
		query, f := "includeTranscript=true", &follower{}
		if l.cfg.Each > 0 {
			var names []string
			for j := range l.cfg.Each {
				call := (i*l.cfg.Each + j) % l.cfg.Calls
				f.calls, names = append(f.calls, call), append(names, l.callName(call))
			}
			query += "&callIds=" + strings.Join(names, ",")
		}
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.addr)
		if err != nil {
			return err
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		if i >= l.cfg.Subscribers {
			_ = conn.(*net.TCPConn).SetReadBuffer(4096)
		}
		if _, err := fmt.Fprintf(conn, "GET /v1/live-calls/stream?%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", query, l.addr, l.cfg.Key); err != nil {
			return err
		}
		if i >= l.cfg.Subscribers {
			continue // it never reads
		}
		in := bufio.NewReaderSize(conn, 64<<10)
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return err
		}
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("the stream answers %s", res.Status)
		}
		f.last, f.lastPartial = ones(l.cfg.Calls), ones(l.cfg.Calls)
		l.readers = append(l.readers, f)
		readers.Go(func() { f.read(ctx, l, res.Body) })
	}
	return nil
}

func ones(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

// read reads frames until the stream ends.
func (f *follower) read(ctx context.Context, l *liveLoad, body io.Reader) {
	in := bufio.NewReaderSize(&stamped{r: body, f: f, base: l.base}, 64<<10)
	long := false // within a line that is longer than the buffer, a snapshot
	for {
		line, err := in.ReadSlice('\n')
		if err == bufio.ErrBufferFull { //nolint:errorlint // it comes as it is
			long = true
			continue
		}
		if err != nil {
			if ctx.Err() == nil {
				f.err = err
			}
			return
		}
		if !long {
			f.line(l, line)
		}
		long = false
	}
}

// stamped notes when bytes arrive.
type stamped struct {
	r    io.Reader
	f    *follower
	base time.Time
}

func (s *stamped) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	s.f.news = int64(time.Since(s.base))
	s.f.bytes += int64(n)
	return n, err
}

var (
	resyncLine = []byte("event: resync")
	lineData   = []byte(`"type":"transcript"`)
	lineMark   = []byte(`"text":"~`)
)

func (f *follower) line(l *liveLoad, line []byte) {
	switch {
	case bytes.HasPrefix(line, resyncLine):
		f.resyncs++
	case len(line) > 100 && bytes.Contains(line[:60], lineData):
		i := bytes.Index(line, lineMark)
		if i < 0 {
			return
		}
		mark := line[i+len(lineMark):]
		mark = mark[:max(0, bytes.IndexByte(mark, ' '))]
		if len(mark) < 4 {
			return
		}
		left, right, _ := bytes.Cut(mark[1:], []byte("."))
		call, bad := strconv.Atoi(string(left))
		n, worse := strconv.Atoi(string(right))
		if bad != nil || worse != nil || call < 0 || call >= len(l.turns) || n < 0 || n >= len(l.turns[call]) {
			return
		}
		f.got(l, mark[0], call, n)
	}
}

func (f *follower) got(l *liveLoad, kind byte, call, n int) {
	if kind == 'p' {
		f.merged += int64(max(0, n-f.lastPartial[call]-1))
		f.lastPartial[call] = n
		f.partials.add(time.Duration(f.news - l.partials[call][n].Load()))
		return
	}
	switch last := f.last[call]; {
	case n == last:
		f.doubled++
		return
	case n < last:
		f.reordered++
	default:
		f.last[call] = n
	}
	f.turns.add(time.Duration(f.news - l.turns[call][n].Load()))
	f.receipts.Add(1)
}
