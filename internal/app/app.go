// Package app wires everything together, in the order of the picture: what
// comes first here is needed by what comes after it, and stops after it.
//
//	store ─▶ secrets ─▶ jobs ─▶ ledger ─▶ search, live ─▶ alert
//	                      │        ▲
//	      egress ─▶ deliver   pipeline ─▶ evaluate …
//	          auth ─▶ ingest ─▶ api ─▶ web ─▶ HTTP
//	          follow ──▲ ◀── connect
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/bus/nats"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/connect"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/crm/custom"
	"github.com/ringsidehq/ringside/internal/crm/hubspot"
	"github.com/ringsidehq/ringside/internal/crm/salesforce"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/evaluate"
	"github.com/ringsidehq/ringside/internal/follow"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/intervene"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/obs"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/scenario"
	"github.com/ringsidehq/ringside/internal/search"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/spool"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/web"
	"github.com/ringsidehq/ringside/ui"
)

// Version is what this program is; a release build sets it.
var Version = "0.1.0-dev"

// stopWithin is how long requests and jobs may take to end.
const stopWithin = 20 * time.Second

// spooled is the folder in the data directory that forwarded deliveries wait
// in for the database.
func spooled(data string) string { return filepath.Join(data, "spool") }

// App is a running server.
type App struct {
	cfg      config.Serve
	log      *slog.Logger
	public   string
	store    *store.Store
	secrets  *secret.Box
	audio    recordings
	spool    *spool.Spool
	egress   *egress.Gate
	mail     *notify.MailServer // nil: none is set
	hand     *intervene.Hand
	deliver  *deliver.Sender
	models   *pipeline.Models
	crms     *pipeline.CRMs
	pipeline pipeline.Config
	queue    *jobs.Queue
	examiner *evaluate.Examiner
	ledger   *ledger.Ledger
	search   *search.Follower
	live     *live.Engine
	bus      *nats.Bus // to other processes; nil: there is none
	teller   *pipeline.Teller
	alerts   *alert.Engine
	player   *scenario.Runner
	auth     *auth.Auth
	door     *ingest.Door
	follower *follow.Follower
	connect  *connect.Connector
	api      *api.Server
	metrics  *obs.Metrics
	demo     *demo

	closing                   chan struct{} // closed when requests without an end are to end
	listener, metricsListener net.Listener
	server, metricsServer     *http.Server
	started                   time.Time
	stopped                   sync.Once
}

// New opens everything and starts nothing.
func New(ctx context.Context, cfg config.Serve, log *slog.Logger) (_ *App, err error) {
	a := &App{cfg: cfg, log: log, started: time.Now(), closing: make(chan struct{})}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if err = checkVendorURLs(cfg.VendorURLs); err != nil {
		return nil, err
	}
	if a.store, err = store.Open(ctx, store.Options{URL: cfg.DatabaseURL, Dir: cfg.Data}); err != nil {
		return nil, err
	}
	if a.secrets, err = secret.Open(cfg.Data, cfg.SecretKey); err != nil {
		return nil, err
	}
	if a.audio, err = openRecordings(ctx, &cfg.Common); err != nil {
		return nil, err
	}
	if a.spool, err = spool.Open(spooled(cfg.Data), spool.DefaultLimits); err != nil {
		return nil, err
	}
	a.metrics = obs.NewMetrics(Version, a.searchLag, a.quarantined)
	a.metrics.WatchSpool(func() obs.Spool {
		f := a.spool.Figures("")
		return obs.Spool{Held: f.Held, InMemory: f.InMemory, Lost: f.Lost, Damaged: f.Damaged, Bytes: f.Bytes}
	})
	a.egress = egress.New(egress.Config{Allow: cfg.EgressAllow})
	if a.mail, err = mailServer(&cfg, a.egress.CheckMail); err != nil {
		return nil, err
	}
	a.afterwards()
	workers := pipeline.Workers(a.pipeline)
	a.deliver.AddWorkers(workers)
	a.examiner.AddWorkers(workers)
	a.alerts.AddWorkers(workers)
	a.hand.AddWorkers(workers)
	a.connect.AddWorkers(workers)
	a.player.AddWorkers(workers)
	if a.queue, err = jobs.New(ctx, a.store, jobs.Config{Workers: workers, Hold: cfg.HoldPipeline, Log: log}); err != nil {
		return nil, err
	}
	a.search = search.New(a.store, log)
	a.teller = pipeline.NewTeller(&a.pipeline)
	if err := a.liveCalls(ctx); err != nil {
		return nil, err
	}
	a.follower = follow.New(follow.Config{
		Store: a.store, Providers: providerTable(), Line: a.hand.Line, Partials: a.partials, Log: log,
		Take: func(ctx context.Context, d follow.Delivery) (ledger.Result, error) {
			return a.door.Followed(ctx, ingest.Followed(d))
		},
	})
	a.ledger = ledger.New(ledger.Config{
		Store: a.store, Jobs: a.queue, Stamp: a.secrets.Stamp, Log: log, Committed: a.committed,
		Observe: func(b ledger.Batch) { a.metrics.Batch(b.Items, b.Failed, b.Took) },
	})
	a.auth = auth.New(a.store, log)
	if err := a.face(ctx); err != nil {
		return nil, err
	}
	return a, firstWorkspaces(ctx, a.store, cfg.Demo)
}

