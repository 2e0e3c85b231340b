package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/store"
)

const workspace = "ws_test"

var quiet = slog.New(slog.DiscardHandler)

// bench is a store with calls in it, and the jobs by hand.
type bench struct {
	t      *testing.T
	store  *store.Store
	ledger *ledger.Ledger
	x      *Examiner

	model func(context.Context, string) (*Model, error) // nil: no workspace has one

	mu   sync.Mutex
	used []ringside.Usage // what Done was told
}

func newBench(t *testing.T, s *store.Store) *bench {
	t.Helper()
	b := &bench{t: t, store: s}
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet})
	must(t, err)
	b.ledger = ledger.New(ledger.Config{Store: s, Jobs: q, Log: quiet})
	b.ledger.Start()
	t.Cleanup(b.ledger.Stop)
	b.x = New(Config{Store: s, Queue: func() *jobs.Queue { return q }, Log: quiet, Model: func(ctx context.Context, workspace string) (*Model, error) {
		if b.model == nil {
			return nil, nil
		}
		return b.model(ctx, workspace)
	}})
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// asks has the workspace use a model's server.
func (b *bench) asks(s *llmtest.Server) {
	b.model = func(context.Context, string) (*Model, error) {
		j := &judge.Judge{Chat: s.Client().Chat, Models: (&llm.Settings{DefaultModel: llmtest.Model}).Features()}
		return &Model{Judge: j, Done: func(_ context.Context, u ringside.Usage) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.used = append(b.used, u)
			return nil
		}}, nil
	}
}

// call takes a call in: who speaks, a colon, and what they say.
func (b *bench) call(id string, lines ...string) ringside.CallID {
	b.t.Helper()
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	f := ringside.Facts{AnsweredAt: at, EndedAt: at.Add(40 * time.Second), Phase: ringside.PhaseEnded, Agent: &ringside.AgentFact{SourceID: "desk", Name: "Desk"}}
	for i, l := range lines {
		who, what, _ := strings.Cut(l, ": ")
		f.Turns = append(f.Turns, ringside.Turn{Index: i, Role: ringside.Role(who), Text: what, StartMS: new(int64(i) * 4000)})
	}
	return b.take(id, f)
}

func (b *bench) take(id string, f ringside.Facts) ringside.CallID {
	b.t.Helper()
	at := time.Now().UTC()
	e := ringside.Event{Provider: "acme", ProviderCallID: id, Name: "report", Authority: ringside.Report, ReceivedAt: at, Facts: f}
	body, err := json.Marshal(e)
	must(b.t, err)
	r, err := b.ledger.Append(b.t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: "acme", Event: e.Name, ReceivedAt: at, Body: body, Events: []ringside.Event{e},
	})
	must(b.t, err)
	return r.CallID
}

// talk is a short call in which most goes well.
func (b *bench) talk(id string) ringside.CallID {
	return b.call(id, "agent: Hello, this is Harbour Dental. This call is recorded.", "user: I'd like to move my cleaning to Tuesday.",
		"agent: Done, you are booked for Tuesday at ten.", "user: Great, thanks. Bye.")
}

// analysed hands in what our own analysis makes of a call.
func (b *bench) analysed(id string, scores ...ringside.Score) {
	b.t.Helper()
	at := time.Now().UTC()
	e := ringside.Event{
		Provider: "acme", ProviderCallID: id, Name: "analysed", Authority: ringside.Guess, ReceivedAt: at,
		Facts: ringside.Facts{Ours: true, Local: &ringside.Local{Scores: scores}},
	}
	_, err := b.ledger.Append(b.t.Context(), ledger.Envelope{Workspace: workspace, Provider: "acme", ReceivedAt: at, Events: []ringside.Event{e}})
	must(b.t, err)
}

func (b *bench) write(fn func(context.Context, store.Tx) error) {
	b.t.Helper()
	must(b.t, b.store.Write(b.t.Context(), fn))
}

func (b *bench) count(query string, args ...any) (n int) {
	b.t.Helper()
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) }))
	return n
}

