package ringside

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// project works out the whole call from its fold, and from nothing else.
func (c *Call) project() {
	f := &c.fold
	c.LastEvent, c.ReceivedAt = f.LastEvent, f.FirstHeard
	c.AgentVersion, c.Direction, c.From, c.To = f.AgentVersion, f.Direction, f.From, f.To
	c.CustomerName, c.Campaign, c.Scenario = f.CustomerName, f.Campaign, f.Scenario
	c.IsSimulation = f.IsSimulation != nil && *f.IsSimulation
	c.EndedReason, c.Cost, c.Model, c.Control = f.EndedReason, f.Cost, f.Model, f.Control
	c.Metadata, c.Variables = orEmpty(f.Metadata), orEmpty(f.Variables)
	// Told first and last by an import: whatever came between was one too.
	c.Imported = !f.ImportFirst.IsZero() && f.ImportFirst.Equal(f.FirstHeard) && f.ImportLast.Equal(f.LastHeard)
	c.Withheld, c.Warnings = f.Withheld, f.Warnings
	c.Analysis, c.Kept = Analysis{Provider: f.Analysis, Measured: f.Measured, Audio: f.Audio}, f.Kept
	if f.Audio != nil && f.Audio.SHA256 == "" { // another recording took the place of the one that was heard
		c.Analysis.Audio = nil
	}
	if f.Kept != nil && f.Kept.SHA256 == "" { // it is kept no more
		c.Kept = nil
	}

	c.projectTimes()
	c.projectOutcome()
	c.projectAgent()
	c.projectCustomer()
	c.projectLists()
	c.projectTools()
	c.projectAnalysis()
	c.projectExpired()
}

func (c *Call) projectTimes() {
	f := &c.fold
	c.CreatedAt, c.RingingAt = instant(f.Created), instant(f.Ringing)
	c.AnsweredAt, c.EndedAt = instant(f.Answered), instant(f.Ended)
	c.StartedAt = nil
	for _, t := range []time.Time{f.Answered, f.Started, f.Ringing, f.Created} {
		if !t.IsZero() {
			c.StartedAt = instant(t)
			break
		}
	}
	c.DurationMS = f.DurationMS
	from := f.Answered
	if from.IsZero() {
		from = f.Started
	}
	if c.DurationMS == nil && !from.IsZero() && !f.Ended.IsZero() {
		c.DurationMS = new(max(0, f.Ended.Sub(from).Milliseconds()))
	}
}

func (c *Call) projectOutcome() {
	f := &c.fold
	c.Outcome = outcome(f.Phase, f.End, f.Success)
	c.Status = statusOf(f.Phase, f.End.Failure)
	if f.Phase != PhaseEnded && !f.ReapedAt.IsZero() && !f.LastHeard.After(f.ReapedAt) {
		c.Status = StatusUnknown
		c.Outcome.Explanation = "No end came: the vendor sent nothing more within the longest time that a call of this agent may last."
	}
}

// projectAgent names the agent until the ledger has added our own id and name
// for it.
func (c *Call) projectAgent() {
	f := &c.fold
	source := cmp.Or(f.LinkedAgent, f.Agent.SourceID)
	switch {
	case source == "" && f.Agent.Name == "":
		c.Agent = nil
	case c.Agent == nil || c.Agent.ID == "" || c.Agent.SourceID != source:
		c.Agent = &AgentRef{SourceID: source, Name: f.Agent.Name}
	}
}

// AgentSource is the id that links the call to an agent, and the agent's name
// where a delivery gave one.
func (c *Call) AgentSource() (sourceID, name string) {
	if c.Agent == nil {
		return "", ""
	}
	return c.Agent.SourceID, c.fold.Agent.Name
}

// Ended tells whether the call is known to be over.
func (c *Call) Ended() bool { return c.fold.Phase == PhaseEnded }

// LastHeard is when the newest delivery about the call came.
func (c *Call) LastHeard() time.Time { return c.fold.LastHeard }

func (c *Call) projectCustomer() {
	c.CustomerKey = c.fold.CustomerID
	switch {
	case c.Direction == Outbound && c.To != "":
		c.CustomerKey = c.To
	case c.Direction != Outbound && c.From != "":
		c.CustomerKey = c.From
	}
}

