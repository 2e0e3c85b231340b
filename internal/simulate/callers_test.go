package simulate

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/stream"
)

// listener is a server that decodes what it is told, and keeps it by call.
type listener struct {
	refuse int // status to answer with instead; 0: none

	mu       sync.Mutex
	events   map[string][]ringside.Event // guarded by mu
	partials map[string]int              // guarded by mu
	bodies   []string                    // guarded by mu
	err      error                       // guarded by mu: the first body that can't be decoded
}

// RoundTrip answers without a network, so that a bubble's time can pass.
func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	l.serve(w, r)
	return w.Result(), r.Context().Err()
}

func (l *listener) serve(w http.ResponseWriter, r *http.Request) {
	if l.refuse != 0 {
		w.WriteHeader(l.refuse)
		return
	}
	name := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/live-calls/"), "/events")
	body, _ := io.ReadAll(r.Body)
	events, partials, err := stream.Split(provider.Payload{Body: body, ReceivedAt: time.Now().UTC(), CallID: name})
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.events == nil {
		l.events, l.partials = map[string][]ringside.Event{}, map[string]int{}
	}
	if err != nil && l.err == nil {
		l.err = fmt.Errorf("%w in %s", err, body)
	}
	for _, e := range events {
		e.ID = fmt.Sprintf("%s/%d", name, len(l.events[name]))
		l.events[name] = append(l.events[name], e)
	}
	l.partials[name] += len(partials)
	l.bodies = append(l.bodies, name+" "+string(body))
	w.WriteHeader(http.StatusAccepted)
}

// hold holds calls in a bubble of time, and gives what the server was told.
func hold(t *testing.T, c CallsConfig, l *listener) *CallsResult {
	t.Helper()
	c.Client, c.Run = &http.Client{Transport: l}, "test"
	r, err := Calls(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if l.err != nil {
		t.Fatal(l.err)
	}
	return r
}

func TestSimulatedCallsAreToldWhole(t *testing.T) {
	for _, v := range Variants() {
		t.Run(string(v), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var l listener
				r := hold(t, CallsConfig{Concurrent: 8, Variant: v, For: 5 * time.Minute, Speed: 2, Seed: 7}, &l)
				if r.Calls < 15 || r.Errors > 0 || len(l.events) != r.Calls {
					t.Fatalf("%+v of %d calls", r, len(l.events))
				}
				for name, events := range l.events {
					c := providertest.Fold(events)
					if !c.Ended() || c.EndedReason == stopped {
						continue
					}
					if !c.IsSimulation || c.Scenario == "" || len(c.Turns) < 2 || len(c.Warnings) > 0 || l.partials[name] == 0 {
						t.Errorf("%s: %+v", name, c)
					}
					if last := c.Turns[len(c.Turns)-1].EndMS; c.DurationMS == nil || *c.DurationMS < *last {
						t.Errorf("%s lasts %v ms and somebody speaks until %d", name, c.DurationMS, *last)
					}
					if complaint := unlike(c, v); complaint != "" {
						t.Errorf("%s: %s", name, complaint)
					}
				}
			})
		})
	}
}

// unlike says how a call is not as its variant says; nothing when it is.
func unlike(c *ringside.Call, v Variant) string {
	said := func(text string) (n int) {
		for i := range c.Turns {
			if strings.Contains(c.Turns[i].Text, text) {
				n++
			}
		}
		return n
	}
	switch {
	case (v == Normal) != (c.Outcome.Success != nil && *c.Outcome.Success):
		return fmt.Sprintf("success %v", c.Outcome.Success)
	case v == Frustrated && said("real person") == 0:
		return "nobody is frustrated"
	case v == Stuck && said("four times") == 0:
		return "the agent is not stuck"
	case v == FailingTool && !slices.ContainsFunc(c.ToolCalls, func(t ringside.ToolCall) bool { return t.Error != "" }):
		return "no tool fails"
	case v == Silent && c.Outcome.FailureClass != ringside.FailureSilence:
		return "ends by " + c.EndedReason
	case v == NonCompliant && said("4111") == 0:
		return "nothing is wrong with it"
	}
	return ""
}

