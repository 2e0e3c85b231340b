package text

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ringsidehq/ringside"
)

// maxTools bounds the tool calls that are looked at, maxArgs how much of their
// arguments is searched for words, in bytes.
const (
	maxTools = 500
	maxArgs  = 4000
)

// use is a tool call made ready.
type use struct {
	*ringside.ToolCall
	words []string // of its name
	args  string   // as JSON
	does  []bool   // for each deed, whether its name or arguments tell of it
	known bool     // its name tells of one
}

func (k *look) readTools() {
	calls := k.call.ToolCalls[:min(len(k.call.ToolCalls), maxTools)]
	k.tools = make([]use, len(calls))
	for i := range calls {
		k.tools[i] = use{ToolCall: &calls[i], words: nameWords(calls[i].Name)}
		if args, err := json.Marshal(calls[i].Arguments); err == nil {
			k.tools[i].args = string(args)
		}
		k.tools[i].tell()
	}
}

// The numbers of equal tool calls from which it matters.
const (
	repeatedWarn = 3
	repeatedBad  = 5
)

// maxError is how much of a tool's error is told, in bytes.
const maxError = 200

// toolErrors tells of the tools that failed, once for each.
func (k *look) toolErrors() {
	type tally struct {
		first  int
		failed int
		later  bool // it worked afterwards
	}
	byName, order := map[string]*tally{}, []string(nil)
	for i := range k.tools {
		t := &k.tools[i]
		have := byName[t.Name]
		switch {
		case t.Error == "" && have != nil:
			have.later = true
		case t.Error != "" && have == nil:
			byName[t.Name], order = &tally{first: i, failed: 1}, append(order, t.Name)
		case t.Error != "":
			have.failed, have.later = have.failed+1, false
		}
	}
	for _, name := range order {
		b := byName[name]
		t := &k.tools[b.first]
		f := ringside.Finding{
			Kind: ringside.FindingToolError, Severity: ringside.SeverityWarning, Topic: toolName(name), Method: ringside.MethodLocal,
			Detail: fmt.Sprintf("%s failed: %s", toolName(name), strings.TrimRight(cut(mask(t.Error), maxError), ". ")+"."),
		}
		if b.failed > 1 {
			f.Detail += fmt.Sprintf(" It failed %d times.", b.failed)
		}
		if b.later {
			f.Severity = ringside.SeverityInfo
			f.Detail += " A later call of it worked."
		}
		k.foundTool(f, t)
	}
}

// repeatedTools tells of equal calls: the same tool with the same arguments.
// One more try after a failure is what a careful agent does, so two such are
// only mentioned.
func (k *look) repeatedTools() {
	type group struct {
		last, n, failed int
	}
	groups, order := map[string]*group{}, []string(nil)
	for i := range k.tools {
		t := &k.tools[i]
		key := t.Name + "\x00" + t.args
		g := groups[key]
		if g == nil {
			g = &group{}
			groups[key], order = g, append(order, key)
		}
		g.last, g.n = i, g.n+1
		if t.Error != "" {
			g.failed++
		}
	}
	for _, key := range order {
		g := groups[key]
		if g.n < 2 {
			continue
		}
		t := &k.tools[g.last]
		k.duplicates += g.n - 1
		f := ringside.Finding{
			Kind: ringside.FindingRepeatedTool, Severity: ringside.SeverityWarning, Topic: toolName(t.Name), Method: ringside.MethodLocal,
			Detail: fmt.Sprintf("%s was called %d times with the same arguments.", toolName(t.Name), g.n),
		}
		switch {
		case g.n >= repeatedBad:
			f.Severity = ringside.SeverityCritical
		case g.n < repeatedWarn && g.failed > 0:
			f.Severity = ringside.SeverityInfo
			f.Detail = toolName(t.Name) + " was tried again with the same arguments after a failure."
		}
		k.foundTool(f, t)
	}
}

func toolName(name string) string {
	if name == "" {
		return "A tool without a name"
	}
	return cut(name, 80)
}

// foundTool notes a finding about a tool call: at the turn before it and at
// its own time.
func (k *look) foundTool(f ringside.Finding, t *use) {
	if t.Turn != nil && *t.Turn >= 0 && *t.Turn < len(k.call.Turns) {
		f.Turn = t.Turn
	}
	f.AtMS = t.StartMS
	k.keep(f)
}

// nameWords are the words of a tool's name: snake_case, camelCase, spaces.
func nameWords(name string) []string {
	var b strings.Builder
	for i, r := range cut(name, 200) {
		switch {
		case r >= 'A' && r <= 'Z':
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteRune(r + 'a' - 'A')
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}
