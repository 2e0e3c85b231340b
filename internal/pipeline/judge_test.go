package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// retold is another report of that call, with other words.
const retold = `{"id":"a","agent_id":"desk","direction":"inbound","startedAt":"2026-10-15T09:22:21.787Z","endedAt":"2026-10-15T09:24:30.229Z","messages":[
{"role":"user","content":"Hello there."},{"role":"bot","content":"Larkspur Dental, what can I do for you today?"},{"role":"user","content":"Wrong number, sorry."},{"role":"bot","content":"No worries."}]}`

// quotesStand fails when a score rests on words that its turn does not say.
func quotesStand(t *testing.T, c *ringside.Call) {
	t.Helper()
	for _, sc := range c.Scores {
		for _, e := range sc.Evidence {
			if e.Turn >= len(c.Turns) || !strings.Contains(c.Turns[e.Turn].Text, e.Quote) {
				t.Errorf("%s by %s: the quote %q does not stand in turn %d", sc.Criterion, sc.Method, e.Quote, e.Turn)
			}
		}
	}
}

// judge works on the job of the step by hand, in one of its six attempts.
func (b *bench) judge(ctx context.Context, id ringside.CallID, attempt int) error {
	return (&judgeCall{cfg: b.cfg}).Work(ctx, &river.Job[jobs.JudgeCall]{
		JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: 6}, Args: jobs.JudgeCall{CallRef: jobs.CallRef{WorkspaceID: workspace, CallID: id}},
	})
}

// fitting is a model that answers whatever it is asked.
func fitting(t *testing.T) *llmtest.Server {
	return llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Fitting(content) })
}

// A model's reading holds for the words that it was made from: not once a
// report has replaced them and the model is not asked again, and again when
// they come back.
func TestAReadingHoldsForItsTranscript(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*llm.Settings)
		want   ringside.StepStatus
	}{
		"no budget":  {func(s *llm.Settings) { s.MonthlyBudgetUSD = new(0.0) }, ringside.StepSkipped},
		"turned off": {func(s *llm.Settings) { s.BaseURL = "" }, ringside.StepSkipped},
		"refuses":    {nil, ringside.StepFailed},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				b := newBench(t, s)
				b.desk(ringside.AgentSettings{CallSummaryEnabled: new(true), CallScoringEnabled: new(true)}, ringside.AgentSecrets{})
				able, shy := fitting(t), llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Refused() })
				report := func(ago time.Duration, body string, model *llmtest.Server, change func(*llm.Settings)) *ringside.Call {
					b.model(model, change)
					id := b.receive(ago, body)
					b.analyse(id)
					must(t, b.judge(t.Context(), id, 1))
					c := b.call(id)
					quotesStand(t, c)
					return c
				}
				if c := report(3*time.Minute, call("a"), able, nil); c.Summary.Method != ringside.MethodLLM {
					t.Fatalf("not read: %+v", step(c, ringside.StepJudge))
				}
				c := report(2*time.Minute, retold, shy, tc.change)
				if step(c, ringside.StepJudge).Status != tc.want || c.Summary.Method != ringside.MethodLocal || c.Judge != nil || c.JudgedFrom() != "" {
					t.Errorf("after other words: %+v, summary by %s, from %q", step(c, ringside.StepJudge), c.Summary.Method, c.JudgedFrom())
				}
				c = report(time.Minute, strings.Replace(call("a"), "{", `{"metadata":{"sent":"twice"},`, 1), able, nil)
				if c.Summary.Method != ringside.MethodLLM || !strings.HasPrefix(step(c, ringside.StepJudge).Reason, "Nothing has changed") || len(able.Log()) != 1 {
					t.Errorf("after the first words: %+v, summary by %s, %d questions", step(c, ringside.StepJudge), c.Summary.Method, len(able.Log()))
				}
			})
		})
	}
}

