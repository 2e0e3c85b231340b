package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/store"
)

// LivePath is the path of a call in progress.
type LivePath struct {
	ID string `path:"id" maxLength:"512" doc:"call_…, its UUID, its short id, or the id that the agent or the vendor gave it"`
}

type liveCallsInput struct {
	Agent       []string `query:"agent" doc:"Agents, by id or name"`
	Provider    []string `query:"provider"`
	HasAlerts   string   `query:"has_alerts" enum:"true,false"`
	HasAlertsCC string   `query:"hasAlerts" enum:"true,false" doc:"The same as has_alerts"`
	Simulation  string   `query:"simulation" enum:"true,false"`
	MinDuration int64    `query:"min_duration" minimum:"0" doc:"Seconds"`
	MaxDuration int64    `query:"max_duration" minimum:"0" doc:"Seconds; 0: no limit"`
	Sort        string   `query:"sort" enum:"alerts,-duration,duration,score,-score" default:"alerts" doc:"alerts: the worst first, then the longest"`
}

// LiveCalls are the calls in progress.
type LiveCalls struct {
	ActiveCalls []*live.Call `json:"activeCalls"`
	TotalActive int          `json:"totalActive" doc:"All calls in progress, whatever the filter"`
}

type liveCallsOutput struct{ Body LiveCalls }

func (in *liveCallsInput) wants(c *live.Call) bool {
	alerts := cmp.Or(in.HasAlerts, in.HasAlertsCC)
	return (len(in.Agent) == 0 || slices.Contains(in.Agent, c.AgentID) || slices.Contains(in.Agent, c.Agent)) &&
		(len(in.Provider) == 0 || slices.Contains(in.Provider, c.Provider)) &&
		(alerts == "" || (alerts == "true") == (len(c.Alerts) > 0)) &&
		(in.Simulation == "" || (in.Simulation == "true") == c.IsSimulation) &&
		c.Duration >= in.MinDuration && (in.MaxDuration == 0 || c.Duration <= in.MaxDuration)
}

func (s *Server) listLive(ctx context.Context, in *liveCallsInput) (*liveCallsOutput, error) {
	now := time.Now()
	all := s.cfg.Live.Calls(auth.From(ctx).WorkspaceID)
	out := &liveCallsOutput{LiveCalls{ActiveCalls: []*live.Call{}, TotalActive: len(all)}}
	for _, c := range all {
		if c = c.At(now); in.wants(c) {
			out.Body.ActiveCalls = append(out.Body.ActiveCalls, c)
		}
	}
	sortLive(out.Body.ActiveCalls, in.Sort)
	return out, nil
}

// sortLive orders calls; a score that is not known comes last both ways.
func sortLive(calls []*live.Call, by string) {
	key, down := strings.CutPrefix(by, "-")
	slices.SortStableFunc(calls, func(a, b *live.Call) int {
		n := 0
		switch {
		case key == "" || by == "alerts":
			return 0
		case !down:
			key = by
		}
		switch key {
		case "duration":
			n = cmp.Compare(a.Duration, b.Duration)
		case "score":
			switch {
			case a.CurrentScore == nil && b.CurrentScore == nil:
				return 0
			case a.CurrentScore == nil:
				return 1
			case b.CurrentScore == nil:
				return -1
			}
			n = cmp.Compare(*a.CurrentScore, *b.CurrentScore)
		}
		if down {
			return -n
		}
		return n
	})
}

// LiveDetail is one call in progress with all that is known of it.
type LiveDetail struct {
	*live.Call
	Transcript []live.Line           `json:"transcript"`
	Partials   []live.Line           `json:"partials" doc:"What is being said and may still change"`
	Quality    *ringside.Quality     `json:"quality" doc:"The score with its parts, so far"`
	Sentiments *ringside.Sentiment   `json:"sentiments"`
	Findings   []ringside.Finding    `json:"findings" doc:"What was found so far"`
	Tools      []ringside.ToolCall   `json:"tools"`
	Responses  []LiveResponse        `json:"responses" doc:"How long the agent took to answer, turn by turn"`
	Spans      []ringside.Span       `json:"spans" doc:"Errors, authentication, interventions and the like"`
	Metadata   ringside.Values       `json:"metadata"`
	Notes      []*store.Note         `json:"notes"`
	Controls   map[string]LiveAction `json:"controls" doc:"What can be done to the call: say, transfer, end, listen"`
}