// partials shows what is being said, but for what nobody is to see.
func (a *App) partials(workspace string, call ringside.CallID, all []ringside.Partial) {
	all, err := a.ledger.Partials(context.Background(), workspace, call, all)
	if err != nil {
		a.log.Error("words that are being said are not shown", "call_id", call.String(), "error", err)
		return
	}
	a.live.Partials(workspace, call, all)
}

// committed tells those who follow the ledger.
func (a *App) committed(calls []ledger.Commit) {
	a.search.Wake()
	a.live.Observe(calls)
	a.teller.Observe(calls)
	a.follower.Observe(calls)
}

// afterwards makes what works on calls that have ended. The ledger and the
// queue are made later, and the address is known later still: they are asked
// for when they are needed.
func (a *App) afterwards() {
	queue := func() *jobs.Queue { return a.queue }
	a.deliver = deliver.New(deliver.Config{
		Store: a.store, Jobs: queue, Secrets: a.secrets, Egress: a.egress, PublicURL: a.PublicURL, Log: a.log,
		Observe: func(s store.WebhookStatus, took time.Duration) { a.metrics.Webhook(string(s), took) },
	})
	a.models = &pipeline.Models{Store: a.store, Secrets: a.secrets, HTTP: func(timeout time.Duration) *http.Client {
		return a.egress.Client(egress.Limits{Timeout: timeout, Body: maxAnswer})
	}}
	transcribers := &pipeline.Transcribers{
		Store: a.store, Secrets: a.secrets, HTTP: a.egress.Client(egress.Limits{Timeout: transcribedWithin, Body: maxTranscript}),
	}
	a.crms = &pipeline.CRMs{
		Adapters: crmTable(), Store: a.store, Secrets: a.secrets,
		HTTP: a.egress.Client(egress.Limits{Timeout: time.Minute, Body: maxAnswer}),
	}
	a.examiner = evaluate.New(evaluate.Config{Store: a.store, Queue: queue, Model: a.model, Log: a.log})
	a.hand = intervene.New(intervene.Config{
		Store: a.store, Ledger: func() *ledger.Ledger { return a.ledger }, Secrets: a.secrets, Providers: providerTable(), Log: a.log,
		HTTP: a.egress.Client(egress.Limits{Timeout: time.Minute, Body: maxListed}), Queue: queue, BaseURLs: a.cfg.VendorURLs,
		Show: func(call ringside.CallID, all []*ringside.Proposal) { a.live.Propose(call, all) },
	})
	a.connect = connect.New(connect.Config{
		Store: a.store, Providers: providerTable(), Queue: queue, Line: a.hand.SourceLine, Log: a.log,
		Take: func(ctx context.Context, d connect.Delivery) (ledger.Result, error) {
			return a.door.Pulled(ctx, ingest.Pulled(d))
		},
		AgentsChanged: func() { a.ledger.AgentsChanged() },
	})
	a.alerts = a.watcher(queue)
	a.player = a.scenarios(queue)
	a.pipeline = pipeline.Config{
		Store: a.store, Ledger: func() *ledger.Ledger { return a.ledger }, Queue: queue, Secrets: a.secrets,
		Models: a.models, CRMs: a.crms, Webhooks: a.deliver, PublicURL: a.PublicURL, Log: a.log, KeepInbox: a.cfg.KeepInbox,
		Evaluate: a.examiner.Plan, Recordings: a.recordings(), Transcribers: transcribers,
		Spooled: func() int { return a.spool.Figures("").Held },
		Forget: func(workspace string, call ringside.CallID) {
			a.live.Forget(workspace, call)
			a.follower.Forget(call)
		},
	}
}