// A key that can't be opened any more keeps a model from being asked and
// nothing else: the local analysis stands, and the step says what to do.
func TestALostKeyLeavesTheLocalAnalysis(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(ringside.AgentSettings{CallSummaryEnabled: new(true)}, ringside.AgentSecrets{})
		b.model(fitting(t), nil)
		other, err := secret.Open(t.TempDir(), "")
		must(t, err)
		b.cfg.Secrets, b.cfg.Models.Secrets = other, other
		id := b.receive(0, call("a"))
		b.analyse(id)
		for _, by := range []string{"analysis", "judge"} {
			c := b.call(id)
			if st := step(c, ringside.StepJudge); st.Status != ringside.StepSkipped || !strings.Contains(st.Reason, "enter it again") {
				t.Errorf("after the %s: %+v", by, st)
			}
			if c.Summary == nil || step(c, ringside.StepAnalysis).Status != ringside.StepDone {
				t.Errorf("after the %s: summary %+v, %+v", by, c.Summary, step(c, ringside.StepAnalysis))
			}
			must(t, b.judge(t.Context(), id, 1))
		}
		if _, _, err := b.cfg.Models.Take(t.Context(), workspace); ringside.KindOf(err) != ringside.Conflict {
			t.Errorf("an evaluation gets %v", err)
		}
	})
}

// Whatever goes wrong in the last attempt fails the step, and the steps behind
// it follow; before that it is tried again, and the end of the process is no
// attempt.
func TestTheLastAttemptSettlesTheStep(t *testing.T) {
	away := func(llmtest.Request) llmtest.Reply { return llmtest.Status(http.StatusBadGateway) }
	hangs := func(llmtest.Request) llmtest.Reply {
		return llmtest.Slow(time.Minute, llmtest.Status(http.StatusBadGateway))
	}
	for name, tc := range map[string]struct {
		attempt int
		answer  func(llmtest.Request) llmtest.Reply
		spoil   func(*bench)
		within  func(context.Context) (context.Context, context.CancelFunc)
		want    ringside.StepStatus
		reason  string
	}{
		"away":            {5, away, nil, nil, ringside.StepWaiting, "It is asked again."},
		"away at last":    {6, away, nil, nil, ringside.StepFailed, "The server answers 502"},
		"late":            {5, hangs, nil, soon, ringside.StepWaiting, "longer than 30 minutes. It is asked again."},
		"late at last":    {6, hangs, nil, soon, ringside.StepFailed, "longer than 30 minutes."},
		"ended":           {6, hangs, nil, ended, ringside.StepWaiting, ""},
		"ours":            {5, away, garble, nil, ringside.StepWaiting, ""},
		"ours at last":    {6, away, garble, nil, ringside.StepFailed, "its log says why"},
		"refuses at once": {1, func(llmtest.Request) llmtest.Reply { return llmtest.Refused() }, nil, nil, ringside.StepFailed, "The model refuses to answer."},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				b := newBench(t, s)
				followed := 0
				b.cfg.Evaluate = func(context.Context, store.Tx, *ringside.Call, *ringside.AgentSettings) error { followed++; return nil }
				b.desk(ringside.AgentSettings{CallSummaryEnabled: new(true)}, ringside.AgentSecrets{})
				b.model(llmtest.NewFunc(t, tc.answer), nil)
				id := b.receive(0, call("a"))
				b.analyse(id)
				if tc.spoil != nil {
					tc.spoil(b)
				}
				ctx := t.Context()
				if tc.within != nil {
					var cancel context.CancelFunc
					ctx, cancel = tc.within(ctx)
					defer cancel()
				}
				err := b.judge(ctx, id, tc.attempt)
				if tc.want == ringside.StepWaiting && err == nil {
					t.Error("River is not told to try again")
				}
				if st := step(b.call(id), ringside.StepJudge); st.Status != tc.want || !strings.Contains(st.Reason, tc.reason) {
					t.Errorf("%+v", st)
				}
				if want := tc.want == ringside.StepFailed; followed != 0 != want {
					t.Errorf("the steps behind it followed %d times", followed)
				}
			})
		})
	}
}

func soon(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, 300*time.Millisecond)
}

func ended(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	time.AfterFunc(300*time.Millisecond, cancel)
	return ctx, cancel
}

