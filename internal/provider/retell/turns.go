package retell

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

const (
	// maxSeconds bounds an offset within a call: beyond a week it is no offset.
	maxSeconds = 7 * 24 * 3600
	// overlapMS is how much of two turns must overlap for one to have cut the
	// other off: the vendor calls its word times approximate.
	overlapMS = 100
)

// reading is a transcript while its rows are read.
type reading struct {
	x       *ringside.Facts
	heard   *int64         // end of the last word so far
	tools   map[string]int // index in x.ToolCalls by id
	node    int            // index in x.Spans of the node that the flow is in, or -1
	odd     bool           // a row could not be read
	guessed bool           // a time was taken from the words before
}

// readTranscript reads the fullest transcript that the call has. Where the
// team told Retell to keep no personal data, that is the scrubbed one.
func (c *call) readTranscript(x *ringside.Facts) {
	lists := []json.RawMessage{c.TranscriptWithToolCalls, c.TranscriptObject}
	if c.DataStorageSetting == exceptPII {
		lists = []json.RawMessage{c.ScrubbedTranscript, c.TranscriptWithToolCalls, c.TranscriptObject}
	}
	for _, raw := range lists {
		if c.readRows(x, raw) {
			return
		}
	}
	x.Turns = plain(string(c.Transcript))
}

// readRows reads one list, and tells whether it held anything.
func (c *call) readRows(x *ringside.Facts, raw json.RawMessage) bool {
	if !given(raw) {
		return false
	}
	r := reading{x: x, tools: map[string]int{}, node: -1}
	for _, v := range r.rows(raw) {
		r.row(&v)
	}
	if r.odd {
		warn(x, "the transcript holds items that could not be read; they were left out")
	}
	if r.guessed {
		warn(x, "transcript rows without time_sec are placed at the end of the words before them")
	}
	r.closeNode(c.DurationMS)
	x.Interruptions = interruptions(x.Turns)
	return len(x.Turns)+len(x.ToolCalls)+len(x.Spans) > 0
}

// rows decodes the list at once, and item by item when one of them is odd.
func (r *reading) rows(raw json.RawMessage) []row {
	var all []row
	if provider.Unmarshal(raw, &all) == nil {
		return all
	}
	var items []json.RawMessage
	if provider.Unmarshal(raw, &items) != nil {
		r.odd = true
		return nil
	}
	all = nil
	for _, item := range items {
		var v row
		if provider.Unmarshal(item, &v) != nil {
			r.odd = true
			continue
		}
		all = append(all, v)
	}
	return all
}

func (r *reading) row(v *row) {
	switch v.Role {
	case "agent":
		r.turn(v, ringside.RoleAgent)
	case "user", "transfer_target":
		r.turn(v, ringside.RoleUser)
	case "tool_call_invocation":
		r.invocation(v)
	case "tool_call_result":
		r.result(v)
	case "node_transition":
		r.transition(v)
	case "dtmf":
		r.span(ringside.Span{Name: "dtmf", Title: string(v.Digit), StartMS: r.at(v)})
	case "":
		r.odd = true
	default: // sms, injected, and what is not invented yet
		s := ringside.Span{Name: v.Role, Title: string(v.Content), StartMS: r.at(v)}
		var media any
		if given(v.Multimedia) && provider.Unmarshal(v.Multimedia, &media) == nil {
			s.Attributes = map[string]any{"multimedia": media}
		}
		r.span(s)
	}
}

func (r *reading) turn(v *row, role ringside.Role) {
	if strings.TrimSpace(string(v.Content)) == "" {
		return
	}
	t := ringside.Turn{Role: role, Text: string(v.Content), StartMS: offset(v.TimeSec)}
	if v.Role == "transfer_target" {
		t.Speaker = v.Role
	}
	if len(v.Words) > 0 {
		t.Words = make([]ringside.Word, 0, len(v.Words))
	}
	for _, w := range v.Words {
		start, end := offset(w.Start), offset(w.End)
		if start == nil || end == nil {
			continue
		}
		t.Words = append(t.Words, ringside.Word{Text: string(w.Word), StartMS: *start, EndMS: max(*start, *end)})
	}
	if n := len(t.Words); n > 0 {
		t.StartMS, t.EndMS = new(t.Words[0].StartMS), new(t.Words[n-1].EndMS)
		r.heard = t.EndMS
	}
	r.x.Turns = append(r.x.Turns, t)
}

// invocation starts a tool call. Rows without an id are told apart by place.
func (r *reading) invocation(v *row) {
	id := string(v.ToolCallID)
	if id == "" {
		id = "invocation-" + strconv.Itoa(len(r.x.ToolCalls)+1)
	}
	t := ringside.ToolCall{ID: id, Name: string(v.Name), Arguments: value(v.Arguments), StartMS: r.at(v)}
	r.tools[id] = len(r.x.ToolCalls)
	r.x.ToolCalls = append(r.x.ToolCalls, t)
}

