package scenario

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // wherever it runs

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const workspace = "ws_test"

const script = "# refund 1 success\nA Thank you for calling. How can I help?\nU I want my money back.\nT refund {\"order\":\"7\"} -> {\"ok\":true}\nA Your refund is on its way.\nU Thank you. Goodbye.\n"

var quiet = slog.New(slog.DiscardHandler)

// ring is a store with what takes live events and analyses calls, and a runner.
type ring struct {
	t      *testing.T
	store  *store.Store
	ledger *ledger.Ledger
	queue  *jobs.Queue
	runner *Runner
	told   chan string // gets the name of a call that is told of; nil: nobody asks
}

// newRing makes one whose jobs are worked off; with held, they are kept.
func newRing(t *testing.T, s *store.Store, held bool, speed float64) *ring {
	t.Helper()
	r := &ring{t: t, store: s}
	box, err := secret.Open(t.TempDir(), "")
	must(t, err)
	gate := egress.New(egress.Config{})
	t.Cleanup(gate.Close)
	queue := func() *jobs.Queue { return r.queue }
	public := func() string { return "https://ringside.example" }
	cfg := pipeline.Config{
		Store: s, Ledger: func() *ledger.Ledger { return r.ledger }, Queue: queue, Secrets: box, Log: quiet, PublicURL: public,
		Models:       &pipeline.Models{Store: s, Secrets: box, HTTP: func(time.Duration) *http.Client { return nil }},
		Transcribers: &pipeline.Transcribers{Store: s, Secrets: box},
		CRMs:         &pipeline.CRMs{Store: s, Secrets: box},
		Webhooks:     deliver.New(deliver.Config{Store: s, Jobs: queue, Secrets: box, Egress: gate, PublicURL: public, Log: quiet}),
		Evaluate:     func(context.Context, store.Tx, *ringside.Call, *ringside.AgentSettings) error { return nil },
	}
	r.runner = New(Config{Store: s, Queue: queue, Tell: r.tell, Log: quiet, Speed: speed, Hear: 20 * time.Millisecond})
	t.Cleanup(r.runner.Stop)
	workers := pipeline.Workers(cfg)
	river.AddWorker(workers, &player{runner: r.runner})
	river.AddWorker(workers, &assessor{runner: r.runner})
	r.queue, err = jobs.New(t.Context(), s, jobs.Config{Workers: workers, Hold: held, Log: quiet})
	must(t, err)
	r.ledger = ledger.New(ledger.Config{Store: s, Jobs: r.queue, Log: quiet})
	r.ledger.Start()
	t.Cleanup(r.ledger.Stop)
	must(t, r.queue.Start(context.WithoutCancel(t.Context())))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		must(t, r.queue.Stop(ctx))
	})
	return r
}

// tell takes live events as the door does.
func (r *ring) tell(ctx context.Context, ws, name string, body []byte) error {
	at := time.Now().UTC()
	events, _, err := stream.Split(provider.Payload{Body: body, ReceivedAt: at, CallID: name, CallProvider: "custom"})
	if err != nil || len(events) == 0 {
		return err
	}
	_, err = r.ledger.Append(ctx, ledger.Envelope{Workspace: ws, Provider: "custom", Event: events[0].Name, ReceivedAt: at, Body: body, Events: events})
	if r.told != nil {
		select {
		case r.told <- name:
		default:
		}
	}
	return err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *ring) write(fn func(context.Context, store.Tx) error) {
	r.t.Helper()
	must(r.t, r.store.Write(r.t.Context(), fn))
}

// keep makes a scenario that is due at a moment; nil: never.
func (r *ring) keep(name string, due *time.Time, s ringside.Scenario) *store.ScenarioRow {
	r.t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	s.ID, s.Name, s.Script, s.Behaviour, s.Active = ringside.NewID("scenario", now), name, script, "normal", true
	s.CreatedAt, s.UpdatedAt = now, now
	s.Calls = max(s.Calls, 1)
	row := &store.ScenarioRow{Scenario: s, Workspace: workspace, NextAt: due}
	r.write(func(ctx context.Context, tx store.Tx) error { return store.PutScenario(ctx, tx, workspace, row) })
	return row
}

