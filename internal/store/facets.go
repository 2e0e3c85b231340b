package store

import (
	"context"
	"fmt"
	"time"
)

// FacetValue is one value of a field and how many calls have it.
type FacetValue struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty" doc:"What to show for it, where that is not the value"`
	Count int    `json:"count"`
}

// Facets count calls by the fields that lists filter on.
type Facets struct {
	Facets map[string][]FacetValue `json:"facets" doc:"By the filter's name, most frequent first"`
	Capped bool                    `json:"capped" doc:"Only the newest 100,000 matching calls were counted"`
}

// maxFaceted is how many of the newest matches facets look at.
const maxFaceted = 100_000

// maxFacetValues is how many values of a field are listed.
const maxFacetValues = 30

// facetFields are the fields that are counted, and their columns.
var facetFields = []struct{ name, column string }{
	{"agent", "agent_id"},
	{"status", "status"},
	{"direction", "direction"},
	{"provider", "provider"},
	{"failure_class", "failure_class"},
	{"ended_reason", "ended_reason"},
	{"campaign", "campaign"},
	{"last_event", "last_event"},
	{"sentiment", "sentiment"},
}

// CountFacets counts the calls that a filter means, once over the rows.
func (s *Store) CountFacets(ctx context.Context, tx Tx, f CallFilter) (*Facets, error) {
	if err := f.resolve(ctx, tx); err != nil {
		return nil, err
	}
	from, args := s.newest(f, maxFaceted)
	counts := make([]map[string]int, len(facetFields))
	columns := ""
	for i, field := range facetFields {
		counts[i] = map[string]int{}
		columns += field.column + ", "
	}
	n := 0
	rows, err := tx.Query(ctx, "SELECT "+columns+"COUNT(*) FROM ("+from+") AS newest GROUP BY "+columns[:len(columns)-2], args...)
	err = each(rows, err, func(r Rows) error {
		values, dst := make([]string, len(facetFields)), make([]any, len(facetFields)+1)
		for i := range values {
			dst[i] = &values[i]
		}
		var count int
		dst[len(values)] = &count
		if err := r.Scan(dst...); err != nil {
			return err
		}
		for i, v := range values {
			counts[i][v] += count
		}
		n += count
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count facets: %w", err)
	}
	names, err := AgentNames(ctx, tx, f.Workspace)
	if err != nil {
		return nil, err
	}
	out := &Facets{Facets: map[string][]FacetValue{}, Capped: n >= maxFaceted}
	for i, field := range facetFields {
		out.Facets[field.name] = facetValues(field.name, counts[i], names)
	}
	return out, nil
}

// newest is a query for the newest rows that a filter means, and its
// arguments.
func (s *Store) newest(f CallFilter, limit int) (string, []any) {
	w := f.build()
	from := "calls c"
	if s.Engine == SQLite && !f.narrow() {
		from += " NOT INDEXED" // the table is in this order; by an index all would be sorted
	}
	sql := "SELECT * FROM " + from + " WHERE " + w.String()
	if ts := terms(f.Query); len(ts) > 0 {
		m := s.bound(&CallQuery{CallFilter: f}, s.matching(f.Workspace, ts), "", 0)
		m.sql += fmt.Sprintf(" ORDER BY %s DESC LIMIT %d", s.key(), maxCandidates)
		sql += " AND c.ord IN (" + renumber(m.sql, len(w.args)) + ")"
		w.args = append(w.args, m.args...)
	}
	return sql + fmt.Sprintf(" ORDER BY c.ord DESC LIMIT %d", limit), w.args
}

func facetValues(field string, counts map[string]int, agents map[string]string) []FacetValue {
	out := []FacetValue{}
	for _, v := range byCount(counts) {
		fv := FacetValue{Value: v, Count: counts[v]}
		if v == "" {
			if field != "agent" {
				continue
			}
			fv.Value, fv.Label = "none", "No agent"
		} else if field == "agent" {
			fv.Label = agents[v]
		}
		if out = append(out, fv); len(out) == maxFacetValues {
			break
		}
	}
	return out
}

// Bucket is a stretch of time and the calls in it.
type Bucket struct {
	Start  time.Time `json:"start"`
	Count  int       `json:"count"`
	Failed int       `json:"failed" doc:"Calls with the status failed"`
}

// Histogram counts calls over time.
type Histogram struct {
	Buckets    []Bucket `json:"buckets"`
	IntervalMS int64    `json:"interval_ms"`
	Capped     bool     `json:"capped" doc:"Only the newest 100,000 matching calls were counted"`
}

// intervals are the lengths a bucket may have.
var intervals = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour,
}

// CountOverTime counts the calls that a filter means in at most n buckets
// between the filter's times; without a start it begins 30 days before the
// end, without an end it ends at now.
func (s *Store) CountOverTime(ctx context.Context, tx Tx, f CallFilter, n int, now time.Time) (*Histogram, error) {
	if f.StartedBefore.IsZero() {
		f.StartedBefore = now
	}
	if f.StartedAfter.IsZero() {
		f.StartedAfter = f.StartedBefore.Add(-30 * 24 * time.Hour)
	}
	step := intervals[len(intervals)-1]
	for _, d := range intervals {
		if f.StartedBefore.Sub(f.StartedAfter) <= time.Duration(n)*d {
			step = d
			break
		}
	}
	first := f.StartedAfter.Truncate(step)
	h := &Histogram{IntervalMS: step.Milliseconds(), Buckets: []Bucket{}}
	for t := first; t.Before(f.StartedBefore) && len(h.Buckets) < 1000; t = t.Add(step) {
		h.Buckets = append(h.Buckets, Bucket{Start: t})
	}
	if err := f.resolve(ctx, tx); err != nil {
		return nil, err
	}
	from, args := s.newest(f, maxFaceted)
	total := 0
	rows, err := tx.Query(ctx, fmt.Sprintf(`
SELECT ((ord >> %d) - %d) / %d, COUNT(*), COUNT(CASE WHEN status = 'failed' THEN 1 END) FROM (`, ordHash, first.UnixMilli(), step.Milliseconds())+
		from+`) AS newest GROUP BY 1`, args...)
	err = each(rows, err, func(r Rows) error {
		var i, count, failed int
		if err := r.Scan(&i, &count, &failed); err != nil {
			return err
		}
		if i >= 0 && i < len(h.Buckets) {
			h.Buckets[i].Count, h.Buckets[i].Failed = count, failed
		}
		total += count
		return nil
	})
	h.Capped = total >= maxFaceted
	if err != nil {
		return nil, fmt.Errorf("count calls over time: %w", err)
	}
	return h, nil
}