func (c *Call) projectLists() {
	f := &c.fold
	c.Turns, c.TurnsFrom = f.Turns.view(func(t *Turn, p *piece[Turn]) { t.StartMS, t.Piece = c.offset(t.StartMS, p.Stamp.time()), p.name() }), nil
	if t := f.Transcribed; t != nil && len(c.Turns) == 0 && len(t.Turns) > 0 {
		c.Turns, c.TurnsFrom = slices.Clone(t.Turns), &t.From
	}
	for i := range c.Turns {
		t := &c.Turns[i]
		t.Index = i
		if l, told := f.TurnLatency[strconv.Itoa(i)]; told && t.Latency == nil && c.TurnsFrom == nil {
			t.Latency = &l
		}
		if t.Latency != nil {
			l := *t.Latency
			l.attribute()
			t.Latency = &l
		}
	}
	c.Spans = c.spans()
	slices.SortStableFunc(c.Spans, func(a, b Span) int { return compareOpt(a.StartMS, b.StartMS) })
	c.Interruptions = f.Interruptions.view(func(i *Interruption, p *piece[Interruption]) { i.AtMS = c.offset(i.AtMS, p.Stamp.time()) })
	slices.SortStableFunc(c.Interruptions, func(a, b Interruption) int { return compareOpt(a.AtMS, b.AtMS) })
	c.Recordings = sorted(f.Recordings, func(r Recording) string { return string(r.Kind) })
	c.Latency = sorted(f.Latency, func(l LatencyStats) string { return l.Component })
}

// spans are the whole list and, beside it, the pieces of the names that it has
// none of: a report lists the nodes of a flow, and only live events told of a
// transfer or of the model's latency.
func (c *Call) spans() []Span {
	l := &c.fold.Spans
	out := append(make([]Span, 0, len(l.Whole)+len(l.Loose)), l.Whole...)
	listed := map[string]bool{}
	for _, v := range l.Whole {
		listed[v.Name] = true
	}
	for i := range l.Loose {
		p := &l.Loose[i]
		if v := p.Value; !listed[v.Name] {
			v.StartMS, v.Piece = c.offset(v.StartMS, p.Stamp.time()), p.name()
			out = append(out, v)
		}
	}
	return out
}

// offset is how far into the call a moment was, unless the fact says itself.
func (c *Call) offset(said *int64, at time.Time) *int64 {
	if said != nil || c.StartedAt == nil {
		return said
	}
	return new(max(0, at.Sub(*c.StartedAt).Milliseconds()))
}

// projectTools puts the halves of each tool call together, in call order.
func (c *Call) projectTools() {
	type placed struct {
		ToolCall
		first stamp
		place int
	}
	all := make([]placed, 0, len(c.fold.Tools))
	for id, h := range c.fold.Tools {
		t := h.Call
		t.ID, t.Name = id, cmp.Or(t.Name, h.Result.Name)
		t.Result, t.Error, t.ErrorMethod, t.EndMS = h.Result.Result, h.Result.Error, h.Result.ErrorMethod, h.Result.EndMS
		if t.Error != "" && t.ErrorMethod == "" {
			t.ErrorMethod = "provider"
		}
		if t.Error == "" {
			if t.Error = localError(t.Result); t.Error != "" {
				t.ErrorMethod = "local"
			}
		}
		all = append(all, placed{t, h.First, h.Place})
	}
	slices.SortFunc(all, func(a, b placed) int {
		return cmp.Or(compareOpt(a.StartMS, b.StartMS), compareOpt(a.Turn, b.Turn), a.first.compare(b.first), cmp.Compare(a.place, b.place), cmp.Compare(a.ID, b.ID))
	})
	c.ToolCalls = make([]ToolCall, len(all))
	for i, p := range all {
		began := p.StartMS
		if p.Turn == nil && p.first.Authority == Live { // it was told when it happened
			began = c.offset(began, p.first.time())
		}
		if began != nil {
			p.Turn = c.turnAt(*began)
		}
		c.ToolCalls[i] = p.ToolCall
	}
}

// turnAt is the index of the last turn that began at or before an offset; nil
// when none did or the turns have no times.
func (c *Call) turnAt(ms int64) *int {
	for i := range slices.Backward(c.Turns) {
		if s := c.Turns[i].StartMS; s != nil && *s <= ms {
			return new(i)
		}
	}
	return nil
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Truncate(time.Millisecond))
}

// compareOpt orders what may be unknown: the unknown comes last.
func compareOpt[T int | int64](a, b *T) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

func orEmpty(v Values) Values {
	if v == nil {
		return Values{}
	}
	return v
}

func sorted[T any](m map[string]T, key func(T) string) []T {
	out := make([]T, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return out
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}
