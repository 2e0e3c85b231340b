package ringside

import (
	"cmp"
	"slices"
)

// LogEntry is one line of a call's debug log: something that happened at an
// offset into the call.
type LogEntry struct {
	OffsetMS   *int64   `json:"offset_ms" doc:"Milliseconds from the answer; null when nobody says"`
	Kind       string   `json:"kind" enum:"turn,tool_call,tool_result,interruption,endpointing,transcription,model,voice,network,span,start,end"`
	Title      string   `json:"title"`
	Detail     string   `json:"detail,omitempty"`
	Role       Role     `json:"role,omitempty"`
	DurationMS *float64 `json:"duration_ms,omitempty"`
	Turn       *int     `json:"turn,omitempty" doc:"Index of the turn that the entry belongs to"`
	ToolCallID string   `json:"tool_call_id,omitempty"`
	Error      string   `json:"error,omitempty"`
	Data       any      `json:"data,omitempty"`

	rank int // keeps entries of the same moment in the order of cause
}

// Log lists everything that is known to have happened in the call, in order.
// What has no time stands behind what it follows from.
func (c *Call) Log() []LogEntry {
	log := make([]LogEntry, 0, 2+2*len(c.Turns)+2*len(c.ToolCalls)+len(c.Spans)+len(c.Interruptions))
	if c.StartedAt != nil {
		log = append(log, LogEntry{OffsetMS: new(int64(0)), Kind: "start", Title: "Call started"})
	}
	last := new(int64(0))
	for i := range c.Turns {
		t := &c.Turns[i]
		if t.StartMS != nil {
			last = t.StartMS
		}
		log = append(log, c.logTurn(t, last)...)
	}
	for i := range c.ToolCalls {
		log = append(log, c.logTool(&c.ToolCalls[i])...)
	}
	for i := range c.Spans {
		s := &c.Spans[i]
		log = append(log, LogEntry{
			OffsetMS: s.StartMS, Kind: "span", Title: cmp.Or(s.Title, s.Name), Detail: s.Name, DurationMS: s.DurationMS,
			Error: s.Error, Data: orNil(s.Attributes), rank: 2,
		})
	}
	for i := range c.Interruptions {
		n := &c.Interruptions[i]
		title := "The customer cut in"
		if n.By == RoleAgent {
			title = "The agent cut in"
		}
		log = append(log, LogEntry{OffsetMS: n.AtMS, Kind: "interruption", Title: title, Role: n.By, Turn: n.Turn, rank: 3})
	}
	slices.SortStableFunc(log, func(a, b LogEntry) int {
		return cmp.Or(compareOpt(a.OffsetMS, b.OffsetMS), cmp.Compare(a.rank, b.rank))
	})
	if c.Ended() {
		e := LogEntry{Kind: "end", Title: "Call ended", Detail: c.EndedReason, Error: failures[c.Outcome.FailureClass].words}
		e.OffsetMS = c.DurationMS
		log = append(log, e)
	}
	return log
}

// logTurn gives a turn and, before it, the parts of what the caller waited.
// A turn without a time stands where the one before it does.
func (c *Call) logTurn(t *Turn, at *int64) []LogEntry {
	var out []LogEntry
	if l := t.Latency; l != nil {
		for _, p := range []struct {
			kind, title string
			ms          *float64
		}{
			{"endpointing", "Decided that the caller had finished", l.EndpointingMS},
			{"transcription", "Transcript final", l.TranscriptionMS},
			{"model", "Model's first token", l.ModelFirstTokenMS},
			{"voice", "Voice's first audio", l.VoiceFirstByteMS},
			{"network", "Network", l.NetworkMS},
		} {
			if p.ms != nil {
				out = append(out, LogEntry{OffsetMS: at, Kind: p.kind, Title: p.title, DurationMS: p.ms, Turn: new(t.Index), Detail: string(l.Source), rank: 4})
			}
		}
	}
	title := "Somebody spoke"
	switch t.Role {
	case RoleAgent:
		title = "Agent spoke"
	case RoleUser:
		title = "Caller spoke"
	}
	e := LogEntry{OffsetMS: at, Kind: "turn", Title: title, Detail: t.Text, Role: t.Role, Turn: new(t.Index), rank: 5}
	if t.StartMS != nil && t.EndMS != nil {
		e.DurationMS = new(float64(*t.EndMS - *t.StartMS))
	}
	return append(out, e)
}

func (c *Call) logTool(t *ToolCall) []LogEntry {
	at := t.StartMS
	if at == nil && t.Turn != nil && *t.Turn < len(c.Turns) {
		at = c.Turns[*t.Turn].StartMS
	}
	out := []LogEntry{{OffsetMS: at, Kind: "tool_call", Title: t.Name, Turn: t.Turn, ToolCallID: t.ID, Data: t.Arguments, rank: 6}}
	if !t.Done() {
		return out
	}
	r := LogEntry{OffsetMS: t.EndMS, Kind: "tool_result", Title: t.Name, Turn: t.Turn, ToolCallID: t.ID, Data: t.Result, Error: t.Error, rank: 7}
	if r.OffsetMS == nil {
		r.OffsetMS = at
	}
	if t.StartMS != nil && t.EndMS != nil {
		r.DurationMS = new(float64(*t.EndMS - *t.StartMS))
	}
	return append(out, r)
}

func orNil(m map[string]any) any {
	if len(m) == 0 {
		return nil
	}
	return m
}
