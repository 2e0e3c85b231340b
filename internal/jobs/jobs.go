// Package jobs holds the queue: River, on whichever engine the store runs.
// Everybody who leaves work for later enqueues it here, in the transaction
// that makes it necessary, so that a job exists exactly when its cause does.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// CallRef names a call.
type CallRef struct {
	WorkspaceID string          `json:"workspace_id"`
	CallID      ringside.CallID `json:"call_id"`
}

// AnalyseCalls asks for everything that is worked out about calls once they
// have ended. One job is for all that ended in one transaction: a job costs
// more than the analysis of a short call.
type AnalyseCalls struct {
	Calls []CallRef `json:"calls"`
}

// Kind implements river.JobArgs.
func (AnalyseCalls) Kind() string { return "analyse_calls" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (AnalyseCalls) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 8} }

// maxAnalysed bounds the calls of one job.
const maxAnalysed = 64

// Analyse gives the jobs that analyse some calls.
func Analyse(calls []CallRef) []river.JobArgs {
	var out []river.JobArgs
	for part := range slices.Chunk(calls, maxAnalysed) {
		out = append(out, AnalyseCalls{part})
	}
	return out
}

// StartCalls asks for those to be told who want to know that calls are on: all
// that began to be so in one transaction.
type StartCalls struct {
	Calls []CallRef `json:"calls"`
}

// Kind implements river.JobArgs.
func (StartCalls) Kind() string { return "start_calls" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (StartCalls) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 8} }

// Start gives the job that tells that some calls are on; none without calls.
func Start(calls []CallRef) []river.JobArgs {
	if len(calls) == 0 {
		return nil
	}
	return []river.JobArgs{StartCalls{calls}}
}

// JudgeCall asks for a language model's reading of a call.
type JudgeCall struct {
	CallRef
	Again bool `json:"again,omitempty"` // though nothing has changed since the last
}

// Kind implements river.JobArgs.
func (JudgeCall) Kind() string { return "judge_call" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (JudgeCall) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 6, Queue: QueueJudge}
}

// FetchRecording asks for a call's recording to be fetched from where its
// vendor keeps it, unless Ringside keeps it already, and to be heard.
type FetchRecording struct {
	CallRef
	From string `json:"from,omitempty"` // how the one that is kept came, where that is new
	Past bool   `json:"-"`              // its call was imported: those of calls that have just ended come first
	// Brief says that its link dies soon: a try is as short as other jobs', so that
	// one which ended with its process is taken up again while there is time.
	Brief bool `json:"brief,omitempty"`
}

// Kind implements river.JobArgs.
func (FetchRecording) Kind() string { return "fetch_recording" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (a FetchRecording) InsertOpts() river.InsertOpts {
	o := river.InsertOpts{MaxAttempts: 8, Queue: QueueRecordings}
	if a.Past {
		o.Priority = river.PriorityDefault + 1
	}
	return o
}

// open are the states of a job that is yet to be done.
var open = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
}

// TranscribeCall asks for a call's kept recording to be written down. Of two that
// ask the same there is one: it is paid for.
type TranscribeCall struct {
	CallRef
	Again bool `json:"again,omitempty"` // somebody asks for it, though it was done or is not done by itself
}

// Kind implements river.JobArgs.
func (TranscribeCall) Kind() string { return "transcribe_call" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (TranscribeCall) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 6, Queue: QueueTranscribe, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: open}}
}

// SyncCRM asks for a call to be written into its agent's CRM.
type SyncCRM struct {
	CallRef
}

// Kind implements river.JobArgs.
func (SyncCRM) Kind() string { return "sync_crm" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (SyncCRM) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 8, Queue: QueueCRM}
}

// Evaluate asks for an evaluation that is queued.
type Evaluate struct {
	WorkspaceID  string `json:"workspace_id"`
	EvaluationID string `json:"evaluation_id"`
}

// Kind implements river.JobArgs.
func (Evaluate) Kind() string { return "evaluate" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (Evaluate) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: QueueEvaluate, MaxAttempts: 8}
}

// EvaluateCalls asks for evaluations of the calls that a filter means, from a
// page of their list on.
type EvaluateCalls struct {
	RunID       string           `json:"run_id"`
	EvaluatorID string           `json:"evaluator_id"`
	Filter      store.CallFilter `json:"filter"`
	Cursor      string           `json:"cursor"`
	Left        int              `json:"left"` // how many calls at most
}

// Kind implements river.JobArgs.
func (EvaluateCalls) Kind() string { return "evaluate_calls" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (EvaluateCalls) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 8} }

// TellAlert asks for those to be told of an alert whom its rule names, that it
// was triggered or is over.
type TellAlert struct {
	WorkspaceID string `json:"workspace_id"`
	AlertID     string `json:"alert_id"`
	Event       string `json:"event"` // triggered, acknowledged, resolved
}

