package live

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ringsidehq/ringside"
)

const (
	// tickEvery is how often timers are looked at.
	tickEvery = 250 * time.Millisecond
	// showEvery is how often a change that nobody waits for is shown.
	showEvery = time.Second
	// showMost is how many calls are shown for such a change between two ticks,
	// over all shards. Each goes to everybody who follows all calls: with
	// thousands of calls and hundreds of readers these would be most of what is
	// sent, and the transcript is what they wait for. So past showReaders of
	// them, fewer are shown.
	showMost    = 128
	showReaders = 200
)

// shard owns some of the calls.
type shard struct {
	engine *Engine

	mu    sync.Mutex
	box   map[ringside.CallID]*letter // guarded by mu
	order []ringside.CallID           // in which the letters came; guarded by mu
	news  chan struct{}

	// Of the shard's goroutine alone.
	calls    map[ringside.CallID]*state
	waiting  []ringside.CallID // to be assessed, the longest first
	stale    []ringside.CallID // to be shown, the longest first
	shown    int               // of these, since the last tick
	notUntil time.Time         // when the next assessment may begin
	graves   graves

	asked atomic.Bool // somebody wants to know which calls this process watches
}

func newShard(e *Engine) *shard {
	return &shard{engine: e, box: map[ringside.CallID]*letter{}, news: make(chan struct{}, 1), calls: map[ringside.CallID]*state{}}
}

// post adds to a call's letter.
func (s *shard) post(id ringside.CallID, write func(*letter)) {
	s.mu.Lock()
	l := s.box[id]
	if l == nil {
		l = &letter{}
		s.box[id] = l
		s.order = append(s.order, id)
	}
	write(l)
	s.mu.Unlock()
	select {
	case s.news <- struct{}{}:
	default:
	}
}

func (s *shard) take() ([]ringside.CallID, map[ringside.CallID]*letter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	order, box := s.order, s.box
	s.order, s.box = nil, make(map[ringside.CallID]*letter, len(box))
	return order, box
}

func (s *shard) run(ctx context.Context) {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		var assess <-chan time.Time
		if len(s.waiting) > 0 {
			assess = time.After(time.Until(s.notUntil))
		}
		select {
		case <-ctx.Done():
			return
		case <-s.news:
			s.drain(ctx, time.Now())
		case <-assess:
			s.assess(ctx, time.Now())
		case <-tick.C:
			s.tick(ctx, time.Now())
		}
	}
}

// drain works on every letter.
func (s *shard) drain(ctx context.Context, now time.Time) {
	order, box := s.take()
	for _, id := range order {
		s.receive(ctx, id, box[id], now)
	}
}

func (s *shard) receive(ctx context.Context, id ringside.CallID, l *letter, now time.Time) {
	st := s.calls[id]
	if l.gone != nil {
		if st != nil {
			s.end(ctx, st, now)
		}
		l.gone.forget(id)
		s.bury(id, nil, now)
		return
	}
	if st == nil {
		s.begin(id, l, now)
		return
	}
	s.follow(st, l)
	opened, resolved := st.revise(l.revised)
	found, over, other := st.catchUp(l.alerts)
	s.tell(st, append(opened, found...), append(resolved, over...))
	proposed := further(st.proposals, l.proposals)
	other = other || !slices.Equal(proposed, st.proposals)
	st.proposals = proposed
	for role, p := range l.partials {
		st.hear(role, p, now)
		s.publish(st, EventLine, st.partialLine(role), nil)
	}
	fresh := l.call != nil && !l.version.Before(st.version)
	if fresh {
		st.version = l.version
		st.take(l.call, l.agentID, now)
		s.lines(st, now)
		s.wait(st)
	}
	switch {
	case fresh && !On(l.call.Status):
		s.end(ctx, st, now)
		s.bury(id, &l.version, now)
	case len(l.revised) > 0, other, st.urgent():
		s.show(st, EventUpdated, now)
	case st.toggled(now) && s.room(st):
		s.shown++
		s.show(st, EventUpdated, now)
	default:
		s.later(st, now)
	}
}

// begin takes on a call that was not there.
func (s *shard) begin(id ringside.CallID, l *letter, now time.Time) {
	switch {
	case l.call != nil && !On(l.call.Status):
		s.bury(id, &l.version, now) // over before it was seen
		return
	case l.ended != nil:
		s.bury(id, l.ended, now)
	}
	if l.call == nil || s.graves.hold(id, l.version) {
		return // not there yet, or told late
	}
	st := newState(l, now)
	s.calls[id] = st
	s.follow(st, l)
	st.hub = s.engine.hub(l.call.WorkspaceID)
	s.show(st, EventStarted, now)
	s.lines(st, now)
	s.tell(st, slices.DeleteFunc(slices.Clone(st.alerts), func(a *ringside.Alert) bool { return !a.Open() }), nil)
	s.wait(st)
}

// room tells whether another call may be shown before the next tick, for a
// change that can wait.
func (s *shard) room(st *state) bool {
	most := showMost * showReaders / max(showReaders, int(st.hub.readers.Load()))
	return s.shown < max(1, most/len(s.engine.shards))
}

// later has a call's change sent with a tick that may. Who asks for the call
// sees it at once.
func (s *shard) later(st *state, now time.Time) {
	st.render(now)
	st.hub.refresh(st.id, st.view)
	if !st.stale {
		st.stale = true
		s.stale = append(s.stale, st.id)
	}
}

