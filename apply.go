package ringside

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// fold is every fact that events have set, each under the stamp that it was
// last set with. A call is nothing but a projection of its fold.
type fold struct {
	Marks marks `json:"marks"`

	LastEvent    string    `json:"last_event,omitempty"`
	FirstHeard   time.Time `json:"first_heard,omitzero"`  // when the first delivery came
	LastHeard    time.Time `json:"last_heard,omitzero"`   // when the newest did, the reaper's own aside
	ReapedAt     time.Time `json:"reaped_at,omitzero"`    // when the reaper last gave up on the call
	ImportFirst  time.Time `json:"import_first,omitzero"` // when the first delivery came that was an import
	ImportLast   time.Time `json:"import_last,omitzero"`  // and the newest
	Phase        Phase     `json:"phase,omitempty"`
	Agent        AgentFact `json:"agent,omitzero"`
	LinkedAgent  string    `json:"linked_agent,omitempty"`
	AgentVersion string    `json:"agent_version,omitempty"`
	Direction    Direction `json:"direction,omitempty"`
	From         string    `json:"from,omitempty"`
	To           string    `json:"to,omitempty"`
	CustomerID   string    `json:"customer_id,omitempty"`
	CustomerName string    `json:"customer_name,omitempty"`
	Campaign     string    `json:"campaign,omitempty"`
	Scenario     string    `json:"scenario,omitempty"`
	IsSimulation *bool     `json:"is_simulation,omitempty"`
	Created      time.Time `json:"created,omitzero"`
	Ringing      time.Time `json:"ringing,omitzero"`
	Answered     time.Time `json:"answered,omitzero"`
	Started      time.Time `json:"started,omitzero"`
	Ended        time.Time `json:"ended,omitzero"`
	DurationMS   *int64    `json:"duration_ms,omitempty"`
	EndedReason  string    `json:"ended_reason,omitempty"`
	End          End       `json:"end,omitzero"`
	Success      *bool     `json:"success,omitempty"`
	Cost         *Cost     `json:"cost,omitempty"`
	Metadata     Values    `json:"metadata,omitempty"`
	Variables    Values    `json:"variables,omitempty"`
	Model        Model     `json:"model,omitzero"`
	Control      *Control  `json:"control,omitempty"`
	Withheld     []string  `json:"withheld,omitempty"`
	Warnings     []string  `json:"warnings,omitempty"` // sorted

	Recordings    map[string]Recording    `json:"recordings,omitempty"`
	Latency       map[string]LatencyStats `json:"latency,omitempty"`
	Tools         map[string]toolFact     `json:"tools,omitempty"`
	Turns         list[Turn]              `json:"turns,omitzero"`
	TurnLatency   map[string]Latency      `json:"turn_latency,omitempty"` // by the turn's index
	Spans         list[Span]              `json:"spans,omitzero"`
	Interruptions list[Interruption]      `json:"interruptions,omitzero"`
	Analysis      *ProviderAnalysis       `json:"analysis,omitempty"`

	Kept        *Kept           `json:"kept,omitempty"`
	Audio       *Acoustics      `json:"audio,omitempty"`
	HeardWith   string          `json:"heard_with,omitempty"`
	Transcribed *Transcribed    `json:"transcribed,omitempty"`
	Measured    *Measured       `json:"measured,omitempty"`
	Local       *Local          `json:"local,omitempty"`
	Judged      *Judged         `json:"judged,omitempty"`
	Steps       map[string]Step `json:"steps,omitempty"`
	Expired     map[Part]Expiry `json:"expired,omitempty"`
}

// list is a fact that comes either whole or one piece at a time. A whole list
// hides the pieces (of spans, those with a name that it has too); among whole
// ones the greatest stamp holds.
type list[T any] struct {
	Whole []T        `json:"whole,omitempty"`
	Loose []piece[T] `json:"loose,omitempty"`
}