// Kind implements river.JobArgs.
func (TellAlert) Kind() string { return "tell_alert" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (TellAlert) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 8} }

// SendAlertMessage asks for a message about alerts to be sent to one channel.
type SendAlertMessage struct {
	WorkspaceID string `json:"workspace_id"`
	MessageID   string `json:"message_id"`
}

// Kind implements river.JobArgs.
func (SendAlertMessage) Kind() string { return "send_alert_message" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (SendAlertMessage) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 8, Queue: QueueAlerts}
}

// AskRule asks a language model whether what an alert rule describes is so in a
// call that goes on.
type AskRule struct {
	CallRef
	RuleID string `json:"rule_id"`
}

// Kind implements river.JobArgs.
func (AskRule) Kind() string { return "ask_rule" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (AskRule) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 3, Queue: QueueEvaluate}
}

// WatchRates asks for the alert rules that are about many calls to be looked at.
type WatchRates struct{}

// Kind implements river.JobArgs.
func (WatchRates) Kind() string { return "watch_rates" }

// CarryOut asks for a proposal to be done when its countdown is over, or to be
// looked after when whoever had it done may have been stopped at that.
type CarryOut struct {
	WorkspaceID string    `json:"workspace_id"`
	ProposalID  string    `json:"proposal_id"`
	At          time.Time `json:"-"` // not before
}

// Kind implements river.JobArgs.
func (CarryOut) Kind() string { return "carry_out" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (a CarryOut) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 8, Queue: QueueInterventions, ScheduledAt: a.At}
}

// SendWebhook asks for the next attempt of an outgoing delivery. Of those about
// one call to one target, only the first that is open has a job.
type SendWebhook struct {
	DeliveryID string `json:"delivery_id"`
}

// Kind implements river.JobArgs.
func (SendWebhook) Kind() string { return "send_webhook" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (SendWebhook) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: QueueWebhooks} }

// The queues beside the default one: their jobs wait for others' servers, and
// are to keep nothing else waiting.
const (
	QueueWebhooks      = "webhooks"
	QueueRecordings    = "recordings"
	QueueTranscribe    = "transcribe"
	QueueJudge         = "judge"
	QueueCRM           = "crm"
	QueueEvaluate      = "evaluate"
	QueueAlerts        = "alerts"
	QueueInterventions = "interventions"
	QueueConnect       = "connect"
	QueueScenarios     = "scenarios"
)

// WebhookWorkers is how many outgoing requests there can be at once.
const WebhookWorkers = 32

// maxFetching is how many recordings are fetched at a time by one process.
const maxFetching = 8

// maxTranscribing is how many calls are transcribed at a time by one process.
const maxTranscribing = 8

// maxPlaying is how many runs of scenarios a process plays at once.
const maxPlaying = 64

// maxEvaluating is how many evaluations are under way at a time in one process.
const maxEvaluating = 4

// Reap asks for the calls whose end never came.
type Reap struct{}

// Kind implements river.JobArgs.
func (Reap) Kind() string { return "reap" }

// Sweep asks for what retention no longer keeps to be removed.
type Sweep struct{}

// Kind implements river.JobArgs.
func (Sweep) Kind() string { return "sweep" }

// Erase asks for an erasure to be carried out.
type Erase struct {
	WorkspaceID string `json:"workspace_id"`
	ErasureID   string `json:"erasure_id"`
}

// Kind implements river.JobArgs.
func (Erase) Kind() string { return "erase" }

// Retain asks for what agents' retention does not keep any longer to be removed.
type Retain struct{}

// Kind implements river.JobArgs.
func (Retain) Kind() string { return "retain" }

// Config says what the queue works on.
type Config struct {
	Workers *river.Workers // nil: jobs wait for another process
	Hold    bool           // enqueue only: jobs wait for the next start without it
	Log     *slog.Logger
}

// Queue is the job queue. Enqueue may be called before Start.
type Queue struct {
	lite *river.Client[*sql.Tx]
	db   *sql.DB // of lite
	pg   *river.Client[pgx.Tx]
	hold bool
}

// jobTimeout bounds every job.
const jobTimeout = 5 * time.Minute

