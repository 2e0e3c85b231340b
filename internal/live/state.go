package live

import (
	"log/slog"
	"math"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/text"
)

const (
	// speakingFor is how long after a partial somebody is taken to speak.
	speakingFor = 2 * time.Second
	// longestTurn is how long who began to speak is believed to, where the vendor
	// tells the end.
	longestTurn = time.Minute
	// trendFor is how far back the score is shown.
	trendFor = time.Minute
	// trendStep is the least time between two points of it.
	trendStep = 2 * time.Second
)

// state is a call with what follows from it, of its shard alone.
type state struct {
	id      ringside.CallID
	call    *ringside.Call
	version store.Version // of the call
	claim   claim         // who watches it
	agentID string
	hub     *hub
	view    *Call // as it is; never nil

	local    *ringside.Local
	trend    []Point
	partials map[ringside.Role]ringside.Partial
	partial  bool      // partials come
	word     time.Time // when the newest word came; zero before the first
	speaker  ringside.Role
	until    time.Time // when that who speaks is believed no more, unless told again
	speeches int       // how often a vendor has said who speaks
	lines    []string  // the turns as they were published
	alerts   []*ringside.Alert
	// proposals are replaced, never changed.
	proposals []*ringside.Proposal

	started time.Time
	queued  bool
	stale   bool // something is to be shown, and can wait
	shown   time.Time
	again   time.Time // when to look for alerts though nothing happened
}

func newState(l *letter, now time.Time) *state {
	st := &state{id: l.call.ID, version: l.version, alerts: standing(l.alerts), proposals: l.proposals, view: &Call{}}
	st.take(l.call, l.agentID, now)
	if len(l.call.Turns) > 0 {
		st.word = l.call.LastHeard() // it may have been going on while nobody looked
	}
	for role, p := range l.partials {
		st.hear(role, p, now)
	}
	return st
}

// take replaces the call by what is known now.
func (st *state) take(c *ringside.Call, agentID string, now time.Time) {
	said := st.call == nil || len(c.Turns) > len(st.call.Turns)
	st.call, st.agentID = c, agentID
	if st.started = c.ReceivedAt; c.StartedAt != nil {
		st.started = *c.StartedAt
	}
	if n := len(c.Turns); said && n > 0 {
		st.word = now
		if now.After(st.until) { // else a vendor has told who speaks, and tells when they stop
			st.speaker = ""
		}
		delete(st.partials, c.Turns[n-1].Role) // it is said now
	}
	st.speech(now)
}

// speech takes the newest word on who speaks, of vendors that tell of it.
func (st *state) speech(now time.Time) {
	spans, seen := st.call.Spans, 0
	var newest *ringside.Span
	for i := range spans {
		if spans[i].Name == ringside.SpanSpeech {
			newest = &spans[i]
			seen++
		}
	}
	if seen <= st.speeches {
		return
	}
	st.speeches, st.partial, st.word = seen, true, now
	said, _ := newest.Attributes["role"].(string)
	role := ringside.Role(said)
	if on, _ := newest.Attributes["speaking"].(bool); on {
		st.speaker, st.until = role, now.Add(longestTurn)
	} else if role == st.speaker || now.After(st.until) { // else the other side has begun, and goes on
		st.speaker, st.until = "", time.Time{}
	}
}

// hear takes a partial.
func (st *state) hear(role ringside.Role, p ringside.Partial, now time.Time) {
	if st.partials == nil {
		st.partials = map[ringside.Role]ringside.Partial{}
	}
	st.partials[role] = p
	st.partial, st.word = true, now
	if now.After(st.until) {
		st.speaker = role
	}
}

// partialLine is what one side is saying, as a line.
func (st *state) partialLine(role ringside.Role) map[string]any {
	p := st.partials[role]
	return map[string]any{"line": partialLine(&p, len(st.call.Turns), st.started)}
}

// news gives the turns that are new or differ from what was published.
func (st *state) news(now time.Time) []Line {
	var out []Line
	turns := st.call.Turns
	for i := range turns {
		key := string(turns[i].Role) + turns[i].Text
		if i < len(st.lines) && st.lines[i] == key {
			continue
		}
		out = append(out, line(&turns[i]))
		if i < len(st.lines) {
			st.lines[i] = key
		} else {
			st.lines = append(st.lines, key)
		}
	}
	st.lines = st.lines[:len(turns)]
	return out
}

// urgent tells whether what changed is to be shown at once.
func (st *state) urgent() bool {
	return statuses[st.call.Status] != st.view.Status || st.tool() != st.view.CurrentTool
}

// toggled tells whether somebody began to speak or has stopped.
func (st *state) toggled(now time.Time) bool {
	return (st.speaking(now) != "") != (st.view.Speaking != "")
}

