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

// sameTrouble tells whether two alerts are of one rule and cause, of which one at a
// time is open in a call.
func sameTrouble(a, b *ringside.Alert) bool { return a.RuleID == b.RuleID && a.Cause == b.Cause }

// standing gives of a call's alerts, in the order in which they were triggered,
// the newest of each rule and cause.
func standing(all []*ringside.Alert) (out []*ringside.Alert) {
	for _, a := range all {
		i := slices.IndexFunc(out, func(b *ringside.Alert) bool { return sameTrouble(a, b) })
		switch {
		case i < 0:
			out = append(out, a)
		case a.Open() || !out[i].Open():
			out[i] = a
		}
	}
	return out
}

// catchUp puts in what became of a call's alerts in other processes, as they are
// stored. One that two processes found is the one that was stored; one that is not
// stored yet stays. It gives those that it opened and those that it resolved, and
// tells whether anything is other than it was.
func (st *state) catchUp(stored []*ringside.Alert) (opened, resolved []*ringside.Alert, other bool) {
	for _, a := range standing(stored) {
		i := slices.IndexFunc(st.alerts, func(b *ringside.Alert) bool { return sameTrouble(a, b) })
		if i >= 0 && !supersedes(a, st.alerts[i]) {
			continue
		}
		was := i >= 0 && st.alerts[i].Open()
		st.alerts = slices.Clone(st.alerts)
		if i < 0 {
			st.alerts = append(st.alerts, a)
		} else {
			st.alerts[i] = a
		}
		other = true
		switch {
		case a.Open() && !was:
			opened = append(opened, a)
		case !a.Open() && was:
			resolved = append(resolved, a)
		}
	}
	return opened, resolved, other
}

// supersedes tells whether an alert that is stored stands for one that is shown.
func supersedes(stored, shown *ringside.Alert) bool {
	if stored.ID == shown.ID {
		return stage(stored) > stage(shown)
	}
	return stored.Open() || settled(stored) || !shown.Open() && stored.TriggeredAt.After(shown.TriggeredAt)
}

// settled tells whether a person has resolved an alert: no other of its cause is
// stored then.
func settled(a *ringside.Alert) bool {
	return !a.Open() && !a.Lifted() && a.ResolvedBy != ringside.ByCallEnd
}

// stage is how far an alert is.
func stage(a *ringside.Alert) int {
	switch a.Status {
	case ringside.AlertTriggered:
		return 0
	case ringside.AlertAcknowledged:
		return 1
	}
	return 2
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