// New brings the queue's own tables up to date and makes its client.
func New(ctx context.Context, s *store.Store, c Config) (*Queue, error) {
	cfg := &river.Config{
		Logger: c.Log, JobTimeout: jobTimeout, SoftStopTimeout: 10 * time.Second,
		// What a killed process was at runs again this soon, not after the hour
		// that is the default.
		RescueStuckJobsAfter: jobTimeout + time.Minute,
	}
	if c.Workers != nil && !c.Hold {
		cfg.Workers = c.Workers
		cfg.Queues = map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: 16}, QueueWebhooks: {MaxWorkers: WebhookWorkers}, QueueRecordings: {MaxWorkers: maxFetching},
			QueueJudge: {MaxWorkers: 16}, QueueCRM: {MaxWorkers: 8}, QueueEvaluate: {MaxWorkers: maxEvaluating},
			QueueAlerts: {MaxWorkers: 8}, QueueInterventions: {MaxWorkers: 16}, QueueTranscribe: {MaxWorkers: maxTranscribing},
			QueueConnect: {MaxWorkers: maxConnecting}, QueueScenarios: {MaxWorkers: maxPlaying},
		}
		cfg.PeriodicJobs = []*river.PeriodicJob{
			periodic(time.Minute, Reap{}), periodic(10*time.Minute, Sweep{}), periodic(time.Minute, WatchRates{}),
			periodic(time.Minute, LookAtScenarios{}), periodic(time.Hour, Retain{}), periodic(reconcileEvery, Reconcile{}),
		}
	}
	q := &Queue{hold: cfg.Workers == nil}
	var err error
	if s.Engine == store.Postgres {
		driver := riverpgxv5.New(s.Pool())
		if err = migrate(rivermigrate.New(driver, &rivermigrate.Config{Logger: c.Log}))(ctx); err == nil {
			q.pg, err = river.NewClient(driver, cfg)
		}
	} else {
		q.db = s.DB()
		driver := riversqlite.New(q.db)
		if err = migrate(rivermigrate.New(driver, &rivermigrate.Config{Logger: c.Log}))(ctx); err == nil {
			q.lite, err = river.NewClient(driver, cfg)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("set up the job queue: %w", err)
	}
	return q, nil
}

func periodic(every time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(every),
		func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: every}}
		},
		&river.PeriodicJobOpts{RunOnStart: true})
}

// migrate takes rivermigrate.New's results: its type is another for each engine.
func migrate[T any](m *rivermigrate.Migrator[T], err error) func(context.Context) error {
	return func(ctx context.Context) error {
		if err != nil {
			return err
		}
		_, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	}
}

// Enqueue adds jobs in a transaction, all in one statement.
func (q *Queue) Enqueue(ctx context.Context, tx store.Tx, args []river.JobArgs) error {
	if len(args) == 0 {
		return nil
	}
	var plain, unique []river.InsertManyParams
	for _, a := range args {
		if o, is := a.(river.JobArgsWithInsertOpts); is && o.InsertOpts().UniqueOpts.ByArgs {
			unique = append(unique, river.InsertManyParams{Args: a})
		} else {
			plain = append(plain, river.InsertManyParams{Args: a})
		}
	}
	if err := q.insert(ctx, tx, plain, unique); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", len(args), err)
	}
	return nil
}

// insert adds jobs. Those of which there may be one at a time go the slow way on
// PostgreSQL: the fast one copies rows, and a copy fails on the first that is
// there already.
func (q *Queue) insert(ctx context.Context, tx store.Tx, plain, unique []river.InsertManyParams) (err error) {
	if q.pg == nil {
		_, err = q.lite.InsertManyFastTx(ctx, store.SQLTx(tx), append(plain, unique...))
		return err
	}
	if len(plain) > 0 {
		if _, err = q.pg.InsertManyFastTx(ctx, store.PgxTx(tx), plain); err != nil {
			return err
		}
	}
	for _, u := range unique { // nor does a list of them take one twice
		if _, err = q.pg.InsertTx(ctx, store.PgxTx(tx), u.Args, nil); err != nil {
			return err
		}
	}
	return nil
}

// Start begins to work, unless the queue is held. On SQLite no other process
// works on the same jobs, so those that seem to be worked on are a killed
// one's: they are taken up at once. On PostgreSQL they are when they have run
// for longer than a job may.
func (q *Queue) Start(ctx context.Context) error {
	switch {
	case q.hold:
		return nil
	case q.pg != nil:
		return q.pg.Start(ctx)
	}
	if _, err := q.db.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`); err != nil {
		return fmt.Errorf("take up the jobs of a killed process: %w", err)
	}
	return q.lite.Start(ctx)
}

// cutOff is how long jobs that were cancelled have to end.
const cutOff = 5 * time.Second

// Stop lets running jobs finish for as long as ctx allows, then cancels them and
// waits for their end, some seconds at most: what they work with goes next. Its
// error says that they were cut off.
func (q *Queue) Stop(ctx context.Context) error {
	if q.hold {
		return nil
	}
	var stop, cancelAll func(context.Context) error
	if q.pg != nil {
		stop, cancelAll = q.pg.Stop, q.pg.StopAndCancel
	} else {
		stop, cancelAll = q.lite.Stop, q.lite.StopAndCancel
	}
	err := stop(ctx)
	if err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cutOff)
	defer cancel()
	return errors.Join(err, cancelAll(ctx))
}