func (r *ring) begin(s *store.ScenarioRow) (run *ringside.ScenarioRun, err error) {
	err = r.store.Write(r.t.Context(), func(ctx context.Context, tx store.Tx) error {
		run, err = r.runner.Begin(ctx, tx, workspace, &s.Scenario, Start{By: "Ada", At: time.Now()})
		return err
	})
	return run, err
}

func (r *ring) runs(s *store.ScenarioRow) (out []*ringside.ScenarioRun) {
	r.t.Helper()
	must(r.t, r.store.Read(r.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		out, err = store.ScenarioRuns(ctx, tx, workspace, s.ID, 100)
		return err
	}))
	return out
}

// until waits for a scenario's newest run to be in a state.
func (r *ring) until(s *store.ScenarioRow, state ringside.ScenarioState) *ringside.ScenarioRun {
	r.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		all := r.runs(s)
		if len(all) > 0 && all[0].State == state {
			return all[0]
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("it is never %s: %+v", state, all)
		}
	}
}

func (r *ring) call(id *ringside.CallID) (c *ringside.Call) {
	r.t.Helper()
	if id == nil {
		r.t.Fatal("a call has no id")
	}
	must(r.t, r.store.Read(r.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, workspace, *id)
		return err
	}))
	return c
}

func TestARunIsPlayedAndJudged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s, false, 60)
		now := time.Now().UTC()
		agent := &ringside.Agent{ID: ringside.NewID("agent", now), Name: "Front desk", CreatedAt: now, UpdatedAt: now}
		r.write(func(ctx context.Context, tx store.Tx) error { return store.InsertAgent(ctx, tx, workspace, agent, nil) })
		good := r.keep("Refund", nil, ringside.Scenario{Calls: 2, AgentID: agent.ID, Expect: ringside.ScenarioExpect{
			MustSay: []string{"refund is on its way"}, Tools: []string{"refund"}, EndedBy: ringside.EndedByCustomer,
		}})
		bad := r.keep("No refund", nil, ringside.Scenario{Expect: ringside.ScenarioExpect{MustNotSay: []string{"refund is on its way"}}})
		open := r.keep("Who knows", nil, ringside.Scenario{Expect: ringside.ScenarioExpect{Success: new(true)}})
		for _, x := range []*store.ScenarioRow{good, bad, open} {
			_, err := r.begin(x)
			must(t, err)
		}
		run := r.until(good, ringside.RunDone)
		if run.Result != ringside.ScenarioPassed || run.By != "Ada" || run.Scheduled || len(run.Calls) != 2 || run.StartedAt == nil || run.EndedAt == nil {
			t.Errorf("the good one: %+v", run)
		}
		for _, c := range run.Calls {
			call := r.call(c.CallID)
			if !call.IsSimulation || call.Scenario != "Refund" || call.Agent == nil || call.Agent.ID != agent.ID || call.Metadata["scenario_run"] != run.ID {
				t.Errorf("the call does not say what it is: simulation %v, scenario %q, agent %+v, metadata %v", call.IsSimulation, call.Scenario, call.Agent, call.Metadata)
			}
			if c.Result != ringside.ScenarioPassed || len(c.Checks) != 3 {
				t.Errorf("the call's checks: %+v", c.Checks)
			}
		}
		if run := r.until(bad, ringside.RunDone); run.Result != ringside.ScenarioFailed || run.Calls[0].Checks[0].Expected != "must_not_say/0" {
			t.Errorf("the bad one: %+v", run)
		}
		if run := r.until(open, ringside.RunDone); run.Result != ringside.ScenarioUnknown {
			t.Errorf("the one that only a model can tell: %+v", run)
		}
	})
}

// A process that stops in order ends the calls of its runs and says so.
func TestAStopCutsARunOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s, false, 1)
		r.told = make(chan string, 1)
		x := r.keep("Refund", nil, ringside.Scenario{})
		_, err := r.begin(x)
		must(t, err)
		<-r.told
		r.runner.Stop()
		run := r.until(x, ringside.RunCutOff)
		if c := r.call(run.Calls[0].CallID); !c.Status.Ended() || run.Reason == "" || run.Result != ringside.ScenarioUnknown {
			t.Errorf("cut off: %+v, its call is %s", run, c.Status)
		}
	})
}

