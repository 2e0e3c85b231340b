package alert_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/live"
)

// updating tells whether -update is given, which is the adapters' test kit's: what
// the scripts come to is written into them.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// begun is when every scripted call starts.
var begun = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

// watch has rules look, and writes down when alerts came and went. Each look is
// made twice: the second must change nothing.
type watch struct {
	alert.Trial

	t   *testing.T
	log []string
}

func (w *watch) Look(n *live.Now) ([]*ringside.Alert, time.Time) {
	open, again := w.Trial.Look(n)
	twice := *n
	twice.Alerts = open
	if open2, again2 := w.Trial.Look(&twice); !reflect.DeepEqual(open, open2) || !again2.Equal(again) && !n.Ended && again2.Before(again) {
		w.t.Errorf("a second look at %s: %v, then %v", n.Elapsed, told(open), told(open2))
	}
	return open, again
}

func (w *watch) Changed(n *live.Now, opened, resolved []*ringside.Alert) {
	for _, a := range opened {
		w.log = append(w.log, at(n.Elapsed)+" alert "+line(a))
	}
	for _, a := range resolved {
		w.log = append(w.log, at(n.Elapsed)+" resolved "+name(a)+" by "+a.ResolvedBy)
	}
}

func at(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + "s" }

func name(a *ringside.Alert) string {
	s := a.RuleID
	if a.Cause != "" {
		s += " (" + a.Cause + ")"
	}
	return s
}

// line is an alert as scripts write it.
func line(a *ringside.Alert) string {
	s := name(a) + " " + string(a.Severity)
	if a.Turn != nil {
		s += fmt.Sprintf(" turn %d", *a.Turn)
	}
	if s += ": " + a.Message; a.Quote != "" {
		s += fmt.Sprintf(" %q", a.Quote)
	}
	return s
}

func told(all []*ringside.Alert) (out []string) {
	for _, a := range all {
		out = append(out, line(a)+" "+string(a.Status))
	}
	return out
}

// TestScripts plays what testdata holds: what is told of a call, and which
// alerts come of it at which second. Each row of events is
//
//	at TIME start AGENT | user: WORDS | agent FROM-TO: WORDS | partial user: WORDS
//	at TIME tool ID NAME {ARGUMENTS} | result ID {RESULT} | error COMPONENT: WORDS
//	at TIME acknowledge RULE | resolve RULE | silence | end [REASON]
//
// with times in seconds from the call's start. Settings are the agent's, rules
// are added to the built-in ones.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			p := &play{t: t}
			parts := read(t, file)
			decode(t, parts["settings"], &p.settings)
			decode(t, parts["rules"], &p.rules)
			p.events = strings.TrimSpace(parts["events"])
			got := strings.Join(p.run(), "\n") + "\n"
			if updating() {
				write(t, file, got)
			} else if want := parts["alerts"]; want != got {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// marker begins a part of a script, as txtar has it.
var marker = regexp.MustCompile(`(?m)^-- (\w+) --\n`)

// read gives the parts of a script by name. What stands before the first says
// what it is about.
func read(t *testing.T, file string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out, s := map[string]string{}, string(b)
	heads := marker.FindAllStringSubmatchIndex(s, -1)
	for i, h := range heads {
		end := len(s)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		out[s[h[2]:h[3]]] = s[h[1]:end]
	}
	return out
}

// write puts what a script came to into it.
func write(t *testing.T, file, alerts string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(b), "-- alerts --\n")
	if err := os.WriteFile(file, []byte(head+"-- alerts --\n"+alerts), 0o600); err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, s string, v any) {
	t.Helper()
	if s == "" {
		return
	}
	if err := json.Unmarshal([]byte(s), v); err != nil {
		t.Fatal(err)
	}
}

// play is a script under way.
type play struct {
	t        *testing.T
	settings ringside.AgentSettings
	rules    []*ringside.AlertRule
	events   string

	told   []ringside.Event
	replay *live.Replay
	watch  *watch
	now    time.Time
}