// LiveResponse is how long the customer waited for an agent's turn.
type LiveResponse struct {
	Turn   int                    `json:"turn"`
	MS     float64                `json:"ms"`
	Source ringside.LatencySource `json:"source" enum:"heard,claimed" doc:"claimed: the vendor's word; heard: by the turns' times"`
}

// LiveAction is whether something can be done to a call, and if not, why.
type LiveAction struct {
	Possible bool   `json:"possible"`
	Reason   string `json:"reason,omitempty"`
}

type liveDetailOutput struct{ Body *LiveDetail }

// liveCall finds a call in progress.
func (s *Server) liveCall(ctx context.Context, name string) (*live.Call, error) {
	ws := auth.From(ctx).WorkspaceID
	var id ringside.CallID
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		id, err = store.FindCall(ctx, tx, ws, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	c := s.cfg.Live.Get(ws, id)
	if c == nil {
		return nil, ringside.Errorf(ringside.Conflict, "the call %s is not in progress any more; it is among the calls now", id).WithCode("call_ended")
	}
	return c, nil
}

func (s *Server) getLive(ctx context.Context, in *LivePath) (*liveDetailOutput, error) {
	c, err := s.liveCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	full := c.Call()
	d := &LiveDetail{
		Call: c.At(time.Now()), Transcript: live.Lines(full.Turns), Partials: c.Saying(), Findings: []ringside.Finding{},
		Tools: full.ToolCalls, Responses: []LiveResponse{}, Spans: full.Spans, Metadata: full.Metadata, Controls: s.controls(full),
	}
	for _, r := range c.Responses() {
		source := ringside.Heard
		if r.Claimed {
			source = ringside.Claimed
		}
		d.Responses = append(d.Responses, LiveResponse{r.Turn, r.MS, source})
	}
	if l := c.Local(); l != nil {
		d.Quality, d.Sentiments, d.Findings = l.Quality, l.Sentiment, l.Findings
	}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		d.Notes, err = store.Notes(ctx, tx, full.WorkspaceID, full.ID)
		return err
	})
	return &liveDetailOutput{d}, err
}

// LiveTranscript is what has been said so far.
type LiveTranscript struct {
	CallID     string      `json:"callId"`
	Transcript []live.Line `json:"transcript" doc:"Turns, then what is being said"`
	LastUpdate time.Time   `json:"lastUpdate"`
}

type liveTranscriptOutput struct{ Body LiveTranscript }

func (s *Server) liveTranscript(ctx context.Context, in *LivePath) (*liveTranscriptOutput, error) {
	c, err := s.liveCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	lines := append(live.Lines(c.Call().Turns), c.Saying()...)
	return &liveTranscriptOutput{LiveTranscript{c.ID, lines, c.UpdatedAt}}, nil
}

// LiveStats sums up the calls in progress. Durations are seconds.
type LiveStats struct {
	ActiveCalls        int       `json:"activeCalls"`
	AvgDuration        float64   `json:"avgDuration" doc:"Seconds; 0 without calls"`
	LongestCall        *LongCall `json:"longestCall"`
	CallsWithAlerts    int       `json:"callsWithAlerts"`
	CallsOverThreshold int       `json:"callsOverThreshold" doc:"Longer than half an hour"`
	OpenAlerts         int       `json:"openAlerts"`
	AvgScore           *float64  `json:"avgScore" doc:"Over the calls that have a score; null without any"`
}

// LongCall is the longest call.
type LongCall struct {
	ID       string `json:"id"`
	Duration int64  `json:"duration" doc:"Seconds"`
	Agent    string `json:"agent"`
}

type liveStatsOutput struct{ Body LiveStats }

// overThreshold is the duration from which a call counts as long, in seconds.
const overThreshold = 30 * 60

func (s *Server) liveStats(ctx context.Context, _ *struct{}) (*liveStatsOutput, error) {
	now := time.Now()
	out := &liveStatsOutput{}
	st := &out.Body
	var total int64
	var scores mean
	for _, c := range s.cfg.Live.Calls(auth.From(ctx).WorkspaceID) {
		c = c.At(now)
		st.ActiveCalls++
		total += c.Duration
		scores.add(c.CurrentScore)
		st.OpenAlerts += len(c.Alerts)
		if len(c.Alerts) > 0 {
			st.CallsWithAlerts++
		}
		if c.Duration > overThreshold {
			st.CallsOverThreshold++
		}
		if st.LongestCall == nil || c.Duration > st.LongestCall.Duration {
			st.LongestCall = &LongCall{c.ID, c.Duration, c.Agent}
		}
	}
	if st.ActiveCalls > 0 {
		st.AvgDuration = float64(total) / float64(st.ActiveCalls)
	}
	st.AvgScore = scores.value()
	return out, nil
}