// recordingWithin bounds how long fetching a recording may take.
const recordingWithin = 15 * time.Minute

// Bounds on the answer about one piece of speech: a server of one's own may take
// as long as the piece lasts.
const (
	maxTranscript     = 17 << 20
	transcribedWithin = 15 * time.Minute
)

func (a *App) recordings() *pipeline.Recordings {
	return &pipeline.Recordings{
		Files: a.audio, Fetch: a.cfg.FetchRecordings, Providers: providerTable(), BaseURLs: a.cfg.VendorURLs, Store: a.store, Secrets: a.secrets,
		HTTP: a.egress.Client(egress.Limits{Timeout: recordingWithin, Body: ringside.MaxRecording}),
		Key: func(ctx context.Context, c *ringside.Call) (string, error) {
			on, _, err := a.hand.Line(ctx, c)
			return on.Key, err
		},
	}
}

// model takes a workspace's language model for an evaluation.
func (a *App) model(ctx context.Context, workspace string) (*evaluate.Model, error) {
	j, done, err := a.models.Take(ctx, workspace)
	if j == nil || err != nil {
		return nil, err
	}
	return &evaluate.Model{Judge: j, Done: done}, nil
}

// maxAnswer bounds what another server's answer may be.
const maxAnswer = 4 << 20

// maxListed bounds what a vendor's answer may be: a page of calls with every word
// of them.
const maxListed = 64 << 20

// crmTable is every CRM that calls can be written to.
func crmTable() map[string]crm.Adapter {
	out := map[string]crm.Adapter{}
	for _, a := range []crm.Adapter{hubspot.New(), salesforce.New(), custom.New()} {
		out[a.ID] = a
	}
	return out
}

// face makes what answers requests, once the address is known: the public URL
// may follow from it.
func (a *App) face(ctx context.Context) (err error) {
	if a.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.Listen); err != nil {
		return fmt.Errorf("listen on %s: %w", a.cfg.Listen, err)
	}
	if a.public, err = a.cfg.Public(reachable(a.listener.Addr())); err != nil {
		return err
	}
	table := providerTable()
	a.door = ingest.New(ingest.Config{
		Store: a.store, Ledger: a.ledger, Auth: a.auth, Secrets: a.secrets, Providers: table, Audio: a.audio, PublicURL: a.public, Log: a.log,
		Split: stream.Split, Partials: a.partials,
		Rate: ingest.Rate{PerSecond: a.cfg.RatePerKey, Burst: a.cfg.BurstPerKey},
		Observe: func(o ingest.Observation) {
			if _, known := table[o.Provider]; !known {
				o.Provider = "other"
			}
			a.metrics.Delivery(o.Door, o.Provider, o.Action, o.Took)
		},
		Egress: a.egress, Spool: a.spool,
		ObserveForward: func(f ingest.Forwarded) { a.metrics.Forward(f.Provider, f.Outcome, f.Endpoint, f.Added) },
	})
	a.demo = &demo{app: a}
	a.api = api.New(a.apiConfig())
	dist, err := fs.Sub(ui.Dist, "dist")
	if err != nil {
		return err
	}
	page, err := web.Handler(dist, a.cfg.DevUI)
	if err != nil {
		return err
	}
	a.server = a.newServer(a.handler(page))
	if a.cfg.MetricsListen == "" {
		return nil
	}
	if a.metricsListener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.MetricsListen); err != nil {
		return fmt.Errorf("listen on %s for metrics: %w", a.cfg.MetricsListen, err)
	}
	a.metricsServer = a.newServer(a.metrics.Handler())
	return nil
}

