package evaluate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// snoozed wants a job to come again, and gives after how long.
func snoozed(t *testing.T, err error) time.Duration {
	t.Helper()
	s, ok := errors.AsType[*rivertype.JobSnoozeError](err)
	if !ok {
		t.Fatalf("the job ends with %v, and does not come again", err)
	}
	return s.Duration
}

// What a server calls its model is its own affair, and no reason to fail.
func TestAModelWithAnOddName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		answer, err := json.Marshal(kind)
		must(t, err)
		b.asks(llmtest.New(t, llmtest.Body(200, fmt.Sprintf(`{"model":"qwen\u0000%s","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}]}`, strings.Repeat("3", 500), answer))))
		e := b.done(b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a")).ID)
		if len(e.Model) != maxModelName || !strings.HasPrefix(e.Model, "qwen33") {
			t.Errorf("the model is called %q", e.Model)
		}
	})
}

// A finished evaluation stays as it is, however often its job runs.
func TestAJobThatRunsTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.asks(llmtest.New(t, llmtest.Good(kind))) // one reply: it is asked once
		e := b.done(b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a")).ID)
		must(t, b.work(e.ID, 2))
		again := b.evaluation(e.ID)
		if *again.Score != *e.Score || !again.FinishedAt.Equal(*e.FinishedAt) || again.Attempts != 1 {
			t.Errorf("%+v, and then %+v", e.Evaluation, again.Evaluation)
		}
		late := *e
		late.Status, late.Reason = ringside.EvaluationFailed, "late"
		b.write(func(ctx context.Context, tx store.Tx) error {
			return store.UpdateEvaluation(ctx, tx, workspace, &late.Evaluation)
		})
		if b.evaluation(e.ID).Status != ringside.EvaluationDone {
			t.Error("what is done was made to fail")
		}
	})
}

// A process that died while it judged has the job run again from the start.
func TestAJobThatWasCutOff(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	b.asks(llmtest.New(t, llmtest.Good(kind)))
	e := b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a"))
	b.write(func(ctx context.Context, tx store.Tx) error {
		_, err := store.BeginEvaluation(ctx, tx, workspace, e.ID)
		return err
	})
	if got := b.evaluation(e.ID); got.Status != ringside.EvaluationRunning {
		t.Errorf("begun, it is %s", got.Status)
	}
	if got := b.done(e.ID); got.Attempts != 2 {
		t.Errorf("%d attempts", got.Attempts)
	}
}

// A job that is told to end leaves the evaluation for the next process.
func TestAJobThatIsStopped(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	b.asks(llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply {
		cancel()
		return llmtest.Slow(time.Minute, llmtest.Good(kind))
	}))
	e := b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a"))
	job := &river.Job[jobs.Evaluate]{
		JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 8}, Args: jobs.Evaluate{WorkspaceID: workspace, EvaluationID: e.ID},
	}
	if err := (&evaluation{x: b.x}).Work(ctx, job); err == nil || b.evaluation(e.ID).Status != ringside.EvaluationRunning {
		t.Errorf("stopped with %v, it is %s", err, b.evaluation(e.ID).Status)
	}
}

// expiring is a context whose time is over once done is closed.
type expiring struct {
	context.Context

	done chan struct{}
}

func (e expiring) Done() <-chan struct{} { return e.done }

func (e expiring) Err() error {
	select {
	case <-e.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// A job that runs into its time limit has failed: it would again.
func TestAModelThatNeverAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	ctx := expiring{t.Context(), make(chan struct{})}
	b.asks(llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply {
		close(ctx.done)
		return llmtest.Slow(time.Minute, llmtest.Good(kind))
	}))
	e := b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a"))
	must(t, (&evaluation{x: b.x}).Work(ctx, &river.Job[jobs.Evaluate]{
		JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 8}, Args: jobs.Evaluate{WorkspaceID: workspace, EvaluationID: e.ID},
	}))
	if got := b.evaluation(e.ID); got.Status != ringside.EvaluationFailed || got.Reason != "The language model took longer than 15m0s." {
		t.Errorf("%+v", got.Evaluation)
	}
}

