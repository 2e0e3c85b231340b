package live

import (
	"log/slog"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
)

// revise puts what came from elsewhere into the alerts: a person's decision about
// one, or one that is new. It gives those that it opened and those that it
// resolved.
func (st *state) revise(revised []*ringside.Alert) (opened, resolved []*ringside.Alert) {
	for _, a := range revised {
		st.alerts = slices.Clone(st.alerts)
		i := slices.IndexFunc(st.alerts, func(have *ringside.Alert) bool { return have.ID == a.ID })
		switch {
		case i < 0 && a.Open():
			st.alerts, opened = append(st.alerts, a), append(opened, a)
		case i < 0 || !st.alerts[i].Open():
		case a.Open():
			st.alerts[i] = a
		default:
			st.alerts[i], resolved = a, append(resolved, a) // it stays, so that it does not open anew
		}
	}
	return opened, resolved
}

// alerted tells whether an alert is open.
func (st *state) alerted() bool { return slices.ContainsFunc(st.alerts, (*ringside.Alert).Open) }

// look asks the watcher for the alerts, and tells it what became of them.
func (st *state) look(w Watcher, n *Now, log *slog.Logger) (opened, resolved []*ringside.Alert) {
	if w == nil {
		return nil, nil
	}
	defer func() {
		if r := recover(); r != nil {
			st.again = time.Time{}
			log.Error("look for alerts failed", slog.String("call_id", st.id.String()), slog.Any("panic", r))
		}
	}()
	open, again := w.Look(n)
	opened, resolved = difference(st.alerts, open)
	st.alerts, st.again = open, again
	if len(opened)+len(resolved) > 0 {
		w.Changed(n, opened, resolved)
	}
	return opened, resolved
}

// open lists the open alerts as calls show them, worst first.
func (st *state) open() []CallAlert {
	out := []CallAlert{}
	for _, a := range st.alerts {
		if a.Open() {
			out = append(out, Shown(a))
		}
	}
	slices.SortStableFunc(out, func(a, b CallAlert) int {
		return slices.Index(ringside.AlertSeverities, b.Severity) - slices.Index(ringside.AlertSeverities, a.Severity)
	})
	return out
}

// difference tells which alerts are there that were not, and which are open no
// more. One that came with the call's end is among both.
func difference(before, after []*ringside.Alert) (opened, resolved []*ringside.Alert) {
	was := map[string]*ringside.Alert{}
	for _, a := range before {
		was[a.ID] = a
	}
	for _, a := range after {
		b, had := was[a.ID]
		if !had {
			opened = append(opened, a)
		}
		if !a.Open() && (!had || b.Open()) {
			resolved = append(resolved, a)
		}
	}
	return opened, resolved
}
