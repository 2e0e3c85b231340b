// Package api is Ringside's face: every operation of the public API, which is
// also all that the page uses. routes.go lists them; endpoint.go turns a
// function into an operation; each noun has a file.
package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/connect"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/evaluate"
	"github.com/ringsidehq/ringside/internal/follow"
	"github.com/ringsidehq/ringside/internal/importer"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/intervene"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/scenario"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what the API is made of.
type Config struct {
	Store        *store.Store
	Ledger       *ledger.Ledger
	Ingest       *ingest.Door
	Auth         *auth.Auth
	Secrets      *secret.Box
	Egress       *egress.Gate
	Deliver      *deliver.Sender
	Models       *pipeline.Models
	Transcribers *pipeline.Transcribers
	CRMs         *pipeline.CRMs
	Pipeline     *pipeline.Config // to do a step again
	Providers    []ProviderInfo
	PublicURL    string // without a trailing slash
	Version      string
	Log          *slog.Logger
	Demo         bool // this server was told to show sample calls
	Examiner     *evaluate.Examiner
	Live         *live.Engine
	Hand         *intervene.Hand
	Follow       *follow.Follower // nil: nothing is followed
	Connect      *connect.Connector
	Alerts       *alert.Engine
	Scenarios    *scenario.Runner
	Closing      <-chan struct{} // closed when the server is about to end
	// Pulse is how often a silent stream says that it is alive, and whoever
	// reads or listens is asked for anew; 10 s when it is 0.
	Pulse time.Duration
	// Audio keeps recordings on disk; nil when none are kept.
	Audio Audio
}

// Audio serves the recordings that Ringside keeps itself.
type Audio interface {
	Has(ringside.CallID) bool
	Keep(context.Context, ringside.CallID, io.Reader) error
	Remove(ringside.CallID) error
	Open(ringside.CallID) (io.ReadSeekCloser, ringside.Kept, error)
	Serve(http.ResponseWriter, *http.Request, ringside.CallID)
}

// ProviderInfo is what a person must know to connect a vendor.
type ProviderInfo struct {
	provider.Provider
	SecretLabel string   // what the vendor calls its secret; empty when it signs nothing
	Steps       []string // what to do at the vendor's, a sentence each
}

// Server serves the API.
type Server struct {
	cfg Config
	mux *http.ServeMux
	api huma.API

	imports chan struct{} // of those that are under way
}

// humaOnce sets what huma keeps in variables of its package.
var humaOnce sync.Once

// New makes the API and registers its routes.
func New(c Config) *Server {
	humaOnce.Do(func() { huma.NewError, huma.DefaultArrayNullable = humaError, false })
	c.Pulse = cmp.Or(c.Pulse, pulse)
	s := &Server{cfg: c, mux: http.NewServeMux(), imports: make(chan struct{}, importsAtOnce)}
	s.api = humago.New(patterns{s.mux}, document(c.Version))
	s.routes()
	s.mux.HandleFunc("GET /docs", s.docs)
	return s
}

// evaluatePath is one that the mux can't tell from …/calls/webhook/{key}: of
// the two, neither is the narrower.
const evaluatePath = "/api/v1/observability/calls/{call_short_id}/evaluate"

// patterns is the mux, to which evaluatePath is the wider of the two.
type patterns struct{ *http.ServeMux }

// HandleFunc registers a handler.
func (p patterns) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	if pattern != http.MethodPost+" "+evaluatePath {
		p.ServeMux.HandleFunc(pattern, handle)
		return
	}
	p.ServeMux.HandleFunc(strings.Replace(pattern, "/evaluate", "/{action}", 1), func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("action") != "evaluate" {
			http.NotFound(w, r)
			return
		}
		handle(w, r)
	})
}

// schemaName names a type in the document. What is heard, and what is imported,
// have names that calls have too, for other things.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch t.PkgPath() {
	case reflect.TypeFor[audio.Report]().PkgPath():
		return "Sound" + name
	case reflect.TypeFor[importer.Result]().PkgPath():
		return "Import" + name
	}
	return name
}

// document is the OpenAPI document before any operation.
func document(version string) huma.Config {
	c := huma.DefaultConfig("Ringside", version)
	c.Info.Description = "The monitor for AI voice agents that a team runs itself. Everything that the page does goes through this API."
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.CreateHooks = nil // no $schema property in bodies
	c.DocsPath = ""     // the page of docs.go instead: it asks nobody for a script
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer":  {Type: "http", Scheme: "bearer", Description: "An API key: rs_live_…"},
		"key":     {Type: "apiKey", In: "header", Name: "X-API-Key", Description: "The same key; X-EFFICIENTAI-API-KEY and X-Workspace-Key are read too."},
		"session": {Type: "apiKey", In: "cookie", Name: auth.SessionCookie, Description: "A signed-in browser."},
	}
	return c
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.URL.Path, "\x00") || strings.Contains(r.URL.RawQuery, "%00") {
		s.WriteProblem(w, r, "address", newProblem(http.StatusBadRequest, "nul_character", "the address has a NUL character (%00), which no text can hold"))
		return
	}
	s.mux.ServeHTTP(w, r)
}

// OpenAPI is the API's document, as JSON to be read and compared.
func (s *Server) OpenAPI() ([]byte, error) {
	raw, err := s.api.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// read runs fn on a snapshot of the store.
func (s *Server) read(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return s.cfg.Store.Read(ctx, fn)
}

// write runs fn in a transaction.
func (s *Server) write(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return s.cfg.Store.Write(ctx, fn)
}
