package simulate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/ringsidehq/ringside/testdata/payloads"
)

// Source is where a vendor's webhooks go, and the secret that they are signed
// with.
type Source struct {
	Path   string
	Secret string
}

// DemoConfig says where the sample calls go.
type DemoConfig struct {
	BaseURL string
	Key     string            // of scope ingest
	Sources map[string]Source // by provider
	Now     time.Time         // what the calls lead up to; the same time again sends the same bytes
	Calls   int               // 0: 600
	Days    int               // 0: 30
	Log     *slog.Logger

	Payloads fs.FS        // nil: those of this repository
	Client   *http.Client // nil: one of its own
}

const (
	demoSeed    = 20_260_963 // one whose last day looks like the month
	demoCalls   = 600
	demoWorkers = 4
	liveCalls   = 60 // the newest, of which the live events are sent too
)

// Demo sends the sample payloads and generated calls through the HTTP doors,
// newest first, and returns when all are in. What is there already is a
// duplicate and changes nothing. It fails when a delivery is refused.
func Demo(ctx context.Context, c DemoConfig) error {
	if c.Calls == 0 {
		c.Calls = demoCalls
	}
	if c.Payloads == nil {
		c.Payloads = payloads.Files
	}
	if c.Client == nil {
		t := &http.Transport{MaxIdleConnsPerHost: demoWorkers, IdleConnTimeout: time.Minute}
		defer t.CloseIdleConnections()
		c.Client = &http.Client{Transport: t, Timeout: time.Minute}
	}
	g, err := New(Config{Seed: demoSeed, Calls: c.Calls, Until: c.Now, Days: c.Days, Words: true})
	if err != nil {
		return err
	}
	samples, err := sampleRequests(c.Payloads)
	if err != nil {
		return fmt.Errorf("read sample payloads: %w", err)
	}
	heard, err := spokenRequests(c.Now)
	if err != nil {
		return err
	}
	samples = append(heard, samples...)
	started := time.Now()
	d := &demo{cfg: c}
	if err := d.sendAll(ctx, g, samples); err != nil {
		return err
	}
	if c.Log != nil {
		c.Log.InfoContext(ctx, "sample calls are in", slog.Int("deliveries", d.sent), slog.Duration("took", time.Since(started)))
	}
	return nil
}

// request is one delivery on its way to a door. The deliveries of a call are
// sent in order, so they are one piece of work.
type request struct {
	path     string
	provider string // whose signature it bears; empty: the key is sent
	body     []byte

	method, kind string // empty: POST, JSON
}

type demo struct {
	cfg DemoConfig

	mu   sync.Mutex
	sent int   // guarded by mu
	err  error // guarded by mu: the first
}

// sendAll hands the work to a few senders. The first failure ends it.
func (d *demo) sendAll(ctx context.Context, g *Generator, samples [][]request) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work := make(chan []request)
	var senders sync.WaitGroup
	for range demoWorkers {
		senders.Go(func() {
			for batch := range work {
				if err := d.sendBatch(ctx, batch); err != nil {
					d.fail(err)
					cancel()
				}
			}
		})
	}
	d.feed(ctx, g, samples, work)
	close(work)
	senders.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		return ctx.Err()
	}
	return d.err
}

// feed gives out the work: the newest calls first, so that the page has
// something to show at once, then the samples, then the past.
func (d *demo) feed(ctx context.Context, g *Generator, samples [][]request, work chan<- []request) {
	give := func(batch []request) {
		select {
		case work <- batch:
		case <-ctx.Done():
		}
	}
	for i := range d.cfg.Calls {
		if i == min(liveCalls, d.cfg.Calls-1) {
			for _, s := range samples {
				give(s)
			}
		}
		give(requestsOf(g.Call(i).Deliveries(i < liveCalls)))
		if ctx.Err() != nil {
			return
		}
	}
	for i := range openCalls {
		give(requestsOf(g.open(d.cfg.Calls+i, d.cfg.Now.Add(-openSince[i]))))
	}
	give([]request{{path: "", provider: vapi, body: undecodable}})
}

// openCalls are under way when the demo begins; nothing more is heard of them,
// so that later they show how such calls are given up on.
const openCalls = 3

var openSince = [openCalls]time.Duration{20 * time.Second, 90 * time.Second, 4 * time.Minute}

// undecodable is a delivery as a vendor sends it after a change: it is kept in
// quarantine.
var undecodable = []byte(`{"message":{"timestamp":1790000000000,"type":"end-of-call-report","endedReason":"customer-ended-call",` +
	`"call":{"id":["4c1d7f0e-2b57-8a10-a6cf-77d20c1be95a"],"type":"inboundPhoneCall"},"artifact":{"messages":[{"role":"bot","message":"Thanks for calling Larkspur Dental."}]}}}`)

func requestsOf(all []Delivery) []request {
	out := make([]request, len(all))
	for i, d := range all {
		out[i] = d.request()
	}
	return out
}

// request says through which door a delivery goes: a vendor's own through its
// webhook, the others through the API that is made for them.
func (d *Delivery) request() request {
	switch d.Provider {
	case custom:
		return request{path: "/api/rest/v2/call-logs", body: encode(map[string]any{
			"provider": custom, "externalAgentId": d.LinkedAgent, "metadata": d.Metadata, "payload": json.RawMessage(d.Body),
		})}
	case external:
		return request{path: "/api/v1/observability/calls", body: d.Body}
	}
	return request{provider: d.Provider, body: d.Body}
}

func (d *demo) sendBatch(ctx context.Context, batch []request) error {
	for _, r := range batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.send(ctx, r); err != nil {
			return err
		}
	}
	d.mu.Lock()
	d.sent += len(batch)
	d.mu.Unlock()
	return nil
}

func (d *demo) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.err = err
	}
}

// tries is how often a delivery is sent that was answered with our own fault.
const tries = 3

func (d *demo) send(ctx context.Context, r request) (err error) {
	for try := range tries {
		var again bool
		if again, err = d.post(ctx, r); !again {
			return err
		}
		select {
		case <-time.After(time.Duration(try+1) * 200 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// post sends a delivery once, and says whether it is worth another try.
func (d *demo) post(ctx context.Context, r request) (again bool, err error) {
	path := r.path
	src, signed := d.cfg.Sources[r.provider]
	if r.provider != "" {
		if !signed {
			return false, fmt.Errorf("send sample calls: no source for %s", r.provider)
		}
		path = src.Path
	}
	method, kind := r.how()
	req, err := http.NewRequestWithContext(ctx, method, d.cfg.BaseURL+path, bytes.NewReader(r.body))
	if err != nil {
		return false, fmt.Errorf("send sample calls: %w", err)
	}
	req.Header.Set("Content-Type", kind)
	if r.provider == "" {
		req.Header.Set("Authorization", "Bearer "+d.cfg.Key)
	} else {
		sign(req.Header, r.provider, src.Secret, r.body, time.Now())
	}
	again, err = answered(d.cfg.Client, req)
	if err != nil {
		err = fmt.Errorf("send a sample %s delivery: %w", r.provider, err)
	}
	return again, err
}

// answered sends a request; an answer other than 2xx is an error. again says
// that another try may help.
func answered(client *http.Client, req *http.Request) (again bool, err error) {
	res, err := client.Do(req)
	if err != nil {
		return req.Context().Err() == nil, err
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(res.Body, 2048))
	if res.StatusCode < 300 {
		return false, nil
	}
	again = res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests
	return again, fmt.Errorf("answered with %s: %s", res.Status, bytes.TrimSpace(answer))
}
