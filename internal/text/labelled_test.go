package text_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/text"
)

// dialogue is one labelled call.
type dialogue struct {
	name   string
	mood   string
	labels []string
	call   *ringside.Call
}

// dialogues reads a file of testdata/labelled; its README tells the format.
func dialogues(t testing.TB, file string) []dialogue {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "labelled", file))
	if err != nil {
		t.Fatal(err)
	}
	var out []dialogue
	for n, row := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		word, rest, _ := strings.Cut(row, " ")
		if word == "==" {
			name, labels, _ := strings.Cut(rest, " | ")
			f := strings.Fields(labels)
			out = append(out, dialogue{name: name, mood: f[0], labels: f[1:], call: ringside.NewCall("ws", "test", name)})
			continue
		}
		if word != "" && !add(out[len(out)-1].call, row) {
			t.Fatalf("%s:%d: %q begins no line", file, n+1, word)
		}
	}
	return out
}

// add puts a line of a dialogue into its call.
func add(c *ringside.Call, row string) bool {
	word, rest, _ := strings.Cut(row, " ")
	switch word {
	case "A":
		c.Turns = append(c.Turns, ringside.Turn{Index: len(c.Turns), Role: ringside.RoleAgent, Text: rest})
	case "U":
		c.Turns = append(c.Turns, ringside.Turn{Index: len(c.Turns), Role: ringside.RoleUser, Text: rest})
	case "T", "T!":
		c.ToolCalls = append(c.ToolCalls, tool(c, rest, word == "T!"))
	default:
		return false
	}
	return true
}

// spoken makes a call of a dialogue's lines.
func spoken(t testing.TB, rows ...string) *ringside.Call {
	t.Helper()
	c := ringside.NewCall("ws", "test", t.Name())
	for _, row := range rows {
		if !add(c, row) {
			t.Fatalf("%q is no line", row)
		}
	}
	return c
}

func tool(c *ringside.Call, row string, failed bool) ringside.ToolCall {
	name, rest, _ := strings.Cut(row, " ")
	args, result, _ := strings.Cut(rest, " -> ")
	out := ringside.ToolCall{
		ID: strconv.Itoa(len(c.ToolCalls)), Name: name, Arguments: provider.ParseText(args), Result: provider.ParseText(result),
	}
	if n := len(c.Turns); n > 0 {
		out.Turn = new(n - 1)
	}
	if failed {
		out.Error = result
	}
	return out
}

// labels of findings, and what counts as one.
var kinds = []struct {
	label string
	found func(*ringside.Finding) bool
}{
	{"frustrated", func(f *ringside.Finding) bool { return f.Kind == ringside.FindingFrustration }},
	{"person", func(f *ringside.Finding) bool { return f.Kind == ringside.FindingEscalation }},
	{"stuck", func(f *ringside.Finding) bool { return f.Kind == ringside.FindingStuck }},
	{"undone", func(f *ringside.Finding) bool {
		return f.Kind == ringside.FindingSaidNotDone && f.Severity != ringside.SeverityInfo
	}},
	{"gap", func(f *ringside.Finding) bool { return f.Kind == ringside.FindingKnowledgeGap }},
}

// tally counts how often rules and labels agree.
type tally struct{ tp, fp, fn, tn int }

func (y *tally) add(got, want bool) {
	switch {
	case got && want:
		y.tp++
	case got:
		y.fp++
	case want:
		y.fn++
	default:
		y.tn++
	}
}

func share(a, b int) float64 {
	if a+b == 0 {
		return 1
	}
	return float64(a) / float64(a+b)
}

func (y *tally) precision() float64 { return share(y.tp, y.fp) }
func (y *tally) recall() float64    { return share(y.tp, y.fn) }

// measured analyses a file's dialogues and compares.
func measured(t *testing.T, file string) (map[string]*tally, int) {
	t.Helper()
	out := map[string]*tally{"negative": {}}
	for _, k := range kinds {
		out[k.label] = &tally{}
	}
	all := dialogues(t, file)
	for _, d := range all {
		l := text.Analyse(d.call, nil)
		for _, k := range kinds {
			got, want := slices.ContainsFunc(l.Findings, func(f ringside.Finding) bool { return k.found(&f) }), slices.Contains(d.labels, k.label)
			out[k.label].add(got, want)
			if got != want {
				t.Logf("%s: %s is %v, labelled %v", d.name, k.label, got, want)
			}
		}
		got, want := l.Sentiment.Label == "negative", d.mood == "negative"
		out["negative"].add(got, want)
		if got != want {
			t.Logf("%s: sentiment is %s, labelled %s", d.name, l.Sentiment.Label, d.mood)
		}
	}
	return out, len(all)
}

// TestLabelledDialogues holds what docs/benchmarks.md says of the labelled
// sets, which -v prints. The floors are what was measured, less one dialogue.
func TestLabelledDialogues(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		file   string
		floors map[string][2]float64 // precision, recall
	}{
		{"tune.txt", map[string][2]float64{
			"frustrated": {0.93, 0.93}, "person": {0.5, 0.5}, "stuck": {0.5, 0.5}, "undone": {0.66, 0.66}, "gap": {0.75, 0.75}, "negative": {0.80, 0.89},
		}},
		{"held.txt", map[string][2]float64{
			"frustrated": {0.90, 0.58}, "person": {0.75, 0.75}, "stuck": {0.5, 0.5}, "undone": {0.66, 0.66}, "gap": {0.66, 0.66}, "negative": {0.83, 0.76},
		}},
		{"demo.txt", map[string][2]float64{
			"frustrated": {0.80, 0.66}, "person": {0.75, 0.75}, "stuck": {1, 1}, "undone": {1, 1}, "gap": {1, 1}, "negative": {0.85, 0.66},
		}},
	} {
		t.Run(set.file, func(t *testing.T) {
			t.Parallel()
			got, n := measured(t, set.file)
			for _, label := range []string{"frustrated", "person", "stuck", "undone", "gap", "negative"} {
				y := got[label]
				t.Logf("| %s | %s | %d | %d | %.2f | %.2f |", set.file, label, n, y.tp+y.fn, y.precision(), y.recall())
				floor, ok := set.floors[label]
				if !ok || y.precision() < floor[0] || y.recall() < floor[1] {
					t.Errorf("%s: precision %.2f and recall %.2f, the floor is %v", label, y.precision(), y.recall(), floor)
				}
			}
		})
	}
}
