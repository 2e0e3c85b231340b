package evaluate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// calls takes many calls in, a minute apart, every third of them failed.
func (b *bench) calls(n int) {
	b.t.Helper()
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	for i := range n {
		f := ringside.Facts{
			AnsweredAt: at.Add(time.Duration(i) * time.Minute), EndedAt: at.Add(time.Duration(i)*time.Minute + 30*time.Second), Phase: ringside.PhaseEnded,
			Turns: []ringside.Turn{{Role: ringside.RoleAgent, Text: "This call is recorded."}}, Campaign: "winter",
		}
		if i%3 == 0 {
			f.Campaign = "summer"
		}
		b.take(fmt.Sprintf("c%03d", i), f)
	}
}

// rest works on what a run left for later, and gives the job.
func (b *bench) rest() *river.Job[jobs.EvaluateCalls] {
	b.t.Helper()
	var raw string
	args := "args"
	if b.store.Engine == store.SQLite {
		args = "json(args)" // River keeps them in SQLite's binary form
	}
	err := b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.QueryRow(ctx, `SELECT CAST(`+args+` AS TEXT) FROM river_job WHERE kind = 'evaluate_calls'`).Scan(&raw)
	})
	must(b.t, err)
	job := &river.Job[jobs.EvaluateCalls]{JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 8}}
	must(b.t, json.Unmarshal([]byte(raw), &job.Args))
	must(b.t, (&run{x: b.x}).Work(b.t.Context(), job))
	return job
}

// A run takes the newest calls of a filter, as many as it was told, each once.
func TestMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.calls(330)
		by := b.evaluator(b.card(disclosure), nil)
		told := 0
		r, err := b.x.Many(t.Context(), Calls{by.ID, store.CallFilter{Workspace: workspace, Campaigns: []string{"winter"}}, 210}, func(_ context.Context, _ store.Tx, r *Run) error {
			told = r.Queued
			return nil
		})
		must(t, err)
		if r.Matched != 220 || r.Queued != 210 || told != 210 || r.MatchedIsLowerBound {
			t.Errorf("%+v", r)
		}
		if n := b.count(`SELECT COUNT(*) FROM evaluations`); n != chunk {
			t.Errorf("%d are queued at once, want %d", n, chunk)
		}
		b.take("newer", ringside.Facts{AnsweredAt: time.Now(), Phase: ringside.PhaseEnded, Campaign: "winter"}) // is not meant
		job := b.rest()
		if n := b.count(`SELECT COUNT(*) FROM evaluations WHERE run_id = $1 AND cause = 'filter' AND status = 'queued'`, r.ID); n != 210 {
			t.Errorf("%d are queued in the end, want 210", n)
		}
		if n := b.count(`SELECT COUNT(*) FROM evaluations e JOIN calls c ON c.id = e.call_id WHERE c.campaign = 'winter' AND c.provider_call_id BETWEEN 'c015' AND 'c330'`); n != 210 {
			t.Errorf("%d of them are of the newest calls", n)
		}
		// Cut off and begun again, it makes nothing twice.
		must(t, (&run{x: b.x}).Work(t.Context(), job))
		if n := b.count(`SELECT COUNT(*) FROM evaluations`); n != 210 {
			t.Errorf("%d evaluations after the job ran twice", n)
		}
		if n := b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'evaluate'`); n != 210 {
			t.Errorf("%d jobs for 210 evaluations", n)
		}
	})
}

func TestASmallRunNeedsNoJob(t *testing.T) {
	t.Parallel()
	b := newBench(t, storetest.SQLite(t))
	b.calls(5)
	by := b.evaluator(b.card(disclosure), nil)
	r, err := b.x.Many(t.Context(), Calls{by.ID, store.CallFilter{Workspace: workspace}, 100}, noMore)
	must(t, err)
	if r.Matched != 5 || r.Queued != 5 || b.count(`SELECT COUNT(*) FROM evaluations`) != 5 || b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'evaluate_calls'`) != 0 {
		t.Errorf("%+v", r)
	}
	// What can't be noted is not asked for.
	if _, err := b.x.Many(t.Context(), Calls{by.ID, store.CallFilter{Workspace: workspace}, 2}, func(context.Context, store.Tx, *Run) error {
		return errors.New("no")
	}); err == nil || b.count(`SELECT COUNT(*) FROM evaluations`) != 5 {
		t.Errorf("a refused run: %v", err)
	}
	if _, err := b.x.Many(t.Context(), Calls{"evaluator_x", store.CallFilter{Workspace: workspace}, 2}, noMore); ringside.KindOf(err) != ringside.NotFound {
		t.Errorf("an evaluator that is not there: %v", err)
	}
}

// plan does what the pipeline does once a call was analysed.
func (b *bench) plan(id ringside.CallID) []string {
	b.t.Helper()
	b.write(func(ctx context.Context, tx store.Tx) error {
		c, s, err := file(ctx, tx, workspace, id)
		if err != nil {
			return err
		}
		return b.x.Plan(ctx, tx, c, s)
	})
	var names []string
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) error {
		page, err := store.Evaluations(ctx, tx, store.EvaluationFilter{Workspace: workspace, Call: id, Triggers: []string{"automatic"}}, "", 100)
		for _, e := range page.Items {
			names = append(names, fmt.Sprintf("%s v%d", e.EvaluatorName, e.ScorecardVersion))
		}
		slices.Sort(names)
		return err
	}))
	return names
}

