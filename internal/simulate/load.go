package simulate

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// LoadConfig says how hard to knock on a server's door.
type LoadConfig struct {
	URL         string
	Key         string
	Calls       int           // stop after so many; 0: by For alone
	For         time.Duration // stop after so long; 0: by Calls alone
	Rate        float64       // calls a second; 0: as fast as can be
	Connections int
	Mixed       bool   // bodies of Vapi, Retell, custom agents and flat ones; else Vapi reports of about 6 KB
	PID         int    // the server's, to read what it uses; 0: don't
	Data        string // its data directory, to see how it grows; "": don't
}

// LoadResult is what a load test saw. Times are in milliseconds.
type LoadResult struct {
	Calls           int     `json:"calls"`
	Errors          int     `json:"errors"`
	FirstError      string  `json:"first_error,omitempty"`
	Seconds         float64 `json:"seconds"`
	CallsPerSecond  float64 `json:"calls_per_second"`
	P50             float64 `json:"p50_ms"`
	P90             float64 `json:"p90_ms"`
	P99             float64 `json:"p99_ms"`
	Max             float64 `json:"max_ms"`
	BodyBytes       int     `json:"body_bytes"`
	ServerCPUMS     float64 `json:"server_cpu_ms_per_call,omitempty"`
	ClientCPUMS     float64 `json:"client_cpu_ms_per_call"`
	ServerRSSMB     float64 `json:"server_rss_mb,omitempty"`
	ServerPeakRSSMB float64 `json:"server_peak_rss_mb,omitempty"`
	DiskPerCall     float64 `json:"disk_bytes_per_call,omitempty"`

	Analysis *Analysis `json:"analysis,omitempty"` // where it was waited for
}

const moulds = 64

// Load sends calls until there were enough, and measures.
func Load(ctx context.Context, c LoadConfig) (*LoadResult, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return nil, fmt.Errorf("%q is no http:// address", c.URL)
	}
	if c.Calls == 0 && c.For == 0 {
		return nil, fmt.Errorf("say how many calls or for how long")
	}
	if c.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	l := &load{cfg: c, addr: u.Host, run: randomRun()}
	if l.moulds, err = loadMoulds(c, u.Host); err != nil {
		return nil, fmt.Errorf("prepare bodies: %w", err)
	}
	diskBefore := treeBytes(c.Data)
	before, own := usageOf(c.PID), ownCPU()
	l.started = time.Now()
	var senders sync.WaitGroup
	results := make([]sent, max(1, c.Connections))
	for i := range results {
		senders.Go(func() { l.send(ctx, &results[i]) })
	}
	senders.Wait()
	took := time.Since(l.started)
	r := sumUp(results, took)
	for _, m := range l.moulds {
		r.BodyBytes += len(m.request) / len(l.moulds)
	}
	after := usageOf(c.PID)
	if n := float64(r.Calls); n > 0 {
		r.ServerCPUMS, r.ClientCPUMS = (after.cpu-before.cpu).Seconds()*1000/n, (ownCPU()-own).Seconds()*1000/n
		r.DiskPerCall = float64(treeBytes(c.Data)-diskBefore) / n
	}
	r.ServerRSSMB, r.ServerPeakRSSMB = after.rssMB, after.peakMB
	return r, nil
}

// loadMoulds makes the bodies before the clock starts.
func loadMoulds(c LoadConfig, host string) ([]*mould, error) {
	g, err := New(Config{Seed: 6, Calls: 4096, Until: time.Now()})
	if err != nil {
		return nil, err
	}
	var out []*mould
	for i := 0; len(out) < moulds; i++ {
		call := g.Call(i)
		switch call.agent.provider {
		case vapi:
			if !c.Mixed && call.answeredAt.IsZero() {
				continue
			}
		case bland, elevenlabs: // they write their times in another way
			continue
		default:
			if !c.Mixed {
				continue
			}
		}
		m, err := newMould(call, host, c.Key)
		if err != nil {
			return nil, err
		}
		if n := len(m.request); !c.Mixed && (n < 5500 || n > 7500) {
			continue
		}
		out = append(out, m)
	}
	return out, nil
}

func randomRun() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:]) & (1<<20 - 1) << 20
}

type load struct {
	cfg     LoadConfig
	addr    string
	run     uint64
	moulds  []*mould
	started time.Time
	next    atomic.Int64
}

// sent is what one connection did.
type sent struct {
	took   []time.Duration
	errors int
	first  error
}

// send sends one call after the other over one connection, and opens another
// when that breaks.
func (l *load) send(ctx context.Context, s *sent) {
	var conn net.Conn
	var in *bufio.Reader
	defer func() {
		if conn != nil {
			_ = conn.Close()
		}
	}()
	var buf []byte
	for ctx.Err() == nil {
		n := l.next.Add(1) - 1
		if l.cfg.Calls > 0 && n >= int64(l.cfg.Calls) || !l.pace(ctx, n) {
			return
		}
		if conn == nil {
			var err error
			if conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", l.addr); err != nil {
				s.fail(err)
				return
			}
			in = bufio.NewReaderSize(conn, 4096)
		}
		buf = l.moulds[int(n)%len(l.moulds)].cast(buf, l.run+uint64(n), time.Now().UTC()) //nolint:gosec // not negative
		began := time.Now()
		if err := exchange(conn, in, buf); err != nil {
			s.fail(err)
			_ = conn.Close()
			conn = nil
			continue
		}
		s.took = append(s.took, time.Since(began))
	}
}

// pace waits for a call's turn; false when there is no more time.
func (l *load) pace(ctx context.Context, n int64) bool {
	if l.cfg.Rate <= 0 {
		return true
	}
	due := l.started.Add(time.Duration(float64(n) / l.cfg.Rate * float64(time.Second)))
	select {
	case <-time.After(time.Until(due)):
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *sent) fail(err error) {
	if s.errors++; s.first == nil {
		s.first = err
	}
}

// exchange sends a request and reads its answer.
func exchange(conn net.Conn, in *bufio.Reader, request []byte) error {
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := conn.Write(request); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	res, err := http.ReadResponse(in, nil)
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode < 300 {
		_, err := io.Copy(io.Discard, res.Body)
		return err
	}
	text, _ := io.ReadAll(io.LimitReader(res.Body, 500))
	return fmt.Errorf("answered with %s: %s", res.Status, text)
}

func sumUp(results []sent, took time.Duration) *LoadResult {
	var all []time.Duration
	r := &LoadResult{Seconds: took.Seconds()}
	for i := range results {
		all = append(all, results[i].took...)
		r.Errors += results[i].errors
		if results[i].first != nil && r.FirstError == "" {
			r.FirstError = results[i].first.Error()
		}
	}
	r.Calls = len(all)
	r.CallsPerSecond = float64(r.Calls) / took.Seconds()
	slices.Sort(all)
	r.P50, r.P90, r.P99, r.Max = quantile(all, 0.5), quantile(all, 0.9), quantile(all, 0.99), quantile(all, 1)
	return r
}

// quantile is the nearest-rank quantile of sorted times, in ms.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := min(len(sorted)-1, max(0, int(q*float64(len(sorted))+0.999999)-1))
	return float64(sorted[i].Microseconds()) / 1000
}
