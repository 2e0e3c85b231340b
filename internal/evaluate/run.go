package evaluate

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// chunk is how many evaluations one transaction makes: few enough that the
// ledger waits for less than 50 ms.
const chunk = 100

// Run is what a request for the calls of a filter comes to.
type Run struct {
	ID                  string `json:"run_id" doc:"Lists of evaluations take it as run; empty for one call"`
	Matched             int    `json:"matched" doc:"Calls that the filter means"`
	MatchedIsLowerBound bool   `json:"matched_is_lower_bound" doc:"There are at least as many as matched"`
	Queued              int    `json:"queued" doc:"How many of them, the newest, are evaluated"`
}

// Calls asks for evaluations of the newest calls that a filter means.
type Calls struct {
	EvaluatorID string
	Filter      store.CallFilter
	Limit       int // how many at most
}

// Many asks for evaluations of calls. The first are queued when it returns,
// the rest by a job, which goes on from there: newer calls are not meant. also
// runs in the transaction that settles all this.
func (x *Examiner) Many(ctx context.Context, c Calls, also func(context.Context, store.Tx, *Run) error) (*Run, error) {
	out := &Run{ID: ringside.NewID("run", time.Now())}
	args := jobs.EvaluateCalls{RunID: out.ID, EvaluatorID: c.EvaluatorID, Filter: c.Filter, Left: c.Limit}
	var page *store.CallPage
	err := x.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if _, err := store.Evaluator(ctx, tx, c.Filter.Workspace, c.EvaluatorID); err != nil {
			return err
		}
		page, err = x.page(ctx, tx, &args)
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Matched, out.MatchedIsLowerBound = page.Total, page.TotalIsLowerBound
	out.Queued = min(c.Limit, out.Matched)
	err = x.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := x.take(ctx, tx, &args, page); err != nil {
			return err
		}
		if args.Left > 0 {
			if err := x.cfg.Queue().Enqueue(ctx, tx, []river.JobArgs{args}); err != nil {
				return err
			}
		}
		return also(ctx, tx, out)
	})
	return out, err
}

// page lists the next calls of a run.
func (x *Examiner) page(ctx context.Context, tx store.Tx, a *jobs.EvaluateCalls) (*store.CallPage, error) {
	return x.cfg.Store.ListCalls(ctx, tx, store.CallQuery{CallFilter: a.Filter, Sort: store.SortNewest, Limit: min(chunk, a.Left), Cursor: a.Cursor})
}

// take asks for evaluations of the calls of a page, and moves the run on
// behind them.
func (x *Examiner) take(ctx context.Context, tx store.Tx, a *jobs.EvaluateCalls, page *store.CallPage) error {
	by, err := store.Evaluator(ctx, tx, a.Filter.Workspace, a.EvaluatorID)
	if err != nil {
		return err
	}
	draft, err := evaluationBy(ctx, tx, a.Filter.Workspace, by)
	if err != nil {
		return err
	}
	all := make([]*ringside.Evaluation, len(page.Items))
	for i, it := range page.Items {
		e := *draft
		e.ID, e.CallID = ringside.EvaluationID(a.RunID, it.ID.String()), it.ID
		e.Trigger, e.RunID = ringside.TriggerFilter, a.RunID
		all[i] = &e
	}
	if err := x.enqueue(ctx, tx, a.Filter.Workspace, all); err != nil {
		return err
	}
	a.Left, a.Cursor = a.Left-len(all), page.NextCursor
	if a.Cursor == "" {
		a.Left = 0
	}
	return nil
}

// run works on the rest of a run, a transaction for each page. Cut off in
// between, it begins again, and what was asked for already stays one.
type run struct {
	river.WorkerDefaults[jobs.EvaluateCalls]

	x *Examiner
}

// Work implements river.Worker.
func (w *run) Work(ctx context.Context, job *river.Job[jobs.EvaluateCalls]) error {
	a := job.Args
	for a.Left > 0 {
		var page *store.CallPage
		err := w.x.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			page, err = w.x.page(ctx, tx, &a)
			return err
		})
		if err != nil {
			return err
		}
		err = w.x.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return w.x.take(ctx, tx, &a, page) })
		if ringside.KindOf(err) == ringside.NotFound {
			return nil // the evaluator was deleted
		}
		if err != nil {
			return err
		}
	}
	return nil
}