func (p *play) run() []string {
	for _, r := range p.rules {
		r.Condition.Complete()
		if err := r.Validate(); err != nil {
			p.t.Fatal(err)
		}
	}
	p.watch = &watch{Trial: alert.Trial(alert.All(p.rules)), t: p.t}
	p.replay = live.NewReplay(p.watch, &p.settings)
	for row := range strings.Lines(p.events) {
		f := strings.Fields(row)
		s, err := strconv.ParseFloat(strings.TrimSuffix(f[1], "s"), 64)
		if f[0] != "at" || err != nil {
			p.t.Fatalf("%q is no row: at TIME WHAT", row)
		}
		p.now = begun.Add(time.Duration(s * float64(time.Second)))
		_, rest, _ := strings.Cut(strings.TrimSpace(row), f[1]+" ")
		p.step(rest)
	}
	return p.watch.log
}

// step plays what a row tells.
func (p *play) step(row string) {
	head, words, _ := strings.Cut(row, ": ")
	f := strings.Fields(head)
	x := ringside.Facts{Phase: ringside.PhaseActive}
	switch f[0] {
	case "start":
		x.StartedAt = p.now
		x.Agent = &ringside.AgentFact{SourceID: f[1]}
	case "user", "agent":
		x.Turn = &ringside.Turn{Role: ringside.Role(f[0]), Text: words}
		if len(f) > 1 {
			from, to, _ := strings.Cut(f[1], "-")
			x.Turn.StartMS, x.Turn.EndMS = ms(p.t, from), ms(p.t, to)
		}
	case "partial":
		p.replay.Hear(ringside.Partial{Role: ringside.Role(f[1]), Text: words, At: p.now}, p.now)
		return
	case "tool":
		_, args, _ := strings.Cut(row, f[2]+" ")
		x.ToolCalls = []ringside.ToolCall{{ID: f[1], Name: f[2]}}
		decode(p.t, args, &x.ToolCalls[0].Arguments)
	case "result":
		_, result, _ := strings.Cut(row, f[1]+" ")
		x.ToolCalls = []ringside.ToolCall{{ID: f[1]}}
		decode(p.t, result, &x.ToolCalls[0].Result)
	case "error":
		x.Span = &ringside.Span{Name: ringside.SpanError, Title: f[1], Error: words}
	case "acknowledge", "resolve":
		p.settle(f[0], f[1])
		return
	case "silence":
		p.replay.Until(p.now)
		return
	case "end":
		x.Phase, x.EndedAt = ringside.PhaseEnded, p.now
		if x.End = (&ringside.End{}); len(f) > 1 {
			x.EndedReason, x.End.Failure = f[1], ringside.FailureClass(f[1])
		}
	default:
		p.t.Fatalf("%q is no row of a script", row)
	}
	p.tell(x)
}

// tell has something told of the call.
func (p *play) tell(x ringside.Facts) {
	p.told = append(p.told, ringside.Event{
		ID: fmt.Sprintf("e%03d", len(p.told)), Authority: ringside.Live, At: p.now, ReceivedAt: p.now, Facts: x,
	})
	c := ringside.NewCall("ws", "custom", p.t.Name())
	for i := range p.told {
		c.Apply(p.told[i])
	}
	p.replay.Take(c, "agent_1", p.now)
}

// settle does what a person decides.
func (p *play) settle(what, rule string) {
	p.replay.Until(p.now)
	all := p.replay.Alerts()
	i := slices.IndexFunc(all, func(a *ringside.Alert) bool { return a.RuleID == rule && a.Open() })
	if i < 0 {
		p.t.Fatalf("no open alert of %s to %s", rule, what)
	}
	a := *all[i]
	if a.Status, a.AcknowledgedAt = ringside.AlertAcknowledged, &p.now; what == "resolve" {
		a.Status, a.ResolvedAt, a.ResolvedBy = ringside.AlertResolved, &p.now, "Dana"
	}
	p.replay.Revise(&a)
}

func ms(t *testing.T, s string) *int64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return new(int64(v * 1000))
}