func TestAModelThatIsBusyIsAskedAgainWithGrowingPauses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.asks(llmtest.New(t, llmtest.Busy("40"), llmtest.Status(503), llmtest.Good(kind)))
		e := b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a"))
		if pause := snoozed(t, b.work(e.ID, 1)); pause != 40*time.Second {
			t.Errorf("the server asked for 40 s, and gets %s", pause)
		}
		got := b.evaluation(e.ID)
		if got.Status != ringside.EvaluationQueued || got.Attempts != 1 || !strings.HasSuffix(got.Reason, "It is tried again in 40s.") || got.FinishedAt != nil {
			t.Errorf("%+v", got.Evaluation)
		}
		if pause := snoozed(t, b.work(e.ID, 1)); pause != 30*time.Second {
			t.Errorf("the second pause is %s", pause)
		}
		if got := b.done(e.ID); got.Reason != "" || got.Attempts != 3 || len(b.used) != 3 {
			t.Errorf("%+v, counted %d", got.Evaluation, len(b.used))
		}
	})
}

func TestAModelThatStaysAwayIsGivenUpOn(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	server := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Status(502) })
	b.asks(server)
	e := b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a"))
	total := time.Duration(0)
	for range maxAttempts - 1 {
		total += snoozed(t, b.work(e.ID, 1))
	}
	must(t, b.work(e.ID, 1))
	got := b.evaluation(e.ID)
	if got.Status != ringside.EvaluationFailed || got.Reason == "" || got.FinishedAt == nil || got.Verdict != "" || got.Score != nil {
		t.Errorf("%+v", got.Evaluation)
	}
	if total < 30*time.Minute || total > time.Hour || len(server.Log()) != maxAttempts {
		t.Errorf("given up on after %s and %d questions", total, len(server.Log()))
	}
}

// A place that is taken is no failure: it is not counted.
func TestEveryPlaceAtTheModelIsTaken(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	b.model = func(context.Context, string) (*Model, error) {
		return nil, ringside.Errorf(ringside.RateLimited, "every place at the model is taken")
	}
	e := b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a"))
	for range 3 * maxAttempts {
		if pause := snoozed(t, b.work(e.ID, 1)); pause != 2*time.Second {
			t.Fatalf("it comes again in %s", pause)
		}
	}
	if got := b.evaluation(e.ID); got.Status != ringside.EvaluationQueued || got.Attempts != 0 {
		t.Errorf("%+v", got.Evaluation)
	}
	b.model = func(context.Context, string) (*Model, error) {
		return nil, ringside.Errorf(ringside.Conflict, "This month's budget is spent.")
	}
	must(t, b.work(e.ID, 1))
	if got := b.evaluation(e.ID); got.Status != ringside.EvaluationFailed || got.Reason != "This month's budget is spent." {
		t.Errorf("%+v", got.Evaluation)
	}
}

// What is our fault is tried as often as River does, and then told.
func TestAFaultOfOurs(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	b.model = func(context.Context, string) (*Model, error) {
		return nil, errors.New("the key can't be unsealed: secret")
	}
	e := b.one(b.evaluator(b.card(greeting, empathy), nil), b.talk("a"))
	if err := b.work(e.ID, 7); err == nil {
		t.Error("River is not told")
	}
	must(t, b.work(e.ID, 8))
	if got := b.evaluation(e.ID); got.Status != ringside.EvaluationFailed || strings.Contains(got.Reason, "secret") {
		t.Errorf("%+v", got.Evaluation)
	}
}