// mean is the mean of what is known.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(v *float64) {
	if v != nil {
		m.sum, m.n = m.sum+*v, m.n+1
	}
}

func (m *mean) value() *float64 {
	if m.n == 0 {
		return nil
	}
	return new(m.sum / float64(m.n))
}

// LiveOverview is how each agent is doing now.
type LiveOverview struct {
	Agents            []LiveAgent `json:"agents"`
	TotalActiveCalls  int         `json:"totalActiveCalls"`
	AvgScoreAcrossAll *float64    `json:"avgScoreAcrossAll"`
}

// LiveAgent is how an agent is doing now.
type LiveAgent struct {
	ID           string   `json:"id" doc:"Empty for calls that name no agent"`
	Name         string   `json:"name"`
	ActiveCalls  int      `json:"activeCalls"`
	AvgScore     *float64 `json:"avgScore"`
	ActiveAlerts int      `json:"activeAlerts"`
	LongestCall  int64    `json:"longestCall" doc:"Seconds"`

	scores mean
}

type liveOverviewInput struct {
	GroupBy string `query:"groupBy" enum:"agent" default:"agent"`
}

type liveOverviewOutput struct{ Body LiveOverview }

func (s *Server) liveOverview(ctx context.Context, _ *liveOverviewInput) (*liveOverviewOutput, error) {
	now := time.Now()
	byAgent := map[string]*LiveAgent{}
	var all mean
	out := &liveOverviewOutput{}
	for _, c := range s.cfg.Live.Calls(auth.From(ctx).WorkspaceID) {
		a := byAgent[c.AgentID]
		if a == nil {
			a = &LiveAgent{ID: c.AgentID, Name: c.Agent}
			byAgent[c.AgentID] = a
		}
		a.ActiveCalls++
		a.ActiveAlerts += len(c.Alerts)
		a.LongestCall = max(a.LongestCall, c.At(now).Duration)
		a.scores.add(c.CurrentScore)
		all.add(c.CurrentScore)
		out.Body.TotalActiveCalls++
	}
	out.Body.Agents = []LiveAgent{}
	for _, a := range byAgent {
		a.AvgScore = a.scores.value()
		out.Body.Agents = append(out.Body.Agents, *a)
	}
	slices.SortFunc(out.Body.Agents, func(a, b LiveAgent) int {
		return cmp.Or(cmp.Compare(b.ActiveAlerts, a.ActiveAlerts), cmp.Compare(b.ActiveCalls, a.ActiveCalls), cmp.Compare(a.Name, b.Name))
	})
	out.Body.AvgScoreAcrossAll = all.value()
	return out, nil
}

type liveNoteInput struct {
	LivePath
	Body struct {
		Note      string   `json:"note" minLength:"1" maxLength:"10000"`
		Timestamp *float64 `json:"timestamp,omitempty" minimum:"0" doc:"Seconds into the call; now when it is left out"`
		Category  string   `json:"category,omitempty" maxLength:"50" doc:"positive, negative, or a word of your own"`
	}
}

// addLiveNote writes a note at a moment of a call in progress, or of one that
// has ended meanwhile.
func (s *Server) addLiveNote(ctx context.Context, in *liveNoteInput) (*noteOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	at := in.Body.Timestamp
	var id ringside.CallID
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		id, err = store.FindCall(ctx, tx, ws, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if c := s.cfg.Live.Get(ws, id); at == nil && c != nil {
		at = new(time.Since(c.StartedAt).Seconds())
	}
	note := &noteInput{CallPath: CallPath{ID: id.String()}}
	note.Body.Text = in.Body.Note
	if in.Body.Category != "" {
		note.Body.Text = in.Body.Category + ": " + note.Body.Text
	}
	if at != nil {
		note.Body.AtMS = new(max(0, int64(*at*1000)))
	}
	return s.addNote(ctx, note)
}
