package alert

import (
	"fmt"

	"github.com/ringsidehq/ringside"
)

// failuresInRow is how often a tool must fail where the rule does not say.
const failuresInRow = 3

// failing looks for a tool that fails again and again. Once that it works ends
// it.
func failing(l *look) (out []hit) {
	c, least := &l.rule.Condition, failuresInRow
	if c.ConsecutiveFailures != nil {
		least = *c.ConsecutiveFailures
	}
	if l.open {
		least = 1
	}
	row, names := map[string]int{}, []string(nil)
	last := map[string]*ringside.ToolCall{}
	for i := range l.Call.ToolCalls {
		t := &l.Call.ToolCalls[i]
		if !t.Done() || c.ToolName != "" && t.Name != c.ToolName {
			continue
		}
		if last[t.Name] == nil {
			names = append(names, t.Name)
		}
		last[t.Name] = t
		if row[t.Name]++; t.Error == "" {
			row[t.Name] = 0
		}
	}
	for _, name := range names {
		if row[name] < least {
			continue
		}
		h := l.hit(fmt.Sprintf("%s failed %d times in a row.", name, row[name]), last[name].Turn)
		for _, f := range l.findings(ringside.FindingToolError) {
			if f.Topic == name {
				h.message = f.Detail // with the reason
			}
		}
		h.cause = name
		out = append(out, h)
	}
	return out
}