// card keeps a scorecard of criteria that weigh the same.
func (b *bench) card(criteria ...ringside.ScorecardCriterion) *ringside.Scorecard {
	b.t.Helper()
	now := time.Now().UTC()
	s := &ringside.Scorecard{
		ID: ringside.NewID("scorecard", now), Name: "Desk", PassMark: 60, CreatedAt: now, UpdatedAt: now,
		Categories: []ringside.ScorecardCategory{{Name: "All", Weight: 100, Criteria: criteria}},
	}
	s.Complete()
	must(b.t, s.Validate())
	b.write(func(ctx context.Context, tx store.Tx) error {
		return store.InsertScorecard(ctx, tx, workspace, s, "ada")
	})
	return s
}

// evaluator keeps an evaluator: by a scorecard, or by criteria when it is nil.
func (b *bench) evaluator(card *ringside.Scorecard, edit func(*ringside.Evaluator)) *ringside.Evaluator {
	b.t.Helper()
	now := time.Now().UTC()
	e := &ringside.Evaluator{ID: ringside.NewID("evaluator", now), Name: "Weekly", SamplingRate: 1, Enabled: true, CreatedAt: now, UpdatedAt: now}
	if card != nil {
		e.ScorecardID = card.ID
	}
	if edit != nil {
		edit(e)
	}
	must(b.t, e.Validate())
	b.write(func(ctx context.Context, tx store.Tx) error { return store.InsertEvaluator(ctx, tx, workspace, e) })
	return e
}

// one asks for an evaluation.
func (b *bench) one(by *ringside.Evaluator, call ringside.CallID) (e *ringside.Evaluation) {
	b.t.Helper()
	b.write(func(ctx context.Context, tx store.Tx) (err error) {
		e, err = b.x.One(ctx, tx, Request{workspace, by.ID, call, ringside.TriggerManual})
		return err
	})
	return e
}

// work does the job of an evaluation, as River does for the nth time.
func (b *bench) work(id string, attempt int) error {
	return (&evaluation{x: b.x}).Work(b.t.Context(), &river.Job[jobs.Evaluate]{
		JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: 8}, Args: jobs.Evaluate{WorkspaceID: workspace, EvaluationID: id},
	})
}

func (b *bench) evaluation(id string) (e *store.EvaluationRow) {
	b.t.Helper()
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		e, err = store.Evaluation(ctx, tx, workspace, id)
		return err
	}))
	return e
}

// done works on an evaluation and wants it done.
func (b *bench) done(id string) *store.EvaluationRow {
	b.t.Helper()
	must(b.t, b.work(id, 1))
	e := b.evaluation(id)
	if e.Status != ringside.EvaluationDone || e.FinishedAt == nil || e.Result == nil {
		b.t.Fatalf("the evaluation is %s: %s", e.Status, e.Reason)
	}
	return e
}

// wants compares scores with lines of key, verdict, value and method.
func (b *bench) wants(scores []ringside.Score, want ...string) {
	b.t.Helper()
	got := make([]string, len(scores))
	for i, s := range scores {
		value := "-"
		if s.Value != nil {
			value = fmt.Sprint(*s.Value)
		}
		got[i] = fmt.Sprintf("%s %s %s %s", s.Criterion, s.Verdict, value, s.Method)
		if s.Evidence == nil {
			b.t.Errorf("%s has no list of evidence", s.Criterion)
		}
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("scores\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The criteria that most tests go by: one that a rule settles, one that our
// own analysis scores, one that takes a model.
var (
	disclosure = ringside.ScorecardCriterion{Name: "Recording disclosure", Rule: &ringside.CriterionRule{Kind: ringside.RuleSays, Phrases: []string{"this call is recorded"}}}
	greeting   = ringside.ScorecardCriterion{Name: "Greeting quality", Type: ringside.CriterionScore5}
	empathy    = ringside.ScorecardCriterion{Name: "Empathy", Type: ringside.CriterionScore5}
)

// agent changes the calls' agent, and gives its id.
func (b *bench) agent(edit func(*store.AgentRow)) (id string) {
	b.t.Helper()
	b.write(func(ctx context.Context, tx store.Tx) error {
		rows, err := store.Agents(ctx, tx, workspace)
		if err != nil {
			return err
		}
		edit(rows[0])
		id = rows[0].ID
		return store.UpdateAgent(ctx, tx, workspace, rows[0])
	})
	return id
}
