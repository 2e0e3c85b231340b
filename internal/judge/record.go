package judge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Limits of what is shown of a call, in characters.
const (
	defaultTranscript = 60_000
	maxTurn           = 2_000
	maxTool           = 600
	maxTools          = 20 // after one turn
	maxInstructions   = 8_000
	maxFact           = 200
)

// record writes a call as lines of data.
func (t *Task) record(call *ringside.Call) string {
	var b strings.Builder
	facts(&b, call)
	if s := strings.TrimSpace(t.Instructions); s != "" {
		b.WriteString("\nWhat the agent was told to do, by those who run it:\n")
		for line := range strings.Lines(shorten(s, maxInstructions)) {
			b.WriteString("| " + oneLine(line, maxInstructions) + "\n")
		}
	}
	b.WriteString("\nTranscript:\n")
	blocks := turnBlocks(call)
	skipFrom, skipTo := fit(blocks, cmp.Or(t.MaxTranscript, defaultTranscript))
	for i, block := range blocks {
		if i == skipFrom && skipTo > skipFrom {
			fmt.Fprintf(&b, "(turns %d to %d are not shown: the call is too long)\n", skipFrom, skipTo-1)
		}
		if i < skipFrom || i >= skipTo {
			b.WriteString(block)
		}
	}
	return b.String()
}

// fit chooses what to leave out of the middle so that the rest is no longer
// than budget: a third of it for the beginning, the rest for the end, where a
// call is decided. The first and the last turn stay.
func fit(blocks []string, budget int) (from, to int) {
	total := 0
	for _, s := range blocks {
		total += len(s)
	}
	if total <= budget || len(blocks) < 3 {
		return 0, 0
	}
	used := len(blocks[0])
	for from = 1; from < len(blocks)-1 && used+len(blocks[from]) <= budget/3; from++ {
		used += len(blocks[from])
	}
	used += len(blocks[len(blocks)-1])
	for to = len(blocks) - 1; to > from && used+len(blocks[to-1]) <= budget; to-- {
		used += len(blocks[to-1])
	}
	return from, to
}

// turnBlocks writes each turn, with the tools that were used after it.
func turnBlocks(call *ringside.Call) []string {
	out := make([]string, len(call.Turns))
	for i := range call.Turns {
		t := &call.Turns[i]
		who := "customer"
		switch t.Role {
		case ringside.RoleAgent:
			who = "agent"
		case ringside.RoleUnknown:
			who = "agent or customer"
		}
		if t.StartMS != nil {
			who += fmt.Sprintf(", at %.1f s", float64(*t.StartMS)/1000)
		}
		if t.Interrupted {
			who += ", cut off"
		}
		out[i] = fmt.Sprintf("[%d] %s: %s\n", i, who, oneLine(t.Text, maxTurn))
	}
	before, used := "", map[int]int{} // tools, by the turn that they follow
	for i := range call.ToolCalls {
		line, after := toolLine(&call.ToolCalls[i])
		after = min(after, len(out)-1)
		if used[after]++; used[after] > maxTools {
			continue
		}
		if used[after] == maxTools {
			line = "[tool] (further tool calls here are not shown)\n"
		}
		if after < 0 {
			before += line
			continue
		}
		out[after] += line
	}
	if len(out) > 0 {
		out[0] = before + out[0]
	}
	return out
}

func toolLine(t *ringside.ToolCall) (line string, after int) {
	after, place := -1, "before turn 0"
	if t.Turn != nil && *t.Turn >= 0 {
		after, place = *t.Turn, fmt.Sprintf("after turn %d", *t.Turn)
	}
	line = fmt.Sprintf("[tool %s] %s, asked with %s", place, oneLine(t.Name, maxFact), value(t.Arguments))
	switch {
	case t.Error != "":
		line += ", failed: " + oneLine(t.Error, maxTool)
	case t.Result != nil:
		line += ", answered " + value(t.Result)
	case !t.Done():
		line += ", no answer"
	}
	return line + "\n", after
}

// value writes a tool's arguments or result.
func value(v any) string {
	if v == nil {
		return "nothing"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "what can't be shown"
	}
	return oneLine(string(b), maxTool)
}

// facts writes what is known of the call beside its words.
func facts(b *strings.Builder, call *ringside.Call) {
	say := func(name string, v any) { fmt.Fprintf(b, "fact %s: %s\n", name, oneLine(fmt.Sprint(v), maxFact)) }
	say("status", call.Status)
	if call.Direction != "" {
		say("direction", call.Direction)
	}
	if call.DurationMS != nil {
		say("duration_ms", *call.DurationMS)
	}
	o := &call.Outcome
	if o.EndedBy != "" {
		say("ended_by", o.EndedBy)
	}
	if call.EndedReason != "" {
		say("ended_reason", call.EndedReason)
	}
	if o.FailureClass != "" {
		say("failure", o.FailureClass)
	}
	by := map[ringside.Role]int{}
	for i := range call.Interruptions {
		by[call.Interruptions[i].By]++
	}
	if len(by) > 0 {
		say("interruptions_by_agent", by[ringside.RoleAgent])
		say("interruptions_by_customer", by[ringside.RoleUser])
	}
	m := call.Analysis.Measured
	if m == nil {
		return
	}
	for _, f := range []struct {
		name  string
		value *int64
	}{{"first_agent_word_ms", m.FirstAgentMS}, {"longest_silence_ms", m.LongestGapMS}, {"longest_silence_at_ms", m.LongestGapAtMS}} {
		if f.value != nil {
			say(f.name, *f.value)
		}
	}
	for _, f := range []struct {
		name  string
		value *float64
	}{{"agent_response_median_ms", m.ResponseP50MS}, {"agent_response_p95_ms", m.ResponseP95MS}, {"agent_talk_share", m.TalkRatio}} {
		if f.value != nil {
			say(f.name, fmt.Sprintf("%.4g", *f.value))
		}
	}
}
