package deliver

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what a sender works with. The queue is made after the workers, and
// the public URL is known when the server listens: both are asked for when they
// are needed.
type Config struct {
	Store     *store.Store
	Jobs      func() *jobs.Queue
	Secrets   *secret.Box
	Egress    *egress.Gate
	PublicURL func() string // without a trailing slash
	Log       *slog.Logger
	Now       func() time.Time // nil: time.Now
	// Observe is called after each attempt with what became of the delivery;
	// nil for nobody.
	Observe func(status store.WebhookStatus, took time.Duration)
}

// Sender plans, sends and records deliveries. It is safe for concurrent use.
type Sender struct {
	cfg    Config
	client *http.Client
	hosts  *hosts
}

// MaxTimeout is how long a receiver may be given for its answer.
const MaxTimeout = 30 * time.Second

// What holds for an endpoint that does not say, and for an agent's own
// addresses.
const (
	DefaultTimeout      = 15 * time.Second
	DefaultRetries      = 5
	defaultAgentRetries = 3
	MaxRetries          = 10
)

// maxAnswer bounds an answer, of which only the beginning is read.
const maxAnswer = 64 << 10

// New makes a sender.
func New(c Config) *Sender {
	if c.Now == nil {
		c.Now = func() time.Time { return time.Now().UTC() }
	}
	return &Sender{
		cfg:    c,
		client: c.Egress.Client(egress.Limits{Timeout: MaxTimeout, Body: maxAnswer}),
		hosts:  newHosts(c.Now),
	}
}

// AddWorkers makes the sender work on its jobs.
func (s *Sender) AddWorkers(w *river.Workers) { river.AddWorker(w, &worker{sender: s}) }