func TestTheSameSeedTellsTheSame(t *testing.T) {
	told := func(seed uint64) (bodies []string) {
		synctest.Test(t, func(t *testing.T) {
			var l listener
			hold(t, CallsConfig{Concurrent: 5, Bad: 0.5, For: 5 * time.Minute, Speed: 3, Seed: seed}, &l)
			bodies = l.bodies
		})
		slices.Sort(bodies)
		return bodies
	}
	first := told(1)
	if len(first) < 100 || !slices.Equal(first, told(1)) {
		t.Errorf("another run of the seed tells something else")
	}
	if slices.Equal(first, told(2)) {
		t.Error("another seed tells the same")
	}
}

func TestAnInterruptEndsTheCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l listener
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		ended := 0
		r, err := Calls(ctx, CallsConfig{
			Concurrent: 3, Variant: Silent, Run: "test", Client: &http.Client{Transport: &l}, Ended: func(string) { l.mu.Lock(); ended++; l.mu.Unlock() },
		})
		if err != nil || r.Errors > 0 || ended != 3 {
			t.Fatalf("%v, %+v, %d ended", err, r, ended)
		}
		for name, events := range l.events {
			if c := providertest.Fold(events); c.EndedReason != stopped {
				t.Errorf("%s is %s by %q", name, c.Status, c.EndedReason)
			}
		}
	})
}

func TestCallsThatWereLeftOnAreEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l listener
		hold(t, CallsConfig{Left: []string{"sim-old-1", "sim-old-2"}}, &l)
		for _, name := range []string{"sim-old-1", "sim-old-2"} {
			if c := providertest.Fold(l.events[name]); !c.Ended() {
				t.Errorf("%s is %s", name, c.Status)
			}
		}
	})
}

func TestARefusalEndsTheSimulation(t *testing.T) {
	for _, status := range []int{http.StatusForbidden, http.StatusInternalServerError} {
		synctest.Test(t, func(t *testing.T) {
			r, err := Calls(t.Context(), CallsConfig{
				Concurrent: 4, For: 10 * time.Minute, Client: &http.Client{Transport: &listener{refuse: status}},
			})
			if status == http.StatusForbidden && err == nil || status != http.StatusForbidden && (err != nil || r.Errors == 0) {
				t.Errorf("%d: %+v, %v", status, r, err)
			}
		})
	}
}

func TestScenariosByNameAndFromAFile(t *testing.T) {
	t.Parallel()
	g := generator(t, 10)
	for name, want := range map[string]int{"": 30, "harbour": 4, "harbour/no-slot": 1, "no-slot": 1} {
		if all, err := g.scenarios(name); err != nil || len(all) < want || want == 1 && len(all) != 1 {
			t.Errorf("%q: %d scenarios, %v", name, len(all), err)
		}
	}
	if _, err := g.scenarios("nobody"); err == nil || !strings.Contains(err.Error(), "harbour") {
		t.Errorf("got %v, want the names that there are", err)
	}
	all, err := parseScenarios([]byte("# short 1 success\r\nA Hello, {first}.\r\nU Bye.\r\n"))
	if err != nil || len(all) != 1 || all[0].name != "short" {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, v := range Variants() { // none needs more of a conversation than there is
		if c := g.progress(1, until, all, v); len(c.beats(300)) < 3 {
			t.Errorf("%s: %d beats", v, len(c.beats(300)))
		}
	}
	for _, text := range []string{"", "A Hello", "# x 1 success\nQ what", "# x 1 success\n", "# x y success\nA Hello"} {
		if all, err := parseScenarios([]byte(text)); err == nil {
			t.Errorf("%q gives %d scenarios", text, len(all))
		}
	}
}
