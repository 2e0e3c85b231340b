package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// CallFilter says which calls of a workspace are meant. A zero field asks for
// nothing; values of one field are alternatives.
type CallFilter struct {
	Workspace      string
	ProviderCallID string
	Agents         []string // ids; "none" for calls without an agent
	Providers      []string
	Statuses       []string
	LastEvents     []string
	Directions     []string
	EndedReasons   []string
	FailureClasses []string
	Campaigns      []string
	StartedAfter   time.Time // inclusive
	StartedBefore  time.Time // exclusive
	MinDurationMS  *int64
	MaxDurationMS  *int64
	HasRecording   *bool
	Simulation     *bool
	Success        string // true, false, unknown
	Sentiments     []string
	MinQuality     *float64
	MaxQuality     *float64
	Tags           []string // any of them
	Findings       []string // kinds; any of them
	Metadata       map[string]string
	Query          string // words to search for

	ids [][]byte // of ProviderCallID, once resolved
}

// where is a condition under construction: SQL with numbered placeholders.
type where struct {
	conds []string
	args  []any
}

// arg adds an argument and gives its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) add(format string, placeholders ...any) {
	w.conds = append(w.conds, fmt.Sprintf(format, placeholders...))
}

// in asks for one of several values.
func (w *where) in(column string, values []string) {
	switch len(values) {
	case 0:
	case 1:
		w.add("%s = %s", column, w.arg(values[0]))
	default:
		ph := make([]string, len(values))
		for i, v := range values {
			ph[i] = w.arg(v)
		}
		w.add("%s IN (%s)", column, strings.Join(ph, ", "))
	}
}

// oneOf asks for one of several ids; of none, for nothing.
func (w *where) oneOf(column string, ids [][]byte) {
	if len(ids) == 0 {
		w.add("1 = 0")
		return
	}
	ph := make([]string, len(ids))
	for i, id := range ids {
		ph[i] = w.arg(id)
	}
	w.add("%s IN (%s)", column, strings.Join(ph, ", "))
}

// resolve turns an id at a provider into ours: one for each provider that the
// workspace has calls of.
func (f *CallFilter) resolve(ctx context.Context, tx Tx) error {
	if f.ProviderCallID == "" {
		return nil
	}
	providers, err := providersOf(ctx, tx, f.Workspace)
	for _, p := range providers {
		id := ringside.NewCallID(f.Workspace, p, f.ProviderCallID)
		f.ids = append(f.ids, id[:])
	}
	return err
}

// providersOf lists the providers that a workspace has calls of.
func providersOf(ctx context.Context, tx Tx, workspace string) ([]string, error) {
	var out []string
	rows, err := tx.Query(ctx, `SELECT provider FROM providers WHERE workspace_id = $1`, workspace)
	err = each(rows, err, func(r Rows) error {
		var p string
		err := r.Scan(&p)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list providers: %w", err)
	}
	return out, nil
}

func (w *where) String() string { return strings.Join(w.conds, " AND ") }

// build gives the condition on calls c, all but the words to search for.
func (f *CallFilter) build() *where {
	w := &where{}
	w.add("c.workspace_id = %s", w.arg(f.Workspace))
	f.addTimes(w)
	if f.ProviderCallID != "" {
		w.oneOf("c.id", f.ids)
	}
	w.in("c.agent_id", agentIDs(f.Agents))
	w.in("c.provider", f.Providers)
	w.in("c.status", f.Statuses)
	w.in("c.last_event", f.LastEvents)
	w.in("c.direction", f.Directions)
	w.in("c.ended_reason", f.EndedReasons)
	w.in("c.failure_class", f.FailureClasses)
	w.in("c.campaign", f.Campaigns)
	if f.MinDurationMS != nil {
		w.add("c.duration_ms >= %s", w.arg(*f.MinDurationMS))
	}
	if f.MaxDurationMS != nil {
		w.add("c.duration_ms <= %s", w.arg(*f.MaxDurationMS))
	}
	if f.HasRecording != nil {
		w.add("c.has_recording = %s", w.arg(*f.HasRecording))
	}
	if f.Simulation != nil {
		w.add("c.simulation = %s", w.arg(*f.Simulation))
	}
	switch f.Success {
	case "true":
		w.add("c.success = TRUE")
	case "false":
		w.add("c.success = FALSE")
	case "unknown":
		w.add("c.success IS NULL")
	}
	f.addAnalysis(w)
	for _, k := range slices.Sorted(maps.Keys(f.Metadata)) {
		w.add("c.ord IN (SELECT m.ord FROM call_metadata m WHERE m.workspace_id = %s AND m.name = %s AND m.value = %s)",
			w.arg(f.Workspace), w.arg(k), w.arg(f.Metadata[k]))
	}
	return w
}

// agentIDs are agents as calls have them: none is the empty one.
func agentIDs(agents []string) []string {
	agents = slices.Clone(agents)
	if i := slices.Index(agents, "none"); i >= 0 {
		agents[i] = ""
	}
	return agents
}

// addAnalysis asks for what our analysis says.
func (f *CallFilter) addAnalysis(w *where) {
	w.in("c.sentiment", f.Sentiments)
	if f.MinQuality != nil {
		w.add("c.quality >= %s", w.arg(*f.MinQuality))
	}
	if f.MaxQuality != nil {
		w.add("c.quality <= %s", w.arg(*f.MaxQuality))
	}
	for _, l := range []struct {
		kind   string
		values []string
	}{{labelTag, f.Tags}, {labelFinding, f.Findings}} {
		if len(l.values) == 0 {
			continue
		}
		sub := &where{args: w.args}
		sub.add("l.workspace_id = %s", sub.arg(f.Workspace))
		sub.add("l.kind = %s", sub.arg(l.kind))
		sub.in("l.value", l.values)
		w.args = sub.args
		w.add("c.ord IN (SELECT l.ord FROM call_labels l WHERE %s)", sub)
	}
}

func (f *CallFilter) addTimes(w *where) {
	if !f.StartedAfter.IsZero() {
		w.add("c.ord >= %s", w.arg(OrdAt(f.StartedAfter)))
	}
	if !f.StartedBefore.IsZero() {
		w.add("c.ord < %s", w.arg(OrdAt(f.StartedBefore)))
	}
}

// narrow tells whether anything but the workspace, the times and the words is
// asked for.
func (f *CallFilter) narrow() bool {
	g := *f
	g.StartedAfter, g.StartedBefore, g.Query = time.Time{}, time.Time{}, ""
	return len(g.build().conds) > 1
}