// Evaluators evaluate by themselves the calls that they are for, each once.
func TestPlan(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		id := b.talk("a")
		var agent string
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			agent, _, err = store.AgentBySource(ctx, tx, workspace, "desk")
			return err
		}))
		card := b.card(disclosure)
		named := func(name string, edit func(*ringside.Evaluator)) {
			b.evaluator(card, func(e *ringside.Evaluator) {
				e.Name, e.AgentIDs = name, []string{agent}
				edit(e)
			})
		}
		named("ours", func(*ringside.Evaluator) {})
		named("off", func(e *ringside.Evaluator) { e.Enabled = false })
		named("never", func(e *ringside.Evaluator) { e.SamplingRate = 0 })
		named("others", func(e *ringside.Evaluator) { e.AgentIDs = []string{"agent_x"} })
		named("asked", func(e *ringside.Evaluator) { e.AgentIDs = nil })
		named("free", func(e *ringside.Evaluator) {
			e.AgentIDs, e.ScorecardID, e.Criteria = []string{ringside.AllAgents}, "", []string{"Tone"}
		})
		named("lost", func(e *ringside.Evaluator) { e.ScorecardID = "scorecard_x" }) // keeps nobody else waiting
		want := []string{"free v0", "ours v1"}
		for range 2 {
			if got := b.plan(id); !slices.Equal(got, want) {
				t.Errorf("planned %q, want %q", got, want)
			}
		}
		if n := b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'evaluate'`); n != 2 {
			t.Errorf("%d jobs, want 2", n)
		}
		card.UpdatedAt = time.Now().UTC()
		b.write(func(ctx context.Context, tx store.Tx) error {
			return store.UpdateScorecard(ctx, tx, workspace, card, "ada")
		})
		if got, want := b.plan(id), []string{"free v0", "ours v1", "ours v2"}; !slices.Equal(got, want) {
			t.Errorf("planned %q by another version, want %q", got, want)
		}
		if got := b.plan(b.call("mute")); len(got) != 0 {
			t.Errorf("planned %q for a call without a transcript", got)
		}
		if got := b.plan(b.take("live", ringside.Facts{Phase: ringside.PhaseActive, Turns: []ringside.Turn{{Role: ringside.RoleAgent, Text: "Hello"}}})); len(got) != 0 {
			t.Errorf("planned %q for a call that goes on", got)
		}
	})
}

// A call can end before its last report: what was judged by half of the
// transcript is judged again by the whole, and a report that brings no other
// words changes nothing.
func TestPlanAfterALaterReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		card := b.card(disclosure)
		b.evaluator(card, func(e *ringside.Evaluator) { e.AgentIDs = []string{ringside.AllAgents} })
		verdicts := func(id ringside.CallID) (out []string) {
			b.plan(id)
			must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
				page, err := store.Evaluations(ctx, tx, store.EvaluationFilter{Workspace: workspace, Call: id}, "", 100)
				for _, e := range page.Items {
					out = append(out, e.ID)
				}
				return err
			}))
			for i, e := range out {
				out[i] = string(b.done(e).Verdict)
			}
			slices.Sort(out)
			return out
		}
		id := b.call("a", "agent: Hello.")
		if got := verdicts(id); !slices.Equal(got, []string{"fail"}) {
			t.Errorf("by half of the transcript: %q", got)
		}
		for range 2 {
			b.call("a", "agent: Hello.", "agent: This call is recorded.", "user: Fine.")
			if got := verdicts(id); !slices.Equal(got, []string{"fail", "pass"}) {
				t.Errorf("by the whole transcript: %q", got)
			}
		}
	})
}

// The scorecard in an agent's settings judges each of its calls, once, unless an
// evaluator does so by the same; and it can be asked to do so again.
func TestPlanByTheAgentsScorecard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		card := b.card(disclosure)
		id := b.talk("a")
		agent := b.agent(func(a *store.AgentRow) { a.Settings.ScorecardID = card.ID })
		for range 2 {
			if got := b.plan(id); !slices.Equal(got, []string{"The agent's scorecard v1"}) {
				t.Errorf("planned %q", got)
			}
		}
		var page *store.EvaluationPage
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			page, err = store.Evaluations(ctx, tx, store.EvaluationFilter{Workspace: workspace, Call: id}, "", 100)
			return err
		}))
		if e := b.done(page.Items[0].ID); e.Verdict != ringside.VerdictPass || e.EvaluatorID != "" || e.ScorecardID != card.ID {
			t.Errorf("judged %+v", e.Evaluation)
		}
		again := func() (e *ringside.Evaluation, err error) {
			err = s.Write(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				e, err = b.x.Again(ctx, tx, workspace, page.Items[0].ID)
				return err
			})
			return e, err
		}
		if e, err := again(); err != nil || e.Trigger != ringside.TriggerManual || b.done(e.ID).Verdict != ringside.VerdictPass {
			t.Errorf("again: %+v, %v", e, err)
		}
		b.evaluator(card, func(e *ringside.Evaluator) { e.Name, e.AgentIDs = "same", []string{agent} })
		if got := b.plan(b.talk("b")); !slices.Equal(got, []string{"same v1"}) {
			t.Errorf("planned %q beside an evaluator by the same scorecard", got)
		}
		b.agent(func(a *store.AgentRow) { a.Settings.ScorecardID = "" })
		if _, err := again(); ringside.KindOf(err) != ringside.NotFound {
			t.Errorf("again without a scorecard: %v", err)
		}
	})
}