// garble makes what is stored of the model unreadable.
func garble(b *bench) {
	b.write(func(ctx context.Context, tx store.Tx) error {
		return store.PutIntegration(ctx, tx, workspace, &store.Integration{Kind: LLM, Settings: []byte(`{"base_url": 1}`), UpdatedAt: time.Now().Add(time.Second)})
	})
}

// What one model answered is kept when another fails, and never asked again:
// only what is missing is, until it is there or given up.
func TestWhatWasAnsweredIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(ringside.AgentSettings{CallSummaryEnabled: new(true), CallTaggingEnabled: new(true), CallTaggingCategories: []string{"insurance"}, KnowledgeGapDetectionEnabled: new(true)}, ringside.AgentSecrets{})
		down := true
		server := llmtest.NewFunc(t, func(q llmtest.Request) llmtest.Reply {
			if q.Model == "tagger" && down {
				return llmtest.Status(http.StatusBadGateway)
			}
			return llmtest.Fitting(content)
		})
		b.model(server, func(s *llm.Settings) { s.Models.Tags = "tagger" })
		id := b.receive(0, call("a"))
		b.analyse(id)
		for attempt := 1; attempt <= 6; attempt++ {
			err := b.judge(t.Context(), id, attempt)
			c, last := b.call(id), attempt == 6
			if c.Summary.Method != ringside.MethodLLM || c.TagsMethod != ringside.MethodLocal || last != (err == nil) {
				t.Fatalf("attempt %d: summary by %s, tags by %s, %v", attempt, c.Summary.Method, c.TagsMethod, err)
			}
			if st := step(c, ringside.StepJudge); (st.Status == ringside.StepFailed) != last || !strings.Contains(st.Reason, "kept; missing: tags.") {
				t.Errorf("attempt %d: %+v", attempt, st)
			}
		}
		down = false
		before := b.call(id).JudgedFrom()
		must(t, b.judge(t.Context(), id, 1))
		c := b.call(id)
		if st := step(c, ringside.StepJudge); st.Status != ringside.StepDone || st.Reason != "" || c.TagsMethod != ringside.MethodLLM || c.Summary.Method != ringside.MethodLLM || c.JudgedFrom() == before {
			t.Errorf("at last: %+v, tags by %s", st, c.TagsMethod)
		}
		quotesStand(t, c)
		asked := map[string]int{}
		for _, q := range server.Log() {
			asked[q.Model]++
		}
		if asked[llmtest.Model] != 1 || asked["tagger"] != 7 || c.Judge.Requests != 3 || b.count(`SELECT CAST(SUM(requests) AS BIGINT) FROM llm_usage`) != 8 {
			t.Errorf("asked %v, the call says %d", asked, c.Judge.Requests)
		}
	})
}

// With a budget, a model whose cost nobody knows is not asked: neither the
// workspace's nor one that an agent names.
func TestABudgetNeedsAPrice(t *testing.T) {
	for name, tc := range map[string]struct {
		agent  ringside.AgentSettings
		change func(*llm.Settings)
		want   ringside.StepStatus
		model  string
	}{
		"no price":             {ringside.AgentSettings{CallSummaryEnabled: new(true)}, func(s *llm.Settings) { s.Prices = nil }, ringside.StepFailed, llmtest.Model},
		"none for the agent's": {ringside.AgentSettings{CallScoringEnabled: new(true), ScoringModel: "other"}, func(*llm.Settings) {}, ringside.StepFailed, "other"},
		"a price of nothing": {ringside.AgentSettings{CallSummaryEnabled: new(true)}, func(s *llm.Settings) {
			s.Prices = map[string]llm.Price{llmtest.Model: {}}
		}, ringside.StepDone, ""},
		"no budget": {ringside.AgentSettings{CallSummaryEnabled: new(true)}, func(s *llm.Settings) { s.Prices, s.MonthlyBudgetUSD = nil, nil }, ringside.StepDone, ""},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				b := newBench(t, s)
				b.desk(tc.agent, ringside.AgentSecrets{})
				server := fitting(t)
				b.model(server, func(s *llm.Settings) {
					s.MonthlyBudgetUSD = new(25.0)
					tc.change(s)
				})
				id := b.receive(0, call("a"))
				b.analyse(id)
				must(t, b.judge(t.Context(), id, 1))
				c := b.call(id)
				st := step(c, ringside.StepJudge)
				if st.Status != tc.want || !strings.Contains(st.Reason, tc.model) || c.Summary == nil || len(server.Log()) > 0 != (tc.want == ringside.StepDone) {
					t.Errorf("%+v after %d questions", st, len(server.Log()))
				}
			})
		})
	}
}

