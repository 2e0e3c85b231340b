package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
)

// Health says how the calls of a window went, against the window before it.
type Health struct {
	WindowHours int             `json:"window_hours"`
	From        time.Time       `json:"from"`
	To          time.Time       `json:"to"`
	Now         HealthFigures   `json:"now"`
	Before      HealthFigures   `json:"before" doc:"The same length of time before from"`
	Failures    []FailureFigure `json:"failures" doc:"Of now, most frequent first"`
}

// HealthFigures sum up one window. A rate is null when there is nothing to
// divide by.
type HealthFigures struct {
	Calls         int       `json:"calls"`
	Ended         int       `json:"ended"`
	Active        int       `json:"active"`
	Failed        int       `json:"failed" doc:"Ended calls with a failure class"`
	Judged        int       `json:"judged" doc:"Ended calls of which somebody says whether they succeeded"`
	Succeeded     int       `json:"succeeded"`
	SuccessRate   *float64  `json:"success_rate" doc:"succeeded ÷ judged"`
	FailureRate   *float64  `json:"failure_rate" doc:"failed ÷ ended"`
	AvgDurationMS *float64  `json:"avg_duration_ms" doc:"Over calls of known duration"`
	ResponseP95MS *float64  `json:"response_p95_ms" doc:"95th percentile over calls of their median claimed response time"`
	ResponseN     int       `json:"response_n" doc:"Calls that the percentile is over"`
	Cost          *ItemCost `json:"cost" doc:"Of the currency in which most was spent; null when no cost is known"`
}

// FailureFigure is one failure class with its most frequent reasons.
type FailureFigure struct {
	Class   ringside.FailureClass `json:"class"`
	Count   int                   `json:"count"`
	Reasons []FacetReason         `json:"reasons"`
}

// FacetReason is a vendor's reason and how often it was given.
type FacetReason struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// MeasureHealth looks at the calls of one window and the one before.
// Simulations are left out.
func MeasureHealth(ctx context.Context, tx Tx, f CallFilter, now time.Time, window time.Duration) (*Health, error) {
	f.Simulation = new(false)
	h := &Health{WindowHours: int(window.Hours()), From: now.Add(-window), To: now, Failures: []FailureFigure{}}
	var err error
	if h.Now, err = measureWindow(ctx, tx, f, h.From, h.To); err != nil {
		return nil, err
	}
	if h.Before, err = measureWindow(ctx, tx, f, h.From.Add(-window), h.From); err != nil {
		return nil, err
	}
	f.StartedAfter, f.StartedBefore = h.From, h.To
	h.Failures, err = countFailures(ctx, tx, f)
	return h, err
}

func measureWindow(ctx context.Context, tx Tx, f CallFilter, from, to time.Time) (HealthFigures, error) {
	var h HealthFigures
	f.StartedAfter, f.StartedBefore = from, to
	w := f.build()
	ended := `c.status IN ('completed', 'failed', 'declined', 'missed')`
	err := tx.QueryRow(ctx, `
SELECT COUNT(*), COUNT(CASE WHEN `+ended+` THEN 1 END), COUNT(CASE WHEN c.status IN ('queued', 'ringing', 'active') THEN 1 END),
       COUNT(CASE WHEN `+ended+` AND c.failure_class <> '' THEN 1 END), COUNT(CASE WHEN `+ended+` THEN c.success END),
       COUNT(CASE WHEN `+ended+` AND c.success THEN 1 END), AVG(CAST(c.duration_ms AS DOUBLE PRECISION)), COUNT(c.response_ms)
FROM calls c WHERE `+w.String(), w.args...).
		Scan(&h.Calls, &h.Ended, &h.Active, &h.Failed, &h.Judged, &h.Succeeded, &h.AvgDurationMS, &h.ResponseN)
	if err != nil {
		return h, fmt.Errorf("sum up calls: %w", err)
	}
	h.SuccessRate, h.FailureRate = ratio(h.Succeeded, h.Judged), ratio(h.Failed, h.Ended)
	if h.ResponseN > 0 {
		// The nearest-rank percentile: the ceil(0.95 n)-th smallest value.
		offset := (h.ResponseN*95+99)/100 - 1
		err := tx.QueryRow(ctx, `SELECT c.response_ms FROM calls c WHERE `+w.String()+
			fmt.Sprintf(` AND c.response_ms IS NOT NULL ORDER BY c.response_ms LIMIT 1 OFFSET %d`, offset), w.args...).Scan(&h.ResponseP95MS)
		if err != nil {
			return h, fmt.Errorf("find the 95th percentile: %w", err)
		}
	}
	rows, err := tx.Query(ctx, `SELECT c.currency, SUM(c.cost) FROM calls c WHERE `+w.String()+` AND c.cost IS NOT NULL GROUP BY c.currency ORDER BY 2 DESC LIMIT 1`, w.args...)
	err = each(rows, err, func(r Rows) error {
		h.Cost = &ItemCost{}
		return r.Scan(&h.Cost.Currency, &h.Cost.Total)
	})
	if err != nil {
		return h, fmt.Errorf("sum up costs: %w", err)
	}
	return h, nil
}

func ratio(n, of int) *float64 {
	if of == 0 {
		return nil
	}
	return new(float64(n) / float64(of))
}

func countFailures(ctx context.Context, tx Tx, f CallFilter) ([]FailureFigure, error) {
	w := f.build()
	reasons := map[ringside.FailureClass]map[string]int{}
	totals := map[ringside.FailureClass]int{}
	rows, err := tx.Query(ctx, `SELECT c.failure_class, c.ended_reason, COUNT(*) FROM calls c WHERE `+w.String()+
		` AND c.failure_class <> '' GROUP BY c.failure_class, c.ended_reason`, w.args...)
	err = each(rows, err, func(r Rows) error {
		var class ringside.FailureClass
		var reason string
		var n int
		if err := r.Scan(&class, &reason, &n); err != nil {
			return err
		}
		if reasons[class] == nil {
			reasons[class] = map[string]int{}
		}
		reasons[class][reason] += n
		totals[class] += n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count failures: %w", err)
	}
	out := []FailureFigure{}
	for _, class := range byCount(totals) {
		fig := FailureFigure{Class: class, Count: totals[class], Reasons: []FacetReason{}}
		for _, r := range byCount(reasons[class])[:min(3, len(reasons[class]))] {
			fig.Reasons = append(fig.Reasons, FacetReason{r, reasons[class][r]})
		}
		out = append(out, fig)
	}
	return out, nil
}

// byCount gives the keys, the greatest count first.
func byCount[K cmp.Ordered](m map[K]int) []K {
	return slices.SortedFunc(maps.Keys(m), func(a, b K) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
}