type piece[T any] struct {
	Stamp stamp  `json:"s"`
	Key   string `json:"k,omitempty"`
	Value T      `json:"v"`
}

// name is what a piece is known by, whatever comes before it later: the name
// that its sender gave it, else its event's.
func (p *piece[T]) name() string {
	return cmp.Or(p.Key, p.Stamp.Event)
}

// add keeps a piece unless it is there; pieces stand in the order of their
// stamps, so that the order of arrival leaves no trace. Of pieces with one key
// the first by stamp stays.
func (l *list[T]) add(s stamp, key string, v T) {
	if i := l.keyed(key); i >= 0 {
		if l.Loose[i].Stamp.compare(s) <= 0 {
			return
		}
		l.Loose = slices.Delete(l.Loose, i, i+1)
	}
	i, found := slices.BinarySearchFunc(l.Loose, s, func(p piece[T], s stamp) int { return p.Stamp.compare(s) })
	if !found {
		l.Loose = slices.Insert(l.Loose, i, piece[T]{s, key, v})
	}
}

// keyed is where the piece with a key stands; -1 without.
func (l *list[T]) keyed(key string) int {
	if key == "" {
		return -1
	}
	return slices.IndexFunc(l.Loose, func(p piece[T]) bool { return p.Key == key })
}

// view is the list as it stands, in a slice of its own. place is given what it
// holds of each piece, to add what the piece says beside that.
func (l *list[T]) view(place func(*T, *piece[T])) []T {
	if len(l.Whole) > 0 {
		return slices.Clone(l.Whole)
	}
	out := make([]T, len(l.Loose))
	for i := range l.Loose {
		out[i] = l.Loose[i].Value
		place(&out[i], &l.Loose[i])
	}
	return out
}

// toolFact keeps the two halves of a tool call apart: they come from different
// deliveries, and each is a fact of its own.
type toolFact struct {
	Call   ToolCall `json:"call"`
	Result ToolCall `json:"result"`
	First  stamp    `json:"first"` // the least stamp that named the call, and the call's place in that
	Place  int      `json:"place"` // event: its place among calls without a time
}

// Apply folds events into the call. It is a confluence: any permutation,
// repetition or split of the same stamped events gives the same call. A fact
// is replaced only by one with a greater stamp: by authority first, then the
// vendor's time, then the time of receipt, then the event's id. The call is
// worked out once, after the last: many at once cost little more than one.
func (c *Call) Apply(events ...Event) {
	for i := range events {
		c.fold.apply(&events[i])
	}
	c.project()
}

func (f *fold) apply(e *Event) {
	s := e.stamp()
	if e.Facts.Reaped {
		f.ReapedAt = later(f.ReapedAt, e.ReceivedAt)
	}
	if !e.Facts.Ours {
		keep(f, "event", s, &f.LastEvent, e.Name)
		f.LastHeard = later(f.LastHeard, e.ReceivedAt)
		if f.FirstHeard.IsZero() || e.ReceivedAt.Before(f.FirstHeard) {
			f.FirstHeard = e.ReceivedAt
		}
	}
	if e.Facts.Imported {
		f.ImportLast = later(f.ImportLast, e.ReceivedAt)
		if f.ImportFirst.IsZero() || e.ReceivedAt.Before(f.ImportFirst) {
			f.ImportFirst = e.ReceivedAt
		}
	}
	f.Phase = max(f.Phase, e.Facts.Phase)
	f.people(s, &e.Facts)
	f.course(s, &e.Facts)
	f.content(s, &e.Facts)
}