// Two jobs about one call ask the model once: the second waits for the first, and
// finds that nothing has changed.
func TestTwoJobsOfACallAskOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(ringside.AgentSettings{CallSummaryEnabled: new(true)}, ringside.AgentSecrets{})
		var id ringside.CallID
		var asked atomic.Int32
		second := make(chan error, 1)
		b.model(llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply {
			if asked.Add(1) == 1 {
				second <- b.judge(t.Context(), id, 1)
			}
			return llmtest.Fitting(content)
		}), nil)
		id = b.receive(0, call("a"))
		b.analyse(id)
		must(t, b.judge(t.Context(), id, 1))
		err := <-second
		if _, snoozed := errors.AsType[*rivertype.JobSnoozeError](err); !snoozed {
			t.Errorf("the second job says %v", err)
		}
		must(t, b.judge(t.Context(), id, 1))
		if n := b.count(`SELECT CAST(SUM(requests) AS BIGINT) FROM llm_usage`); n != 1 {
			t.Errorf("the model was asked %d times", n)
		}
	})
}

// A server that says how long to leave it alone is left alone for as long.
func TestAModelSaysWhenToComeAgain(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.desk(ringside.AgentSettings{CallSummaryEnabled: new(true)}, ringside.AgentSecrets{})
	b.model(llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Busy("600") }), nil)
	id := b.receive(0, call("a"))
	b.analyse(id)
	w := &judgeCall{cfg: b.cfg}
	job := &river.Job[jobs.JudgeCall]{
		JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 6, ScheduledAt: time.Now()}, Args: jobs.JudgeCall{CallRef: jobs.CallRef{WorkspaceID: workspace, CallID: id}},
	}
	if err := w.Work(t.Context(), job); err == nil {
		t.Fatal("it is not tried again")
	}
	if wait := time.Until(w.NextRetry(job)); wait < 9*time.Minute || wait > 10*time.Minute {
		t.Errorf("it waits %s, want 10 minutes", wait)
	}
}

// One empty category does not keep the model from all that it is asked, and what
// does is said.
func TestWhyNoModelIsAsked(t *testing.T) {
	criteria := make([]string, 51)
	for i := range criteria {
		criteria[i] = fmt.Sprintf("criterion %d", i)
	}
	for name, tc := range map[string]struct {
		agent  ringside.AgentSettings
		want   ringside.StepStatus
		reason string
	}{
		"an empty category": {ringside.AgentSettings{CallSummaryEnabled: new(true), CallTaggingEnabled: new(true), CallTaggingCategories: []string{"insurance", " "}}, ringside.StepDone, ""},
		"too many criteria": {ringside.AgentSettings{CallSummaryEnabled: new(true), CallScoringEnabled: new(true), ScoringCriteria: criteria}, ringside.StepSkipped, "criteria: holds more than 50"},
		"nothing asked":     {ringside.AgentSettings{}, ringside.StepSkipped, "Nothing in the agent's settings"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, storetest.SQLite(t))
			b.desk(tc.agent, ringside.AgentSecrets{})
			b.model(fitting(t), nil)
			id := b.receive(0, call("a"))
			b.analyse(id)
			must(t, b.judge(t.Context(), id, 1))
			if st := step(b.call(id), ringside.StepJudge); st.Status != tc.want || !strings.Contains(st.Reason, tc.reason) {
				t.Errorf("%+v", st)
			}
		})
	}
}
