package live

import (
	"log/slog"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
)

// Replay follows one call as its owner does, by a clock that the caller moves:
// for what asks how calls would have gone. It is used by one goroutine.
type Replay struct {
	// Assess has the call assessed each time, as an engine does; what looks at
	// times and tools alone needs none.
	Assess bool

	watch    Watcher
	settings *ringside.AgentSettings
	state    *state // nil before the first
	opened   []*ringside.Alert
	log      *slog.Logger
}

// NewReplay begins to follow a call of an agent with these settings.
func NewReplay(w Watcher, s *ringside.AgentSettings) *Replay {
	if s == nil {
		s = &ringside.AgentSettings{}
	}
	return &Replay{Assess: true, watch: w, settings: s, log: slog.New(slog.DiscardHandler)}
}

// Take replaces the call by what is known of it now. What time alone brought
// since the last moment comes first.
func (r *Replay) Take(c *ringside.Call, agentID string, now time.Time) {
	r.Until(now)
	l := &letter{call: c, agentID: agentID}
	if r.state == nil {
		r.state = newState(l, now)
	} else {
		r.state.take(c, agentID, now)
	}
	r.look(now, !On(c.Status))
}

// Hear takes what is being said. The call is there already.
func (r *Replay) Hear(p ringside.Partial, now time.Time) {
	r.Until(now)
	r.state.hear(p.Role, p, now)
	r.look(now, false)
}

// Revise takes a person's decision about an alert.
func (r *Replay) Revise(a *ringside.Alert) {
	r.state.revise([]*ringside.Alert{a})
	r.put(a)
}

// put replaces an alert by what has become of it.
func (r *Replay) put(a *ringside.Alert) {
	if i := slices.IndexFunc(r.opened, func(have *ringside.Alert) bool { return have.ID == a.ID }); i >= 0 {
		r.opened[i] = a
	}
}

// Until lets time pass in which nothing is told.
func (r *Replay) Until(now time.Time) {
	for r.state != nil && !r.state.again.IsZero() && !r.state.again.After(now) {
		at := r.state.again
		r.state.again = time.Time{}
		r.look(at, false)
		if a := r.state.again; !a.IsZero() && a.Before(at.Add(tickEvery)) {
			r.state.again = at.Add(tickEvery)
		}
	}
}

func (r *Replay) look(now time.Time, ended bool) {
	if r.Assess {
		r.state.assess(r.settings, now, r.log)
	}
	n := r.state.now(r.settings, now)
	n.Ended = ended
	opened, resolved := r.state.look(r.watch, n, r.log)
	r.opened = append(r.opened, opened...)
	for _, a := range resolved {
		r.put(a)
	}
}

// Now is the call as it stands at a moment.
func (r *Replay) Now(now time.Time) *Now { return r.state.now(r.settings, now) }

// Alerts are all that were opened, in order, as they stand now.
func (r *Replay) Alerts() []*ringside.Alert { return slices.Clone(r.opened) }

// Past plays a stored call again from its start to its end: each turn is heard
// when it begins and said when it is over, as an agent tells that tells what is
// being said. Where turns have no ends, they are told as whole turns are. Where
// they have no times at all they are spread evenly, and of silence nothing can
// be told.
func (r *Replay) Past(c *ringside.Call, agentID string) []*ringside.Alert {
	timed, told := timed(c)
	at := func(ms int64) time.Time { return started(c).Add(time.Duration(ms) * time.Millisecond) }
	r.Take(At(c, -1), agentID, at(0))
	heard := 0
	for _, ms := range moments(c) {
		for ; timed && heard < len(c.Turns) && *c.Turns[heard].StartMS <= ms; heard++ {
			t := &c.Turns[heard]
			r.speak(t, at(*t.StartMS), at(*t.EndMS))
		}
		word := r.state.word
		r.Take(At(c, ms), agentID, at(ms))
		switch {
		case !told:
			r.state.word = time.Time{}
		case word.After(r.state.word):
			r.state.word = word // the other side goes on speaking
		}
	}
	ended := *c
	if On(ended.Status) {
		ended.Status = ringside.StatusCompleted
	}
	r.Take(&ended, agentID, at(lasted(c)))
	return r.Alerts()
}

// speak has somebody speak from one time to another: until then nobody is
// silent.
func (r *Replay) speak(t *ringside.Turn, from, to time.Time) {
	r.Until(from)
	r.state.hear(t.Role, ringside.Partial{Role: t.Role, Text: t.Text, StartMS: t.StartMS, At: from}, to)
	r.look(from, false)
}