// people folds who and what took part.
func (f *fold) people(s stamp, x *Facts) {
	if x.Agent != nil {
		keep(f, "agent.source_id", s, &f.Agent.SourceID, x.Agent.SourceID)
		keep(f, "agent.name", s, &f.Agent.Name, x.Agent.Name)
	}
	keep(f, "linked_agent", s, &f.LinkedAgent, x.LinkedAgent)
	keep(f, "agent_version", s, &f.AgentVersion, x.AgentVersion)
	keep(f, "direction", s, &f.Direction, x.Direction)
	keep(f, "from", s, &f.From, x.From)
	keep(f, "to", s, &f.To, x.To)
	keep(f, "customer_id", s, &f.CustomerID, x.CustomerID)
	keep(f, "customer_name", s, &f.CustomerName, x.CustomerName)
	keep(f, "campaign", s, &f.Campaign, x.Campaign)
	keep(f, "scenario", s, &f.Scenario, x.Scenario)
	keep(f, "is_simulation", s, &f.IsSimulation, x.IsSimulation)
	keep(f, "model.prompt", s, &f.Model.PromptHash, x.Model.PromptHash)
	keep(f, "model.language", s, &f.Model.Language, x.Model.Language)
	keep(f, "model.voice", s, &f.Model.Voice, x.Model.Voice)
	keep(f, "model.transcriber", s, &f.Model.Transcriber, x.Model.Transcriber)
	keep(f, "control", s, &f.Control, x.Control)
}

// course folds when the call happened and how it ended.
func (f *fold) course(s stamp, x *Facts) {
	keepFirst(f, "created_at", s, &f.Created, x.CreatedAt)
	keepFirst(f, "ringing_at", s, &f.Ringing, x.RingingAt)
	keepFirst(f, "answered_at", s, &f.Answered, x.AnsweredAt)
	keepFirst(f, "started_at", s, &f.Started, x.StartedAt)
	keep(f, "ended_at", s, &f.Ended, x.EndedAt)
	keep(f, "duration", s, &f.DurationMS, x.DurationMS)
	keep(f, "ended_reason", s, &f.EndedReason, x.EndedReason)
	if x.End != nil {
		keep(f, "end", s, &f.End, *x.End)
	}
	keep(f, "success", s, &f.Success, x.Success)
	keep(f, "cost", s, &f.Cost, x.Cost)
	f.analysis(s, x.Analysis)
	keep(f, "kept", s, &f.Kept, x.Kept)
	keep(f, "audio", s, &f.Audio, x.Audio)
	keep(f, "heard_with", s, &f.HeardWith, x.HeardWith)
	keep(f, "transcribed", s, &f.Transcribed, x.Transcribed)
	keep(f, "measured", s, &f.Measured, x.Measured)
	keep(f, "local", s, &f.Local, x.Local)
	keep(f, "judged", s, &f.Judged, x.Judged)
	for _, st := range x.Steps {
		put(f, "step."+st.Step, s, &f.Steps, st.Step, st)
	}
	if e := x.Expired; e != nil && f.Marks.wins("expired."+string(e.Part), s) {
		if f.Expired == nil {
			f.Expired = map[Part]Expiry{}
		}
		f.Expired[e.Part] = *e
	}
	if len(x.Withheld) > 0 && f.Marks.wins("withheld", s) {
		f.Withheld = x.Withheld
	}
	for _, w := range x.Warnings {
		if i, found := slices.BinarySearch(f.Warnings, w); !found {
			f.Warnings = slices.Insert(slices.Clone(f.Warnings), i, w)
		}
	}
}

// content folds what was said, done and recorded.
func (f *fold) content(s stamp, x *Facts) {
	for k, v := range x.Metadata {
		put(f, "metadata."+k, s, &f.Metadata, k, v)
	}
	for k, v := range x.Variables {
		put(f, "variables."+k, s, &f.Variables, k, v)
	}
	for _, r := range x.Recordings {
		put(f, "recording."+string(r.Kind), s, &f.Recordings, string(r.Kind), r)
	}
	for _, l := range x.Latency {
		put(f, "latency."+l.Component, s, &f.Latency, l.Component, l)
	}
	for i, t := range x.ToolCalls {
		f.tool(s, i, t)
	}
	if l := x.TurnLatency; l != nil {
		turn := strconv.Itoa(l.Turn)
		put(f, "turn_latency."+turn, s, &f.TurnLatency, turn, l.Latency)
	}
	applyList(f, "turns", s, x.Key, &f.Turns, x.Turns, x.Turn)
	applyList(f, "spans", s, x.Key, &f.Spans, x.Spans, x.Span)
	applyList(f, "interruptions", s, x.Key, &f.Interruptions, x.Interruptions, x.Interruption)
	f.Turns.settle()
	f.Interruptions.settle()
}

