package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
)

// Config says what is sent where.
type Config struct {
	Dir         string
	CSV         string // what is known of the calls; "": nothing
	Below       bool   // the CSV may name files below the folder alone: it is somebody else's
	Agent       string // of calls whose row names none
	Direction   ringside.Direction
	Zone        *time.Location // of times that name none; nil: UTC
	URL         string
	Key         string       // of scope ingest; one that may read saves sending twice
	Client      *http.Client // nil: one of its own
	Concurrency int
	DryRun      bool // ask, and send nothing; without a key don't ask either

	Pause    time.Duration                 // before the first repetition, each after it waits twice as long; 0: half a second
	Progress func(done, total int, r Seen) // after each file, one at a time; nil: nothing
	Log      *slog.Logger                  // of what is tried again; nil: nothing
}

// Seen counts what became of the files so far.
type Seen struct{ Sent, There, Skipped, Failed int }

// Result says what became of every file.
type Result struct {
	Files   int    `json:"files"`
	Sent    int    `json:"sent"`
	There   int    `json:"already_there"`
	Skipped []Left `json:"skipped"`
	Failed  []Left `json:"failed"`
	// Blind says that the key may not read, so that recordings were sent which
	// the server may have had.
	Blind bool   `json:"recordings_sent_unseen,omitempty"`
	Calls []Call `json:"calls,omitempty"` // of a dry run
}

// Left is a file that was not sent, and why.
type Left struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

// Call is what a file would become.
type Call struct {
	File      string    `json:"file"`
	ID        string    `json:"id"`
	Agent     string    `json:"agent"`
	StartedAt time.Time `json:"started_at"`
	TimeFrom  string    `json:"time_from" enum:"csv,name,file"`
	Seconds   float64   `json:"seconds"`
	There     bool      `json:"already_there"`
}

// Run imports a folder. A file that was not taken is in the result and no error.
// Errors are what keeps it from beginning, such as the CSV's, without a result;
// and a server that takes nothing or a context that was cancelled, with how far it
// came.
func Run(ctx context.Context, c Config) (*Result, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	found, err := find(c.Dir)
	if err != nil {
		return nil, err
	}
	if c.CSV != "" {
		rows, err := readSheet(&c)
		if err != nil {
			return nil, err
		}
		found.know(rows, c.CSV)
	}
	r := &Result{Files: len(found.files), Skipped: found.skipped, Failed: found.failed}
	given := ctx
	ctx, stop := context.WithCancelCause(given)
	defer stop(nil)
	m := &importer{cfg: c, client: cmp.Or(c.Client, newClient(c.Concurrency)), stop: stop, result: r, ids: map[string]string{}}
	defer m.client.CloseIdleConnections()
	m.run(ctx, found.files)
	r.sort()
	switch {
	case ctx.Err() == nil || m.done == r.Files:
		return r, nil
	case given.Err() == nil:
		return r, context.Cause(ctx)
	}
	return r, fmt.Errorf("interrupted after %d of %d files; run the same command again to go on: what is there is not sent again", m.done, r.Files)
}

// sort puts what several senders noted in the order of the files.
func (r *Result) sort() {
	for _, l := range [][]Left{r.Skipped, r.Failed} {
		slices.SortStableFunc(l, func(a, b Left) int { return cmp.Compare(a.File, b.File) })
	}
	slices.SortFunc(r.Calls, func(a, b Call) int { return cmp.Compare(a.File, b.File) })
}

// check refuses what can't be meant, and fills in what was left out.
func (c *Config) check() error {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("--url: %q is not a web address; it looks like http://localhost:8080", c.URL)
	}
	switch {
	case strings.TrimSpace(c.Agent) == "":
		return errors.New("--agent: say whose calls these are")
	case c.Key == "" && !c.DryRun:
		return errors.New("--key: a key of scope ingest is needed; make one with: ringside keys create --name import --scope ingest")
	case c.Direction != "" && c.Direction != ringside.Inbound && c.Direction != ringside.Outbound:
		return fmt.Errorf("--direction: %q is neither inbound nor outbound", c.Direction)
	}
	c.URL = strings.TrimRight(c.URL, "/")
	c.Concurrency = max(1, c.Concurrency)
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Pause == 0 {
		c.Pause = 500 * time.Millisecond
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}

type importer struct {
	cfg    Config
	client *http.Client
	stop   context.CancelCauseFunc // ends all of it, with why

	ids map[string]string // of prepare alone: the file that has an id

	mu     sync.Mutex
	result *Result // guarded by mu
	done   int     // guarded by mu: files
	away   int     // guarded by mu: files in a row that the server was not there for
}

// run prepares file after file and hands each to a sender: which of two equal
// files is the call depends on their names alone.
func (m *importer) run(ctx context.Context, files []file) {
	work := make(chan *recording)
	var senders sync.WaitGroup
	for range m.cfg.Concurrency {
		senders.Go(func() {
			for r := range work {
				there, err := m.send(ctx, r)
				m.settle(ctx, r.name, there, err)
			}
		})
	}
	defer senders.Wait()
	defer close(work)
	for i := range files {
		r, err := m.prepare(ctx, &files[i])
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			m.settle(ctx, files[i].name, false, err)
			continue
		}
		select {
		case work <- r:
		case <-ctx.Done():
			return
		}
	}
}

// settle notes what became of a file. Where all of it ends, its error is about
// no file.
func (m *importer) settle(ctx context.Context, name string, there bool, err error) {
	if ctx.Err() != nil && err != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.result
	m.done++
	var skip skipped
	switch {
	case errors.As(err, &skip):
		r.Skipped = append(r.Skipped, Left{name, skip.why})
	case err != nil:
		r.Failed = append(r.Failed, Left{name, err.Error()})
		m.missed(err)
	case there:
		r.There++
		m.away = 0
	default:
		r.Sent++
		m.away = 0
	}
	if m.cfg.Progress != nil {
		m.cfg.Progress(m.done, r.Files, Seen{r.Sent, r.There, len(r.Skipped), len(r.Failed)})
	}
}

// maxAway is how many files in a row may fail for the server's own reasons.
const maxAway = 3

// missed ends the import when the server stays away. m.mu is held.
func (m *importer) missed(err error) {
	if !isAway(err) {
		return
	}
	if m.away++; m.away >= maxAway {
		m.stop(fmt.Errorf("the server has not taken the last %d files; run the same command again when it does: %w", m.away, err))
	}
}

// skipped is a file that there is no sending.
type skipped struct{ why string }

func (s skipped) Error() string { return s.why }
