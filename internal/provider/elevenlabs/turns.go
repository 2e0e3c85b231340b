package elevenlabs

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// transcript walks through the entries of a conversation and gathers what they
// tell.
type transcript struct {
	facts *ringside.Facts

	tools         map[string]int // index in facts.ToolCalls by request id
	afterUser     bool           // the caller spoke last
	transcription *float64       // of what the caller said last
	agent         agentMetadata  // which agent and which node spoke last
	cut           int            // index of an interruption whose time the next entry tells, else -1
}

func (t *transcript) read(entries []entry) {
	t.tools, t.cut = map[string]int{}, -1
	t.facts.Turns = make([]ringside.Turn, 0, len(entries))
	for i := range entries {
		t.entry(i, &entries[i])
	}
}

func (t *transcript) entry(i int, e *entry) {
	start := startOf(e)
	m := readMetrics(e.Metrics)
	t.model(m)
	t.node(e, start)
	for j := range e.ToolCalls {
		t.toolCall(i, j, &e.ToolCalls[j], start)
	}
	for j := range e.ToolResults {
		t.toolResult(i, j, &e.ToolResults[j], start)
	}
	var r retrieval
	if readPart(e.Retrieval, &r) == nil && r.LatencySecs.Known {
		t.span(ringside.Span{Name: "knowledge_base", StartMS: start, DurationMS: new(r.LatencySecs.Value * 1000)})
	}
	t.turn(e, m, start)
}

// turn adds what was said. The vendor writes three dots for a caller who was
// given the floor and said nothing.
func (t *transcript) turn(e *entry, m turnMetrics, start *int64) {
	role, ok := roles[strings.ToLower(e.Role)]
	text := e.Message
	switch {
	case !ok || strings.TrimSpace(text) == "":
		if ms := m.Metrics.Model.ms(); ms != nil {
			t.span(ringside.Span{Name: "model", StartMS: start, DurationMS: ms})
		}
		return
	case role == ringside.RoleUser && strings.Trim(text, " .…\n") == "":
		t.span(ringside.Span{Name: "event", Title: "silence", StartMS: start})
		return
	}
	t.placeCut(role, start)
	turn := ringside.Turn{Role: role, Text: text, StartMS: start, Interrupted: e.Interrupted == "true"}
	if role == ringside.RoleAgent {
		turn.Latency = m.Metrics.latency(t.afterUser, t.transcription)
		t.afterUser, t.transcription = false, nil
	} else {
		t.afterUser, t.transcription = true, m.Metrics.TranscribeIn.ms()
	}
	if turn.Interrupted {
		t.interrupted(e, role, start)
	}
	t.facts.Turns = append(t.facts.Turns, turn)
}

// interrupted notes that the turn about to be added was cut off by the other
// side. The vendor gives no time for it: the next turn's start is it.
func (t *transcript) interrupted(e *entry, role ringside.Role, start *int64) {
	by := ringside.RoleUser
	if role == ringside.RoleUser {
		by = ringside.RoleAgent
	}
	t.cut = len(t.facts.Interruptions)
	t.facts.Interruptions = append(t.facts.Interruptions, ringside.Interruption{By: by, Turn: new(len(t.facts.Turns))})
	if intended := string(e.Original); intended != "" && intended != e.Message {
		t.span(ringside.Span{
			Name: "event", Title: "cut off", StartMS: start,
			Attributes: map[string]any{"intended": intended},
		})
	}
}

// placeCut gives the interruption before this turn its time, if it is the turn
// that cut in.
func (t *transcript) placeCut(role ringside.Role, start *int64) {
	if t.cut >= 0 && t.facts.Interruptions[t.cut].By == role {
		t.facts.Interruptions[t.cut].AtMS = start
	}
	t.cut = -1
}

var roles = map[string]ringside.Role{"agent": ringside.RoleAgent, "assistant": ringside.RoleAgent, "user": ringside.RoleUser}

func (t *transcript) span(s ringside.Span) { t.facts.Spans = append(t.facts.Spans, s) }

// model notes what the entry was made with.
func (t *transcript) model(m turnMetrics) {
	if m.Voice != "" {
		t.facts.Model.Voice = string(m.Voice)
	}
	if m.Transcriber != "" {
		t.facts.Model.Transcriber = string(m.Transcriber)
	}
}

// node notes when another agent or another node of the workflow takes over.
func (t *transcript) node(e *entry, start *int64) {
	var a agentMetadata
	if readPart(e.Agent, &a) != nil || a == (agentMetadata{}) {
		return
	}
	before := t.agent
	t.agent = a
	if before.AgentID != "" && a.AgentID != "" && a.AgentID != before.AgentID {
		t.span(ringside.Span{Name: "node", Title: "agent " + string(a.AgentID), StartMS: start})
	}
	if a.NodeID != "" && a.NodeID != before.NodeID {
		t.span(ringside.Span{Name: "node", Title: string(a.NodeID), StartMS: start})
	}
}

func (t *transcript) toolCall(i, j int, c *toolCall, start *int64) {
	id := string(c.RequestID)
	if id == "" {
		id = "entry " + strconv.Itoa(i) + "/" + strconv.Itoa(j)
	}
	t.tools[id] = len(t.facts.ToolCalls)
	t.facts.ToolCalls = append(t.facts.ToolCalls, ringside.ToolCall{
		ID: id, Name: string(c.Name), Arguments: provider.ParseText(string(c.Params)), StartMS: start,
	})
}

// toolResult puts a result to its call. The call's end is its start and the
// time that the vendor measured, else the time of the entry with the result.
func (t *transcript) toolResult(i, j int, r *toolResult, at *int64) {
	n, known := t.tools[string(r.RequestID)]
	if !known {
		t.toolCall(i, j, &toolCall{RequestID: r.RequestID, Name: r.Name}, before(at, r.LatencySecs))
		n = len(t.facts.ToolCalls) - 1
	}
	call := &t.facts.ToolCalls[n]
	call.Name = cmp.Or(call.Name, string(r.Name))
	call.Result = provider.ParseText(string(r.Value))
	call.Error = r.failure()
	call.EndMS = at
	if r.LatencySecs.Known && call.StartMS != nil {
		call.EndMS = new(*call.StartMS + max(0, provider.Millis(r.LatencySecs.Value)))
	}
}

// before is how far into the call something began that ended at a moment.
func before(at *int64, secs provider.Number) *int64 {
	if at == nil {
		return nil
	}
	return new(max(0, *at-provider.Millis(secs.Value)))
}

// failure is why a tool failed, in the most telling words that the vendor has.
func (r *toolResult) failure() string {
	switch {
	case r.IsBlocked == "true":
		return cmp.Or(string(r.RawError), "the vendor blocked the call")
	case r.IsError == "true":
		return cmp.Or(string(r.RawError), string(r.ErrorType), errorIn(provider.ParseText(string(r.Value))), toolFailed)
	}
	return ""
}

const toolFailed = "the vendor says that the tool failed"

// errorIn is the error that a tool's own result tells of, or the result itself
// when it is text.
func errorIn(result any) string {
	switch r := result.(type) {
	case string:
		return r
	case map[string]any:
		text, _ := r["error"].(string)
		return text
	}
	return ""
}

// startOf is when an entry began; nil when the vendor does not say.
func startOf(e *entry) *int64 {
	if !e.Secs.Known || e.Secs.Value < 0 || e.Secs.Value > maxCallSecs {
		return nil
	}
	return new(provider.Millis(e.Secs.Value))
}

// maxCallSecs is ten days: a larger offset is no place in a call.
const maxCallSecs = 10 * 24 * 60 * 60