// analysis folds the vendor's analysis part by part: some vendors send the
// summary in one delivery and the extracted data in another.
func (f *fold) analysis(s stamp, x *ProviderAnalysis) {
	if x == nil {
		return
	}
	var a ProviderAnalysis
	if f.Analysis != nil {
		a = *f.Analysis
	}
	keep(f, "analysis.summary", s, &a.Summary, x.Summary)
	keep(f, "analysis.sentiment", s, &a.Sentiment, x.Sentiment)
	keep(f, "analysis.success", s, &a.Success, x.Success)
	if len(x.Tags) > 0 && f.Marks.wins("analysis.tags", s) {
		a.Tags = x.Tags
	}
	for k, v := range x.Structured {
		put(f, "analysis.structured."+k, s, &a.Structured, k, v)
	}
	if len(x.Criteria) > 0 && f.Marks.wins("analysis.criteria", s) {
		a.Criteria = x.Criteria
	}
	f.Analysis = &a
}

// tool merges one tool call by its id; what was asked and what came back are
// two facts.
func (f *fold) tool(s stamp, place int, t ToolCall) {
	if f.Tools == nil {
		f.Tools = map[string]toolFact{}
	}
	have, known := f.Tools[t.ID]
	if !known || s.compare(have.First) < 0 {
		have.First, have.Place = s, place
	}
	if t.Name != "" && f.Marks.wins("tool.call."+t.ID, s) {
		have.Call = ToolCall{Name: t.Name, Arguments: t.Arguments, StartMS: t.StartMS, Turn: t.Turn}
	}
	if t.Done() && f.Marks.wins("tool.result."+t.ID, s) {
		have.Result = ToolCall{Name: t.Name, Result: t.Result, Error: t.Error, ErrorMethod: t.ErrorMethod, EndMS: t.EndMS}
	}
	f.Tools[t.ID] = have
}

// keep sets a fact unless the event says nothing of it or a better one did.
func keep[T comparable](f *fold, fact string, s stamp, dst *T, v T) {
	var zero T
	if v != zero && f.Marks.wins(fact, s) {
		*dst = v
	}
}

// keepFirst sets a moment in the same way, but that of what was said while the
// call went on the earliest holds: who tells of a beginning twice has it later the
// second time.
func keepFirst(f *fold, fact string, s stamp, dst *time.Time, t time.Time) {
	if s.Authority <= Live && !t.IsZero() && !t.Equal(*dst) {
		if have, told := f.Marks.of(fact); told && s.Authority == have.Authority {
			if t.Before(*dst) {
				*dst = t
				f.Marks.set(fact, s)
			}
			return
		}
	}
	keep(f, fact, s, dst, t)
}

// put sets one entry of a map in the same way.
func put[M ~map[string]T, T any](f *fold, fact string, s stamp, dst *M, k string, v T) {
	if !f.Marks.wins(fact, s) {
		return
	}
	if *dst == nil {
		*dst = M{}
	}
	(*dst)[k] = v
}

func applyList[T any](f *fold, fact string, s stamp, key string, l *list[T], whole []T, one *T) {
	if len(whole) > 0 && f.Marks.wins(fact, s) {
		l.Whole = whole
	}
	if one != nil {
		l.add(s, key, *one)
	}
}

// settle drops the pieces that a whole list hides.
func (l *list[T]) settle() {
	if len(l.Whole) > 0 {
		l.Loose = nil
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