// quiet tells whether somebody is shown speaking who has stopped.
func (st *state) quiet(now time.Time) bool { return st.view.Speaking != "" && st.speaking(now) == "" }

func (st *state) speaking(now time.Time) string {
	if st.speaker == "" || now.Sub(st.word) > speakingFor && now.After(st.until) {
		return ""
	}
	return Speaker(st.speaker)
}

// tool is the newest tool that was called and has not answered.
func (st *state) tool() string {
	for i := len(st.call.ToolCalls) - 1; i >= 0; i-- {
		if t := &st.call.ToolCalls[i]; !t.Done() {
			return t.Name
		}
	}
	return ""
}

// assess applies the rules to what is known so far.
func (st *state) assess(s *ringside.AgentSettings, now time.Time, log *slog.Logger) {
	defer func() {
		if r := recover(); r != nil {
			log.Error("assessment failed", slog.String("call_id", st.id.String()), slog.Any("panic", r))
		}
	}()
	st.local = text.SoFar(st.call, s, now.Sub(st.started).Milliseconds())
	q := st.local.Quality
	if q == nil || q.Score == nil {
		return
	}
	at := seconds(now.Sub(st.started))
	if n := len(st.trend); n > 0 && at-st.trend[n-1].At < int64(trendStep/time.Second) {
		st.trend = slices.Clone(st.trend)
		st.trend[n-1].Score = *q.Score
		return
	}
	st.trend = append(slices.Clone(st.trend), Point{at, *q.Score})
	for len(st.trend) > 1 && st.trend[0].At < at-int64(trendFor/time.Second) {
		st.trend = st.trend[1:]
	}
}

// now is the call for the watcher.
func (st *state) now(s *ringside.AgentSettings, now time.Time) *Now {
	n := &Now{
		Call: st.call, AgentID: st.agentID, Settings: s, Local: st.local, At: now, Elapsed: now.Sub(st.started),
		Partials: st.partial, Alerts: st.alerts,
	}
	if !st.word.IsZero() && st.speaking(now) == "" {
		n.Silent = now.Sub(st.word)
	}
	return n
}

// render makes what is shown of the call.
func (st *state) render(now time.Time) {
	c := st.call
	v := &Call{
		ID: st.id.String(), ShortID: c.ShortID, Provider: c.Provider, ProviderCallID: c.ProviderCallID,
		From: c.From, To: c.To, Direction: string(c.Direction), AgentID: st.agentID, Status: statuses[c.Status],
		StartedAt: st.started, Duration: seconds(now.Sub(st.started)), ScoreTrend: st.trend, Alerts: st.open(), Proposals: visible(st.proposals),
		IsSimulation: c.IsSimulation, Scenario: c.Scenario, Speaking: st.speaking(now), Turns: len(c.Turns),
		CurrentTool: st.tool(), ToolsUsed: len(c.ToolCalls), UpdatedAt: now.UTC(),
		call: c, version: st.version, local: st.local, partial: map[ringside.Role]ringside.Partial{},
	}
	if v.ScoreTrend == nil {
		v.ScoreTrend = []Point{}
	}
	for role, p := range st.partials {
		v.partial[role] = p
	}
	if c.Agent != nil {
		v.Agent = c.Agent.Name
	}
	v.Context, _ = c.Metadata["context"].(string)
	if n := len(c.Turns); n > 0 {
		v.LastLine = new(line(&c.Turns[n-1]))
	}
	if !st.word.IsZero() {
		v.SilentSince = new(st.word.UTC())
	}
	st.judge(v)
	st.view = v
}

// judge adds what the assessment and the turns' times tell.
func (st *state) judge(v *Call) {
	if times := measure.Responses(st.call.Turns); len(times) > 0 {
		ms := make([]float64, len(times))
		for i := range times {
			ms[i] = times[i].MS
		}
		slices.Sort(ms)
		v.ResponseMS, v.LastResponseMS = new(ms[(len(ms)-1)/2]), new(times[len(times)-1].MS)
	}
	if st.local == nil {
		return
	}
	if q := st.local.Quality; q != nil {
		v.CurrentScore = q.Score
	}
	if s := st.local.Sentiment; s != nil {
		v.Sentiment, v.SentimentTrend = s.Label, Trend(s.Turns)
	}
}

// Trend compares the customer's last two turns with those before; empty with
// too few.
func Trend(turns []ringside.TurnSentiment) string {
	const last, step = 2, 0.25
	if len(turns) < 2*last {
		return ""
	}
	mean := func(t []ringside.TurnSentiment) (sum float64) {
		for i := range t {
			sum += t[i].Score
		}
		return sum / float64(len(t))
	}
	d := mean(turns[len(turns)-last:]) - mean(turns[:len(turns)-last])
	switch {
	case math.Abs(d) < step:
		return "steady"
	case d > 0:
		return "rising"
	}
	return "falling"
}
