package alert

import (
	"reflect"

	"github.com/ringsidehq/ringside"
)

// circlesAt is from how many equal calls of a tool on it is a circle: to look
// again once, after something was done, is none.
const circlesAt = 3

// onwardAfter is how many turns of the agent's without a repetition it takes
// for it to be getting on again.
const onwardAfter = 2

// stuck looks for an agent that goes in circles: it says again what it said, or
// calls a tool again with the same arguments although that had worked. To try
// again after a failure is no circle: failing looks at that.
func stuck(l *look) (out []hit) {
	for _, f := range l.findings(ringside.FindingStuck, ringside.FindingRepeatedTool) {
		if f.Severity == ringside.SeverityInfo || f.Turn != nil && l.since(f.Turn) > onwardAfter ||
			f.Kind == ringside.FindingRepeatedTool && l.circles(f.Topic) < circlesAt {
			continue
		}
		h := l.found(f)
		if f.Severity == ringside.SeverityCritical {
			h.severity = graver(h.severity)
		}
		h.cause = f.Topic
		out = append(out, h)
	}
	return out
}

// circles is how often a tool was called with the same arguments and did not
// fail.
func (l *look) circles(name string) (most int) {
	var calls []*ringside.ToolCall
	for i := range l.Call.ToolCalls {
		if t := &l.Call.ToolCalls[i]; t.Name == name && t.Error == "" {
			calls = append(calls, t)
		}
	}
	for _, t := range calls {
		n := 0
		for _, u := range calls {
			if reflect.DeepEqual(t.Arguments, u.Arguments) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