// A failed evaluation is tried anew; one that is done stays beside the next.
func TestAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.asks(llmtest.New(t, llmtest.Refused(), llmtest.Good(kind), llmtest.Good(kind)))
		card := b.card(greeting, empathy)
		first := b.one(b.evaluator(card, nil), b.talk("a"))
		again := func(id string) (e *ringside.Evaluation, err error) {
			err = s.Write(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				e, err = b.x.Again(ctx, tx, workspace, id)
				return err
			})
			return e, err
		}
		if _, err := again(first.ID); ringside.KindOf(err) != ringside.Conflict {
			t.Errorf("one that waits is asked for again: %v", err)
		}
		must(t, b.work(first.ID, 1))
		if got := b.evaluation(first.ID); got.Status != ringside.EvaluationFailed || got.Usage == nil || got.Usage.Requests != 1 {
			t.Errorf("refused: %+v, usage %+v", got.Evaluation, got.Usage)
		}
		card.Name, card.UpdatedAt = "Desk, stricter", time.Now().UTC()
		b.write(func(ctx context.Context, tx store.Tx) error {
			return store.UpdateScorecard(ctx, tx, workspace, card, "ada")
		})
		anew, err := again(first.ID)
		must(t, err)
		if anew.ID != first.ID || anew.Status != ringside.EvaluationQueued || anew.Attempts != 0 || anew.Reason != "" || anew.ScorecardVersion != 2 || anew.ScorecardName != "Desk, stricter" {
			t.Errorf("anew: %+v", anew)
		}
		done := b.done(first.ID)
		next, err := again(first.ID)
		must(t, err)
		if next.ID == first.ID || next.CallID != first.CallID || next.Trigger != ringside.TriggerManual {
			t.Errorf("next: %+v", next)
		}
		if got := b.done(next.ID); *got.Score != *done.Score || *b.evaluation(first.ID).Score != *done.Score {
			t.Errorf("%v and %v", *got.Score, *done.Score)
		}
		if n := b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'evaluate'`); n != 3 {
			t.Errorf("%d jobs, want 3", n)
		}
	})
}

// What goes meanwhile takes the evaluation with it, or fails it.
func TestWhatWasDeletedMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		by := b.evaluator(b.card(disclosure), nil)
		call, gone := b.talk("a"), b.talk("b")
		kept, orphan := b.one(by, call), b.one(by, gone)
		b.write(func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, gone) })
		if n := b.count(`SELECT COUNT(*) FROM evaluations`); n != 1 {
			t.Errorf("%d evaluations are left of one call", n)
		}
		must(t, b.work(orphan.ID, 1))
		b.write(func(ctx context.Context, tx store.Tx) error {
			_, err := store.InsertEvaluation(ctx, tx, workspace, orphan)
			return err
		})
		if n := b.count(`SELECT COUNT(*) FROM evaluations`); n != 1 {
			t.Error("an evaluation of a call that is not there was kept")
		}
		b.write(func(ctx context.Context, tx store.Tx) error { return store.DeleteEvaluator(ctx, tx, workspace, by.ID) })
		must(t, b.work(kept.ID, 1))
		if got := b.evaluation(kept.ID); got.Status != ringside.EvaluationFailed || !strings.Contains(got.Reason, "there is no evaluator") || got.EvaluatorName != "Weekly" {
			t.Errorf("%+v", got.Evaluation)
		}
	})
}

// A dry run gives what an evaluation would, and leaves nothing behind.
func TestDryRun(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	id := b.talk("a")
	draft := &ringside.Scorecard{Name: "Draft", PassMark: 60, Categories: []ringside.ScorecardCategory{{Name: "All", Weight: 100, Criteria: []ringside.ScorecardCriterion{greeting, empathy}}}}
	draft.Complete()
	b.asks(llmtest.New(t, llmtest.Good(kind), llmtest.Busy("3"), llmtest.Refused()))
	f, err := b.x.DryRun(t.Context(), workspace, id, draft)
	must(t, err)
	if *f.Result.Score != 50 || f.Usage.Requests != 1 || len(b.used) != 1 {
		t.Errorf("%+v", f)
	}
	for _, want := range []ringside.Kind{ringside.Unavailable, ringside.Conflict} {
		if _, err := b.x.DryRun(t.Context(), workspace, id, draft); ringside.KindOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if n := b.count(`SELECT COUNT(*) FROM evaluations`) + b.count(`SELECT COUNT(*) FROM scorecards`); n != 0 {
		t.Errorf("%d rows were left behind", n)
	}
	if _, err := b.x.DryRun(t.Context(), "ws_other", id, draft); ringside.KindOf(err) != ringside.NotFound {
		t.Errorf("another workspace's call: %v", err)
	}
}

// The queue works on an evaluation once it is asked for.
func TestTheQueueEvaluates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		workers := river.NewWorkers()
		b.x.AddWorkers(workers)
		q, err := jobs.New(t.Context(), s, jobs.Config{Workers: workers, Log: quiet})
		must(t, err)
		by := b.evaluator(b.card(disclosure), nil)
		for i := range 3 {
			b.talk(fmt.Sprint(i))
		}
		_, err = b.x.Many(t.Context(), Calls{by.ID, store.CallFilter{Workspace: workspace}, 10}, noMore)
		must(t, err)
		must(t, q.Start(context.WithoutCancel(t.Context())))
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			must(t, q.Stop(ctx))
		})
		for deadline := time.Now().Add(30 * time.Second); b.count(`SELECT COUNT(*) FROM evaluations WHERE status = 'done' AND verdict = 'pass'`) != 3; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the calls were not evaluated")
			}
		}
	})
}

func noMore(context.Context, store.Tx, *Run) error { return nil }
