// Package obs makes the log and the metrics.
package obs

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// NewLog makes a log that writes to w. Messages are constants; what varies is
// in attributes; transcripts, numbers and keys are never logged.
func NewLog(w io.Writer, format, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: l}
	if format == "text" {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}

// Metrics are Ringside's own metrics, on a registry of their own.
type Metrics struct {
	registry    *prometheus.Registry
	deliveries  *prometheus.CounterVec
	deliverTime *prometheus.HistogramVec
	batchItems  prometheus.Histogram
	batchTime   prometheus.Histogram
	failed      prometheus.Counter
	requests    *prometheus.HistogramVec
	webhooks    *prometheus.HistogramVec
	forwards    *prometheus.HistogramVec
	forwardCost *prometheus.HistogramVec
}

var quick = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}

// slow is for what waits for others' servers.
var slow = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 15, 30}

// NewMetrics makes the metrics. lag gives how many changes the search index
// has not seen, quarantined how many deliveries wait for a mended decoder.
func NewMetrics(version string, lag, quarantined func() float64) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ringside_ingest_deliveries_total", Help: "Deliveries by door, provider and what became of them.",
		}, []string{"door", "provider", "action"}),
		deliverTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ringside_ingest_duration_seconds", Help: "From the door to the answer.", Buckets: quick,
		}, []string{"door"}),
		batchItems: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "ringside_ledger_batch_items", Help: "Deliveries that shared a transaction.", Buckets: prometheus.ExponentialBuckets(1, 2, 9),
		}),
		batchTime: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "ringside_ledger_batch_seconds", Help: "Time to commit a batch.", Buckets: quick,
		}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ringside_ledger_failed_items_total", Help: "Deliveries that could not be stored.",
		}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ringside_http_request_duration_seconds", Help: "HTTP requests by route and status class.", Buckets: quick,
		}, []string{"route", "status"}),
		webhooks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ringside_deliver_attempt_seconds", Help: "Attempts to send a webhook, by what became of the delivery.", Buckets: slow,
		}, []string{"status"}),
		forwards: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ringside_ingest_forward_endpoint_seconds", Help: "Time of forwarded deliveries at the endpoint, by provider and outcome.", Buckets: slow,
		}, []string{"provider", "outcome"}),
		forwardCost: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ringside_ingest_forward_added_seconds", Help: "Time that forwarding added to the endpoint's own.", Buckets: quick,
		}, []string{"provider"}),
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{Name: "ringside_build_info", Help: "Always 1; the version is a label.", ConstLabels: prometheus.Labels{"version": version}})
	info.Set(1)
	m.registry.MustRegister(
		m.deliveries, m.deliverTime, m.batchItems, m.batchTime, m.failed, m.requests, m.webhooks, m.forwards, m.forwardCost, info,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ringside_search_lag_rows", Help: "Changes that the search index has not seen."}, lag),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ringside_inbox_quarantined_count", Help: "Deliveries that could not be decoded, up to 10,001."}, quarantined),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// Delivery counts a delivery. An unknown provider is counted as other, so that
// nobody outside can make labels.
func (m *Metrics) Delivery(door, provider, action string, took time.Duration) {
	m.deliveries.WithLabelValues(door, provider, action).Inc()
	m.deliverTime.WithLabelValues(door).Observe(took.Seconds())
}

// Batch counts a transaction of the ledger.
func (m *Metrics) Batch(items, failed int, took time.Duration) {
	m.batchItems.Observe(float64(items))
	m.batchTime.Observe(took.Seconds())
	m.failed.Add(float64(failed))
}

// Request counts an HTTP request by its route's pattern, never its path.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	class := [...]string{"1xx", "2xx", "3xx", "4xx", "5xx"}[min(max(status/100, 1), 5)-1]
	m.requests.WithLabelValues(route, class).Observe(took.Seconds())
}

// Webhook counts an attempt to send a webhook by what became of the delivery.
func (m *Metrics) Webhook(status string, took time.Duration) {
	m.webhooks.WithLabelValues(status).Observe(took.Seconds())
}

// Forward counts a forwarded delivery.
func (m *Metrics) Forward(provider, outcome string, endpoint, added time.Duration) {
	m.forwards.WithLabelValues(provider, outcome).Observe(endpoint.Seconds())
	m.forwardCost.WithLabelValues(provider).Observe(added.Seconds())
}

// Spool is how full the spool of forwarded deliveries is.
type Spool struct {
	Held, InMemory, Lost, Damaged int
	Bytes                         int64
}

// WatchSpool adds the figures of the spool.
func (m *Metrics) WatchSpool(figures func() Spool) {
	gauge := func(name, help string, get func(Spool) float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ringside_ingest_forward_" + name, Help: help}, func() float64 {
			return get(figures())
		}))
	}
	gauge("spool_deliveries", "Forwarded deliveries that the database has not taken yet.", func(s Spool) float64 { return float64(s.Held) })
	gauge("spool_bytes", "Bytes of the bodies in the spool.", func(s Spool) float64 { return float64(s.Bytes) })
	gauge("spool_memory_deliveries", "Of them, those that are in memory alone because the disk did not take them.", func(s Spool) float64 { return float64(s.InMemory) })
	gauge("spool_refused_deliveries", "Forwarded deliveries that found the spool full, since the start.", func(s Spool) float64 { return float64(s.Lost) })
	gauge("spool_damaged_files", "Files of the spool that were set aside as damaged, since the start.", func(s Spool) float64 { return float64(s.Damaged) })
}

// Bus is what the bus between processes has done since the start.
type Bus struct {
	Sent, Received, Dropped int64
	Connected               bool
	Behind                  int // calls that wait to be read
}

// WatchBus adds the figures of the bus.
func (m *Metrics) WatchBus(figures func() Bus) {
	counter := func(name, help string, get func(Bus) int64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "ringside_bus_" + name, Help: help}, func() float64 {
			return float64(get(figures()))
		}))
	}
	gauge := func(name, help string, get func(Bus) int) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ringside_bus_" + name, Help: help}, func() float64 {
			return float64(get(figures()))
		}))
	}
	counter("sent_notes_total", "Notes that were sent to the other processes.", func(b Bus) int64 { return b.Sent })
	counter("received_notes_total", "Notes of other processes that were taken.", func(b Bus) int64 { return b.Received })
	counter("dropped_notes_total", "Notes that were not sent, and what came that was none.", func(b Bus) int64 { return b.Dropped })
	gauge("connected", "1 while the NATS server is there.", func(b Bus) int {
		if b.Connected {
			return 1
		}
		return 0
	})
	gauge("waiting_calls", "Calls that other processes have changed and that are still to be read.", func(b Bus) int { return b.Behind })
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