// A run whose process was killed is cut off by who looks next, and its calls are
// ended; one that is still said to go on is left alone.
func TestAKilledProcessLeavesNoRunOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s, true, 1)
		x := r.keep("Refund", nil, ringside.Scenario{Calls: 2})
		run, err := r.begin(x)
		must(t, err)
		p, err := r.runner.load(t.Context(), jobs.PlayScenario{WorkspaceID: workspace, ScenarioID: x.ID, RunID: run.ID})
		must(t, err)
		if mine, err := p.claim(t.Context()); !mine || err != nil {
			t.Fatalf("the run is somebody else's, %v", err)
		}
		p.run.State = ringside.RunQueued
		if again, err := p.claim(t.Context()); again || err != nil {
			t.Errorf("the run is taken twice, %v", err)
		}
		must(t, r.tell(t.Context(), workspace, run.Calls[0].Name, []byte(`{"id":"start","type":"started"}`)))
		must(t, r.runner.Look(t.Context(), time.Now()))
		if all := r.runs(x); all[0].State != ringside.RunRunning {
			t.Errorf("a run that goes on is %s", all[0].State)
		}
		must(t, r.runner.Look(t.Context(), time.Now().Add(time.Minute)))
		got := r.runs(x)[0]
		if got.State != ringside.RunCutOff || got.Reason == "" || got.Calls[1].CallID != nil {
			t.Errorf("after its process was killed: %+v", got)
		}
		if c := r.call(got.Calls[0].CallID); !c.Status.Ended() {
			t.Errorf("its call is left %s", c.Status)
		}
	})
}

// Of two processes, one begins what is due, and the next time follows the clock
// on the wall over a leap.
func TestWhatIsDueBeginsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s, true, 1)
		due := time.Date(2026, 3, 28, 6, 30, 0, 0, time.UTC) // 07:30, the day before the clock leaps
		x := r.keep("Refund", &due, ringside.Scenario{Schedule: ringside.ScenarioSchedule{Kind: ringside.ScheduleDaily, At: "07:30", Timezone: "Europe/Berlin"}})
		must(t, r.runner.Look(t.Context(), due.Add(-time.Second)))
		if all := r.runs(x); len(all) != 0 {
			t.Errorf("it is begun before it is due: %+v", all)
		}
		other := New(r.runner.cfg)
		t.Cleanup(other.Stop)
		var both sync.WaitGroup
		for _, p := range []*Runner{r.runner, other} {
			both.Go(func() {
				if err := p.Look(context.WithoutCancel(t.Context()), due.Add(20*time.Second)); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		all := r.runs(x)
		if len(all) != 1 || all[0].State != ringside.RunQueued || !all[0].Scheduled {
			t.Fatalf("two processes began %d runs: %+v", len(all), all)
		}
		if next := r.next(x); !next.Equal(time.Date(2026, 3, 29, 5, 30, 0, 0, time.UTC)) {
			t.Errorf("it is due next at %s", next)
		}
		// The next day it is still being played; the day after that nobody was there.
		must(t, r.runner.Look(t.Context(), due.Add(23*time.Hour+time.Minute)))
		must(t, r.runner.Look(t.Context(), due.Add(100*time.Hour)))
		all = r.runs(x)
		if len(all) != 3 || all[0].State != ringside.RunSkipped || all[1].State != ringside.RunSkipped || all[0].Reason == all[1].Reason || all[0].Reason == "" {
			t.Errorf("what was not begun: %+v", all)
		}
		if next := r.next(x); !next.Equal(time.Date(2026, 4, 2, 5, 30, 0, 0, time.UTC)) {
			t.Errorf("after a pause it is due at %s", next)
		}
	})
}

func (r *ring) next(s *store.ScenarioRow) (at time.Time) {
	r.t.Helper()
	must(r.t, r.store.Read(r.t.Context(), func(ctx context.Context, tx store.Tx) error {
		row, err := store.Scenario(ctx, tx, workspace, s.ID)
		if err == nil && row.NextAt != nil {
			at = *row.NextAt
		}
		return err
	}))
	return at
}

func TestAWorkspaceHoldsSoManyCallsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRing(t, s, true, 1)
		many := r.keep("Many", nil, ringside.Scenario{Calls: ringside.MaxSimulated})
		more := r.keep("One more", nil, ringside.Scenario{})
		_, err := r.begin(many)
		must(t, err)
		for _, x := range []*store.ScenarioRow{many, more} {
			if _, err := r.begin(x); ringside.KindOf(err) != ringside.Conflict {
				t.Errorf("%s is begun too: %v", x.Name, err)
			}
		}
	})
}
