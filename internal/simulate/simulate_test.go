package simulate

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	blandadapter "github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/calllog"
	elevenlabsadapter "github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	retelladapter "github.com/ringsidehq/ringside/internal/provider/retell"
	vapiadapter "github.com/ringsidehq/ringside/internal/provider/vapi"
)

var until = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

func generator(t testing.TB, calls int) *Generator {
	t.Helper()
	g, err := New(Config{Seed: 1, Calls: calls, Until: until, Words: true})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var adapters = map[string]provider.Provider{
	vapi: vapiadapter.Provider, retell: retelladapter.Provider, bland: blandadapter.Provider,
	elevenlabs: elevenlabsadapter.Provider, custom: calllog.Provider, external: flat.Provider,
}

// folded decodes a call's deliveries with the real adapters and folds them.
func folded(t testing.TB, c *Call) *ringside.Call {
	t.Helper()
	var events []ringside.Event
	for i, d := range c.Deliveries(true) {
		got, err := adapters[d.Provider].Decode(provider.Payload{Body: d.Body, ReceivedAt: until.Add(time.Duration(i) * time.Second)})
		if err != nil {
			t.Fatalf("call %d, %s %s: %v\n%s", c.index, d.Provider, d.Event, err, d.Body)
		}
		for j := range got {
			providertest.Check(t, got[j])
			got[j].ID = fmt.Sprintf("%d/%d", i, j)
		}
		events = append(events, got...)
	}
	return providertest.Fold(events)
}

func TestTheSameCallIsTheSameBytes(t *testing.T) {
	a, b := generator(t, 100), generator(t, 100)
	for i := range 100 {
		x, y := a.Call(i).Deliveries(true), b.Call(i).Deliveries(true)
		if len(x) != len(y) {
			t.Fatalf("call %d: %d and %d deliveries", i, len(x), len(y))
		}
		for j := range x {
			if !bytes.Equal(x[j].Body, y[j].Body) {
				t.Fatalf("call %d differs:\n%s\n%s", i, x[j].Body, y[j].Body)
			}
		}
	}
}

func TestEveryCallFoldsIntoWhatHappened(t *testing.T) {
	g := generator(t, 1500)
	for i := range 1500 {
		c := g.Call(i)
		got := folded(t, c)
		if got.ProviderCallID != c.id || got.Provider != c.agent.provider {
			t.Fatalf("call %d is %s of %s, want %s of %s", i, got.ProviderCallID, got.Provider, c.id, c.agent.provider)
		}
		if len(got.Warnings) > 0 {
			t.Errorf("call %d (%s): warnings %q", i, got.Provider, got.Warnings)
		}
		if got.Outcome.FailureClass != c.class {
			t.Errorf("call %d (%s, %q): class %q, want %q", i, got.Provider, c.reason, got.Outcome.FailureClass, c.class)
		}
		if !got.Ended() || got.Direction != c.direction {
			t.Errorf("call %d (%s): status %s, direction %q; want it ended and %q", i, got.Provider, got.Status, got.Direction, c.direction)
		}
		if want := c.said('A') + c.said('U'); len(got.Turns) != want || len(got.ToolCalls) != c.said('T') {
			t.Errorf("call %d (%s): %d turns and %d tool calls, want %d and %d", i, got.Provider, len(got.Turns), len(got.ToolCalls), want, c.said('T'))
		}
		checkFigures(t, c, got)
	}
}

// checkFigures compares the numbers that every vendor gives in its own way.
func checkFigures(t *testing.T, c *Call, got *ringside.Call) {
	t.Helper()
	p := c.agent.provider
	if c.answeredAt.IsZero() {
		return
	}
	if got.DurationMS == nil || math.Abs(float64(*got.DurationMS-c.durationMS())) > 1000 {
		t.Errorf("call %d (%s): duration %v, want %d", c.index, p, got.DurationMS, c.durationMS())
	}
	if s := got.Outcome.Success; c.success != nil && (s == nil || *s != *c.success) {
		t.Errorf("call %d (%s): success %v, want %v", c.index, p, s, *c.success)
	}
	if priced := p != custom && p != external; priced && (got.Cost == nil || got.Cost.Total <= 0) {
		t.Errorf("call %d (%s): cost %+v", c.index, p, got.Cost)
	}
	claims := p == vapi || p == retell || p == elevenlabs
	if claims && len(c.replies()) > 0 && got.ClaimedResponseMS() == nil {
		t.Errorf("call %d (%s): no claimed response time for %d replies", c.index, p, len(c.replies()))
	}
	last := int64(-1)
	for i, turn := range got.Turns {
		if turn.StartMS == nil || *turn.StartMS < last {
			t.Errorf("call %d (%s): turn %d starts at %v, after one at %d", c.index, p, i, turn.StartMS, last)
			continue
		}
		last = *turn.StartMS
	}
	// A custom call's agent stands in the envelope of the call-log API.
	if p != custom && (got.Agent == nil || got.Agent.SourceID == "") {
		t.Errorf("call %d (%s): agent %+v", c.index, p, got.Agent)
	}
}

// TestTheMix holds the shape that the demo is to have.
func TestTheMix(t *testing.T) {
	const n = 3000
	g := generator(t, n)
	classes, directions, judged, good := map[ringside.FailureClass]int{}, map[ringside.Direction]int{}, 0, 0
	last := until
	for i := range n {
		c := g.Call(i)
		classes[c.class]++
		directions[c.direction]++
		if c.success != nil || c.class != "" {
			judged++
		}
		if c.success != nil && *c.success {
			good++
		}
		if c.createdAt.After(last.Add(time.Hour)) {
			t.Errorf("call %d is at %s, later than the one before", i, c.createdAt)
		}
		last = c.createdAt
		if c.endedAt.After(until) || until.Sub(c.createdAt) > 31*24*time.Hour {
			t.Errorf("call %d from %s to %s is not in the thirty days", i, c.createdAt, c.endedAt)
		}
	}
	for _, class := range ringside.FailureClasses {
		if classes[class] == 0 {
			t.Errorf("no call of the class %s", class)
		}
	}
	if rate := float64(good) / float64(judged); rate < 0.68 || rate > 0.77 {
		t.Errorf("%.1f %% of the judged calls succeeded, want about 72", 100*rate)
	}
	if directions[ringside.Web] == 0 || directions[ringside.Outbound] == 0 {
		t.Errorf("directions %v", directions)
	}
	t.Logf("classes %v, directions %v", classes, directions)
}

func TestScriptsAreLongEnough(t *testing.T) {
	g := generator(t, 1)
	for key, all := range g.scripts {
		if len(all) < 4 || len(all) > 6 {
			t.Errorf("%s has %d scripts", key, len(all))
		}
		for _, s := range all {
			turns := 0
			for _, l := range s.lines {
				if l.kind != 'T' {
					turns++
				}
			}
			if turns < 8 || turns > 18 {
				t.Errorf("%s, %s: %d turns", key, s.name, turns)
			}
		}
	}
}

func TestTemplates(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{`plain`, `plain`},
		{`{first} calls`, `Ada calls`},
		{`{"name":"{first}","n":{}}`, `{"name":"Ada","n":{}}`},
		{`<a {first}>`, `a Ada`},
		{`<|>x`, `x`},
	} {
		tpl, err := parseTemplate(tc.in)
		if err != nil {
			t.Fatal(err)
		}
		f := facts{factFirst: "Ada"}
		if got := tpl.string(&f, newRand(1, 1)); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.in, got, tc.want)
		}
	}
	for _, bad := range []string{"{nobody}", "<open"} {
		if _, err := parseTemplate(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func BenchmarkCall(b *testing.B) {
	g := generator(b, 100_000)
	g.cfg.Words = false
	b.ReportAllocs()
	var size, n int
	for i := 0; b.Loop(); i++ {
		for _, d := range g.Call(i).Deliveries(false) {
			size += len(d.Body)
		}
		n++
	}
	b.ReportMetric(float64(size)/float64(n), "body_bytes/call")
}
