package vapi

import (
	"cmp"
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// script is a conversation read into turns and uses of tools.
type script struct {
	turns   []ringside.Turn
	tools   tools
	start   time.Time // of the call, by the vendor's clock; zero when unknown
	replies []int     // the agent's turns that answer the customer
	filters []ringside.Span
}

var roles = map[provider.Text]ringside.Role{
	"bot": ringside.RoleAgent, "assistant": ringside.RoleAgent,
	"user": ringside.RoleUser, "customer": ringside.RoleUser,
}

// transcribe reads a conversation. Offsets are the vendor's secondsFromStart;
// an entry without it is placed by its time and the call's start.
func (d *decoding) transcribe(items []item, start time.Time) script {
	s := script{start: start}
	if s.start.IsZero() {
		s.start = startOf(items)
	}
	unit, named := unitOfDuration(items), severalNames(items)
	for i := range items {
		it := &items[i]
		at := it.offset(s.start)
		switch role, speech := roles[it.Role]; {
		case speech && strings.TrimSpace(string(it.Message)) != "":
			t := ringside.Turn{
				Role: role, Text: string(it.Message),
				StartMS: at, EndMS: it.end(at, unit), Words: d.words(it, at, s.start),
			}
			if named {
				t.Speaker = first(it.SpeakerLabel, it.AssistantName)
			}
			s.add(t)
			s.filtered(it, at)
		case it.Role == "tool_calls":
			for _, c := range read[[]toolCall](d, "tool calls", it.ToolCalls) {
				s.tools.called(c, at)
			}
		case it.Role == "tool_call_result":
			s.tools.returned(it, at)
		}
	}
	return s
}

// add appends a turn. A turn of the agent's that comes straight after the
// customer's is a reply.
func (s *script) add(t ringside.Turn) {
	if n := len(s.turns); n > 0 && t.Role == ringside.RoleAgent && s.turns[n-1].Role == ringside.RoleUser {
		s.replies = append(s.replies, n)
	}
	s.turns = append(s.turns, t)
}

// filtered notes that the vendor's security filter changed what was said.
func (s *script) filtered(it *item, at *int64) {
	if it.IsFiltered != "true" {
		return
	}
	p := ringside.Span{Name: "security_filter", Title: "The vendor filtered what was said", StartMS: at}
	if threats, ok := value(it.DetectedThreats).([]any); ok && len(threats) > 0 {
		p.Attributes = map[string]any{"detected_threats": threats}
	}
	s.filters = append(s.filters, p)
}

// maxOffset is the longest a call can be, in ms: a larger offset is no offset.
const maxOffset = 1e10

// offset is when the entry began, in ms from the call's start.
func (it *item) offset(start time.Time) *int64 {
	if n := it.SecondsFromStart; n.Known && math.Abs(n.Value) < maxOffset/1000 {
		return new(max(0, provider.Millis(n.Value)))
	}
	return provider.Offset(start, it.Time.Time())
}

// end is when the entry ended: its own length by the clock, else its duration.
func (it *item) end(at *int64, unit float64) *int64 {
	if at == nil {
		return nil
	}
	if ms, ok := it.length(); ok {
		return new(*at + ms)
	}
	if d := bounded(it.Duration, maxOffset/unit); d != nil && *d > 0 {
		return new(*at + int64(math.Round(*d*unit)))
	}
	return nil
}

// length is endTime less time.
func (it *item) length() (ms int64, ok bool) {
	from, to := it.Time.Time(), it.EndTime.Time()
	if from.IsZero() || to.Before(from) {
		return 0, false
	}
	ms = to.Sub(from).Milliseconds()
	return ms, ms < maxOffset
}

// msPerByte is about how long it takes to say one letter.
const msPerByte = 65

// unitOfDuration tells what the durations of a conversation are, in ms: 1, or
// 1000 when they are seconds. They are compared with the lengths by the clock
// where both are given, else with how long the words take to say. Even where
// the two differ they do not differ thirtyfold.
func unitOfDuration(items []item) float64 {
	var said, clock, guess float64
	var clocked float64
	for i := range items {
		it := &items[i]
		d := bounded(it.Duration, maxOffset)
		if d == nil || *d == 0 {
			continue
		}
		if ms, ok := it.length(); ok && ms > 0 {
			clock, clocked = clock+float64(ms), clocked+*d
		}
		said, guess = said+*d, guess+msPerByte*float64(len(it.Message))
	}
	if clock > 0 {
		said, guess = clocked, clock
	}
	if said > 0 && said < guess/31.6 {
		return 1000
	}
	return 1
}

// startOf is when the call began by the vendor's clock, told from the first
// entry of speech that gives both its time and its offset.
func startOf(items []item) time.Time {
	for i := range items {
		it := &items[i]
		_, speech := roles[it.Role]
		t := it.Time.Time()
		if n := it.SecondsFromStart; speech && !t.IsZero() && n.Known && n.Value > 0 && n.Value < maxOffset/1000 {
			return t.Add(-time.Duration(provider.Millis(n.Value)) * time.Millisecond)
		}
	}
	return time.Time{}
}

// severalNames tells whether one side of the call has more than one name.
func severalNames(items []item) bool {
	seen := map[ringside.Role]string{}
	for i := range items {
		role, speech := roles[items[i].Role]
		name := first(items[i].SpeakerLabel, items[i].AssistantName)
		if !speech || name == "" {
			continue
		}
		if before, ok := seen[role]; ok && before != name {
			return true
		}
		seen[role] = name
	}
	return false
}

// words reads the times of single words. Their unit is not documented: Unix
// milliseconds in production, so it is told from the size of the number.
func (d *decoding) words(it *item, at *int64, start time.Time) []ringside.Word {
	if at == nil || !present(it.Metadata) {
		return nil
	}
	type metadata struct {
		Words []struct {
			Word       provider.Text   `json:"word"`
			Punctuated provider.Text   `json:"punctuated_word"`
			Start      provider.Number `json:"start"`
			End        provider.Number `json:"end"`
			Confidence provider.Number `json:"confidence"`
		} `json:"wordLevelConfidence"`
	}
	in := read[metadata](d, "word times", it.Metadata).Words
	if len(in) == 0 {
		return nil
	}
	last := 0.0
	for _, w := range in {
		last = max(last, w.End.Value)
	}
	place := placeWords(last, *at, it.Time.Time(), start)
	out := make([]ringside.Word, 0, len(in))
	for _, w := range in {
		from, to := place(w.Start.Value), place(w.End.Value)
		text := first(w.Punctuated, w.Word)
		if !w.Start.Known || !w.End.Known || text == "" || from < 0 || to < from || to > maxOffset {
			continue
		}
		out = append(out, ringside.Word{Text: text, StartMS: int64(from), EndMS: int64(to), Confidence: w.Confidence.Value})
	}
	return out
}

// placeWords gives the function from a word's time to ms from the call's
// start. last is the end of the turn's last word, at the turn's own offset.
func placeWords(last float64, at int64, said, start time.Time) func(float64) float64 {
	epoch := func(scale float64) func(float64) float64 {
		// By the turn where it has a time, so that words stay inside it.
		zero := float64(start.UnixMilli())
		if !said.IsZero() {
			zero = float64(said.UnixMilli() - at)
		}
		return func(t float64) float64 { return math.Round(t*scale - zero) }
	}
	switch {
	case last > 1e11:
		return epoch(1)
	case last > 1e9:
		return epoch(1000)
	case last*1000 < float64(at): // over before the turn began: counted from its start
		return func(t float64) float64 { return math.Round(t*1000) + float64(at) }
	}
	return func(t float64) float64 { return math.Round(t * 1000) }
}

// tools are the uses of tools in a conversation, in order.
type tools struct {
	list []ringside.ToolCall
	at   map[string]int // index in list by id
}

// called notes the use of a tool.
func (ts *tools) called(c toolCall, at *int64) {
	name := first(c.Function.Name, c.Name)
	id := string(c.ID)
	if id == "" && name == "" {
		return
	}
	if id == "" {
		id = name // the vendor always gives one; without it two uses can't be told apart
	}
	t, known := ts.find(id)
	if known && (t.StartMS != nil || t.Arguments != nil) {
		return
	}
	// New, or so far known by its result alone.
	t.Name, t.StartMS = cmp.Or(name, t.Name), at
	for _, raw := range []json.RawMessage{c.Function.Arguments, c.Function.Parameters, c.Parameters} {
		if present(raw) {
			t.Arguments = value(raw)
			break
		}
	}
}

// returned notes what a tool gave.
func (ts *tools) returned(it *item, at *int64) {
	id := first(it.ToolCallID, it.Name)
	if id == "" {
		return
	}
	t, known := ts.find(id)
	if !known {
		t.Name = string(it.Name)
	}
	t.Result, t.EndMS = value(it.Result), at
	if failure := failureText(t.Result); failure != "" {
		t.Error, t.ErrorMethod = failure, "local"
	}
}

// find gives the use with an id, and makes it where it is not known.
func (ts *tools) find(id string) (t *ringside.ToolCall, known bool) {
	i, known := ts.at[id]
	if !known {
		if ts.at == nil {
			ts.at = map[string]int{}
		}
		i = len(ts.list)
		ts.at[id], ts.list = i, append(ts.list, ringside.ToolCall{ID: id})
	}
	return &ts.list[i], known
}

// failureText reads a failure out of a result that is text. The vendor has no
// flag for it: the words are all there is.
func failureText(result any) string {
	s, _ := result.(string)
	low := strings.ToLower(strings.TrimSpace(s))
	if strings.HasPrefix(low, "error") || strings.Contains(low, "no result returned") {
		return s
	}
	return ""
}