func (a *App) apiConfig() api.Config {
	return api.Config{
		Store: a.store, Ledger: a.ledger, Ingest: a.door, Auth: a.auth, Secrets: a.secrets, Egress: a.egress, Deliver: a.deliver,
		Models: a.models, Transcribers: a.pipeline.Transcribers, CRMs: a.crms, Pipeline: &a.pipeline, Examiner: a.examiner, Providers: providers,
		PublicURL: a.public, Version: Version, Log: a.log, Demo: a.cfg.Demo, Audio: a.audio,
		Live: a.live, Alerts: a.alerts, Closing: a.closing, Hand: a.hand, Follow: a.follower, Scenarios: a.player, Connect: a.connect,
	}
}

// OpenAPI is the API's document; it needs no running server.
func OpenAPI() ([]byte, error) {
	log := slog.New(slog.DiscardHandler)
	return api.New(api.Config{Ingest: ingest.New(ingest.Config{}), Auth: auth.New(nil, log), Providers: providers, Version: "1", Log: log}).OpenAPI()
}

func (a *App) newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		ConnContext: api.KeepConn, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}

// reachable is an address that a program on this machine can ask.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() && !tcp.IP.IsLoopback() {
		return addr.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}

// PublicURL is how people and vendors reach the server.
func (a *App) PublicURL() string { return a.public }

// Start starts everything and returns. Serving has begun when it does.
func (a *App) Start(ctx context.Context) error {
	if err := a.alerts.Start(ctx); err != nil {
		return err
	}
	if err := a.live.Start(ctx); err != nil { // before anything comes in
		return err
	}
	a.teller.Start()
	a.ledger.Start()
	a.search.Start()
	a.auth.Start()
	a.door.Start(ctx)
	a.follower.Start()
	if err := a.queue.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	serve := func(s *http.Server, l net.Listener) {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("server failed", slog.Any("error", err))
		}
	}
	go serve(a.server, a.listener)
	if a.metricsServer != nil {
		go serve(a.metricsServer, a.metricsListener)
	}
	a.log.Info("ready", slog.String("url", a.public), slog.Duration("after", time.Since(a.started)))
	a.demo.start()
	return nil
}

// Stop ends everything in the reverse order: first what comes in, then what
// works on it, last the store. What was answered is on disk.
func (a *App) Stop() { a.stopped.Do(a.stop) }

func (a *App) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	a.demo.stop()
	a.player.Stop()
	close(a.closing)
	a.live.Flush()
	if err := a.server.Shutdown(ctx); err != nil {
		a.log.Warn("some requests were cut off", slog.Any("error", err))
		_ = a.server.Close()
	}
	if a.metricsServer != nil {
		_ = a.metricsServer.Close()
	}
	if err := a.queue.Stop(ctx); err != nil {
		a.log.Warn("some jobs were cut off; they run again at the next start", slog.Any("error", err))
	}
	a.follower.Stop()
	a.door.Stop()
	a.ledger.Stop()
	a.live.Stop()
	a.alerts.Stop()
	a.teller.Stop()
	a.search.Stop()
	a.auth.Stop()
	a.egress.Close()
	a.close()
	a.log.Info("stopped")
}

// close lets go of what New opened.
func (a *App) close() {
	for _, l := range []net.Listener{a.listener, a.metricsListener} {
		if l != nil {
			_ = l.Close()
		}
	}
	if a.store != nil {
		a.store.Close()
	}
}

// Run serves until ctx ends.
func (a *App) Run(ctx context.Context) error {
	if err := a.Start(ctx); err != nil {
		a.close()
		return err
	}
	<-ctx.Done()
	a.Stop()
	return nil
}