// result ends the tool call with its id, or the last one when it has none. A
// result whose call was not told becomes a call without a name.
func (r *reading) result(v *row) {
	i, known := r.tools[string(v.ToolCallID)]
	switch {
	case known:
	case v.ToolCallID == "" && len(r.x.ToolCalls) > 0:
		i = len(r.x.ToolCalls) - 1
	default:
		r.invocation(&row{ToolCallID: v.ToolCallID, TimeSec: v.TimeSec})
		i = len(r.x.ToolCalls) - 1
	}
	t := &r.x.ToolCalls[i]
	t.Result, t.EndMS = provider.ParseText(string(v.Content)), offset(v.TimeSec)
	if v.Successful == "false" {
		t.Error, t.ErrorMethod = string(v.Content), "provider"
		if strings.TrimSpace(t.Error) == "" {
			t.Error = "Retell says that the tool call did not succeed"
		}
	}
}

// transition enters a node of the flow; the one before lasted until now.
func (r *reading) transition(v *row) {
	at := r.at(v)
	r.leaveNode(offset(v.TimeSec))
	title := string(v.NewNodeName)
	if title == "" {
		title = string(v.NewNodeID)
	}
	s := ringside.Span{Name: "node", Title: title, StartMS: at, Attributes: map[string]any{}}
	for name, text := range map[string]provider.Text{
		"node_id": v.NewNodeID, "former_node_id": v.FormerNodeID,
		"former_node_name": v.FormerNodeName, "transition_type": v.TransitionType,
	} {
		if text != "" {
			s.Attributes[name] = string(text)
		}
	}
	r.node = -1
	if v.TimeSec.Known {
		r.node = len(r.x.Spans)
	}
	r.span(s)
}

func (r *reading) leaveNode(at *int64) {
	if r.node < 0 || at == nil {
		return
	}
	if s := &r.x.Spans[r.node]; s.StartMS != nil && *at >= *s.StartMS {
		s.DurationMS = new(float64(*at - *s.StartMS))
	}
}

// closeNode ends the last node with the call, once the call is over.
func (r *reading) closeNode(duration provider.Number) {
	if duration.Known {
		r.leaveNode(offset(provider.Number{Value: duration.Value / 1000, Known: true}))
	}
}

func (r *reading) span(s ringside.Span) { r.x.Spans = append(r.x.Spans, s) }

// at is when a row that is no speech happened: as it says, else at the end of
// the words before it.
func (r *reading) at(v *row) *int64 {
	if ms := offset(v.TimeSec); ms != nil {
		return ms
	}
	if r.heard == nil {
		return nil
	}
	r.guessed = true
	return new(*r.heard)
}

// offset reads seconds from the call's start.
func offset(n provider.Number) *int64 {
	if !n.Known || n.Value > maxSeconds || n.Value < -maxSeconds {
		return nil
	}
	return new(max(0, provider.Millis(n.Value)))
}

// value reads arguments: JSON in a string, or the JSON itself.
func value(raw json.RawMessage) any {
	if !given(raw) {
		return nil
	}
	var text string
	if provider.Unmarshal(raw, &text) == nil {
		return provider.ParseText(text)
	}
	var v any
	if provider.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	return v
}

// interruptions finds the turns that the other side began to speak into, and
// marks them.
func interruptions(turns []ringside.Turn) []ringside.Interruption {
	var out []ringside.Interruption
	for i := 1; i < len(turns); i++ {
		was, now := &turns[i-1], &turns[i]
		if was.Role == now.Role || len(was.Words) == 0 || now.StartMS == nil {
			continue
		}
		if *now.StartMS > *was.StartMS && *now.StartMS+overlapMS <= *was.EndMS {
			was.Interrupted = true
			out = append(out, ringside.Interruption{By: now.Role, AtMS: now.StartMS, Turn: new(i - 1)})
		}
	}
	return out
}

// plain reads the text form of a transcript, which has no times.
func plain(text string) []ringside.Turn {
	var out []ringside.Turn
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		who, said, ok := strings.Cut(line+" ", ": ") // a turn may be empty
		role, known := map[string]ringside.Role{"Agent": ringside.RoleAgent, "User": ringside.RoleUser}[who]
		switch {
		case ok && known && strings.TrimSpace(said) != "":
			out = append(out, ringside.Turn{Role: role, Text: strings.TrimSpace(said)})
		case len(out) > 0 && line != "" && !known:
			out[len(out)-1].Text += "\n" + line // a turn of several lines
		}
	}
	return out
}
