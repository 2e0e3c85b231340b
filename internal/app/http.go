package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/search"
	"github.com/ringsidehq/ringside/internal/store"
)

// apiPrefixes begin the paths that the API answers; the page answers the rest.
var apiPrefixes = []string{"/v1/", "/api/", "/webhooks/", "/openapi", "/docs", "/schemas/"}

// handler puts the page, the API and the operations endpoints under one roof.
func (a *App) handler(page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.HandleFunc("GET /metrics", a.metricsByKey)
	guard := http.NewCrossOriginProtection()
	return a.observe(guard.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, p := range apiPrefixes {
			if strings.HasPrefix(r.URL.Path, p) {
				a.api.ServeHTTP(w, r)
				return
			}
		}
		mux.ServeHTTP(w, r)
	})))
}

// observe counts and logs each request by its route's pattern: paths hold keys
// and call ids.
func (a *App) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		s := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(s, r)
		route := r.Pattern
		if route == "" {
			route = "none"
		}
		took := time.Since(started)
		a.metrics.Request(route, s.status, took)
		if a.log.Enabled(r.Context(), slog.LevelDebug) {
			a.log.DebugContext(r.Context(), "request", slog.String("route", route), slog.Int("status", s.status), slog.Duration("took", took))
		}
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// maxReadyLag is how many changes the search index may be behind before it is
// said to be.
const maxReadyLag = 100_000

// readyz says whether deliveries can be stored, and how far the index is.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	out := map[string]any{"status": "ok", "database": "writable"}
	status := http.StatusOK
	if err := a.store.Ping(ctx); err != nil {
		a.log.WarnContext(ctx, "not ready", slog.Any("error", err))
		out["status"], out["database"], status = "failing", "not writable", http.StatusServiceUnavailable
	} else {
		lag := a.searchLag()
		out["search_lag_rows"] = lag
		if lag > maxReadyLag {
			out["search"] = "behind; searches miss the newest calls"
		}
	}
	writeJSON(w, status, out)
}

// metricsByKey serves the metrics to a key that may read.
func (a *App) metricsByKey(w http.ResponseWriter, r *http.Request) {
	p, err := a.auth.Authenticate(r)
	if err == nil {
		err = p.Require(auth.ScopeRead)
	}
	if err != nil {
		a.api.WriteProblem(w, r, "metrics", err)
		return
	}
	a.metrics.Handler().ServeHTTP(w, r)
}

func (a *App) searchLag() float64 {
	return a.figure(func(ctx context.Context, tx store.Tx) (int64, error) { return store.OutboxLag(ctx, tx, search.Name) })
}

func (a *App) quarantined() float64 {
	return a.figure(store.QuarantinedAll)
}

// figure reads one number for the metrics; -1 when it can't be read.
func (a *App) figure(read func(context.Context, store.Tx) (int64, error)) float64 {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	n := int64(-1)
	err := a.store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		n, err = read(ctx, tx)
		return err
	})
	if err != nil {
		return -1
	}
	return float64(n)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
