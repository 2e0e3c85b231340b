package simulate

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// FillConfig says what to fill a store with.
type FillConfig struct {
	Ledger    *ledger.Ledger
	Workspace string
	Providers map[string]provider.Provider
	Calls     int
	Days      int
	Seed      uint64
	Until     time.Time
	Index     func(context.Context) (int, error) // one step of the search index; 0 when it has caught up
	Progress  func(calls, indexed int)           // called about once a second; nil for nobody
}

// fillers is how many appends are under way at once: two of the ledger's
// batches.
const fillers = 512

// Fill appends generated calls, the oldest first, and indexes them.
func Fill(ctx context.Context, c FillConfig) error {
	g, err := New(Config{Seed: c.Seed, Calls: c.Calls, Until: c.Until, Days: c.Days})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &filling{cfg: c, generator: g}
	var appenders sync.WaitGroup
	for range fillers {
		appenders.Go(func() {
			if err := f.append(ctx); err != nil {
				f.fail(err)
				cancel()
			}
		})
	}
	stop := f.report()
	defer stop()
	appended := make(chan struct{})
	go func() { appenders.Wait(); close(appended) }()
	if err := f.index(ctx, appended); err != nil {
		f.fail(err)
		cancel()
	}
	<-appended
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

type filling struct {
	cfg       FillConfig
	generator *Generator
	next      atomic.Int64
	done      atomic.Int64
	indexed   atomic.Int64

	mu  sync.Mutex
	err error // guarded by mu: the first
}

func (f *filling) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

func (f *filling) append(ctx context.Context) error {
	for {
		n := int(f.next.Add(1))
		if n > f.cfg.Calls || ctx.Err() != nil {
			return ctx.Err()
		}
		call := f.generator.Call(f.cfg.Calls - n)
		for _, d := range call.Deliveries(false) {
			if err := f.deliver(ctx, call, &d); err != nil {
				return fmt.Errorf("fill in call %d: %w", f.cfg.Calls-n, err)
			}
		}
		f.done.Add(1)
	}
}

// deliver decodes a delivery as the door would, received when the call was
// over.
func (f *filling) deliver(ctx context.Context, c *Call, d *Delivery) error {
	p, ok := f.cfg.Providers[d.Provider]
	if !ok {
		return fmt.Errorf("no adapter for %s", d.Provider)
	}
	at := c.endedAt.Add(5 * time.Second)
	events, err := p.Decode(provider.Payload{Body: d.Body, ReceivedAt: at})
	if err != nil {
		return err
	}
	e := ledger.Envelope{Workspace: f.cfg.Workspace, Provider: d.Provider, Event: d.Event, ReceivedAt: at, Body: d.Body, Events: events}
	if d.LinkedAgent != "" {
		e.Context = store.DeliveryContext{LinkedAgent: d.LinkedAgent, AgentName: d.Metadata["agent_name"]}
		for i := range events {
			x := &events[i].Facts
			x.LinkedAgent, x.Agent = d.LinkedAgent, &ringside.AgentFact{Name: d.Metadata["agent_name"]}
		}
	}
	_, err = f.cfg.Ledger.Append(ctx, e)
	return err
}

// index follows what is appended, in large steps so that it rarely takes the
// writer from the appends, until there is nothing more.
func (f *filling) index(ctx context.Context, appended <-chan struct{}) error {
	over := false
	for {
		n, err := f.cfg.Index(ctx)
		if err != nil {
			return fmt.Errorf("index: %w", err)
		}
		f.indexed.Add(int64(n))
		if n > 0 {
			continue
		}
		if over {
			return nil
		}
		select {
		case <-appended:
			over = true
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// report tells how far it has got, until stopped.
func (f *filling) report() (stop func()) {
	if f.cfg.Progress == nil {
		return func() {}
	}
	ticker, quit := time.NewTicker(time.Second), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-ticker.C:
				f.cfg.Progress(int(f.done.Load()), int(f.indexed.Load()))
			case <-quit:
				return
			}
		}
	})
	return func() {
		ticker.Stop()
		close(quit)
		wg.Wait()
	}
}

// NoJobs is a queue that takes no jobs: nobody analyses the calls of a load
// test.
type NoJobs struct{}

// Enqueue implements ledger.Enqueuer.
func (NoJobs) Enqueue(context.Context, store.Tx, []river.JobArgs) error { return nil }