// may tells whether a call may be shown for a change that nobody waits for.
func (s *shard) may(st *state, now time.Time) bool {
	return now.Sub(st.shown) >= showEvery && s.room(st)
}

// wait puts a call into the queue for an assessment.
func (s *shard) wait(st *state) {
	if !st.queued {
		st.queued = true
		s.waiting = append(s.waiting, st.id)
	}
}

// assess looks at the call that has waited longest. It takes a fifth of the
// time: after it, four times as long as it took is for everything else.
func (s *shard) assess(ctx context.Context, now time.Time) {
	for len(s.waiting) > 0 {
		st := s.calls[s.waiting[0]]
		s.waiting = s.waiting[1:]
		if st == nil {
			continue
		}
		st.queued = false
		begun := time.Now()
		st.assess(s.engine.settings(ctx, st, now), now, s.engine.cfg.Log)
		s.look(ctx, st, now)
		if s.may(st, now) {
			s.shown++
			s.show(st, EventUpdated, now)
		} else {
			s.later(st, now)
		}
		s.notUntil = now.Add(4 * time.Since(begun))
		return
	}
}

// tick shows what has waited to be shown and looks at the calls whose timers
// are due.
func (s *shard) tick(ctx context.Context, now time.Time) {
	s.shown = 0
	for _, st := range s.calls {
		if !st.again.IsZero() && !now.Before(st.again) {
			s.look(ctx, st, now)
			s.wait(st) // what time alone changes is in the assessment, too
		}
		if st.quiet(now) {
			s.later(st, now)
		}
	}
	s.showStale(now)
	s.watchOver(ctx, now)
	s.graves.clear(now)
}

// showStale shows the calls that have waited longest, as many as there is room
// for.
func (s *shard) showStale(now time.Time) {
	rest := s.stale[:0]
	for _, id := range s.stale {
		switch st := s.calls[id]; {
		case st == nil || !st.stale: // over, or shown meanwhile
		case s.may(st, now):
			s.shown++
			s.show(st, EventUpdated, now)
		default:
			rest = append(rest, id)
		}
	}
	s.stale = rest
}

// look asks the watcher for a call's alerts, or tells it that another process
// does.
func (s *shard) look(ctx context.Context, st *state, now time.Time) {
	if !s.watches(st) {
		st.elsewhere(s.engine.cfg.Watch, st.now(s.engine.settings(ctx, st, now), now), s.engine.cfg.Log)
		st.again = now.Add(assessElsewhere)
		return
	}
	opened, resolved := st.look(s.engine.cfg.Watch, st.now(s.engine.settings(ctx, st, now), now), s.engine.cfg.Log)
	if len(opened)+len(resolved) == 0 {
		return
	}
	s.show(st, EventUpdated, now)
	s.tell(st, opened, resolved)
}

func (s *shard) tell(st *state, opened, resolved []*ringside.Alert) {
	for _, a := range opened {
		s.publish(st, EventAlert, map[string]any{"alert": Shown(a), "message": a.Message, "severity": a.Severity, "agent": st.view.Agent}, nil)
	}
	for _, a := range resolved {
		s.publish(st, EventResolved, map[string]any{"alert": Shown(a), "resolvedBy": a.ResolvedBy, "agent": st.view.Agent}, nil)
	}
}

// end takes a call out, with a last look at what was said since the one before.
func (s *shard) end(ctx context.Context, st *state, now time.Time) {
	settings := s.engine.settings(ctx, st, now)
	if st.queued {
		st.assess(settings, now, s.engine.cfg.Log)
	}
	n := st.now(settings, now)
	n.Ended = true
	if s.watches(st) {
		opened, resolved := st.look(s.engine.cfg.Watch, n, s.engine.cfg.Log)
		s.tell(st, opened, resolved)
	} else {
		st.elsewhere(s.engine.cfg.Watch, n, s.engine.cfg.Log)
		s.tell(st, nil, st.overWith(now))
	}
	delete(s.calls, st.id)
	s.publish(st, EventEnded, map[string]any{
		"id": st.id.String(), "finalScore": st.view.CurrentScore, "duration": st.view.At(now).Duration, "agent": st.view.Agent,
		"status": st.call.Status, "endedReason": st.call.EndedReason,
	}, nil)
}

// lines publishes the turns that are new or have changed.
func (s *shard) lines(st *state, now time.Time) {
	for _, l := range st.news(now) {
		s.publish(st, EventLine, map[string]any{"line": l}, nil)
	}
}

func (s *shard) show(st *state, kind string, now time.Time) {
	st.render(now)
	st.stale, st.shown = false, now
	s.publish(st, kind, map[string]any{"call": st.view, "id": st.view.ID, "currentScore": st.view.CurrentScore}, st.view)
}

func (s *shard) publish(st *state, kind string, body any, view *Call) {
	err := st.hub.publish(&event{
		kind: kind, id: st.id, call: view, agentID: st.agentID, agent: st.view.Agent, alerted: st.alerted(), body: body,
	})
	if err != nil { // a call is text and numbers
		s.engine.cfg.Log.Error("live event can't be written", slog.String("call_id", st.id.String()), slog.Any("error", err))
	}
}

func (e *Engine) settings(ctx context.Context, st *state, now time.Time) *ringside.AgentSettings {
	return e.agents.of(ctx, st.call.WorkspaceID, st.agentID, now)
}
